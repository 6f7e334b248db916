#!/bin/bash
# What opens and closes between two looks: it is there with process, age and bytes, once, and without
# privilege with what is announced.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit
need "$python"

cat >"$tmp/serve" <<'END'
import socket, sys

server = socket.create_server(("127.0.0.1", 8123))
open(sys.argv[1], "w").write("ready")
while True:
    conn, _ = server.accept()
    while conn.recv(4096):
        pass
    conn.sendall(b"y" * 100)
    conn.close()
END
# So many connections, one after another, that carry 3000 bytes each.
cat >"$tmp/visit" <<END
#!$(command -v "$python")
import socket, sys

for _ in range(int(sys.argv[1])):
    with socket.create_connection(("127.0.0.1", 8123)) as conn:
        conn.sendall(b"x" * 3000)
        conn.shutdown(socket.SHUT_WR)
        while conn.recv(4096):
            pass
END
# Until the server has closed its end of the last one, too.
cat >"$tmp/wait_for_ends" <<'END'
#!/bin/bash
deadline=$((SECONDS + 20))
while [ -n "$(ss -Htn state established state close-wait state last-ack sport = 8123)" ]; do
	[ "$SECONDS" -lt "$deadline" ] || exit 1
	read -r -t 0.02 <> <(:) || :
done
END
# A hundred thousand bytes a second and more, until it is killed.
cat >"$tmp/datagrams" <<'END'
import socket, threading

server, client = socket.socket(type=socket.SOCK_DGRAM), socket.socket(type=socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 5353))
while True:
    client.sendto(b"x" * 1000, ("127.0.0.1", 5353))
    server.recv(2000)
    threading.Event().wait(0.002)
END
cat >"$tmp/ask" <<END
#!$(command -v "$python")
import socket

server, client = socket.socket(type=socket.SOCK_DGRAM), socket.socket(type=socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 5354))
client.connect(("127.0.0.1", 5354))
client.send(b"x" * 2000)
server.recv(4000)
END
cat >"$tmp/signal" <<'END'
#!/bin/bash
for process in /proc/[0-9]*; do
	[ "$(cat "$process/comm" 2>/dev/null)" != portstat ] || kill "-$1" "${process#/proc/}"
done
END
chmod +x "$tmp/signal" "$tmp/visit" "$tmp/ask" "$tmp/wait_for_ends"
cp "$tmp/visit" "$tmp/second"
mkfifo "$tmp/hold"
"$python" "$tmp/serve" "$tmp/ready" &
server=$!
wait_for "the server" test -s "$tmp/ready"

# Without --interval's refreshes a picture comes with R alone.
# The programs that the view holds, as the kernel counts them, are gone with it.
play "what is heard of" --interval=3600 <<END
size 120 30
expect 8123
key 5
expect 0 changes
run sed -n 's/^prog_id:[[:space:]]*//p' /proc/[0-9]*/fdinfo/* 2>/dev/null | sort -u >$tmp/hooks
dump
key q
exit 0
END
if ! grep -q "0 changes, by BPF" "$tmp/out"; then
	left_out "changes by BPF: $(grep -o "0 changes.*" "$tmp/out")"
else
	is_gone() {
		# shellcheck disable=SC2317 # called through wait_for
		! bpftool prog show id "$1" >/dev/null 2>&1
	}
	[ -s "$tmp/hooks" ] || { echo "FAILED: no BPF program is seen in /proc/PID/fdinfo"; failed=1; }
	if command -v bpftool >/dev/null; then
		while read -r hook; do
			wait_for "the end of BPF program $hook" is_gone "$hook"
		done <"$tmp/hooks"
	else
		left_out "whether the BPF programs are gone: there is no bpftool"
	fi
	play "what no look saw has process, age and bytes" --interval=3600 <<END
size 120 40
expect 8123
key 5
expect 0 changes, by BPF
run $tmp/visit 1
run $tmp/wait_for_ends
run bash -c ': </dev/tcp/127.0.0.1/9' 2>/dev/null || :
key R
expect 3 changes, by BPF
expect failed
expect visit[
expect python3[$server]
expect 3 came and went
dump
key R
gone came and went
expect 3 changes, by BPF
type /proc visit
key Enter
expect 1 change, by BPF
gone python3[
expect 3.0K
key q
exit 0
END
	if ! grep -q "came, went tcp .*:8123 .*visit\[[0-9]*\] .*[0-9]us\|came, went tcp .*:8123 .*visit\[[0-9]*\] .*ms .*3.0K" "$tmp/out"; then
		echo "FAILED: no line has process, age and bytes"
		cat "$tmp/out"
		failed=1
	fi
	play "what opened stays one change, also when it closes later" --interval=3600 <<END
size 120 40
expect 8123
key 5
expect 0 changes, by BPF
run $sockets one --process=one tcp-pair:port=9001
key R
expect opened
expect one[
key R
expect 3 changes, by BPF
run $sockets one
key R
expect closed
expect 6 changes, by BPF
key R
expect 6 changes, by BPF
key q
exit 0
END
	"$python" "$tmp/datagrams" &
	sender=$!
	play "what UDP carries, in bytes and packets" --interval=0.5 -u <<END
size 120 40
type /lport 5353
key Enter
row 5353
type d
expect K    0 
expect packets
expect /s received, 0/s sent
key q
exit 0
END
	kill $sender
	play "sockets of UDP that nobody bound" --interval=3600 -u <<END
size 120 40
key 5
expect 0 changes, by BPF
run $tmp/ask
key R
expect came, went udp   127.0.0.1:5354
expect ask[
expect 1.9K
expect 2 changes, by BPF
key q
exit 0
END
	play "in pause nothing moves, and nothing is missed" --interval=0.2 <<END
size 120 40
key 5
expect 0 changes, by BPF
key p
expect PAUSED
run $tmp/visit 1
run $tmp/wait_for_ends
key R
expect 0 changes, by BPF
key p
gone PAUSED
expect 2 changes, by BPF
key q
exit 0
END
	unshare -n tail -f /dev/null &
	elsewhere=$!
	is_elsewhere() {
		# shellcheck disable=SC2317 # called through wait_for
		[ "$(readlink "/proc/$elsewhere/ns/net")" != "$(readlink /proc/self/ns/net)" ]
	}
	wait_for "the namespace" is_elsewhere
	nsenter -t $elsewhere -n ip link set lo up
	play "also in other network namespaces" --interval=3600 -N all <<END
size 130 40
expect 8123
key 5
expect by BPF
type /proc ask
key Enter
run nsenter -t $elsewhere -n $tmp/ask
run unshare -n bash -c 'ip link set lo up && $tmp/ask'
key R
expect 4 changes, by BPF
expect tail[$elsewhere]
key q
exit 0
END
	kill $elsewhere
	# A view that stands still while 24,000 things happen says how many of them it does not know.
	play "what was lost is counted" --interval=3600 <<END
size 120 40
expect 8123
key 5
expect 0 changes, by BPF
run $tmp/signal STOP
run $tmp/visit 6000
run $tmp/wait_for_ends
run $tmp/signal CONT
key R
expect lost
dump
key q
exit 0
END
	number() {
		sed -n "s/.*$1.*/\\1/p" "$tmp/out" | tr -d , | sed -n 1p
	}
	passed=$(number 'more than \([0-9]*\) came and went')
	kept=$(number ' \([0-9]*\) changes, by BPF')
	lost=$(number ' lost \([0-9,]*\) ')
	# What came and went was two events, the line of the lost is none.
	if [ "$((passed + kept - 1 + lost))" != 24000 ]; then
		echo "FAILED: $passed came and went of $kept changes, and $lost events are lost"
		failed=1
	fi
	play "more than is kept is counted" --interval=3600 <<END
size 120 40
expect 8123
key 5
expect 0 changes, by BPF
run $tmp/visit 6000
run $tmp/wait_for_ends
key R
expect 10000 of the last 10000 of 12,000 changes, by BPF
key q
exit 0
END
fi

if is_real_root && command -v setpriv >/dev/null; then
	play_with "without privilege" setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$PORTSTAT" --live --no-config --interval=3600 <<END
size 120 40
expect 8123
key 5
expect Whose it was that came and went between two looks
expect 0 changes, as announced
run $tmp/visit 3
run $tmp/wait_for_ends
key R
expect 6 changes, as announced
expect came, went tcp   127.0.0.1:8123
expect 3.0K
expect 6 came and went
key R
expect 6 changes, as announced
run $tmp/ask
key R
expect 8 changes, as announced
expect came, went udp
key q
exit 0
END
	"$python" "$tmp/datagrams" &
	sender=$!
	play_with "without privilege nobody knows what UDP carries" setpriv --reuid=65534 --regid=65534 \
		--clear-groups "$PORTSTAT" --live --no-config --interval=0.2 -u <<END
size 120 40
expect BOUND    0    -    -
key q
exit 0
END
	kill $sender
else
	left_out "changes without privilege: this user is not the real root, or has no setpriv"
fi
kill $server
finish
