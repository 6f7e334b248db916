#!/bin/bash
# --free: what it prints can be bound on every address, and is of no other use.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" sysctl

# answer WANT ARGUMENT...
answer() {
	local want=$1

	shift
	run 0 "$PORTSTAT" "$@"
	expect "$*" "$want" "$(paste -sd' ' "$tmp/out")"
}

answer "1024" --free
answer "1024 1025 1026" --free --count=3
answer "8000" --free=8000-8999
answer "80" --free=http
answer "3000 9000" --free=9000,3000 --count=2
answer "49152" --free=dynamic -t
answer "" -q --free

# ---- what is taken ------------------------------------------------------------------------------

open_sockets tcp-listen:port=1024 udp:addr=::1,port=1025 tcp-listen:addr=127.0.0.1,port=1026 \
	udp:addr=127.0.0.1,port=1027 tcp-bound:port=1028 tcp-pair:port=1029,end=time-wait
answer "1030" --free
answer "1024" --free -u
answer "1025" --free -t
answer "1030" --free -tu
run 1 "$PORTSTAT" --free=1024-1028
expect "none" "portstat: 0 free ports were found" "$(<"$tmp/err")"
expect_lines "nothing is printed" 0 "$tmp/out"
run 1 "$PORTSTAT" -q --free=1024-1028
expect_lines "not a word" 0 "$tmp/err"
run 1 "$PORTSTAT" --free=1028-1031 --count=3
expect "the two that there are" "1030 1031" "$(paste -sd' ' "$tmp/out")"
expect "too few" "portstat: 2 free ports were found" "$(<"$tmp/err")"
stop_helper

# ---- what is left out ---------------------------------------------------------------------------

sysctl -q -w net.ipv4.ip_local_reserved_ports=1024-1025,1027
answer "1026 1028" --free --count=2
answer "1024" --free=1024-2000
sysctl -q -w net.ipv4.ip_local_reserved_ports= net.ipv4.ip_local_port_range="1024 1999"
answer "2000" --free
answer "1024" --free=ephemeral
if command -v nft >/dev/null && nft -f - 2>"$tmp/log" <<'END'; then
table ip free {
	chain pre {
		type nat hook prerouting priority dstnat
		tcp dport 2000-2001 redirect to :80
		udp dport 2002 redirect to :53
		ip daddr 10.0.0.9 dnat to 10.0.0.10
	}
}
END
	answer "2003" --free
	answer "2002" --free -t
	answer "2000" --free -u
	answer "2000" --free=2000
	nft flush ruleset
else
	left_out "forwarded ports: $(cat "$tmp/log" 2>/dev/null || echo "there is no nft")"
fi

# ---- another namespace --------------------------------------------------------------------------

open_sockets tcp-listen:port=2000
unshare -n sleep 1000 &
peer=$!
trap 'kill "$peer"; cleanup' EXIT
is_apart() {
	# shellcheck disable=SC2317 # called by wait_for
	[ "$(readlink "/proc/$peer/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}
wait_for "another network namespace" is_apart
answer "2001" --free
answer "1024" --free -N "pid:$peer"
nsenter -t "$peer" -n sysctl -q -w net.ipv4.ip_local_reserved_ports=1024
answer "1025" --free -N "pid:$peer"
answer "2001" --free -N host
run 4 "$PORTSTAT" --free -N nosuchname
expect_match "no such namespace" nosuchname "$tmp/err"

# ---- without IPv6, and without privilege --------------------------------------------------------

sysctl -q -w net.ipv6.conf.all.disable_ipv6=1
answer "2001" --free
sysctl -q -w net.ipv6.conf.all.disable_ipv6=0
if is_real_root && command -v setpriv >/dev/null; then
	run 1 setpriv --reuid=65534 --regid=65534 --clear-groups "$PORTSTAT" --free=80-90
	run 0 setpriv --reuid=65534 --regid=65534 --clear-groups "$PORTSTAT" --free=80-90,3000
	expect "what an ordinary user may bind" 3000 "$(<"$tmp/out")"
else
	left_out "a port below 1024 without privilege: only root has any to give up"
fi
stop_helper

# ---- again and again ----------------------------------------------------------------------------

run 0 "$python" "$SRCDIR/tests/live/free.py" "$PORTSTAT" 300
expect "all of them" "300 answers, each bound on every address" "$(<"$tmp/out")"
finish
