#!/bin/bash
# Without privileges all sockets are listed, owners of other users are shown as hidden, and one line
# reports that; with privileges, or if all processes are the user's own, the listing is complete.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

keys=(proto state local_addr local_port peer_addr peer_port inode uid)
open_sockets tcp-listen:port=8080 udp:addr=::,port=53 tcp-pair:port=9000 tcp-bound:port=7000 \
	tcp-listen:port=9010,pending=1 tcp-pair:port=9007,end=time-wait,quiet=1

run 0 "$PORTSTAT" -a --json --strict
cp "$tmp/out" "$tmp/root.json"
expect_lines "nothing to say" 0 "$tmp/err"
rows opened "$tmp/root.json" "$tmp/opened"
expect_match "the listing is whole" '"complete": *true' "$tmp/root.json"

# explains FILTER KERNEL COMMAND...: what the command says that the kernel answers of the filter.
explains() {
	local filter=$1 kernel=$2

	shift 2
	run 0 "$@" --explain-filter "$filter"
	expect "what the kernel answers: $*" "kernel: $kernel" "$(sed -n 2p "$tmp/out")"
}
# Whoever asks for marks needs CAP_NET_ADMIN where the network namespace belongs to.
explains "not mark 5" "not mark 5/0xffffffff or state time-wait" "$PORTSTAT"
if unshare -r true 2>/dev/null; then
	explains "mark 5 and state listen" "state listen" unshare -r "$PORTSTAT"
	explains "mark 5 and state listen" "mark 5/0xffffffff and state listen" unshare -rn "$PORTSTAT"
else
	left_out "the root of a user namespace: none can be made here"
fi

# Only root can become nobody.
if ! is_real_root; then
	left_out "privilege given up: only root has any"
	finish
fi
need setpriv
cp "$PORTSTAT" "$BUILDDIR/tests/live/opensock" "$tmp"
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/portstat")

run 0 "${nobody[@]}" -a --json
cp "$tmp/out" "$tmp/nobody.json"
cp "$tmp/err" "$tmp/said"
rows select "$tmp/root.json" -- "${keys[@]}" >"$tmp/want"
rows select "$tmp/nobody.json" -- "${keys[@]}" >"$tmp/got"
expect_same "the sockets are all there" "$tmp/want" "$tmp/got"
expect_lines "one line on standard error" 1 "$tmp/said"
expect_match "it speaks of processes" 'process' "$tmp/said"
expect_match "the listing is not whole" '"complete": *false' "$tmp/nobody.json"
# Every socket with an inode is somebody else's; one without has its own reason.
rows select "$tmp/nobody.json" owner_note=hidden -- inode | grep -v null >"$tmp/hidden"
expect_lines "owners that are hidden" 8 "$tmp/hidden"
expect "a connection not accepted" 1 \
	"$(rows select "$tmp/nobody.json" owner_note=not-accepted -- owners | wc -l)"
expect "time-wait" 1 "$(rows select "$tmp/nobody.json" owner_note=time-wait -- owners | wc -l)"
expect_match "the problem in the document" '"code": *"' "$tmp/nobody.json"

explains "mark 5 and state listen" "state listen" "${nobody[@]}"
# BPF alone is what nobody may not have, and what was asked for.
run 0 "${nobody[@]}" -l --owners=bpf
expect_match "what would bring the owners" '^portstat: BPF .* no owner is known; .*--owners=proc' "$tmp/err"
expect_lines "in one line" 1 "$tmp/err"

run 3 "${nobody[@]}" -a --json --strict
run 0 "${nobody[@]}" -a
expect_lines "one line for the table" 1 "$tmp/err"
expect_match "hidden in the table" ' (\(hidden\)|~.*)$' "$tmp/out"
run 0 "${nobody[@]}" -aq
expect_lines "nothing with -q" 0 "$tmp/err"

# -q changes nothing of the answer: whatever is asked for, the status is the same with it.
for arguments in "-a --strict" "-a --strict --json" "-a --strict --columns=proto" "-l --strict 9999" \
	"-s --strict" "-l --strict --sort=owners.pid --columns=proto 8080" "-a --csv --strict proc opensock" \
	"-l 8080" "-l 9999"; do
	read -ra words <<<"$arguments"
	loud=0
	"${nobody[@]}" "${words[@]}" >/dev/null 2>&1 || loud=$?
	run "$loud" "${nobody[@]}" -q "${words[@]}"
	expect_lines "-q $arguments prints nothing" 0 "$tmp/out"
	expect_lines "-q $arguments says nothing" 0 "$tmp/err"
done
run 3 "${nobody[@]}" -lq --strict 8080

# A row shown that lacks no owner is whole, whoever else cannot be read.
run 0 "${nobody[@]}" -t --strict state time-wait

# What is one's own is named, without privilege.
stop_helper
start_helper setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/opensock" tcp-listen:port=8080
run 0 "${nobody[@]}" -l --json
expect "one's own socket" "fd" \
	"$(rows select "$tmp/out" local_port=8080 -- owners | grep -o '"via": "[a-z]*"' | cut -d'"' -f4)"

finish
