#!/bin/bash
# Restricted environments: everything that can be read is listed, the rest is reported, and nothing
# crashes.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" setpriv

keys=(proto state local_addr local_port peer_addr peer_port inode)
shim=$BUILDDIR/tests/live/shim.so
open_sockets tcp-listen:port=8080,workers=2 udp:addr=::,port=53 tcp-pair:port=9000

# The sanitizers need much memory, files and an allocator of their own, and a whole /proc for leaks.
has_sanitizers=no
if grep -q __asan_init "$PORTSTAT"; then
	has_sanitizers=yes
	export ASAN_OPTIONS=detect_leaks=0
fi

sockets() {
	rows select "$1" -- "${keys[@]}"
}

owners() {
	rows select "$1" -- local_port owners owner_note
}

# same_sockets WHAT: what ran last listed them all.
same_sockets() {
	sockets "$tmp/out" >"$tmp/got"
	expect_same "$1: the sockets" "$tmp/want" "$tmp/got"
}

# same WHAT: and their owners.
same() {
	same_sockets "$1"
	owners "$tmp/out" >"$tmp/got"
	expect_same "$1: the owners" "$tmp/want-owners" "$tmp/got"
}

# hidden WHAT: all sockets are there; who holds them is hidden, and one line says so.
hidden() {
	same_sockets "$1"
	expect "$1: no owner, and no other reason" hidden \
		"$(rows select "$tmp/out" -- owner_note | sort -u)"
	expect_match "$1: a line says so" 'process' "$tmp/err"
	expect_match "$1: the listing is not whole" '"complete": *false' "$tmp/out"
}

# honest WHAT STATUS: as it ran with --strict, the listing is the same, or is said not to be whole.
honest() {
	checks=$((checks + 1))
	case $2 in
	0) same "$1" ;;
	3 | 4) [ -s "$tmp/err" ] || fail "$1: status $2 without a word" ;;
	*)
		fail "$1: status $2"
		head -3 "$tmp/err" >&2
		;;
	esac
}

run 0 "$PORTSTAT" -a --json --strict
cp "$tmp/out" "$tmp/whole.json"
sockets "$tmp/whole.json" >"$tmp/want"
owners "$tmp/whole.json" >"$tmp/want-owners"

# ---- /proc --------------------------------------------------------------------------------------

in_mounts() {
	# shellcheck disable=SC2317 # called through run
	in_own_mounts "$BASH" -c "$1"' && exec "$@"' sh "${@:2}"
}

# A sanitizer takes its own options from there.
if [ $has_sanitizers = no ]; then
	run 0 in_mounts 'mount -t tmpfs none /proc' "$PORTSTAT" -a --json --owners=proc
	hidden "an empty /proc"
	run 3 in_mounts 'mount -t tmpfs none /proc' "$PORTSTAT" -a --strict --owners=proc
fi

# Inside a process namespace whose /proc is still that of the one around it.
for owners in proc auto; do
	run 0 unshare -pf "$PORTSTAT" -a --json --strict --owners=$owners
	same "/proc of the namespace around us, --owners=$owners"
done
# And /proc of one that shows none of those who hold the sockets.
run 0 in_own_mounts -pf --mount-proc "$PORTSTAT" -a --json --owners=proc
hidden "/proc of an inner namespace"

# ---- privilege ----------------------------------------------------------------------------------

for error in 1 13 97; do
	run 0 "$BUILDDIR/tests/live/confine" $error "$PORTSTAT" -a --json
	rows select "$tmp/out" -- proto state local_addr local_port peer_addr peer_port >"$tmp/got"
	rows select "$tmp/whole.json" -- proto state local_addr local_port peer_addr peer_port \
		>"$tmp/want-less"
	expect_same "no netlink, error $error" "$tmp/want-less" "$tmp/got"
	expect_match "no netlink, error $error: the fallback is told" '/proc/net' "$tmp/err"
	run 3 "$BUILDDIR/tests/live/confine" $error "$PORTSTAT" -a --strict
	run 4 "$BUILDDIR/tests/live/confine" $error "$PORTSTAT" -a --source=netlink
	expect_lines "no netlink and no other source" 1 "$tmp/err"
done

run 0 setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all "$PORTSTAT" -a --json
hidden "no capabilities"

if unshare -U true 2>/dev/null; then
	run 0 unshare -U "$PORTSTAT" -a --json
	hidden "a user namespace that maps no user"
else
	left_out "a user namespace that maps no user: none can be made here"
fi

# ---- limits -------------------------------------------------------------------------------------

if has_private_root; then
	run 0 in_mounts 'mount -o remount,bind,ro /' "$PORTSTAT" -a --json --strict
	same "a root that is read-only"
	run 4 in_mounts 'mount -o remount,bind,ro /' "$PORTSTAT" -a --record=/portstat.nl
	expect_match "the recording is named" '/portstat.nl' "$tmp/err"
else
	left_out "a root that is read-only: this is a chroot"
fi

limits="16 12 10 9 8 7 6 5 4 3"
[ $has_sanitizers = no ] || limits=16
for n in $limits; do
	status=0
	(ulimit -n "$n" && exec "$PORTSTAT" -a --json --strict) >"$tmp/out" 2>"$tmp/err" || status=$?
	[ "$n" -lt 16 ] || expect "16 descriptors are enough" 0 $status
	# Without a descriptor there is no loader either.
	[ $status = 127 ] || honest "$n descriptors" $status
done

if [ $has_sanitizers = no ]; then
	n_listed=0
	for mib in 3 4 5 6 7 8 9 10 11 12 14 16 20 24 32 48 64 128; do
		status=0
		(ulimit -v $((mib * 1024)) && exec "$PORTSTAT" -a --json --strict) \
			>"$tmp/out" 2>"$tmp/err" || status=$?
		[ $status != 0 ] || n_listed=$((n_listed + 1))
		[ $status = 127 ] || honest "$mib MiB of memory" $status
	done
	[ $n_listed -gt 3 ] || fail "hardly any of these is enough memory"
fi

closed=("<&-" "2>&-" "<&- 2>&-" "<&- >&- 2>&-" ">&-" ">&- 2>&-")
for how in "${closed[@]}"; do
	status=0
	eval '"$PORTSTAT" -a --json --strict >"$tmp/out" 2>"$tmp/err" '"$how" || status=$?
	case $how in
	*" >&-"* | ">&-"*) expect "status with $how" 4 $status ;;
	*)
		expect "status with $how" 0 $status
		same "$how"
		;;
	esac
done

# ---- surroundings -------------------------------------------------------------------------------

for lang in xx_YY.UTF-8 "$(printf '%4096s' '' | tr ' ' a)" ../../etc/passwd; do
	run 0 env LANG="$lang" LC_ALL="$lang" LANGUAGE="$lang" "$PORTSTAT" -a --json --strict
	same "language ${lang:0:16}"
done

if has_private_root; then
	awk 'BEGIN { for (i = 0; i < 1000000; i++) print "name" i "\t" i % 65536 "/tcp\talias" i }' \
		>"$tmp/services"
	# A bare system has no such file: it comes with a whole /etc.
	mkdir "$tmp/etc"
	cp -a /etc/passwd /etc/group /etc/nsswitch.conf /etc/ld.so.cache "$tmp/etc/"
	mv "$tmp/services" "$tmp/etc/services"
	started=$SECONDS
	run 0 in_mounts "mount --bind $tmp/etc /etc" "$PORTSTAT" -l --json 8080
	expect "a service of a million" name8080 "$(rows select "$tmp/out" -- service | sort -u)"
	[ $((SECONDS - started)) -le 10 ] || fail "a million services took $((SECONDS - started)) s"
else
	left_out "a million services: an /etc of our own takes a mount, and this is a chroot"
fi

if unshare -T --boottime 1000000 true 2>/dev/null; then
	run 0 unshare -T --boottime 1000000 --monotonic 1000000 "$PORTSTAT" -a --json --strict
	same "another time since boot"
else
	left_out "another time since boot: no time namespace can be made here"
fi
if [ $has_sanitizers = no ]; then
	run 0 env LD_PRELOAD="$shim" SHIM_CLOCK=100000 "$PORTSTAT" -r -a --json
	same "a clock that jumps"
	# Three listings of --watch, and a reader that has seen enough.
	LD_PRELOAD=$shim SHIM_CLOCK=100000 timeout 20 "$PORTSTAT" -l 8080 --jsonl --watch=0.1 |
		head -n 9 >"$tmp/out"
	expect "--watch while the clock jumps" 0 "${PIPESTATUS[0]}"
	expect_lines "--watch while the clock jumps" 9 "$tmp/out"
fi

# on_terminal TERM ARGUMENT...: portstat on a terminal of its own; its status and what it shows.
on_terminal() {
	TERM=$1 "$python" - "$PORTSTAT" "${@:2}" <<'PYTHON'
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], stdin_read=lambda fd: b"")))
PYTHON
}
for term in no-such-terminal "" dumb ../../../etc/passwd; do
	checks=$((checks + 1))
	on_terminal "$term" >"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
	case $status in
	4) expect_match "TERM=$term: a line says so" "terminal type '.*TERM" "$tmp/out" ;;
	*) fail "TERM=$term: status $status" ;;
	esac
done

finish
