#!/bin/bash
# Reports what an older kernel cannot list, with a preloaded library that imitates one.
# tests/kernels runs real ones.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
shim=$BUILDDIR/tests/live/shim.so
# What is preloaded does not go with the sanitizers.
can_preload=yes
if grep -q __asan_init "$PORTSTAT"; then
	can_preload=no
	export ASAN_OPTIONS=detect_leaks=0
fi

# old ARGUMENT...: portstat as on Linux 5.4.
old() {
	LD_PRELOAD=$shim SHIM_OLD=1 SHIM_RELEASE=5.4.0-1 "$PORTSTAT" "$@"
}

# ---- on an old kernel ----------------------------------------------------------------------------

bound_sockets() {
	local options

	run 3 old -tH --strict state bound
	expect_lines "without a row" 0 "$tmp/out"
	expect_match "they are said to be missing" 'tcp sockets that are only bound are missing: this kernel ' "$tmp/err"
	run 1 old -t state bound
	run 3 old -tq --strict 'lport 7010'
	for options in '-a' '-t' '-t4' '--port=7001' '-t not state established' '-t state bound,listen'; do
		# shellcheck disable=SC2086 # options
		run 0 old $options
		expect_match "also with $options" 'only bound' "$tmp/err"
	done
	run 0 old -a --json
	"$python" - "$tmp/out" <<-X || fail "JSON does not tell"
		import json, sys
		document = json.load(open(sys.argv[1]))
		codes = [(p["code"], p["proto"]) for p in document["problems"]]
		assert ("unsupported", "tcp") in codes and document["complete"] is False, codes
	X
	checks=$((checks + 1))
	for options in '-l' '-t state listen' '-t state established' '-t rport 7020' '-t raddr 127.0.0.1' \
		'proto tcp and state time-wait or lport 7001 and state listen'; do
		# shellcheck disable=SC2086 # options
		old $options >"$tmp/out" 2>"$tmp/err"
		expect "not with $options" "" "$(cat "$tmp/err")"
	done
	old -u >"$tmp/out" 2>"$tmp/err"
	expect "not of other protocols" "" "$(grep bound "$tmp/err")"

	# The number alone decides nothing: a kernel may have what its release does not tell of.
	if kernel_is 6.8; then
		run 0 env LD_PRELOAD="$shim" SHIM_RELEASE=5.14.0-503.el9 "$PORTSTAT" -tH --strict state bound
		expect_match "what is listed is not missing" ':7010 ' "$tmp/out"
		run 0 env LD_PRELOAD="$shim" SHIM_RELEASE=strange "$PORTSTAT" -tH --strict state bound
	fi

	# A trial of its own goes into no recording, and leaves nothing behind.
	run 0 old -t --record="$tmp/rec"
	run 0 "$PORTSTAT" -tH --replay="$tmp/rec"
	expect_match "the recording has the listing" ':7001 ' "$tmp/out"
	run 1 "$PORTSTAT" -lH 'port ephemeral'
}

no_mptcp() {
	run 3 old -M --strict
	expect_match "no MPTCP is no failure" 'mptcp sockets cannot be listed' "$tmp/err"
	run 0 old -tM
	expect_match "nor for the rest" ':7001 ' "$tmp/out"
}

cgroups_of_owners() {
	run 0 old -lH0 --columns=cgroup 7001
	expect "the owner's cgroup stands for a socket's" "$cgroup" "$(tr -d '\0' <"$tmp/out")"
	run 0 old -lH "cgroup $cgroup"
	expect_match "a filter finds it by that" ':7001 ' "$tmp/out"
	run 1 old -lH "cgroup /no-such-cgroup"
	run 0 old -lH --columns=local,cgroup --owners=none 7001
	expect_match "without owners it is unknown" ':7001 +-$' "$tmp/out"
}

# ---- here -----------------------------------------------------------------------------------------

open_sockets tcp-bound:port=7010 tcp-listen:port=7001 tcp-pair:port=7020

# ---- bound TCP sockets --------------------------------------------------------------------------

if kernel_is 6.8; then
	run 0 "$PORTSTAT" -tH --strict state bound
	expect_match "this kernel lists them" ':7010 ' "$tmp/out"
fi
if [ "$can_preload" = yes ]; then
	bound_sockets
	no_mptcp
fi

# /proc/net has them nowhere.
run 3 "$PORTSTAT" -tH --strict --source=procfs state bound
expect_match "nor has /proc/net" 'only bound are missing: /proc/net does not list them; use --source=auto' "$tmp/err"
run 0 "$PORTSTAT" -lt --source=procfs
expect_match "what an explicit source lacks, another has" 'use --source=auto' "$tmp/err"
expect "no module is to blame" "" "$(grep _diag "$tmp/err")"

# ---- protocols ----------------------------------------------------------------------------------

# What is in use and cannot be listed is said without having been asked for.  Few kernels lack a
# list of raw sockets that have them: it takes one without raw_diag.
got=0
"$PORTSTAT" -w --strict --source=netlink >"$tmp/out" 2>"$tmp/err" || got=$?
if [ "$got" = 3 ]; then
	run 0 "$PORTSTAT" -l --strict --source=netlink
	stop_helper
	open_sockets tcp-bound:port=7010 tcp-listen:port=7001 raw:protocol=1
	run 3 "$PORTSTAT" -l --strict --source=netlink
	expect_match "a protocol in use" 'raw sockets cannot be listed: ' "$tmp/err"
	run 3 "$PORTSTAT" -l4 --strict --source=netlink
	run 1 "$PORTSTAT" -l6 --strict --source=netlink
	run 0 "$PORTSTAT" -ltu --strict --source=netlink
	run 0 "$PORTSTAT" -l --strict --source=netlink proto tcp
fi

# ---- cgroups ------------------------------------------------------------------------------------

# What the helper's own file says: systemd's line of version 1, version 2's, that of a controller.
cgroup=$(awk -F: '
	$3 == "/" { next }
	$2 == "name=systemd" { rank = 3 }
	$2 != "name=systemd" { rank = $2 == "" ? 2 : 1 }
	rank > best { best = rank; path = $3 }
	END { print path }' "/proc/$helper_pid/cgroup")
if [ "$can_preload" = yes ] && [ -n "$cgroup" ]; then
	cgroups_of_owners
fi

# Version 2 where nobody looks for it, and nowhere: not below $tmp, where cleaning up would find it.
run 0 "$PORTSTAT" -lH0 --columns=cgroup 7001
tr -d '\0' <"$tmp/out" >"$tmp/usual"
if mount -t tmpfs none /mnt 2>"$tmp/err" && mkdir "/mnt/some where" &&
	mount -t cgroup2 none "/mnt/some where" 2>"$tmp/err" && umount -l /sys/fs/cgroup 2>"$tmp/err"; then
	if ! grep -q '^-*$' "$tmp/usual"; then
		run 0 "$PORTSTAT" -lH0 --columns=cgroup 7001
		expect "mountinfo tells where it is" "$(cat "$tmp/usual")" "$(tr -d '\0' <"$tmp/out")"
	fi
	umount "/mnt/some where"
	run 0 "$PORTSTAT" -lH0 --columns=cgroup 7001
	expect "without it the owner's stands for it" "${cgroup:-/}" "$(tr -d '\0' <"$tmp/out")"
fi
finish
