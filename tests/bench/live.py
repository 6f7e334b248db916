#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How fast the live view answers a key, and what it costs, beside many sockets that come and go.

usage: live.py [--soak REFRESHES | --than PROGRAM] BUILDDIR [SOCKETS [CHURN]]

Opens SOCKETS (50,000) in a network namespace of its own, lets CHURN (500) a second come and go, and
plays keys to the live view in a pseudo-terminal.  Prints, for each kind of key, the time from the
write to the terminal's input to the screen that answers it, and the CPU time and memory at the 2 s
interval.  With --than the same of another portstat, as of one built before a change, and the ratios.

With --soak it looks every 0.1 s beside 2,000 SOCKETS until the screen was refreshed so often, and fails
where memory or open files grow, or where the cursor leaves its row.
"""
import argparse
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

ROUNDS = 10

# Once in each round: which kind of key it is, the key, and what the screen shows when it is answered ("!":
# shows no more; nothing: it changes).  A round ends as it began.
KEYS = [
    # By listening port: all folded, then all of them unfolded.
    "view 1 [1 Ports]", "fold F5 ├─", "cursor Down", "cursor PgDn", "cursor Up", "fold F5 !├─",
    "cursor Down", "cursor Home", "fold Right ├─", "details d ── details", "cursor Down",
    "details Esc !── details",
    "cursor Home", "fold Left !├─",
    "question K ── kill", "question Esc !── kill", "question x ── close", "question Esc !── close",
    # Flat.
    "view 2 [2 Connections]", "cursor Down", "cursor PgDn", "cursor End", "cursor PgUp",
    # Away from those that come and go: a tag goes with its row.
    "mark Space 1 tagged", "mark Space 2 tagged", "mark U !tagged", "cursor Home",
    "sort I ▼", "sort I ▲", "sort F6 ── sort by", "sort Home > proto", "sort End > local_port",
    "sort Up > process", "sort Enter sort: PROCESS",
    "sort < sort: USER", "sort F6 ── sort by", "sort Home > proto", "sort Enter sort: PROTO",
    "sort > sort: STATE", "sort > sort: LOCAL",
    "details d ── details", "cursor Down", "details d !── details",
    "help ? ── help", "help Esc !── help", "columns F2 ── columns", "columns Down > [x] state",
    "columns Esc !── columns",
    "hide u hidden: udp", "hide u !hidden:", "hide e hidden: established", "hide e !hidden:",
    "names n", "names n", "pause p PAUSED", "pause p LIVE",
    # By process and by peer.
    "view 3 [3 Processes]", "fold Right ├─", "details d ── details", "details Esc !── details",
    "fold Left !├─", "sort > sort: CONN", "sort < sort: NAME",
    "view 4 [4 Peers]", "fold Right ├─", "fold Left !├─",
    "question x ── close", "question Esc !── close", "question K ── kill", "question Esc !── kill",
    "view Shift-Tab [3 Processes]", "view Tab [4 Peers]",
    "view 2 [2 Connections]",
    # Of every row, of many, of one, of none; a mistake; a test on names.
    "filter / !none (type", "filter n filter: n", "filter o filter: no", "filter t filter: not",
    "filter Space", "filter 9 filter: not 9", "filter 9 filter: not 99",
    "filter 9 filter: not 999", "filter Ctrl-U !filter: not",
    *(f"filter {'port 999 proc ~ pop'[i].replace(' ', 'Space')}"
      + (f" filter: {'port 999 proc ~ pop'[:i + 1]}" if "port 999 proc ~ pop"[i] != " " else "")
      for i in range(len("port 999 proc ~ pop"))),
    "filter Esc none (type",
    "search F3 search:", "search 1 search: 1", "search 2 search: 12", "search q search: 12q",
    "search q search: 12qq", "search Ctrl-U !search: 1", "search Esc !search:",
]

SCRIPT = """size 120 40
expect LIVE
expect {port}
key 4
expect [4 Peers]
{keys}
figures
key 2
expect [2 Connections]
watch 20
key q
exit 0
"""

# The cursor stays on a listener, below the connections that come and go.
SOAK = """size 120 40
expect {port}
row {port}
key Right
expect ├─
key F3
type 2010
key Enter
row 2010
soak {refreshes}
row 2010
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


def play(build, script, *options, program=None):
    """The live view in a terminal, or that of another program: its exit status and what the terminal told."""
    environment = dict(os.environ, TERM="xterm-256color", LC_ALL="C.UTF-8")
    vt = subprocess.run(
        [os.path.join(build, "tests/screen/vt"), "-",
         program or os.path.join(build, "src/portstat"), "--live", "--no-config", *options],
        input=script, text=True, env=environment, check=False, stdout=subprocess.PIPE)
    return vt.returncode, vt.stdout


def figures(output):
    """From vt's output: the 95th percentile of each kind of key in ms, CPU in percent, memory in KiB."""
    found = {}
    for line in output.splitlines():
        words = line.split()
        if len(words) == 5 and words[1].isdigit():
            found[f"{words[0]}, p95 in ms"] = float(words[3])
        elif line.startswith("memory-kib"):
            found["memory, KiB"] = float(words[4])
            found["CPU at 2 s, %"] = float(words[6])
    return found


# What it takes without sockets.
ALONE = """size 120 40
expect LIVE
watch 3
key q
exit 0
"""


def compare(options, alone):
    """Plays the keys, also to the program of --than if there is one, and prints how they compare."""
    # With more sockets than are remembered a filter has a refresh of its own, and none has, too.
    of_round = "\n".join([*(f"answer {key}" for key in KEYS), "gone (of the filter)"])
    rounds = ROUNDS if options.sockets <= 100_000 else 1
    script = SCRIPT.format(port=PORT, keys="\n".join([of_round] * rounds))
    status, output = play(options.build, script)
    print(output, end="", flush=True)
    found = figures(output)
    each = (found.get("memory, KiB", 0) - alone) * 1024 / options.sockets
    print(f"{each:.0f} bytes a socket, beside {alone:.0f} KiB without any", flush=True)
    if options.than and not status:
        status, output = play(options.build, script, program=options.than)
        other = figures(output)
        print(f"{'beside ' + options.than:<30} {'that':>10} {'this':>10} {'ratio':>7}")
        for key in found:
            ratio = found[key] / other[key] if other.get(key) else 0
            print(f"{key:<30} {other.get(key, 0):10.1f} {found[key]:10.1f} {ratio:7.2f}")
    return status


def main(options):
    """In the namespace."""
    alone = 0 if options.soak else figures(play(options.build, ALONE)[1]).get("memory, KiB", 0)
    populate = subprocess.Popen(
        [os.path.join(options.build, "tests/bench/populate"), "-c", str(options.sockets // 2),
         "-l", "40", "-u", "20", "-p", str(max(30, options.sockets // 10_000)), "-b", "2000"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if populate.stdout.readline().strip() != "ready":
        sys.exit("live.py: the sockets could not be opened")
    stop = threading.Event()
    thread = threading.Thread(target=churn, args=(options.churn, stop))
    thread.start()
    print(f"{options.sockets} sockets, {options.churn} a second come and go", flush=True)
    if options.soak:
        status, output = play(options.build, SOAK.format(port=PORT, refreshes=options.soak),
                              "--interval=0.1")
        print(output, end="", flush=True)
    else:
        status = compare(options, alone)
    stop.set()
    thread.join()
    populate.stdin.close()
    populate.wait()
    sys.exit(status)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--soak", type=int, metavar="REFRESHES")
    parser.add_argument("--than", type=os.path.abspath, metavar="PROGRAM")
    parser.add_argument("build", metavar="BUILDDIR")
    parser.add_argument("sockets", type=int, nargs="?", metavar="SOCKETS")
    parser.add_argument("churn", type=int, nargs="?", default=500, metavar="CHURN")
    arguments = parser.parse_args()
    arguments.sockets = arguments.sockets or (2000 if arguments.soak else 50000)
    if os.environ.get("IN_NETNS"):
        main(arguments)
    os.environ["IN_NETNS"] = "1"
    namespaces = "-npf" if os.geteuid() == 0 else "-Urnpf"
    os.execvp("unshare", [
        "unshare", namespaces, "--mount-proc", "--kill-child", "--", "sh", "-c",
        'ip link set lo up && exec "$@"', "sh", sys.executable, os.path.abspath(__file__),
        *sys.argv[1:]])
