#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What attempts.sh counts in JSON lines of --events, and the clients that it needs.

attempts.py tries FILE              all tries that the lines about refused packets tell of, and lost ones
attempts.py rate FILE               the most lines within a second of their times
attempts.py get FILE FILTER KEY...  these values of the events that have all of FILTER (key=value,...)
attempts.py connect ADDRESS PORT N  connects, and stays until standard input ends
attempts.py visit ADDRESS PORT N    so many connections, one after the other
attempts.py refuse ADDRESS PORT...  tries to connect to each of these ports
attempts.py refuse_as OWN ADDRESS PORT...  the same from one of our addresses
attempts.py serve PORT BACKLOG      listens and never accepts, until standard input ends
attempts.py serve_in NETNS PORT BACKLOG  the same in another network namespace, where it does not stay
"""
import ctypes
import json
import os
import socket
import sys
from datetime import datetime


def events(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.endswith("\n")]


def milliseconds(event):
    return round(datetime.strptime(event["time"], "%Y-%m-%dT%H:%M:%S.%fZ").timestamp() * 1000)


def tries(path):
    """A later line about the same tries, which began with them, has their count, too."""
    last = {}
    lost = 0
    for n, event in enumerate(events(path)):
        if event["event"] == "lost":
            lost += event["count"]
        elif event["peer_addr"] is None:
            last[n] = event["count"]
        else:
            begun = round(milliseconds(event) - (event["duration_ms"] or 0))
            last[event["peer_addr"], event["local_port"], begun] = event["count"]
    print(sum(last.values()) + lost)


def rate(path):
    times = sorted(milliseconds(event) for event in events(path))
    print(max(sum(1 for other in times if time <= other < time + 1000) for time in times))


def get(path, wanted, *keys):
    pairs = [pair.split("=") for pair in wanted.split(",")]
    for event in events(path):
        if all(str(event[key]) == value for key, value in pairs):
            print(*(event[key] for key in keys))


def client(address):
    return socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)


def connect(address, port, n):
    clients = [client(address) for _ in range(int(n))]
    for one in clients:
        one.setblocking(False)
        one.connect_ex((address, int(port)))
    print("ready", flush=True)
    sys.stdin.read()


def visit(address, port, n):
    for _ in range(int(n)):
        with client(address) as one:
            one.connect((address, int(port)))


def refuse(address, *ports):
    for port in ports:
        with client(address) as one:
            one.connect_ex((address, int(port)))


def refuse_as(own, address, *ports):
    for port in ports:
        with client(address) as one:
            one.bind((own, 0))
            one.connect_ex((address, int(port)))


def hold(server, port, backlog):
    with server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("0.0.0.0", int(port)))
        server.listen(int(backlog))
        print("ready", flush=True)
        sys.stdin.read()


def serve(port, backlog):
    hold(socket.socket(), port, backlog)


def enter(libc, path):
    with open(path, encoding="utf-8") as netns:
        if libc.setns(netns.fileno(), 0):
            sys.exit(f"cannot enter {path}")


def serve_in(netns, port, backlog):
    libc = ctypes.CDLL(None)
    enter(libc, netns)
    server = socket.socket()
    enter(libc, f"/proc/{os.getppid()}/ns/net")
    hold(server, port, backlog)


globals()[sys.argv[1]](*sys.argv[2:])
