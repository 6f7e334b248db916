#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What --events tells without privilege, beside what was done: events-plain.py PORTSTAT"""
import os
import random
import socket
import struct
import sys

sys.dont_write_bytecode = True
from event_lines import Events, fault, finish

HOSTS = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}


def key(event):
    return event["local_addr"], event["local_port"], event["peer_addr"], event["peer_port"]


def close(first, second, how):
    """Closes the two ends, the first one as it is said."""
    if how == "reset":
        first.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if how == "shutdown":
        first.shutdown(socket.SHUT_WR)
    else:
        first.close()
    try:
        second.recv(1)
    except ConnectionResetError:
        pass
    second.close()
    first.close()


def receive(sock, n):
    while n:
        n -= len(sock.recv(min(n, 65536)))


def connect(server, rng, expected):
    """A connection with random bytes each way, closed by either end in one of several ways."""
    client = socket.socket(server.family)
    client.connect(server.getsockname())
    other, _ = server.accept()
    there, back = rng.choice((0, 1, 5, 1000, 100000)), rng.choice((0, 1, 7, 30000))
    local, peer = client.getsockname()[:2], client.getpeername()[:2]
    client.sendall(bytes(there))
    receive(other, there)
    other.sendall(bytes(back))
    receive(client, back)
    expected[(*local, *peer)] = there, back
    expected[(*peer, *local)] = back, there
    ends = [client, other]
    rng.shuffle(ends)
    how = rng.choice(("close", "close", "shutdown", "reset"))
    # Who resets has no peer any more when that is announced.
    if how == "reset":
        del expected[(*local, *peer) if ends[0] is client else (*peer, *local)]
    close(*ends, how)


def wait_for_close(events, ends):
    events.wait(f"the close of {ends}", lambda e: e["event"] == "closed" and key(e) == ends)


def every_close_has_its_bytes(events, n):
    rng = random.Random(1)
    before = len(events.lines)
    servers = []
    for family, host in HOSTS.items():
        servers.append(socket.socket(family))
        servers[-1].bind((host, 0))
        servers[-1].listen(100)
    expected = {}
    for i in range(n):
        connect(servers[i % 2], rng, expected)
        # Announcements that nobody reads take room, of which this user has little.
        if i % 20 == 19:
            wait_for_close(events, list(expected)[-1])
    # What has no bytes was reset from here.
    told = [e for e in events.lines[before:] if e["event"] == "closed" and e["bytes_sent"] is not None]
    if len(told) != len(expected):
        fault(f"{len(told)} closes told instead of {len(expected)}")
    for event in told:
        want = expected.get(key(event))
        got = event["bytes_sent"], event["bytes_received"]
        if want != got:
            fault(f"bytes of {key(event)}: {got} instead of {want}")
    for server in servers:
        server.close()


def what_stays_is_told(events):
    def wait(event, port, **more):
        return events.wait(
            f"{event} {port}",
            lambda e: e["event"] == event and e["local_port"] == port and all(e[k] == v for k, v in more.items()),
        )

    server, datagrams = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 8080))
    server.listen(5)
    datagrams.bind(("0.0.0.0", 5353))
    opened = wait("opened", 8080, state="listen")
    wait("opened", 5353, proto="udp")
    if opened and [owner["pid"] for owner in opened["owners"]] != [os.getpid()]:
        fault(f"the owner of the listener: {opened['owners']}")
    client = socket.create_connection(("127.0.0.1", 8080))
    other, _ = server.accept()
    port = client.getsockname()[1]
    wait("connected", port)
    wait("accepted", 8080, peer_port=port)
    client.close()
    other.close()
    closed = wait("closed", 8080, peer_port=port)
    if closed and [owner["pid"] for owner in closed["owners"]] != [os.getpid()]:
        fault(f"the owner of the connection: {closed['owners']}")
    # Another listener in its place changes no count, but its end is announced.
    server.close()
    again = socket.socket()
    again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    again.bind(("127.0.0.1", 8080))
    again.listen(5)
    wait("unbound", 8080)
    again.close()
    datagrams.close()
    wait("unbound", 5353)
    asking = socket.socket(type=socket.SOCK_DGRAM)
    asking.connect(("127.0.0.1", 5353))
    asked = asking.getsockname()[1]
    asking.close()
    wait("closed", asked, proto="udp", peer_port=5353)
    wait_for_close(events, ("127.0.0.1", port, "127.0.0.1", 8080))


def main():
    events = Events(sys.argv[1])
    if "announcements, looks" not in events.first or "the process of what closes" not in events.first:
        fault(f"the first line: {events.first}")
    what_stays_is_told(events)
    every_close_has_its_bytes(events, 200)
    events.end()
    finish(f"{len(events.lines)} events")


main()
