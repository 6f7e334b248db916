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
mkfifo "$tmp/hold"
exec {hold}<>"$tmp/hold"
unshare -n "$BUILDDIR/tests/live/opensock" --process=inside tcp-listen:port=8000 \
	<"$tmp/hold" >"$tmp/served" {hold}>&- &
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
		questions+=(in tcp 10.78.0.1 "$port")
	done
	"$forwards" judge "${questions[@]}" | paste -d' ' <(printf '%s\n' "$@") - >"$tmp/verdicts"
	while read -r port verdict _ _ target; do
		case $verdict in
		accepted) echo "$port ${target:-$port}" ;;
		dropped) echo "$port silence" ;;
		rejected) echo "$port refused" ;;
		*) echo "$port depends" ;;
		esac
	done <"$tmp/verdicts"
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

# ---- the program --------------------------------------------------------------------------------

# A process that is called like Docker's proxy, with its command line and its socket, and a server.
cat >"$tmp/proxy.py" <<'END'
import os, socket, sys
def listen(name, *ports):
    with open("/proc/self/comm", "w") as comm:
        comm.write(name)
    for port in ports:
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("0.0.0.0", port))
        s.listen()
        kept.append(s)
kept = []
ready, told = os.pipe()
if os.fork() == 0:
    listen("httpd", 80, 81)
    os.write(told, b"x")
else:
    os.close(told)
    os.read(ready, 1)
    listen("docker-proxy", 8080)
    print("ready", flush=True)
sys.stdin.read()
END
stop_helper
start_helper "$python" "$tmp/proxy.py" -proto tcp -host-ip 0.0.0.0 -host-port 8080 \
	-container-ip 10.78.0.1 -container-port 81

# listed ARGUMENT...: cells of a listing with --forwards, without pids.
listed() {
	"$PORTSTAT" -H -0 --forwards "$@" 2>"$tmp/err" | tr '\t\0' '|\n' | sed 's/\[[0-9]*\]/[]/g'
}

expect "a proxy, without a rule" "docker-proxy[] > 10.78.0.1:81 httpd[]" "$(listed -l --columns=process | grep docker)"
expect "what it publishes" "0.0.0.0:8080" "$(listed -l --columns=published,local_port | sed -n "s/|81$//p")"
expect "what its row says" "10.78.0.1|81|docker-proxy|-|httpd[]" \
	"$(listed -l --columns=leads_to.addr,leads_to.port,leads_to.by,leads_to.rule,leads_to.process |
		grep docker)"
run 1 "$PORTSTAT" -q --forwards state forward
if take_rules "nft, for rows" <<'END'
table ip nat {
	map to { type inet_service : inet_service; elements = { 1000 : 81 } }
	chain pre {
		type nat hook prerouting priority dstnat;
		tcp dport 8888 redirect to :80
		tcp dport 9000-9010 dnat to 10.78.0.1:81
		tcp dport 7000 dnat to 172.17.0.2:80
		tcp dport 8800 dnat to 10.78.0.2:8000
		meta l4proto tcp redirect to :tcp dport map @to
	}
}
END
then
	wait_for "the server there" grep -qx ready "$tmp/served"
	cat >"$tmp/want" <<'END'
LISTEN|0.0.0.0:80|httpd[]
LISTEN|0.0.0.0:81|httpd[]
FORWARD|0.0.0.0:1000|nft > :81 httpd[]
FORWARD|0.0.0.0:7000|nft > 172.17.0.2:80
LISTEN|0.0.0.0:8080|docker-proxy[] > 10.78.0.1:81 httpd[]
FORWARD|0.0.0.0:8800|nft > 10.78.0.2:8000 inside[]
FORWARD|0.0.0.0:8888|nft > :80 httpd[]
FORWARD|0.0.0.0:9000-9010|nft > 10.78.0.1:81 httpd[]
END
	listed -l -4 --columns=state,local,process >"$tmp/got"
	expect_same "listeners and rules" "$tmp/want" "$tmp/got"
	expect "what a filter asks of the kernel alone" "nft > :80 httpd[]" "$(listed --columns=process 8888)"
	expect "one port of several" "nft > 10.78.0.1:81 httpd[]" "$(listed --columns=process lport 9005)"
	expect "what is published" "0.0.0.0:8888" "$(listed -l --columns=published lport 80)"
	expect "without rows" "0.0.0.0:8888" "$("$PORTSTAT" -lH --columns=published lport 80)"
	expect "by what it leads to" "0.0.0.0:7000" "$(listed --columns=local leads_to.addr 172.17.0.2)"
	# The root of a user namespace may not see which tables of legacy iptables there are.
	if [ ! -e /proc/net/ip_tables_names ] || cat /proc/net/ip_tables_names >"$tmp/log" 2>&1; then
		run 0 "$PORTSTAT" -q --strict --forwards 8888
	else
		run 3 "$PORTSTAT" --strict --forwards 8888
		expect_lines "what is missing of the rules" 1 "$tmp/err"
		expect_match "it is told by name" 'whether iptables-legacy has tables' "$tmp/err"
		run 0 "$PORTSTAT" --json -l --forwards lport 80
		expect_match "the rules are read all the same" '"published": \[\{' "$tmp/out"
	fi
	run 1 "$PORTSTAT" -q -a 8888
	expect "of a namespace that is chosen" "0.0.0.0:8888" "$(listed -N all --columns=local 8888)"
	expect "the server of another namespace behind a filter" "nft > 10.78.0.2:8000 inside[]" \
		"$(listed --columns=process 8800)"
	expect "its namespace, which is not listed" "$(stat -Lc %i "/proc/$peer/ns/net")" \
		"$(listed --columns=leads_to.netns 8800)"
	expect "a server at every address of another one" "nft > 10.78.0.2:8000 inside[]" \
		"$(listed -N all --columns=process 8800)"
	expect "what it is published as" "0.0.0.0:8800" \
		"$(listed -N all -l --columns=published lport 8000)"
	nsenter -t "$peer" -n nft -f - <<'END'
table ip theirs {
	chain pre {
		type nat hook prerouting priority dstnat;
		tcp dport 8888 redirect to :8000
		tcp dport 9999 dnat to 10.78.0.1:80
	}
}
END
	cat >"$tmp/want" <<'END'
own|8888|nft > :80 httpd[]|nat pre
peer|8888|nft > :8000 inside[]|theirs pre
peer|9999|nft > 10.78.0.1:80 httpd[]|theirs pre
END
	listed -N all --columns=ns,local_port,process,leads_to.rule 8888 or 9999 |
		sed 's/^host|/own|/; t; s/^[^|]*/peer/' | sort >"$tmp/got"
	expect_same "the rules of each namespace" "$tmp/want" "$tmp/got"
	expect "those of another one alone" "nft > :8000 inside[]" \
		"$(listed -N "pid:$peer" --columns=process 8888)"
	expect "what each publishes" "0.0.0.0:8888,0.0.0.0:9999" \
		"$(listed -N all -l --columns=published lport 80)"
	run 1 "$PORTSTAT" -q --forwards -N "pid:$peer" 9000 # a rule of ours
	run 1 "$PORTSTAT" -q --forwards 8888 and pid 1
	run 0 "$PORTSTAT" -sH --forwards state forward
	expect_match "a summary" "^tcp +inet +FORWARD +5\$" "$tmp/out"
	run 0 "$PORTSTAT" --csv -H --forwards --columns=state,local_port,leads_to 7000
	expect "CSV" "forward,7000,172.17.0.2:80" "$(tr -d '\r' <"$tmp/out")"
	run 0 "$PORTSTAT" --json --forwards 8888 or 9000
	checks=$((checks + 1))
	"$python" - "$tmp/out" <<'END' || fail "JSON"
import json, re, sys
rows = json.load(open(sys.argv[1]))["sockets"]
one, some = sorted(rows, key=lambda row: row["leads_to"][0]["port"])
to = one["leads_to"][0]
assert re.fullmatch(r"httpd\[\d+\]", to["process"]) and to["netns"] == one["netns"], one
assert [to[k] for k in ("addr", "port", "by", "rule", "from")] == [None, 80, "nft", "nat pre", None], one
assert one["state"] == "forward" and one["local_port"] == 8888 and one["service"], one
assert not one["owners"] and not any(one[k] for k in ("owner_note", "uid", "inode", "cookie", "peer_addr")), one
assert some["local_port"] is None and some["leads_to"][0]["from"] == "0.0.0.0:9000-9010", some
END
	run 0 "$PORTSTAT" --json -l lport 80
	expect_match "null unless asked for" '"leads_to": null, "published": null' "$tmp/out"
fi
nft flush ruleset
if command -v iptables-nft >/dev/null && iptables-nft -t nat -N DOCKER 2>"$tmp/log" &&
	iptables-nft -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER &&
	iptables-nft -t nat -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER &&
	iptables-nft -t nat -A DOCKER ! -i docker0 -p tcp --dport 8080 -j DNAT --to-destination 10.78.0.1:81; then
	expect "Docker's rule beside its proxy" \
		"iptables > 10.78.0.1:81 httpd[]|nat PREROUTING > DOCKER" \
		"$(listed --columns=process,leads_to.rule state forward)"
	expect "both publish it" "docker-proxy,iptables" \
		"$(listed -l --columns=published.by,local_port | sed -n 's/|81$//p' |
			tr , '\n' | sort | paste -sd,)"
	nft flush ruleset
fi

# ---- rules that are odd, and many ---------------------------------------------------------------

if take_rules "expressions of every kind" <<'END'
table ip nat {
	chain pre {
		type nat hook prerouting priority dstnat;
		tcp dport 7001 numgen random mod 2 0 dnat to 192.0.2.1:80
		tcp dport 7002 dnat to numgen random mod 2 map { 0 : 192.0.2.1, 1 : 192.0.2.1 }
		@th,16,16 7003 meta l4proto tcp dnat to 192.0.2.3
		tcp dport 7004 limit rate 1/second quota 10 mbytes redirect to :90
		tcp dport 7005 @th,64,8 0x17 dnat to 192.0.2.4
	}
}
END
then
	cat >"$tmp/want" <<'END'
0.0.0.0:7001|nft > 192.0.2.1:80
0.0.0.0:7002|nft > 192.0.2.1:7002
0.0.0.0:7003|nft > 192.0.2.3:7003
0.0.0.0:7004|nft > :90
0.0.0.0:7005|nft > 192.0.2.4:7005
END
	listed --columns=local,process state forward >"$tmp/got"
	expect_same "none is lost" "$tmp/want" "$tmp/got"
fi

# Generated by awk, because a loop of the shell takes longer than all the rest.
many_rules() {
	awk -v n="$1" 'BEGIN {
		print "table ip nat {\nchain pre {\ntype nat hook prerouting priority dstnat;"
		for (i = 0; i < n; i++)
			printf "ip daddr 10.%d.%d.%d tcp dport %d dnat to 192.0.2.1:80\n",
				i / 65536, i / 256 % 256, i % 256, 1024 + i % 60000
		print "}\n}"
	}'
}
# The sanitizers' own memory is beyond any limit.
limit=(prlimit --as=400000000)
! grep -q __asan_init "$PORTSTAT" || limit=()
if many_rules 70000 | take_rules "70,000 rules"; then
	run 3 "${limit[@]}" "$PORTSTAT" -H --forwards --strict --columns=local state forward
	expect_lines "as many as are kept" 65536 "$tmp/out"
	expect_match "that there are more is told" 'not every NAT rule was read' "$tmp/err"
fi
nft flush ruleset

# ---- BPF that chooses sockets ---------------------------------------------------------------------

run 1 "$PORTSTAT" --forwards state forward
expect "without a program" 0 "$(grep -c sk_lookup "$tmp/err")"
if "$BUILDDIR/tests/live/choose" /bin/true 2>"$tmp/log"; then
	run 3 "$BUILDDIR/tests/live/choose" "$PORTSTAT" -l --forwards --strict
	expect_match "that there is one" 'a BPF program \(sk_lookup\) chooses the sockets' "$tmp/err"
	run 1 "$BUILDDIR/tests/live/choose" "$PORTSTAT" --forwards state forward
	run 0 "$BUILDDIR/tests/live/choose" 18088:19099 "$PORTSTAT" -H --forwards \
		--columns=proto,local,process lport 18088
	expect_match "the port that it sends on, and who gets it" \
		'^tcp +0\.0\.0\.0:18088 +sk_lookup > 127\.0\.0\.1:19099 portstat\[[0-9]+\]$' "$tmp/out"
	expect_lines "and nothing else" 1 "$tmp/out"
	run 0 "$BUILDDIR/tests/live/choose" 18088:19099 "$PORTSTAT" -H --columns=published -l 19099
	expect_match "at the listener" '^0\.0\.0\.0:18088$' "$tmp/out"
	run 0 "$PORTSTAT" -l -N all --forwards
	expect "none in any namespace" 0 "$(grep -c sk_lookup "$tmp/err")"
	run 0 nsenter -t "$peer" -n "$BUILDDIR/tests/live/choose" "$(command -v nsenter)" -t $$ -n \
		"$PORTSTAT" -l -N all --forwards
	expect_match "in another namespace" 'a BPF program \(sk_lookup\) chooses the sockets' "$tmp/err"
	nsenter -t "$peer" -n ip link set lo up
	run 0 nsenter -t "$peer" -n "$BUILDDIR/tests/live/choose" 18088:19099 "$(command -v nsenter)" \
		-t $$ -n "$PORTSTAT" -H -N all --forwards --columns=local,leads_to lport 18088
	expect_match "what it sends on there" '^0\.0\.0\.0:18088 .*19099' "$tmp/out"
else
	left_out "a program that chooses sockets: $(cat "$tmp/log")"
fi

# ---- legacy tables ------------------------------------------------------------------------------

if command -v iptables-legacy >/dev/null && iptables-legacy -t nat -S >/dev/null 2>&1; then
	expect "the table that is loaded" "1 nat" "$("$forwards" legacy)"
	expect "no rules of nf_tables beside it" "" "$("$forwards")"
	# Looking makes no other table.
	expect "the tables after it" nat "$(cat /proc/net/ip_tables_names)"
	run 3 "$PORTSTAT" -l --forwards --strict
	expect_match "they are named" 'iptables-legacy \(nat\) are not read' "$tmp/err"
else
	left_out "there is no iptables-legacy here"
fi

# ---- without privilege --------------------------------------------------------------------------

if is_real_root && command -v setpriv >/dev/null; then
	expect "without CAP_NET_ADMIN" "error 1" \
		"$(setpriv --reuid=65534 --clear-groups --inh-caps=-all "$forwards")"
	cp "$PORTSTAT" "$tmp/portstat"
	nobody=(setpriv --reuid=65534 --clear-groups --inh-caps=-all "$tmp/portstat")
	run 3 "${nobody[@]}" -l --forwards --strict lport 80
	expect_match "what is missing" '^portstat: NAT rules could not be read, .* CAP_NET_ADMIN' "$tmp/err"
	expect_lines "the listener is there" 2 "$tmp/out"
	run 0 "${nobody[@]}" --json -l --forwards lport 80
	expect_match "its code" '"code": "firewall"' "$tmp/out"
	expect_match "nobody knows" '"published": null' "$tmp/out"
	run 0 "${nobody[@]}" -l --strict --columns=local lport 80
fi
finish
