#!/bin/bash
# Mistakes on the command line and the messages about them: what is wrong, what is valid, and what
# was probably meant.  Each paragraph of mistakes.txt is a command line after "$ ", its output on
# both streams, and its status; PROTOCOLS stands for the list of all protocols.  UPDATE=1 rewrites
# mistakes.txt.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
make_tmp

# What stands in the place of a file.
echo 'root:x:0:0:root:/root:/bin/bash' >"$tmp/passwd"
: >"$tmp/nothing"
printf '# the web\nport 80,443   # and\nstate lisen\n' >"$tmp/web"
printf 'port 80 and\n\n# no more\n' >"$tmp/open"

# Prints the cases anew; @name is one of these files.
play() {
	local line words status

	while IFS= read -r line; do
		case $line in
		'# '*) printf '%s\n\n' "$line" && continue ;;
		'$ '*) ;;
		*) continue ;;
		esac
		printf '%s\n' "$line"
		eval "words=(${line:2})"
		words=("${words[@]/#@/$tmp/}")
		words=("${words[@]/=@/=$tmp/}")
		status=0
		"$PORTSTAT" "${words[@]}" </dev/null 2>&1 |
			sed -e "s,$tmp/,@,g" -e 's/: tcp, udp, [a-z, ]* or [a-z]*\.$/: PROTOCOLS./'
		status=${PIPESTATUS[0]}
		echo "status $status"
		echo
	done
}

play <"$SRCDIR/tests/golden/mistakes.txt" >"$tmp/got"
[ "${UPDATE-}" != 1 ] || cp "$tmp/got" "$SRCDIR/tests/golden/mistakes.txt"
expect_same "mistakes" "$SRCDIR/tests/golden/mistakes.txt" "$tmp/got"
finish
