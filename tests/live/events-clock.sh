#!/bin/bash
# --events while the clock is set: times are those of the clock, durations, the order of events, scans and
# what is counted do not depend on it.
looks_for_leaks=yes
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

shim=$(realpath "$BUILDDIR/tests/live/shim.so")
# What is preloaded does not go with the sanitizers: then the clock stays as it is.
! grep -q __asan_init "$PORTSTAT" || shim=
: >"$tmp/clock"
chmod 666 "$tmp/clock"

# clock COMMAND...: runs it.
clock() {
	run 0 "$@" "$python" "$SRCDIR/tests/live/events-clock.py" "$PORTSTAT" "$shim" "$tmp/clock" || cat "$tmp/out" "$tmp/err" >&2
	cat "$tmp/out"
}

clock env
if is_real_root; then
	need setpriv
	clock setpriv --reuid=65534 --regid=65534 --clear-groups
fi
finish
