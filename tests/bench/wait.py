#!/usr/bin/python3
"""How soon --wait and --wait-none notice, and what the waiting costs.

usage: unshare -n wait.py PORTSTAT POPULATE CONNECTIONS [TIMES]

Beside so many connections (0: none), whose both ends are here: the milliseconds from listen(2), or
from the close of the listener, to the end of portstat -q, and its share of a core before that.
"""
import random
import socket
import subprocess
import sys
import time

PORT = 900


def cpu_seconds(pid):
    """The CPU time that a process has used."""
    with open(f"/proc/{pid}/schedstat") as f:
        return int(f.read().split()[0]) / 1e9


def measure(portstat, option, event):
    """Milliseconds from the event to the end of the wait, and percent of a core."""
    child = subprocess.Popen([portstat, "-q", option, "-l", str(PORT)])
    time.sleep(1)
    before, start = cpu_seconds(child.pid), time.monotonic()
    time.sleep(1.5 + random.random() / 20)
    share = (cpu_seconds(child.pid) - before) / (time.monotonic() - start)
    start = time.monotonic()
    event()
    if child.wait():
        sys.exit(f"{option} ended with {child.returncode}")
    return (time.monotonic() - start) * 1000, share * 100


def main():
    portstat, populate, connections = sys.argv[1:4]
    times = int(sys.argv[4]) if len(sys.argv) > 4 else 8
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    crowd = None
    if connections != "0":
        crowd = subprocess.Popen([populate, "-c", connections, "-l", "10", "-p", "16"],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        crowd.stdout.readline()
    results = {"--wait": [], "--wait-none": []}
    for _ in range(times):
        s = socket.socket()
        s.bind(("127.0.0.1", PORT))
        results["--wait"].append(measure(portstat, "--wait", s.listen))
        results["--wait-none"].append(measure(portstat, "--wait-none", s.close))
    for option, got in results.items():
        print(f"{option}: at most {max(ms for ms, _ in got):.1f} ms, "
              f"{max(share for _, share in got):.2f} % of a core")
    if crowd:
        crowd.stdin.close()
        crowd.wait()


main()
