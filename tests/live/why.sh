#!/bin/bash
# shellcheck disable=SC2119 # answer() has a default
# --why: each puzzle that people have with a port gets the answer that helps, and the status says
# whether the port can be bound.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
. "$SRCDIR/tests/live/why-lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

# is_silent ERE: no line of the answer.
is_silent() {
	checks=$((checks + 1))
	grep -E -e "$1" "$tmp/out" >&2 || return 0
	fail "the answer has what does not help: $1"
}

# The child of the first one has nothing else.
puzzles=(inherited leftover server stub dual outgoing time-wait time-wait-reuse close-wait bound udp group)
is_real_root && puzzles+=(group-of-other)
start_helper "$python" "$SRCDIR/tests/live/why.py" "${puzzles[@]}"

# ---- can be bound -------------------------------------------------------------------------------

why 0 7777
expect "a free port" "tcp 7777 can be bound" "$(answer)"
why 0 7777/udp
expect "a free port of UDP" "udp 7777 can be bound" "$(answer)"
why 0 -u 8080
why 0 127.0.0.1:7777
why 0 '[::1]:7777'
why 0 '*:7777'
why 0 -4 7777
says '^tcp 0\.0\.0\.0:7777 can'
why 0 -6 8080
says '^tcp \[::\]:8080 can'
why 0 --no-try 7777
says 'can be bound by the rules; it was not tried'

# ---- who has it ---------------------------------------------------------------------------------

why 1 8080
says '^tcp 8080 cannot be bound: address already in use$'
says "^  by +LISTEN 0\.0\.0\.0:8080  python3\[$helper_pid\] of [a-z]+, since "
says '^ +started by .*bash\[1\]'
says "^  to use it +kill $helper_pid, or listen on another port: 8082 is free$"
why 1 --no-try 8080
says 'LISTEN 0\.0\.0\.0:8080'
why 1 http://localhost:8080/index.html
says '^tcp 8080 cannot'
# What the scheme means, where the URL has no port.
why 0 https://example.org/
says '^tcp 443 can be bound'

# A resolver on one address: not every address is free, but another one is.
why 1 53
says 'LISTEN 127\.0\.0\.53:53'
says '^  because +every address includes 127\.0\.0\.53$'
says '127\.0\.0\.1:53 can be bound$'
why 0 127.0.0.1:53

# :: and 0.0.0.0.
why 1 0.0.0.0:8081
says 'LISTEN \*:8081'
says 'IPV6_V6ONLY'

# An outgoing connection has the port.
port=$(sed -n 's/^outgoing //p' "$tmp/opened")
why 1 "$port"
says 'in use, even with SO_REUSEADDR$'
says "ESTAB 127\.0\.0\.1:$port > 127\.0\.0\.1:9000  python3\[$helper_pid\].*, an outgoing connection"
says "$port is in this host's ephemeral range"
says "end that connection: portstat --close tcp lport $port state connected; to keep the port: sysctl"
says "ip_local_reserved_ports=$port$"
# What is reserved already stays so.
echo 8080,9000-9010 >/proc/sys/net/ipv4/ip_local_reserved_ports
run 1 "$PORTSTAT" --why "$port"
says "ip_local_reserved_ports=8080,9000-9010,$port$"
echo >/proc/sys/net/ipv4/ip_local_reserved_ports
# Labels have one width.
expect "where texts begin" 1 "$(sed -nE 's/^(  (by|because|to use it) +).*/\1/p' "$tmp/out" | sort -u | awk '{ print length }' | sort -u | wc -l)"
# The protocol follows the port.
run 2 "$PORTSTAT" --why udp/53
expect_match "udp/53" 'write 53/udp$' "$tmp/err"
run 2 "$PORTSTAT" --why tcp:8080
expect_match "tcp:8080" 'write 8080/tcp$' "$tmp/err"

# TIME-WAIT after a restart.
why 1 9001
says 'TIME-WAIT 127\.0\.0\.1:9001 > .* for another [0-9]'
says 'to use it +wait [0-9]+[ms]; SO_REUSEADDR helps only if'
is_silent 'perhaps'
why 0 9002
says 'can be bound, but only with SO_REUSEADDR$'
says 'TIME-WAIT'

# The listener's parent is gone: a child has it.
child=$(sed -n 's/^child //p' "$tmp/opened")
why 1 9003
says "LISTEN 0\.0\.0\.0:9003  python3\[$child\]"
says "kill $child,"

why 1 9004
says 'CLOSE-WAIT 127\.0\.0\.1:9004 > '
says "restart python3\[$helper_pid\], which leaves it open$"

if kernel_is 6.8; then
	why 1 9005
	says 'BOUND 0\.0\.0\.0:9005'
	says 'never listened'
fi

why 1 5353/udp
says '^udp 5353 cannot be bound: address already in use$'
says 'BOUND 0\.0\.0\.0:5353'
says 'SO_REUSEADDR would do.* the last one that binds gets every datagram$'

why 1 9008
says 'LISTEN 0\.0\.0\.0:9008  python3'
says 'a leftover: the session in which it was started has ended$'

# A group with SO_REUSEPORT: the kernel says which member gets a connection.
why 1 9006
says 'goes to +127\.0\.0\.1:9006 > 0\.0\.0\.0:9006  python3'
says 'set SO_REUSEPORT, as the sockets there do'

# ---- what hinders the place ---------------------------------------------------------------------

why 1 192.0.2.1:8080
says '^tcp 192\.0\.2\.1:8080 cannot be bound: address not available$'
says 'because +the address 192\.0\.2\.1 is not one of this host, or not yet$'
why 1 '[fe80::1]:80'
says 'add the device to the address'
why 1 '0.0.0.0%nowhere:80'
says 'there is no device nowhere here'

if is_real_root; then
	why 1 80 --as=65534
	says '^tcp 80 cannot be bound: permission denied$'
	says 'ports below 1024 need CAP_NET_BIND_SERVICE'
	says 'ip_unprivileged_port_start=80'
	says 'another port: 1024 is free'
	why 0 --as=0 80
	why 1 9007
	says 'LISTEN 0\.0\.0\.0:9007 .* of nobody'
	says 'SO_REUSEPORT shares a port among the sockets of one user only, here nobody$'
	# Who is not root sees the socket and its user, but not the process.
	checks=$((checks + 1))
	setpriv --reuid=65534 --regid=65534 --clear-groups "$PORTSTAT" --why 8080 >"$tmp/out" 2>/dev/null
	says 'LISTEN 0\.0\.0\.0:8080  \(hidden\) of root'
	says 'sudo portstat --why 8080'
else
	left_out "other users: this is not the real root"
fi

# ---- JSON ---------------------------------------------------------------------------------------

n=0
for question in 7777 8080 53 9001 9002 9004 9006 "$port" 5353/udp 192.0.2.1:80 '[fe80::1]:80' '0.0.0.0%nowhere:80'; do
	n=$((n + 1))
	"$PORTSTAT" --json --why "$question" >"$tmp/document.$n" 2>"$tmp/err"
done
if python3 -c 'import jsonschema' 2>/dev/null; then
	sed -n 's/^\t\[RULE_.*{ "\([a-z0-9-]*\)",.*/\1/p' "$SRCDIR/src/explain/rules.c" >"$tmp/rules"
	run 0 python3 "$SRCDIR/tests/golden/why-schema.py" "$SRCDIR/data/why-1.json" \
		"$SRCDIR/data/schema-1.json" "$tmp/rules" "$tmp"/document.* || cat "$tmp/out"
else
	left_out "the schema: there is no python3-jsonschema"
fi
expect_match "what is in the way, in JSON" '"rule": "listen", "certain": true' "$tmp/document.2"

# ---- pid 1 --------------------------------------------------------------------------------------

cat >"$tmp/first.py" <<'END'
import socket, subprocess, sys
s = socket.socket()
s.bind(("0.0.0.0", 9100))
s.listen()
sys.exit(subprocess.call(sys.argv[1:]))
END
run 1 unshare -pf --mount-proc "$python" "$tmp/first.py" "$PORTSTAT" --why 9100
says 'LISTEN 0\.0\.0\.0:9100  python3\[1\]'
says 'systemctl list-sockets'
is_silent 'kill 1'

# ---- a program of the control group ----------------------------------------------------------------

# group_folder: where control groups of version 2 are mounted.
group_folder() {
	awk '$5 !~ / / && / - cgroup2 / { print $5; exit }' /proc/self/mountinfo
}
checks=$((checks + 1))
"$python" "$SRCDIR/tests/live/deny-bind.py" "$(group_folder)/portstat-why-$BASHPID-$RANDOM" \
	"$PORTSTAT" --why 7777 >"$tmp/out" 2>"$tmp/err"
case $? in
77) left_out "a BPF program of a control group: $(head -n1 "$tmp/err")" ;;
1)
	says '^tcp 7777 cannot be bound: operation not permitted$'
	says 'because +a BPF program of the control group /.*portstat-why-[0-9-]* refuses it$'
	says 'SocketBindAllow=7777$'
	;;
*) fail "the status where a BPF program refuses it" ;;
esac

# ---- elsewhere ----------------------------------------------------------------------------------

# A proxy whose container is gone.
stop_helper
start_helper "$python" "$SRCDIR/tests/live/why.py" proxy -- -proto tcp -host-ip 0.0.0.0 \
	-host-port 9009 -container-ip 172.17.0.9 -container-port 80
why 1 9009
says 'LISTEN 0\.0\.0\.0:9009  docker-proxy\[[0-9]+\] > 172\.17\.0\.9:80'
says 'it sends on to 172\.17\.0\.9:80, where nothing listens: what it served is gone$'
says "kill $helper_pid,"
stop_helper

# A listener in another namespace is in nobody's way here, but in its own.
start_helper unshare -n "$python" "$SRCDIR/tests/live/why.py" elsewhere
why 0 9010
why 1 9010 -N "pid:$helper_pid"
says 'LISTEN 0\.0\.0\.0:9010  python3'
why 0 9011 -N "pid:$helper_pid"
why 2 9010 -N all

# It answers though nothing listens: a rule sends it to that namespace.
if nft add table ip nat 2>"$tmp/log" && nft -f - 2>"$tmp/log" <<'END'; then
table ip nat {
	chain pre {
		type nat hook prerouting priority dstnat;
		tcp dport 9012 dnat to 10.99.0.2:9010
		ip daddr 10.99.0.1 tcp dport 9013 redirect to :22
	}
}
END
	nsenter -t "$helper_pid" -n ip addr add 10.99.0.2/24 dev lo
	why 0 9012
	says '^tcp 9012 can be bound, but gets no packet from outside: nat pre sends it to 10\.99\.0\.2:9010 python3\['
	why 0 9013
	says 'gets no packet from outside for 10\.99\.0\.1:9013: nat pre sends it to :22'
else
	left_out "NAT: $(head -n1 "$tmp/log")"
fi

# ---- the firewall -------------------------------------------------------------------------------

stop_helper
start_helper "$python" "$SRCDIR/tests/live/why.py" server dual
why 1 8081
if sees_legacy_tables; then
	says '^  reach +every address, IPv4 and IPv6; no rule of this host.s firewall stops it$'
else
	says "^  reach +every address, IPv4 and IPv6; whether the firewall lets it in $unsure"
fi
if ! sees_legacy_tables; then
	left_out "rules of nftables: this user may not see whether there are others"
elif nft -f - 2>"$tmp/log" <<'END'; then
table inet filter {
	chain input {
		type filter hook input priority 0; policy accept;
		tcp dport 8081 drop
		tcp dport 8080 reject
		ip saddr 10.0.0.0/8 tcp dport 7777 drop
	}
}
END
	why 1 8081
	says 'reach +every address, IPv4 and IPv6; but filter input drops what comes from outside$'
	why 1 8080
	says 'but filter input rejects what comes from outside$'
	why 0 7777
	says '^  firewall +whether a packet from outside comes in depends on the source address$'
	# Nobody outside is asked about loopback.
	why 0 127.0.0.1:7777
	is_silent firewall
	"$PORTSTAT" --json --why 8081 >"$tmp/out"
	says '"firewall": "dropped", "firewall_by": "filter input"'
	if is_real_root; then
		checks=$((checks + 1))
		setpriv --reuid=65534 --regid=65534 --clear-groups "$PORTSTAT" --why 7777 >"$tmp/out" 2>"$tmp/err"
		says '^  firewall +not read \(needs CAP_NET_ADMIN\)$'
		expect_lines "what is told beside the answer" 0 "$tmp/err"
	fi
else
	left_out "the firewall: $(head -n1 "$tmp/log")"
fi

stop_helper
nft flush ruleset 2>"$tmp/log" || :

# ---- a BPF program gives the port to another listener ----------------------------------------------

if "$BUILDDIR/tests/live/choose" 8088:9099 /bin/true 2>"$tmp/log"; then
	run 0 "$BUILDDIR/tests/live/choose" 8088:9099 "$PORTSTAT" --why 8088
	expect_match "who gets the connections" \
		'goes to +127\.0\.0\.1:8088 > 127\.0\.0\.1:9099  by a BPF program \(sk_lookup\)$' "$tmp/out"
	expect_match "what sends them on" ': sk_lookup sends it to ' "$tmp/out"
else
	left_out "a program that chooses sockets: $(head -n 1 "$tmp/log")"
fi

# ---- nothing is taken ---------------------------------------------------------------------------

# tests/RESULTS has the long run.
run 0 "$python" "$SRCDIR/tests/live/why-load.py" "$PORTSTAT" "${WHY_LOAD:-2000}" "${WHY_QUESTIONS:-20}" || cat "$tmp/out"

# ---- mistakes -----------------------------------------------------------------------------------

why 2 0
why 2 65536
why 2 no-such-service
why 2 8080/sctp
why 2 '10.0.0:80'
why 2 8080 --as=no-such-user
why 2 8080 9090
why 2
run 2 "$PORTSTAT" --as=root 80
run 2 "$PORTSTAT" --no-try 80
why 2 8080 --csv
why 2 8080 --live
why 2 8080 -N all

finish
