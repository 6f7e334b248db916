#!/bin/bash
# A socket with the inode number of another, as there may be when the kernel has counted once around
# (tests/live/reuse.sh waits for that): each has its own owners.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

# inode_of PORT STATE
inode_of() {
	rows select "$tmp/before" local_port="$1" state="$2" -- inode | head -n 1
}

holders() {
	rows select "$1" -- proto state local_port peer_port owners owner_note
}

open_sockets --process=held tcp-listen:port=111,workers=2 tcp-pair:port=112 \
	tcp-listen:port=114,pending=20 --process=namesake udp:port=113 tcp-pair:port=115
run 0 "$PORTSTAT" -a --json --owners=proc
rows opened "$tmp/out" "$tmp/opened"
cp "$tmp/out" "$tmp/before"
# What is preloaded does not go with the sanitizers.
grep -q __asan_init "$PORTSTAT" && finish

for namesake in "113 bound" "115 listen" "115 established"; do
	for held in "111 listen" "112 established" "114 listen"; do
		# shellcheck disable=SC2086 # a port and a state
		from=$(inode_of $namesake) to=$(inode_of $held)
		run 0 env LD_PRELOAD="$BUILDDIR/tests/live/shim.so" SHIM_INODE="$from" \
			SHIM_INODE_AS="$to" "$PORTSTAT" -a --json --owners=proc
		expect_same "owners of '$held' and of '$namesake' with its number" \
			<(holders "$tmp/before") <(holders "$tmp/out")
		expect "two of one number" 2 "$(rows select "$tmp/out" inode="$to" -- proto | wc -l)"
	done
done
finish
