# shellcheck shell=bash
# What every test script sources: a network namespace of its own, sockets in it, and assertions that
# print what differs.  A script calls its assertions and ends with finish.
#
# Set by make check, with defaults for a run by hand: PORTSTAT, SRCDIR, BUILDDIR.
set -u

: "${SRCDIR:=$PWD}" "${BUILDDIR:=$PWD}"
: "${PORTSTAT:=$BUILDDIR/src/portstat}"
PATH=$PATH:/usr/sbin:/sbin
# The system's own starts at once; one that a version manager puts in front may not.
python=/usr/bin/python3
[ -x "$python" ] || python=python3
failures=0
checks=0
# Sanitizers look for leaks in what goes on for long: the tests in C, the live view, and scripts that set
# looks_for_leaks=yes first.  Where the program ends at once, that takes longer than all it does.
[ "${looks_for_leaks-}" = yes ] || export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"

# What this place cannot do, said last: make check prints it.  What failed before is no less wrong.
skip() {
	[ "$failures" = 0 ] || give_up "$checks checks, $failures failed; what follows is skipped: $*"
	echo "skipped: $*"
	exit 77
}

# left_out REASON: a part of the test that this place cannot do; make check prints it as well.
left_out() {
	echo "left out: $*"
}

# Ends the test at once: what follows would say nothing.
give_up() {
	echo "FAIL: $*" >&2
	exit 1
}

# need COMMAND...
need() {
	local command

	for command in "$@"; do
		command -v "$command" >/dev/null || skip "there is no $command"
	done
}

# With FAIL_FAST=1 the first failure ends the test.
fail() {
	echo "FAIL: $*" >&2
	failures=$((failures + 1))
	[ "${FAIL_FAST-}" != 1 ] || exit 1
}

# The last line of a test.
finish() {
	[ "$checks" -gt 0 ] || give_up "nothing was checked"
	echo "$checks checks, $failures failed"
	[ "$failures" = 0 ]
	exit
}

cleanup() {
	stop_helper || :
	rm -rf "$tmp"
}

# A folder of the test's own, which others may enter: some tests run portstat as another user.
make_tmp() {
	tmp=$(mktemp -d) || give_up "no temporary folder"
	chmod 755 "$tmp"
	trap cleanup EXIT
}

# ---- namespaces ---------------------------------------------------------------------------------

# in_namespaces SCRIPT [ARGUMENT...]: goes on as root in a network, process and mount namespace of its
# own, where /proc shows the test's processes only.  Who is not root becomes the root of a user
# namespace.  With shares_processes=yes root goes on among all the processes of the host.
#
# IN_NAMESPACES then says who goes on: root, root-in-chroot, or user (who is root in a user namespace).
in_namespaces() {
	local how=(-nmpf --mount-proc --kill-child) anywhere=(--propagation unchanged)

	if [ -z "${IN_NAMESPACES-}" ]; then
		need unshare ip
		if [ "$(id -u)" = 0 ] && unshare "${how[@]}" true 2>/dev/null; then
			IN_NAMESPACES=root
		# In a chroot / is no mount, and cannot be made private.
		elif [ "$(id -u)" = 0 ] && unshare "${anywhere[@]}" "${how[@]}" true 2>/dev/null; then
			IN_NAMESPACES=root-in-chroot
			how+=("${anywhere[@]}")
		else
			IN_NAMESPACES=user
			how+=(-r)
		fi
		if [ "${shares_processes-}" = yes ] && is_real_root; then
			how=(-nm)
			[ $IN_NAMESPACES = root ] || how+=("${anywhere[@]}")
		fi
		unshare "${how[@]}" true 2>/dev/null || skip "no namespaces for this user: unshare ${how[*]} fails"
		export IN_NAMESPACES
		exec unshare "${how[@]}" "$BASH" "$@"
	fi
	has_private_root || mount --make-rprivate /proc || give_up "/proc is not this test's own"
	ip link set lo up || give_up "lo does not come up"
	make_tmp
}

# Is this the real root, who can become somebody else?
is_real_root() {
	[ "${IN_NAMESPACES-}" != user ]
}

# in_own_mounts COMMAND...: what it mounts nobody else sees.  In a chroot that holds for /proc alone:
# only who has_private_root may mount elsewhere.
in_own_mounts() {
	if has_private_root; then
		unshare -m "$@"
	else
		unshare -m --propagation unchanged "$@"
	fi
}

has_private_root() {
	[ "$IN_NAMESPACES" != root-in-chroot ]
}

# Can we read every process there is?  Not even root always can, and a pid namespace hides others.
sees_every_process() {
	local dir

	[ "$(readlink /proc/1/ns/pid)" = "pid:[4026531836]" ] || return 1
	for dir in /proc/[0-9]*; do
		readlink "$dir/ns/net" >/dev/null || [ ! -d "$dir" ] || return 1
	done
}

# kernel_is VERSION: of this version, 6.8, or a later one?
kernel_is() {
	[ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1)" = "$1" ]
}

# May we see whether there are tables of legacy iptables?  The root of a user namespace may not, so for
# him nothing about the firewall is certain.
sees_legacy_tables() {
	[ ! -e /proc/net/ip_tables_names ] || cat /proc/net/ip_tables_names >/dev/null 2>&1
}

# ---- languages ----------------------------------------------------------------------------------

# make_locales NAME...: de_DE is a locale of this test's own, called de_DE.UTF-8.  C.UTF-8 does not do for
# gettext(1): since 2.39 glibc asks nobody for a translation there, whatever LANGUAGE says.  Who hands TEST_LOCALES over has
# made them.
make_locales() {
	local name

	if [ -z "${TEST_LOCALES-}" ]; then
		need localedef
		TEST_LOCALES=$tmp/locales
		mkdir "$TEST_LOCALES"
		for name; do
			localedef -f UTF-8 -i "$name" "$TEST_LOCALES/$name.UTF-8" >"$tmp/log" 2>&1 ||
				skip "localedef cannot make $name.UTF-8: $(head -n1 "$tmp/log")"
		done
	fi
	export LOCPATH=$TEST_LOCALES
}

# ---- waiting ------------------------------------------------------------------------------------

# wait_for WHAT COMMAND...: until the command succeeds, 20 seconds at most.
wait_for() {
	local what=$1 deadline=$((SECONDS + 20))

	shift
	until "$@"; do
		[ "$SECONDS" -lt "$deadline" ] || give_up "did not come: $what"
		read -r -t 0.02 <> <(:) || :
	done
}

# ---- sockets ------------------------------------------------------------------------------------

# start_helper PROGRAM ARGUMENT...: what it says before "ready" goes to $tmp/opened.
start_helper() {
	local line=

	coproc HELPER { exec "$@"; }
	# shellcheck disable=SC2153 # coproc sets it
	helper_pid=$HELPER_PID helper_input=${HELPER[1]}
	: >"$tmp/opened"
	while [ "$line" != ready ]; do
		IFS= read -r line <&"${HELPER[0]}" || give_up "the helper failed: $1"
		[ "$line" = ready ] || printf '%s\n' "$line" >>"$tmp/opened"
	done
}

# The end of its standard input ends the helper, and its processes with it.
stop_helper() {
	[ -n "${helper_pid-}" ] || return 0
	exec {helper_input}>&-
	wait "$helper_pid"
	helper_pid=
}

# open_sockets SPEC... [--process=NAME SPEC...]...
open_sockets() {
	start_helper "$BUILDDIR/tests/live/opensock" "$@"
}

udp_sockets_are() {
	[ "$(cat /proc/net/udp)" = "$1" ]
}

# can_open SPEC: does this kernel let us?  What io_uring holds goes some time after its process.
can_open() {
	local before

	before=$(cat /proc/net/udp)
	"$BUILDDIR/tests/live/opensock" "$1" </dev/null >/dev/null 2>&1 || return
	wait_for "the end of $1" udp_sockets_are "$before"
}

# ---- the manual ---------------------------------------------------------------------------------

# page_examples SECTION [PAGE]: its commands as the page has them, without the escapes of roff.
page_examples() {
	awk -v heading=".SH $1" '/^\.SH /{ inside = $0 == heading }
		inside && /^\.B portstat/ { print substr($0, 4) }' "$BUILDDIR/man/${2-portstat.8}" |
		sed -e 's/\\-/-/g' -e "s/\\\\(aq/'/g" -e 's/\\(dq/"/g' -e 's/\\(ti/~/g' -e 's/\\(ha/^/g' \
			-e 's/\\&//g' -e 's/\\e/\\/g'
}

# ---- assertions ---------------------------------------------------------------------------------

# run STATUS COMMAND...: its output goes to $tmp/out and $tmp/err.
run() {
	local want=$1 got=0

	shift
	checks=$((checks + 1))
	"$@" >"$tmp/out" 2>"$tmp/err" || got=$?
	[ "$got" = "$want" ] && return
	fail "exit status $got instead of $want: $*"
	head -5 "$tmp/err" >&2
	return 1
}

# expect WHAT WANT GOT
expect() {
	checks=$((checks + 1))
	[ "$2" = "$3" ] && return
	fail "$1"
	printf 'want: %s\n got: %s\n' "$2" "$3" >&2
	return 1
}

# expect_lines WHAT N FILE
expect_lines() {
	expect "$1" "$2" "$(wc -l <"$3")" && return
	head -5 "$3" >&2
	return 1
}

# expect_match WHAT ERE FILE
expect_match() {
	checks=$((checks + 1))
	grep -Eq -e "$2" "$3" && return
	fail "$1: nothing matches $2"
	head -5 "$3" >&2
	return 1
}

# expect_same WHAT WANTED-FILE GOT-FILE
expect_same() {
	checks=$((checks + 1))
	diff -u "$2" "$3" >"$tmp/diff" && return
	fail "$1"
	head -20 "$tmp/diff" | cut -c1-300 >&2
	return 1
}

# rows ARGUMENT...: one of the comparisons of tests/rows.py.
rows() {
	checks=$((checks + 1))
	"$python" "$SRCDIR/tests/rows.py" "$@" && return
	fail "rows $*"
	return 1
}
