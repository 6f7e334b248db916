#!/bin/bash
# Where an owner comes from: its parent and ancestors, when it was started, its executable and its
# working directory, as the kernel has them; and what of it others may see.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

columns=local_port,owners.pid,owners.name,owners.ppid,owners.started,owners.cwd,owners.exe,owners.ancestors

# A server in a folder that is gone, whose program is replaced while it runs, below two more shells.
mkdir "$tmp/gone"
cp "$BUILDDIR/tests/live/opensock" "$tmp/server"
before=$(date +%s)
# shellcheck disable=SC2016 # for the shells
start_helper "$BASH" -c 'cd "$1/gone" && "$BASH" -c '\''"$1/server" tcp-listen:port=8080; exit'\'' inner "$1"; exit' \
	outer "$tmp"
after=$(date +%s)
rmdir "$tmp/gone"
rm "$tmp/server"

run 0 "$PORTSTAT" -l 8080 --json --columns="$columns"
"$python" - "$tmp/out" "$tmp" $$ "$before" "$after" >"$tmp/said" 2>&1 <<'END' || { cat "$tmp/said"; fail "what is said of an owner"; }
import datetime
import json
import os
import sys

document, folder, ours, before, after = sys.argv[1:]
row, = json.load(open(document, encoding="utf-8"))["sockets"]
owner, = row["owners"]
assert list(owner) == ["pid", "name", "ppid", "started", "cwd", "exe", "ancestors"], owner
assert owner["cwd"] == os.readlink(f"/proc/{owner['pid']}/cwd") == f"{folder}/gone (deleted)", owner
assert owner["exe"] == os.readlink(f"/proc/{owner['pid']}/exe") == f"{folder}/server (deleted)", owner

def parent_of(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("PPid:"))

chain, pid = [], owner["pid"]
assert owner["ppid"] == parent_of(pid), owner
while parent_of(pid):
    pid = parent_of(pid)
    chain.insert(0, {"pid": pid, "name": open(f"/proc/{pid}/comm", encoding="utf-8").read()[:-1]})
assert owner["ancestors"] == chain, (owner, chain)
assert int(ours) in [one["pid"] for one in chain], chain

# The kernel tells the time of boot in whole seconds, rounded down.
started = datetime.datetime.fromisoformat(owner["started"].replace("Z", "+00:00")).timestamp()
assert int(before) - 2 <= started <= int(after) + 1, (owner, before, after)
END
checks=$((checks + 1))

# Only what is chosen: a document without columns has none of it.
run 0 "$PORTSTAT" -l 8080 --json
rows check "$tmp/out"
run 0 "$PORTSTAT" -l 8080 --json --columns=+owners.ppid,-owners.cmdline
expect_match "a key more, a key less" '"via": "fd", "ppid": [0-9]+}' "$tmp/out"

# As filters, and as text.
run 0 "$PORTSTAT" -l "owners.exe */server*" --columns=local_port,owners.ancestors -H
expect_match "the chain as text" '^8080 .*bash\[[0-9]+\] > bash\[[0-9]+\]$' "$tmp/out"
run 1 "$PORTSTAT" -l "owners.ancestors opensock"
run 0 "$PORTSTAT" -l "owners.ancestors bash and owners.ppid > 1 and owners.cwd ~ .deleted.$"
run 0 "$PORTSTAT" -l 8080 --sort=-owners.started,owners.ancestors

# A recording knows no owners.
run 0 "$PORTSTAT" -l --record="$tmp/recording"
run 0 "$PORTSTAT" -l --replay="$tmp/recording" --jsonl --columns=owners.exe,owners.ancestors
expect "of a recording" '{"owners": []}' "$(cat "$tmp/out")"

# Somebody else sees neither the process nor what is below it.
if ! is_real_root; then
	left_out "another user's view, and what capabilities change in it: it takes root"
	stop_helper
	finish
fi
need setpriv
cp "$PORTSTAT" "$tmp/portstat"
as_other=(setpriv --reuid=65534 --regid=65534 --clear-groups)
run 0 "${as_other[@]}" "$tmp/portstat" -l 8080 --jsonl --columns=owners.exe,owner_note
expect "another user's view" '{"owners": [], "owner_note": "hidden"}' "$(cat "$tmp/out")"

# Who may load BPF programs but not trace finds the owner, and may not follow its links.
may_bpf=("${as_other[@]}" '--inh-caps=+bpf,+perfmon' '--ambient-caps=+bpf,+perfmon')
if "${may_bpf[@]}" "$tmp/portstat" -l 8080 --owners=bpf >"$tmp/out" 2>"$tmp/err" &&
	grep -q 'server\[' "$tmp/out"; then
	run 0 "${may_bpf[@]}" "$tmp/portstat" -l 8080 --owners=bpf --jsonl \
		--columns=owners.name,owners.exe,owners.cwd
	expect "links that are hidden" '{"owners": [{"name": "server", "exe": null, "cwd": null}]}' \
		"$(cat "$tmp/out")"
	run 1 "${may_bpf[@]}" "$tmp/portstat" -l "owners.exe */server*" --owners=bpf
	expect_match "a test that cannot be made" 'could not be tested.*hidden' "$tmp/err"
	run 0 "${may_bpf[@]}" "$tmp/portstat" -l "owners.ancestors bash" --owners=bpf
else
	left_out "owners found by BPF without the right to trace them: $(head -1 "$tmp/err")"
fi
stop_helper
finish
