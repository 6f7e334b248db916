"""Random rule sets for tests/live/firewall.sh: random-rules.py HELPER PEER BEHIND FIRST COUNT.

Of each seed a rule set is made, loaded, and given to tests/live/firewall, which sends packets and
compares.  What the kernel or nft does not take of it is left out.  The last line sums up.
"""
import random
import re
import subprocess
import sys

PORTS = (22, 53, 80, 81, 443, 1000, 2005, 8080, 8085, 65000)
OWN = {"ip": ("10.78.0.1", "10.76.0.1", "10.77.0.1"), "ip6": ("fd78::1", "fd76::1", "fd77::1")}
BEHIND = {"ip": ("10.79.0.2", "10.79.0.3"), "ip6": ("fd79::2", "fd79::3")}
NETS = {"ip": ("10.78.0.0/24", "10.76.0.0/15", "10.0.0.0/8"), "ip6": ("fd78::/64", "fd76::/15")}
SOURCES = {"ip": ("10.200.0.0/25", "10.200.0.0/16", "10.9.0.0/16"), "ip6": ("fd00:200::/121", "fd00::/16")}

# Hook, types and priorities of base chains, and the devices that it knows.
HOOKS = {
    "prerouting": ("filter", (-450, -300, -250, -150, -100, 0), ("iif",)),
    "input": ("filter", (-150, 0, 0, 50, 100), ("iif",)),
    "forward": ("filter", (-150, 0, 10), ("iif", "oif")),
    "output": ("filter", (-300, -150, 0), ("oif",)),
    "postrouting": ("filter", (-150, 0), ("oif",)),
}
NAT = {"prerouting": (-100, -100, -110, 0), "output": (-100, -90), "input": (100,), "postrouting": (100,)}


class Set:
    """One rule set of nftables, as lines of `nft -f`."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.lines = []
        for number in range(self.rng.choice((1, 1, 2, 2, 3))):
            self.table(number)

    def pick(self, *choices):
        return self.rng.choice(choices)

    def port(self):
        return self.rng.choice(PORTS)

    def ports(self):
        low = self.port()
        return self.pick(
            str(low), str(low), f"{low}-{min(low + self.pick(1, 10, 5000), 65535)}",
            "{ " + ", ".join(sorted({str(self.port()) for _ in range(self.pick(2, 3, 5))})) + " }",
            f"{{ {low}, {min(low + 30, 65000)}-65535 }}",
        )

    def address(self, family):
        return self.pick(self.rng.choice(OWN[family]), self.rng.choice(NETS[family]),
                         "{ " + ", ".join(self.rng.sample(OWN[family], 2)) + " }")

    def table(self, number):
        family = self.pick("inet", "inet", "ip", "ip6")
        table = f"{family} t{number}"
        self.lines.append(f"add table {table}")
        self.sets = []
        for i in range(self.pick(0, 1, 2)):
            self.named_set(table, family, i)
        subs = [f"s{i}" for i in range(self.pick(0, 1, 2, 3))]
        for name in subs:
            self.lines.append(f"add chain {table} {name}")
        bases = []
        for i in range(self.pick(1, 2, 2, 3, 4)):
            bases.append(self.base(table, f"b{i}"))
        # A chain calls those behind it, as else there would be a circle.
        for i, name in enumerate(subs):
            for _ in range(self.pick(0, 1, 2, 3)):
                self.rule(table, family, name, self.pick(*HOOKS), self.pick("filter", "filter", "nat"), subs[i + 1:])
        for name, hook, kind in bases:
            for _ in range(self.pick(0, 1, 2, 4, 6)):
                self.rule(table, family, name, hook, kind, subs)

    def named_set(self, table, family, i):
        what = self.pick("ports", "ranges", "pairs", "verdicts", "map")
        name = f"n{i}"
        ip = "ip6" if family == "ip6" else "ip"
        kind = "ipv6_addr" if ip == "ip6" else "ipv4_addr"
        ports = self.rng.sample(PORTS, 3)
        if what == "ports":
            text = f"add set {table} {name} {{ type inet_service; elements = {{ {', '.join(map(str, ports))} }} }}"
        elif what == "ranges":
            text = (f"add set {table} {name} {{ type inet_service; flags interval; "
                    f"elements = {{ 50-90, {self.pick(1000, 2000)}-2010, 60000-65535 }} }}")
        elif what == "pairs":
            pairs = ", ".join(f"{self.rng.choice(OWN[ip])} . {port}" for port in ports)
            text = f"add set {table} {name} {{ type {kind} . inet_service; elements = {{ {pairs} }} }}"
        elif what == "verdicts":
            text = (f"add map {table} {name} {{ type inet_service : verdict; "
                    f"elements = {{ {ports[0]} : accept, {ports[1]} : drop, {ports[2]} : return }} }}")
        else:
            text = (f"add map {table} {name} {{ type inet_service : inet_service; "
                    f"elements = {{ {ports[0]} : {ports[1]}, {ports[2]} : 8080 }} }}")
        self.lines.append(text)
        self.sets.append((name, what, ip))

    def base(self, table, name):
        hook = self.pick("prerouting", "input", "input", "input", "forward", "output", "postrouting")
        if hook in NAT and self.rng.random() < (0.5 if hook == "prerouting" else 0.2):
            self.lines.append(f"add chain {table} {name} {{ type nat hook {hook} priority {self.rng.choice(NAT[hook])}; }}")
            return name, hook, "nat"
        priority = self.rng.choice(HOOKS[hook][1])
        policy = self.pick("accept", "accept", "drop") if hook != "prerouting" else self.pick(*["accept"] * 5, "drop")
        self.lines.append(f"add chain {table} {name} {{ type filter hook {hook} priority {priority}; policy {policy}; }}")
        return name, hook, "filter"

    def match(self, family, hook):
        ip = self.pick("ip", "ip6") if family == "inet" else family
        proto = self.pick("tcp", "udp")
        devices = HOOKS[hook][2] if self.rng.random() < 0.9 else ("iif", "oif")
        choices = [
            lambda: f"{proto} dport {self.ports()}",
            lambda: f"{proto} dport {self.ports()}",
            lambda: f"{proto} dport {self.ports()}",
            lambda: f"{proto} dport != {self.ports()}",
            lambda: f"{proto} dport {self.pick('<', '>', '<=', '>=')} {self.port()}",
            lambda: f"{proto} dport & 1 == {self.pick(0, 1)}",
            lambda: f"meta l4proto {{ tcp, udp }} th dport {self.ports()}",
            lambda: f"meta l4proto {self.pick('tcp', 'udp', '!= tcp', '{ udp, icmp }')}",
            lambda: f"@th,16,16 {self.port()}",
            lambda: f"{ip} daddr {self.pick('', '!= ')}{self.address(ip)}",
            lambda: f"{ip} daddr {self.address(ip)}",
            lambda: f"ip daddr & 255.255.0.0 == 10.{self.pick(76, 77, 78, 80)}.0.0" if family != "ip6" else "ip6 daddr & ffff:: == fd78::",
            lambda: f"{ip} saddr {self.pick('', '!= ')}{self.rng.choice(SOURCES[ip])}",
            lambda: f"{proto} sport {self.pick('1024-65535', '1-1023', '1024-20000')}",
            lambda: f"{ip} daddr . {proto} dport {{ {self.rng.choice(OWN[ip])} . {self.port()}, {self.rng.choice(NETS[ip])} . {self.port()}-65535 }}",
            lambda: f"{self.rng.choice(devices)}name {self.pick('', '!= ')}{self.pick('v0', 'u0', 'lo', 'w0', chr(34) + 'v*' + chr(34), '{ v0, u0 }')}",
            lambda: f"{self.rng.choice(devices)} {self.pick('', '!= ')}{self.pick('lo', 'v0', 'u0')}",
            lambda: f"ct state {self.pick('new', 'established,related', 'untracked', 'invalid', '!= new', 'new,untracked', '{ new, established }')}",
            lambda: f"ct status {self.pick('dnat', 'snat', '! dnat', 'confirmed')}",
            lambda: f"ct direction {self.pick('original', 'reply')}",
            lambda: f"ct mark {self.pick(0, 5)}",
            lambda: f"meta mark {self.pick('0', '5', '!= 0')}",
            lambda: f"fib daddr type {self.pick('local', '!= local', '{ local, broadcast }')}",
            lambda: "fib daddr . iif type local",
            lambda: f"meta pkttype {self.pick('host', '!= host', 'unicast')}",
            lambda: f"meta nfproto {self.pick('ipv4', 'ipv6')}",
            lambda: f"tcp flags {self.pick('syn', '& (syn | ack) == syn', '== syn', '! syn', '& (fin | syn | rst | ack) == ack')}",
            lambda: f"limit rate {self.pick('', 'over ')}{self.pick('1/hour burst 1 packets', '1000/second')}",
            lambda: f"numgen random mod 2 {self.pick(0, 1)}",
            lambda: f"{ip} {'dscp' if ip == 'ip' else 'hoplimit'} {self.pick('0', '!= 0', '> 40')}",
            lambda: f"meta length {self.pick('<', '>')} 60",
            lambda: f"iifname . {proto} dport {{ v0 . {self.port()}, u0 . {self.port()} }}",
            lambda: "socket transparent 1",
            lambda: f"ct original proto-dst {self.port()}",
        ]
        for name, what, set_ip in self.sets:
            if what in ("ports", "ranges"):
                choices += [lambda name=name: f"{proto} dport {self.pick('', '!= ')}@{name}"] * 3
            elif what == "pairs":
                choices += [lambda name=name, ip=set_ip: f"{ip} daddr . {proto} dport {self.pick('', '!= ')}@{name}"] * 3
        return self.rng.choice(choices)()

    def sub(self, subs):
        return f"{self.pick('jump', 'jump', 'goto')} {self.rng.choice(subs)}" if subs else self.pick("accept", "drop")

    def target(self, family):
        ip = self.pick("ip", "ip6") if family == "inet" else family
        to = self.pick(*OWN[ip], *BEHIND[ip])
        word = f"dnat {ip + ' ' if family == 'inet' else ''}to "
        port = self.port()
        host = f"[{to}]" if ip == "ip6" else to
        return self.pick(
            f"redirect to :{port}", f"redirect to :{port}", "redirect", f"redirect to :{port}-{min(port + 3, 65535)}",
            word + to, f"{word}{host}:{port}", f"{word}{host}:{port}",
            f"{word}{BEHIND[ip][0]}-{BEHIND[ip][1]}",
        )

    def statement(self, family, hook, kind, subs):
        proto = self.pick("tcp", "udp")
        verdict_map = (f"{proto} dport vmap {{ {self.port()} : {self.sub(subs)}, "
                       f"{self.pick('1-100', '100-2100', '8000-9000')} : {self.pick('accept', 'drop', 'return', 'continue')} }}")
        maps = [f"{proto} dport vmap @{name}" for name, what, _ in self.sets if what == "verdicts"]
        if kind == "nat":
            if hook in ("input", "postrouting"):
                return self.pick("accept", "drop", "return", "snat to 10.9.9.9", "masquerade", self.sub(subs))
            ports = [f"redirect to :{proto} dport map @{name}" for name, what, _ in self.sets if what == "map"]
            return self.pick(self.target(family), self.target(family), self.target(family), "accept", "drop", "return",
                             self.sub(subs), verdict_map, *maps, *ports)
        choices = ["accept", "accept", "accept", "drop", "drop", "return", self.sub(subs), self.sub(subs), "continue",
                   "counter", "meta mark set 5", "ct mark set 5", verdict_map, verdict_map, *maps,
                   f"ip saddr vmap {{ 10.200.0.0/16 : accept, 10.9.0.0/16 : drop }}"]
        if hook in ("prerouting", "output"):
            choices += ["notrack", "notrack", "notrack accept", "ct zone set 3"]
        if hook in ("input", "forward", "output"):
            choices += ["reject", "reject with tcp reset"]
        return self.rng.choice(choices)

    def rule(self, table, family, chain, hook, kind, subs):
        matches = [self.match(family, hook) for _ in range(self.pick(0, 1, 1, 1, 2, 3))]
        statement = self.statement(family, hook, kind, subs)
        if "redirect to" in statement or ":" in statement and "dnat" in statement:
            matches.insert(0, self.pick("tcp dport " + self.ports(), "meta l4proto { tcp, udp }"))
        self.lines.append(f"add rule {table} {chain} {' '.join(matches)} {statement}")


class Tables:
    """One rule set of iptables and ip6tables, as input of iptables-restore."""

    CHAINS = {
        "raw": ("PREROUTING", "OUTPUT"),
        "mangle": ("PREROUTING", "INPUT", "FORWARD"),
        "nat": ("PREROUTING", "OUTPUT", "INPUT"),
        "filter": ("INPUT", "INPUT", "FORWARD", "OUTPUT"),
    }

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.families = {ip: self.rules(ip) for ip in ("ip", "ip6")}

    def pick(self, *choices):
        return self.rng.choice(choices)

    def rules(self, ip):
        lines = []
        for table, chains in self.CHAINS.items():
            if table != "filter" and self.rng.random() < 0.5:
                continue
            users = [f"U{i}" for i in range(self.pick(0, 1, 2))]
            lines.append("*" + table)
            for chain in dict.fromkeys(chains):
                policy = self.pick("ACCEPT", "ACCEPT", "DROP") if table == "filter" else "ACCEPT"
                lines.append(f":{chain} {policy} [0:0]")
            lines += [f":{user} - [0:0]" for user in users]
            for i, user in enumerate(users):
                for _ in range(self.pick(0, 1, 2)):
                    lines.append(self.rule(ip, table, user, self.rng.choice(chains), users[i + 1:]))
            for chain in chains:
                for _ in range(self.pick(0, 1, 2, 3)):
                    lines.append(self.rule(ip, table, chain, chain, users))
            lines.append("COMMIT")
        return lines

    def ports(self):
        port = self.rng.choice(PORTS)
        return self.pick(str(port), str(port), f"{port}:{min(port + 10, 65535)}", f":{port}")

    def match(self, ip, chain):
        devices = {"INPUT": ("-i",), "PREROUTING": ("-i",), "OUTPUT": ("-o",), "FORWARD": ("-i", "-o")}[chain]
        maybe = self.pick("", "", "! ")
        some = ",".join(str(p) for p in self.rng.sample(PORTS, 3))
        return self.pick(
            f"{maybe}--dport {self.ports()}", f"--dport {self.ports()}",
            f"-m multiport {maybe}--dports {some}", f"-m multiport --dports 20:90,{self.rng.choice(PORTS)}",
            f"-m multiport --ports {some}", f"--sport {self.pick('1024:', ':1023')}",
            f"{maybe}-d {self.pick(*OWN[ip], *NETS[ip])}", f"{maybe}-s {self.pick(*SOURCES[ip])}",
            f"{maybe}{self.rng.choice(devices)} {self.pick('v0', 'u0', 'lo', 'v+', 'w0')}",
            f"-m conntrack {maybe}--ctstate {self.pick('NEW', 'ESTABLISHED,RELATED', 'INVALID', 'UNTRACKED', 'NEW,UNTRACKED', 'DNAT', 'SNAT')}",
            f"-m state {maybe}--state {self.pick('NEW', 'ESTABLISHED', 'UNTRACKED')}",
            "-m conntrack --ctdir ORIGINAL",
            f"-m addrtype {maybe}--dst-type {self.pick('LOCAL', 'UNICAST', 'LOCAL', 'BROADCAST')}",
            "-m addrtype --dst-type LOCAL --limit-iface-in",
            '-m comment --comment "a name"', "-m mark --mark 0x5", "-m limit --limit 1/hour --limit-burst 1",
            "-m statistic --mode random --probability 0.5", f"-m length --length :60",
            f"{self.pick('--syn', '--tcp-flags SYN,ACK SYN', '--tcp-flags ALL SYN', '! --syn')}",
        )

    def rule(self, ip, table, chain, hook, users):
        proto = self.pick("tcp", "udp")
        matches = [f"-p {proto} -m {proto}"] if self.rng.random() < 0.85 else []
        matches += [self.match(ip, hook) for _ in range(self.pick(0, 1, 1, 2))]
        call = [f"-{self.pick('j', 'g')} {self.rng.choice(users)}"] if users else []
        if table == "nat":
            host = self.pick(*OWN[ip], *BEHIND[ip])
            port = self.rng.choice(PORTS)
            address = f"[{host}]:{port}" if ip == "ip6" else f"{host}:{port}"
            target = self.pick(
                f"-j REDIRECT --to-ports {port}", f"-j DNAT --to-destination {host}", f"-j DNAT --to-destination {address}",
                f"-j DNAT --to-destination {address}", "-j ACCEPT", "-j RETURN", *call)
            if hook == "INPUT":
                target = self.pick("-j ACCEPT", "-j SNAT --to-source 10.9.9.9", "-j RETURN")
        elif table == "raw":
            target = self.pick("-j NOTRACK", "-j CT --notrack", "-j ACCEPT", "-j DROP", "-j CT --zone 3", *call)
        else:
            target = self.pick("-j ACCEPT", "-j ACCEPT", "-j DROP", "-j RETURN", "-j LOG", "-j NFLOG", *call, *call,
                               *(["-j REJECT"] if table == "filter" else ["-j MARK --set-mark 5"]))
        return f"-A {chain} {' '.join(matches)} {target}"


def load(command, lines, pattern):
    """Loads the lines and leaves out those that are not taken; the text that was."""
    for _ in range(60):
        text = "\n".join(lines) + "\n"
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return text
        wrong = {int(n) for n in re.findall(pattern, done.stderr)}
        if not wrong:
            sys.exit(f"{command}: {done.stderr}\n{text}")
        lines = [line for n, line in enumerate(lines, 1)
                 if n not in wrong or line[:1] in "*:" or line == "COMMIT"]
    sys.exit(f"{command}: {done.stderr}\n{text}")


def install(seed, has_iptables):
    subprocess.run(["nft", "flush", "ruleset"], check=True)
    if has_iptables and seed % 3 == 0:
        tables = Tables(seed)
        return "".join(load([command + "-nft-restore"], tables.families[ip], r"line:? (\d+)")
                       for ip, command in (("ip", "iptables"), ("ip6", "ip6tables")))
    return load(["nft", "-f", "-"], Set(seed).lines, r"stdin:(\d+):")


def main():
    helper, peer, behind, first, count = sys.argv[1:6]
    has_iptables = "iptables" in sys.argv[6:]
    sums = [0] * 5
    with subprocess.Popen([helper, peer, behind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as bench:
        for seed in range(int(first), int(first) + int(count)):
            text = install(seed, has_iptables)
            bench.stdin.write(f"{seed}\n")
            bench.stdin.flush()
            wrong = []
            while not (line := bench.stdout.readline()).startswith(f"{seed} "):
                if not line:
                    sys.exit(f"seed {seed}: {helper} ended\n{text}")
                wrong.append(line)
            for i, number in enumerate(line.split()[1:]):
                sums[i] += int(number)
            if sums[3]:
                sys.exit(f"seed {seed}:\n{text}\n{''.join(wrong)}")
        bench.stdin.close()
    asked, certain, alike, _, packets = sums
    print(f"{count} rule sets, {packets} packets: of {asked} answers {certain} are certain and right; "
          f"of {asked - certain} that depend {alike} are about packets that fared alike")


main()
