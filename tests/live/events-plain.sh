#!/bin/bash
# --events without privilege: every connection that closes, with its bytes, what stays for a tenth of a
# second, and what is not told.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

nobody=()
if is_real_root; then
	need setpriv
	nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
# The process that opens the sockets is portstat's own user's, too: who else holds them is hidden.
run 0 "${nobody[@]}" "$python" "$SRCDIR/tests/live/events-plain.py" "$PORTSTAT" || cat "$tmp/out" >&2
cat "$tmp/out"
run 4 "${nobody[@]}" "$PORTSTAT" --events=scan
expect_match "what a scan needs" "events of these kinds need CAP_BPF and CAP_PERFMON|no events: portstat was built without BPF" "$tmp/err"

# In a table the owner that is hidden is called so, as in listings.
if is_real_root; then
	"${nobody[@]}" "$PORTSTAT" --events=closed >"$tmp/text" 2>"$tmp/ways" &
	events=$!
	wait_for "the first line" grep -q 'events by' "$tmp/ways"
	"$python" -c 'import socket
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname()).close()'
	wait_for "the end of a connection" grep -q 'closed' "$tmp/text"
	kill "$events"
	expect_match "whose it was" 'closed .* \(hidden\) ' "$tmp/text"
fi
finish
