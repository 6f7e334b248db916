"""Processes that hold a listener each, for candidates.sh.

usage: holders.py listen PORT NAME    makes it
       holders.py give PORT PATH      makes it, passes it to who takes it at PATH (unix(7),
                                      SCM_RIGHTS), and closes it
       holders.py take PATH           takes one and keeps it
       holders.py churn PORT          makes it, and starts processes that exit at once

Ports are hexadecimal (0x2328), so that no command line names them.  Each is called NAME, or as its
first word says, prints "ready" and ends with its standard input.
"""

import os
import select
import socket
import subprocess
import sys


def listener(port):
    listening = socket.socket()
    listening.bind(("127.0.0.1", int(port, 16)))
    listening.listen()
    return listening


def give(port, path):
    with listener(port) as listening, socket.socket(socket.AF_UNIX) as to:
        to.connect(path)
        socket.send_fds(to, [b"x"], [listening.fileno()])
        to.recv(1)


def take(path):
    with socket.socket(socket.AF_UNIX) as at:
        at.bind(path)
        at.listen()
        print("waiting", flush=True)
        giver, _ = at.accept()
        with giver:
            _, taken, _, _ = socket.recv_fds(giver, 1, 1)
            giver.send(b"x")
    return taken


def churn(port):
    with listener(port):
        print("ready", flush=True)
        while not select.select([sys.stdin], [], [], 0)[0]:
            subprocess.run(["true"], check=True)


def call_itself(name):
    with open("/proc/self/comm", "wb") as comm:
        comm.write(os.fsencode(name))


def listen(port, name):
    call_itself(name)
    return listener(port)


def main(what, *arguments):
    call_itself(what)
    held = {"listen": listen, "give": give, "take": take, "churn": churn}[what](*arguments)
    if held or what == "give":
        print("ready", flush=True)
        sys.stdin.read()


main(*sys.argv[1:])
