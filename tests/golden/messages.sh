#!/bin/bash
# What portstat says of a filter, of one that it cannot read, and of columns that are not there.  Each
# case of messages.txt is a command line behind "$ ", what came of it on both outputs, and its status;
# the protocols that listen are STREAMS, and those that do not DATAGRAMS.
# UPDATE=1 writes them anew.
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
