#!/bin/bash
# The installed JSON Schema: real documents are valid, and a document with a missing or an extra key
# is not; its keys are those of the columns, and its words those of the vocabularies.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need python3
python3 -c 'import jsonschema' 2>/dev/null || skip "there is no python3-jsonschema"

"$PORTSTAT" --columns=help | sed 's/ .*//' >"$tmp/columns"
"$BUILDDIR/tests/policy/vocabulary" >"$tmp/vocabulary" || give_up "there is no list of words"

# holds [DOCUMENT...]: the schema has the columns and words, and these documents are valid.
holds() {
	checks=$((checks + 1))
	python3 "$SRCDIR/tests/golden/schema.py" "$SRCDIR/data/schema-1.json" "$tmp/columns" \
		"$tmp/vocabulary" "$@" || fail "the schema"
}
holds

open_sockets \
	--process="$(printf 'a)\033[2J\n\377"\\\t')" tcp-listen:port=22,workers=2 \
	--process="$(printf '\342\200\256\303\251\360\237\220\247')" tcp-listen:addr=::,port=80,v6only=0 \
	--process=others tcp-pair:addr=::1,port=9001 tcp-pair:port=9003,end=close-wait \
	tcp-pair:port=9004,end=time-wait tcp-listen:port=8080,pending=1 tcp-listen:port=8081,half-open=1 \
	tcp-bound:port=7000 udp:port=53 udp:addr=::1,port=54,to=::1,to-port=55 raw:protocol=89

n=0
document() {
	run "$1" "$PORTSTAT" --json "${@:2}"
	n=$((n + 1))
	cp "$tmp/out" "$tmp/document.$n"
}

document 0 -a
document 0 -aeimo
document 1 -aM -im
document 0 -an
document 0 -a --owners=none
document 0 -a --source=procfs
document 0 -l
document 1 -l 1
document 0 -s
document 1 -s -l 1
document 0 -a -r

# chosen STATUS ARGUMENT...: a document of some keys.
chosen() {
	run "$1" "$PORTSTAT" --json "${@:2}"
	n=$((n + 1))
	cp "$tmp/out" "$tmp/document.chosen.$n"
}
chosen 0 -a --columns=local,owners.pid,tcp.rtt_us
chosen 0 -a --columns=owners,owners.ppid,owners.started,owners.cwd,owners.exe,owners.ancestors
chosen 0 -a --summary=peer_addr
chosen 0 -a --summary=process,reach
chosen 0 -s -a --columns=-family
sed -e 's/"local_port": 22,/"local_port": 23,/' -e 's/"local_addr": "0.0.0.0", "local_port": 8080/"local_addr": "127.0.0.1", "local_port": 8080/' \
	"$tmp/document.7" >"$tmp/earlier"
chosen 1 --diff="$tmp/earlier"
expect "what differs" $'changed\ngone\nnew' "$(grep -o '"change": "[a-z]*"' "$tmp/out" | cut -d'"' -f4 | sort -u)"
holds "$tmp"/document.*

finish
