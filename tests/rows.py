"""Compares listings: portstat's JSON with what was opened, with ss, and with one another.

usage: rows.py check DOCUMENT
       rows.py opened DOCUMENT OPENED
       rows.py ss DOCUMENT SS-OUTPUT
       rows.py ss-without-owners DOCUMENT SS-OUTPUT
       rows.py netstat DOCUMENT NETSTAT-OUTPUT
       rows.py sources NETLINK-DOCUMENT PROCFS-DOCUMENT
       rows.py select DOCUMENT KEY=VALUE... -- KEY...

Exit status 0 where they agree, 1 with the differences on standard error.
"""

import collections
import json
import pathlib
import re
import sys

# Every key of a row and the types that its value may have (cli.md section 4).
NULL = type(None)
# In front of the others, with --diff.
DIFF_KEYS = {"change": (str,), "was": (dict, NULL)}
KEYS = {
    "host": (str, NULL),
    "proto": (str,),
    "family": (str,),
    "dual_stack": (bool, NULL),
    "state": (str, NULL),
    "local_addr": (str,),
    "local_port": (int, NULL),
    "peer_addr": (str, NULL),
    "peer_port": (int, NULL),
    "peer_scope": (str, NULL),
    "ip_protocol": (int, NULL),
    "iface": (str, NULL),
    "service": (str, NULL),
    "port_class": (str, NULL),
    "reach": (str, NULL),
    "firewall": (str, NULL),
    "recv_q": (int, NULL),
    "send_q": (int, NULL),
    "uid": (int, NULL),
    "user": (str, NULL),
    "inode": (int, NULL),
    "mark": (int, NULL),
    "netns": (int, NULL),
    "netns_name": (str, NULL),
    "cookie": (str, NULL),
    "cgroup": (str, NULL),
    "unit": (str, NULL),
    "container": (str, NULL),
    "container_id": (str, NULL),
    "pod": (str, NULL),
    "owners": (list, NULL),
    "owner_note": (str, NULL),
    "candidates": (list, NULL),
    "candidate_count": (int, NULL),
    "confidence": (str, NULL),
    "leads_to": (list, NULL),
    "published": (list, NULL),
    "peer_owners": (list, NULL),
    "peer_owner_host": (str, NULL),
    "timer": (dict, NULL),
    "tcp": (dict, NULL),
    "mptcp": (dict, NULL),
    "memory": (dict, NULL),
    "local_host": (str, NULL),
    "peer_host": (str, NULL),
}
OWNER_KEYS = {
    "pid": (int,),
    "name": (str, NULL),
    "fd": (int, NULL),
    "uid": (int, NULL),
    "user": (str, NULL),
    "cmdline": (list, NULL),
    "via": (str,),
}


def read_words():
    """The words that a key can have, by the installed schema."""
    path = pathlib.Path(__file__).parent.parent / "data" / "schema-1.json"
    definitions = json.loads(path.read_text(encoding="utf-8"))["definitions"]
    keys = definitions["socket"]["properties"]
    parts = {**keys, **definitions, **keys["owners"]["items"]["properties"]}
    return {key: part["enum"] for key, part in parts.items() if "enum" in part}


WORDS = read_words()
SS_STATES = {
    "LISTEN": "listen",
    "ESTAB": "established",
    "SYN-SENT": "syn-sent",
    "SYN-RECV": "syn-recv",
    "FIN-WAIT-1": "fin-wait-1",
    "FIN-WAIT-2": "fin-wait-2",
    "TIME-WAIT": "time-wait",
    "CLOSE-WAIT": "close-wait",
    "LAST-ACK": "last-ack",
    "CLOSING": "closing",
    "UNCONN": "bound",
}
NETSTAT_STATES = {
    "LISTEN": "listen",
    "ESTABLISHED": "established",
    "SYN_SENT": "syn-sent",
    "SYN_RECV": "syn-recv",
    "FIN_WAIT1": "fin-wait-1",
    "FIN_WAIT2": "fin-wait-2",
    "TIME_WAIT": "time-wait",
    "CLOSE_WAIT": "close-wait",
    "LAST_ACK": "last-ack",
    "CLOSING": "closing",
}

problems = []


def problem(text):
    problems.append(text)


def check_object(what, value, keys):
    if list(value) != list(keys):
        problem(f"{what}: keys are {list(value)}, not {list(keys)}")
    for key, types in keys.items():
        if key in value and type(value[key]) not in types:
            problem(f"{what}: {key} is {value[key]!r}")
        word = value.get(key)
        if key in WORDS and word is not None and word not in WORDS[key]:
            problem(f"{what}: {key} is {word!r}")


def check_row(row):
    what = f"{row.get('proto')} {row.get('local_addr')} {row.get('local_port')}"
    check_object(what, row, {**(DIFF_KEYS if "change" in row else {}), **KEYS})
    for owner in row.get("owners") or []:
        check_object(f"{what}: owner", owner, OWNER_KEYS)
    pids = [owner["pid"] for owner in row.get("owners") or []]
    if pids != sorted(set(pids)):
        problem(f"{what}: owners are not one a process, by pid: {pids}")
    if row.get("cookie") and not re.fullmatch("[0-9a-f]{16}", row["cookie"]):
        problem(f"{what}: cookie {row['cookie']}")


def load(path):
    with open(path, encoding="utf-8") as f:
        try:
            document = json.load(f)
        except ValueError as err:
            sys.exit(f"{path}: {err}")
    check_object(
        path,
        document,
        {
            "schema": (int,),
            "portstat": (str,),
            "host": (str, type(None)),
            "machine": (str, type(None)),
            "boot_id": (str, type(None)),
            "addresses": (list,),
            "ephemeral": (list, type(None)),
            "uid": (int, type(None)),
            "time": (str, type(None)),
            "selection": (dict,),
            "complete": (bool,),
            "problems": (list,),
            "sockets": (list,),
        },
    )
    time = document["time"]
    if time is not None and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time):
        problem(f"time is {document['time']}")
    for row in document["sockets"]:
        check_row(row)
    cookies = collections.Counter(row["cookie"] for row in document["sockets"] if row["cookie"])
    for cookie, times in cookies.items():
        if times > 1:
            problem(f"{times} rows of cookie {cookie}")
    return document


def compare(want, got, want_name, got_name):
    """Both are lists of hashable descriptions of a row, in any order."""
    want, got = collections.Counter(want), collections.Counter(got)
    for name, rest in (want_name, want - got), (got_name, got - want):
        for row, times in sorted(rest.items(), key=str):
            problem(f"only in {name}{'' if times == 1 else f' ({times} times)'}: {row}")


def freeze(value):
    if isinstance(value, dict):
        return tuple((key, freeze(v)) for key, v in sorted(value.items()))
    if isinstance(value, list):
        return tuple(freeze(v) for v in value)
    return value


def decode_name(text):
    """A byte that is no character becomes U+FFFD, each of its own."""
    name = bytes.fromhex(text).decode("utf-8", "surrogateescape")
    return re.sub("[\udc80-\udcff]", "\ufffd", name)


def opened(document, path):
    """Every socket that was opened is a row with what was said of it, and there is no other."""
    with open(path, encoding="ascii") as f:
        want = [json.loads(line) for line in f]
    for row in want:
        for owner in row["owners"]:
            owner["name"] = decode_name(owner.pop("name_hex"))
        row["owners"].sort(key=lambda owner: owner["pid"])
    # What /proc/net supplied lacks what it does not have.
    fallen = {p["proto"] for p in document["problems"] if p["code"] == "fallback"}
    for row in want:
        if row["proto"] in fallen:
            for key in "cookie", "dual_stack", "iface":
                row.pop(key, None)
    rows = {}
    for row in document["sockets"]:
        rows.setdefault(row_key(row), []).append(row)
    for row in want:
        found = rows.get(row_key(row))
        if not found:
            problem(f"missing: {row}")
            continue
        got = found.pop()
        for key, value in row.items():
            if key == "owners":
                known = [{k: o[k] for k in OWNER_KEYS if k in ("pid", "via", "fd", "name")}
                         for o in got["owners"]]
                for o, w in zip(known, value):
                    if "fd" not in w:
                        del o["fd"]
                if known != value:
                    problem(f"owners of {row_key(row)}: {known} instead of {value}")
            elif got[key] != value:
                problem(f"{key} of {row_key(row)}: {got[key]!r} instead of {value!r}")
    for key, rest in rows.items():
        for row in rest:
            problem(f"nobody opened: {key}")


def row_key(row):
    """What tells the rows of a test apart: equals of a SO_REUSEPORT group by their inode."""
    names = "proto", "state", "local_addr", "local_port", "peer_addr", "peer_port", "inode"
    return tuple(row[name] for name in names)


def ss_end(addr, family, port, iface, dual_stack):
    text = f"[{addr}]" if family == "inet6" else addr
    if dual_stack and addr == "::":
        text = "*"
    return f"{text}{'%' + iface if iface else ''}:{port}"


def ss_row(row):
    local = ss_end(
        row["local_addr"], row["family"], row["local_port"], row["iface"], row["dual_stack"]
    )
    peer = None
    if row["peer_addr"]:
        peer = ss_end(row["peer_addr"], row["family"], row["peer_port"], None, False)
    owners = [o for o in row["owners"] if o["via"] == "fd"]
    pids = tuple(sorted(o["pid"] for o in owners))
    return row["proto"], row["state"], local, peer, pids


def parse_ss(line):
    proto, state, _, _, local, peer, *rest = line.split(None, 6)
    pids = sorted({int(pid) for pid in re.findall(r",pid=(\d+),fd=\d+\)", rest[0] if rest else "")})
    return proto, SS_STATES[state], local, None if peer.endswith(":*") else peer, tuple(pids)


def common_rows(document, has_bound=False):
    """What ss and netstat list as well.  TCP sockets that are bound only an ss of 2025 or later knows."""
    return [
        row
        for row in document["sockets"]
        if row["proto"] in ("tcp", "udp")
        and (has_bound or (row["proto"], row["state"]) != ("tcp", "bound"))
    ]


def ss(document, path, columns=5):
    """The same sockets, states and pids as ss names with these options and -H."""
    with open(path, encoding="utf-8", errors="replace") as f:
        lines = [line for line in f if line.split(None, 1)[0] in ("tcp", "udp")]
    theirs = [parse_ss(line) for line in lines]
    has_bound = any(row[:2] == ("tcp", "bound") for row in theirs)
    compare(
        [row[:columns] for row in theirs],
        [ss_row(row)[:columns] for row in common_rows(document, has_bound)],
        "ss",
        "portstat",
    )


def parse_netstat(line):
    """-W keeps addresses whole; UDP sockets without a peer have no state."""
    words = line.split()
    proto, local, peer = words[0], words[3], words[4]
    state = NETSTAT_STATES.get(words[5] if len(words) > 5 else "", "bound")
    family = "inet6" if proto.endswith("6") else "inet"
    address, _, port = local.rpartition(":")
    return proto.rstrip("6"), family, state, address, int(port), None if peer[-1] == "*" else peer


def netstat_row(row):
    peer = f"{row['peer_addr']}:{row['peer_port']}" if row["peer_addr"] else None
    return (
        row["proto"],
        row["family"],
        row["state"],
        netstat_address(row["local_addr"]),
        row["local_port"],
        netstat_address(peer) if peer else None,
    )


def netstat_address(text):
    """netstat shows a v4-mapped address as the IPv4 address in it."""
    return text.removeprefix("::ffff:")


def netstat(document, path):
    """The same sockets and states as netstat names with these options, -n and -W."""
    with open(path, encoding="utf-8", errors="replace") as f:
        lines = [line for line in f if re.match(r"(tcp|udp)6? ", line)]
    compare(
        [parse_netstat(line) for line in lines],
        [netstat_row(row) for row in common_rows(document)],
        "netstat",
        "portstat",
    )


def sources(netlink, procfs):
    """The same rows, but for bound TCP sockets and the fields that /proc/net does not have."""
    keys = [key for key in KEYS if key not in (
        "dual_stack", "iface", "mark", "cookie", "cgroup", "unit", "container",
        "container_id", "pod", "recv_q",
        "send_q", "timer", "netns", "reach", "uid", "user",
    )]
    if any((row["proto"], row["state"]) == ("tcp", "bound") for row in procfs["sockets"]):
        problem("/proc/net has bound TCP sockets")

    def parts(document):
        return [
            freeze({key: row[key] for key in keys})
            for row in document["sockets"]
            if (row["proto"], row["state"]) != ("tcp", "bound")
        ]

    compare(parts(netlink), parts(procfs), "netlink", "procfs")
    lists = [
        [row_key(row)[:-1] for row in d["sockets"] if (row["proto"], row["state"]) != ("tcp", "bound")]
        for d in (netlink, procfs)
    ]
    if lists[0] != lists[1]:
        problem("netlink and procfs are not in the same order")


def select(document, words):
    """Prints the chosen keys, or pids, of rows whose values, as text, are those given."""
    split = words.index("--")
    tests = [word.split("=", 1) for word in words[:split]]
    for row in document["sockets"]:
        row["pids"] = ",".join(str(owner["pid"]) for owner in row["owners"] or [])
        if all(as_text(row[key]) == value for key, value in tests):
            print(" ".join(as_text(row[key]) for key in words[split + 1 :]))


def as_text(value):
    return value if isinstance(value, str) else json.dumps(value)


def main(command, path, *rest):
    document = load(path)
    if command == "opened":
        opened(document, *rest)
    elif command == "ss":
        ss(document, *rest)
    elif command == "ss-without-owners":
        ss(document, *rest, columns=4)
    elif command == "netstat":
        netstat(document, *rest)
    elif command == "sources":
        sources(document, load(*rest))
    elif command == "select":
        select(document, list(rest))
    elif command != "check":
        sys.exit(__doc__)
    for text in problems[:20]:
        print(text, file=sys.stderr)
    if len(problems) > 20:
        print(f"... {len(problems)} in all", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
