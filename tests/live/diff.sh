#!/bin/bash
# What differs since a document (--diff): nothing after a restart, and each thing that did change.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

# Without TIME-WAIT, which keeps a port from a second population.
mount -t proc proc /proc 2>/dev/null || :
echo 0 >/proc/sys/net/ipv4/tcp_max_tw_buckets || skip "no settings of the network's own here"

# shellcheck disable=SC2054 # the commas belong to the words
population=(
	--process=nginx tcp-listen:addr=0.0.0.0,port=8080,workers=2 tcp-listen:addr=::,port=8443
	--process=postgres tcp-listen:addr=127.0.0.1,port=5432
	--process='a, "b"' udp:addr=127.0.0.1,port=5353
	--process=java tcp-listen:addr=127.0.0.1,port=40000
	--process=app tcp-pair:port=9000,count=3
)

# The processes of the helper end after it.
# shellcheck disable=SC2317 # wait_for calls it
nothing_is_left() {
	! "$PORTSTAT" -aq --owners=none
}

restart() {
	stop_helper
	wait_for "the end of the population" nothing_is_left
	open_sockets "$@"
}

differs() {
	run "$1" "$PORTSTAT" --diff="$tmp/before.json" "${@:2}"
}

# lines COLUMN...: of the differences, without headings and alignment.
lines() {
	sed -e 1d -e 's/  */ /g' -e 's/ $//' "$tmp/out"
}

open_sockets "${population[@]}"
run 0 "$PORTSTAT" -l --json
cp "$tmp/out" "$tmp/before.json"
differs 0
expect_lines "nothing differs" 0 "$tmp/out"
expect_lines "without a word" 0 "$tmp/err"
differs 0 --strict -q

# Other pids, inodes and an ephemeral port.
population[8]=tcp-listen:addr=127.0.0.1,port=40017
restart "${population[@]}"
differs 0 --strict
expect_lines "a restart is no difference" 0 "$tmp/out"
# The document has listeners only, and so has what it is compared with.
differs 0 -a

# Connections: the clients' ports are others, and so is their number.
run 0 "$PORTSTAT" -a --json 'port 9000 and state listen,established'
cp "$tmp/out" "$tmp/connections.json"
population[10]=tcp-pair:port=9000,count=2
restart "${population[@]}"
run 0 "$PORTSTAT" --diff="$tmp/connections.json"
expect_lines "connections to one server are one thing" 0 "$tmp/out"

# A port that opened to all, a new one, and another user.
population[4]=tcp-listen:addr=0.0.0.0,port=5432
restart "${population[@]}" --process=redis tcp-listen:addr=0.0.0.0,port=6379
"$python" - "$tmp/before.json" >"$tmp/other-user.json" <<'END'
import json, sys
document = json.load(open(sys.argv[1]))
for row in document["sockets"]:
    if row["local_port"] == 8080:
        row["uid"], row["user"] = 4000000001, "ana"
json.dump(document, sys.stdout)
END
user=$(id -un)
run 1 "$PORTSTAT" --diff="$tmp/other-user.json" --columns=local
expect "three lines" "~ 0.0.0.0:5432 reach host > all
+ 0.0.0.0:6379
~ 0.0.0.0:8080 user ana > $user" "$(lines)"
differs 1 --columns=local
expect "two of them" $'~ 0.0.0.0:5432 reach host > all\n+ 0.0.0.0:6379' "$(lines)"
expect_match "headings" '^  LOCAL *$' "$tmp/out"
differs 1 -q
expect_lines "-q prints nothing" 0 "$tmp/out"
differs 0 lport 8080
differs 1 -H --columns=local_port,process lport 6379
expect_match "who has the new one" '^\+ +6379  redis\[[0-9]+\]$' "$tmp/out"
differs 1 -t --json
rows check "$tmp/out"
expect_match "what changed, as it was" \
	'"change": "changed", "was": \{"local_addr": "127\.0\.0\.1", "reach": "host"\}, ' "$tmp/out"
differs 1 --output="$tmp/file" --csv --columns=local_port
expect_match "CSV in a file" '^changed,"local_addr=127\.0\.0\.1,reach=host",5432' "$tmp/file"

# Between two documents, without a host; and backwards.
run 0 "$PORTSTAT" -l --json
cp "$tmp/out" "$tmp/after.json"
run 1 "$PORTSTAT" --from="$tmp/after.json" --diff="$tmp/before.json" -H --columns=local
expect "forwards" $'~ 0.0.0.0:5432 reach host > all\n+ 0.0.0.0:6379' "$(sed 's/  */ /g' "$tmp/out")"
run 1 "$PORTSTAT" --from="$tmp/before.json" --diff="$tmp/after.json" -H --columns=local
expect "backwards" $'~ 127.0.0.1:5432 reach all > host\n- 0.0.0.0:6379' "$(sed 's/  */ /g' "$tmp/out")"
# The last one of several documents counts.
cat "$tmp/before.json" "$tmp/after.json" >"$tmp/both.json"
run 0 "$PORTSTAT" --diff="$tmp/both.json"
# Its filter selects here, too.
run 0 "$PORTSTAT" -l --json 'lport 5432 or lport 6379'
cp "$tmp/out" "$tmp/filtered.json"
run 0 "$PORTSTAT" --diff="$tmp/filtered.json" --strict
run 0 "$PORTSTAT" --diff="$tmp/filtered.json" -a not proc redis

# Where either side is incomplete.
sed 's/"complete": true, "problems": \[\]/"complete": false, "problems": [{"code": "cut-short", "proto": "tcp", "host": null, "netns": null, "fields": [], "message": "some are missing"}]/' \
	"$tmp/after.json" >"$tmp/incomplete.json"
run 3 "$PORTSTAT" --diff="$tmp/incomplete.json" --strict
expect_match "what is missing there is said" '^portstat: some are missing$' "$tmp/err"
run 0 "$PORTSTAT" --diff="$tmp/incomplete.json"
if is_real_root && command -v setpriv >/dev/null; then
	# Hidden owners: the place alone counts.
	cp "$PORTSTAT" "$tmp/portstat"
	run 0 setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/portstat" --diff="$tmp/after.json"
	expect_lines "hidden owners are no difference" 0 "$tmp/out"
	run 3 setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/portstat" --strict --diff="$tmp/after.json"
else
	left_out "hidden owners: only root becomes another user"
fi

# What is no document.
run 4 "$PORTSTAT" --diff="$tmp/absent"
expect_match "no file" 'absent.: No such file' "$tmp/err"
echo '{"schema": 2}' >"$tmp/bad"
run 4 "$PORTSTAT" --diff="$tmp/bad"
expect_lines "one line says so" 1 "$tmp/err"
: >"$tmp/empty"
run 4 "$PORTSTAT" --diff="$tmp/empty"
expect_match "an empty file" '--diff names' "$tmp/err"
for option in --watch --live --metrics --as-filters -s -0 --sort=state --except="$tmp/x" --wait --close --free; do
	run 2 "$PORTSTAT" --diff="$tmp/before.json" "$option"
done

# Two documents, the obvious way, and words that select nothing.
cp "$tmp/before.json" "$tmp/after.json"
run 2 "$PORTSTAT" --diff "$tmp/before.json" "$tmp/after.json"
expect "how to compare two" "portstat: '$tmp/after.json' is a document, not a filter; to compare two documents write: --from=$tmp/after.json --diff=$tmp/before.json" "$(<"$tmp/err")"
run 0 "$PORTSTAT" --from="$tmp/after.json" --diff="$tmp/before.json"
for option in --from="$tmp/before.json" -l --json; do
	run 2 "$PORTSTAT" "$option" "$tmp/after.json"
	expect_match "with $option" "is a document, not a filter; write --from=" "$tmp/err"
done
run 0 "$PORTSTAT" --diff="$tmp/before.json" zzz
expect_match "a name that nothing has" "'zzz' was interpreted as the name" "$tmp/err"

# A directory of documents, and one moment of it.
mkdir "$tmp/documents"
moment() {
	sed -e "s/\"time\": \"[^\"]*\"/\"time\": \"$1\"/" "$tmp/$2" >"$tmp/documents/$1.json"
}
"$python" - "$tmp/before.json" >"$tmp/nothing.json" <<'END'
import json, sys
document = json.load(open(sys.argv[1]))
document["sockets"] = []
json.dump(document, sys.stdout)
END
moment 2026-01-02T03:00:00.000Z nothing.json
moment 2026-01-02T04:00:00.000Z before.json
echo '{' >"$tmp/documents/.2026-01-02T05:00:00.000Z.json"
echo 'no document' >"$tmp/documents/README"
mkdir "$tmp/documents/more.json"
run 0 "$PORTSTAT" --from="$tmp/documents" --diff="$tmp/before.json" --strict
run 0 "$PORTSTAT" --from="$tmp/before.json" --diff="$tmp/documents" --strict
expect_lines "only documents are read" 0 "$tmp/err"
for time in -1h 2026-01-02T03:30:00Z first; do
	run 1 "$PORTSTAT" --diff="$tmp/documents" --at=$time -l
done
run 4 "$PORTSTAT" --diff="$tmp/documents" --at=2025-12-31T00:00:00Z
expect_match "before the first" 'no document at or before the time of --at' "$tmp/err"
finish
