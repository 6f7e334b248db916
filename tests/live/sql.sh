#!/bin/bash
# Documents in SQLite: the schema takes them, and its questions have the right answers.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" ip nsenter sqlite3
sqlite3 :memory: "SELECT '{}' ->> 'a'" >/dev/null 2>&1 || skip "this SQLite is older than 3.38"

# Two hosts: each with a name, an address, sockets and processes of its own, and a link between them.
mkfifo "$tmp/hold"
exec {hold}<>"$tmp/hold"
hosts=()
# host NAME ADDRESS
host() {
	# shellcheck disable=SC2016 # for the other shell
	unshare -nu "$BASH" -c 'hostname "$1" && ip link set lo up && : >"$2/is.$1" && read -r _' - "$1" "$tmp" \
		<"$tmp/hold" {hold}>&- &
	hosts+=($!)
	wait_for "host $1" test -e "$tmp/is.$1"
}
command -v hostname >/dev/null || skip "there is no hostname"
host web1
host db1
ip link add left netns "${hosts[0]}" type veth peer name right netns "${hosts[1]}" 2>"$tmp/err" ||
	skip "no veth here: $(head -n 1 "$tmp/err")"
on() {
	local pid=${hosts[$1]}

	shift
	nsenter -t "$pid" -n -u "$@"
}
on 0 ip addr add 10.9.0.1/24 dev left
on 1 ip addr add 10.9.0.2/24 dev right
on 0 ip link set left up
on 1 ip link set right up
# shellcheck disable=SC2317 # wait_for calls it
link_is_up() {
	on 0 ip link show left | grep -q 'state UP'
}
wait_for "the link" link_is_up

# A server that serves both families, a client by IPv4, and something that only one of them has.
cat >"$tmp/server.py" <<'END'
import ctypes, socket, sys
ctypes.CDLL(None).prctl(15, b"postgres", 0, 0, 0)
s = socket.socket(socket.AF_INET6)
s.bind(("::", 5432))
s.listen()
open(sys.argv[1], "w").close()
c, _ = s.accept()
sys.stdin.read()
END
cat >"$tmp/client.py" <<'END'
import ctypes, socket, sys
ctypes.CDLL(None).prctl(15, b"nginx", 0, 0, 0)
s = [socket.create_connection(("10.9.0.2", 5432)), socket.create_server(("0.0.0.0", 80)),
     socket.create_server(("127.0.0.1", 8125))]
open(sys.argv[1], "w").close()
sys.stdin.read()
END
on 1 "$python" "$tmp/server.py" "$tmp/serves" <"$tmp/hold" {hold}>&- &
hosts+=($!)
wait_for "the server" test -e "$tmp/serves"
on 0 "$python" "$tmp/client.py" "$tmp/asks" <"$tmp/hold" {hold}>&- &
hosts+=($!)
wait_for "the client" test -e "$tmp/asks"

sql() {
	sqlite3 -bail "$tmp/ports.db" "$@"
}
run 0 sqlite3 -bail "$tmp/ports.db" ".read $SRCDIR/data/schema.sql"
for i in 0 1; do
	# The first moment is not the latest: what it has is no answer.
	run 0 on $i "$PORTSTAT" -a --json --output="$tmp/$i.json"
	sed 's/"time": "[0-9]*/"time": "1999/; s/"local_port": 80,/"local_port": 81,/' "$tmp/$i.json" >"$tmp/old.$i"
	run 0 sql "INSERT INTO document (text) VALUES (readfile('$tmp/$i.json'))"
	run 0 sql "INSERT INTO document (text) VALUES (readfile('$tmp/old.$i'))"
done
expect "all rows" "$(grep -c '^  {' "$tmp/0.json")" \
	"$(sql "SELECT count(*) FROM socket JOIN latest ON id = snapshot WHERE host = 'web1'")"
expect "both ends, the server's first" "db1|10.9.0.2|5432|postgres|web1|10.9.0.1|nginx|established" \
	"$(sql "SELECT server, server_addr, server_port, server_process, client, client_addr, client_process, state
		FROM connection")"
expect "what listens on few hosts" $'tcp|80|nginx|1|web1\ntcp|5432|postgres|1|db1\ntcp|8125|nginx|1|web1' \
	"$(sql "SELECT proto, local_port, holder, hosts, on_hosts FROM rare_listener")"
expect "what all can reach" $'db1|::|5432\nweb1|0.0.0.0|80' "$(sql "SELECT host, local_addr, local_port FROM exposed")"

exec {hold}>&-
wait "${hosts[@]}"

# What is no document leaves no row.
before=$(sql "SELECT count(*) FROM snapshot")
for text in '{' '[]' '{"schema": 2, "sockets": []}' '{"schema": 1}' ''; do
	# Its status differs by version.
	sql "INSERT INTO document (text) VALUES ('$text')" 2>"$tmp/err" && fail "it is taken: $text"
	expect_match "it says so: $text" 'not a document of portstat --json, schema 1' "$tmp/err"
done
expect "no row of them" "$before" "$(sql "SELECT count(*) FROM snapshot")"

# Of many rows, too: 50 hosts, each with 999 listeners of its own and one that all have.
"$python" - "$tmp/0.json" "$tmp" <<'END'
import json, sys

document = json.load(open(sys.argv[1]))
row = next(s for s in document["sockets"] if s["state"] == "listen")
for i in range(50):
    document["host"] = f"h{i}"
    document["sockets"] = [dict(row, local_port=1024 + (n and n + 999 * i) % 48000, port_class="registered")
                           for n in range(1000)]
    json.dump(document, open(f"{sys.argv[2]}/many.{i}", "w"))
END
for i in {0..49}; do
	echo "INSERT INTO document (text) VALUES (readfile('$tmp/many.$i'));"
done >"$tmp/insert"
run 0 sql ".read $tmp/insert"
expect "rows" 50000 "$(sql "SELECT count(*) FROM latest JOIN socket ON snapshot = id WHERE host LIKE 'h%'")"
expect "the one that all have is not rare" 0 "$(sql "SELECT count(*) FROM rare_listener WHERE local_port = 1024")"
expect "the others are" yes "$(sql "SELECT iif(count(*) > 40000, 'yes', count(*)) FROM rare_listener")"

# The bench, of a small fleet: every connection is found, once.
run 0 "$python" "$SRCDIR/tests/bench/sql.py" "$SRCDIR/data/schema.sql" 4 200
expect_match "the connections of a fleet" '^connection 200 rows ' "$tmp/out"

finish
