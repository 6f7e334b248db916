#!/bin/bash
# Makes the picture of the live view for README, and the same as text, from a real run: a server whose
# clients send and receive for a while, in a network namespace of its own.
#
# usage: screenshot.sh PICTURE.svg [TEXT [COLUMNS [OPTION...]]]
picture=$(realpath -m "$1") text=$(realpath -m "${2:-/dev/null}") columns=${3:-116}
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit
need python3

for address in 192.0.2.1 203.0.113.7 203.0.113.80 198.51.100.9; do
	ip address add $address/32 dev lo
done
cat >"$tmp/server.py" <<'END'
import math, os, socket, sys, threading, time

def named(name):
    """A process of this name: true in the child."""
    if os.fork():
        return False
    with open("/proc/self/comm", "w") as f:
        f.write(name)
    return True

def listen(address, port, kind=socket.SOCK_STREAM):
    s = socket.socket(socket.AF_INET, kind)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, port))
    if kind == socket.SOCK_STREAM:
        s.listen(16)
    return s

def swallow(peer):
    while peer.recv(1 << 16):
        pass

def serve(listener, n):
    for _ in range(n):
        threading.Thread(target=swallow, args=(listener.accept()[0],), daemon=True).start()
    time.sleep(1000)

def send(name, source, server, most):
    if not named(name):
        return
    s = socket.create_connection(server, source_address=(source, 0))
    began = time.time()
    while True:
        swell = math.sin((time.time() - began) * 0.7 + most % 7) + 1.05
        s.sendall(b"x" * int(most * swell / 20))
        time.sleep(0.05)

for name, address, port, n in (("sshd", "", 22, 0), ("nginx", "", 443, 3), ("redis-server", "", 6379, 0),
                               ("postgres", "127.0.0.1", 5432, 1)):
    listener = listen(address, port)
    if named(name):
        if name == "nginx" and os.fork():
            time.sleep(1000)
        serve(listener, n)
    listener.close()
if named("chronyd"):
    kept = listen("127.0.0.1", 323, socket.SOCK_DGRAM)
    time.sleep(1000)
for peer, most in (("203.0.113.7", 900000), ("203.0.113.80", 90000), ("198.51.100.9", 9000)):
    send("curl", peer, ("192.0.2.1", 443), most)
send("node", "127.0.0.1", ("127.0.0.1", 5432), 40000)
time.sleep(1000)
END
python3 "$tmp/server.py" &
server=$!
# shellcheck disable=SC2016 # its own shell expands it
named='hostname web01 && exec "$0" "$@"'
deadline=60
timeout $deadline "$vt" - unshare -u "$BASH" -c "$named" "$PORTSTAT" --live --no-config --interval=0.5 "${@:4}" >"$tmp/out" <<END || { cat "$tmp/out"; exit 1; }
size $columns 24
expect redis-server
watch 12
type jj
key Right
expect ESTAB
expect 198.51.100.9
key End
row other connections
svg $picture
dump
key q
exit 0
END
grep -v '^memory-kib' "$tmp/out" >"$text" || :
kill $server
