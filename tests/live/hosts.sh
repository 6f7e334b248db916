#!/bin/bash
# Other hosts over a real sshd: each a network namespace with a name of its own.  One is dead, one hangs,
# one is too old and one has no portstat, which is read by a script all the same; and nothing that a filter
# has is ever run by a shell.
looks_for_leaks=yes
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"
. "$SRCDIR/tests/live/hosts-lib.sh" || exit

# ---- the hosts ----------------------------------------------------------------------------------

make_hosts web1 web2 old none hang dead
make_login sh bash csh tcsh fish
make_commands web1 web2 old none
install_portstat web1 web2
# What a portstat says that is older than --query.
cat >"$tmp/bin.old/portstat" <<'END'
#!/bin/sh
echo "portstat: there is no option '$2'; see portstat --help" >&2
exit 2
END
chmod +x "$tmp/bin.old/portstat"
for host in web1 web2 old none; do
	start_sshd $host
done
in_host hang "$python" -c '
import socket, sys
s = socket.create_server((sys.argv[1], 22))
held = []
print("ready", flush=True)
while True:
    held.append(s.accept())' "${addr[hang]}" >"$tmp/hang"
wait_for "the host that hangs" grep -q ready "$tmp/hang"

use_ssh

# ---- processes on them ------------------------------------------------------------------------------

cat >"$tmp/end.py" <<'END'
import socket, sys
name, what, addr, port = sys.argv[1:5]
with open("/proc/self/comm", "w") as comm:
    comm.write(name)
if what == "listen":
    family = socket.AF_INET6 if ":" in addr else socket.AF_INET
    s = socket.create_server((addr, int(port)), family=family, dualstack_ipv6=addr == "::")
    print("ready", flush=True)
    c = s.accept()
else:
    source = "::" if ":" in addr else "0.0.0.0"
    s = socket.create_connection((addr, int(port)), source_address=(source, int(sys.argv[5])))
print("connected", flush=True)
sys.stdin.read()
END
# at HOST WORD NAME ...: a process in that host; WORD is what it says when it is ready.
at() {
	local host=$1 word=$2

	shift 2
	in_host "$host" "$python" "$tmp/end.py" "$@" >"$tmp/said.$1"
	wait_for "$1 in $host" grep -qx "$word" "$tmp/said.$1"
}
at web1 ready server listen :: 8080
at web2 connected client connect 10.9.0.1 8080 40000
wait_for "the connection" grep -qx connected "$tmp/said.server"

# ---- listings ---------------------------------------------------------------------------------------

run() {
	status=0
	timeout 90 "$PORTSTAT" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
}
# says FILE PATTERN: a line has it.
says() {
	checks=$((checks + 1))
	grep -qE -e "$2" "$tmp/$1" || fail "no line with '$2' in: $(cat "$tmp/$1")"
}
# is STATUS WHAT
is() {
	checks=$((checks + 1))
	[ "$status" = "$1" ] || fail "$2: status $status, not $1: $(cat "$tmp/err")"
}

cat >"$tmp/sender" <<'END'
#!/bin/sh
document='{"schema": 1, "host": "x", "problems": [{"code": "x", "message": "\u001b[2J"}], "sockets": []}'
case $1 in
nothing) ;;
slow) while :; do printf x; sleep 1; done ;;
endless) exec tr '\0' x </dev/zero ;;
document) { printf '{'; exec tr '\0' x; } </dev/zero ;;
escapes) printf '\033[2J\033]0;x\007\n%s\n' "$document" ;;
banner) printf 'Welcome to %s\n\n%s\n' "$1" "$document" ;;
errors) head -c 100000000 /dev/zero | tr '\0' e >&2; echo "last words" >&2; exit 1 ;;
cut) printf '{"schema": 1, "sock' ;;
garbage) printf '{"schema": 1}\n' ;;
deep) printf '{"schema": 1, "sockets": '; head -c 1000000 /dev/zero | tr '\0' '['; echo ;;
esac
END
chmod +x "$tmp/sender"
# What takes the time of --timeout goes on meanwhile.
start=$SECONDS
{
	timeout 60 "$PORTSTAT" --host=web1,dead,hang,old,web2,none --timeout=12 -l -t 8080,22 \
		--columns=host,local,process --sort=local_port >"$tmp/six.out" 2>"$tmp/six.err"
	status=$?
	echo $((SECONDS - start)) >"$tmp/six.seconds"
	exit $status
} {hold}>&- &
six=$!
timeout 60 "$PORTSTAT" --host=nothing,slow,endless,document,escapes,banner,errors,cut,garbage,deep \
	--via="$tmp/sender {host}" --timeout=8 >"$tmp/hostile.out" 2>"$tmp/hostile.err" {hold}>&- &
hostile_run=$!
run --host=web1,old --strict -l 22
is 3 "--strict, with a host that is missing"
run --host=old,dead -l
is 4 "no host answered"
run --host=web1,web2 -l 9999
is 1 "no row"
run --host=web1,web2 --json -t 8080
is 0 "JSON"
checks=$((checks + 1))
"$python" - "$tmp/out" <<'END' || fail "JSON of two hosts: $(head -c 600 "$tmp/out")"
import json, sys
doc = json.load(open(sys.argv[1]))
assert [host["host"] for host in doc["hosts"]] == ["web1", "web2"], doc["hosts"]
assert {sk["host"] for sk in doc["sockets"]} == {"web1", "web2"}
assert all(sk["owners"][0]["cmdline"] for sk in doc["sockets"] if sk["owners"])
END
printf '# the web\nweb1\n\nweb2 # the second\n' >"$tmp/fleet"
run --hosts="$tmp/fleet" -lt 22 --columns=host -H
checks=$((checks + 1))
[ "$(sort -u "$tmp/out" | tr -d ' ' | tr '\n' ' ')" = "web1 web2 " ] || fail "--hosts: $(cat "$tmp/out" "$tmp/err")"
run --hosts=- -lt 22 --columns=host -H <<<web2
says out '^web2'
run --host=web1,web2 host web2 and lport 22
checks=$((checks + 1))
! grep -q '^web1' "$tmp/out" || fail "a filter for a host: $(cat "$tmp/out")"
says out '^web2'

# Client and server name each other, also where the server's socket is IPv6 and has both families.
run --host=web1,web2 -tH port 8080 and state established --columns=host,local,peer_owners
says out '^web1 +10\.9\.0\.1:8080 +web2 client\[[0-9]+\] *$'
says out '^web2 +10\.9\.0\.2:40000 +web1 server\[[0-9]+\] *$'
# The filter chooses rows, not the other ends of them.
run --host=web1,web2 -tH rport 8080 --columns=local,peer_owner_host,peer_owners.name
says out '^10\.9\.0\.2:40000 +web1 +server *$'
run --host=web1,web2 -tH rport 8080 and peer_owner_host web1 --columns=local
says out '^10\.9\.0\.2:40000'
run --host=web1,web2 --json -t
cp "$tmp/out" "$tmp/both.json"
run --from="$tmp/both.json" -tH port 8080 and state established --columns=host,peer_owners
says out '^web2 +web1 server\['

# Over link-local addresses, which the kernel made of those of the devices.
link_addr() {
	nsenter --net="/run/netns/$1" ip -6 -o addr show dev eth0 scope link -tentative | sed 's/.* inet6 \(.*\)\/64 .*/\1/'
}
# shellcheck disable=SC2317 # called by wait_for
has_link_addr() {
	[ -n "$(link_addr "$1")" ]
}
if [ -e /proc/sys/net/ipv6 ]; then
	wait_for "an address of web1" has_link_addr web1
	wait_for "an address of web2" has_link_addr web2
	at web1 ready server6 listen :: 8081
	at web2 connected client6 connect "$(link_addr web1)%eth0" 8081 40001
	wait_for "the connection over the link" grep -qx connected "$tmp/said.server6"
	run --host=web1,web2 -tH port 8081 and state established --columns=host,peer_owners
	says out '^web1 +web2 client6\[[0-9]+\] *$'
	says out '^web2 +web1 server6\[[0-9]+\] *$'
else
	left_out "link-local addresses: no IPv6 here"
fi

# A host is asked for what the answer needs, and no more.
cat >"$tmp/asked" <<END
#!/bin/sh
shift 2
echo "\$*" | sed 's/%2C/,/g; s/%3D/,/g; s/\$/,/' >"$tmp/question"
exec "$PORTSTAT" "\$@"
END
chmod +x "$tmp/asked"
# asks COLUMNS NONE OPTION...: of these, with commas, and not of those.
asks() {
	local columns=$1 none=$2 column

	shift 2
	run --host=web1 --via="$tmp/asked {host}" "$@"
	checks=$((checks + 1))
	for column in ${columns//,/ }; do
		grep -q ",$column," "$tmp/question" || fail "$*: $column is not asked for: $(cat "$tmp/question")"
	done
	for column in ${none//,/ }; do
		! grep -q ",$column," "$tmp/question" || fail "$*: $column is asked for: $(cat "$tmp/question")"
	done
}
asks local_port,owners.pid inode,timer.kind,owners.fd,reach -a
asks inode,timer.kind,timer.retransmits,owners.cmdline "" --json
asks recv_q,send_q inode,owners.pid --columns=local,recv_q
asks timer.kind,timer.expires_ms inode --columns=local timer.retransmits lt 3
asks inode owners.fd -a --sort=inode

# What rules send on there: ports, ranges of ports and addresses, also where their column is not shown.
if command -v nft >/dev/null && nsenter --net=/run/netns/web1 nft -f - 2>"$tmp/err" <<-'END'
	table ip nat { chain pre {
		type nat hook prerouting priority dstnat
		tcp dport 9200 dnat to 127.0.0.1:8080
		tcp dport 9000-9010 dnat to 192.0.2.7
		tcp dport 9100-9110 redirect to :8000-8010
	}
	}
END
then
	for words in "" --csv; do
		# shellcheck disable=SC2086 # "" is no word
		nsenter --net=/run/netns/web1 "$PORTSTAT" -lt --forwards $words 2>/dev/null | tr -s ' ' >"$tmp/there"
		# shellcheck disable=SC2086
		run --host=web1 -lt --forwards $words
		is 0 "--forwards of another host"
		# HOST is in front, in CSV last.
		sed -E 's/^(HOST|web1) +//; s/,(host|"host"|web1|"web1")\r?$//' "$tmp/out" | tr -s ' ' >"$tmp/here"
		checks=$((checks + 1))
		grep -q 192.0.2.7 "$tmp/there" || fail "no forward there: $(cat "$tmp/there")"
		diff <(tr -d '\r' <"$tmp/there") "$tmp/here" >"$tmp/differs" || fail "--forwards $words: $(cat "$tmp/differs")"
	done
else
	left_out "what rules send on: no nft, or no nf_tables here"
fi

# Namespaces by a pid or a path, which mean something there alone.
for words in /run/netns/web2 "pid:${ended[1]}"; do
	run --host=web1,web2 -N "$words" --strict -lt 22 -H --columns=host,local
	is 0 "-N $words"
	checks=$((checks + 1))
	[ "$(tr -s ' ' <"$tmp/out" | sed 's/ $//')" = $'web1 10.9.0.2:22\nweb2 10.9.0.2:22' ] || fail "-N $words: $(cat "$tmp/out" "$tmp/err")"
done
run --host=web1 -N host --strict -l
is 1 "-N host, where nothing listens"
run --host=web1 -N host,/run/netns/web1 --strict -lt 8080 --columns=netns_name,local
says out ':8080'
run --host=web1 -N nowhere -lt
says err "no network namespace 'nowhere'"

# ---- what no shell may see --------------------------------------------------------------------------

# Every character that means something to some shell, and commands in each manner.
# shellcheck disable=SC2016
hostile='a;touch '$tmp/run' $(touch '$tmp/run')`touch '$tmp/run'` & | < > ! !! * ? [a] {a,b} ~ # % ^ (touch '$tmp/run') \ $HOME '"'"' "'
hostile=${hostile//\\/\\\\}
filter="proc \"${hostile//\"/\\\"}\" or proc server"
for shell in sh bash csh tcsh fish; do
	grep -q "^$shell:" "$tmp/passwd" || continue
	for via in "" "ssh -p 2222 {host}"; do
		run --host=$shell@web1 ${via:+--via="$via"} -l "$filter"
		is 0 "hostile words for $shell, via '$via'"
		says out "^$shell@web1 .*server"
	done
done
checks=$((checks + 1))
[ ! -e "$tmp/run" ] || fail "a shell ran what a filter has"
run --host=-oProxyCommand=touch\ "$tmp/run"
is 2 "a host that is an option"
run --host=web1 --host=-oProxyCommand=x
is 2 "a host that is an option"
checks=$((checks + 1))
[ ! -e "$tmp/run" ] || fail "ssh ran what a host name has"

# ---- what hosts may send ----------------------------------------------------------------------------

wait $hostile_run
says hostile.err "the host 'nothing' sent no document"
says hostile.err "the host 'slow' did not answer in time"
says hostile.err "the host 'endless' sent something that is not a document"
says hostile.err "the host 'document' (sent more than a document can have|did not answer in time)"
says hostile.err "the host 'errors' (could not be asked|did not answer in time)"
says hostile.err "what the host 'cut' sent ends in the middle"
says hostile.err "the host 'garbage' sent something that is not a document"
says hostile.err "the host 'deep' sent something that is not a document"
says hostile.err '^portstat: escapes: \\x1b\[2J$'
says hostile.err '^portstat: banner: '
checks=$((checks + 1))
! grep -q "$(printf '\033')" "$tmp/hostile.err" "$tmp/hostile.out" || fail "an escape sequence came through"

# ---- --watch ----------------------------------------------------------------------------------------

# A host whose connection breaks in the middle.
cat >"$tmp/breaks" <<END
#!/bin/sh
case \$1 in
stays) shift; exec "$PORTSTAT" "\$@" ;;
breaks) exec 3<"$tmp/breaks.fifo"; shift 2; "$PORTSTAT" "\$@" & read -r _ <&3; kill \$! ;;
esac
END
sed -i 's/stays) shift;/stays) shift 2;/' "$tmp/breaks"
chmod +x "$tmp/breaks"
mkfifo "$tmp/breaks.fifo"
exec {breaks}<>"$tmp/breaks.fifo"
nsenter --net=/run/netns/web1 "$PORTSTAT" --host=stays,breaks --via="$tmp/breaks {host}" --watch=0.1 -lt 22 \
	--columns=host -H >"$tmp/watch" 2>"$tmp/watch.err" {hold}>&- &
watch=$!
wait_for "both hosts in --watch" grep -q breaks "$tmp/watch"
echo >&$breaks
wait_for "the host that broke" grep -q "the host 'breaks' sends no more documents" "$tmp/watch.err"
lines=$(wc -l <"$tmp/watch")
# shellcheck disable=SC2317 # called by wait_for
has_gone_on() {
	[ "$(wc -l <"$tmp/watch")" -gt $((lines + 10)) ]
}
wait_for "the other host" has_gone_on
checks=$((checks + 1))
kill -TERM $watch
wait $watch || fail "--watch ended with status $? after a host broke: $(cat "$tmp/watch.err")"

# ---- --query ----------------------------------------------------------------------------------------

run --json --query=-l%00--%00lport%209999
is 1 "--query"
says out '^\{"schema": 1, .*"sockets": \[\]\}$'
run --json --query=-l%00--columns%3Dproto%2Clocal_port%2Cowners.name%00--%00lport%209999
is 1 "--query with columns"
says out '^\{"schema": 1, .*"rows": \[\[\]\]\}$'
for columns in timer owners%2Cowners.pid; do
	run --json --query=-l%00--columns%3D$columns%00--%00lport%209999
	is 1 "--query with a group"
	says out '"sockets": \[\]\}$'
done
# Not only the head.
run --json --query=-a%00--columns%3Dtimer
says out '"sockets": \[\{"timer": '
# What comes in rows is what is there.  What time changes is left out, and what is not asked of a host.
in_host web1 "$python" -c '
import socket, sys
held = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(600)]
for s in held:
    s.bind(("127.0.0.1", 0))
print("ready", flush=True)
sys.stdin.read()' >"$tmp/said.many"
wait_for "more sockets than a block has" grep -q ready "$tmp/said.many"
nsenter --net=/run/netns/web1 "$PORTSTAT" --json --query=-u%00--columns%3Dproto%2Clocal_port%2Cowners.pid >"$tmp/out"
says out '(,\[-1,[0-9]+\]){100}'
run --host=web1 --json -a 'not port 22'
cp "$tmp/out" "$tmp/rows"
checks=$((checks + 1))
nsenter --net=/run/netns/web1 "$PORTSTAT" --json -a 'not port 22' >"$tmp/there"
"$python" - "$tmp/rows" "$tmp/there" <<'END' || fail "--host does not say what portstat there says"
import json, sys
rows, there = (json.load(open(path))["sockets"] for path in sys.argv[1:])
assert len(there) > 600 and any(len(sk["owners"]) == 1 for sk in there)
for a, b in zip(rows, there):
    assert a.pop("host") == "web1"
    for sk in a, b:
        sk["timer"] = sk["timer"] and sk["timer"]["kind"]
    b.pop("host", None)
    assert a == b, (a, b)
assert len(rows) == len(there)
END
run --json --query=-l%00--output%3Dx
is 2 "--query with an option that writes"
run --json --query='-l 80'
is 2 "--query that no portstat makes"
run --query=-l
is 2 "--query without --json"
# ---- hosts that trouble nobody but themselves -------------------------------------------------------

wait $six
status=$?
cp "$tmp/six.err" "$tmp/err"
is 0 "six hosts"
says six.out '^web1 +\*:8080 +server\['
says six.out '^web1 +10.9.0.1:22 +sshd'
says six.out '^web2 +10.9.0.2:22 +sshd'
says six.err "^portstat: the host 'dead' could not be asked: ssh: connect to host 10.9.0.6 port 22: "
says six.err "^portstat: the host 'hang' (did not answer in time|could not be asked: .*timed out)"
says six.err "^portstat: portstat on the host 'old' is too old"
says six.err "^portstat: the host 'none' has no portstat; a shell script read its /proc"
says six.out '^none +10.9.0.4:22 +sshd'
checks=$((checks + 1))
[ "$(cat "$tmp/six.seconds")" -lt 30 ] || fail "the host that hangs was waited for $(cat "$tmp/six.seconds") s"

# ---- a host without portstat --------------------------------------------------------------------------

# Sockets of every kind there, one listener with two owners, and one owner of another user.  A process has
# names of its own choice, which would forge owners of port 22 if they were read as lines.
cat >"$tmp/kinds.py" <<'END'
import os, socket, sys
def name(text):
    with open("/proc/self/comm", "w") as comm:
        comm.write(text)
tmp, = sys.argv[1:]
kept = [socket.create_server(("", 7000)), socket.create_server(("::1", 7001), family=socket.AF_INET6)]
kept.append(socket.create_connection(("127.0.0.1", 7000)))
kept.append(kept[0].accept()[0])
kept.append(socket.create_connection(("127.0.0.1", 7000)))
for family, addr, peer in ((socket.AF_INET, "127.0.0.1", "127.0.0.1"), (socket.AF_INET6, "::1", "::1")):
    for port in 7002, 0:
        udp = socket.socket(family, socket.SOCK_DGRAM)
        udp.bind((addr, port))
        if not port:
            udp.connect((peer, 7003))
        kept.append(udp)
kept.append(socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
if not os.fork():
    name("a) S 1 (b\n\\'\x1b[2J"[:15])
    sys.stdin.read()
    sys.exit()
if not os.fork():
    os.setgid(1234)
    os.setuid(1234)
    os.execv(sys.executable, [sys.executable, os.path.join(tmp, "plain.py"), tmp])
name("kinds")
sys.stdin.read()
END
cat >"$tmp/plain.py" <<'END'
import os, socket, sys
with open("/proc/self/comm", "w") as comm:
    comm.write("plain")
own = socket.create_server(("127.0.0.1", 7004))
victim = [line.split()[9] for line in open("/proc/net/tcp") if line.split()[1].endswith(":0016")][0]
forged = os.path.join("x\n", "1", "fd:\nlrwx------ 1 0 0 64 Nov 29 08:00 5 -> socket:[%s]" % victim)
os.chdir(os.path.join(sys.argv[1], "open"))
os.makedirs(os.path.dirname(forged))
files = [open(forged, "w"), open("y 6 -> socket:[%s]" % victim, "w")]
print("ready", flush=True)
sys.stdin.read()
END
mkdir -m 777 "$tmp/open"
in_host none "$python" "$tmp/kinds.py" "$tmp" >"$tmp/said.kinds"
wait_for "the sockets of none" grep -q ready "$tmp/said.kinds"
at web1 ready far listen 10.9.0.1 8082
at none connected near connect 10.9.0.1 8082 40001

keys=proto,family,state,local_addr,local_port,peer_addr,peer_port,peer_scope,service,reach,recv_q,send_q,uid,user
keys+=,inode,netns,owners.pid,owners.name,owners.fd,owners.uid,owners.user,owners.cmdline,owners.ppid,owners.started
keys+=,owner_note,timer.kind,cgroup,unit,container,container_id
# in_none OPTION...: what portstat itself says there.
in_none() {
	nsenter --net=/run/netns/none "$PORTSTAT" --source=procfs --owners=proc "$@" 2>/dev/null
}
# is_as_there HOST OPTION...: --host says the same.  ssh's own connection is not in it.
is_as_there() {
	local host=$1

	shift
	run --host="$host" --timeout=60 "$@" --csv --columns=$keys 'not port 22'
	is 0 "$host, a host without portstat"
	says err "^portstat: the host '$host' has no portstat; a shell script read its /proc"
	checks=$((checks + 1))
	in_none "$@" --csv --columns=$keys 'not port 22' | sort >"$tmp/there"
	[ "$(wc -l <"$tmp/there")" -gt 4 ] || fail "few sockets in none: $(cat "$tmp/there")"
	sort "$tmp/out" | diff "$tmp/there" - >"$tmp/differs" || fail "$host $*: $(cat "$tmp/differs")"
}
is_as_there none -a
is_as_there none -l
is_as_there none -aun
for shell in sh bash csh tcsh fish; do
	grep -q "^$shell:" "$tmp/passwd" || continue
	is_as_there $shell@none -lt
done
run --host=none --timeout=60 -lH lport 22 --columns=local,process
says out '^10\.9\.0\.4:22 +sshd\[[0-9]+\] *$'
run --host=none --timeout=60 -lH lport 7000 --columns=owners.name
says out '^kinds,a\) S 1 \(b\\x0a.*\\x1b\[2 *$'
run --host=none,web1 --timeout=60 -tH rport 8082 --columns=host,local,peer_owners
says out '^none +10\.9\.0\.4:40001 +web1 far\[[0-9]+\] *$'
run --host=none --timeout=60 --json -a
checks=$((checks + 1))
"$python" - "$tmp/out" <<'END' || fail "JSON of a host without portstat: $(head -c 600 "$tmp/out")"
import json, sys
doc = json.load(open(sys.argv[1]))
assert doc["host"] == "none" and not doc["complete"] and doc["addresses"] == ["10.9.0.4"]
assert {p["code"] for p in doc["problems"]} >= {"remote"}
assert all(sk["pod"] is None and sk["tcp"] is None for sk in doc["sockets"])
END
run --host=none --timeout=60 --strict -l lport 7000
is 3 "--strict, with a host without portstat"
run --host=none --timeout=60 -l lport 9999
is 1 "no row of a host without portstat"
run --host=none --timeout=60 -a reach all
says err '"reach all": /proc/net has no "reach"'
run --host=none --timeout=60 -N other -l
says err "the document has no sockets of a network namespace 'other'"

# Who is not root there sees the own processes.
run --host=plain@none --timeout=60 -lH --columns=local,process
says out '^127\.0\.0\.1:7004 +plain\[[0-9]+\] *$'
says out '^0\.0\.0\.0:7000 +\(hidden\) *$'
says err 'processes? could not be read, so owners are missing; run as root'

# Who sees no process of others at all does not know that nobody holds a socket.
cat >"$tmp/hides" <<'END'
#!/bin/sh
# Reaches a host without portstat whose /proc hides the processes of others: HOST COMMAND...  It is the
# host itself, and no container that never sees all.
[ "$2" != portstat ] || exit 127
shift
unshare -m sh -c 'mount -t proc -o hidepid=2 proc /proc && exec setpriv --reuid=1234 --regid=1234 --clear-groups "$@"' sh "$@" |
	sed 's/^n pid:.*/n pid:[4026531836]/'
END
chmod +x "$tmp/hides"
if command -v setpriv >/dev/null && unshare -m mount -t proc -o hidepid=2 proc /proc 2>"$tmp/err"; then
	nsenter --net=/run/netns/none "$PORTSTAT" --host=hides --timeout=60 --via="$tmp/hides {host}" -lH --columns=local,process \
		>"$tmp/out" 2>"$tmp/err"
	says out '^127\.0\.0\.1:7004 +plain\[[0-9]+\] *$'
	says out '^0\.0\.0\.0:7000 +\(hidden\) *$'
	says err '^portstat: /proc does not show every process, so owners are missing; .*hidepid'
else
	left_out "hidden processes: no setpriv, or no such /proc can be mounted here: $(head -n 1 "$tmp/err")"
fi

# Where busybox has all that the script needs.
cat >"$tmp/lacks" <<'END'
#!/bin/sh
# Reaches a host without portstat: FOLDER HOST COMMAND...
case $3 in
portstat) exit 127 ;;
*) PATH=$1:$PATH; shift 2; exec "$@" ;;
esac
END
chmod +x "$tmp/lacks"
mkdir "$tmp/bin.busybox"
if command -v busybox >/dev/null; then
	for command in sh awk ls date dd id tr cat; do
		ln -s "$(command -v busybox)" "$tmp/bin.busybox/$command"
	done
	nsenter --net=/run/netns/none "$PORTSTAT" --host=box --timeout=60 --via="$tmp/lacks $tmp/bin.busybox {host}" -a --csv --columns=$keys \
		'not port 22' 2>"$tmp/err" | sort >"$tmp/out"
	checks=$((checks + 1))
	in_none -a --csv --columns=$keys 'not port 22' | sort | diff - "$tmp/out" || fail "busybox: $(cat "$tmp/err")"
else
	left_out "busybox: it is not installed"
fi

# What may be there instead of a shell.
cat >"$tmp/bad" <<END
#!/bin/sh
[ "\$2" = sh ] || exit 127
begin='\nportstat-proc 1\n'
case \$1 in
nothing) ;;
deaf) exec <&-; sleep 1000 ;;
hangs) echo \$\$ >"$tmp/hangs.pid"; cat >/dev/null; exec sleep 1000 ;;
fails) cat >/dev/null; echo 'no shell for you' >&2; exit 1 ;;
lost) cat >/dev/null; echo 'ssh: connection refused' >&2; exit 255 ;;
cut) cat >/dev/null; printf "\$begin"'@ net/tcp\nx\n' ;;
garbage) cat >/dev/null; echo hello ;;
endless) { printf "\$begin"; exec tr '\0' '\n'; } </dev/zero ;;
escapes) cat >/dev/null; printf "\$begin"'p 1 0 0 1 \033[2J\n@ net/tcp\nheading\n'
	printf ' 0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 5 1\n@\nf 1 3 5\nportstat-proc end\n' ;;
esac
END
chmod +x "$tmp/bad"
start_bad=$SECONDS
run --host=nothing,deaf,hangs,fails,lost,cut,garbage,endless,escapes --via="$tmp/bad {host}" --timeout=8 -a
says err "the host 'nothing' has no portstat, and a shell script could not read its /proc"
says err "the host 'deaf' did not answer in time"
says err "the host 'hangs' did not answer in time"
says err "the host 'fails' has no portstat, and a shell script could not read its /proc: no shell for you"
says err "the host 'lost' could not be asked: ssh: connection refused"
says err "what the host 'cut' sent ends in the middle of a document"
says err "the host 'garbage' has no portstat, and a shell script could not read its /proc"
says err "the host 'endless' (sent more than a document can have|did not answer in time)"
says out '^escapes .*127\.0\.0\.1:8080 .*\\x1b\[2J\[1\]'
checks=$((checks + 2))
! grep -q "$(printf '\033')" "$tmp/err" "$tmp/out" || fail "an escape sequence of a script came through"
! kill -0 "$(cat "$tmp/hangs.pid")" 2>/dev/null || fail "a shell that hangs was left behind"
checks=$((checks + 1))
[ $((SECONDS - start_bad)) -lt 25 ] || fail "shells that hang were waited for $((SECONDS - start_bad)) s"
# Both ways to ask have one time together.
cat >"$tmp/slow" <<'END'
#!/bin/sh
[ "$2" = sh ] && exec sleep 1000
sleep 2
exit 127
END
chmod +x "$tmp/slow"
start_bad=$SECONDS
run --host=slow --via="$tmp/slow {host}" --timeout=3 -a
says err "the host 'slow' did not answer in time"
checks=$((checks + 1))
[ $((SECONDS - start_bad)) -lt 5 ] || fail "a host was waited for twice: $((SECONDS - start_bad)) s"

# It is asked anew each time.
timeout 60 "$PORTSTAT" --host=none --timeout=60 --watch=0.2 -lt --columns=host,local -H lport 7000,7005 >"$tmp/none.watch" \
	2>"$tmp/none.err" {hold}>&- &
watch=$!
wait_for "a host without portstat in --watch" grep -q :7000 "$tmp/none.watch"
at none ready later listen 10.9.0.4 7005
wait_for "a socket that came later" grep -q :7005 "$tmp/none.watch"
kill -TERM $watch
wait $watch
timeout 60 "$PORTSTAT" --host=none --timeout=60 --wait -lt lport 7006 >"$tmp/none.wait" 2>&1 {hold}>&- &
wait=$!
at none ready awaited listen 10.9.0.4 7006
checks=$((checks + 1))
wait $wait || fail "--wait with a host without portstat: status $?: $(cat "$tmp/none.wait")"

finish
