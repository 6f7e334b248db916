#!/bin/bash
# Output that cannot be written and sockets that cannot be read: exit statuses and messages as
# documented, never a crash and never a silent success.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

start_helper "$BUILDDIR/tests/bench/populate" -c 3000 -l 10 -p 4
formats=("" --json --jsonl -H)

# A reader that goes away is no error, whether the rest was written or not.
for format in "${formats[@]}"; do
	for reader in "head -n1" "head -c1" true; do
		# shellcheck disable=SC2086 # options and a command in words
		{
			"$PORTSTAT" -a $format 2>"$tmp/err"
			echo $? >"$tmp/status"
		} | $reader >/dev/null
		expect "exit status of portstat -a $format | $reader" 0 "$(cat "$tmp/status")"
		expect_lines "quietly" 0 "$tmp/err"
	done
done

# A full disk, and no standard output at all.
for format in "${formats[@]}"; do
	# shellcheck disable=SC2086 # options in words
	{
		got=0
		"$PORTSTAT" -a $format 2>"$tmp/err" >/dev/full || got=$?
		expect "exit status on a full disk: $format" 4 "$got"
		expect_lines "one line says so: $format" 1 "$tmp/err"
		got=0
		"$PORTSTAT" -a $format 2>"$tmp/err" >&- || got=$?
		expect "exit status without standard output: $format" 4 "$got"
		expect_lines "one line says so: $format" 1 "$tmp/err"
	}
done
# One row fits into every buffer: the error comes when it is written out at the end.
got=0
"$PORTSTAT" -l 8000 2>"$tmp/err" >/dev/full || got=$?
expect "exit status of a short listing on a full disk" 4 "$got"
expect_lines "one line says so" 1 "$tmp/err"
# With nothing to print there is nothing that can fail to be written.
got=0
"$PORTSTAT" -q -l 8000 >&- 2>"$tmp/err" || got=$?
expect "exit status of -q without standard output" 0 "$got"
# Nor does closed standard error or input change the result.
got=0
"$PORTSTAT" -l 8000 >"$tmp/out" 2>&- <&- || got=$?
expect "exit status with only standard output" 0 "$got"
expect_lines "the headings and a row" 2 "$tmp/out"

# A recording that is not whole is a result that was not written, be it cut at once or at the end, on a
# full disk or where files may grow no further.
small_files() {
	# shellcheck disable=SC2317 # called through run
	(ulimit -f 1 && exec "$PORTSTAT" "$@")
}
run 4 "$PORTSTAT" -a -q --record=/dev/full
expect_match "which error it was" "cannot write '/dev/full': No space" "$tmp/err"
run 4 "$PORTSTAT" -l 8000 --record=/dev/full
expect_lines "the listing itself" 2 "$tmp/out"
expect_lines "one line says so" 1 "$tmp/err"
run 4 "$PORTSTAT" -l 8000 --watch --record=/dev/full
expect_lines "the first listing is the last" 2 "$tmp/out"
run 4 small_files -a -q --record="$tmp/cut.nl"
expect_match "which error it was" "cannot write .*cut.nl': File too large" "$tmp/err"
ln -s /dev/full "$tmp/"$'\e[31mfull'
run 4 "$PORTSTAT" -l 8000 --record="$tmp/"$'\e[31mfull'
expect_match "the name is made visible" '/\\x1b\[31mfull.: No space' "$tmp/err"
run 0 "$PORTSTAT" -l 8000 --record="$tmp/whole.nl"
expect_lines "nothing to say" 0 "$tmp/err"

# No processes to be found: the sockets are listed, their owners are not, and that is said.
mkdir "$tmp/empty"
run 0 "$PORTSTAT" -a --json --owners=proc --proc-root="$tmp/empty"
cp "$tmp/out" "$tmp/no-proc.json"
expect_lines "one line says so" 1 "$tmp/err"
expect "sockets without /proc" 6010 "$(rows select "$tmp/no-proc.json" proto=tcp -- local_port | wc -l)"
expect_match "the listing is not whole" '"complete": *false' "$tmp/no-proc.json"
run 3 "$PORTSTAT" -a --strict --owners=proc --proc-root="$tmp/empty"
run 4 "$PORTSTAT" -a --proc-root="$tmp/absent"
expect_lines "nothing on standard output" 0 "$tmp/out"
expect_match "the folder is named" "absent" "$tmp/err"
# Sockets themselves come from there with the fallback.
run 4 "$PORTSTAT" -a --source=procfs --proc-root="$tmp/empty"
expect_lines "nothing on standard output" 0 "$tmp/out"
expect_match "a line says so" . "$tmp/err"

# The same where /proc itself is empty; a sanitizer takes its own options from there.
empty_proc() {
	# shellcheck disable=SC2317 # called through run
	in_own_mounts sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$PORTSTAT" --owners=proc "$@"
}
if ! grep -q __asan_init "$PORTSTAT"; then
	run 0 empty_proc -a --json
	rows check "$tmp/out"
	expect_lines "one line says so" 1 "$tmp/err"
	run 3 empty_proc -l --strict
fi

finish
