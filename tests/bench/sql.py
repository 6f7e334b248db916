#!/usr/bin/python3
"""How long the questions of data/schema.sql take.

usage: sql.py SCHEMA [HOSTS [SOCKETS]]

Documents of a made-up fleet (50 hosts with 1,000 sockets each: 100 listeners, the rest one end each of
connections among the hosts) go into SQLite; prints the milliseconds of each view, the best of five, with
every row read.
"""
import json
import random
import sqlite3
import sys
import time

LISTENERS = 100
SHARED = 80  # so many of them are on every host
FIRST_EPHEMERAL = 32768
VIEWS = ("rare_listener", "connection", "exposed")


def sock(**keys):
    """A socket of a document, with the keys that the schema takes."""
    row = {"proto": "tcp", "family": "inet", "dual_stack": None, "state": "listen",
           "local_addr": "0.0.0.0", "local_port": 0, "peer_addr": None, "peer_port": None,
           "iface": None, "service": None, "port_class": "registered", "reach": "all",
           "recv_q": 0, "send_q": 128, "uid": 0, "user": "root", "netns_name": "host",
           "unit": None, "container": None, "pod": None, "owner_note": None,
           "owners": [{"pid": 812, "name": "nginx", "fd": 6, "uid": 0, "user": "root",
                       "cmdline": ["nginx: master process"], "via": "fd"}]}
    row.update(keys)
    return row


def listeners(host):
    """What listens on a host."""
    for n in range(LISTENERS):
        yield sock(local_port=1000 + n if n < SHARED else 2000 + LISTENERS * host + n,
                   reach="all" if n % 3 else "host", unit=f"service{n}.service" if n % 2 else None)


def fleet(hosts, sockets):
    """The sockets of each host."""
    rows = [list(listeners(host)) for host in range(hosts)]
    used = [FIRST_EPHEMERAL] * hosts
    pick = random.Random(1)
    for _ in range(hosts * (sockets - LISTENERS) // 2):
        server, client = pick.sample(range(hosts), 2)
        port, used[client] = used[client], used[client] + 1
        ends = (f"10.9.0.{server + 1}", 1000 + pick.randrange(SHARED)), (f"10.9.0.{client + 1}", port)
        for host, here, there in ((server, *ends), (client, *reversed(ends))):
            rows[host].append(sock(state="established", local_addr=here[0], local_port=here[1],
                                   peer_addr=there[0], peer_port=there[1], reach=None,
                                   port_class="registered" if host == server else "dynamic"))
    return rows


def main():
    schema, hosts, sockets = sys.argv[1], *map(int, (sys.argv[2:] + ["50", "1000"][len(sys.argv) - 2:]))
    db = sqlite3.connect(":memory:")
    with open(schema) as f:
        db.executescript(f.read())
    for host, rows in enumerate(fleet(hosts, sockets)):
        document = {"schema": 1, "host": f"web{host}", "time": "2026-01-01T00:00:00.000Z",
                    "complete": True, "problems": [], "sockets": rows}
        db.execute("INSERT INTO document (text) VALUES (?)", (json.dumps(document),))
    print("sockets", db.execute("SELECT count(*) FROM socket").fetchone()[0])
    for view in VIEWS:
        times = []
        for _ in range(5):
            start, rows = time.perf_counter(), 0
            for _ in db.execute(f"SELECT * FROM {view}"):
                rows += 1
            times.append(time.perf_counter() - start)
        print(f"{view} {rows} rows {min(times) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
