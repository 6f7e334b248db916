#!/bin/bash
# Which listener owns a connection: the kernel decides, and the owners of waiting connections, the
# service column and the tree of the live view all agree with it.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

# Any device beside lo does.
ip link add dm0 type dummy 2>/dev/null || ip link add dm0 type veth peer name dm1 2>/dev/null ||
	ip link add dm0 type bridge 2>/dev/null || skip "no second device can be made"
ip addr add 10.9.0.1/24 dev dm0
ip link set dm0 up

# Two listeners at an ephemeral port that differ in the device, and connections that nobody accepts,
# from ports that have names: judged by the ports alone, those would be the service.  A byte ends the
# listener on lo, before its connection.
cat >"$tmp/serve.py" <<'END_OF_PROGRAM'
import ctypes
import os
import socket
import sys


def named(name):
    ctypes.CDLL(None).prctl(15, name.encode())


def make(device=None):
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if device:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
    return made


def listen(name, device):
    ready, is_ready = os.pipe()
    end, ends = os.pipe()
    if os.fork() == 0:
        os.close(ends)
        named(name)
        listener = make(device)
        listener.bind(("0.0.0.0", 40000))
        listener.listen()
        accepted = []
        os.write(is_ready, b".")
        while os.read(end, 1) == b"a":
            accepted.append(listener.accept())
            os.write(is_ready, b".")
        listener.close()
        os.write(is_ready, b".")
        os.read(end, 1)
        os._exit(0)
    os.close(end)
    os.read(ready, 1)
    return ready, ends


def connect(port, addr, device=None):
    client = make(device)
    client.bind((addr, port))
    client.connect((addr, 40000))
    return client


ready, ends = listen("on-lo", "lo")
beside = listen("on-dm0", "dm0")
held = [connect(80, "127.0.0.1"), connect(443, "10.9.0.1"), connect(22, "10.9.0.1", "dm0")]
print("ready", flush=True)
while sys.stdin.buffer.raw.read(1) == b"\n":
    os.write(ends, b"a")
    os.read(ready, 1)
    os.write(ends, b"e")
    os.read(ready, 1)
    print("ready", flush=True)
END_OF_PROGRAM
start_helper "$python" "$tmp/serve.py"

# owner_of PEER-PORT: who holds the listener that took the connection from there.
owner_of() {
	"$python" -c 'import json, sys
for row in json.load(open(sys.argv[1]))["sockets"]:
    if row["local_port"] == 40000 and row["peer_port"] == int(sys.argv[2]):
        print(*(owner["name"] for owner in row["owners"]))' "$tmp/out" "$1"
}

# services FILTER: the name of each socket's service.
services() {
	"$PORTSTAT" -aH --columns=service "$1" | sort -u | tr -s ' ' | paste -sd,
}

# The live view's tree, without the owners, who would tell the listeners apart.  Each group counts its
# connections.
check_tree() {
	local vt=$BUILDDIR/tests/screen/vt

	if [ ! -x "$vt" ]; then
		left_out "the live view: built without libvterm, a terminal for tests"
		return
	fi
	printf '%s\n' "size 100 30" "key F5" "expect └─" "expect 0.0.0.0%dm0  LISTEN    2" \
		"expect 0.0.0.0%lo   LISTEN    1" "key q" "exit 0" >"$tmp/play"
	run 0 env XDG_CONFIG_HOME="$tmp" TERM=xterm-256color LC_ALL=C.UTF-8 timeout 60 "$vt" "$tmp/play" \
		"$PORTSTAT" --live --no-config -n --owners=none "lport 40000" || cat "$tmp/out" >&2
}

run 0 "$PORTSTAT" -a --json
expect "over lo" on-lo "$(owner_of 80)"
expect "to the address of dm0" on-dm0 "$(owner_of 443)"
expect "over dm0" on-dm0 "$(owner_of 22)"

unnamed=$(services "lport 40000 and state listen")
expect "the service over lo is the listener's" "$unnamed" "$(services "port 80")"
expect "the service over dm0 is the listener's" "$unnamed" "$(services "port 443")"

check_tree

# The listener on lo goes: its connection is not that of the other one.
echo >&"$helper_input"
IFS= read -r _ <&"${HELPER[0]}"
expect "a service without its listener" http "$(services "port 80")"
expect "the other one stays" "$unnamed" "$(services "port 443")"
finish
