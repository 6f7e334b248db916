#!/bin/bash
# Every kind of socket: portstat lists exactly those that were opened, with the values that the
# kernel reported when they were opened; ss lists the same; /proc/net as the source lists the same
# except what it does not have.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" ss

# Not every kernel has them, and io_uring may be forbidden.
udplite=()
if can_open udplite:port=56; then
	udplite=(--process=udplite "udplite:port=56" "udplite:addr=::1,port=57,to=::1,to-port=58")
else
	left_out "UDP-Lite: this kernel has none"
fi
# Linux 6.8 is the first that lists them.
bound=()
if kernel_is 6.8; then
	bound=(--process=bound tcp-bound:port=7000 "tcp-bound:addr=127.0.0.1,port=7001"
		"tcp-bound:addr=::,port=7002" "tcp-bound:addr=::1,port=7003")
fi
ring=()
if can_open udp:port=108,hold=io-uring; then
	ring=(--process=ring "udp:port=107,hold=io-uring")
else
	left_out "what a ring of io_uring holds: there may be none here"
fi

open_sockets \
	tcp-listen:port=8080 \
	tcp-listen:addr=127.0.0.1,port=8081 \
	tcp-listen:addr=::,port=8082,v6only=1 \
	tcp-listen:addr=::,port=8083,v6only=0 \
	tcp-listen:addr=::1,port=8084 \
	tcp-listen:port=8085,reuseport=1,count=3 \
	tcp-listen:port=8086,dev=lo \
	--process=workers \
	tcp-listen:port=8090,workers=4 \
	udp:port=8090,workers=2 \
	tcp-pair:port=8091,workers=1,quiet=1 \
	--process=group tcp-listen:port=8085,reuseport=1,count=2 \
	--process=pairs \
	tcp-pair:addr=127.0.0.1,port=9000,count=3 \
	tcp-pair:addr=::1,port=9001,count=2 \
	tcp-pair:addr=::,port=9002,to=127.0.0.1 \
	--process=closing \
	tcp-pair:port=9003,end=close-wait \
	tcp-pair:addr=::1,port=9004,end=fin-wait-1,quiet=1 \
	tcp-pair:port=9005,end=last-ack,quiet=1 \
	tcp-pair:port=9006,end=closing,quiet=1 \
	tcp-pair:port=9007,end=time-wait \
	tcp-pair:addr=::,port=9008,to=127.0.0.1,end=time-wait,quiet=1 \
	tcp-pair:port=9009,end=orphan,quiet=1 \
	--process=waiting \
	tcp-listen:port=9010,pending=2 \
	tcp-listen:addr=::1,port=9011,half-open=1 \
	tcp-listen:port=9012,half-open=1 \
	tcp-listen:port=9013,backlog=0,pending=1,overflow=1 \
	tcp-listen:addr=::,port=9014,pending=1,to=127.0.0.1 \
	"${bound[@]}" \
	--process=udp \
	udp:port=53 \
	udp:addr=::,port=54 \
	udp:addr=::,port=55,v6only=1 \
	udp:addr=127.0.0.1,port=56,to=127.0.0.1,to-port=53 \
	udp:addr=::1,port=57,to=::1,to-port=54 \
	udp:port=58,reuseport=1,count=2 \
	udp:port=59,dev=lo \
	"${udplite[@]}" \
	--process=raw raw:protocol=1 raw:addr=::1,protocol=58 raw:addr=127.0.0.1,protocol=89,to=127.0.0.1,to-port=1 \
	--process=$'a)\e[2J\n\xff(' udp:port=100 \
	--process='b) S 1 (c' tcp-listen:port=101 \
	--process=thread udp:port=102 tcp-listen:port=103,hold=thread \
	--process=no-leader tcp-listen:port=104,hold=leader-gone \
	"${ring[@]}" \
	--process=in-flight udp:port=105,hold=in-flight tcp-pair:port=106,hold=in-flight

# That no process holds a socket can be said by those alone who can read every process.
sees_every_process || sed -i 's/"unheld"/"hidden"/' "$tmp/opened"

run 0 "$PORTSTAT" -a --json
cp "$tmp/out" "$tmp/netlink.json"
rows opened "$tmp/netlink.json" "$tmp/opened"

ss -Htuanp >"$tmp/ss"
rows ss "$tmp/netlink.json" "$tmp/ss"

run 0 "$PORTSTAT" -a --json --source=procfs
rows sources "$tmp/netlink.json" "$tmp/out"

# The whole listing is text, too: a line for each row and one for the headings, nothing raw in it.
run 0 "$PORTSTAT" -a
expect_lines "a line for each socket" "$(($(wc -l <"$tmp/opened") + 1))" "$tmp/out"
checks=$((checks + 1))
if LC_ALL=C grep -q "[^[:print:]]" "$tmp/out"; then
	fail "bytes in the table that a terminal would obey"
fi
expect_match "the hostile name, made visible" 'a\)\\x1b\[2J\\x0a\\xff\(\[[0-9]+\]' "$tmp/out"
expect_match "a name with parentheses" 'b\) S 1 \(c\[[0-9]+\]' "$tmp/out"
expect_match "several owners" 'workers\[[0-9]+\] \+4' "$tmp/out"

# What waits for peers.
run 0 "$PORTSTAT" -l --json
cp "$tmp/out" "$tmp/listening.json"
rows select "$tmp/netlink.json" -- proto state local_addr local_port inode |
	awk '$2 == "listen" || ($2 == "bound" && $1 != "tcp")' >"$tmp/want"
rows select "$tmp/listening.json" -- proto state local_addr local_port inode >"$tmp/got"
expect_same "what -l lists" "$tmp/want" "$tmp/got"

finish
