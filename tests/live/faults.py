"""Makes everything that a listing needs fail, one thing at a time, and checks the result.

usage: faults.py [--all | --most=N] [--seed=N] [--call=NAME] [--shim=FILE] PROGRAM

Every system call from the start of main() on answers with every error, by strace; with --shim (which
is preloaded) every allocation fails, alone and with all after it, reads come in pieces and datagrams
are cut off.  The sockets are those of the network namespace that it is run in, and must be stable.

Whatever fails, portstat ends by itself, in time, with a status of its own, and never with a listing
that looks whole but is not: with --strict, status 0 stands for the rows that come without the fault.
Without --all a sample of N faults is tried, drawn evenly from all.
"""

import argparse
import collections
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time

# What the kernel is made to answer.  Not ENOENT and ESRCH: with them it says that something is gone,
# which is an answer, not a fault.  brk(2) knows no errors: it gives the old end.
ERRORS = ["EINTR", "EAGAIN", "ENOMEM", "EPERM", "EBUSY", "ENOBUFS", "EIO", "EMFILE"]
# Calls that have no answer; uname(2), which fails for a bad pointer alone; and glibc ends a program whose
# futex(2) answers what no kernel does.
SPARED = {"exit_group", "exit", "rt_sigreturn", "execve", "restart_syscall", "uname", "futex"}
WAYS = [[], ["--owners=proc"], ["--source=procfs", "--owners=proc"],
        ["--columns=+owners.ppid,owners.started,owners.cwd,owners.exe,owners.ancestors"]]
# What is told beside a socket and its owners is no part of what makes a listing whole; queues move.
NAMES = {"service", "user", "cgroup", "unit", "container", "iface", "cmdline", "netns", "recv_q",
         "send_q", "ppid", "started", "cwd", "exe", "ancestors"}
READS = [1, 2, 7, 31, 64, 500, 4095]
DATAGRAMS = [1, 15, 16, 19, 20, 72, 87, 100, 300]
LIMIT_S = 5.0

# What is done to one listing: kind and name are for people, the rest changes how it is run.
Fault = collections.namedtuple("Fault", "kind name way strace environment")


def listing(program, way):
    return [program, "-a", "--json", "--strict"] + way


def without_names(value):
    if isinstance(value, dict):
        return {key: without_names(v) for key, v in value.items() if key not in NAMES}
    if isinstance(value, list):
        return [without_names(v) for v in value]
    return value


def rows(text):
    return [without_names(row) for row in json.loads(text)["sockets"]]


def run(command, environment):
    """Returns status, standard output, standard error and seconds; the status is None for a hang."""
    start = time.monotonic()
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=4 * LIMIT_S, check=False,
                              env={**os.environ, **environment})
    except subprocess.TimeoutExpired:
        return None, b"", b"", time.monotonic() - start
    return done.returncode, done.stdout, done.stderr, time.monotonic() - start


def trace(command):
    """The calls of a command, as [(thread, call, line)]."""
    with tempfile.NamedTemporaryFile() as log:
        subprocess.run(["strace", "-f", "-qq", "-e", "signal=none", "-o", log.name] + command,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
        lines = log.read().decode("utf-8", "replace").splitlines()
    matches = ((re.match(r"(\d+) +(\w+)\(", line), line) for line in lines)
    return [(match.group(1), match.group(2), line) for match, line in matches if match]


def call_faults(program, way, only):
    """strace counts the calls of each thread from 1; those before main() are the loader's."""
    counts = collections.defaultdict(collections.Counter)
    before = None
    for thread, call, line in trace(listing(program, way)):
        # The first thing that main() does.
        if before is None and "fcntl(0, F_GETFD)" in line:
            before = dict(counts[thread])
        counts[thread][call] += 1
    if before is None:
        sys.exit("the start of main() was not seen")
    for call in sorted({call for counter in counts.values() for call in counter} - SPARED):
        if only and call != only:
            continue
        answers = ["retval=0"] if call == "brk" else ["error=" + error for error in ERRORS]
        last = max(counter[call] for counter in counts.values())
        for n in range(before.get(call, 0) + 1, last + 1):
            for answer in answers:
                inject = "inject=%s:%s:when=%d" % (call, answer, n)
                yield Fault(call, inject, way, ["-e", "trace=" + call, "-e", inject], {})


def shim_faults(program, way, shim):
    preload = {"LD_PRELOAD": shim}
    with tempfile.NamedTemporaryFile() as count:
        run(listing(program, way), {**preload, "SHIM_COUNT": count.name})
        n_allocations = int(count.read())
    for n in range(1, n_allocations + 1):
        for on in ({}, {"SHIM_FAIL_ON": "1"}):
            settings = {"SHIM_FAIL": str(n), **on}
            yield Fault("allocation", str(settings), way, [], {**preload, **settings})
    for kind, sizes in (("SHIM_READ", READS), ("SHIM_DATAGRAM", DATAGRAMS)):
        for size in sizes:
            settings = {kind: str(size)}
            yield Fault(kind, str(settings), way, [], {**preload, **settings})


def is_denied_part(wanted, got):
    """Has got the same sockets, each with some of its owners?  A process that denies a look is not
    known to hold what another one is seen to hold."""
    return len(wanted) == len(got) and all(
        {**a, "owners": 0} == {**b, "owners": 0} and b["owners"] and
        all(owner in a["owners"] for owner in b["owners"]) for a, b in zip(wanted, got))


def judge(wanted, fault, status, out, err, seconds):
    """Why that is not right, or None."""
    if status is None or seconds > LIMIT_S:
        return "it took %.1f s" % seconds
    if status not in (0, 3, 4):
        return "status %d" % status
    if status == 0:
        try:
            got = rows(out)
            if got != wanted and not ("EPERM" in fault.name and is_denied_part(wanted, got)):
                return "status 0, but other rows"
        except ValueError:
            return "status 0, but no JSON"
        if not json.loads(out)["complete"]:
            return "status 0, but not complete"
    elif not err and fault.kind != "write":
        return "status %d without a word" % status
    return None


def try_fault(program, wanted, fault, log):
    command = listing(program, fault.way)
    if fault.strace:
        command = ["strace", "-f", "-qq", "--seccomp-bpf", "-y", "-e", "signal=none",
                   "-o", log] + fault.strace + command
    status, out, err, seconds = run(command, fault.environment)
    why = judge(wanted, fault, status, out, err, seconds)
    if why:
        print("FAIL: %s: %s %s: %s" % (why, fault.name, " ".join(fault.way),
                                       err.decode("utf-8", "replace").strip()[:500]))
        if fault.strace:
            with open(log, encoding="utf-8", errors="replace") as lines:
                print("".join(line for line in lines if "(INJECTED)" in line), end="")
    return status, not why


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--most", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--call")
    parser.add_argument("--shim")
    parser.add_argument("program")
    opt = parser.parse_args()

    faults = []
    wanted = {}
    for way in WAYS:
        status, out, err, _ = run(listing(opt.program, way), {})
        # The fallback lacks fields, which is never whole.
        if status != (3 if "--source=procfs" in way else 0):
            sys.exit("without a fault: status %s: %s" % (status, err.decode()))
        wanted[tuple(way)] = rows(out)
        if opt.shim:
            faults += shim_faults(opt.program, way, opt.shim)
        else:
            faults += call_faults(opt.program, way, opt.call)
    n_all = len(faults)
    if not opt.all and n_all > opt.most:
        faults = random.Random(opt.seed).sample(faults, opt.most)
    kinds = collections.Counter(fault.kind for fault in faults)
    ends = collections.Counter()
    n_bad = 0
    with tempfile.NamedTemporaryFile() as log:
        for fault in faults:
            status, is_good = try_fault(opt.program, wanted[tuple(fault.way)], fault, log.name)
            ends[str(status)] += 1
            n_bad += not is_good
    print("%d of %d faults: %s" % (len(faults), n_all, ", ".join(
        "%s %d" % item for item in sorted(kinds.items()))))
    print("status %s; %d bad" % (", ".join(
        "%s: %d" % item for item in sorted(ends.items())), n_bad))
    return 1 if n_bad or not faults else 0


sys.exit(main())
