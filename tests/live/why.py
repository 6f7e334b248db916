#!/usr/bin/python3
"""Opens the sockets of puzzles that people have with ports, says "ready" and holds them until its
standard input ends.  Each argument, up to --, is one puzzle; what a test cannot know goes before
"ready"."""

import os
import socket
import sys

kept = []


def server(addr, port, *options, family=socket.AF_INET, kind=socket.SOCK_STREAM, listens=True):
    """A socket that is bound, with these options set, and listens if it can."""
    s = socket.socket(family, kind)
    for option in options:
        s.setsockopt(socket.SOL_SOCKET, option, 1)
    s.bind((addr, port))
    if listens and kind == socket.SOCK_STREAM:
        s.listen()
    kept.append(s)
    return s


def ended_server(port, *options):
    """A server that ended first, so that its end of the connection is in TIME-WAIT."""
    listener = server("127.0.0.1", port, *options)
    client = socket.create_connection(("127.0.0.1", port))
    accepted, _ = listener.accept()
    accepted.close()
    client.close()
    kept.remove(listener)
    listener.close()


def outgoing(port):
    """A connection whose local port the kernel chose."""
    server("127.0.0.1", port)
    client = socket.create_connection(("127.0.0.1", port))
    kept.append(client)
    print("outgoing", client.getsockname()[1])


def close_wait(port):
    """The listener is gone and the peer closed its end, but the accepted socket stays open."""
    listener = server("127.0.0.1", port)
    client = socket.create_connection(("127.0.0.1", port))
    accepted, _ = listener.accept()
    kept.append(accepted)
    client.close()
    accepted.recv(1)
    kept.remove(listener)
    listener.close()


def inherited(port):
    """A child has the listener of a parent that closed it."""
    listener = server("0.0.0.0", port)
    ends = os.pipe()
    child = os.fork()
    if not child:
        os.close(ends[1])
        os.read(ends[0], 1)
        os._exit(0)
    os.close(ends[0])
    kept.append(ends)
    kept.remove(listener)
    listener.close()
    print("child", child)


def leftover(port):
    """A server that outlived the session in which a shell started it."""
    ends = os.pipe()
    shell = os.fork()
    if not shell:
        os.setsid()
        if not os.fork():
            server("0.0.0.0", port)
            os.write(ends[1], b"x")
            sys.stdin.read()
        os._exit(0)
    os.waitpid(shell, 0)
    os.read(ends[0], 1)


def proxy(port):
    """A process that is called like Docker's proxy, with its command line, given to this one."""
    with open("/proc/self/comm", "w", encoding="ascii") as comm:
        comm.write("docker-proxy")
    server("0.0.0.0", port)


def as_user(uid, opens, *arguments):
    """What is opened belongs to this user."""
    os.seteuid(uid)
    opens(*arguments)
    os.seteuid(0)


ANY6, REUSE, SHARE = "::", socket.SO_REUSEADDR, socket.SO_REUSEPORT
puzzles = {
    "server": lambda: server("0.0.0.0", 8080),
    "stub": lambda: server("127.0.0.53", 53),
    "dual": lambda: server(ANY6, 8081, family=socket.AF_INET6),
    "outgoing": lambda: outgoing(9000),
    "time-wait": lambda: ended_server(9001),
    "time-wait-reuse": lambda: ended_server(9002, REUSE),
    "inherited": lambda: inherited(9003),
    "close-wait": lambda: close_wait(9004),
    "bound": lambda: server("0.0.0.0", 9005, listens=False),
    "udp": lambda: server("0.0.0.0", 5353, REUSE, kind=socket.SOCK_DGRAM),
    "group": lambda: [server("0.0.0.0", 9006, SHARE) for _ in range(2)],
    "group-of-other": lambda: as_user(65534, server, "0.0.0.0", 9007, SHARE),
    "leftover": lambda: leftover(9008),
    "proxy": lambda: proxy(9009),
    "elsewhere": lambda: server("0.0.0.0", 9010),
}

for name in sys.argv[1:]:
    if name == "--":
        break
    puzzles[name]()
print("ready", flush=True)
sys.stdin.read()
