#!/usr/bin/python3
"""What --events tells, beside what was done: events.py PART PORTSTAT [CONNECTIONS]"""

import collections
import ctypes
import json
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
import event_lines
from event_lines import fault

FAMILIES = {socket.AF_INET: ("inet", "127.0.0.1"), socket.AF_INET6: ("inet6", "::1")}
WORKERS = 4
QUEUED = 3  # connections for a queue of one
LINGER_RESET = struct.pack("ii", 1, 0)


class Events:
    """A running portstat --events --jsonl, which writes to a file: a slow reader would lose events."""

    def __init__(self, portstat, *options):
        self.file = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [portstat, "--events", "--jsonl", *options], stdout=self.file, stderr=subprocess.PIPE
        )
        first = self.process.stderr.readline().decode()
        if "events by bpf" not in first:
            sys.exit("portstat does not tell events: " + first)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(20)
        errors = self.process.stderr.read().decode()
        if status or errors:
            fault(f"portstat ends with {status} and says {errors!r}")
        self.file.seek(0)
        return [json.loads(line) for line in self.file]


def listener(family, backlog=512):
    sock = socket.socket(family)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((FAMILIES[family][1], 0))
    sock.listen(backlog)
    return sock


def ends(event):
    return event["family"], event["local_port"], event["peer_port"]


def owner(event):
    return event["owners"][0]["pid"] if event["owners"] else None


# ---- connections ---------------------------------------------------------------------------------


def read_all(conn, size):
    got = 0
    while got < size:
        data = conn.recv(size - got)
        if not data:
            break
        got += len(data)
    return got


def serve(sock, log):
    """A worker: the first four bytes say how much comes, and how much is to be sent."""
    while True:
        conn, peer = sock.accept()
        try:
            there, back = struct.unpack("HH", conn.recv(4))
            read_all(conn, there)
            conn.sendall(b"y" * back)
            conn.recv(1)
        except OSError:
            pass
        conn.close()
        os.write(log, struct.pack("HI", peer[1], os.getpid()))


def start_workers(sock, log):
    pids = []
    for _ in range(WORKERS):
        pid = os.fork()
        if not pid:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            serve(sock, log)
        pids.append(pid)
    return pids


def connect(server, how, expected):
    """One connection; what is done goes to expected, by its ends."""
    family = server.family
    sock = socket.socket(family)
    there, back = random.randrange(3000), random.randrange(3000)
    sock.connect(server.getsockname())
    key = (FAMILIES[family][0], sock.getsockname()[1], server.getsockname()[1])
    sock.sendall(struct.pack("HH", there, back) + b"x" * there)
    read_all(sock, back)
    if how == "reset":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_RESET)
    sock.close()
    expected[key].append((how, there + 4, back))


def refuse(family, port, expected):
    sock = socket.socket(family)
    try:
        sock.connect((FAMILIES[family][1], port))
        fault("a connection that should be refused stands")
    except ConnectionRefusedError:
        expected[FAMILIES[family][0], port] += 1
    sock.close()


class TimesOut(threading.Thread):
    """A SYN for a listener whose queue is full is not answered."""

    def __init__(self):
        super().__init__()
        self.full = listener(socket.AF_INET, 0)
        self.held = [self.ask() for _ in range(QUEUED)]

    def ask(self):
        sock = socket.socket()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, 1)
        sock.setblocking(False)
        sock.connect_ex(self.full.getsockname())
        return sock

    def run(self):
        poll = select.poll()
        for sock in self.held:
            poll.register(sock, select.POLLHUP)
        poll.poll(15000)

    def end(self):
        self.join()
        self.full.close()
        for sock in self.held:
            sock.close()


def next_of(events, what, key):
    """The next event with this key: ports are taken again, and events come in order."""
    if not events[key]:
        fault(f"{what} {key} is not told")
        return None
    return events[key].popleft()


def check_end(event, pid, sent, received, error):
    got = owner(event), event["bytes_sent"], event["bytes_received"], event["error"]
    if got != (pid, sent, received, error):
        fault(f"closed {ends(event)}: {got}, not {(pid, sent, received, error)}")


def check_connections(kinds, expected, users, listening_pid):
    client = os.getpid()
    by_ends = {kind: collections.defaultdict(collections.deque) for kind in ("connected", "accepted", "closed")}
    for kind, table in by_ends.items():
        for event in kinds[kind]:
            table[ends(event)].append(event)
    for key, done in expected.items():
        for how, sent, received in done:
            check_connection(by_ends, key, users[key[:2]].popleft(), how, sent, received, (client, listening_pid))
    # Those that time out may be accepted by the kernel before the queue is full.
    for kind, table in by_ends.items():
        rest = sum(len(events) for events in table.values())
        if rest > 2 * QUEUED:
            fault(f"{rest} {kind} that nobody knows of")


def check_connection(by_ends, here, worker, how, sent, received, pids):
    family, local, remote = here
    client, listening_pid = pids
    there = (family, remote, local)
    event = next_of(by_ends["connected"], "connected", here)
    if event and (owner(event) != client or event["duration_ms"] is None):
        fault(f"connected {here}: by {owner(event)}")
    event = next_of(by_ends["accepted"], "accepted", there)
    if event and owner(event) != worker:
        via = event["owners"] and event["owners"][0]["via"]
        if owner(event) != listening_pid or via != "listener":
            fault(f"accepted {there}: by {owner(event)}, not {worker}")
    event = next_of(by_ends["closed"], "closed", here)
    if event:
        check_end(event, client, sent, received, None)
    event = next_of(by_ends["closed"], "closed", there)
    if event:
        check_end(event, worker, received, sent, "reset" if how == "reset" else None)


def connections(portstat, n):
    """A pre-forked server; connections as fast as they go, some refused, reset or timed out."""
    events = Events(portstat, "-t", "--columns=family,local_port,peer_port,state,owners.pid,owners.via")
    servers = {family: listener(family) for family in FAMILIES}
    closed = {family: listener(family) for family in FAMILIES}
    refused_ports = {family: sock.getsockname()[1] for family, sock in closed.items()}
    for sock in closed.values():
        sock.close()
    logs, workers = {}, []
    expected, users = collections.defaultdict(list), collections.defaultdict(collections.deque)
    for family, sock in servers.items():
        logs[family], log = os.pipe()
        workers += start_workers(sock, log)
        os.close(log)
    slow = TimesOut()
    slow.start()
    refused = collections.Counter()
    begun = time.monotonic()
    collector = threading.Thread(target=collect, args=(logs, users, n))
    collector.start()
    for i in range(n):
        family = random.choice(list(FAMILIES))
        connect(servers[family], "reset" if i % 50 == 7 else "plain", expected)
        if i % 20 == 3:
            refuse(family, refused_ports[family], refused)
    seconds = time.monotonic() - begun
    collector.join(30)
    slow.end()
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    for sock in servers.values():
        sock.close()
    kinds = collections.defaultdict(list)
    for event in events.end():
        kinds[event["event"]].append(event)
    if kinds["lost"]:
        lost = sum(event["count"] for event in kinds["lost"])
        print(f"{lost} lost")
        fault(f"{lost} events are lost")
    check_connections(kinds, expected, users, os.getpid())
    failed = collections.Counter(
        (event["family"], event["peer_port"]) for event in kinds["failed"] if event["error"] == "refused"
    )
    if failed != refused:
        fault(f"refused: {failed}, not {refused}")
    if any(owner(event) != os.getpid() for event in kinds["failed"]):
        fault("a connection failed for another process")
    slow_port = [e for e in kinds["failed"] if e["error"] == "timed-out"]
    if len(slow_port) < 1:
        fault("no connection has timed out")
    # Both servers, both that were closed at once, and the one that is full.
    opened = [e for e in kinds["opened"] if e["state"] == "listen"]
    if len(opened) != 5 or len(kinds["unbound"]) != 5:
        fault(f"{len(opened)} opened, {len(kinds['unbound'])} unbound, not 5")
    print(f"{n} connections in {seconds:.2f} s, {n / seconds:.0f} a second")


def collect(logs, users, n):
    """Which worker had which connection, by the port of the client."""
    size = struct.calcsize("HI")
    got = 0
    while got < n:
        ready = select.select(list(logs.values()), [], [], 20)[0]
        if not ready:
            return
        for family, log in logs.items():
            if log in ready:
                data = os.read(log, size * 1000)
                for port, pid in struct.iter_unpack("HI", data):
                    users[FAMILIES[family][0], port].append(pid)
                    got += 1


# ---- ports that come and go ----------------------------------------------------------------------

CLONE_NEWNET = 0x40000000


def enter_new_netns():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        sys.exit("no new network namespace")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def open_and_close(done, steps):
    """Opens and closes ports at random, and writes what it did: kind, protocol, family, port, state."""
    held = []
    for _ in range(steps):
        if held and random.random() < 0.5:
            sock, what = held.pop(random.randrange(len(held)))
            sock.close()
            done.write("unbound %s\n" % what)
            continue
        family = random.choice(list(FAMILIES))
        is_tcp = random.random() < 0.6
        sock = socket.socket(family, socket.SOCK_STREAM if is_tcp else socket.SOCK_DGRAM)
        sock.bind((random.choice([FAMILIES[family][1], ""]), 0))
        state = "bound"
        if is_tcp and random.random() < 0.7:
            sock.listen()
            state = "listen"
        what = "%s %s %d %s" % ("tcp" if is_tcp else "udp", FAMILIES[family][0], sock.getsockname()[1], state)
        held.append((sock, what))
        done.write("opened %s\n" % what)
    for sock, what in held:
        sock.close()
        done.write("unbound %s\n" % what)
    done.close()


def ports(portstat, steps):
    """In two namespaces: what was done, and only that."""
    pipes, pids = [], []
    for _ in range(2):
        ready, told = os.pipe()
        go, start = os.pipe()
        pid = os.fork()
        if not pid:
            enter_new_netns()
            os.write(told, b"%d\n" % os.stat("/proc/self/ns/net").st_ino)
            os.read(go, 1)
            open_and_close(os.fdopen(told, "w"), steps)
            os._exit(0)
        os.close(told)
        pids.append(pid)
        pipes.append((os.fdopen(ready), start))
    inodes = [pipe.readline().strip() for pipe, _ in pipes]
    events = Events(portstat, "-N", ",".join(f"pid:{pid}" for pid in pids), "--columns=+netns")
    for _, start in pipes:
        os.write(start, b"x")
    expected = collections.Counter()
    for inode, (pipe, _) in zip(inodes, pipes):
        for line in pipe:
            expected[inode + " " + line.strip()] += 1
    for pid in pids:
        os.waitpid(pid, 0)
    told = collections.Counter()
    for event in events.end():
        words = ("netns", "event", "proto", "family", "local_port", "state")
        told[" ".join(str(event[word]) for word in words)] += 1
        if event["event"] != "lost" and owner(event) not in pids:
            fault(f"{event['event']} by {owner(event)}")
    for what, n in (expected - told).items():
        fault(f"not told {n} times: {what}")
    # A TCP socket that binds and listens in two looks is told twice.
    for what, n in (told - expected).items():
        if not (" opened tcp " in what and what.endswith(" bound")):
            fault(f"told {n} times too often: {what}")
    print(f"{sum(told.values())} events of ports")


# ---- what does not fit ---------------------------------------------------------------------------


def stopped(portstat, n):
    """A reader that is stopped loses events, and says exactly how many."""
    events = Events(portstat, "-u", "--events=opened,unbound", "--columns=proto")
    os.kill(events.process.pid, signal.SIGSTOP)
    for _ in range(n):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
        sock.close()
    os.kill(events.process.pid, signal.SIGCONT)
    lines = events.end()
    lost = sum(line["count"] for line in lines if line["event"] == "lost")
    told = sum(line["event"] != "lost" for line in lines)
    if not lost:
        fault(f"nothing is lost of {2 * n} events")
    if told + lost != 2 * n:
        fault(f"{told} told and {lost} lost are not {2 * n}")
    print(f"{told} told, {lost} lost")


def names(portstat, _):
    """A process may call itself anything."""
    libc = ctypes.CDLL(None)
    events = Events(portstat, "-u", "--events=opened")
    every = bytes(range(1, 256))
    wanted = [every[i : i + 15] for i in range(0, len(every), 15)]
    for name in wanted:
        libc.prctl(15, name)  # PR_SET_NAME
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
        sock.close()
    libc.prctl(15, b"python3")
    told = [line["owners"][0]["name"] for line in events.end()]
    if told != [name.decode(errors="replace") for name in wanted]:
        fault(f"names: {told}")


def before(portstat, _):
    """What was there before is known: by whom a connection is accepted, and what closes."""
    server = listener(socket.AF_INET)
    client = socket.create_connection(server.getsockname())
    accepted = server.accept()[0]
    bound, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
    for sock in bound, udp:
        sock.bind(("127.0.0.1", 0))
    ports = {sock.getsockname()[1] for sock in (server, bound, udp)}
    events = Events(portstat)
    new = socket.create_connection(server.getsockname())
    for sock in new, client, accepted, bound, udp, server:
        sock.close()
    lines = events.end()
    told = collections.Counter(line["event"] for line in lines)
    # The connection that nobody has taken ends with its listener.
    if told != {"connected": 1, "accepted": 1, "closed": 4, "unbound": 3}:
        fault(f"of what was there before: {told}")
    if any(owner(line) != os.getpid() for line in lines):
        fault(f"of what was there before: {[(line['event'], line['owners']) for line in lines]}")
    if {line["local_port"] for line in lines if line["event"] == "unbound"} != ports:
        fault("other ports are unbound than were bound before")


def pids(portstat, _):
    """A pid that is taken again is another process."""
    libc = ctypes.CDLL(None)
    events = Events(portstat, "-u", "--events=opened")
    wanted, last = [], None
    for i in range(20):
        name = b"process-%d" % i
        if last:
            try:
                with open("/proc/sys/kernel/ns_last_pid", "w") as file:
                    file.write(str(last - 1))
            except PermissionError:
                break
        last = os.fork()
        if not last:
            libc.prctl(15, name)
            socket.socket(type=socket.SOCK_DGRAM).bind(("127.0.0.1", 0))
            os._exit(0)
        os.waitpid(last, 0)
        wanted.append((last, name.decode()))
    if len({pid for pid, _ in wanted}) == len(wanted):
        fault("no pid was taken again")
    told = [(line["owners"][0]["pid"], line["owners"][0]["name"]) for line in events.end()]
    if told != wanted:
        fault(f"processes: {told}")


def main():
    part, portstat = sys.argv[1:3]
    globals()[part](portstat, int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    sys.exit(1 if event_lines.faults else 0)


main()
