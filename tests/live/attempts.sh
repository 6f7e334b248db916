#!/bin/bash
# Packets to closed ports are told as scans, knocks or refused tries, floods with their listener; and whoever
# sends whatever, there are few lines, little memory, and exact counts.
looks_for_leaks=yes
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" ip nsenter

helper=$SRCDIR/tests/live/attempts.py
mount -t tmpfs none /run 2>/dev/null || skip "nothing can be mounted over /run here"
mkdir /run/netns
ip netns add far 2>"$tmp/err" || skip "no network namespace can be made here: $(sed -n 1p "$tmp/err")"
ip link add near type veth peer name far netns far
ip addr add 10.9.9.1/24 dev near
ip addr add fd00:9::1/64 dev near nodad
for n in 2 3 4 5; do
	ip -n far addr add 10.9.9.$n/24 dev far
done
ip -n far addr add fd00:9::2/64 dev far nodad
ip link set near up
ip -n far link set far up
ip -n far link set lo up
# Answers to spoofed sources go somewhere.
ip route add default via 10.9.9.2

# Everything ends with the descriptor, the servers too.
mkfifo "$tmp/hold"
exec {hold}<>"$tmp/hold"
background=()

# start COMMAND...: it runs in the background until the test ends, and says when it is ready.
start() {
	: >"$tmp/started"
	"$@" <"$tmp/hold" {hold}>&- >"$tmp/started" &
	background+=($!)
	wait_for "$*" grep -qx ready "$tmp/started"
}
from_far() {
	nsenter --net=/run/netns/far "$@"
}

# watch ARGUMENT...: portstat --events with these, its lines in $tmp/events.
watch() {
	: >"$tmp/events"
	: >"$tmp/err"
	"$PORTSTAT" --events="$1" --jsonl "${@:2}" {hold}>&- >"$tmp/events" 2>"$tmp/err" &
	watcher=$!
	wait_for "the first line of --events" grep -q '^portstat: ' "$tmp/err"
}
end_watch() {
	kill $watcher
	wait $watcher
	expect "the status of --events" 0 $?
}
get() {
	"$python" "$helper" get "$tmp/events" "$@"
}
# has_event FILTER: is there one?
# shellcheck disable=SC2317 # called by wait_for
has_event() {
	[ -n "$(get "$1" event)" ]
}
expect_events() {
	expect "$1" "$2" "$(get "$3" event | wc -l)" || cut -c1-300 "$tmp/events" | head -n 5 >&2
}

# ---- floods: without privilege ----------------------------------------------------------------------

start "$python" "$helper" serve 8080 16
flooded=${background[-1]}
watch flood
# One that is there before, and one that was not.
start "$python" "$helper" serve 8090 4
full=${background[-1]}
from_far "$BUILDDIR/tests/live/syns" 10.9.9.1 8080 30000 1 spoofed >"$tmp/sent"
wait_for "the flood" has_event event=flood,local_port=8080
expect_match "the listener's process" "\"local_port\": *8080.*\"pid\": *$flooded\\b" "$tmp/events"
start from_far "$python" "$helper" connect 10.9.9.1 8090 40
wait_for "the full queue" has_event event=flood,local_port=8090
expect_match "the listener's process" "\"local_port\": *8090.*\"pid\": *$full\\b" "$tmp/events"
end_watch
rate=$(get event=flood,local_port=8080 per_second | sed -n 1p)
expect "cookies a second: $rate" yes "$([ "${rate/None/0}" -gt 100 ] && echo yes)"

# In another namespace: there it is the listener of that name, and here there is none.
start from_far "$python" "$helper" serve 8081 16
start from_far "$python" "$helper" serve 8091 4
watch flood -N far
"$BUILDDIR/tests/live/syns" 10.9.9.2 8081 30000 1 spoofed >"$tmp/sent"
wait_for "the flood in the namespace" has_event event=flood,local_port=8081,netns_name=far
start "$python" "$helper" connect 10.9.9.2 8091 40
wait_for "the full queue in the namespace" has_event event=flood,local_port=8091,netns_name=far
expect_match "the listener's process there" "\"local_port\": *8081.*\"serve\", \"8081\"" "$tmp/events"
end_watch
expect "no word of what is not known" "" "$(grep "floods in" "$tmp/err")"

# Nor need anybody live there: who listens may have come and gone.
ip netns add bare
ip link add near2 type veth peer name bare netns bare
ip addr add 10.9.8.1/24 dev near2
ip -n bare addr add 10.9.8.2/24 dev bare
ip link set near2 up
ip -n bare link set bare up
start "$python" "$helper" serve_in /run/netns/bare 8092 4
visitor=${background[-1]}
watch flood -N bare
start "$python" "$helper" connect 10.9.8.2 8092 40
wait_for "the full queue where nobody lives" has_event event=flood,local_port=8092,netns_name=bare
expect_match "the listener's process elsewhere" "\"local_port\": *8092.*\"pid\": *$visitor\\b" "$tmp/events"
end_watch

# ---- attempts: BPF ----------------------------------------------------------------------------------

watch scan
if ! grep -q 'events by .*attempts' "$tmp/err"; then
	wait $watcher
	expect "the status without privilege" 4 $?
	left_out "attempts at closed ports: $(<"$tmp/err")"
	exec {hold}>&-
	finish
fi

from_far "$python" "$helper" refuse 10.9.9.1 1 2 3 4 5 6 7
begun=${EPOCHREALTIME/./}
wait_for "the scan" has_event event=scan,peer_addr=10.9.9.2
expect "a line within a second of the threshold" yes \
	"$([ $((${EPOCHREALTIME/./} - begun)) -lt 1000000 ] && echo yes)"
expect "ports at the threshold" 7 "$(get event=scan count)"
end_watch

watch refused,scan,knock --knock=7000,8000,9000
# No scans: a knock, many tries at one port, a browser, health checks while a server restarts.
from_far "$python" "$helper" refuse fd00:9::1 7000 8000 9000
wait_for "the knock" has_event event=knock,peer_addr=fd00:9::2
from_far "$BUILDDIR/tests/live/syns" 10.9.9.1 5432 2000 >"$tmp/sent"
wait_for "the tries at one port" has_event event=refused,local_port=5432,count=2000
end_watch
expect_events "one line for the tries at one port" 1 event=refused,local_port=5432
expect_events "the ports of a knock are not told" 0 event=refused,peer_addr=fd00:9::2

watch refused,scan
start "$python" "$helper" serve 8000 300
server=${background[-1]}
from_far "$python" "$helper" visit 10.9.9.1 8000 200
kill "$server"
wait "$server"
for ((i = 0; i < 10; i++)); do
	from_far "$python" "$helper" refuse 10.9.9.1 8000 8000
done
wait_for "the checks" has_event event=refused,local_port=8000
end_watch
expect_events "a browser and health checks are no scan" 0 event=scan

if command -v nmap >/dev/null; then
	scans() {
		local from=$1

		shift
		from_far nmap -n -Pn -T4 --max-retries 1 "$@" >"$tmp/nmap" 2>&1 || fail "nmap $*: $(cat "$tmp/nmap")"
		wait_for "nmap $*" has_event "event=scan,peer_addr=$from"
	}
	watch refused,scan
	scans 10.9.9.3 -sS -S 10.9.9.3 -e far -p 1-2000 10.9.9.1
	scans 10.9.9.4 -sX -S 10.9.9.4 -e far -p 1-100 10.9.9.1
	scans 10.9.9.2 -sT -p 1-300 10.9.9.1
	scans fd00:9::2 -6 -sS -p 1-300 fd00:9::1
	end_watch
	expect "lines: one and a summary for each" yes "$([ "$(wc -l <"$tmp/events")" -le 8 ] && echo yes)"
	expect "closed ports of -sS" 2000 "$(get event=scan,peer_addr=10.9.9.3 count | tail -n 1)"
	expect "closed ports of -6" 300 "$(get event=scan,peer_addr=fd00:9::2 count | tail -n 1)"
	watch scan -u
	scans 10.9.9.5 -sU -S 10.9.9.5 -e far --max-retries 0 -p 1000-1040 10.9.9.1
	end_watch
	expect "the protocol of -sU" udp "$(get event=scan proto | sed -n 1p)"
else
	left_out "scans by nmap: it is not installed"
fi

# ---- limits -----------------------------------------------------------------------------------------

watch refused
from_far "$BUILDDIR/tests/live/syns" 10.9.9.1 99 200000 2 spoofed >"$tmp/sent"
memory=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$watcher/status")
end_watch
expect "sent" 200000 "$(cat "$tmp/sent")"
expect "tries that are told of, and lost ones" 200000 "$("$python" "$helper" tries "$tmp/events")"
expect "lines a second" yes "$([ "$("$python" "$helper" rate "$tmp/events")" -lt 20 ] && echo yes)"
# The sanitizers' own memory is beyond any limit.
grep -q __asan_init "$PORTSTAT" ||
	expect "memory: $memory KB" yes "$([ "$memory" -lt 20480 ] && echo yes)"

# What is asked for has all the lines and all the memory: others' tries take nothing from it.
watch refused raddr 10.9.9.4
from_far "$BUILDDIR/tests/live/syns" 10.9.9.1 99 200000 2 spoofed >"$tmp/sent" &
flood=$!
wait_for "the flood" test -s "$tmp/sent" -o ! -d "/proc/$flood"
for port in 21 22 23 25 110; do
	from_far "$python" "$helper" refuse_as 10.9.9.4 10.9.9.1 $port
done
for port in 21 22 23 25 110; do
	wait_for "the try at port $port" has_event "event=refused,peer_addr=10.9.9.4,local_port=$port"
done
wait $flood
end_watch
expect_events "nothing else is told" 5 event=refused

exec {hold}>&-
wait "${background[@]}"
finish
