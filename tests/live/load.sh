#!/bin/bash
# A busy host: with thousands of connections of many processes, portstat and ss list the same
# sockets, states and processes, with none missing and none twice.
looks_for_leaks=yes
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" ss

start_helper "$BUILDDIR/tests/bench/populate" -c 4500 -s 500 -l 40 -u 20 -p 30 -f 3000

run 0 "$PORTSTAT" -a --json
cp "$tmp/out" "$tmp/netlink.json"
ss -Htuanp >"$tmp/ss"
expect_lines "sockets that ss lists" 10060 "$tmp/ss"
rows ss "$tmp/netlink.json" "$tmp/ss"
expect "processes that own a socket" 30 \
	"$(grep -o '"pid": *[0-9]*' "$tmp/netlink.json" | sort -u | wc -l)"

run 0 "$PORTSTAT" -a --json --source=procfs
rows sources "$tmp/netlink.json" "$tmp/out"

# Selections are what the whole listing holds of them.
run 0 "$PORTSTAT" -l -t --json 8010-8019
expect "listeners of the range" 10 "$(rows select "$tmp/out" state=listen -- local_port | wc -l)"
run 0 "$PORTSTAT" -t6 --jsonl
expect_lines "IPv6" 1000 "$tmp/out"
run 0 "$PORTSTAT" -u4 --jsonl
expect_lines "UDP" 20 "$tmp/out"

finish
