#!/usr/bin/python3
"""why-load.py PORTSTAT N M: N connections to a SO_REUSEPORT group and N datagrams, beside M --why of
the same ports.  Each is answered, or it counts as lost."""

import os
import socket
import subprocess
import sys
import threading
import time

PORT, MEMBERS, PATIENCE = 8080, 4, 10
program, wanted, questions = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
LINGER = (1).to_bytes(4, sys.byteorder) + (0).to_bytes(4, sys.byteorder)


def member():
    """One of the group: answers each connection with a byte."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.bind(("127.0.0.1", PORT))
    s.listen(64)
    while True:
        accepted, _ = s.accept()
        accepted.send(b"x")
        accepted.close()


def echo(s):
    while True:
        data, sender = s.recvfrom(16)
        s.sendto(data, sender)


def child(run, *arguments):
    pid = os.fork()
    if not pid:
        run(*arguments)
    return pid


def connections(result):
    for _ in range(wanted):
        try:
            with socket.create_connection(("127.0.0.1", PORT), PATIENCE) as client:
                # Without TIME-WAIT the ports last.
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
                result["tcp"] += client.recv(1) == b"x"
        except OSError as error:
            print("connection:", error)


def datagrams(result):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", PORT))
    s.settimeout(PATIENCE)
    for i in range(wanted):
        try:
            data = i.to_bytes(4, "big")
            s.send(data)
            result["udp"] += s.recv(16) == data
        except OSError as error:
            print("datagram:", error)


# SO_REUSEADDR: the kind of socket that another one could take datagrams from.
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", PORT))
children = [child(member) for _ in range(MEMBERS)] + [child(echo, server)]
server.close()
deadline = time.monotonic() + PATIENCE
while True:
    try:
        socket.create_connection(("127.0.0.1", PORT)).close()
        break
    except ConnectionRefusedError:
        if time.monotonic() > deadline:
            sys.exit("nobody listens")
result = {"tcp": 0, "udp": 0}
threads = [threading.Thread(target=run, args=(result,)) for run in (connections, datagrams)]
for thread in threads:
    thread.start()
asked = 0
while asked < questions or any(thread.is_alive() for thread in threads):
    question = f"{PORT}/{'udp' if asked % 2 else 'tcp'}"
    status = subprocess.call([program, "--why", question], stdout=subprocess.DEVNULL)
    if status != 1:
        print("status", status, "of --why", question)
    asked += 1
for thread in threads:
    thread.join()
for pid in children:
    os.kill(pid, 9)
    os.waitpid(pid, 0)
print(f"{wanted} connections, {result['tcp']} answered; {wanted} datagrams, {result['udp']} answered; {asked} --why")
sys.exit(result != {"tcp": wanted, "udp": wanted})
