#!/bin/bash
# Metrics for Prometheus, and files that are replaced as a whole (--output).
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

start_helper "$BUILDDIR/tests/bench/populate" -c 3000 -l 10 -p 2

# ---- metrics ------------------------------------------------------------------------------------

"$PORTSTAT" --metrics >"$tmp/many" 2>"$tmp/err"
run 0 "$PORTSTAT" --metrics -t
expect_match "connections are counted" '^portstat_sockets\{proto="tcp",family="inet",state="established"\} [0-9]+$' "$tmp/out"
expect_match "the time" '^portstat_timestamp_seconds 1[0-9]{9}\.[0-9]{3}$' "$tmp/out"
expect "no peer, pid or cookie" "" "$(grep -E "(peer|pid|cookie|rport)=" "$tmp/out")"

# The sums are those of the listing.
cat >"$tmp/sums.py" <<'END'
import json, re, sys

metrics, document = open(sys.argv[1]).read(), json.load(open(sys.argv[2]))
wanted = {}
for s in document["sockets"]:
    key = s["proto"], s["family"], s["state"]
    wanted[key] = wanted.get(key, 0) + 1
got = {}
for proto, family, state, n in re.findall(
        r'^portstat_sockets\{proto="(.*)",family="(.*)",state="(.*)"\} (\d+)$', metrics, re.M):
    got[proto, family, state] = int(n)
sys.exit(got != wanted and f"{got} instead of {wanted}")
END
"$PORTSTAT" -am --json >"$tmp/document" 2>"$tmp/err"
run 0 "$python" "$tmp/sums.py" "$tmp/many" "$tmp/document"

series() {
	grep -vc '^#' "$1"
}

"$PORTSTAT" --metrics 'state listen or port 1025-1100' >"$tmp/few" 2>"$tmp/err"
expect "more connections are no more series" "$(series "$tmp/few")" "$(series "$tmp/many")"

# The format: each metric once, with help and type before its numbers, and no series twice.
cat >"$tmp/format.py" <<'END'
import re, sys

name, metrics, series = None, set(), set()
label = r'[a-z_]+="(?:[^"\\\n]|\\["\\n])*"'
for line in sys.stdin.read().split("\n")[:-1]:
    if m := re.fullmatch(r"# HELP (\w+) \S.*\.?", line):
        name, kind = m[1], None
        if name in metrics:
            sys.exit(f"twice: {line}")
        metrics.add(name)
    elif m := re.fullmatch(r"# TYPE (\w+) (gauge|counter)", line):
        kind = m[2]
        if m[1] != name or (kind == "counter") != name.endswith("_total"):
            sys.exit(f"type: {line}")
    elif m := re.fullmatch(r"(\w+)(\{%s(?:,%s)*\})? [0-9.]+" % (label, label), line):
        if m[1] != name or not kind or line.rsplit(" ", 1)[0] in series:
            sys.exit(f"out of place: {line}")
        series.add(line.rsplit(" ", 1)[0])
    else:
        sys.exit(f"not understood: {line}")
END
run 0 "$python" "$tmp/format.py" <"$tmp/many"

# Of several hosts each series says which one is meant; the sums are those of each.
sed -e 's/"host": "[^"]*"/"host": "web1"/g' "$tmp/document" >"$tmp/web1"
sed -e 's/"host": "[^"]*"/"host": "web2"/g' -e 's/"time": "[0-9-]*/"time": "2020-01-01/' \
	-e 's/"complete": true, "problems": \[\]/"complete": false, "problems": [{"code": "cut-short", "proto": "tcp", "host": null, "netns": null, "fields": [], "message": "some are missing"}]/' \
	"$tmp/document" >"$tmp/web2"
run 0 "$PORTSTAT" --from="$tmp/web1" --from="$tmp/web2" --metrics
cp "$tmp/out" "$tmp/hosts"
run 0 "$python" "$tmp/format.py" <"$tmp/hosts"
expect "series that do not name a host" "" "$(grep -v '^#' "$tmp/hosts" | grep -v '{host="web[12]"')"
expect "as many of either" "$(grep -c 'host="web1"' "$tmp/hosts")" "$(grep -c 'host="web2"' "$tmp/hosts")"
expect "which one is incomplete" $'portstat_complete{host="web1"} 1\nportstat_complete{host="web2"} 0' \
	"$(grep '^portstat_complete' "$tmp/hosts")"
expect_match "when that was read" '^portstat_timestamp_seconds[{]host="web2"[}] 15[0-9]{8}[.]' "$tmp/hosts"

if command -v promtool >/dev/null; then
	for metrics in many hosts; do
		run 0 promtool check metrics <"$tmp/$metrics"
		expect_lines "promtool has nothing to say of $metrics" 0 "$tmp/out"
		expect_lines "nor to complain of" 0 "$tmp/err"
	done
else
	left_out "there is no promtool to check the format"
fi

# ---- files --------------------------------------------------------------------------------------

folder=$tmp/folder
mkdir "$folder"
# names: what stands in the folder
names() {
	(cd "$folder" && find . -mindepth 1 | sort | tr '\n' ' ')
}

for format in "" --json --jsonl --csv --metrics -s -0; do
	rm -f "$folder/result"
	# shellcheck disable=SC2086 # an option or none
	(umask 027 && run 0 "$PORTSTAT" -l $format --output="$folder/result")
	expect "only the file stands there: $format" "./result " "$(names)"
	expect "its mode is the umask's: $format" 640 "$(stat -c %a "$folder/result")"
	# shellcheck disable=SC2086 # an option or none
	"$PORTSTAT" -l $format 2>"$tmp/err" | sed 's/"time": "[^"]*"//; /^portstat_timestamp/d' >"$tmp/printed"
	sed 's/"time": "[^"]*"//; /^portstat_timestamp/d' "$folder/result" >"$tmp/written"
	run 0 cmp "$tmp/printed" "$tmp/written"
done

chmod 604 "$folder/result"
before=$(stat -c %i "$folder/result")
run 0 "$PORTSTAT" -l --output="$folder/result"
expect "the old file's mode stays" 604 "$(stat -c %a "$folder/result")"
expect "it is another file" yes "$([ "$before" != "$(stat -c %i "$folder/result")" ] && echo yes)"
(cd "$folder" && run 0 "$PORTSTAT" -l --output=here)
expect "without a folder it is the current one" yes "$([ -s "$folder/here" ] && echo yes)"
rm -f "$folder/here"
# The statuses are those of the listing.
run 1 "$PORTSTAT" -l 1 --output="$folder/result"

# What was there stays where the new content cannot be written.
echo old >"$folder/result"
small_files() {
	# shellcheck disable=SC2317 # called through run
	(ulimit -f 1 && exec "$PORTSTAT" "$@")
}
run 4 small_files -a --output="$folder/result"
expect_match "which file" "cannot write '$folder/result': File too large" "$tmp/err"
expect "the old content stays" old "$(cat "$folder/result")"
expect "nothing else is left" "./result " "$(names)"

ln -s result "$folder/link"
mkfifo "$folder/pipe"
mkdir "$folder/inner"
for name in link pipe inner; do
	run 4 "$PORTSTAT" -l --output="$folder/$name"
	expect_match "no regular file: $name" "cannot write '$folder/$name': it is not a regular file" "$tmp/err"
done
run 4 "$PORTSTAT" -l --output="$folder/none/result"
expect_match "no folder" "cannot write '$folder/none/result': No such file" "$tmp/err"
run 4 "$PORTSTAT" -l --output="$folder/"
expect_match "a folder" "cannot write '$folder/': Is a directory" "$tmp/err"
run 4 "$PORTSTAT" -l --output=
expect_match "no name" "cannot write '': No such file" "$tmp/err"
rm "$folder/link" "$folder/pipe"
rmdir "$folder/inner"

# A reader never finds a part: each document that it gets is whole.
cat >"$tmp/reader.py" <<'END'
import json, os, sys, time

path, seen = sys.argv[1], set()
end = time.monotonic() + 20
while len(seen) < 5:
    with open(path) as f:
        text = f.read()
    seen.add(json.loads(text)["time"])
    if time.monotonic() > end:
        sys.exit(f"only {len(seen)} documents")
END
run 0 "$PORTSTAT" -a --json --output="$folder/result"
"$PORTSTAT" -a --json --watch=0.1 --output="$folder/result" >"$tmp/watched" 2>"$tmp/err" &
watching=$!
run 0 "$python" "$tmp/reader.py" "$folder/result"
kill "$watching"
wait "$watching"
expect "nothing is printed beside it" 0 "$(stat -c %s "$tmp/watched")"

finish
