#!/bin/bash
# What rules send on and decide, held against real packets between two network namespaces.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need nft "$python"
nft list ruleset >"$tmp/log" 2>&1 || skip "this kernel has no nf_tables for us: $(head -n1 "$tmp/log")"
forwards=$BUILDDIR/tests/live/forwards

# take_rules WHAT: are the rules on standard input taken?  Kernels and nft lack this and that.
take_rules() {
	nft flush ruleset
	nft -f - 2>"$tmp/log" && return
	left_out "$1: $(head -n1 "$tmp/log")"
	return 1
}

# ---- the list -----------------------------------------------------------------------------------

expect "no rules" "" "$("$forwards")"
if take_rules "the rules of tests/data" <"$SRCDIR/tests/data/rules.nft"; then
	"$forwards" >"$tmp/out"
	expect_lines "forwards of rules.nft" 24 "$tmp/out"
	expect_match "a map" '^6 .* 82-82 > dnat 10.0.0.2 8082 nft in \[nat pre\]$' "$tmp/out"
	expect_match "a set of intervals" '^6 .* 9000-9010 > dnat 10.0.0.5 - nft in \[nat pre\]$' "$tmp/out"
	expect_match "a verdict map" '> dnat 10.0.0.9 7000-7010 nft in \[nat pre > sub\]$' "$tmp/out"
fi
nft flush ruleset

# ---- packets ------------------------------------------------------------------------------------

# The other end: a namespace of its own, which is gone when its process is.
ip addr add 10.77.0.1/24 dev lo
unshare -n sleep infinity &
peer=$!
trap 'kill "$peer"; cleanup' EXIT
# shellcheck disable=SC2317 # called by wait_for
is_apart() {
	[ "$(readlink "/proc/$peer/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}
wait_for "the other namespace" is_apart
ip link add v0 type veth peer name v1 netns "$peer" 2>"$tmp/log" ||
	skip "no veth here: $(head -n1 "$tmp/log")"
ip addr add 10.78.0.1/24 dev v0
ip link set v0 up
nsenter -t "$peer" -n ip addr add 10.78.0.2/24 dev v1
nsenter -t "$peer" -n ip link set v1 up
sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.route_localnet=1 2>/dev/null || :

# A server at these ports that answers with the port at which the connection came in.
cat >"$tmp/server.py" <<'END'
import os, select, socket, sys
listeners = []
for port in map(int, sys.argv[1:]):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("0.0.0.0", port))
    s.listen()
    listeners.append(s)
print("ready", flush=True)
while True:
    for s in select.select(listeners + [0], [], [])[0]:
        if s == 0:
            os._exit(0)
        c = s.accept()[0]
        c.sendall(b"%d" % s.getsockname()[1])
        c.close()
END
# Connects to each port: what the server says, refused, or silence.
cat >"$tmp/client.py" <<'END'
import socket, sys
for port in map(int, sys.argv[2:]):
    try:
        s = socket.create_connection((sys.argv[1], port), 0.7)
        print(port, s.recv(16).decode())
    except ConnectionRefusedError:
        print(port, "refused")
    except OSError:
        print(port, "silence")
END
start_helper "$python" "$tmp/server.py" 80 81 82 83 90 91

# answers PORT...: what a client in the other namespace gets.
answers() {
	nsenter -t "$peer" -n "$python" "$tmp/client.py" 10.78.0.1 "$@"
}

# foretold PORT...: the same, from the rules, for servers at all those ports.
foretold() {
	local port questions=() verdict target

	for port in "$@"; do
		questions+=(0 in tcp 10.78.0.1 "$port")
	done
	"$forwards" judge "${questions[@]}" | paste -d' ' <(printf '%s\n' "$@") - >"$tmp/nat"
	while read -r port verdict _ _ target; do
		[ "$verdict" = forwarded ] || target=$port
		case $(if [ "$verdict" = dropped ]; then echo dropped; else
			"$forwards" judge 1 in tcp 10.78.0.1 "$target"; fi) in
		accepted) echo "$port $target" ;;
		dropped) echo "$port silence" ;;
		rejected) echo "$port refused" ;;
		*) echo "$port depends" ;;
		esac
	done <"$tmp/nat"
}

# same_for WHAT PORT...: real packets do what is foretold.
same_for() {
	local what=$1

	shift
	answers "$@" >"$tmp/answers"
	foretold "$@" >"$tmp/foretold"
	expect_same "$what" "$tmp/answers" "$tmp/foretold"
}

same_for "no rules" 80 81 90
if take_rules "nft" <<'END'
table ip nat {
	map to { type inet_service : inet_service; elements = { 1000 : 81, 1001 : 82 } }
	set many { type inet_service; flags interval; elements = { 2000-2009, 2020 } }
	chain sub { meta l4proto tcp redirect to :83; }
	chain pre {
		type nat hook prerouting priority dstnat;
		tcp dport 8080 redirect to :80
		tcp dport @many redirect to :82
		meta l4proto tcp redirect to :tcp dport map @to
		tcp dport vmap { 3000 : jump sub, 3001 : return, 3002 : accept }
		tcp dport 3001 redirect to :80
		ip daddr 10.78.0.0/30 tcp dport 4000 dnat to 10.78.0.1:81
	}
}
table inet filter {
	set open { type inet_service; flags interval; elements = { 80-82, 90 } }
	chain late { tcp dport 91 reject with tcp reset; }
	chain in {
		type filter hook input priority filter; policy drop;
		ct state established accept
		iif lo accept
		tcp dport @open accept
		tcp dport vmap { 83 : accept, 91 : goto late }
	}
}
END
then
	# Those of a connection that is established say nothing of a new packet.
	same_for "nft" 80 81 90 91 92 8080 1000 1001 1002 2000 2005 2009 2010 2020 3000 3001 3002 4000
fi

if command -v iptables-nft >/dev/null; then
	nft flush ruleset
	if {
		iptables-nft -t nat -N DOCKER &&
			iptables-nft -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER &&
			iptables-nft -t nat -A DOCKER -p tcp --dport 8080 -j DNAT --to-destination 10.78.0.1:80 &&
			iptables-nft -t nat -A DOCKER -p tcp -m multiport --dports 1000,2000:2010 \
				-m comment --comment "a name" -j REDIRECT --to-ports 81 &&
			iptables-nft -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT &&
			iptables-nft -A INPUT -p tcp -m multiport --dports 80,81 -m state --state NEW -j ACCEPT &&
			iptables-nft -A INPUT -p tcp --dport 90 -j REJECT --reject-with tcp-reset &&
			iptables-nft -P INPUT DROP
	} 2>"$tmp/log"; then
		same_for "iptables-nft" 80 81 90 91 8080 8081 1000 1001 2000 2010 2011
		"$forwards" >"$tmp/out"
		expect_match "docker's own chain" \
			'8080-8080 > dnat 10.78.0.1 80 iptables in \[nat PREROUTING > DOCKER\]$' "$tmp/out"
	else
		left_out "iptables-nft: $(head -n1 "$tmp/log")"
	fi
	nft flush ruleset
else
	left_out "there is no iptables-nft"
fi

# ---- legacy tables ------------------------------------------------------------------------------

if command -v iptables-legacy >/dev/null && iptables-legacy -t nat -S >/dev/null 2>&1; then
	expect "the table that is loaded" "1 nat" "$("$forwards" legacy)"
	expect "no rules of nf_tables beside it" "" "$("$forwards")"
	# Looking makes no other table.
	expect "the tables after it" nat "$(cat /proc/net/ip_tables_names)"
else
	left_out "there is no iptables-legacy here"
fi

# ---- without privilege --------------------------------------------------------------------------

if is_real_root && command -v setpriv >/dev/null; then
	expect "without CAP_NET_ADMIN" "error 1" \
		"$(setpriv --reuid=65534 --clear-groups --inh-caps=-all "$forwards")"
fi
finish
