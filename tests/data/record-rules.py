#!/usr/bin/python3
# Records what nf_tables says of the rules of this network namespace, in the order in which portstat asks: tables,
# chains, sets, the elements of each set, rules.
#
#     nft -f tests/data/rules.nft && tests/data/record-rules.py tests/data/rules.nfnl
import socket
import struct
import sys

NETLINK_NETFILTER = 12
NFT = 10 << 8
GETTABLE, GETCHAIN, GETRULE, NEWSET, GETSET, GETSETELEM = 1, 4, 7, 9, 10, 13
REQUEST, DUMP, DONE, ERROR = 1, 0x300, 3, 2


def attribute(kind, data):
    data += b"\0"
    return struct.pack("=HH", len(data) + 4, kind) + data + b"\0" * (-len(data) % 4)


def messages(data):
    while data:
        size = struct.unpack_from("=I", data)[0]
        yield data[:size]
        data = data[(size + 3) & ~3 :]


def dump(kind, family=0, attributes=b""):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER) as s:
        body = struct.pack("=BBH", family, 0, 0) + attributes
        s.send(struct.pack("=IHHII", len(body) + 16, NFT | kind, REQUEST | DUMP, 1, 0) + body)
        while True:
            for message in messages(s.recv(65536)):
                type_ = struct.unpack_from("=H", message, 4)[0]
                if type_ in (DONE, ERROR):
                    return
                # The sender's port says nothing, and differs each time.
                yield message[:12] + b"\0" * 4 + message[16:]


def names(message):
    """The table and the name, attributes 1 and 2."""
    found, at = {}, 20
    while at < len(message):
        size, kind = struct.unpack_from("=HH", message, at)
        found[kind] = message[at + 4 : at + size].rstrip(b"\0")
        at += (size + 3) & ~3
    return found[1], found[2]


out = list(dump(GETTABLE)) + list(dump(GETCHAIN))
sets = list(dump(GETSET))
out += sets
for message in sets:
    table, name = names(message)
    out += dump(GETSETELEM, message[16], attribute(1, table) + attribute(2, name))
out += dump(GETRULE)
with open(sys.argv[1], "wb") as file:
    for message in out:
        file.write(message + b"\0" * (-len(message) % 4))
