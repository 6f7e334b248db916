#!/bin/bash
# Documents: what --from prints is what the host printed, for every selection, filter, column set, order
# and format; moments of a host, several hosts, and documents that are cut or damaged.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"

# ---- byte for byte ------------------------------------------------------------------------------

selections=(
	"-a" "-l" "-lt" "-lu" "-a4" "-a6" "-aw" "-tu" "1-1023" "-l root" "state established" "not state listen"
	"user root" "-l user root" "lport>1000" "proc=*n*" "pid>1 and not proc=x" "dual_stack=true" "reach=host"
	"recv_q>0" "-l 127.0.0.0/8" "iface lo" "nginx" "icmp or ospf" "owner_note=time-wait" "service=http*"
	"owners.fd>3 or uid=0" "port_class=well-known" "peer_scope=host" "cookie=*a*" "inode>1" "-N all -l"
	"--forwards -l" "raddr 127.0.0.1" "port ephemeral" "user=r*" "not user=root" "cmd=*from.py*" "ü" "ns host"
)
formats=(
	"" "-e" "-W" "-H" "-n" "-s" "-s --csv" "--summary=proto,state" "--summary=user,reach --csv" "--csv" "--csv -H"
	"--jsonl" "--as-filters" "-0 --columns=local,process" "--ascii" "-r"
	"--columns=host,proto,state,local,peer,user,process,inode,cookie,reach" "--columns=owners,owner_note"
	"--columns=pid,proc,owners.uid,owners.user,cmd,via,owners.fd" "--columns=family,dual_stack,local_addr,local_port,peer_addr,peer_port"
	"--columns=unit,cgroup,container,container_id,pod,iface,mark,netns,netns_name"
	"--columns=service,port_class,ip_protocol,recv_q,send_q,uid,peer_scope,candidates,confidence"
	"--columns=owners.ppid,owners.exe,owners.cwd,owners.ancestors,owners.started"
	"--sort=process" "--sort=-local_port,state" "--sort=user,-inode" "--sort=owners.pid" "--sort=service,peer"
)
# What a document has only if it is asked for.
more=--columns=+owners.ppid,owners.exe,owners.cwd,owners.ancestors,owners.started

# list_both SOURCE SELECTION FORMAT DOCUMENT: the host's listing, and the same of a document
list_both() {
	local -a source selection format

	read -ra source <<<"$1"
	read -ra selection <<<"$2"
	read -ra format <<<"$3"
	"${as[@]}" "$PORTSTAT" "${source[@]}" "${selection[@]}" "${format[@]}" >"$tmp/want" 2>/dev/null
	"$PORTSTAT" --from="$4" "${selection[@]}" "${format[@]}" >"$tmp/got" 2>"$tmp/err"
	# How long TIME-WAIT lasts changes from one listing to the next.
	sed -i 's/"expires_ms": [0-9]*//' "$tmp/want" "$tmp/got"
}

# same SOURCE SELECTION FORMAT DOCUMENT: a difference that is one is there again with the document made anew; a
# connection in TIME-WAIT, which ended in between, is not.
same() {
	list_both "$@"
	if ! cmp -s "$tmp/want" "$tmp/got"; then
		make_document "$4" "" "${made[$4]}"
		list_both "$@"
	fi
	expect_same "${4##*/}: $2 $3" "$tmp/want" "$tmp/got"
}

declare -A made

# make_document FILE SOURCE ARGUMENTS
make_document() {
	local -a words

	made[$1]="$2 $3"
	read -ra words <<<"$2 $3"
	"${as[@]}" "$PORTSTAT" "${words[@]}" --json "$more" >"$1" 2>/dev/null
}

# Each selection with some formats, or with sanitizers, where each takes ten times as long, with one; and all
# of a listing in each.
compare_all() {
	local i=0 k turns=(0 7 15)

	! grep -q __asan_init "$PORTSTAT" || turns=(0)

	make_document "$tmp/whole" "" "-a -r"
	for format in "${formats[@]}"; do
		same "" -a "$format" "$tmp/whole"
	done
	for selection in "${selections[@]}"; do
		# Again for each: after a minute no TIME-WAIT is left of it.
		case $selection in
		-N* | --forwards*) make_document "$tmp/whole" "" "-a ${selection% -l}" ;;
		*) make_document "$tmp/whole" "" "-a -r" ;;
		esac
		same "" "$selection" "" "$tmp/whole"
		make_document "$tmp/part" "" "$selection -r"
		for k in "${turns[@]}"; do
			same "" "$selection" "${formats[(i + k + RANDOM % 3) % ${#formats[@]}]}" "$tmp/part"
		done
		i=$((i + 1))
	done
}

# read_back FILE ARGUMENT...: JSON to JSON
read_back() {
	"${as[@]}" "$PORTSTAT" "${@:2}" --json >"$1" 2>/dev/null
	"$PORTSTAT" --from="$1" "${@:2}" --json >"$tmp/got" 2>"$tmp/err"
	expect_same "JSON: ${*:2}" "$1" "$tmp/got"
}

as=()
seed=${SEED:-$RANDOM}
echo "SEED=$seed"
RANDOM=$seed
start_helper "$python" "$SRCDIR/tests/live/from.py" "$seed"
compare_all
for words in -a -l "-an" "-a root" "-a user root" "-N all -a" "--forwards -l" "-l --columns=local,process"; do
	read -ra arguments <<<"$words"
	read_back "$tmp/document" "${arguments[@]}"
done

# Owners that are hidden stay hidden, and what they hide from a filter is told.
if is_real_root && command -v setpriv >/dev/null; then
	as=(setpriv --reuid=65534 --clear-groups)
	make_document "$tmp/hidden" "" -a
	for words in -a -W --csv --sort=process "--columns=owners,owner_note,candidates,candidate_count,confidence"; do
		same "" -a "$words" "$tmp/hidden"
	done
	for words in "proc=x" "not proc=x" "nginx" "owners.uid>0"; do
		same "" "$words" "" "$tmp/hidden"
		expect_match "untested: $words" "could not be tested for" "$tmp/err"
	done
	as=()
else
	left_out "owners that are hidden: only the real root can become another user"
fi

# What rules send on: ports, ranges of ports and addresses, here and elsewhere.
if command -v nft >/dev/null && nft -f - 2>/dev/null <<-'END'
	table ip nat { chain pre {
		type nat hook prerouting priority dstnat
		tcp dport 8080 dnat to 127.0.0.1:80
		tcp dport 9000-9010 dnat to 192.0.2.7
		tcp dport 9100-9110 redirect to :8000-8010
		ip daddr 10.0.0.1-10.0.0.9 tcp dport 443 dnat to 192.0.2.1-192.0.2.9:8443
	}
	}
END
then
	make_document "$tmp/forwards" "" "-a --forwards"
	for words in "" "-W" --csv --jsonl "--sort=-local_port" "--columns=local,process,leads_to,published,state" "lport 9005" "leads_to.port=80"; do
		same "" "-t --forwards" "$words" "$tmp/forwards"
	done
	expect_match "rules were found" FORWARD <("$PORTSTAT" --from="$tmp/forwards" -t --forwards)
	nft flush ruleset
else
	left_out "what rules send on: no nft, or no nf_tables for this user"
fi

# What changes from one listing to the next: of a recording, so that both see one moment.
"$PORTSTAT" -aimotuwM --record="$tmp/recording" >"$tmp/out" 2>/dev/null
expect_match "the recording has connections" " ESTAB " "$tmp/out"
for words in -atui -auto -atum -atuwMimoe "-at --sort=-tcp.rtt_us" "-at tcp.rtt_us>0" "-atu timer.kind=timewait" "-atuim --csv" \
	"-tuw --columns=tcp,memory,timer" "-tuw --metrics" "-tMi --jsonl"; do
	read -ra arguments <<<"$words"
	"$PORTSTAT" --replay="$tmp/recording" -aimotuwM --json --columns=+tcp,memory,mptcp >"$tmp/document" 2>/dev/null
	"$PORTSTAT" --replay="$tmp/recording" "${arguments[@]}" >"$tmp/want" 2>/dev/null
	"$PORTSTAT" --from="$tmp/document" "${arguments[@]}" >"$tmp/got" 2>/dev/null
	expect_same "of a recording: $words" "$tmp/want" "$tmp/got"
done
stop_helper

# ---- what a document does not have --------------------------------------------------------------

# lacks SENTENCE ARGUMENTS: asking more than the document has is a problem.
lacks() {
	local -a words

	read -ra words <<<"$2"
	"$PORTSTAT" --from="$tmp/document" "${words[@]}" >"$tmp/out" 2>"$tmp/err"
	expect_match "of ${3-the document}: $2" "$1" "$tmp/err"
	run 3 "$PORTSTAT" --from="$tmp/document" --strict -q "${words[@]}"
}

open_sockets tcp-listen:addr=127.0.0.1,port=8001 udp:addr=127.0.0.1,port=8002 tcp-pair:port=8003
"$PORTSTAT" -lt4 --json lport 8000-8099 >"$tmp/document"
lacks "no udp, udplite, raw, sctp sockets" -l4
lacks "one address family only" -lt
lacks "only listening sockets" -t4
lacks "only sockets that match: lport 8000-8099" -lt4
lacks "made without --forwards" "-lt4 --forwards lport 8000-8099"
lacks "no sockets of a network namespace 'web'" "-lt4 -N web lport 8000-8099"
lacks "the columns: tcp\.rtt_us" "-lt4 --columns=tcp.rtt_us lport 8000-8099"
run 0 "$PORTSTAT" --from="$tmp/document" --strict -lt4 "lport 8000-8099 and not proc x"
run 1 "$PORTSTAT" --from="$tmp/document" --strict -lt4 "lport 8000-8099 and proc x"
"$PORTSTAT" -tu --json --columns=local,process >"$tmp/document"
lacks "the columns: proto, state, peer, service, user" -tu
run 1 "$PORTSTAT" --from="$tmp/document" -tu proto=tcp
expect_match "a test of what is not there" "could not be tested for .*no \"proto\"" "$tmp/err"
"$PORTSTAT" -tun --json >"$tmp/document"
lacks "the columns: service, user" -tu
run 0 "$PORTSTAT" --from="$tmp/document" --strict -tun
expect_lines "nothing more was asked for" 0 "$tmp/err"

# Network namespaces by a pid or a path: what was selected by it is not selected again, and what a document
# does not tell is no empty table.
for words in "pid:$$" "/proc/$$/ns/net" "pid:$$,/proc/$$/ns/net"; do
	"$PORTSTAT" -N "$words" -lt4 --json >"$tmp/document" 2>"$tmp/err"
	"$PORTSTAT" -N "$words" -lt4 >"$tmp/want"
	run 0 "$PORTSTAT" --from="$tmp/document" --strict -N "$words" -lt4
	expect_same "-N $words" "$tmp/want" "$tmp/out"
done
lacks "does not tell which network namespace 'pid:$$' is; use a name" "-lt4 -N pid:$$"
"$PORTSTAT" -N all -lt4 --json >"$tmp/document" 2>"$tmp/err"
lacks "does not tell which network namespace 'pid:$$' is; use a name" "-lt4 -N pid:$$"
lacks "does not tell which network namespace '/proc/$$/ns/net' is" "-lt4 -N /proc/$$/ns/net"
lacks "no sockets of a network namespace 'web'" "-lt4 -N web"

# ---- moments and hosts --------------------------------------------------------------------------

"$PORTSTAT" -lt --json >"$tmp/now"
# moment HOST TIME PORT: a document of this host and time, with one of the ports
moment() {
	"$python" - "$tmp/now" "$@" <<-'END'
		import json, sys
		path, host, time, port, *machine = sys.argv[1:]
		d = json.load(open(path))
		d.update(host=host, time=time, machine=(machine or ["%016x" % (hash(host) & 0xffff)])[0], ephemeral=[100, 200])
		d["sockets"] = [dict(d["sockets"][0], host=host, local_port=int(port))]
		print(json.dumps(d))
	END
}
export PYTHONHASHSEED=0 TZ=UTC
{
	moment web1 2026-03-01T10:00:00.000Z 1001
	moment web1 2026-03-01T12:00:00.500Z 1002
	# the clock ran backwards
	moment web1 2026-03-01T11:00:00.000Z 1003
	moment web1 2026-03-02T09:00:00.000Z 1004
} >"$tmp/web1"
{
	moment db1 2026-03-01T23:00:00.000Z 2001
	moment db1 2026-03-02T09:30:00.000Z 2002
} >"$tmp/db1"

# at TIME PORTS FILE...: the ports that are listed
at() {
	local time=$1 ports=$2
	local -a files=("${@:3}")

	run "${status:-0}" "$PORTSTAT" --from="${files[0]}" ${files[1]:+--from="${files[1]}"} ${time:+--at="$time"} -l -H --columns=local_port
	expect "at ${time:-the end}" "$ports" "$(tr -s ' \n' ' ' <"$tmp/out" | sed 's/ $//')"
}
at "" 1004 "$tmp/web1"
at last 1004 "$tmp/web1"
at first 1001 "$tmp/web1"
at 2026-03-01T12:00:00Z 1002 "$tmp/web1"
at 2026-03-01T11:59:59Z 1003 "$tmp/web1"
at 2026-03-01T12:30:00+01:00 1003 "$tmp/web1"
at 08:59 1002 "$tmp/web1"
at 09:00 1004 "$tmp/web1"
at 11:00 1003 "$tmp/web1"
at -20h 1002 "$tmp/web1"
at -22h 1003 "$tmp/web1"
at -23h 1001 "$tmp/web1"
at "" "1004 2002" "$tmp/web1" "$tmp/db1"
at first "1001 2001" "$tmp/db1" "$tmp/web1"
at -1h "1002 2001" "$tmp/web1" "$tmp/db1"
at 2026-03-01T20:00:00Z 1002 "$tmp/web1" "$tmp/db1"
expect_match "a host without a moment is told" "the host 'db1' has no document at or before" "$tmp/err"
status=4 at 2020-01-01T00:00:00Z "" "$tmp/web1"
for time in "" now 25:00 -2 -2w 2026-02-30 2026-13-01T00:00:00Z "2026-03-01T10:00:00" $'\e[31m'; do
	run 2 "$PORTSTAT" --from="$tmp/web1" --at="$time"
	expect_match "no time" "is no time" "$tmp/err"
done

run 0 "$PORTSTAT" --from="$tmp/web1" --from="$tmp/db1" -l
expect_match "a host in front" '^web1 +tcp +LISTEN ' "$tmp/out"
expect "and its heading" HOST "$(head -n1 "$tmp/out" | cut -d' ' -f1)"
run 0 "$PORTSTAT" --from="$tmp/web1" --from="$tmp/db1" -l --csv
expect_match "in CSV last" ',process,host.$' "$tmp/out"
run 0 "$PORTSTAT" --from="$tmp/web1" --from="$tmp/db1" -l host=db1
expect_lines "a host alone" 2 "$tmp/out"
run 0 "$PORTSTAT" --from="$tmp/web1" --from="$tmp/db1" --json
cp "$tmp/out" "$tmp/both"
expect "hosts, and null above" "None db1,web1 2026-03-02T09:30:00.000Z" "$("$python" -c '
import json, sys
d = json.load(open(sys.argv[1]))
print(d["host"], ",".join(h["host"] for h in d["hosts"]), d["hosts"][0]["time"])' "$tmp/both")"
run 0 "$PORTSTAT" --from="$tmp/both" --json
expect_same "and back" "$tmp/both" "$tmp/out"
run 0 "$PORTSTAT" --from="$tmp/web1" --from="$tmp/db1" --metrics
expect_match "a label of metrics" 'portstat_sockets\{host="web1",' "$tmp/out"

moment web1 2026-03-02T10:00:00.000Z 3001 ffffffffffffffff >"$tmp/other"
at "" "1004 3001" "$tmp/web1" "$tmp/other"
expect_match "two machines, one name" "two machines have the name 'web1'" "$tmp/err"
moment web1 2026-03-02T09:00:00.000Z 1005 >"$tmp/later"
at "" 1005 "$tmp/web1" "$tmp/later"

# "ephemeral" is what each host has.
"$PORTSTAT" -lt --json lport 8001 >"$tmp/now"
# port_of HOST RANGE PORT: the document of a host
port_of() {
	"$python" - "$tmp/now" "$@" <<-'END'
		import json, sys
		path, host, ephemeral, port = sys.argv[1:]
		d = json.load(open(path))
		d.update(host=host, machine="%016x" % sum(host.encode()), ephemeral=json.loads(ephemeral))
		d["selection"]["filter"] = ""
		d["sockets"] = [dict(d["sockets"][0], host=host, local_port=int(p)) for p in port.split(",")]
		print(json.dumps(d))
	END
}
{
	port_of low "[1000, 1999]" 1500,40000
	port_of high "[32768, 60999]" 1500,40000
} >"$tmp/ranges"
# chooses ROWS FILTER...
chooses() {
	local rows=$1

	shift
	run "${status:-0}" "$PORTSTAT" --from="$tmp/ranges" -lt -H --columns=host,local_port "$@"
	expect "ephemeral: $*" "$rows" "$(tr -s ' \n' ' ' <"$tmp/out" | sed 's/ $//')"
}
chooses "low 1500 high 40000" ephemeral
chooses "low 1500 high 40000" lport ephemeral
chooses "high 1500 low 40000" lport != ephemeral
chooses "high 1500 low 40000" not lport ephemeral
chooses "high 1500 low 40000" '!ephemeral'
chooses "high 1500 low 1500 high 40000" 1500,ephemeral
chooses "low 1500" ephemeral,!40000
chooses "low 40000" 40000,!ephemeral
chooses "low 40000" lport 40000,!ephemeral
chooses "high 1500 low 40000" lport != ephemeral,!1
chooses "low 1500 high 40000" 'laddr *:ephemeral'
chooses "high 1500 low 40000" 'laddr *:!ephemeral'
port_of none null 1500 >>"$tmp/ranges"
chooses "low 1500 high 40000" ephemeral
expect_match "a host that did not tell" '1 socket could not be tested for "port ephemeral": the document has no "ephemeral"' "$tmp/err"

# Both ends over a link: named where one host alone has each address.
"$PORTSTAT" -t --json --columns=+peer_owners port 8003 >"$tmp/now" 2>"$tmp/err"
# end_of HOST LOCAL PORT PEER PORT: the document of a host with this connection
end_of() {
	"$python" - "$tmp/now" "$@" <<-'END'
		import json, sys
		path, host, *ends = sys.argv[1:]
		d = json.load(open(path))
		d.update(host=host, machine="%016x" % sum(host.encode()), time="2026-03-01T10:00:00.000Z")
		d["selection"]["filter"] = ""
		row = dict(d["sockets"][0], host=host, family="inet6", state="established", iface="eth0", peer_owners=[], peer_owner_host=None,
		           owners=[dict(d["sockets"][0]["owners"][0], pid=7, name="on-" + host)], owner_note=None)
		row.update(local_addr=ends[0], local_port=int(ends[1]), peer_addr=ends[2], peer_port=int(ends[3]))
		d["sockets"] = [row]
		print(json.dumps(d))
	END
}
# links PEERS DOCUMENT...: by host
links() {
	local peers=$1

	shift
	cat "$@" >"$tmp/linked"
	run 0 "$PORTSTAT" --from="$tmp/linked" -t -H --columns=host,peer_owner_host,peer_owners.name --sort=host
	expect "${*##*/}" "$peers" "$(tr -s ' \n' ' ' <"$tmp/out" | sed 's/ $//')"
}
a=fe80::5054:ff:fe12:3456 b=fe80::a8bb:ccff:fedd:eeff
end_of a $a 80 $b 40000 >"$tmp/a"
end_of b $b 40000 $a 80 >"$tmp/b"
end_of c $b 22 $a 50000 >"$tmp/same-address"
end_of d $a 80 $b 40000 >"$tmp/same-connection"
end_of a fe80::1 80 $b 40000 >"$tmp/chosen-a"
end_of b $b 40000 fe80::1 80 >"$tmp/chosen-b"
links "a b on-b b a on-a" "$tmp/a" "$tmp/b"
links "a - - b - - c - -" "$tmp/a" "$tmp/b" "$tmp/same-address"
links "a - - b - - d - -" "$tmp/a" "$tmp/b" "$tmp/same-connection"
links "a - - b - -" "$tmp/chosen-a" "$tmp/chosen-b"
links "a - - c - -" "$tmp/a" "$tmp/same-address"

# ---- bad input ----------------------------------------------------------------------------------

# refused SENTENCE: what $tmp/bad holds cannot be listed; after a document that can it is a problem
refused() {
	run 4 "$PORTSTAT" --from="$tmp/bad" -l
	expect_match "$1" "^portstat: cannot read '$tmp/bad': $1" "$tmp/err"
	cat "$tmp/web1" "$tmp/bad" >"$tmp/after"
	at "" 1004 "$tmp/after"
	expect_match "what comes before it counts" "^portstat: '$tmp/after' " "$tmp/err"
	run 3 "$PORTSTAT" --from="$tmp/after" -l --strict
}

head -c 300 "$tmp/now" >"$tmp/bad"
refused "it ends in the middle of a document"
printf '{"schema": 2, "sockets": []}' >"$tmp/bad"
refused "it is a document of another version"
printf '{"sockets": []}' >"$tmp/bad"
refused "it is not a document of portstat"
printf 'PROTO STATE' >"$tmp/bad"
refused "it is not a document of portstat"
"$PORTSTAT" -s --json >"$tmp/bad"
refused "it has counts"
"$python" -c 'print("{\"schema\": 1, \"x\": " + "[" * 100000)' >"$tmp/bad"
refused "a document is too large"
"$python" -c 'print("{\"schema\": 1, \"x\": \"" + "y" * 10000000 + "\"}")' >"$tmp/bad"
refused "a document is too large"
"$PORTSTAT" --why=8001 --json >"$tmp/bad"
refused "it is not a document of portstat"
: >"$tmp/bad"
run 4 "$PORTSTAT" --from="$tmp/bad"
expect_match "an empty file" "there is no document in what --from names" "$tmp/err"
run 4 "$PORTSTAT" --from="$tmp/no-such-file"
expect_match "no file" "No such file" "$tmp/err"
mkdir "$tmp/folder"
run 4 "$PORTSTAT" --from="$tmp/folder"
expect_match "an empty folder" "there is no document in what --from names" "$tmp/err"
ln -s "$tmp/web1" "$tmp/folder/web1.json"
run 0 "$PORTSTAT" --from="$tmp/folder"
# Nobody writes to these.
mkfifo "$tmp/folder/pipe.json"
ln -s pipe.json "$tmp/folder/link.json"
run 0 timeout 20 "$PORTSTAT" --from="$tmp/folder" -lt
expect_lines "pipes of a folder" 0 "$tmp/err"
run 0 timeout 20 "$PORTSTAT" --from="$tmp/folder" --diff="$tmp/folder" -lt
ln -s nowhere "$tmp/folder/gone.json"
run 0 timeout 20 "$PORTSTAT" --from="$tmp/folder"
expect_match "a link that leads nowhere" "cannot read '$tmp/folder/gone.json': No such file" "$tmp/err"
run 0 "$PORTSTAT" --from="$tmp/no-such-file" --from="$tmp/web1"
expect_match "one of two" "cannot read '$tmp/no-such-file'" "$tmp/err"

# Values that no socket can have are unknown, and counted; keys of tomorrow are skipped.
"$python" - "$tmp/now" >"$tmp/odd" <<-'END'
	import json, sys
	d = json.load(open(sys.argv[1]))
	row = d["sockets"][0]
	row.update(local_port=70000, recv_q=-1, uid="root", inode=1e99, peer_addr="no address", user=["x"], tomorrow={"a": [1]},
	           timer=5, owners=[7, {"pid": 2**40, "name": 1}], reach={"x": None}, cookie="xyz", mark=1.5)
	d["sockets"] = [row, dict(row, proto="dccp"), dict(row, state="dreaming"), None, 3]
	d["tomorrow"] = [[[{}]]]
	print(json.dumps(d))
END
run 0 "$PORTSTAT" --from="$tmp/odd" -l
expect_lines "one socket is left" 2 "$tmp/out"
expect_match "values" "^portstat: [0-9]+ values of the document cannot be used" "$tmp/err"
expect_match "sockets" "^portstat: 2 sockets of the document are of an unknown kind" "$tmp/err"

# Control characters of others never reach the terminal.
sed 's/"host": "[^"]*"/"host": "\\u001b[31m\\u0000x\\ud800"/' "$tmp/now" >"$tmp/odd"
run 0 "$PORTSTAT" --from="$tmp/odd" --from="$tmp/web1" -l
checks=$((checks + 1))
! grep -q "$(printf '[\001-\010\033]')" "$tmp/out" "$tmp/err" || fail "a control character"

# What is only possible now and here.
for words in "--signal 8001" "--close 8001" "--why=80" "--free" "--wait=1 8001" "--wait-none=1 8001" "--record=$tmp/x" \
	"--source=netlink" "--owners=proc" "--proc-root=/proc" "--replay=$tmp/recording"; do
	read -ra arguments <<<"$words"
	run 2 "$PORTSTAT" --from="$tmp/now" "${arguments[@]}"
done
run 2 "$PORTSTAT" --at=first
run 2 "$PORTSTAT" --from=- --from=- </dev/null
run 2 "$PORTSTAT" --from=- -F - </dev/null

finish
