# Reads the picture of the rooms in HACKING and prints "FROM TO" for each room that may include
# another.
#
# A box is "[ room ]"; "[ room, by room/header.h ]" lets others include only that header.  "[===
# room ===]" is a floor, which every room drawn above it may include.  An arrow leaves a box
# downwards and follows | and -; at a + it may turn or fork, but never goes up; at a v it enters the
# box below.

/^    .*\[[ =]/ { drawn = NR }
{ line[NR] = $0 }

function at(row, col) { return substr(line[row], col, 1) }

# Remembers the boxes of a row, by the columns that they cover.
function see_boxes(row, rest, from, box, words, n, i) {
	rest = line[row]
	from = 1
	while (match(rest, /\[[ =][^]]*\]/)) {
		box = substr(rest, RSTART + 1, RLENGTH - 2)
		for (i = RSTART; i < RSTART + RLENGTH; i++)
			box_at[row, from + i - 1] = rooms_n + 1
		is_floor[++rooms_n] = box ~ /^=/
		gsub(/[=,]/, " ", box)
		n = split(box, words, " ")
		name[rooms_n] = words[1]
		entrance[rooms_n] = n == 1 ? words[1] : words[n]
		row_of[rooms_n] = row
		first[rooms_n] = from + RSTART - 1
		last[rooms_n] = from + RSTART + RLENGTH - 2
		from += RSTART + RLENGTH - 1
		rest = substr(rest, RSTART + RLENGTH)
	}
}

function follow(room, row, col, sideways, mark) {
	mark = at(row, col)
	if (mark == "v") {
		if (!((row + 1, col) in box_at))
			fault("an arrow into nothing", row)
		else
			print name[room], entrance[box_at[row + 1, col]]
	} else if (mark == "|" && !sideways) {
		follow(room, row + 1, col, 0)
	} else if (mark == "-" && sideways) {
		follow(room, row, col + sideways, sideways)
	} else if (mark == "+") {
		if (at(row + 1, col) ~ /[|v+]/)
			follow(room, row + 1, col, 0)
		if (sideways >= 0 && at(row, col + 1) ~ /[-+]/)
			follow(room, row, col + 1, 1)
		if (sideways <= 0 && at(row, col - 1) ~ /[-+]/)
			follow(room, row, col - 1, -1)
	} else {
		fault("an arrow that leads nowhere", row)
	}
}

function fault(what, row) {
	print "HACKING:" row ": " what >"/dev/stderr"
	faults = 1
}

END {
	for (row = 1; row <= drawn; row++)
		see_boxes(row)
	for (one = 1; one <= rooms_n; one++) {
		for (col = first[one]; col <= last[one]; col++)
			if (at(row_of[one] + 1, col) ~ /[|+v]/)
				follow(one, row_of[one] + 1, col, 0)
		for (other = one + 1; other <= rooms_n; other++)
			if (is_floor[other] && row_of[other] > row_of[one])
				print name[one], entrance[other]
	}
	exit faults
}
