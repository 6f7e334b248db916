#!/bin/bash
# Both ends of connections between network namespaces: who is at the other end, and never who is not.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" ip nsenter pgrep sysctl

# Names of ip-netns(8), for this test alone.
mount -t tmpfs none /run 2>/dev/null || skip "nothing can be mounted over /run here"
mkdir /run/netns
ip netns add a1 2>"$tmp/err" || skip "no network namespace can be made here: $(head -n 1 "$tmp/err")"
for netns in b1 a2 b2 client router server x y; do
	ip netns add $netns
done
ip link add v0 type veth peer name v1 2>"$tmp/err" || skip "no veth here: $(head -n 1 "$tmp/err")"
ip link del v0

# One end of a connection, a process of this name: it says when it is there, and stays until the end
# of its standard input.
cat >"$tmp/end.py" <<'END'
import os, socket, sys
name, what, addr, port = sys.argv[1:5]
family = socket.AF_INET6 if ":" in addr else socket.AF_INET
with open("/proc/self/comm", "w") as comm:
    comm.write(name)
kind = socket.SOCK_DGRAM if what.startswith("udp") else socket.SOCK_STREAM
s = socket.socket(family, kind)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
to = socket.getaddrinfo(addr, int(port), family, kind)[0][4]
s.bind(to)
if what == "listen":
    s.listen()
else:
    s.connect(socket.getaddrinfo(sys.argv[5], int(sys.argv[6]), family, kind)[0][4])
print("ready", flush=True)
held = []
while what == "listen":
    held.append(s.accept()[0])
    print("accepted", flush=True)
sys.stdin.read()
END
mkfifo "$tmp/hold"
exec {hold}<>"$tmp/hold"
ends=()
# at NETNS NAME listen|connect|udp ADDR PORT [ADDR PORT]: a process in that namespace, until the test ends.
at() {
	local netns=$1

	shift
	: >"$tmp/said.$1"
	nsenter --net="/run/netns/$netns" "$python" "$tmp/end.py" "$@" \
		<"$tmp/hold" {hold}>&- >"$tmp/said.$1" 2>"$tmp/err.$1" &
	ends+=($!)
	wait_for "$1 in $netns" grep -qx ready "$tmp/said.$1"
}
# shellcheck disable=SC2317 # called by wait_for
has_accepted() {
	[ "$(grep -cx accepted "$tmp/said.$1")" -ge "$2" ]
}
# accepted NAME [N]: the listener has its connection, or N of them.
accepted() {
	wait_for "connections of $1" has_accepted "$1" "${2:-1}"
}
# shellcheck disable=SC2317 # called by the trap
stop_ends() {
	kill "${ends[@]}" 2>/dev/null
	wait "${ends[@]}" 2>/dev/null
}
trap 'stop_ends; cleanup' EXIT

# join NETNS DEVICE ADDRESS NETNS DEVICE ADDRESS: a veth pair.
join() {
	ip -n "$1" link add "$2" type veth peer name "$5" netns "$4"
	ip -n "$1" addr add "$3" dev "$2"
	ip -n "$4" addr add "$6" dev "$5"
	ip -n "$1" link set "$2" up
	ip -n "$4" link set "$5" up
}
# The namespace of the test, by a name.
touch /run/netns/here
mount --bind /proc/self/ns/net /run/netns/here
for netns in a1 b1 a2 b2 client router server x y; do
	ip -n $netns link set lo up
done

# peers FILTER...: for each connection its namespace, its process and those at the other end.
peers() {
	run 0 "$PORTSTAT" "${listed[@]}" -H --columns=ns,owners,peer_owners "$@"
	tr -s ' ' <"$tmp/out" | sed 's/\[[0-9]*\]//g; s/ *$//' | sort >"$tmp/got"
}
# expect_peers WHAT FILTER... <<END: those are expected, sorted.
expect_peers() {
	local what=$1

	shift
	cat >"$tmp/want"
	peers "$@"
	expect_same "$what" "$tmp/want" "$tmp/got"
}
listed=(--netns="all")

# ---- the same addresses and ports in two pairs -----------------------------------------------------

for pair in 1 2; do
	join a$pair eth0 10.9.0.1/24 b$pair eth0 10.9.0.2/24
	at b$pair srv$pair listen :: 80
	at a$pair cli$pair connect 10.9.0.1 5000 10.9.0.2 80
	accepted srv$pair
	# Loopback is each namespace's own, whatever is listed.
	at a$pair loop$pair listen 127.0.0.1 90
	at a$pair lo$pair connect 127.0.0.1 5001 127.0.0.1 90
	accepted loop$pair
done
expect_peers "two pairs with the same addresses" tcp state established <<END
a1 cli1 b1 srv1
a1 lo1 loop1
a1 loop1 lo1
a2 cli2 b2 srv2
a2 lo2 loop2
a2 loop2 lo2
b1 srv1 a1 cli1
b2 srv2 a2 cli2
END
expect_peers "the other end is a row or not" tcp sport 5000 <<END
a1 cli1 b1 srv1
a2 cli2 b2 srv2
END
listed=(--netns="a1,b2")
expect_peers "halves of two pairs are no pair" tcp and \( sport 5000 or dport 5000 \) <<END
a1 cli1 -
b2 srv2 -
END
listed=(--netns="a1,b1")
expect_peers "one pair" tcp and \( sport 5000 or dport 5000 \) <<END
a1 cli1 b1 srv1
b1 srv1 a1 cli1
END
listed=(--netns="all")
expect_peers "a filter by the name at the other end" peer_owners.name srv2 <<END
a2 cli2 b2 srv2
END
expect_peers "a filter by how far it is" scope host <<END
a1 lo1 loop1
a1 loop1 lo1
a2 lo2 loop2
a2 loop2 lo2
END
run 0 "$PORTSTAT" -N all --json --columns=netns_name,peer_owners,peer_owner_host,peer_scope tcp sport 5000 ns a1
pid=$(pgrep -x srv1)
expect_match "JSON" "\"peer_owners\": \[\{\"pid\": $pid, \"name\": \"srv1\", \"host\": \"[^\"]+\", \"netns\": $(stat -Lc %i /run/netns/b1)\}\], \"peer_owner_host\": null, \"peer_scope\": \"private\"" "$tmp/out"

# ---- link-local addresses, which every veth has, and UDP -------------------------------------------

ip -n a1 addr add fe80::1/64 dev eth0 nodad
ip -n b1 addr add fe80::2/64 dev eth0 nodad
at b1 srvl listen fe80::2%eth0 81
at a1 clil connect fe80::1%eth0 5002 fe80::2%eth0 81
accepted srvl
expect_peers "link-local addresses" tcp and \( sport 81 or dport 81 \) and state established <<END
a1 clil b1 srvl
b1 srvl a1 clil
END
at a1 udpa udp 10.9.0.1 5003 10.9.0.2 5004
at b1 udpb udp 10.9.0.2 5004 10.9.0.1 5003
expect_peers "UDP" udp state established <<END
a1 udpa b1 udpb
b1 udpb a1 udpa
END

# ---- a router, a bridge ----------------------------------------------------------------------------

join client eth0 10.10.1.2/24 router r1 10.10.1.1/24
join server eth0 10.10.2.2/24 router r2 10.10.2.1/24
ip -n client route add default via 10.10.1.1
ip -n server route add default via 10.10.2.1
nsenter --net=/run/netns/router sysctl -q -w net.ipv4.ip_forward=1
at server web listen 0.0.0.0 80
at client plain connect 10.10.1.2 6000 10.10.2.2 80
accepted web
expect_peers "over a router" tcp and port 6000 <<END
client plain server web
server web client plain
END
# IPv6, with a router that is known by its link-local address.
ip -n client addr add fd10:1::2/64 dev eth0 nodad
ip -n router addr add fe80::a/64 dev r1 nodad
ip -n router addr add fe80::b/64 dev r2 nodad
ip -n server addr add fd10:2::2/64 dev eth0 nodad
ip -n client -6 route add default via fe80::a dev eth0
ip -n server -6 route add default via fe80::b dev eth0
ip -n router -6 route add fd10:1::/64 dev r1
ip -n router -6 route add fd10:2::/64 dev r2
nsenter --net=/run/netns/router sysctl -q -w net.ipv6.conf.all.forwarding=1
at server web6 listen :: 86
at client plain6 connect fd10:1::2 6005 fd10:2::2 86
accepted web6
expect_peers "over a router, IPv6" tcp and port 6005 <<END
client plain6 server web6
server web6 client plain6
END
listed=(--netns="client,server")
expect_peers "over a router that is not listed" tcp and port 6000 <<END
client plain server web
server web client plain
END
listed=(--netns="all")

if ip link add br0 type bridge 2>"$tmp/err"; then
	ip addr add 10.20.0.1/24 dev br0
	ip link set br0 up
	for netns in x y; do
		ip link add v$netns type veth peer name eth0 netns $netns
		ip link set v$netns master br0 up
		ip -n $netns link set eth0 up
	done
	ip -n x addr add 10.20.0.2/24 dev eth0
	ip -n y addr add 10.20.0.3/24 dev eth0
	at y dby listen 0.0.0.0 82
	at x appx connect 10.20.0.2 7000 10.20.0.3 82
	accepted dby
	at here toy connect 10.20.0.1 7001 10.20.0.3 82
	expect_peers "over a bridge, and from the host of the bridge" tcp and port 7000,7001 <<END
host toy y dby
x appx y dby
y dby host toy
y dby x appx
END
	# A published port: from the host of the bridge, and from a neighbour that comes back over it.
	if nft -f - 2>"$tmp/err" <<'END'
table ip nat {
	chain pre {
		type nat hook prerouting priority -100
		tcp dport 8083 dnat to 10.20.0.3:82
	}
	chain out {
		type nat hook output priority -100
		tcp dport 8083 dnat to 10.20.0.3:82
	}
	chain post {
		type nat hook postrouting priority 100
		ip saddr 10.20.0.0/24 ip daddr 10.20.0.3 masquerade
	}
}
END
	then
		sysctl -q -w net.ipv4.ip_forward=1
		at x hairpin connect 10.20.0.2 7002 10.20.0.1 8083
		at here local connect 10.20.0.1 7003 10.20.0.1 8083
		accepted dby 4
		expect_peers "a published port" tcp and sport 7002,7003 <<END
host local y dby
x hairpin y dby
END
		nft delete table ip nat
	else
		left_out "a published port: $(head -n 1 "$tmp/err")"
	fi
else
	left_out "a bridge: $(head -n 1 "$tmp/err")"
fi

# ---- NAT -------------------------------------------------------------------------------------------

if nsenter --net=/run/netns/router nft -f - 2>"$tmp/err" <<'END'
table ip nat {
	chain pre {
		type nat hook prerouting priority -100
		tcp dport 8080 dnat to 10.10.2.2:80
	}
	chain post {
		type nat hook postrouting priority 100
		tcp sport 6002 masquerade
	}
}
END
then
	at client dnat connect 10.10.1.2 6001 10.10.1.1 8080
	at client both connect 10.10.1.2 6002 10.10.1.1 8080
	accepted web 3
	expect_peers "DNAT, and masquerading as well" tcp and sport 6001,6002 <<END
client both server web
client dnat server web
END
	expect_peers "and from the server's end" ns server and proc web and state established <<END
server web client both
server web client dnat
server web client plain
END
	listed=(--netns="client,server")
	expect_peers "the router that does it need not be listed" tcp and sport 6001,6002 <<END
client both server web
client dnat server web
END
	listed=()
	nft -f - <<'END'
table ip nat {
	chain out {
		type nat hook output priority -100
		tcp dport 8081 redirect to :84
	}
}
END
	at here red listen 0.0.0.0 84
	at here clr connect 127.0.0.1 6003 127.0.0.1 8081
	accepted red
	run 0 "$PORTSTAT" -H --columns=owners,peer_owners tcp and port 6003
	tr -s ' ' <"$tmp/out" | sed 's/\[[0-9]*\]//g; s/ *$//' | sort >"$tmp/got"
	printf '%s\n' "clr red" "red clr" >"$tmp/want"
	expect_same "a redirection within a namespace" "$tmp/want" "$tmp/got"
	# Where the kernel cannot be asked over netlink (NETLINK_NETFILTER is 12), there is a file.
	if [ -r /proc/net/nf_conntrack ] && is_real_root; then
		run 0 "$BUILDDIR/tests/live/confine" 93:12 \
			"$PORTSTAT" -H --columns=owners,peer_owners tcp and port 6003
		tr -s ' ' <"$tmp/out" | sed 's/\[[0-9]*\]//g; s/ *$//' | sort >"$tmp/got"
		expect_same "the same by the file of tracked connections" "$tmp/want" "$tmp/got"
	else
		left_out "tracked connections in /proc: this user may not read them, or they are not there"
	fi
else
	left_out "NAT: $(head -n 1 "$tmp/err")"
fi

# ---- other users -----------------------------------------------------------------------------------

at here mine listen :: 85
at here yours connect 127.0.0.1 6004 127.0.0.1 85
accepted mine
run 0 "$PORTSTAT" -H --columns=owners,peer_owners tcp and sport 6004
expect "IPv4 against a listener for both" "yours mine" "$(tr -s ' ' <"$tmp/out" | sed 's/\[[0-9]*\]//g; s/ *$//')"
if is_real_root; then
	cp "$PORTSTAT" "$tmp"
	nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/portstat")
	run 0 "${nobody[@]}" --json --columns=peer_owners,peer_scope tcp and sport 6004
	expect_match "hidden owners" '\{"peer_owners": \[\], "peer_scope": "host"\}' "$tmp/out"
	run 1 "${nobody[@]}" peer_owners.name mine
	expect_match "what is hidden cannot be tested" 'could not be tested for "peer_owners.name mine": their owners are hidden' "$tmp/err"
	run 0 "${nobody[@]}" -N all -H --columns=ns,peer_owners tcp and port 5000
	expect "nobody follows packets of others" "-" "$(awk '{ print $2 }' "$tmp/out" | sort -u)"
fi

finish
