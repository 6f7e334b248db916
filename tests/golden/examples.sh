#!/bin/bash
# Every example of the man pages runs as written there and finds what it is meant to find.
looks_for_leaks=yes
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need ip xargs
ip addr add 10.0.0.1/8 dev lo || give_up "no address 10.0.0.1"

open_sockets \
	--process=sshd tcp-listen:port=22 \
	--process=nginx tcp-listen:port=80 tcp-listen:addr=::,port=443,v6only=0 \
	tcp-pair:addr=10.0.0.1,port=9001,to=10.0.0.1 tcp-pair:addr=10.0.0.1,port=8500,to=10.0.0.1 \
	--process=slow tcp-listen:port=8080,pending=2 tcp-listen:addr=127.0.0.1,port=8081 \
	--process=leaky tcp-pair:port=9003,end=close-wait \
	--process=done tcp-pair:port=9004,end=time-wait \
	--process=named udp:addr=127.0.0.1,port=53

page_examples EXAMPLES >"$tmp/examples"
[ "$(wc -l <"$tmp/examples")" -ge 20 ] || give_up "fewer than 20 examples in the page"

mkdir "$tmp/bin" "$tmp/work"
ln -s "$PORTSTAT" "$tmp/bin/portstat"
cd "$tmp/work" || give_up "no folder"
PATH=$tmp/bin:$PATH

# example STATUS LINES PATTERN...: the next example; LINES are those of its output that are no
# heading, and each PATTERN is in it.  - for LINES: that many as there are.
example() {
	local status=$1 lines=$2 command pattern

	shift 2
	IFS= read -r command <&3 || give_up "there are fewer examples in the page than here"
	run "$status" bash -c "$command" || return
	# The root of a user namespace may not see which tables of legacy iptables there are.
	is_real_root || sed -i '/whether iptables-legacy has tables could not be read/d' "$tmp/err"
	sed -i '/: would send /d' "$tmp/err"
	expect_lines "complaints of: $command" 0 "$tmp/err"
	grep -v '^PROTO\|^PROCESS\|^proto,' "$tmp/out" >"$tmp/rows"
	[ "$lines" = - ] || expect_lines "rows of: $command" "$lines" "$tmp/rows"
	for pattern; do
		expect_match "$command" "$pattern" "$tmp/out"
	done
}

exec 3<"$tmp/examples"
# portstat -a
example 0 21 '^udp +BOUND +127.0.0.1:53 ' 'TIME-WAIT .*\(time-wait\)$' 'sshd\['
# portstat -l
example 0 10 '^tcp +LISTEN +0.0.0.0:22 .* sshd\[' '^udp +BOUND'
# portstat -l 8080
example 0 1 '^tcp +LISTEN +0.0.0.0:8080 .* slow\[[0-9]+\]$'
# portstat -a 8000-8999
example 0 9 ':8500 ' ':8081 ' 'slow\[[0-9]+\] \(not-accepted\)$'
# portstat 22 80,443
example 0 3 ' 0.0.0.0:22 ' ' 0.0.0.0:80 ' ' \*:443 '
# portstat nginx
example 0 8 ' 0.0.0.0:80 ' ' \*:443 ' ' 10.0.0.1:9001 '
# portstat raddr 10.0.0.1
example 0 4 ' 10.0.0.1:9001 ' ' 10.0.0.1:8500 '
# portstat -l '1-1023,!22'
example 0 3 ' 0.0.0.0:80 ' ' \*:443 ' ' 127.0.0.1:53 '
# portstat -tulpn
example 0 10 '^tcp +LISTEN +0.0.0.0:22 +- +- +0 +sshd'
# portstat -l reach all,net
example 0 8 ' 0.0.0.0:22 ' ' 10.0.0.1:9001 '
# portstat -a 'proc nginx* and state established and ...'
example 0 3 'ESTAB +10.0.0.1:9001 ' ' 10.0.0.1:9001 .* nginx\[' '10.0.0.1:8500 +10.0.0.1:[0-9]+ '
# portstat -a --columns=+unit 'unit ssh*'
example 1 0 '^PROTO .* UNIT$'
# portstat -t '( dport = :ssh or sport = :ssh )'
example 0 1 ' 0.0.0.0:22 .* ssh '
# portstat -a 'proc ~ ^(nginx|sshd)$ and user root'
example 0 9 'sshd\[' 'nginx\['
# portstat -t state close-wait --columns=process,local,peer,recv_q
example 0 1 '^leaky\[[0-9]+\] .* 127.0.0.1:9003 .* 0$|^leaky\[[0-9]+\] +127.0.0.1:'
# portstat -l 'recvq > 0'
example 0 1 ' 0.0.0.0:8080 .* slow\['
# portstat -ti state established --sort=-tcp.retrans_total,-tcp.rtt_us
example 0 - '^PROTO .* RTT\(us\) +CWND +RETRANS ' ' 10.0.0.1:9001 .* (cubic|reno|bbr)'
# portstat -um 'memory.rcvbuf >= 64K'
example 0 1 '^PROTO .* RCVBUF\(B\) .* DROPS$' ' 127.0.0.1:53 .* [0-9]{5,} .* 0$'
# portstat -to state time-wait
example 0 1 ' TIME-WAIT .* timewait,[0-9]+\.[0-9]s,0$'
# portstat -s
example 0 - '^tcp +inet +LISTEN +8$' '^tcp +inet6 +LISTEN +1$' '^udp +inet +BOUND +1$'
# portstat --summary=peer_addr state established
example 0 - '^10.0.0.1 +4$'
# portstat -l --columns=+reach,-user --sort=local_port
example 0 10 '^PROTO +STATE +LOCAL +PEER +SERVICE +PROCESS +REACH$' '^tcp .* sshd\[[0-9]+\] +all$'
# portstat -l --csv --columns=proto,local_port,owners.name,owners.pid
example 0 10 '^proto,local_port,owners.name,owners.pid' '^tcp,22,sshd,[0-9]+'
# portstat -l -0 --columns=proto,local_port | xargs -0 -n 1
example 0 10 '^tcp.22$' '^udp.53$'
# portstat -l --json --columns=local_port,owners
example 0 - '"local_port": 22, "owners": \[\{"pid": [0-9]+, "name": "sshd", ' '^\{"schema": 1,'
# portstat -q -l 8080 && echo taken
example 0 1 '^taken$'
# portstat -q --wait=30 -l 8080 && echo listening
example 0 1 '^listening$'
# portstat --wait-none=30 -t lport 18080
example 0 0
# portstat --free=8080-8099
example 0 1 '^8082$'
# portstat --signal --dry-run lport 8080
example 0 1 'slow\['
# portstat --why 8080
example 1 - '^tcp 8080 cannot be bound: address already in use$' 'LISTEN 0.0.0.0:8080  slow\['
# portstat -l --forwards
example 0 10 '^tcp +LISTEN +0.0.0.0:22 '
# portstat --strict -q -t state syn-recv || echo "..."
example 0 1 '^no half-open connection, or not sure$'
# portstat --explain-filter 'lport 80,443 or proc nginx'
example 0 3 '^filter: lport 80,443 or proc nginx$' '^kernel: ' '^here: '
# portstat -a -q --record=ports.nl && portstat -l --replay=ports.nl
example 0 - '^tcp +LISTEN +0.0.0.0:22 ' '^udp +BOUND +127.0.0.1:53 '
# portstat --json >ports.json && portstat --from=ports.json -l
example 0 10 '^tcp +LISTEN +0.0.0.0:22 .* sshd\[' '^udp +BOUND'
# portstat -l --as-filters >expected
example 0 0
# portstat -lq --strict --except=expected; [ $? -eq 1 ] || echo alert
example 0 0
expect_lines "all that listens was written down" 10 expected
IFS= read -r rest <&3 && fail "an example that is not looked at: $rest"

# ---- the tasks ----------------------------------------------------------------------------------

"$PORTSTAT" -a --json >before.json
cp before.json after.json
mkdir documents
cp before.json documents/1.json
"$PORTSTAT" -a --json | sed -E 's/"time": *"[0-9]*/"time": "2099/' >documents/2.json
page_examples TASKS | sed 's,/var/lib/portstat,documents,' >"$tmp/examples"
exec 3<"$tmp/examples"
# portstat -l 8080; portstat 8080; portstat --why 8080; portstat --free=8080-8099
example 0 1 ' slow\['
example 0 5 ' slow\['
example 1 - '^tcp 8080 cannot be bound'
example 0 1 '^8082$'
# portstat -l; reach all,net; --columns=+firewall; -N all; --forwards
example 0 10
example 0 8 ' 0.0.0.0:22 '
example 0 10 'FIREWALL'
example 0 - '^host '
example 0 10
# portstat --summary=peer_addr state established; nginx; raddr 10.0.0.0/8
example 0 - '^10.0.0.1 '
example 0 8
example 0 4
# portstat -l 'recvq > 0'; -ti state established --sort=...
example 0 1 ' slow\['
example 0 -
# portstat --from=after.json --diff=before.json; --diff=DIRECTORY --at=-1h
example 0 0
example 0 0
# portstat -q --wait=30 -l 8080; -l --json ...; -lq --strict 8080
example 0 0
example 0 11 '"local_port": *8080'
example 0 0
IFS= read -r rest <&3 && fail "a task that is not looked at: $rest"

# ---- the filters ---------------------------------------------------------------------------------

page_examples EXAMPLES portstat-filters.7 >"$tmp/examples"
exec 3<"$tmp/examples"
# portstat 8080; 22 80,443; -l '1-1023,!22'; rport 443; lport ephemeral
example 0 5
example 0 3
example 0 3
example 1 0
example 0 - ' ESTAB '
# portstat 10.0.0.0/8; raddr 10.0.0.1; 127.0.0.1:8080-8099; -l not laddr 127.0.0.0/8
example 0 -
example 0 4
example 0 - ' 127.0.0.1:8081 '
example 0 8
# portstat LISTEN ESTABLISHED; state connected and not state established; udp; 8080/tcp
example 0 -
example 0 - ' CLOSE-WAIT ' ' TIME-WAIT '
example 0 1 ' 127.0.0.1:53 '
example 0 5
# portstat nginx; proc 'nginx*'; 'proc ~ ^(nginx|sshd)$'; user root and not proc sshd; 'cmd ~ opensock'
example 0 8
example 0 8
example 0 9 ' sshd\['
example 0 -
example 0 - ' slow\['
# portstat -l 'recvq > 0'; -t 'rtt < 100ms and sent >= 0'
example 0 1 ' slow\['
example 0 -
# portstat '(nginx or sshd) and not 127.0.0.0/8'; -t '( dport = :ssh or sport = :ssh )'; --explain-filter ...
example 0 9
example 0 1 ' 0.0.0.0:22 '
example 0 3 '^kernel: '
IFS= read -r rest <&3 && fail "a filter that is not looked at: $rest"

finish
