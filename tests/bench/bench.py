#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Times portstat beside its peers in a network namespace of its own, round after round.

usage: bench.py [--keep FILE] BUILDDIR [SOCKETS...]

In each round every command runs once, so a drift of the machine's speed meets all of them; a ratio
is the median of the ratios of the rounds.  Wall time and peak memory are the kernel's account of the
whole process (wait4(2)), so no peak is below that of this interpreter.  --keep adds the table to FILE with machine and date.
"""
import argparse
import ctypes
import datetime
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROUNDS = 7
# A command that takes longer runs in the first rounds only.
SLOW_SECONDS = 1.0
SLOW_ROUNDS = 3
# One that takes longer than this runs once, and what it did to warm up is its time.
ENDLESS_SECONDS = 10.0
# And none is waited for any longer: ss -p takes a hundred times as long for ten times the sockets.
GIVE_UP_SECONDS = 60.0
SIZES = [30, 100, 10_000, 100_000]
# So many network namespaces, with so many listeners each.
NAMESPACES = 200
LISTENERS = 10
CLONE_NEWNET = 0x40000000


def works(build):
    """Each work: its name, and its commands, portstat's first; what is not installed is left out."""
    portstat = os.path.join(build, "src/portstat")
    bare = os.path.join(build, "tests/bench/bare_dump")
    listing = [portstat, "-a"]
    bare_columns = [portstat, "--columns=proto,state,local,peer"]
    return [
        ("all sockets with owners", [
            listing, ["ss", "-tunap"], ["netstat", "-tunap"], ["lsof", "-nPi"],
            ["lsfd", "-o", "PID,NAME", "-Q", 'TYPE =~ "^(TCP|UDP)"'], ["ss", "-tuna"]]),
        ("the same without BPF", [[*listing, "--owners=proc"], ["ss", "-tunap"]]),
        ("the same as JSON", [[*listing, "--json"], listing]),
        ("all sockets, no owners", [bare_columns, ["ss", "-tuna"], ["netstat", "-tuna"], [bare]]),
        ("one listener with its owner", [
            [portstat, "-l", "8080"], ["ss", "-tlnp", "sport = :8080"]]),
        ("does 8080 listen?", [
            [portstat, "-q", "-l", "8080"], ["ss", "-tln", "sport = :8080"]]),
    ]


def run(command):
    """Seconds and peak memory in MiB of one run; what it prints is thrown away."""
    with open(os.devnull, "r+b") as null:
        start = time.monotonic()
        child = subprocess.Popen(command, stdin=null, stdout=null, stderr=null)
        limit = threading.Timer(GIVE_UP_SECONDS, child.kill)
        limit.start()
        _, _, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - start
        limit.cancel()
        child.returncode = 0
    return seconds, usage.ru_maxrss / 1024


def measure(commands):
    """For each command the list of its runs: (seconds, MiB), None where a round left it out."""
    first = [run(command) for command in commands]
    runs = [[] for _ in commands]
    for number in range(ROUNDS):
        for command, warm_up, done in zip(commands, first, runs):
            if warm_up[0] > ENDLESS_SECONDS:
                done.append(None if number else warm_up)
            elif warm_up[0] > SLOW_SECONDS and number >= SLOW_ROUNDS:
                done.append(None)
            else:
                done.append(run(command))
    return runs


def table(name, commands, runs):
    """The lines of one work."""
    lines = [name, f"  {'median':>10} {'least':>10} {'most':>10} {'peak':>9} {'ratio':>7}"]
    for command, done in zip(commands, runs):
        seconds = [r[0] for r in done if r]
        ratios = [r[0] / own[0] for r, own in zip(done, runs[0]) if r and own]
        shown = " ".join([os.path.basename(command[0]), *command[1:]])
        if seconds[0] >= GIVE_UP_SECONDS:
            shown += " (given up)"
        lines.append(f"  {statistics.median(seconds) * 1000:8.1f}ms {min(seconds) * 1000:8.1f}ms"
                     f" {max(seconds) * 1000:8.1f}ms {max(r[1] for r in done if r):6.1f}MiB"
                     f" {statistics.median(ratios):7.2f}  {shown}")
    return lines


def populate(build, sockets):
    """Starts the program that opens so many sockets; its standard input ends it."""
    program = os.path.join(build, "tests/bench/populate")
    # A process may not have any number of descriptors.
    processes = 150 if sockets < 1000 else max(50, sockets // 10_000)
    listeners, udp = (5, 5) if sockets < 1000 else (40, 20)
    child = subprocess.Popen(
        [program, "-c", str(max(sockets - listeners - udp, 0) // 2), "-l", str(listeners),
         "-b", "8080", "-u", str(udp), "-p", str(processes), "-f", "10"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if "ready" not in child.stdout.readline():
        sys.exit("bench: populate could not open its sockets")
    return child


def bench(build, sockets):
    print(f"== {sockets} sockets", flush=True)
    child = populate(build, sockets)
    for name, commands in works(build):
        commands = [c for c in commands if shutil.which(c[0])]
        print("\n".join(table(name, commands, measure(commands))), flush=True)
    child.stdin.close()
    child.wait()


def live_in_namespace(ready, until):
    """A child: opens its listeners in a namespace of its own and stays there."""
    if ctypes.CDLL(None).unshare(CLONE_NEWNET):
        os._exit(1)
    listeners = [socket.create_server(("", 8000 + i)) for i in range(LISTENERS)]
    os.write(ready, b".")
    os.read(until, 1)
    os._exit(len(listeners) != LISTENERS)


def open_namespaces():
    """The pids of the processes that live in one each, and the descriptor whose end is theirs."""
    is_ready, ready = os.pipe()
    until, end = os.pipe()
    pids = []
    for _ in range(NAMESPACES):
        pid = os.fork()
        if not pid:
            os.close(end)
            live_in_namespace(ready, until)
        pids.append(pid)
    os.close(ready)
    os.close(until)
    if sum(len(os.read(is_ready, 1)) for _ in pids) != NAMESPACES:
        sys.exit("bench: the namespaces could not be made")
    os.close(is_ready)
    return pids, end


def bench_namespaces(build):
    """All namespaces at once, beside the peers in each of them, one after the other."""
    portstat = os.path.join(build, "src/portstat")
    bare = os.path.join(build, "tests/bench/bare_dump")
    lines = [f"== {NAMESPACES} network namespaces of {LISTENERS} listeners"]
    pids, end = open_namespaces()
    with tempfile.TemporaryDirectory() as folder:

        def in_each(name, command):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as script:
                script.write(f"#!/bin/sh\nfor pid in {' '.join(map(str, pids))}\n"
                             f"do nsenter --net=/proc/$pid/ns/net {command}\ndone\n")
            os.chmod(path, 0o755)
            return [path]

        for name, commands in [
                ("what listens in all namespaces, with owners", [
                    [portstat, "-N", "all", "-l"],
                    [portstat, "-N", "all", "-l", "--owners=none"],
                    in_each("ss in each", "ss -tulnp")]),
                ("all sockets in all namespaces, with owners", [
                    [portstat, "-N", "all", "-a"], in_each("bare_dump in each", bare)])]:
            lines += table(name, commands, measure(commands))
    os.close(end)
    for pid in pids:
        os.waitpid(pid, 0)
    return "\n".join(lines) + "\n"


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        model = next((line.split(":", 1)[1].strip() for line in info if "model name" in line), "?")
    return f"{datetime.date.today()}, {os.cpu_count()} x {model}, Linux {platform.release()}"


def in_namespace(build, sockets):
    """Runs the bench of one size in a network namespace where no earlier one left anything."""
    flags = ["-n"] if os.geteuid() == 0 else ["-rn"]
    child = subprocess.Popen(
        ["unshare", *flags, "--", sys.executable, os.path.abspath(__file__), "--inside", build,
         str(sockets)], stdout=subprocess.PIPE, text=True)
    lines = []
    for line in child.stdout:
        print(line, end="", flush=True)
        lines.append(line)
    if child.wait():
        sys.exit(f"bench: {sockets} sockets: failed")
    return "".join(lines)


def keep(path, text):
    if path:
        with open(path, "a", encoding="utf-8") as out:
            out.write(text)


def main():
    parser = argparse.ArgumentParser(usage="%(prog)s [--keep FILE] BUILDDIR [SOCKETS...]")
    parser.add_argument("--keep", metavar="FILE")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("build", metavar="BUILDDIR", type=os.path.abspath)
    parser.add_argument("sizes", metavar="SOCKETS", type=int, nargs="*", default=SIZES)
    opt = parser.parse_args()
    if opt.inside:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        bench(opt.build, *opt.sizes)
        return
    text = machine() + "\n"
    print(text, end="", flush=True)
    for size in opt.sizes:
        # Size by size: the large ones take long, and may be broken off.
        keep(opt.keep, text + in_namespace(opt.build, size))
        text = ""
    if os.geteuid() == 0:
        text = bench_namespaces(opt.build)
        print(text, end="", flush=True)
        keep(opt.keep, text)


main()
