#!/bin/bash
# --events: what happens on the ports is told, all of it, and nothing else; and by whom.
looks_for_leaks=yes
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

# ---- the command line ----------------------------------------------------------------------------

for option in --live --json --csv --summary --watch --wait --signal --close --free --why=80 --sort=proto --strict -q -i -r \
	--record=x --replay=x --except=x --output=x --forwards --columns=proto; do
	run 2 "$PORTSTAT" --events "$option"
	expect_match "$option is refused" "cannot be combined" "$tmp/err"
done
run 2 "$PORTSTAT" --events=conected,closed
expect_match "the nearest kind" "invalid value 'conected' for --events; did you mean 'connected'?" "$tmp/err"
run 2 "$PORTSTAT" --events=
expect_match "all kinds" "valid values are: opened, unbound, " "$tmp/err"
run 2 "$PORTSTAT" --events closed
expect_match "a kind is no filter" "write --events=closed" "$tmp/err"
run 0 "$PORTSTAT" --events=help
expect_match "each kind has its line" "^lost  *events are missing here" "$tmp/out"

# ---- what happens --------------------------------------------------------------------------------

has_begun() {
	# shellcheck disable=SC2317 # called through wait_for
	grep -q events "$tmp/events.err" || ! kill -0 "$events" 2>/dev/null
}

# start_events OPTION...
start_events() {
	: >"$tmp/events.err"
	env --default-signal=INT,HUP,TERM "$PORTSTAT" "$@" >"$tmp/events" 2>"$tmp/events.err" &
	events=$!
	wait_for "the first line" has_begun
}

# end_events SIGNAL
end_events() {
	local got=0

	kill "-$1" "$events"
	wait "$events" || got=$?
	expect "status after $1" 0 "$got"
}

start_events --events -u
if ! grep -q 'events by bpf' "$tmp/events.err"; then
	end_events TERM
	left_out "events by BPF: $(<"$tmp/events.err")"
	finish
fi

# The programs and links that the process holds, as the kernel counts them.
hooks=$(sed -n 's/^prog_id:[[:space:]]*//p' "/proc/$events/fdinfo/"* 2>/dev/null | sort -u)
[ "$hooks" ] || fail "no BPF program is seen in /proc/PID/fdinfo"
"$python" -c 'import socket
s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 5353)); s.sendto(b"hello", s.getsockname()); s.recv(9)'
end_events TERM
expect_match "headings" '^TIME  *EVENT  *PROTO  *LOCAL  *PEER  *PROCESS  *DETAIL$' "$tmp/events"
expect_match "opened" '^[0-9:]*\.[0-9]{3} opened  *udp  *127.0.0.1:5353  *-  *python3\[[0-9]*\]  *bound$' "$tmp/events"
expect_match "unbound" ' unbound  *udp  *127.0.0.1:5353 .*sent 5, received 5, packets 1, 1$' "$tmp/events"
expect_lines "nothing else" 3 "$tmp/events"

# What the kernel bound is told when it is used, and with its peer; what nobody uses is not.
start_events --events -u
"$python" -c 'import socket
old, client, other, idle = (socket.socket(type=socket.SOCK_DGRAM) for _ in range(4))
old.bind(("127.0.0.1", 5353))
client.connect(("127.0.0.1", 5353)); client.send(b"question"); client.send(b"again")
peer = old.recvfrom(9)[1]; old.sendto(b"answer", peer); client.recv(9)
other.sendto(b"hello", ("127.0.0.1", 5353))
idle.connect(("127.0.0.1", 5353))'
end_events TERM
expect_match "connected" ' connected  *udp  *127.0.0.1:[0-9]*  *127.0.0.1:5353  *python3\[[0-9]*\]$' "$tmp/events"
expect_match "closed" ' closed  *udp  *127.0.0.1:[0-9]*  *127.0.0.1:5353 .*sent 13, received 6, packets 2, 1$' "$tmp/events"
expect_match "bound by sendto()" ' opened  *udp  *0.0.0.0:[0-9]*  *-  *python3\[[0-9]*\]  *bound$' "$tmp/events"
expect_match "unbound" ' unbound  *udp  *0.0.0.0:[0-9]*  .*sent 5, received 0, packets 1, 0$' "$tmp/events"
expect_lines "six of three sockets" 7 "$tmp/events"

is_gone() {
	# shellcheck disable=SC2317 # called through wait_for
	! bpftool prog show id "$1" >/dev/null 2>&1
}
if command -v bpftool >/dev/null; then
	for hook in $hooks; do
		wait_for "the end of BPF program $hook" is_gone "$hook"
	done
else
	left_out "whether the BPF programs are gone: there is no bpftool"
fi

# It ends when nobody reads it any more, though nothing happens.
checks=$((checks + 1))
(set -o pipefail && timeout 20 "$PORTSTAT" --events -u 2>/dev/null | sed 1q >/dev/null) ||
	fail "without a reader it goes on"

# Where nothing happens it sleeps, and the next event wakes it.
switches() {
	sed -n 's/^voluntary_ctxt_switches:[[:space:]]*//p' "/proc/$events/status"
}
sleeps() {
	# shellcheck disable=SC2317 # called through wait_for
	[ "$(switches)" = "$before" ] || { before=$(switches); since=$EPOCHREALTIME; }
	# shellcheck disable=SC2317
	[ $((${EPOCHREALTIME/./} - ${since/./})) -gt 700000 ]
}
start_events --events=opened -H -u
before=$(switches)
since=$EPOCHREALTIME
wait_for "0.7 seconds without a look" sleeps
"$python" -c 'import socket
socket.socket(type=socket.SOCK_DGRAM).bind(("127.0.0.1", 5353))'
begun=${EPOCHREALTIME/./}
wait_for "the event that wakes it" grep -q ' opened .*:5353 ' "$tmp/events"
expect "a line within three seconds, though it sleeps for five" yes \
	"$([ $((${EPOCHREALTIME/./} - begun)) -lt 3000000 ] && echo yes)"
end_events TERM

# A filter, and one that cannot be tested.
start_events --events=opened -H -u lport 5354 and proc python3
"$python" -c 'import socket
for port in 5353, 5354: socket.socket(type=socket.SOCK_DGRAM).bind(("127.0.0.1", port))'
end_events INT
expect_lines "what the filter has" 1 "$tmp/events"
expect_match "what the filter has" ' opened .*:5354 ' "$tmp/events"
start_events --events=connected tcp.rtt_us 5
"$python" -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 5353)); s.listen(); socket.create_connection(s.getsockname())'
end_events HUP
expect_lines "what no event has" 1 "$tmp/events"
expect_match "what no event has is said" "portstat: .*tcp.rtt_us" "$tmp/events.err"

# Without the hooks of control groups: the first line says so, and the rest is told.
if has_private_root; then
	: >"$tmp/events.err"
	unshare -m sh -c 'mount -t tmpfs none /sys/fs/cgroup && exec "$@"' sh \
		env --default-signal=TERM "$PORTSTAT" --events >"$tmp/events" 2>"$tmp/events.err" &
	events=$!
	wait_for "the first line" has_begun
	"$python" -c 'import socket
socket.socket(type=socket.SOCK_DGRAM).bind(("127.0.0.1", 5353)); socket.create_server(("127.0.0.1", 5354))'
	end_events TERM
	expect_match "no hooks of control groups" "and UDP \\(no cgroup v2\\)" "$tmp/events.err"
	expect_lines "one opened and unbound" 3 "$tmp/events"
else
	left_out "events without control groups: this is a chroot"
fi

# part NAME [ARGUMENT]: of events.py
part() {
	checks=$((checks + 1))
	"$python" "$SRCDIR/tests/live/events.py" "$1" "$PORTSTAT" "${@:2}" || fail "$1"
}
part connections 3000
part ports 400
part stopped 40000
part names
part before
part pids

# ---- the schema ----------------------------------------------------------------------------------

if python3 -c 'import jsonschema' 2>/dev/null; then
	start_events --events --jsonl
	"$python" -c 'import socket
s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 5353)); s.close()
socket.socket().connect_ex(("127.0.0.1", 1))'
	end_events TERM
	expect_lines "two of UDP, two of TCP: who was refused, and by whom" 4 "$tmp/events"
	checks=$((checks + 1))
	python3 - "$SRCDIR/data/event-1.json" "$SRCDIR/data/schema-1.json" "$tmp/events" <<-'END' || fail "the schema"
		import json, sys
		import jsonschema

		event, document = (json.load(open(name)) for name in sys.argv[1:3])
		socket = dict(document["properties"]["sockets"]["items"], definitions=document.get("definitions", {}))
		for line in map(json.loads, open(sys.argv[3])):
		    jsonschema.validate(line, event)
		    row = {key: value for key, value in line.items() if key not in event["properties"]}
		    jsonschema.validate(row, socket)
	END
else
	left_out "the schema: there is no python3-jsonschema"
fi
finish
