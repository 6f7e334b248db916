#!/bin/bash
# Documents in the live view: rows, filter, details, host and time in the title, and keys that say no.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit

"$sockets" web --process=web tcp-listen:port=8000 tcp-pair:addr=127.0.0.1,port=8001
"$PORTSTAT" -a --json | sed 's/"host": "[^"]*"/"host": "elsewhere"/g; s/"time": "[^"]*"/"time": "2026-03-01T12:00:00.500Z"/' >"$tmp/document"
sed 's/elsewhere/other/g' "$tmp/document" >"$tmp/second"
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

finish
