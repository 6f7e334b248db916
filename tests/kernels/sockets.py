#!/usr/bin/python3
"""Opens sockets of every kind that this kernel has, writes which ones, and holds them.

usage: sockets.py FILE
"""

import socket
import sys
import time

INET, INET6 = socket.AF_INET, socket.AF_INET6
STREAM, DGRAM, SEQPACKET = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET
SCTP, UDPLITE, MPTCP = 132, 136, 262
BINDTODEVICE, MARK = 25, 36
kept = []


def listener(family, kind, proto, addr):
    s = socket.socket(family, kind, proto)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(addr)
    s.listen(5)
    return s


def bound(family, kind, proto, addr):
    s = socket.socket(family, kind, proto)
    s.bind(addr)
    return s


def pair(family, kind, proto, addr):
    one = listener(family, kind, proto, addr)
    client = socket.socket(family, kind, proto)
    client.connect(addr)
    return one, client, one.accept()[0]


def tcp():
    waiting = listener(INET, STREAM, 0, ("127.0.0.1", 7003))
    client = socket.socket(INET, STREAM)
    client.connect(("127.0.0.1", 7003))
    return (
        pair(INET, STREAM, 0, ("127.0.0.1", 7001)),
        pair(INET6, STREAM, 0, ("::1", 7002)),
        (waiting, client),
        listener(INET6, STREAM, 0, ("::", 7004)),
    )


def tcp_bound():
    return bound(INET, STREAM, 0, ("127.0.0.1", 7010)), bound(INET6, STREAM, 0, ("::", 7011))


def udp():
    client = bound(INET, DGRAM, 0, ("127.0.0.1", 7022))
    server = bound(INET, DGRAM, 0, ("127.0.0.1", 7020))
    client.connect(("127.0.0.1", 7020))
    return client, server, bound(INET6, DGRAM, 0, ("::", 7021))


def udplite():
    return bound(INET, DGRAM, UDPLITE, ("127.0.0.1", 7030)), bound(INET6, DGRAM, UDPLITE, ("::1", 7031))


def raw():
    return socket.socket(INET, socket.SOCK_RAW, 1), socket.socket(INET6, socket.SOCK_RAW, 58)


def sctp():
    many = listener(INET, SEQPACKET, SCTP, ("127.0.0.1", 7042))
    client = bound(INET, SEQPACKET, SCTP, ("127.0.0.1", 7043))
    client.sendto(b"x", ("127.0.0.1", 7042))
    return (
        many,
        client,
        pair(INET, STREAM, SCTP, ("127.0.0.1", 7040)),
        pair(INET6, STREAM, SCTP, ("::1", 7041)),
        pair(INET, STREAM, SCTP, ("10.9.1.1", 7048)),
        listener(INET6, STREAM, SCTP, ("::", 7045)),
    )


def mptcp():
    server, client, peer = pair(INET, STREAM, MPTCP, ("127.0.0.1", 7050))
    client.send(b"hello")
    peer.recv(10)
    return server, client, peer


def device():
    s = socket.socket(INET, STREAM)
    s.setsockopt(socket.SOL_SOCKET, BINDTODEVICE, b"lo\0")
    s.setsockopt(socket.SOL_SOCKET, MARK, 0x2A)
    s.bind(("0.0.0.0", 7063))
    s.listen(1)
    return s


def main():
    made = []
    for open_some in (tcp, tcp_bound, udp, udplite, raw, sctp, mptcp, device):
        try:
            kept.append(open_some())
            made.append(open_some.__name__)
        except OSError as error:
            print(f"cannot open {open_some.__name__}: {error}", file=sys.stderr)
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write(" ".join(made) + "\n")
    while True:
        time.sleep(1000)


main()
