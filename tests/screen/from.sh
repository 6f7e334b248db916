#!/bin/bash
# Documents in the live view: rows, filter, details, host and time in the title, and keys that say no.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit
need "$python"

"$sockets" web --process=web tcp-listen:port=8000 tcp-pair:addr=127.0.0.1,port=8001
"$PORTSTAT" -a --json | sed 's/"host": "[^"]*"/"host": "elsewhere"/g; s/"time": "[^"]*"/"time": "2026-03-01T12:00:00.500Z"/' >"$tmp/document"
sed 's/elsewhere/other/g' "$tmp/document" >"$tmp/second"
"$PORTSTAT" -a --json --columns=+received | sed 's/"host": "[^"]*"/"host": "elsewhere"/g' >"$tmp/counted"
"$sockets" web
export TZ=UTC

play "rows of a document" --from="$tmp/document" <<'END'
size 120 40
expect [1 Ports]
expect portstat elsewhere 2026-03-01 12:00:00
expect STEP
row 8000
expect web[
key F8
expect Kill and Close are disabled
row 8000
type W
expect A recording cannot be asked why: it is of the past.
type /8001
key Enter
expect 8001
gone 8000
key q
exit 0
END

play "several hosts" --from="$tmp/document" --from="$tmp/second" --live -l <<'END'
size 120 40
expect portstat 2 hosts 2026-03-01 12:00:00
expect HOST
expect elsewhere
type /host=other
key Enter
gone elsewhere
key q
exit 0
END

# Three moments, 100 s apart: what opens, what closes, and a counter that goes on by 5,000,000 bytes.
moment() {
	sed "s/\"time\": \"[^\"]*\"/\"time\": \"2026-03-01T12:0$1Z\"/; s/bytes_received\": *[0-9]*/bytes_received\": $2/g" \
		"$tmp/counted"
}
{
	moment 0:00 1000000 | sed 's/"local_port": 8000/"local_port": 7999/'
	moment 1:40 6000000
	moment 3:20 6000000
} >"$tmp/moments"

play "moments are stepped through" --from="$tmp/moments" --at=first --live <<'END'
size 120 40
expect moment 1 of 3  2026-03-01 12:00:00
expect 7999
type (
expect This is the earliest moment.
type )
expect moment 2 of 3  2026-03-01 12:01:40
expect 8000
# Both ends of the connection: twice 5,000,000 bytes in 100 s.
expect rx 98K/s
type }
expect moment 3 of 3  2026-03-01 12:03:20
type )
expect This is the latest moment.
type {
expect moment 1 of 3  2026-03-01 12:00:00
key q
exit 0
END

# A word is looked for in the users of owners, too, also of rows that are gone and of what changed.
{
	moment 0:00 1000000 | sed 's/"local_port": 8000\([^}]*"cookie": "\)[^"]*/"local_port": 7999\1000000000000ffff/'
	moment 1:40 6000000
} >"$tmp/closing"
play "a word that finds what closed" --from="$tmp/closing" --at=first --live <<'END'
size 120 40
expect moment 1 of 2  2026-03-01 12:00:00
type /root
key Enter
expect 7999
type /nobody
key Enter
gone 7999
type )
expect moment 2 of 2  2026-03-01 12:01:40
type 5
expect Nothing that the filter matches
type \
expect 2 changes
expect closed
key q
exit 0
END

# A connection in TIME-WAIT has the owner that was seen, and else what its document tells.
{
	cat "$tmp/document"
	"$python" -c '
import json, sys
document = json.load(open(sys.argv[1]))
document["time"] = "2026-03-01T12:01:40Z"
for sock in document["sockets"]:
    if sock["state"] == "established":
        sock.update(state="time-wait", owners=[], owner_note="time-wait")
json.dump(document, sys.stdout)' "$tmp/document"
} >"$tmp/finishing"
play "what a document tells of a connection that ended" --from="$tmp/finishing" --at=first --live <<'END'
size 120 40
type 2
expect ESTAB
type )
expect moment 2 of 2  2026-03-01 12:01:40
expect TIME-WAIT
type /peer_scope host
key Enter
expect 2 of 2 rows
expect TIME-WAIT
key q
exit 0
END

# At 80x24 the bar gives way, position and time stay; the time stays whatever the filter.
play "a moment at 80x24" --from="$tmp/moments" --at=first --live <<'END'
size 80 24
expect moment 1 of 3  2026-03-01 12:00:00
type )
expect moment 2 of 3  2026-03-01 12:01:40
type /state listen or state established or state close-wait or state time-wait or lport 8000
key Enter
expect  2026-03-01 12:01:40
gone moment 2 of 3
type \
expect moment 2 of 3  2026-03-01 12:01:40
size 100 24
expect moment 2 of 3  2026-03-01 12:01:40  ─────▼──────
key q
exit 0
END

# Twelve moments, of which the counter falls in each that is earlier: a jump of ten ends at the first one.
for ((i = 10; i < 22; i++)); do
	moment "0:$i" $((i * 1000000)) | sed "s/\"local_port\": 8000/\"local_port\": 90$i/"
done >"$tmp/twelve"
play "a jump by ten moments" --from="$tmp/twelve" --live <<'END'
size 120 40
expect moment 12 of 12  2026-03-01 12:00:21
type {
expect moment 2 of 12  2026-03-01 12:00:11
expect 9011
# Going back the counter falls: no rate.
expect rx -
type )
expect moment 3 of 12  2026-03-01 12:00:12
expect 9012
expect rx 1.9M/s
type (
type {
expect moment 1 of 12  2026-03-01 12:00:10
type {
expect This is the earliest moment.
type }
expect moment 11 of 12  2026-03-01 12:00:20
type }
expect moment 12 of 12  2026-03-01 12:00:21
type }
expect This is the latest moment.
key q
exit 0
END

# Two hosts, of which the first one's document is older: the newest moment of each is shown.
{
	moment 0:00 1
	moment 1:40 1 | sed 's/elsewhere/db07/g'
} >"$tmp/hosts"
play "moments of several hosts" --from="$tmp/hosts" --live <<'END'
size 120 40
expect moment 2 of 2  2026-03-01 12:01:40
expect db07
expect listen 4
type (
expect moment 1 of 2  2026-03-01 12:00:00
# Rows that are gone stay for a while, but are not counted.
expect listen 2
key q
exit 0
END

play "one moment has no other" --from="$tmp/document" --live <<'END'
size 120 40
row 8000
type )
expect There are no other moments
key q
exit 0
END

# Without documents the keys only say so: the view stays live, and its rows stay.
"$sockets" web tcp-listen:port=8000
play "there are no moments without documents" --interval=0.1 <<'END'
size 120 40
row 8000
type (
expect There are no other moments; give more documents with --from.
type {
expect There are no other moments; give more documents with --from.
type })
expect There are no other moments; give more documents with --from.
row 8000
expect LIVE
gone moment 1
run $sockets later tcp-listen:port=8002
expect 8002
run $sockets later
key q
exit 0
END
"$sockets" web

finish
