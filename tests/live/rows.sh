#!/bin/bash
# Rows and cells of real sockets: protocols that add up, families, raw sockets, v4-mapped addresses,
# the serving end, the owner shown first, and counts by columns.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

cat >"$tmp/sockets.py" <<'PYTHON'
import os
import socket
import sys

kept = []


def listener(family, address, port, protocol=0):
    sock = socket.socket(family, socket.SOCK_STREAM, protocol)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    sock.listen()
    kept.append(sock)
    return sock


def connect(server, family, address, to, protocol=0):
    sock = socket.socket(family, socket.SOCK_STREAM, protocol)
    sock.bind(address)
    sock.connect(to)
    kept.extend((sock, server.accept()[0]))
    return sock


# Both ports are in the ephemeral range; the client's alone has a name.
listener_50051 = listener(socket.AF_INET, "127.0.0.1", 50051)
connect(listener_50051, socket.AF_INET, ("127.0.0.1", 44321), ("127.0.0.1", 50051))
# A dual-stack listener with IPv4 clients.
both = socket.create_server(("::", 7501), family=socket.AF_INET6, dualstack_ipv6=True)
kept.append(both)
for client in ("127.0.0.2", "127.0.0.2", "127.0.0.3"):
    connect(both, socket.AF_INET, (client, 0), ("127.0.0.1", 7501))
for family, protocol in ((socket.AF_INET, 1), (socket.AF_INET, 89), (socket.AF_INET6, 58)):
    kept.append(socket.socket(family, socket.SOCK_RAW, protocol))

# Two processes more hold this one, under names of their own.
shared = listener(socket.AF_INET, "127.0.0.1", 2222)
ends, alive = os.pipe()
named, names = os.pipe()
for name in ("sshd", "worker"):
    if not os.fork():
        os.close(alive)
        with open("/proc/self/comm", "w") as comm:
            comm.write(name)
        os.write(names, b".")
        os.read(ends, 1)
        os._exit(0)
    os.read(named, 1)

# A connection of two subflows, where the kernel has MPTCP and lo has the addresses for it.
if os.environ["has_mptcp"]:
    server = listener(socket.AF_INET, "10.77.0.1", 7000, 262)
    client = connect(server, socket.AF_INET, ("10.77.0.1", 0), ("10.77.0.1", 7000), 262)
    client.send(b"x")
    kept[-1].recv(1)
    kept[-1].send(b"y")
    client.recv(1)
print("ready", flush=True)
sys.stdin.read()
PYTHON

has_mptcp=
if ip addr add 10.77.0.1/32 dev lo && ip addr add 10.77.0.2/32 dev lo &&
	ip mptcp limits set subflow 2 add_addr_accepted 2 2>/dev/null &&
	ip mptcp endpoint add 10.77.0.2 dev lo subflow 2>/dev/null; then
	has_mptcp=yes
fi
export has_mptcp
start_helper "$python" "$tmp/sockets.py"

# cells WHAT WANT ARGUMENT...: the cells of a listing without header, one row a line.
cells() {
	local what=$1 want=$2

	shift 2
	run 0 "$PORTSTAT" -H "$@"
	expect "$what" "$want" "$(tr -s ' ' <"$tmp/out" | sed 's/ $//')"
}

# ---- protocols and families ---------------------------------------------------------------------

subflows_are_there() {
	# shellcheck disable=SC2317 # called through wait_for
	[ "$("$PORTSTAT" -tH lport 7000 and state established | wc -l)" = 2 ]
}
if [ -n "$has_mptcp" ]; then
	wait_for "the second subflow" subflows_are_there
	for filter in "port 7000" "port 7000 or pid 1"; do
		run 0 "$PORTSTAT" -tMH --columns=proto "$filter"
		expect "-tM has the subflows and the connections: $filter" "3 mptcp 5 tcp" \
			"$(sort "$tmp/out" | uniq -c | xargs)"
	done
	methods=(proc)
	if is_real_root && "$PORTSTAT" --version | grep -q bpf; then
		methods+=(bpf)
	fi
	# Each TCP row has a cookie of its own, and all have the inode of the MPTCP socket.
	for method in "${methods[@]}"; do
		run 0 "$PORTSTAT" -tMaH --columns=owners,owner_note --owners="$method" port 7000 \
			and not state time-wait
		expect_match "--owners=$method" "8 [^ ,]+\\[[0-9]+\\] -" \
			<(sort "$tmp/out" | uniq -c | xargs)
	done
	run 0 "$PORTSTAT" -tMs --summary=proto --csv port 7000
	expect "they are counted" "$(printf 'proto,count\r\ntcp,5\r\nmptcp,3\r\n')" "$(cat "$tmp/out")"
else
	echo "this kernel has no MPTCP"
fi

cells "a dual-stack listener serves IPv4" '*:7501' -4l --columns=local 7501
cells "and IPv6" '*:7501' -6l --columns=local 7501
cells "its IPv4 clients are IPv4" "127.0.0.1:7501 127.0.0.2
127.0.0.1:7501 127.0.0.2
127.0.0.1:7501 127.0.0.3" -4 --columns=local,peer_addr lport 7501 and state established
run 1 "$PORTSTAT" -6 lport 7501 and state established
run 0 "$PORTSTAT" -4 --json lport 7501 and state established
expect "in JSON the address stays what it is" "::ffff:127.0.0.1 inet6" \
	"$(rows select "$tmp/out" -- local_addr family | sort -u)"
run 0 "$PORTSTAT" -0 --columns=local,peer_addr rport 7501 or lport 7501 and raddr 127.0.0.3
expect "with -0, too" 1 "$(tr '\0' '\n' <"$tmp/out" | grep -c '^\[::ffff:127.0.0.1\]:7501	::ffff:127.0.0.3$')"

# ---- what a row says ----------------------------------------------------------------------------

cells "raw sockets by their protocol" "0.0.0.0 icmp
0.0.0.0 ospf
[::] ipv6-icmp" -w --columns=local,service
cells "and by its number" "1
89
58" -wn --columns=service

# The listener may be asked for, be in the list, or be kept back by the filter.
for filter in "port 50051" "lport 50051" "lport 44321" "rport 44321"; do
	run 0 "$PORTSTAT" -tH --columns=service "$filter"
	expect "SERVICE of 50051, which has no name: $filter" - "$(sort -u "$tmp/out")"
	run 0 "$PORTSTAT" -tH --columns=service --source=procfs "$filter"
	expect "from /proc/net: $filter" - "$(sort -u "$tmp/out")"
done

run 0 "$PORTSTAT" -lH --columns=owners.name 2222
owners=$(cat "$tmp/out")
for name in sshd worker; do
	run 0 "$PORTSTAT" -lH --columns=process 2222 and "proc $name"
	expect_match "the owner that was asked for" "^$name\\[[0-9]+\\] \\+2\$" "$tmp/out"
	run 0 "$PORTSTAT" -lHW --columns=process 2222 and "proc $name"
	expect_match "a wide listing names all" "^$name\\[[0-9]+\\],[^ ]*\\],[^ ]*\\]\$" "$tmp/out"
	expect "by the names that they have" "$(tr , '\n' <<<"$owners" | sort)" \
		"$(tr , '\n' <"$tmp/out" | sed 's/\[.*//' | sort)"
done

# One column without a heading is what a script reads.
run 0 "$PORTSTAT" -lH --columns=local_port 7501,2222
expect "nothing stands before a number" "2222
7501" "$(cat "$tmp/out")"
for format in --json --jsonl; do
	run 0 "$PORTSTAT" $format --columns=host,local_port -l 2222
	expect_match "a row names its host" "\\{\"host\": \"$(uname -n)\", \"local_port\": 2222\\}" "$tmp/out"
done
run 0 "$PORTSTAT" --csv --columns=+host -lH 2222
expect_match "CSV has it where it is asked for" ",$(uname -n)"$'\r$' "$tmp/out"

# ---- counts -------------------------------------------------------------------------------------

run 0 "$PORTSTAT" --summary=peer_addr lport 7501
expect "the busiest peers" "RADDR COUNT
127.0.0.2 2
127.0.0.3 1
- 1" "$(tr -s ' ' <"$tmp/out")"
run 0 "$PORTSTAT" -s --columns=peer_addr --json lport 7501
expect_match "in JSON with the keys of columns" '"summary": \[\{"peer_addr": "::ffff:127.0.0.2", "count": 2\}, ' \
	"$tmp/out"
run 0 "$PORTSTAT" --summary=state,tcp.bytes_received --csv port 7000,7501 and state established
expect_match "bytes are added up" '^established,[0-9]+,[0-9]+'$'\r$' "$tmp/out"
run 2 "$PORTSTAT" --summary=peer_adr
expect_match "a column that there is not" "--summary: there is no column 'peer_adr'; did you mean 'peer_addr'" \
	"$tmp/err"

# ---- what this user lacks -----------------------------------------------------------------------

run 0 "$PORTSTAT" -lt --source=procfs 2222
expect_match "what the option itself leaves out" 'use --source=auto, which queries the kernel first$' \
	"$tmp/err"
expect "no module is named" 0 "$(grep -c _diag "$tmp/err")"
# Root of a namespace below, which reads no process of this one.
if unshare -r true 2>/dev/null; then
	run 0 unshare -r "$PORTSTAT" -l --owners=proc 2222
	if [ -s "$tmp/err" ]; then
		expect "root is not told to be root" 0 "$(grep -c 'run as root, or' "$tmp/err")"
	fi
fi
if is_real_root && command -v setpriv >/dev/null; then
	# shellcheck disable=SC2016 # the inner shell expands it
	run 0 setpriv --bounding-set=-sys_ptrace,-dac_read_search --inh-caps=-all sh -c \
		'exec "$0" -l --owners=proc 2222' "$PORTSTAT"
	[ ! -s "$tmp/err" ] ||
		expect_match "what this root lacks" 'root lacks CAP_SYS_PTRACE' "$tmp/err"
fi

finish
