#!/bin/bash
# Two sockets with the same inode number, which happens when the kernel's 32-bit counter wraps
# around (tests/live/reuse.sh waits for a real wrap): /proc cannot tell them apart, so no owner is
# shown.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

# inode_of PORT STATE
inode_of() {
	rows select "$tmp/before" local_port="$1" state="$2" -- inode | head -n 1
}

# owners LISTING PORT...: of all rows but those at these ports.
owners() {
	local file=$1

	shift
	rows select "$file" -- local_port proto state peer_port owners owner_note |
		grep -Ev "^($(tr ' ' '|' <<<"$*")) "
}

open_sockets --process=held tcp-listen:port=111,workers=2 tcp-pair:port=112 \
	tcp-listen:port=114,pending=20 --process=other udp:port=113 tcp-listen:port=115
run 0 "$PORTSTAT" -a --json --owners=proc
rows opened "$tmp/out" "$tmp/opened"
cp "$tmp/out" "$tmp/before"
expect "every number is another" 0 "$(rows select "$tmp/out" owner_note=ambiguous -- inode | wc -l)"
# What is preloaded does not go with the sanitizers.
grep -q __asan_init "$PORTSTAT" && finish

for other in "113 bound" "115 listen"; do
	for held in "111 listen" "114 listen"; do
		# shellcheck disable=SC2086 # a port and a state
		from=$(inode_of $other) to=$(inode_of $held)
		run 0 env LD_PRELOAD="$BUILDDIR/tests/live/shim.so" SHIM_INODE="$from" \
			SHIM_INODE_AS="$to" "$PORTSTAT" -a --json --owners=proc
		expect "nobody is named for '$held' and '$other'" "[] ambiguous
[] ambiguous" \
			"$(rows select "$tmp/out" inode="$to" -- owners owner_note)"
		expect_same "the others stay" <(owners "$tmp/before" "${other% *}" "${held% *}") \
			<(owners "$tmp/out" "${other% *}" "${held% *}")
	done
done
finish
