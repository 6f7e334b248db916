#!/usr/bin/python3
"""The checks of tests/kernels, inside the guest: prints a line each, then facts for the table.

usage: checks.py (as root, beside sockets.py)
"""

import glob
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PORTSTAT = "/usr/bin/portstat"
KERNEL = tuple(int(n) for n in os.uname().release.split(".")[:2])
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
with open("/proc/cmdline", encoding="ascii") as command_line:
    ARGUMENTS = command_line.read().split()
# Why there is no BPF, in the words of --owners and in those of --events.
REASONS = {
    "locked down": ("the kernel is locked down", "the kernel is locked down"),
    "too old": ("this kernel is too old", "the kernel is too old for BPF"),
    "no BTF": ("without CONFIG_DEBUG_INFO_BTF", "the kernel was built without BTF"),
}
failures = []
facts = {}


def check(what, holds, *details):
    print("ok   " if holds else "FAIL ", what, flush=True)
    if not holds:
        failures.append(what)
        for detail in details:
            print("     ", str(detail)[:2000], flush=True)


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def portstat(*options):
    return run(PORTSTAT, *options)


def document(*options):
    done = portstat("--json", *options)
    return json.loads(done.stdout) if done.stdout else {"sockets": [], "problems": [], "complete": None}


def problems(doc):
    return [(p["code"], p["proto"]) for p in doc["problems"]]


def wait_for(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.2)
    return holds()


def ends(row):
    return (row["local_addr"], row["local_port"]), (row["peer_addr"], row["peer_port"])


# ---- sockets ----


def places_of_ss():
    """(protocol, local end, peer's end, pids) of every socket, as ss has them."""
    found = set()
    for line in run("ss", "-tuanpwSH").stdout.splitlines():
        words = line.split()
        if line.startswith((" ", "`")) or words[0] not in ("tcp", "udp"):
            continue
        pids = tuple(sorted({int(n) for n in re.findall(r"pid=(\d+)", line)}))
        found.add((words[0], words[4].rpartition(":")[2], words[5].rpartition(":")[2], pids))
    return found


def compare_with_ss():
    def mine():
        found = set()
        for row in document("-a")["sockets"]:
            if row["proto"] not in ("tcp", "udp"):
                continue
            pids = tuple(sorted({o["pid"] for o in row["owners"]}))
            peer = row["peer_port"] if row["peer_port"] is not None else "*"
            if row["owner_note"] != "not-accepted":
                found.add((row["proto"], str(row["local_port"]), str(peer), pids))
        return found

    def differs():
        ours, theirs = mine(), places_of_ss()
        # ss of one version lists bound TCP sockets, ss of another does not.
        no_owner = {p for p in theirs if not p[3]}
        extra = {p for p in ours - theirs if p[1] not in ("7010", "7011") and p[3]}
        missing = theirs - ours - no_owner
        return extra, missing

    wait_for(lambda: differs() == (set(), set()), 10)
    extra, missing = differs()
    check("-a has the places and owners that ss has", not extra and not missing, extra, missing)
    rows = document("-a")["sockets"]
    facts["rows"] = len(rows)
    started = time.monotonic()
    portstat("-a")
    facts["-a, ms"] = round(1000 * (time.monotonic() - started))
    note_uids = [r for r in rows if r["owner_note"] == "hidden"]
    check("root sees every owner", not note_uids, note_uids[:2])


def bound_sockets():
    doc = document("-t", "state bound")
    ports = {row["local_port"] for row in doc["sockets"]}
    lists = {7010, 7011} <= ports
    done = portstat("-t", "--strict", "state bound")
    is_said = (
        done.returncode == 3
        and problems(doc) == [("unsupported", "tcp")]
        and "only bound" in done.stderr
    )
    facts["bound TCP"] = "yes" if lists else "said to be missing" if is_said else "missing"
    if KERNEL >= (6, 8):
        check("bound TCP sockets are listed", lists, doc)
    if lists:
        check("and nothing is missing", done.returncode == 0 and not doc["problems"], done, doc["problems"])
    else:
        check("bound TCP sockets are said to be missing", is_said, done, doc["problems"])
    for options in (["-l"], ["-u"], ["-t", "state listen"], ["-t", "raddr 127.0.0.1"], ["-t", "rport 7001"]):
        done = portstat("--strict", *options)
        check(f"not where they cannot be: {' '.join(options)}", "only bound" not in done.stderr, done)


def sctp(made):
    if "sctp" not in made:
        facts["SCTP"] = "no"
        return
    want = {
        (("127.0.0.1", 7042), ("127.0.0.1", 7043)),
        (("127.0.0.1", 7043), ("127.0.0.1", 7042)),
    }

    def connections(*options):
        rows = document("-S", *options, "state established")["sockets"]
        return {ends(row) for row in rows}

    def check_ends(name, got):
        check(f"{name}: one to many", want <= got, got)
        check(f"{name}: each end's peer is the other end", all((b, a) in got for a, b in got), got)
        for addr, port in (("127.0.0.1", 7040), ("::1", 7041), ("10.9.1.1", 7048)):
            both = [p for p in got if (addr, port) in p and all(end[0] == addr for end in p)]
            check(f"{name}: both ends at {addr}", len(both) == 2, got)

    check_ends("sctp_diag", connections())
    listening = {(r["local_addr"], r["local_port"]) for r in document("-Sl")["sockets"]}
    check("sctp_diag: listeners", {("::", 7045), ("::1", 7041), ("127.0.0.1", 7042)} <= listening, listening)

    check_ends("/proc/net/sctp", connections("--source=procfs"))
    files = {(r["local_addr"], r["local_port"]) for r in document("-Sl", "--source=procfs")["sockets"]}
    check("/proc/net/sctp: the same listeners", files == listening, files, listening)
    facts["SCTP"] = "yes"


def without_module():
    with open("/etc/modprobe.d/no-sctp.conf", "w", encoding="ascii") as out:
        out.write("install sctp_diag /bin/false\n")
    if run("rmmod", "sctp_diag").returncode:
        return
    done = portstat("-S", "--strict")
    check(
        "without sctp_diag: from /proc/net, and what to load",
        done.returncode == 3 and "/proc/net" in done.stderr and "modprobe sctp_diag" in done.stderr,
        done,
    )
    done = portstat("-a", "--strict", "--source=netlink")
    check(
        "in use and not to be listed: said without asking for it",
        done.returncode == 3 and "sctp sockets cannot be listed" in done.stderr,
        done,
    )
    done = portstat("-a")
    check("the fallback is said for rows that are shown", "sctp sockets were read from" in done.stderr, done)
    os.unlink("/etc/modprobe.d/no-sctp.conf")
    run("modprobe", "sctp_diag")
    check("with it: nothing to say", not portstat("-S").stderr, portstat("-S"))


def optional(name, done, port, is_made, without):
    """A protocol that not every kernel has: its socket is listed, or what is said WITHOUT it."""
    facts[name] = "yes" if is_made else "no"
    if is_made:
        check(f"{name} is listed", done.returncode == 0 and f":{port}" in done.stdout, done)
    else:
        check(f"no {name}: said, not an error", done.returncode == 3 and without(done.stderr), done)


def mptcp(made):
    optional("MPTCP", portstat("-M", "--strict"), 7050, "mptcp" in made, lambda said: "cannot be listed" in said)


def udplite(made):
    optional("UDP-Lite", portstat("-U", "--strict"), 7030, "udplite" in made,
             lambda said: "no support for listing them" in said and "modprobe" not in said)


def names():
    doc = document("-t", "lport 7063")
    row = doc["sockets"][0] if doc["sockets"] else {}
    check("device and mark", (row.get("iface"), row.get("mark")) == ("lo", 0x2A), doc)


# ---- units ----

UNITS = {
    "test-a.service": f"[Service]\nExecStart=/usr/bin/python3 {HERE}/serve.py 8081\n",
    "test-b.socket": "[Socket]\nListenStream=127.0.0.1:9001\n",
    "test-c.socket": "[Socket]\nListenStream=127.0.0.1:9002\n",
    "test-b.service": f"[Service]\nExecStart=/usr/bin/python3 {HERE}/serve.py\n",
    "test-c.service": f"[Service]\nExecStart=/usr/bin/python3 {HERE}/serve.py\n",
}


def start_units():
    for name, text in UNITS.items():
        with open(f"/etc/systemd/system/{name}", "w", encoding="ascii") as out:
            out.write(text)
    run("systemctl", "daemon-reload")
    run("systemctl", "start", "test-a.service", "test-b.socket", "test-c.socket")
    client = subprocess.Popen(
        [
            "python3",
            "-c",
            "import socket, time; c = socket.create_connection(('127.0.0.1', 9002)); time.sleep(1e6)",
        ]
    )
    return client


def units():
    def unit_of(port, state="listen"):
        rows = document("-t", f"lport {port} and state {state}")["sockets"]
        return {(row["unit"], row["cgroup"]) for row in rows}

    client = start_units()
    accepted = lambda: {unit for unit, _ in unit_of(9002, "established")}
    wait_for(lambda: accepted() == {"test-c.service"} and unit_of(8081), 30)
    check("the unit of a service", {u for u, _ in unit_of(8081)} == {"test-a.service"}, unit_of(8081))
    check("a .socket unit that waits", {u for u, _ in unit_of(9001)} == {"test-b.socket"} or
          {u for u, _ in unit_of(9001)} == {"init.scope"}, unit_of(9001))
    # Where it can load no BPF program at all, systemd opens the sockets of .socket units as process 1.
    opener = "init.scope" if "nobtf" in ARGUMENTS else "test-c.service"
    check("the listener of a service that was started", {u for u, _ in unit_of(9002)} == {opener},
          unit_of(9002))
    check("an accepted connection has its owner's unit", accepted() == {"test-c.service"},
          unit_of(9002, "established"))
    cgroups = {cgroup for _, cgroup in unit_of(9002, "established")}
    by_socket = cgroups == {"/init.scope" if "nobtf" in ARGUMENTS else "/system.slice/test-c.socket"}
    check("cgroup is the socket's, or where the kernel does not tell, the owner's",
          by_socket or cgroups == {"/system.slice/test-c.service"}, cgroups)
    facts["cgroup"] = "socket's" if by_socket else "owner's"
    for query in ("unit test-a.service", "cgroup /system.slice/test-a.service", "cgroup *test-a*"):
        rows = document("-l", query)["sockets"]
        check(f"filter {query}", [r["local_port"] for r in rows] == [8081], rows)
    done = run(*NOBODY, PORTSTAT, "-l", "--strict", "unit test-a.service")
    if by_socket:
        check("everybody finds a unit", ":8081" in done.stdout, done)
    else:
        check("what nobody may see is said", done.returncode == 3 and "not be tested" in done.stderr, done)
    client.kill()


# ---- owners ----


def owners():
    listing = ["-a", "--jsonl", "--columns=proto,local,peer,owners"]
    by_proc = sorted(portstat(*listing, "--owners=proc").stdout.splitlines())
    done = portstat(*listing, "--owners=bpf")
    by_bpf = sorted(done.stdout.splitlines())
    if "lockdown=confidentiality" in ARGUMENTS:
        want = "locked down"
    elif KERNEL < (5, 17):
        want = "too old"
    elif "nobtf" in ARGUMENTS:
        want = "no BTF"
    else:
        want = ""
    facts["BPF"] = want or "yes"
    if want:
        check(f"no BPF: {want}", REASONS[want][0] in done.stderr and "--owners=proc" in done.stderr, done.stderr)
    else:
        check("BPF names the owners that the walk names", by_bpf == by_proc and by_bpf,
              set(by_bpf) ^ set(by_proc), done.stderr)
    auto = sorted(portstat(*listing, "--owners=auto").stdout.splitlines())
    check("auto names them, too", auto == by_proc, set(auto) ^ set(by_proc))
    done = run(*NOBODY, PORTSTAT, "-a")
    check("nobody gets a listing", done.returncode == 0 and ("(hidden)" in done.stdout or " ~" in done.stdout), done)


# ---- events ----


class Stream:
    """A running portstat --events --jsonl, as a user, about the ports of events()."""

    def __init__(self, as_user):
        self.out, self.err = "/run/events.told", "/run/events.said"
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = subprocess.Popen(
                [*as_user, PORTSTAT, "--events", "--jsonl", "7200,7201"], stdout=out, stderr=err
            )
        wait_for(lambda: "events by" in self.said(), 30)

    def said(self):
        with open(self.err, encoding="utf-8", errors="replace") as text:
            return text.read()

    def lines(self):
        with open(self.out, encoding="utf-8") as text:
            return [json.loads(line) for line in text if line.endswith("\n")]

    def kinds(self):
        return {event["event"] for event in self.lines()}

    def closes(self):
        return sorted((e["bytes_sent"], e["bytes_received"]) for e in self.lines() if e["event"] == "closed")

    def end(self):
        """Whether it ends at once, and well."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(30) == 0
        except subprocess.TimeoutExpired:
            self.process.kill()
            return False


def connect(waits):
    """A connection of 1,000 bytes, and one that is refused; the first one stands until waits()."""
    server = socket.create_server(("127.0.0.1", 7200))
    client = socket.create_connection(("127.0.0.1", 7200))
    accepted, _ = server.accept()
    client.sendall(1000 * b"x")
    accepted.recv(1000, socket.MSG_WAITALL)
    waits()
    client.close()
    accepted.close()
    server.close()
    try:
        socket.create_connection(("127.0.0.1", 7201))
    except OSError:
        pass


def events():
    both = [(0, 1000), (1000, 0)]
    own = lambda line: os.getpid() in [o["pid"] for o in line["owners"] or []]
    stays = {"opened", "connected", "accepted"}
    wanted = stays | {"closed", "unbound"}
    stream = Stream([])
    has_bpf = "events by bpf" in stream.said()
    facts["events"] = "bpf" if has_bpf else "without bpf"
    print("      " + stream.said().strip(), flush=True)
    if has_bpf:
        wanted |= {"failed"}
        connect(lambda: None)
    else:
        connect(lambda: wait_for(lambda: stays <= stream.kinds(), 20))
    wait_for(lambda: wanted <= stream.kinds() and len(stream.closes()) == 2, 20)
    check("events end with the signal", stream.end(), stream.said())
    check("events say how they look", "events by" in stream.said(), stream.said())
    check("both ends of a connection are told with their bytes", stream.closes() == both, stream.lines())
    check("every kind is told that they promise", wanted <= stream.kinds(), stream.kinds(), stream.said())
    check("with its process", all(own(e) for e in stream.lines() if e["event"] in wanted), stream.lines())
    if facts["BPF"] == "yes":
        check("BPF serves events where it serves owners", has_bpf, stream.said())
    else:
        said = stream.said()
        check("without BPF: the other ways, what they do not tell of, and why",
              "events by announcements, looks" in said and "failed" in said and REASONS[facts["BPF"]][1] in said, said)
        done = portstat("--events=scan")
        check("and no scans", done.returncode == 4 and REASONS[facts["BPF"]][1] in done.stderr, done)
    stream = Stream(NOBODY)
    connect(lambda: None)
    wait_for(lambda: len(stream.closes()) == 2, 10)
    check("nobody's events end with the signal", stream.end(), stream.said())
    check("nobody is told of both closes with their bytes", stream.closes() == both, stream.lines(), stream.said())
    check("and of what nobody is not told", "do not tell of" in stream.said(), stream.said())


# ---- why ----


def why():
    with socket.create_server(("127.0.0.1", 7210)):
        taken = portstat("--why=7210")
    check("a taken port: who has it", taken.returncode == 1 and "python3" in taken.stdout, taken)
    free = portstat("--why=7211")
    check("a port that can be bound", free.returncode == 0, free)


def recording():
    portstat("-a", "-n", "--owners=none", "--record=/tmp/rec")
    once = document("-a", "-n", "--owners=none", "--replay=/tmp/rec")
    check("a recording plays", once["sockets"], once)


def procfs():
    done = portstat("-a", "--source=procfs")
    check("/proc/net serves", done.returncode == 0 and "--source=auto" in done.stderr, done)
    check("and no module is named there", "modprobe" not in done.stderr, done)


def kernel_messages():
    bad = [
        line
        for line in run("dmesg").stdout.splitlines()
        if re.search(r"BUG:|Oops|segfault|traps:|WARNING: CPU", line)
    ]
    check("the kernel complains of nothing", not bad, *bad[:5])


def prepare():
    if "nobtf" in ARGUMENTS:
        run("mount", "-t", "tmpfs", "none", "/sys/kernel/btf")
    for module in ("sctp", "sctp_diag", "raw_diag", "tcp_diag", "udp_diag", "mptcp_diag", "dummy"):
        run("modprobe", module)
    run("ip", "link", "add", "dmy0", "type", "dummy")
    run("ip", "link", "set", "dmy0", "up")
    run("ip", "addr", "add", "10.9.1.1/24", "dev", "dmy0")
    run("ip", "link", "set", "lo", "up")
    # Duplicate address detection: no SCTP socket may use an address before.
    wait_for(lambda: "tentative" not in run("ip", "-6", "addr").stdout, 20)
    subprocess.Popen(["python3", f"{HERE}/sockets.py", "/run/sockets.ready"])
    ready = wait_for(lambda: os.path.exists("/run/sockets.ready") and os.stat("/run/sockets.ready").st_size)
    with open("/run/sockets.ready", encoding="ascii") as text:
        made = text.read().split()
    check("sockets are there", ready and {"tcp", "tcp_bound", "udp", "raw", "device"} <= set(made), made)
    return made


def main():
    facts["kernel"] = os.uname().release
    print(portstat("--version").stdout, end="")
    made = prepare()
    steps = [
        units, compare_with_ss, bound_sockets, names, lambda: sctp(made), lambda: mptcp(made),
        lambda: udplite(made), owners, events, why, recording, procfs,
    ]
    if "sctp" in made and glob.glob("/sys/module/sctp_diag"):
        steps.append(without_module)
    for step in [*steps, kernel_messages]:
        try:
            step()
        except Exception as error:  # pylint: disable=broad-except
            check(f"{step} ended", False, repr(error))
    for key, value in facts.items():
        print(f"fact {key}: {value}")
    print(f"{len(failures)} failed" if failures else "none failed")
    sys.exit(bool(failures))


main()
