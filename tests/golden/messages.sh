#!/bin/bash
# Messages about filters, filters that do not parse, and unknown columns.  Each case of messages.txt
# is a command line after "$ ", its output on both streams, and its status; STREAMS stands for the
# protocols that listen, DATAGRAMS for the others.
# UPDATE=1 rewrites messages.txt.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
make_tmp

# Prints the cases anew.
play() {
	local line words status

	while IFS= read -r line; do
		[ "${line:0:2}" = '$ ' ] || continue
		printf '%s\n' "$line"
		eval "words=(${line:2})"
		status=0
		"$PORTSTAT" "${words[@]}" </dev/null 2>&1 |
			sed 's/proto [a-z,]* and state listen or proto [a-z,]* and/proto STREAMS and state listen or proto DATAGRAMS and/'
		status=${PIPESTATUS[0]}
		echo "status $status"
		echo
	done
}

play <"$SRCDIR/tests/golden/messages.txt" >"$tmp/got"
[ "${UPDATE-}" != 1 ] || cp "$tmp/got" "$SRCDIR/tests/golden/messages.txt"
expect_same "messages" "$SRCDIR/tests/golden/messages.txt" "$tmp/got"
finish
