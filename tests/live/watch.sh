#!/bin/bash
# --watch: what separates the listings, and which signals end it and when.
looks_for_leaks=yes
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

start_helper "$BUILDDIR/tests/bench/populate" -c 3000 -l 10 -p 4

# has_listings N FILE BYTE: are there so many of these in it?
has_listings() {
	# shellcheck disable=SC2317 # called through wait_for
	[ "$(tr -cd "$3" <"$2" | wc -c)" -ge "$1" ]
}

has_ended() {
	# shellcheck disable=SC2317 # called through wait_for
	! kill -0 "$watcher" 2>/dev/null
}

# watch_to FILE OPTION...: with the signals as in a shell that one types into; a script's are ignored.
watch_to() {
	local file=$1

	shift
	# Nothing to look at before the program has opened it.
	: >"$file"
	env --default-signal=INT,HUP,TERM "$PORTSTAT" --watch=0.1 "$@" >"$file" 2>"$tmp/err" &
	watcher=$!
}

# end_with SIGNAL STATUS
end_with() {
	local got=0

	kill -"$1" "$watcher"
	wait_for "the end of --watch after $1" has_ended
	wait "$watcher" || got=$?
	expect "exit status after $1" "$2" "$got"
	expect_lines "quietly" 0 "$tmp/err"
}

# ---- between two listings -----------------------------------------------------------------------

watch_to "$tmp/table" -H -l 8000
wait_for "three tables" has_listings 5 "$tmp/table" '\n'
end_with TERM 0
expect "a blank line" "" "$(sed -n 2p "$tmp/table")"

watch_to "$tmp/nul" -l -0 --columns=local_port 8000
wait_for "three listings" has_listings 5 "$tmp/nul" '\0'
end_with TERM 0
expect "no newline among the NULs" 0 "$(tr -cd '\n' <"$tmp/nul" | wc -c)"
expect "an empty record" "8000||8000||" "$(head -c12 "$tmp/nul" | tr '\0' '|')"

watch_to "$tmp/csv" -l --csv --columns=local_port 8000
wait_for "three listings" has_listings 8 "$tmp/csv" '\n'
end_with TERM 0
expect "lines that do not end in CR LF" 0 "$(grep -cv $'\r$' "$tmp/csv")"
expect "a blank line" $'\r' "$(sed -n 3p "$tmp/csv")"

# ---- signals ------------------------------------------------------------------------------------

# A listing is whole when one comes, and the status is the last one's.
for signal in INT TERM HUP; do
	watch_to "$tmp/json" -a --json
	wait_for "a document" has_listings 1 "$tmp/json" '\n'
	end_with "$signal" 0
	checks=$((checks + 1))
	tail -n1 "$tmp/json" | "$python" -m json.tool >/dev/null || fail "the last document is cut after $signal"
done
watch_to "$tmp/json" -l --json 9
wait_for "a document" has_listings 1 "$tmp/json" '\n'
end_with INT 1

# What was ignored before stays so: nohup(1), and a script's background jobs.
for signal in INT HUP; do
	: >"$tmp/json"
	(
		trap '' "$signal"
		exec "$PORTSTAT" --watch=0.1 -l --json 8000 >"$tmp/json" 2>"$tmp/err"
	) &
	watcher=$!
	wait_for "a document" has_listings 1 "$tmp/json" '\n'
	kill -"$signal" "$watcher"
	n=$(wc -l <"$tmp/json")
	wait_for "more documents after an ignored $signal" has_listings $((n + 3)) "$tmp/json" '\n'
	end_with TERM 0
done

# A reader that has fallen asleep: the listing does not fit into the pipe.
takes_nothing() {
	# shellcheck disable=SC2317 # called through wait_for
	"$python" -c 'import select; exit(bool(select.select([], [1], [], 0)[1]))' >"$tmp/pipe"
}
for signal in INT TERM HUP; do
	mkfifo "$tmp/pipe"
	exec {reader}<>"$tmp/pipe"
	env --default-signal=INT,HUP,TERM "$PORTSTAT" --watch=0.1 -a --json >"$tmp/pipe" 2>"$tmp/err" &
	watcher=$!
	wait_for "a full pipe" takes_nothing
	end_with "$signal" 0
	exec {reader}>&-
	rm "$tmp/pipe"
done

finish
