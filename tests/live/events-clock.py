#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What --events tells while the clock is set: events-clock.py PORTSTAT SHIM FILE

FILE says by how many seconds portstat's clock was set, which the preloaded SHIM reads.  Without one ("")
the clock stays as it is: the same is told.
"""
import os
import socket
import struct
import sys
import time
from datetime import datetime, timezone

sys.dont_write_bytecode = True
from event_lines import Events, fault, finish

# One after the other: an hour forward, two back, and where it was.
SET_BY = (0, 3600, -3600, 0)
# So many seconds may lie between what is done, as it is measured here, and what is told.
SLACK = 1.0
SCANNED = (7, 9, 11, 13, 15, 17, 19)
TRIED = 5432
TRIES = 200


def seconds_of(event):
    """Unix time."""
    return datetime.strptime(event["time"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()


def connection(server):
    client = socket.create_connection(server.getsockname())
    return client, server.accept()[0]


def is_of(port, *kinds):
    """An event at either end of the connection from this port."""
    return lambda e: e["event"] in kinds and port in (e["local_port"], e["peer_port"])


def check_times(events, port, begun, set_by):
    """Wall-clock times follow the clock; durations do not."""
    took = time.time() - begun
    for event in events.find(is_of(port, "connected", "accepted", "closed")):
        late = seconds_of(event) - set_by - begun
        if not -SLACK < late < took + SLACK:
            fault(f"set by {set_by}: {event['event']} is told {late:.1f} s later")
        check_duration(event, took)


def check_about(event, set_by):
    if abs(seconds_of(event) - set_by - time.time()) > 10 * SLACK:
        fault(f"set by {set_by}: {event['event']} has the time {event['time']}")


def check_duration(event, took):
    if event["duration_ms"] is not None and not 0 <= event["duration_ms"] / 1000 <= took + SLACK:
        fault(f"{event['event']} took {event['duration_ms']} ms of {took:.1f} s")


class Clock:
    """The seconds by which portstat's clock was set."""

    def __init__(self, path, can_be_set):
        self.file = os.open(path, os.O_RDWR)
        self.can_be_set = can_be_set
        self.set(0)

    def set(self, seconds):
        self.set_by = seconds if self.can_be_set else 0
        os.pwrite(self.file, struct.pack("q", self.set_by), 0)


def connections(events, clock):
    """One in each hour, beside one that stands all the time; as they were done, so they are told."""
    server = socket.create_server(("127.0.0.1", 0))
    begun = time.time()
    standing = connection(server)
    standing_port = standing[0].getsockname()[1]
    events.wait("the connection that stands", is_of(standing_port, "connected", "accepted"), 2)
    ports = []
    for set_by in SET_BY:
        clock.set(set_by)
        now = time.time()
        ends = connection(server)
        ports.append(ends[0].getsockname()[1])
        events.wait("a connection", is_of(ports[-1], "connected", "accepted"), 2)
        for end in ends:
            end.close()
        events.wait("its end", is_of(ports[-1], "closed"), 2)
        check_times(events, ports[-1], now, clock.set_by)
    for end in standing:
        end.close()
    events.wait("the last end", is_of(standing_port, "closed"), 2)
    for event in events.find(is_of(standing_port, "closed")):
        check_duration(event, time.time() - begun)
        if event["duration_ms"] is not None and event["duration_ms"] < 1000 * (time.time() - begun - SLACK):
            fault(f"the connection that stands ends after {event['duration_ms']} ms")
    # Which connection each event is of.
    told = [p for e in events.lines for p in ports if is_of(p, "connected", "accepted", "closed")(e)]
    if told != [port for port in ports for _ in range(4)]:
        fault(f"the order of events: {told}, not {ports}")


def ask(port, own):
    with socket.socket() as client:
        client.bind((own, 0))
        client.connect_ex(("127.0.0.1", port))


def attempts(events, clock):
    """A scan, and tries at one port, each half before the clock is set, and half after it."""
    begun = time.time()
    for i, port in enumerate(SCANNED):
        clock.set(3600 if i < len(SCANNED) // 2 else -3600)
        ask(port, "127.0.0.2")
    scan = events.wait("the scan", lambda e: e["event"] == "scan")
    if scan and scan["count"] != len(SCANNED):
        fault(f"{scan['count']} closed ports")
    if scan:
        check_duration(scan, time.time() - begun)
        check_about(scan, clock.set_by)
    begun = time.time()
    for i in range(TRIES):
        clock.set(3600 if i < TRIES / 2 else -3600)
        ask(TRIED, "127.0.0.3")
    events.end()
    # A line about the same tries has those of the lines before, too.
    refused = events.find(lambda e: e["event"] == "refused" and e["local_port"] == TRIED)
    if [event["count"] for event in refused][-1:] != [TRIES]:
        fault(f"{refused} are told, not {TRIES} tries")
    for event in refused:
        check_duration(event, time.time() - begun)
        check_about(event, clock.set_by)
    failed = events.find(lambda e: e["event"] == "failed" and e["peer_port"] == TRIED)
    if len(failed) != TRIES:
        fault(f"{len(failed)} failures are told, not {TRIES}")


def main():
    portstat, shim, path = sys.argv[1:4]
    clock = Clock(path, can_be_set=shim != "")
    events = Events(portstat, env=dict(os.environ, LD_PRELOAD=shim, SHIM_CLOCK_FILE=path))
    connections(events, clock)
    if "events by bpf, attempts" in events.first:
        attempts(events, clock)
    else:
        events.end()
    way = "bpf" if "bpf" in events.first else "announcements and looks"
    finish(f"{len(events.lines)} events by {way}")


main()
