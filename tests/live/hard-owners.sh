#!/bin/bash
# Owners that other tools miss are found by both ways of searching (BPF and /proc); and a process
# that not even root can read is reported.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" setpriv

# io_uring may be forbidden.
ring=()
if can_open udp:port=108,hold=io-uring; then
	ring=(--process=ring "udp:port=107,hold=io-uring")
else
	left_out "what a ring of io_uring holds: there may be none here"
fi

open_sockets --process=thread udp:port=102 tcp-listen:port=103,hold=thread \
	--process=no-leader tcp-listen:port=104,hold=leader-gone "${ring[@]}" \
	--process=workers tcp-listen:port=105,workers=3 \
	--process=in-flight udp:port=106,hold=in-flight tcp-pair:port=109,hold=in-flight
sees_every_process || sed -i 's/"unheld"/"hidden"/' "$tmp/opened"
methods=(auto proc)
# Where it may not be used, it finds nobody at all.
if "$PORTSTAT" -l --owners=bpf | grep -q 'workers\['; then
	methods+=(bpf)
else
	left_out "owners found by a BPF program: none may be loaded here"
fi
for method in "${methods[@]}"; do
	run 0 "$PORTSTAT" -a --json --owners="$method"
	rows opened "$tmp/out" "$tmp/opened"
done
stop_helper

# Without CAP_SYS_PTRACE root reads no descriptors of other users: what they hold is hidden, not
# unheld, and the listing says that it is not whole.
if is_real_root; then
	# Others may not get at these where they were built.
	cp "$PORTSTAT" "$BUILDDIR/tests/live/opensock" "$tmp"
	nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	start_helper "${nobody[@]}" "$tmp/opensock" udp:port=1100
	blind=(setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace "$PORTSTAT")
	run 0 "${blind[@]}" -u --json --owners=proc
	expect "a process that root cannot read" "hidden " \
		"$(rows select "$tmp/out" local_port=1100 -- owner_note pids)"
	expect_lines "one line says so" 1 "$tmp/err"
	run 3 "${blind[@]}" -u --strict --owners=proc
	# That port alone: a ring lets go of its files some time after its process has ended.
	run 0 "$PORTSTAT" -u --json --strict --owners=proc lport 1100
	expect "root with all that it has" "null $helper_pid" \
		"$(rows select "$tmp/out" local_port=1100 -- owner_note pids)"
	stop_helper

	# Who is not root finds its own, also where what is left of the first thread is root's.
	start_helper "${nobody[@]}" "$tmp/opensock" udp:port=1101 \
		--process=no-leader udp:port=1102,hold=leader-gone
	run 0 "${nobody[@]}" "$tmp/portstat" -u --json --owners=proc
	rows opened "$tmp/out" "$tmp/opened"
else
	left_out "processes of other users: only root can become one"
fi

finish
