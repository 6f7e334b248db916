#!/bin/bash
# Injected faults in everything a listing needs: system calls, allocations, reads, a kernel that
# does not answer.  make check tries a sample; tests/live/faults.sh --all tries every fault.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" strace

open_sockets tcp-listen:port=8080,workers=2 udp:addr=::,port=53 tcp-pair:port=9000 tcp-bound:port=7000

faults() {
	checks=$((checks + 1))
	"$python" "$SRCDIR/tests/live/faults.py" "$@" "$PORTSTAT" || fail "faults.py $*"
}

# The sanitizers make system calls of their own, end the program where one fails, look for leaks where
# they cannot (beside strace), and bring the allocation functions.  What counts coverage does not survive
# an allocation that fails.
if grep -q __asan_init "$PORTSTAT"; then
	export ASAN_OPTIONS=detect_leaks=0
elif grep -q __gcov_ "$PORTSTAT"; then
	faults "$@"
else
	faults "$@"
	faults --shim="$BUILDDIR/tests/live/shim.so" "$@"
fi

# The kernel never gets these requests, so it stays silent: the listing ends in time and says so.
silent() {
	local started=${EPOCHREALTIME/./}

	run "$1" strace -f -qq --seccomp-bpf -e signal=none -o /dev/null -e trace=sendto \
		-e inject=sendto:retval=100:when="$2" "$PORTSTAT" -a --strict
	[ $((${EPOCHREALTIME/./} - started)) -lt 5000000 ] ||
		fail "a kernel that is silent holds the listing for more than 5 s"
	expect_match "a kernel that is silent: a line says so" 'cut short' "$tmp/err"
}
silent 4 1+
silent 3 3
finish
