# Finds circles of files in what code.awk prints of all sources, and prints each with its arrows.
# There is an arrow from a file to the headers that it includes, and to the files that define the
# functions and tables it uses: so declaring those in one shared header does not hide a circle.

function point(from, to, why) {
	if (from == to || (from, to) in arrows)
		return
	arrows[from, to] = why
	targets[from] = targets[from] " " to
}

# What a line at the margin of a .c file defines for others: a function, or a table; "" for none.
function defined_by(code) {
	if (code !~ /^[a-z]/ || code ~ /^(static|extern|typedef|struct [a-z0-9_]+ \{|enum |union )/ || code ~ /:$/)
		return ""
	if (code ~ /^[a-z][A-Za-z0-9_ *]*\(/ && code !~ /;[ \t]*$/)
		sub(/\(.*/, "", code)
	else if (code ~ /=/)
		sub(/[ \t]*(\[.*)?=.*/, "", code)
	else
		return ""
	sub(/\[.*/, "", code)
	sub(/.*[ *]/, "", code)
	return code
}

# All headers that a file sees, in seen[].
function see(file, n, i, list) {
	n = split(includes[file], list, " ")
	for (i = 1; i <= n; i++) {
		if (list[i] in seen)
			continue
		seen[list[i]] = 1
		see(list[i])
	}
}

function reach(from, home, n, i, list) {
	n = split(targets[from], list, " ")
	for (i = 1; i <= n; i++) {
		if ((home, list[i]) in reached)
			continue
		reached[home, list[i]] = 1
		reach(list[i], home)
	}
}

{
	match($0, /^[^:]*:[0-9]*:/)
	file = substr($0, 1, RLENGTH)
	sub(/:.*/, "", file)
	code = substr($0, RLENGTH + 1)
	if (!(file in lines))
		files[++n_files] = file
	text[file, ++lines[file]] = code
}

END {
	for (i = 1; i <= n_files; i++) {
		file = files[i]
		for (j = 1; j <= lines[file]; j++) {
			code = text[file, j]
			if (code ~ /^[ \t]*#[ \t]*include[ \t]*"/) {
				gsub(/^[^"]*"|"[^"]*$/, "", code)
				if (code in lines) {
					includes[file] = includes[file] " " code
					point(file, code, "includes " code)
				}
			} else if (file ~ /\.c$/) {
				name = defined_by(code)
				if (name == "" || name == "main")
					continue
				definer[name] = file
				defines[file, name] = 1
			}
		}
	}
	# A name counts where a header that the file sees has it.
	for (i = 1; i <= n_files; i++) {
		file = files[i]
		for (j = 1; file ~ /\.h$/ && j <= lines[file]; j++) {
			n = split(text[file, j], words, /[^A-Za-z0-9_]+/)
			for (k = 1; k <= n; k++)
				if (words[k] in definer)
					declares[file, words[k]] = 1
		}
	}
	for (i = 1; i <= n_files; i++) {
		file = files[i]
		if (file !~ /\.c$/)
			continue
		split("", seen)
		see(file)
		for (j = 1; j <= lines[file]; j++) {
			code = text[file, j]
			gsub(/"([^"\\]|\\.)*"/, "", code)
			# Members are not meant.
			gsub(/(\.|->)[ \t]*[a-z_][A-Za-z0-9_]*/, ".", code)
			n = split(code, words, /[^A-Za-z0-9_]+/)
			for (k = 1; k <= n; k++) {
				if (!(words[k] in definer) || (file, words[k]) in defines)
					continue
				for (header in seen)
					if ((header, words[k]) in declares)
						point(file, definer[words[k]],
						      "uses " words[k])
			}
		}
	}
	for (i = 1; i <= n_files; i++)
		reach(files[i], files[i])
	for (i = 1; i <= n_files; i++) {
		file = files[i]
		if (!((file, file) in reached) || file in told)
			continue
		# Whoever can be reached and comes back.
		n = 0
		for (j = i; j <= n_files; j++)
			if ((file, files[j]) in reached && (files[j], file) in reached)
				list[++n] = files[j]
		circle = "circle:"
		for (j = 1; j <= n; j++) {
			told[list[j]] = 1
			circle = circle " " list[j]
		}
		print circle
		for (j = 1; j <= n; j++)
			for (k = 1; k <= n; k++)
				if ((list[j], list[k]) in arrows)
					print "  " list[j] " -> " list[k] ": " arrows[list[j], list[k]]
	}
}
