#!/bin/bash
# --why of ports that rules send elsewhere, of addresses that overlap, and of many that are in the
# way; and what cannot be signalled.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
. "$SRCDIR/tests/live/why-lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

open_sockets tcp-listen:addr=0.0.0.0,port=7000 tcp-listen:addr=127.0.0.1,port=7001 \
	tcp-listen:port=7002,workers=2 tcp-pair:port=7003,count=5,end=time-wait,quiet=1 \
	udp:port=7004

# A wildcard has every address of its family, and each address is part of every.
why 1 127.0.0.1:7000
says '^tcp 127\.0\.0\.1:7000 cannot be bound: address already in use'
says '0\.0\.0\.0 stands for every address'
why 1 7001
says 'every address includes 127\.0\.0\.1'
why 0 '[::1]:7001'

# Rules of NAT: the port can be bound, and gets nothing.  A rule set that cannot be loaded is no fault.
if ! command -v nft >/dev/null || ! nft -f - 2>"$tmp/err" <<'END'; then
table ip nat {
	chain pre {
		type nat hook prerouting priority dstnat; policy accept;
		tcp dport 8080 dnat to 10.9.9.9:80
		ip daddr 127.0.0.1 tcp dport 8081 dnat to 10.9.9.9:81
		ip saddr 192.0.2.0/24 tcp dport 8082 dnat to 10.9.9.9:82
	}
}
END
	left_out "ports that rules send elsewhere: $(head -1 "$tmp/err")"
else
	why 0 8080
	says '^tcp 8080 can be bound, but gets no packet from outside: nat pre sends it to 10\.9\.9\.9:80$'
	why 0 0.0.0.0:8081
	says '^tcp 0\.0\.0\.0:8081 can be bound, but gets no packet from outside for 127\.0\.0\.1:8081: nat pre sends it to 10\.9\.9\.9:81$'
	why 0 8082
	says '^tcp 8082 can be bound, but not every packet from outside comes to it: nat pre sends some to 10\.9\.9\.9:82$'
	# Another protocol, and another address than the rule's.
	why 0 8080/udp
	expect "a rule for TCP" "udp 8080 can be bound" "$(answer)"
	why 0 '[::1]:8080'
	expect "a rule for IPv4" "tcp [::1]:8080 can be bound" "$(answer)"

	# A rule has no process that could be signalled, and no socket that could be closed.
	run 4 "$PORTSTAT" --forwards --yes --signal lport 8080
	expect_match "why nothing was signalled" ':8080 is no socket: a rule forwards the port' "$tmp/err"
	run 4 "$PORTSTAT" --forwards --yes --close lport 8080
	expect_match "why nothing was closed" ':8080 is no socket: a rule forwards the port' "$tmp/err"
	nft delete table ip nat
fi

# A connection that has ended belongs to nobody any more.
run 4 "$PORTSTAT" --yes --signal state time-wait and port 7003
expect_match "why nobody was signalled" 'there is no process to signal' "$tmp/err"
run 4 "$PORTSTAT" -q --yes --signal state time-wait and port 7003
expect_lines "quiet" 0 "$tmp/err"

# Another user's process: its owner is hidden, and not hit.
if is_real_root && command -v setpriv >/dev/null; then
	cp "$PORTSTAT" "$tmp/portstat"
	run 4 setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/portstat" --yes --signal lport 7000
	expect_match "an owner that is hidden" ':7000: its owner is hidden from this user' "$tmp/err"
else
	left_out "another user's process: only root becomes another user"
fi
run 0 "$PORTSTAT" -l 7000

# The answer to a file, which nobody sees half written.
run 0 "$PORTSTAT" --why --output="$tmp/answer" 7009
expect "the answer in a file" "tcp 7009 can be bound" "$(answer "$tmp/answer")"
expect_lines "nothing beside it" 0 "$tmp/out"
run 4 "$PORTSTAT" --why --output="$tmp/nowhere/answer" 7009
expect_match "a file that cannot be written" 'nowhere/answer' "$tmp/err"
stop_helper

# In another namespace the same port is another one.
start_helper unshare -n "$BUILDDIR/tests/live/opensock" tcp-listen:addr=0.0.0.0,port=7100
# shellcheck disable=SC2154 # start_helper sets it
why 1 -N "pid:$helper_pid" 7100
says "^  by +LISTEN 0\.0\.0\.0:7100  opensock\[$helper_pid\]"
why 0 -N "pid:$helper_pid" 7000
why 0 7100
stop_helper
finish
