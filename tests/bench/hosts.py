#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How long --host takes for many hosts over ssh, beside a command there that does nothing.

usage: hosts.py [--keep FILE] [--rounds N] BUILDDIR [HOSTS [SOCKETS]]

Needs root.  Each of the HOSTS (20) is a network, process and mount namespace with an sshd and SOCKETS
(10,000) of 16 processes, reached over a bridge.  In each round every command runs once: "ssh HOST true"
on all of them, 16 at once as portstat has it, and listings.  A ratio is the median of those of the rounds.
"""
import argparse
import concurrent.futures
import ctypes
import datetime
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

AT_ONCE = 16
PROCESSES = 16
LISTENERS = 100
CLONE_NEWNS = 0x20000
CLONE_NEWNET = 0x40000000
# As portstat runs it.
SSH = ["ssh", "-T", "-a", "-x", "-n", "-o", "BatchMode=yes", "-o", "ConnectTimeout=5", "-o",
       "ClearAllForwardings=yes", "--"]


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        model = next((line.split(":", 1)[1].strip() for line in info if "model name" in line), "?")
    return f"{datetime.date.today()}, {os.cpu_count()} x {model}, Linux {platform.release()}"


def run(*command):
    subprocess.run(command, check=True)


def write(path, text, mode=0o600):
    with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, mode)) as out:
        out.write(text)


def enter_namespaces():
    """A network of the bench's own, and mounts, for sshd's /run and a root without a password."""
    if ctypes.CDLL(None).unshare(CLONE_NEWNS | CLONE_NEWNET):
        sys.exit("bench: needs root, for namespaces")
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "tmpfs", "none", "/run")
    os.makedirs("/run/sshd")
    # Since Linux 6.1 each host can have a hash table of its own: in that of all of them the dump of one
    # passes by the connections of all others.
    try:
        write("/proc/sys/net/ipv4/tcp_child_ehash_entries", "65536")
    except OSError:
        print("bench: the hosts share a table of connections, which makes dumps slow")
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "bridge", "type", "bridge")
    run("ip", "addr", "add", "10.9.255.254/16", "dev", "bridge")
    run("ip", "link", "set", "bridge", "up")


def prepare_ssh(folder, build, names):
    """Keys, the configuration of sshd and a ssh that knows the hosts; all in the folder."""
    for key in "key", "host_key":
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{folder}/{key}")
    os.mkdir(f"{folder}/bin")
    os.mkdir(f"{folder}/there")
    os.symlink(f"{build}/src/portstat", f"{folder}/there/portstat")
    write(f"{folder}/sshd", f"""
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/key.pub
StrictModes no
UsePAM no
PermitRootLogin yes
PidFile none
MaxStartups 100
SetEnv PATH={folder}/there:/usr/bin:/bin
""")
    # A shell that reads no files of the user's.
    with open("/etc/passwd", encoding="utf-8") as users:
        others = [line for line in users if not line.startswith("root:")]
    write(f"{folder}/passwd", f"root:*:0:0::{folder}:/bin/sh\n" + "".join(others), 0o644)
    run("mount", "--bind", f"{folder}/passwd", "/etc/passwd")
    hosts = "".join(f"Host {name}\n\tHostName {addr}\n" for name, addr in names.items())
    write(f"{folder}/config", f"""
UserKnownHostsFile /dev/null
StrictHostKeyChecking no
LogLevel ERROR
IdentityFile {folder}/key
IdentitiesOnly yes
{hosts}""")
    write(f"{folder}/bin/ssh", f'#!/bin/sh\nexec {shutil.which("ssh")} -F {folder}/config "$@"\n',
          0o755)


def start_host(folder, build, name, addr, sockets):
    """A host; it ends with its standard input."""
    ends = (sockets - LISTENERS) // 2
    child = subprocess.Popen(
        ["unshare", "-n", "-m", "-u", "-p", "-f", "--mount-proc", "--kill-child", "sh", "-c", f"""
hostname {name} && ip link set lo up && echo made && read -r _ &&
ip addr add {addr}/16 dev eth0 && ip link set eth0 up &&
{shutil.which("sshd")} -f {folder}/sshd -o ListenAddress={addr} &&
exec {build}/tests/bench/populate -c {ends} -l {LISTENERS} -p {PROCESSES}"""],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if child.stdout.readline() != "made\n":
        sys.exit(f"bench: no namespaces for {name}")
    with open(f"/proc/{child.pid}/task/{child.pid}/children", encoding="ascii") as file:
        inside = file.read().split()[0]
    run("ip", "link", "add", f"to-{name}", "master", "bridge", "type", "veth", "peer", "name",
        "eth0", "netns", inside)
    run("ip", "link", "set", f"to-{name}", "up")
    child.stdin.write("\n")
    child.stdin.flush()
    return child


def ssh_true(name):
    return subprocess.run([*SSH, name, "true"], check=False).returncode


def all_true(names):
    """Runs "ssh HOST true" on all hosts."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        if any(pool.map(ssh_true, names)):
            sys.exit("bench: ssh failed")


def listing(command):
    with open(os.devnull, "w", encoding="ascii") as null:
        if subprocess.run(command, stdout=null, check=False).returncode:
            sys.exit(f"bench: failed: {' '.join(command)}")


def works(build, names):
    """What is measured: its name, and a function; ssh alone first."""
    portstat = [f"{build}/src/portstat", f"--host={','.join(names)}", "--timeout=60"]
    shown = "portstat --host=..."
    return [("ssh HOST true", lambda: all_true(names))] + [
        (" ".join([shown, *options]), lambda options=options: listing([*portstat, *options]))
        for options in (["-l"], ["-a"], ["-a", "--json"], ["-s"])]


def measure(build, names, rounds):
    """For each work the seconds of each round."""
    todo = works(build, names)
    times = {name: [] for name, _ in todo}
    for number in range(rounds + 1):
        for name, work in todo:
            start = time.monotonic()
            work()
            # The first round warms up.
            if number:
                times[name].append(time.monotonic() - start)
    return times


def table(times):
    base = next(iter(times.values()))
    lines = [f"  {'median':>8} {'least':>8} {'most':>8} {'ratio':>7} {'more':>8}"]
    for name, seconds in times.items():
        ratio = statistics.median(s / b for s, b in zip(seconds, base))
        more = statistics.median(s - b for s, b in zip(seconds, base))
        lines.append(f"  {statistics.median(seconds):7.2f}s {min(seconds):7.2f}s {max(seconds):7.2f}s"
                     f" {ratio:7.2f} {more:7.2f}s  {name}")
    return lines


def main():
    parser = argparse.ArgumentParser(usage="%(prog)s [--keep FILE] BUILDDIR [HOSTS [SOCKETS]]")
    parser.add_argument("--keep", metavar="FILE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("build", metavar="BUILDDIR", type=os.path.abspath)
    parser.add_argument("hosts", metavar="HOSTS", type=int, nargs="?", default=20)
    parser.add_argument("sockets", metavar="SOCKETS", type=int, nargs="?", default=10_000)
    opt = parser.parse_args()
    names = {f"host{i}": f"10.9.0.{i}" for i in range(1, opt.hosts + 1)}
    enter_namespaces()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        prepare_ssh(folder, opt.build, names)
        os.environ["PATH"] = f"{folder}/bin:{os.environ['PATH']}"
        children = [start_host(folder, opt.build, *host, opt.sockets) for host in names.items()]
        for child in children:
            if "ready" not in child.stdout.readline():
                sys.exit("bench: populate could not open its sockets")
        times = measure(opt.build, names, opt.rounds)
        for child in children:
            child.stdin.close()
        for child in children:
            child.wait()
    text = "\n".join([machine(), f"== {opt.hosts} hosts of {opt.sockets} sockets, over ssh",
                      *table(times)]) + "\n"
    print(text, end="")
    if opt.keep:
        with open(opt.keep, "a", encoding="utf-8") as out:
            out.write(text)


main()
