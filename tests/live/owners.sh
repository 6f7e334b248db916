#!/bin/bash
# Owners that are hard to find, and sockets without one: an unknown owner is shown as unknown, and a
# socket that a process may still hold is never shown as held by none.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
# shellcheck disable=SC2034 # in_namespaces() reads it
shares_processes=yes
in_namespaces "$0" "$@"
need "$python"
is_real_root || skip "only root sees every process"

# note_of PORT: the owner_note and the owners of the UDP socket there.
note_of() {
	rows select "$tmp/out" proto=udp local_port="$1" -- owner_note pids
}

# pids_named NAME: the processes of this network namespace that are called so, by number.
pids_named() {
	local dir

	for dir in /proc/[0-9]*; do
		if [ "$(cat "$dir/comm" 2>/dev/null)" = "$1" ] &&
			[ "$dir/ns/net" -ef /proc/self/ns/net ]; then
			echo "${dir#/proc/}"
		fi
	done | sort -n | paste -sd,
}

# What is said of a socket that no process is seen to hold.
unheld=unheld
sees_every_process || unheld=hidden

# A kernel socket: a device has it, no process does.
if ip link add vx0 type vxlan id 42 dstport 4789 2>/dev/null && ip link set vx0 up; then
	run 0 "$PORTSTAT" -u --json
	expect "a socket of the kernel" "$unheld " "$(note_of 4789)"
	# A /proc of readable processes alone, as a recording of one is: now it can be said.
	if has_private_root; then
		mkdir -p "$tmp/proc/$$"
		mount --bind "/proc/$$" "$tmp/proc/$$"
		run 0 "$PORTSTAT" -u --json --strict --owners=proc --proc-root="$tmp/proc"
		expect "a socket of the kernel, in a /proc that shows all" "unheld " "$(note_of 4789)"
		umount "$tmp/proc/$$"
	else
		left_out "a /proc of one process: it takes a mount, and this is a chroot"
	fi
	ip link del vx0
else
	left_out "a socket of the kernel: it has no vxlan"
fi

# Processes of another pid namespace, seen from here under the numbers that they have here.
start_helper unshare -pf --kill-child "$BUILDDIR/tests/live/opensock" udp:port=100 \
	--process=inner udp:port=101,workers=1
run 0 "$PORTSTAT" -u --json --strict
inner=$(pids_named inner)
expect "the owner in a namespace below" "null $inner" "$(note_of 101)"
rows check "$tmp/out"

# Seen from a namespace beside it they have no number at all: hidden, not unheld.
beside() {
	# shellcheck disable=SC2317 # called through run
	in_own_mounts -pf --mount-proc "$PORTSTAT" "$@"
}
run 0 beside -u --json
expect "the owner in a namespace beside" "hidden " "$(note_of 101)"
expect_lines "one line says so" 1 "$tmp/err"
run 3 beside -u --strict

# A /proc of that namespace from here: its numbers are not those of our processes.
run 0 "$PORTSTAT" -u --json --proc-root="/proc/${inner%%,*}/root/proc"
rows check "$tmp/out"
stop_helper

# Hidden by the mount option, for all but root.
cp "$PORTSTAT" "$tmp/portstat"
hidepid() {
	# shellcheck disable=SC2317 # called through run
	in_own_mounts sh -c 'mount -t proc -o hidepid=2 proc /proc && exec "$@"' sh "$@"
}
open_sockets udp:port=100
run 0 hidepid "$tmp/portstat" -u --json --strict
expect "with hidepid, as root" "null $helper_pid" "$(note_of 100)"
run 0 hidepid setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/portstat" -u --json
expect "with hidepid, as nobody" "hidden " "$(note_of 100)"
expect_lines "one line says so" 1 "$tmp/err"
run 3 hidepid setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/portstat" -u --strict

finish
