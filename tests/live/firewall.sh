#!/bin/bash
# What rules do with packets, as portstat says it, held against real packets between three network
# namespaces: rule sets as people have them, and random ones.
#
#     SEEDS=5000 FIRST=1000 tests/live/firewall.sh        that many random ones, from that seed on
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need nft "$python" sysctl
nft list ruleset >"$tmp/log" 2>&1 || skip "this kernel has no nf_tables for us: $(head -n1 "$tmp/log")"
firewall=$BUILDDIR/tests/live/firewall

# ---- links --------------------------------------------------------------------------------------

unshare -n sleep infinity &
peer=$!
unshare -n sleep infinity &
behind=$!
trap 'kill "$peer" "$behind"; cleanup' EXIT
# shellcheck disable=SC2317 # called by wait_for
are_apart() {
	local own

	own=$(readlink /proc/self/ns/net)
	[ "$(readlink "/proc/$peer/ns/net")" != "$own" ] && [ "$(readlink "/proc/$behind/ns/net")" != "$own" ]
}
wait_for "the other namespaces" are_apart

# link NEAR FAR NAMESPACE NET: a veth device NEAR here and FAR there, .1 and .2 of 10.NET.0.0/24.
link() {
	local there=(nsenter -t "$3" -n) near far

	ip link add "$1" type veth peer name "$2" netns "$3" 2>"$tmp/log" ||
		skip "no veth here: $(head -n1 "$tmp/log")"
	ip addr add "10.$4.0.1/24" dev "$1"
	ip addr add "fd$4::1/64" dev "$1" nodad
	"${there[@]}" ip addr add "10.$4.0.2/24" dev "$2"
	"${there[@]}" ip addr add "fd$4::2/64" dev "$2" nodad
	ip link set "$1" up
	"${there[@]}" ip link set "$2" up
	near=$(ip -o link show "$1" | sed 's/.*ether \([^ ]*\).*/\1/')
	far=$("${there[@]}" ip -o link show "$2" | sed 's/.*ether \([^ ]*\).*/\1/')
	# No packet waits for an answer to who has an address.
	ip neigh replace "10.$4.0.2" lladdr "$far" dev "$1"
	ip neigh replace "fd$4::2" lladdr "$far" dev "$1"
	"${there[@]}" ip neigh replace "10.$4.0.1" lladdr "$near" dev "$2"
	"${there[@]}" ip neigh replace "fd$4::1" lladdr "$near" dev "$2"
}
link v0 v1 "$peer" 78
link u0 u1 "$peer" 76
link w0 w1 "$behind" 79
ip addr add 10.77.0.1/32 dev lo
ip addr add fd77::1/128 dev lo nodad
for device in v u; do
	net=78
	[ "$device" = v ] || net=76
	nsenter -t "$peer" -n ip route add default via "10.$net.0.1" dev "${device}1" metric "$net"
	nsenter -t "$peer" -n ip -6 route add default via "fd$net::1" dev "${device}1" metric "$net"
done
ip route add 10.200.0.0/16 via 10.78.0.2
ip -6 route add fd00::/16 via fd78::2
nsenter -t "$behind" -n ip addr add 10.79.0.3/24 dev w1
nsenter -t "$behind" -n ip addr add fd79::3/64 dev w1 nodad
nsenter -t "$behind" -n ip route add default via 10.79.0.1
nsenter -t "$behind" -n ip -6 route add default via fd79::1
far=$(nsenter -t "$behind" -n ip -o link show w1 | sed 's/.*ether \([^ ]*\).*/\1/')
ip neigh replace 10.79.0.3 lladdr "$far" dev w0
ip neigh replace fd79::3 lladdr "$far" dev w0
# What is forwarded, and no check of where packets come from: rules alone are in question.
sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
for device in all v0 u0 w0 lo; do
	sysctl -q -w "net.ipv4.conf.$device.rp_filter=0" "net.ipv4.conf.$device.accept_local=1"
done

# ---- rule sets as people have them --------------------------------------------------------------

# compared NAME: the answers about the rules that are loaded are right; prints how many are certain.
compared() {
	local asked certain alike wrong packets

	checks=$((checks + 1))
	echo "$1" | "$firewall" "$peer" "$behind" >"$tmp/answers" || fail "$1: the helper ended with $?"
	read -r asked certain alike wrong packets < <(tail -n1 "$tmp/answers" | sed "s/^$1 //")
	[ "${wrong:-1}" = 0 ] || fail "$1: $(head -n -1 "$tmp/answers")"
	echo "$1: $packets packets, $asked answers: $certain certain, $((asked - certain)) depend, $alike of them needlessly"
}

# compared_nft NAME: the same of rules on standard input.
compared_nft() {
	nft flush ruleset
	if nft -f - 2>"$tmp/log"; then
		compared "$1"
	else
		left_out "$1: $(head -n1 "$tmp/log")"
	fi
}

nft flush ruleset
compared "no rules"
compared_nft "a server" <<'END'
table inet filter {
	set open { type inet_service; flags interval; elements = { 22, 80-81, 443 } }
	set banned { type ipv4_addr; flags dynamic, timeout; timeout 1h; }
	chain input {
		type filter hook input priority filter; policy drop;
		ct state vmap { established : accept, related : accept, invalid : drop }
		iif lo accept
		meta l4proto { icmp, ipv6-icmp } accept
		ip saddr @banned drop
		tcp dport @open accept
		udp dport { 53, 443 } accept
		ip saddr 10.200.0.0/25 tcp dport 1000 accept
		limit rate 5/minute log prefix "dropped "
	}
	chain forward { type filter hook forward priority filter; policy drop; }
}
END
compared_nft "zones, as firewalld has them" <<'END'
table inet firewalld {
	chain mangle_PREROUTING {
		type filter hook prerouting priority mangle + 10; policy accept;
	}
	chain nat_PREROUTING {
		type nat hook prerouting priority dstnat + 10; policy accept;
		jump nat_PREROUTING_ZONES
	}
	chain nat_PREROUTING_ZONES { iifname "v0" goto nat_PRE_public; goto nat_PRE_public; }
	chain nat_PRE_public { tcp dport 8080 redirect to :80; tcp dport 8085 dnat ip to 10.79.0.2:80; }
	chain filter_INPUT {
		type filter hook input priority filter + 10; policy accept;
		ct state { established, related } accept
		ct status dnat accept
		iifname "lo" accept
		ct state invalid drop
		jump filter_INPUT_ZONES
		reject with icmpx admin-prohibited
	}
	chain filter_INPUT_ZONES { iifname "v0" goto filter_IN_public; goto filter_IN_public; }
	chain filter_IN_public { tcp dport 22 accept; udp dport 53 accept; ip6 daddr fe80::/64 udp dport 546 accept; }
	chain filter_FORWARD {
		type filter hook forward priority filter + 10; policy accept;
		ct state { established, related } accept
		ct status dnat accept
		iifname "lo" accept
		ct state invalid drop
		reject with icmpx admin-prohibited
	}
}
END
if command -v iptables-nft-restore >/dev/null; then
	nft flush ruleset
	iptables-nft-restore <<'END' && compared "Docker's own"
*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 10.79.0.0/24 ! -o w0 -j MASQUERADE
-A DOCKER -i w0 -j RETURN
-A DOCKER ! -i w0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.79.0.2:80
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o w0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o w0 -j DOCKER
-A FORWARD -i w0 ! -o w0 -j ACCEPT
-A FORWARD -i w0 -o w0 -j ACCEPT
-A DOCKER -d 10.79.0.2/32 ! -i w0 -o w0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i w0 ! -o w0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o w0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
END
	nft flush ruleset
	iptables-nft-restore <<'END' && compared "ufw"
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:ufw-before-input - [0:0]
:ufw-not-local - [0:0]
:ufw-user-input - [0:0]
:ufw-after-input - [0:0]
:ufw-logging-deny - [0:0]
:ufw-skip-to-policy-input - [0:0]
-A INPUT -j ufw-before-input
-A INPUT -j ufw-after-input
-A ufw-before-input -i lo -j ACCEPT
-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny
-A ufw-before-input -m conntrack --ctstate INVALID -j DROP
-A ufw-before-input -p icmp --icmp-type echo-request -j ACCEPT
-A ufw-before-input -p udp --sport 67 --dport 68 -j ACCEPT
-A ufw-before-input -j ufw-not-local
-A ufw-before-input -d 224.0.0.251 -p udp --dport 5353 -j ACCEPT
-A ufw-before-input -j ufw-user-input
-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN
-A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN
-A ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny
-A ufw-not-local -j DROP
-A ufw-user-input -p tcp --dport 22 -j ACCEPT
-A ufw-user-input -p tcp -m multiport --dports 80,443 -j ACCEPT
-A ufw-user-input -p udp --dport 53 -j ACCEPT
-A ufw-logging-deny -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "
-A ufw-after-input -p udp --dport 137 -j ufw-skip-to-policy-input
-A ufw-skip-to-policy-input -j DROP
COMMIT
END
else
	left_out "there is no iptables-nft"
fi

# ---- random rule sets ---------------------------------------------------------------------------

more=()
! command -v iptables-nft-restore >/dev/null || more=(iptables)
checks=$((checks + 1))
"$python" "$SRCDIR/tests/live/random-rules.py" "$firewall" "$peer" "$behind" "${FIRST:-1}" "${SEEDS:-150}" "${more[@]}" \
	>"$tmp/out" || {
	cat "$tmp/out"
	fail "a random rule set"
}
tail -n1 "$tmp/out"

# ---- the program --------------------------------------------------------------------------------

cat >"$tmp/listen.py" <<'END'
import socket, sys
kept = []
for at in sys.argv[1:]:
    addr, port = at.rsplit(":", 1)
    s = socket.socket(socket.AF_INET6 if ":" in addr else socket.AF_INET)
    s.bind((addr, int(port)))
    s.listen()
    kept.append(s)
print("ready", flush=True)
sys.stdin.read()
END
start_helper "$python" "$tmp/listen.py" 0.0.0.0:80 0.0.0.0:81 10.78.0.1:82 127.0.0.1:83 :::84 :::85

# listed ARGUMENT...: ports and values.
listed() {
	"$PORTSTAT" -ltH -0 --columns=local_port,firewall "$@" 2>"$tmp/err" | tr '\t\0' ' \n' | paste -sd,
}

nft flush ruleset
without=accepted
sees_legacy_tables || without=depends
expect "no rules" "80 $without,81 $without,82 $without,83 -,84 $without,85 $without" "$(listed)"
nft -f - <<'END'
table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		tcp dport 80 accept
		ip saddr 192.0.2.1 tcp dport 81 accept
		ip daddr 10.78.0.1 tcp dport 82 accept
		meta nfproto ipv4 tcp dport 84 accept
	}
}
END
if is_real_root; then
	expect "rules" "80 accepted,81 depends,82 accepted,83 -,84 depends,85 dropped" "$(listed)"
	expect "a filter" "85 dropped" "$(listed firewall dropped)"
	expect "two values" "80 accepted,82 accepted,85 dropped" "$(listed firewall accepted or firewall dropped)"
	expect "what is not dropped" "80 accepted,81 depends,82 accepted,83 -,84 depends" "$(listed not firewall dropped)"
	expect "nothing is missing" "" "$(cat "$tmp/err")"
	# There may be namespaces of others, without a process whose files tell of legacy tables.
	expect "another namespace" "80 accepted,81 depends,82 accepted,83 -,84 depends,85 dropped" "$(listed -N all)"
	run 0 "$PORTSTAT" --json --columns=firewall,state lport 85
	expect_match "JSON" '"firewall": "dropped"' "$tmp/out"
	cp "$PORTSTAT" "$tmp/portstat"
	run 3 setpriv --reuid=65534 --clear-groups --inh-caps=-all "$tmp/portstat" -l --strict --columns=local,firewall lport 80
	expect_match "who may not read them is told so" 'firewall rules could not be read; .* CAP_NET_ADMIN' "$tmp/err"
	run 1 setpriv --reuid=65534 --clear-groups --inh-caps=-all "$tmp/portstat" -l firewall accepted
	expect_match "rows that cannot be judged" 'could not be tested for "firewall accepted"' "$tmp/err"
fi
nft add table netdev t 2>/dev/null && nft add chain netdev t in '{ type filter hook ingress device v0 priority 0; }' 2>/dev/null &&
	expect "rules of a device" "80 depends" "$(listed lport 80)"
nft flush ruleset
if tc qdisc add dev v0 clsact 2>/dev/null; then
	expect "tc" "80 depends" "$(listed lport 80)"
	expect_match "it is named" 'are not read: .*tc$' "$tmp/err"
	tc qdisc del dev v0 clsact
else
	left_out "there is no clsact here"
fi
if command -v iptables-legacy >/dev/null && iptables-legacy -A INPUT -p tcp --dport 80 -j DROP 2>/dev/null; then
	expect "tables of iptables-legacy" "80 depends" "$(listed lport 80)"
	expect_match "they are named" 'are not read: iptables-legacy \(filter\)' "$tmp/err"
	expect "no table is made by looking" filter "$(cat /proc/net/ip_tables_names)"
else
	left_out "there is no iptables-legacy here"
fi
finish
