#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What portstat --events costs: connections as fast as they go, an idle stream, and a flood.

usage: events.py [--rounds N] [--connections N] [--keep FILE] BUILDDIR [connections|idle|flood ...]

As root, in network namespaces of its own.

  connections  each round makes them without and with the stream, one first, then the other; the ratio is
               the median of the ratios of the rounds, and what was told is counted
  idle         processor time of a stream in which nothing happens
  flood        a million SYNs to a closed port from spoofed sources: lines a second and memory at most

--keep adds what was printed to FILE with machine and date.
"""
import argparse
import collections
import ctypes
import datetime
import glob
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time

PARTS = ("connections", "idle", "flood")
# After so many quiet seconds a stream sleeps for long; then it is measured for so many.
QUIET_SECONDS = 12
IDLE_SECONDS = 20
FLOOD = 1_000_000
FLOOD_SECONDS = 10
HERE, THERE = "10.9.9.1", "10.9.9.2"
CLONE_NEWNET = 0x40000000


class Stream:
    """A running portstat --events --jsonl, whose lines go to a file."""

    def __init__(self, portstat, *options):
        self.file = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [portstat, "--events", "--jsonl", *options], stdout=self.file, stderr=subprocess.PIPE, text=True
        )
        self.cpu = 0
        self.first = self.process.stderr.readline()
        if "events by bpf" not in self.first:
            sys.exit("bench: no events by BPF: " + self.first)

    def cpu_seconds(self):
        """Of all its threads."""
        total = 0
        for path in glob.glob(f"/proc/{self.process.pid}/task/*/schedstat"):
            with open(path, encoding="ascii") as text:
                total += int(text.read().split()[0])
        return total / 1e9

    def peak_mib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as text:
            return next(int(line.split()[1]) for line in text if line.startswith("VmHWM:")) / 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait()

    def end(self):
        """Its lines; all that it took of a processor is in cpu then."""
        self.process.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode:
            sys.exit(f"bench: portstat ended with {self.process.returncode}")
        self.cpu = usage.ru_utime + usage.ru_stime
        self.file.seek(0)
        return [json.loads(line) for line in self.file]


def count_of(lines, kind):
    return sum(line["count"] or 0 for line in lines if line["event"] == kind)


def ip(*words):
    subprocess.run(["ip", *words], check=True)


# ---- connections ----


def enter_new_netns():
    """Where no run before has left connections in TIME-WAIT."""
    if ctypes.CDLL(None).unshare(CLONE_NEWNET):
        sys.exit("bench: no new network namespace")
    ip("link", "set", "lo", "up")


def make_connections(build, n):
    """Seconds that so many connections take."""
    done = subprocess.run(
        [os.path.join(build, "tests/bench/connections"), str(n)], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split(" in ")[1].split()[0])


def connect(build, n):
    enter_new_netns()
    return make_connections(build, n)


def connect_beside(build, n):
    """The same beside a stream, whose processor time, memory and lines go with them."""
    enter_new_netns()
    with Stream(os.path.join(build, "src/portstat"), "-t", "--columns=proto") as stream:
        before = stream.cpu_seconds()
        seconds = make_connections(build, n)
        peak = stream.peak_mib()
        # What waits in the ring yet is work that the connections have made, too.
        lines = stream.end()
    return seconds, stream.cpu - before, peak, lines


def connections(build, opt):
    without, beside = [], []
    lost, peak, told = 0, 0, collections.Counter()
    cpu = []
    for number in range(opt.rounds):
        # What was first in the round before comes second.
        if number % 2:
            without.append(connect(build, opt.connections))
        seconds, used, memory, lines = connect_beside(build, opt.connections)
        beside.append(seconds)
        if not number % 2:
            without.append(connect(build, opt.connections))
        cpu.append(used)
        peak = max(peak, memory)
        lost += count_of(lines, "lost")
        told += collections.Counter(line["event"] for line in lines)
    ratio = statistics.median(b / w for b, w in zip(beside, without))
    lines = [f"{opt.connections} connections, {opt.rounds} rounds"
             f"\n  {'median':>10} {'least':>10} {'most':>10} {'ratio':>7}"]
    for name, times, relative in [("without", without, 1), ("with --events", beside, ratio)]:
        lines.append(f"  {statistics.median(times):9.2f}s {min(times):9.2f}s {max(times):9.2f}s"
                     f" {relative:7.2f}  {name}")
    wanted = opt.rounds * opt.connections
    lines.append(f"  told of {wanted} connections: {told['connected']} connected, {told['accepted']} accepted,"
                 f" {told['closed']} closed; {lost} lost")
    lines.append(f"  portstat: {statistics.median(cpu):.2f} s of processor time a round,"
                 f" {peak:.1f} MiB at most")
    return lines


# ---- idle ----


def idle(build, _):
    with Stream(os.path.join(build, "src/portstat")) as stream:
        time.sleep(QUIET_SECONDS)
        before, begun = stream.cpu_seconds(), time.monotonic()
        time.sleep(IDLE_SECONDS)
        share = (stream.cpu_seconds() - before) / (time.monotonic() - begun)
        stream.end()
    return [f"a stream in which nothing happens: {1000 * share:.2f} ms of processor time a second,"
            f" {100 * share:.3f} % of a core"]


# ---- a flood ----


def lines_a_second(lines):
    """The most of any second, by their times."""
    times = sorted(datetime.datetime.strptime(e["time"], "%Y-%m-%dT%H:%M:%S.%fZ").timestamp() for e in lines)
    return max(sum(1 for other in times if first <= other < first + 1) for first in times)


def flood(build, _):
    # The sender's namespace lives as long as it.
    sender = subprocess.Popen(["unshare", "-n", "sh", "-c", "echo && exec cat"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    sender.stdout.readline()
    inside = ["nsenter", f"--net=/proc/{sender.pid}/ns/net"]
    ip("link", "add", "near", "type", "veth", "peer", "name", "far", "netns", str(sender.pid))
    ip("addr", "add", f"{HERE}/24", "dev", "near")
    ip("link", "set", "near", "up")
    ip("route", "add", "default", "via", THERE)
    for words in (["addr", "add", f"{THERE}/24", "dev", "far"], ["link", "set", "far", "up"]):
        subprocess.run([*inside, "ip", *words], check=True)
    with Stream(os.path.join(build, "src/portstat"), "--columns=proto,peer") as stream:
        begun = time.monotonic()
        done = subprocess.run([*inside, os.path.join(build, "tests/live/syns"), HERE, "99", str(FLOOD),
                               str(FLOOD_SECONDS), "spoofed"], capture_output=True, text=True, check=True)
        seconds = time.monotonic() - begun
        cpu, peak = stream.cpu_seconds(), stream.peak_mib()
        lines = stream.end()
    sender.stdin.close()
    sender.wait()
    told = collections.Counter()
    for event in lines:
        # A later line about the same tries has those of the one before, too.
        if event["event"] == "refused" and event["peer_addr"]:
            told[event["peer_addr"]] = event["count"]
    rest = sum(e["count"] for e in lines if e["event"] == "refused" and not e["peer_addr"])
    return [f"{int(done.stdout)} SYNs to a closed port from spoofed sources, {int(done.stdout) / seconds:.0f} a second",
            f"  {len(lines)} lines, {lines_a_second(lines)} in a second at most; {sum(told.values()) + rest} told,"
            f" {count_of(lines, 'lost')} lost",
            f"  portstat: {peak:.1f} MiB at most, {100 * cpu / seconds:.1f} % of a core"]


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        model = next((line.split(":", 1)[1].strip() for line in info if "model name" in line), "?")
    return f"{datetime.date.today()}, {os.cpu_count()} x {model}, Linux {platform.release()}"


def main():
    parser = argparse.ArgumentParser(usage="%(prog)s [--rounds N] [--connections N] [--keep FILE] BUILDDIR [PART...]")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--connections", type=int, default=20_000)
    parser.add_argument("--keep", metavar="FILE")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("build", metavar="BUILDDIR", type=os.path.abspath)
    parser.add_argument("parts", metavar="PART", nargs="*")
    opt = parser.parse_args()
    if not set(opt.parts) <= set(PARTS):
        parser.error("the parts are: " + ", ".join(PARTS))
    if os.geteuid() != 0:
        print("events: left out, only root is told by BPF")
        return
    if not opt.inside:
        # Each part in a namespace where the one before left nothing.
        for part in opt.parts or PARTS:
            subprocess.run(["unshare", "-n", "--", sys.executable, os.path.abspath(__file__), "--inside",
                            "--rounds", str(opt.rounds), "--connections", str(opt.connections),
                            *(["--keep", opt.keep] if opt.keep else []), opt.build, part], check=True)
        return
    ip("link", "set", "lo", "up")
    for part in opt.parts:
        text = "\n".join(globals()[part](opt.build, opt)) + "\n"
        print(text, end="", flush=True)
        if opt.keep:
            with open(opt.keep, "a", encoding="utf-8") as out:
                out.write(f"{machine()}\n{text}")


main()
