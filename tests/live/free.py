#!/usr/bin/python3
"""Asks --free again and again, and binds every answer on every address, by TCP and UDP.

usage: free.py PORTSTAT TIMES.  Between the answers, ports are taken and given back at random.
"""
import random
import socket
import subprocess
import sys

KINDS = [(socket.AF_INET, "0.0.0.0"), (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::"),
         (socket.AF_INET6, "::1")]


def bind(family, kind, addr, port):
    s = socket.socket(family, kind)
    s.bind((addr, port))
    return s


def take(port):
    """A socket at this port, of any kind."""
    family, addr = random.choice(KINDS)
    kind = random.choice([socket.SOCK_STREAM, socket.SOCK_DGRAM])
    try:
        s = bind(family, kind, addr, port)
    except OSError:
        return []
    if kind == socket.SOCK_STREAM and random.random() < 0.7:
        s.listen()
    return [s]


def main():
    portstat, times = sys.argv[1], int(sys.argv[2])
    random.seed(times)
    held = []
    for turn in range(times):
        answer = subprocess.run([portstat, "--free"], stdout=subprocess.PIPE, check=True)
        port = int(answer.stdout)
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            for family, addr in KINDS:
                bind(family, kind, addr, port).close()
        # The answers move up while ports are taken, and down again.
        held += take(port) + take(port + random.randrange(20))
        if len(held) > 100 or random.random() < 0.05:
            random.shuffle(held)
            for s in held[len(held) // 2:]:
                s.close()
            del held[len(held) // 2:]
    print(f"{times} answers, each bound on every address")


main()
