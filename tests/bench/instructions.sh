#!/bin/bash
# Instructions a row of the parser, the filter, the sort and the writers, against gross regressions:
# counted by valgrind on a recording, so that they do not depend on how busy the machine is.
. "${SRCDIR:-.}/tests/lib.sh" || exit
need valgrind
grep -q '^CFLAGS = .*-O[123s]' "$BUILDDIR/Makefile" || skip "the compiler was not told to optimise"
in_namespaces "$0" "$@"

# instructions OUTPUT-FILE ARGUMENT...: of one run on the recording, start-up included.
instructions() {
	local out=$1

	shift
	valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		"$PORTSTAT" --replay="$tmp/recording" "$@" >"$out" 2>"$tmp/valgrind"
	sed -n 's/.*Collected : //p' "$tmp/valgrind"
}

# at_most LIMIT ARGUMENT...: instructions for each of the rows, those of an empty listing taken away.
at_most() {
	local limit=$1 all each

	shift
	all=$(instructions "$tmp/out" "$@")
	rows=$(wc -l <"$tmp/out")
	checks=$((checks + 1))
	[ "$rows" -ge "$sockets" ] || fail "$*: $rows lines of at least $sockets"
	each=$(((all - idle) / sockets))
	echo "$each of at most $limit instructions a row: $*"
	[ "$each" -le "$limit" ] || fail "$*: $each instructions a row, $limit at most"
}

start_helper "$BUILDDIR/tests/bench/populate" -c 2000 -l 40 -u 20 -p 4
"$PORTSTAT" -a --owners=none --record="$tmp/recording" >"$tmp/listing"
sockets=$(($(wc -l <"$tmp/listing") - 1))
idle=$(instructions /dev/null -q lport 1 and lport 2)

# About a quarter more than was measured when this was written.  A table's cells are formatted
# twice, for their widths and to be written: to keep them would take more time to touch the memory.
at_most 4200 --columns=proto,state,local,peer
at_most 6700 -a
at_most 10000 --json
at_most 7100 -a 'lport 1-65535 and not rport 22,80'
at_most 8700 -a --sort=-peer_port,local
finish
