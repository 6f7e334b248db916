"""Writes a recording of SCTP sockets as a kernel with sctp_diag would send them.

usage: make-sctp.py >sctp.nl

The layout is that of linux/inet_diag.h; what is filled in, and the two messages for an endpoint and
its association, is as net/sctp/diag.c does it.  For hosts whose kernel has no SCTP.
"""

import socket
import struct
import sys

SOCK_DIAG_BY_FAMILY = 20
NLMSG_DONE = 3
REQUEST_DUMP = 0x301
MULTI = 2
SCTP = 132
LISTEN, CONNECTED = 10, 1
# enum sctp_state (net/sctp/constants.h)
COOKIE_WAIT, ESTABLISHED, SHUTDOWN_PENDING = 1, 3, 4
SHUTDOWN, TOS, V6ONLY, LOCALS, PEERS = 8, 5, 11, 12, 13


def message(kind, flags, seq, payload):
    size = 16 + len(payload)
    return struct.pack("=IHHII", size, kind, flags, seq, 0) + payload + bytes(-size % 4)


def attribute(kind, payload):
    size = 4 + len(payload)
    return struct.pack("=HH", size, kind) + payload + bytes(-size % 4)


def pton(family, text):
    return socket.inet_pton(family, text).ljust(16, b"\0")


def storage(family, text, port):
    """A sockaddr_storage."""
    if family == socket.AF_INET:
        start = struct.pack("=H", family) + struct.pack("!H", port) + pton(family, text)[:4]
    else:
        start = struct.pack("=H", family) + struct.pack("!HI", port, 0) + pton(family, text)
    return start.ljust(128, b"\0")


def request(family, seq):
    states = 0xFFFFFFFF
    return message(
        SOCK_DIAG_BY_FAMILY,
        REQUEST_DUMP,
        seq,
        struct.pack("=BBBBI", family, SCTP, 0, 0, states) + bytes(40) + b"\xff" * 8,
    )


def sock(family, seq, state, local, peer, queues, uid, inode, cookie, peers=(), locals_=()):
    body = struct.pack("=BBBB", family, state, 0, 0)
    body += struct.pack("!HH", local[1], peer[1])
    body += pton(family, local[0]) + pton(family, peer[0])
    body += struct.pack("=III", 0, cookie, 0)
    body += struct.pack("=IIIII", 0, *queues, uid, inode)
    body += attribute(SHUTDOWN, b"\0") + attribute(TOS, b"\0")
    if family == socket.AF_INET6 and state == LISTEN and not peers:
        body += attribute(V6ONLY, b"\0")
    body += attribute(LOCALS, b"".join(storage(family, a, local[1]) for a in locals_ or [local[0]]))
    if peers:
        body += attribute(PEERS, b"".join(storage(family, a, peer[1]) for a in peers))
    return message(SOCK_DIAG_BY_FAMILY, MULTI, seq, body)


def main():
    v4, v6 = socket.AF_INET, socket.AF_INET6
    none4, none6 = ("0.0.0.0", 0), ("::", 0)
    mme = ("192.0.2.1", 36412)
    out = [
        request(v4, 1),
        # One to many: a listener and what has come to it; the second has two homes on either side.
        sock(v4, 1, LISTEN, mme, none4, (0, 128), 0, 7001, 1),
        sock(v4, 1, ESTABLISHED, mme, ("192.0.2.77", 36412), (0, 96), 0, 7001, 1, ["192.0.2.77"]),
        sock(
            v4, 1, SHUTDOWN_PENDING, mme, ("198.51.100.9", 50001), (0, 0), 0, 7001, 1,
            ["198.51.100.9", "203.0.113.9"], ["192.0.2.1", "203.0.113.1"],
        ),
        # One to one: the endpoint, then its association.
        sock(v4, 1, CONNECTED, ("192.0.2.1", 40000), ("192.0.2.5", 2905), (0, 0), 65534, 7002, 2),
        sock(
            v4, 1, COOKIE_WAIT, ("192.0.2.1", 40000), ("192.0.2.5", 2905), (0, 0), 65534, 7002, 2,
            ["192.0.2.5"],
        ),
        message(NLMSG_DONE, MULTI, 1, struct.pack("=i", 0)),
        request(v6, 2),
        sock(v6, 2, LISTEN, ("::", 38412), none6, (1, 5), 0, 7003, 3),
        sock(
            v6, 2, ESTABLISHED, ("::ffff:192.0.2.1", 38412), ("::ffff:192.0.2.8", 50002), (8, 0), 0,
            7003, 3, ["::ffff:192.0.2.8"],
        ),
        message(NLMSG_DONE, MULTI, 2, struct.pack("=i", 0)),
    ]
    sys.stdout.buffer.write(b"".join(out))


main()
