# Prints FILE:LINE:TEXT of C sources without their comments.
FNR == 1 {
	inside = 0
}
{
	text = $0
	code = ""
	while (text != "") {
		mark = index(text, inside ? "*/" : "/*")
		if (!inside)
			code = code (mark ? substr(text, 1, mark - 1) : text)
		if (!mark)
			break
		text = substr(text, mark + 2)
		inside = !inside
	}
	print FILENAME ":" FNR ":" code
}
