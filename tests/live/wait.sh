#!/bin/bash
# --wait and --wait-none: what ends them, what they print then, and that they cost little.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

has_ended() {
	# shellcheck disable=SC2317 # called through wait_for
	! kill -0 "$waiter" 2>/dev/null
}

# What it waits with is opened before the first look.
is_waiting() {
	# shellcheck disable=SC2317 # called through wait_for
	readlink "/proc/$waiter/fd/"* 2>/dev/null | grep -q signalfd
}

# start_wait OPTION...: with the signals as in a shell that one types into; a script's are ignored.
start_wait() {
	env --default-signal=INT,HUP,TERM "$PORTSTAT" "$@" >"$tmp/out" 2>"$tmp/err" &
	waiter=$!
	wait_for "the start of $*" is_waiting
}

# end_wait WHAT STATUS
end_wait() {
	local got=0

	wait_for "$1" has_ended
	wait "$waiter" || got=$?
	expect "exit status: $1" "$2" "$got"
}

# ---- one look -----------------------------------------------------------------------------------

run 1 "$PORTSTAT" --wait=0 -l 8001
expect_lines "a header line" 1 "$tmp/out"
expect "no row in time" "portstat: timed out after 0 s: no socket matches" "$(<"$tmp/err")"
run 1 "$PORTSTAT" -q --wait=0.1 -l 8001
expect_lines "quietly" 0 "$tmp/out"
expect_lines "quietly, errors" 0 "$tmp/err"
run 1 "$PORTSTAT" --json --wait=0 -l 8001
expect_match "a document without rows" '"sockets": *\[\]' "$tmp/out"
run 0 "$PORTSTAT" --wait-none -l 8001
expect_lines "none, at once" 1 "$tmp/out"
expect_lines "none, without a word" 0 "$tmp/err"

open_sockets tcp-listen:port=8001 tcp-listen:addr=::1,port=8001 udp:port=8002 tcp-pair:port=9000
run 0 "$PORTSTAT" --wait -l 8001
expect_lines "rows, at once" 3 "$tmp/out"
expect_match "with all columns" 'opensock\[' "$tmp/out"
run 0 "$PORTSTAT" --wait=0 -qa 8002
run 1 "$PORTSTAT" --wait-none=0 -l 8001
expect_lines "what is still there" 3 "$tmp/out"
expect "still there" "portstat: timed out after 0 s: 2 sockets still match" "$(<"$tmp/err")"
run 1 "$PORTSTAT" --wait-none=0.1 -q state established and lport 9000

# What cannot be judged counts as still there, and is no row.
run 1 "$PORTSTAT" --owners=none --wait-none=0 -l 8001 and proc nobody
expect_match "what cannot be tested" 'could not be tested' "$tmp/err"
expect_match "and may match" 'cannot be tested may still match' "$tmp/err"
run 1 "$PORTSTAT" --owners=none --wait=0 -l 8001 and proc nobody
run 0 "$PORTSTAT" --wait-none=0 -l 8001 and proc nobody
run 3 "$PORTSTAT" --strict --owners=none --wait-none=0 -l 8001 and proc nobody

run 0 "$PORTSTAT" --wait=0 -N host,"pid:$helper_pid" -l 8001
run 4 "$PORTSTAT" --wait-none=0 -N nosuchname -l 8001
expect_match "there is no such namespace" 'nosuchname' "$tmp/err"

# ---- what comes and goes ------------------------------------------------------------------------

start_wait --wait-none -l 8001
stop_helper
end_wait "the end of two listeners" 0
open_sockets udp:port=8002 tcp-pair:port=9001
start_wait --wait-none -qu 8002
start_waiter=$waiter
start_wait --wait-none=20 -q state established and lport 9001
stop_helper
end_wait "the end of a connection" 0
waiter=$start_waiter
end_wait "the end of a UDP socket" 0

start_wait --wait=20 --json -l 8003
open_sockets tcp-listen:port=8003
end_wait "a listener" 0
expect "it is in the document" 8003 "$("$python" -c 'import json, sys
print(*(s["local_port"] for s in json.load(sys.stdin)["sockets"]))' <"$tmp/out")"
stop_helper
start_wait --wait=20 -q -u 8004 and proc opensock
open_sockets udp:port=8004
end_wait "a UDP socket of a process" 0
stop_helper

# ---- signals ------------------------------------------------------------------------------------

for signal in INT TERM HUP; do
	start_wait --wait -l 8001
	kill -"$signal" "$waiter"
	end_wait "$signal" 1
	expect_lines "nothing is printed after $signal" 0 "$tmp/out"
	expect_lines "nothing is said after $signal" 0 "$tmp/err"
done

# ---- cost ---------------------------------------------------------------------------------------

# cpu_share OPTION...: hundredths of a second of CPU time in three seconds.
cpu_share() {
	"$python" -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:])
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print(int((u.ru_utime + u.ru_stime) * 100))' "$PORTSTAT" -q "$@"
}
start_helper "$BUILDDIR/tests/bench/populate" -c 3000 -l 200 -p 4
# Without pauses each of these takes hundreds.  What a sanitizer takes to start is not ours.
limit=15
! grep -q __asan_init "$PORTSTAT" || limit=75
for words in "-l 1" "-l proc nobody" "-a 1"; do
	read -ra arguments <<<"$words"
	share=$(cpu_share --wait=3 "${arguments[@]}")
	expect "--wait=3 $words takes less than $((limit / 3)) % of a core: $share" yes \
		"$([ "$share" -lt $limit ] && echo yes)"
done
stop_helper

# ---- forwarded ports ----------------------------------------------------------------------------

if ! command -v nft >/dev/null || ! nft -f - 2>"$tmp/log" <<'END'; then
table ip w {
	chain pre {
		type nat hook prerouting priority dstnat
		tcp dport 7005 redirect to :7006
		tcp dport 7007 dnat to 10.79.0.2:7006
	}
}
END
	left_out "forwarded ports: $(cat "$tmp/log" 2>/dev/null || echo "there is no nft")"
	finish
fi
run 0 "$PORTSTAT" -q --forwards -l 7005
run 1 "$PORTSTAT" --wait=0 -l 7005
expect_lines "a rule alone is nothing to wait for" 1 "$tmp/out"
run 0 "$PORTSTAT" --wait-none=0 -l 7005
start_wait --wait=20 -l 7005
open_sockets tcp-listen:port=7006
end_wait "the listener behind a rule" 0
expect_match "the rule and where it leads" '^tcp +FORWARD +0.0.0.0:7005 .*> :7006 opensock' "$tmp/out"
run 1 "$PORTSTAT" -q --wait-none=0 -l 7005

# The same in another namespace; nobody has this address yet, and who knows who will.
run 0 "$PORTSTAT" -q --wait=0 -l 7007
mkfifo "$tmp/hold"
exec {hold}<>"$tmp/hold"
unshare -n sleep 1000 {hold}>&- &
peer=$!
trap 'kill "$peer"; cleanup' EXIT
# shellcheck disable=SC2317 # called by wait_for
is_apart() {
	[ "$(readlink "/proc/$peer/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}
wait_for "the other namespace" is_apart
nsenter -t "$peer" -n ip addr add 10.79.0.2/24 dev lo
run 1 "$PORTSTAT" -q --wait=0 -l 7007
nsenter -t "$peer" -n "$BUILDDIR/tests/live/opensock" --process=inside tcp-listen:port=7006 \
	<"$tmp/hold" >"$tmp/served" {hold}>&- &
inside=$!
run 0 "$PORTSTAT" --wait=20 -l 7007
expect_lines "the listener itself is no row of this namespace" 2 "$tmp/out"
exec {hold}>&-
wait "$inside"
run 0 "$PORTSTAT" -q --wait-none=20 -l 7007
finish
