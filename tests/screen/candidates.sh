#!/bin/bash
# Who may hold a socket, in the live view of nobody: in the table and the details, in no group of its
# own, and never killed.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit

live=("$PORTSTAT" --live --interval=0.2 --no-config)
"$sockets" alone --process=alone tcp-listen:addr=127.0.0.1,port=7777
play "who sees the owners has no candidates" --interval=0.2 --no-config lport 7777 <<'END'
row 7777
expect alone[
key d
expect details  7777
gone candidates
key q
exit 0
END
"$sockets" alone

top=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
unit=$top/portstat-screen-$$.service
if ! is_real_root; then
	left_out "candidates: only root can become nobody"
	finish
fi
if [ -z "$top" ] || ! mkdir "$unit" 2>/dev/null; then
	left_out "candidates: no control group of version 2 can be made here"
	finish
fi
trap 'cd /; wait_for "the end of the control group" rmdir "$unit"; cleanup' EXIT

# in_unit NAME SPEC...: opens sockets in the control group.
in_unit() {
	# shellcheck disable=SC2016 # of the inner shell
	bash -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' inside "$unit" "$sockets" "$@"
}

in_unit one tcp-listen:addr=127.0.0.1,port=7777
play_with "one candidate, and why it is none for sure" setpriv --reuid=65534 --regid=65534 --clear-groups \
	"${live[@]}" lport 7777 <<'END'
size 110 40
row 7777
expect ~opensock[
key d
expect the process cannot be read
expect candidates
expect not certain: in the control group
key d
key F9
expect The process cannot be read: run as root, or with CAP_SYS_PTRACE.
key Esc
key 3
expect (hidden)
gone ~opensock[
key q
exit 0
END
"$sockets" one

finish
