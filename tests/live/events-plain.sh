#!/bin/bash
# --events without privilege: every connection that closes, with its bytes, what stays for a tenth of a
# second, and what is not told.
looks_for_leaks=yes
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

# ---- where BPF is refused ------------------------------------------------------------------------

# refused ERRNO WHY [COMMAND...]: root whose bpf(2) fails is told of the same as nobody, and why; COMMAND runs portstat.
refused() {
	local confined=("$BUILDDIR/tests/live/confine" "$1:bpf" "$(realpath "$PORTSTAT")") status=0

	: >"$tmp/text"
	: >"$tmp/ways"
	env --default-signal=TERM "${@:3}" "${confined[@]}" --events --jsonl >"$tmp/text" 2>"$tmp/ways" &
	events=$!
	wait_for "the first line" grep -q 'events by' "$tmp/ways"
	"$python" -c 'import socket
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
accepted = server.accept()[0]
client.sendall(bytes(1000)); client.shutdown(socket.SHUT_WR)
while accepted.recv(2000): pass'
	wait_for "both ends of a connection" has_both_ends
	kill "$events"
	wait "$events" || status=$?
	expect "status where BPF is refused ($1)" 0 "$status"
	expect_match "the ways where BPF is refused ($1)" \
		'events by announcements, looks, attempts; they do not tell of: .*failed, .*refused, scan, ' "$tmp/ways"
	expect_match "why ($1)" "\\($2\\)\$" "$tmp/ways"
	expect_lines "no other word ($1)" 1 "$tmp/ways"
	run 4 "${@:3}" "${confined[@]}" --events=scan
}
has_both_ends() {
	# shellcheck disable=SC2317 # called through wait_for
	grep -q '"closed".*"bytes_sent": 1000, "bytes_received": 0,' "$tmp/text" &&
		grep -q '"closed".*"bytes_sent": 0, "bytes_received": 1000,' "$tmp/text"
}

# What a container's filter says, what the kernel says of a program, and one without the system call.
if ! is_real_root || ! kernel_is 5.17 || grep -q '\[confidentiality\]' /sys/kernel/security/lockdown 2>/dev/null ||
	! "$PORTSTAT" -V | grep -q 'bpf'; then
	left_out "events where BPF is refused: there is none"
elif [ ! -e /sys/kernel/btf/vmlinux ]; then
	refused 22 "the kernel was built without BTF, which BPF needs"
else
	refused 1 "BPF does, with CAP_BPF and CAP_PERFMON"
	refused 22 "the kernel refuses the BPF programs"
	refused 38 "the kernel refuses the BPF programs"
	# shellcheck disable=SC2016 # for the shell inside
	if has_private_root; then
		refused 22 "the kernel was built without BTF, which BPF needs" \
			unshare -m sh -c 'mount -t tmpfs none /sys/kernel/btf && exec "$@"' sh
	fi
fi
finish
