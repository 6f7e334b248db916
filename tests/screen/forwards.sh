#!/bin/bash
# Ports that rules and proxies send on, in the live view: rows, details, and keys that say no.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit
need nft

"$sockets" web --process=web tcp-listen:port=8000 tcp-pair:addr=127.0.0.1,port=8001
nft -f - >"$tmp/log" 2>&1 <<'END' || skip "this kernel has no nf_tables for us: $(head -n 1 "$tmp/log")"
table ip nat {
	chain pre {
		type nat hook prerouting priority dstnat;
		tcp dport 8080 redirect to :8000
		tcp dport 9000-9010 dnat to 192.0.2.7
	}
}
END

play "rules are rows" --interval=0.2 <<'END'
size 120 40
expect [1 Ports]
row 8000
key Down Down
row 8080
expect nft > :8000 web[
expect FORWARD
expect 0.0.0.0:9000-9010
expect owners: 4 of 4 known
expect FORWARD    -    -    -
key 3
expect (forward)
key 1
row 8080
key F9
expect A rule sends this port on: no process holds it.
key F8
expect A rule sends this port on: there is no socket to close.
type d
expect leads to
expect nat pre
type d
key Up Up
row 8000
type d
expect published
expect 0.0.0.0:8080
type d
key q
exit 0
END

play "with a filter, and as they come and go" --interval=0.2 forward <<END
size 120 30
row 8080
gone LISTEN
run nft add rule ip nat pre tcp dport 8081 redirect to :8000
expect 8081
run nft flush chain ip nat pre
gone 8081
expect No rows:
key q
exit 0
END

if is_real_root; then
	nft add rule ip nat pre tcp dport 8080 redirect to :8000
	nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$PORTSTAT")
	play_with "rules that nobody may read are no problem" \
		"${nobody[@]}" --live --interval=0.2 --no-config <<'END'
size 120 30
expect 8000
gone FORWARD
gone NAT rules
key q
exit 0
END
	play_with "unless they were asked for" \
		"${nobody[@]}" --live --interval=0.2 --no-config --forwards <<'END'
size 200 30
expect 8000
expect NAT rules could not be read
key q
exit 0
END
else
	left_out "rules under another user: only root can become one"
fi
"$sockets" web
finish
