#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How fast the live view answers a key, and what it costs, beside many sockets that come and go.

usage: live.py BUILDDIR [SOCKETS [CHURN]]

Opens SOCKETS (50,000) in a network namespace of its own, lets CHURN (500) a second come and go, and
plays keys to the live view in a pseudo-terminal.  Prints, for each view, the time from the write to
the terminal's input to the changed screen in ms, and the CPU time and memory at the 2 s interval.
"""
import collections
import os
import socket
import subprocess
import sys
import threading
import time

PORT = 999
ALIVE = 200
ROUND_SECONDS = 0.02

SCRIPT = """size 120 40
expect LIVE
expect {port}
key F5
latency 100
key 2
expect ESTAB
latency 100
key 3
expect populate[
latency 100
watch 20
key q
exit 0
"""


def churn(rate, stop):
    """Each connection is two sockets; they are reset, so that no time-wait piles up."""
    listener = socket.create_server(("127.0.0.1", PORT), backlog=512)
    alive = collections.deque()
    while not stop.is_set():
        for _ in range(max(1, int(rate * ROUND_SECONDS / 2))):
            client = socket.create_connection(("127.0.0.1", PORT))
            server, _ = listener.accept()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            alive.append((client, server))
        while len(alive) > ALIVE:
            for end in alive.popleft():
                end.close()
        time.sleep(ROUND_SECONDS)


def main():
    """In the namespace."""
    build, sockets, rate = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    populate = subprocess.Popen(
        [os.path.join(build, "tests/bench/populate"), "-c", str(sockets // 2), "-l", "40",
         "-u", "20", "-p", "30", "-b", "2000"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if populate.stdout.readline().strip() != "ready":
        sys.exit("live.py: the sockets could not be opened")
    stop = threading.Event()
    thread = threading.Thread(target=churn, args=(rate, stop))
    thread.start()
    print(f"{sockets} sockets, {rate} a second come and go; ports, connections, processes:",
          flush=True)
    environment = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8")
    status = subprocess.run(
        [os.path.join(build, "tests/screen/vt"), "-", os.path.join(build, "src/portstat"), "--live",
         "--no-config"], input=SCRIPT.format(port=PORT), text=True, env=environment).returncode
    stop.set()
    thread.join()
    populate.stdin.close()
    populate.wait()
    sys.exit(status)


if __name__ == "__main__":
    if os.environ.get("IN_NETNS"):
        main()
    arguments = sys.argv[1:]
    if not arguments:
        sys.exit("usage: live.py BUILDDIR [SOCKETS [CHURN]]")
    arguments += ["50000", "500"][len(arguments) - 1:]
    os.environ["IN_NETNS"] = "1"
    namespaces = "-npf" if os.geteuid() == 0 else "-Urnpf"
    os.execvp("unshare", [
        "unshare", namespaces, "--mount-proc", "--kill-child", "--", "sh", "-c",
        'ip link set lo up && exec "$@"', "sh", sys.executable, os.path.abspath(__file__), *arguments])
