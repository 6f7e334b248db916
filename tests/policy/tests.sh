#!/bin/sh
# Every source file has a test, found by its name as HACKING says at "Tested by", or by the table
# there.
set -eu

cd "$SRCDIR"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

find tests/unit tests/live -name 'test_*.c' >"$tmp/tests"
find tests/*/ -name '*.sh' >>"$tmp/tests"
# The table: "PATTERN TEST".
sed -n '/^Tested by/,/^Style$/s/^    \([^ ]*\)  *\(tests\/[^ ]*\)$/\1 \2/p' HACKING >"$tmp/table"
[ -s "$tmp/table" ] || { echo "HACKING has no table behind \"Tested by\""; exit 1; }
find src -name '*.c' ! -name iana_services.c | sed 's,^src/,,' | sort >"$tmp/files"
[ -s "$tmp/files" ] || { echo "no sources found in $SRCDIR/src"; exit 1; }

awk '
	function fault(what) {
		print what
		faults = 1
	}

	FILENAME == ARGV[1] {
		is_there[$0] = 1
		gsub(/.*\/(test_)?|\.[a-z]*$/, "")
		gsub(/-/, "_")
		has_test[$0] = 1
		next
	}
	FILENAME == ARGV[2] {
		if (!($2 in is_there))
			fault("HACKING: there is no " $2)
		row[++rows_n] = $1
		gsub(/\./, "[.]", $1)
		gsub(/\*/, ".*", $1)
		pattern[rows_n] = "^" $1 "$"
		next
	}
	{
		name = $0
		gsub(/.*\/|\..*/, "", name)
		if ($0 ~ /^live\//)
			name = "live_" name
		while (!(name in has_test) && sub(/_[^_]*$/, "", name))
			;
		if (name in has_test)
			next
		for (i = 1; i <= rows_n && $0 !~ pattern[i]; i++)
			;
		if (i > rows_n)
			fault("src/" $0 ": no test has its name, and no row of HACKING")
		is_needed[i] = 1
	}
	END {
		for (i = 1; i <= rows_n; i++)
			if (!(i in is_needed))
				fault("HACKING: the row " row[i] " is for no file")
		exit faults
	}' "$tmp/tests" "$tmp/table" "$tmp/files"
