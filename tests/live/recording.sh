#!/bin/bash
# A recording contains its host, time and the names that were shown: a replay shows these on any host,
# and never interprets a number by the tables of the host that replays it.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
shares_processes=yes in_namespaces "$0" "$@"
need "$python" unshare ip

unshare --uts true 2>/dev/null || skip "no UTS namespace here"
# Whichever kind of device this kernel can make; nothing is sent through it.
for kind in dummy veth bridge ifb vcan; do
	ip link add far0 type "$kind" 2>/dev/null && break
done
ip link set far0 up 2>/dev/null || skip "no device can be made here"
index=$(ip -o link show far0 | cut -d: -f1)
[ -w /proc/sys/net/ipv4/ip_local_port_range ] || mount -t proc proc /proc || skip "no /proc of one's own"
echo "40000 40009" >/proc/sys/net/ipv4/ip_local_port_range

# named NAME COMMAND...: on a host of that name.
# shellcheck disable=SC2317 # called by name
named() {
	unshare --uts "$python" -c 'import os, socket, sys
socket.sethostname(sys.argv[1])
os.execv(sys.argv[2], sys.argv[2:])' "$@"
}
ip address add 10.7.0.1/24 dev far0
open_sockets tcp-listen:port=40005,dev=far0 tcp-listen:port=8080 tcp-pair:addr=10.7.0.1,port=8081
run 0 named far.example "$PORTSTAT" -l --record="$tmp/far.nl" --json
cp "$tmp/out" "$tmp/there.json"
# All that is not told by processes; which cgroup it is, this host alone knows.
columns=host,proto,family,dual_stack,state,local,peer,peer_scope,iface,service,port_class,reach,recv_q,send_q
columns=$columns,uid,user,inode,mark,netns,cookie,timer,tcp,memory
formats=("" --json --jsonl --csv)
for i in "${!formats[@]}"; do
	# shellcheck disable=SC2086 # an option or none
	run 0 named far.example "$PORTSTAT" -a -W --owners=none --columns="$columns" ${formats[i]} \
		--record="$tmp/format$i.nl"
	cp "$tmp/out" "$tmp/format$i.there"
done
# The other host has another name, no such device, another range of ports, other users, and is later.
stop_helper
echo 'toor:x:0:0::/:/bin/sh' >"$tmp/passwd"
has_other_users=no
! is_real_root || ! mount --bind "$tmp/passwd" /etc/passwd || has_other_users=yes
# shellcheck disable=SC2317 # called by name
elsewhere() {
	named near.example "$(command -v unshare)" --net "$@"
}

# field KEY FILE: a string of the document's head.
field() {
	sed -n "s/^{.*\"$1\": \(\"[^\"]*\"\|null\).*/\\1/p" "$2"
}

run 0 elsewhere "$PORTSTAT" --replay="$tmp/far.nl" -l --json
cp "$tmp/out" "$tmp/here.json"
expect "the host of a recording" '"far.example"' "$(field host "$tmp/here.json")"
there=$(field time "$tmp/there.json")
here=$(field time "$tmp/here.json")
# It began no later than its listing, and a slow machine's minute before that at the earliest.
seconds=$(($(date -d "${there//\"/}" +%s) - $(date -d "${here//\"/}" +%s)))
expect "when the recording began" yes "$([ "$seconds" -ge 0 ] && [ "$seconds" -lt 60 ] && echo yes)"
run 0 elsewhere "$PORTSTAT" --replay="$tmp/far.nl" -l --json
expect "the same whenever it is played" "$here" "$(field time "$tmp/out")"
expect "the device by its name there" far0 \
	"$(rows select "$tmp/here.json" local_port=40005 -- iface | tr -d '"')"
run 0 elsewhere "$PORTSTAT" --replay="$tmp/far.nl" -lH dev far0
expect_lines "a filter by the name of the device" 1 "$tmp/out"
run 0 elsewhere "$PORTSTAT" --replay="$tmp/far.nl" -lH lport ephemeral
expect_lines "the ephemeral range of that host" 1 "$tmp/out"

# What was printed there is printed here, but for the time: that of a listing is after the recording's.
without_time() {
	sed 's/"time": "[^"]*"/"time": ""/' "$1"
}
for i in "${!formats[@]}"; do
	# shellcheck disable=SC2086 # an option or none
	run 0 elsewhere "$PORTSTAT" -a -W --owners=none --columns="$columns" ${formats[i]} \
		--replay="$tmp/format$i.nl"
	without_time "$tmp/format$i.there" >"$tmp/want"
	without_time "$tmp/out" >"$tmp/got"
	expect_same "a replay elsewhere: ${formats[i]:-table}" "$tmp/want" "$tmp/got"
done
# A bare system has no machine-id(5) before its first boot.
machine=null
[ ! -s /etc/machine-id ] || machine='"[0-9a-f]{16}"'
expect_match "the machine is that of the recording" "\"machine\": $machine" "$tmp/here.json"
expect_match "and its addresses" '"addresses": \["10\.7\.0\.1"' "$tmp/here.json"

# Users have the names that they have there: uid 0 is toor here.
user=$(id -un)
if [ $has_other_users = yes ]; then
	user=root
	expect "what this host calls it" toor "$(id -un)"
else
	left_out "other users on the other host: only root can replace /etc/passwd"
fi
run 0 "$PORTSTAT" --replay="$tmp/far.nl" -l --columns=uid,user -H 8080
expect "the user of there" "0  $user" "$(sed 's/ *$//' "$tmp/out")"
run 0 "$PORTSTAT" --replay="$tmp/far.nl" -lH user "$user"
expect_lines "a filter by its name there" 3 "$tmp/out"
run 2 "$PORTSTAT" --replay="$tmp/far.nl" -l user toor
run 0 "$PORTSTAT" --replay="$tmp/far.nl" -lH user 0
expect_lines "and by number" 3 "$tmp/out"

# A recording from before there was a header: nothing is known, and nothing is made up.
"$python" - "$tmp/far.nl" >"$tmp/old.nl" <<'END'
import struct, sys
data = open(sys.argv[1], "rb").read()
while data:
    size, kind = struct.unpack_from("=IH", data)
    if kind != 1 or not data.startswith(b"portstat", 16):
        sys.stdout.buffer.write(data[:size + 3 & ~3])
    data = data[size + 3 & ~3:]
END
run 0 "$PORTSTAT" --replay="$tmp/old.nl" -l --json
expect "no host" null "$(field host "$tmp/out")"
expect "no time" null "$(field time "$tmp/out")"
expect "the device by its number" "$index" \
	"$(rows select "$tmp/out" local_port=40005 -- iface | tr -d '"')"
rows check "$tmp/out"
run 0 "$PORTSTAT" --replay="$tmp/old.nl" -l --columns=uid,user -H 8080
expect "users by number" "0  0" "$(sed 's/ *$//' "$tmp/out")"
run 2 "$PORTSTAT" --replay="$tmp/old.nl" -l user root
expect_match "a name of this host finds nothing there" 'does not contain user names' "$tmp/err"

# The kernel of the recording decides what its numbers mean, and the header is no part of a listing.
run 0 "$PORTSTAT" --replay="$tmp/far.nl" -lH --strict
expect_lines "rows of the recording" 3 "$tmp/out"
expect_lines "nothing to say" 0 "$tmp/err"
finish
