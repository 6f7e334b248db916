#!/bin/bash
# Compares the listings of recordings with those stored beside this script.  UPDATE=1 rewrites them.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
make_tmp

# Recordings hold the byte order of the machine that made them.
[ "$(printf '\1\0' | od -An -td2 | tr -d ' ')" = 1 ] || skip "the recordings are little-endian"

data=$SRCDIR/tests/data
golden=$SRCDIR/tests/golden

# What differs from run to run and from host to host stands still.
settle() {
	sed -E -e 's/"time": ?"[^"]*"/"time":"-"/g' -e 's/"host": ?"[^"]*"/"host":"-"/g' \
		-e 's/"portstat": ?"[^"]*"/"portstat":"-"/g' \
		-e 's/"cgroup": ?("[^"]*"|null)/"cgroup":"-"/g'
}

while read -r name recording arguments; do
	# shellcheck disable=SC2086 # words
	run 0 "$PORTSTAT" --replay="$data/$recording.nl" $arguments
	settle <"$tmp/out" >"$tmp/settled"
	if [ "${UPDATE-}" = 1 ]; then
		cp "$tmp/settled" "$golden/$name"
	fi
	expect_same "portstat --replay=$recording.nl $arguments" "$golden/$name" "$tmp/settled"
done <<'CASES'
busy.txt	busy		-a
busy.json	busy		-a --json
busy-ports.txt	busy		-l 8000-8009,!8003
busy-wide.txt	busy		-ta -n -H state established lport 1024-2000
dual-stack.txt	dual-stack	-a
dual-stack.json	dual-stack	-a --json
dual-stack.jsonl	dual-stack	-6 --jsonl
dual-stack-4.txt	dual-stack	-a4
time-wait.txt	time-wait	-a
time-wait.json	time-wait	-a --json
sctp.txt	sctp		-S
sctp.json	sctp		-S --json
sctp-6.1.txt	sctp-6.1	-S
CASES

# What ss wrote itself is TCP, without requests.
run 0 "$PORTSTAT" --replay="$data/ss.nl" -a
cp "$tmp/out" "$tmp/ss.txt"
[ "${UPDATE-}" != 1 ] || cp "$tmp/ss.txt" "$golden/ss.txt"
expect_same "what ss -D wrote" "$golden/ss.txt" "$tmp/ss.txt"

# A recording cut anywhere is an answer or an error, never a crash; and never silently whole.
size=$(wc -c <"$data/time-wait.nl")
for ((n = 0; n < size; n += 52)); do
	head -c "$n" "$data/time-wait.nl" >"$tmp/cut.nl"
	got=0
	"$PORTSTAT" --replay="$tmp/cut.nl" -a --strict >"$tmp/out" 2>"$tmp/err" || got=$?
	checks=$((checks + 1))
	[ "$got" = 3 ] || [ "$got" = 4 ] || fail "exit status $got for the first $n bytes"
	[ -s "$tmp/err" ] || fail "nothing was said about the first $n bytes"
done
run 4 "$PORTSTAT" --replay="$tmp/absent.nl" -a

finish
