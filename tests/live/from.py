#!/usr/bin/python3
"""Opens random sockets of processes with hostile names, says ready, and waits for the end of its input.

from.py SEED
"""
import os
import random
import socket
import sys

random.seed(int(sys.argv[1]))

# Characters that mean something to JSON, CSV, filters, terminals and shells; all of them UTF-8.
PIECES = ["nginx", "ü", "漢", '"', "\\", ",", " ", "\n", "\t", "\x1b[31m", "\x7f", "‮", "'", "$(x)", "{", "]", "[1]", "*", "%s", "é", ";"]


def hostile_name():
    name = ""
    while len(name.encode()) < random.randrange(1, 16):
        piece = random.choice(PIECES)
        if len((name + piece).encode()) > 15:
            break
        name += piece
    return name or "x"


keep = []


def try_open(open_it):
    try:
        keep.append(open_it())
    except OSError:
        pass


def bound(family, kind, addr, v6only=None, reuse=False, proto=0):
    s = socket.socket(family, kind, proto)
    if v6only is not None:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
    if reuse:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.bind(addr)
    return s


def listener(*args, **options):
    s = bound(*args, **options)
    s.listen(random.randrange(1, 200))
    return s


def open_some(choice):
    port = random.randrange(1, 65536)
    v4 = random.choice(["0.0.0.0", "127.0.0.1", "127.1.2.3"])
    v6 = random.choice(["::", "::1", "::ffff:127.0.0.1"])
    tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
    if choice == 0:
        try_open(lambda: listener(socket.AF_INET, tcp, (v4, port)))
    elif choice == 1:
        try_open(lambda: listener(socket.AF_INET6, tcp, (v6, port), v6only=0))
    elif choice == 2:
        try_open(lambda: listener(socket.AF_INET6, tcp, ("::", port), v6only=1))
    elif choice == 3:
        try_open(lambda: bound(socket.AF_INET, udp, (v4, port)))
    elif choice == 4:
        try_open(lambda: bound(socket.AF_INET6, udp, (v6, port), v6only=0))
    elif choice == 5:
        try_open(lambda: bound(socket.AF_INET, tcp, (v4, port)))
    elif choice == 6:
        try_open(lambda: bound(socket.AF_INET, socket.SOCK_RAW, ("127.0.0.1", 0), proto=random.choice([1, 89, 253])))
    elif choice == 7:
        for _ in range(2):
            try_open(lambda: listener(socket.AF_INET, tcp, (v4, port), reuse=True))
    elif choice == 8:
        s = listener(socket.AF_INET, tcp, ("127.0.0.1", 0))
        keep.append(s)
        for i in range(3):
            c = socket.create_connection(s.getsockname())
            keep.append(c)
            if i:
                a, _ = s.accept()
                keep.append(a)
                a.send(b"x" * random.randrange(1, 3000))
    elif choice == 9:
        s = bound(socket.AF_INET, udp, ("127.0.0.1", 0))
        c = socket.socket(socket.AF_INET, udp)
        c.connect(s.getsockname())
        c.send(b"x" * 100)
        keep.extend([s, c])
    else:
        def bound_to_device():
            s = socket.socket(socket.AF_INET6, tcp)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\0")
            s.bind(("::", port))
            s.listen(1)
            return s
        try_open(bound_to_device)


def connect_and_close():
    """Leaves a connection in TIME-WAIT."""
    s = listener(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
    c = socket.create_connection(s.getsockname())
    a, _ = s.accept()
    c.close()
    a.close()


children = []
for _ in range(random.randrange(2, 5)):
    ends = os.pipe()
    done = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(ends[1])
        with open("/proc/self/comm", "wb") as comm:
            comm.write(hostile_name().encode())
        open_some(8)
        for _ in range(random.randrange(2, 12)):
            open_some(random.randrange(11))
        if random.randrange(2):
            # Another process holds the same sockets.
            if not os.fork():
                os.write(done[1], b"x")
                os.read(ends[0], 1)
                os._exit(0)
            os.read(done[0], 1)
        os.write(done[1], b"y")
        os.read(ends[0], 1)
        os._exit(0)
    os.close(ends[0])
    os.read(done[0], 1)
    children.append(ends[1])
connect_and_close()
print("ready", flush=True)
sys.stdin.read()
