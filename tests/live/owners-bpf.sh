#!/bin/bash
# The kernel's BPF iterator and the scan of /proc find the same owners, with the pids of the pid
# namespace in which portstat runs.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
# shellcheck disable=SC2034 # in_namespaces() reads it
shares_processes=yes
in_namespaces "$0" "$@"
"$PORTSTAT" --version | grep -q bpf || skip "built without BPF"
is_real_root || skip "only root may load a BPF program"

# owners_by METHOD: what a listing says, but for the moment it was made.
owners_by() {
	run 0 "$PORTSTAT" -a --jsonl --owners="$1"
	sort "$tmp/out" >"$tmp/by-$1"
	[ -s "$tmp/by-$1" ] || give_up "--owners=$1 lists nothing"
}

same_owners() {
	owners_by bpf
	owners_by proc
	expect_same "$1" "$tmp/by-proc" "$tmp/by-bpf"
	# Every place in which a socket can be held was there to be found.
	for via in fd thread; do
		expect_match "$1: held by $via" "\"via\": *\"$via\"" "$tmp/by-bpf"
	done
	"$PORTSTAT" -a --jsonl >"$tmp/out" && sort "$tmp/out" >"$tmp/by-auto"
	expect_same "$1, whichever it takes" "$tmp/by-proc" "$tmp/by-auto"
}

everything() {
	local many=("tcp-pair:port=909"{1,2,3}",count=2000")

	# One process with more than the program can tell of at once.
	ulimit -Sn "$(ulimit -Hn)"
	[ "$(ulimit -Sn)" -gt 16000 ] || many=()
	open_sockets "${many[@]}" tcp-listen:port=8080,workers=3 tcp-pair:port=9090,count=200 udp:port=53 \
		udp:port=56,hold=in-flight --process=gone udp:port=55,hold=leader-gone \
		--process='a) b' tcp-listen:port=8081 udp:port=57,hold=thread "$@"
}

specs=()
# Another port: a ring lets go of its files some time after its process has ended.
if can_open udp:port=59,hold=io-uring; then
	specs=("udp:port=58,hold=io-uring")
else
	left_out "what a ring of io_uring holds: there may be none here"
fi
everything "${specs[@]}"
same_owners "in ${1-the pid namespace of the host}"
if [ -n "${specs[*]}" ]; then
	expect_match "held by a ring" '"via": *"io_uring"' "$tmp/by-bpf"
fi
stop_helper

# Once more among numbers that are not the host's.
if [ -z "${1-}" ]; then
	checks=$((checks + 1))
	in_own_mounts -npf --mount-proc --kill-child "$BASH" "$0" "a pid namespace below" ||
		fail "in a pid namespace below"
fi
finish
