#!/bin/bash
# What is expected: rows as filters (--as-filters), rows that no filter of a file expects (--except),
# and filters that match no row (--missing).
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"

# shellcheck disable=SC2054 # the commas belong to the words
population=(
	--process=nginx tcp-listen:addr=0.0.0.0,port=8000 tcp-listen:addr=::,port=8001 tcp-listen:addr=::,port=8002,v6only=1
	--process='a "b" c' udp:addr=127.0.0.1,port=8003
	--process=$'new\nline' tcp-listen:addr=127.0.0.1,port=8004
	--process=$'\xff[1]*?' udp:addr=::1,port=8005
	--process='# no' tcp-listen:addr=127.0.0.2,port=8006
	--process=listen tcp-listen:addr=127.0.0.1,port=8007,reuseport=1,count=3
	--process='back\slash' tcp-listen:addr=127.0.0.1,port=40000
)

expected=$tmp/expected
open_sockets "${population[@]}"
run 0 "$PORTSTAT" -l --as-filters
cp "$tmp/out" "$expected"
expect_lines "a line a port: the members of a group are one" 9 "$expected"
expect_match "where it is and who holds it" \
	'^proto tcp and state listen and laddr 0\.0\.0\.0 and lport 8000 and proc nginx$' "$expected"
expect_match "an ephemeral port comes again as another" 'lport ephemeral and proc "back\\\\slash"$' "$expected"
expect "nothing that a restart changes" "" "$(grep -E 'pid|inode|cookie|40000' "$expected")"

# each line finds rows
while IFS= read -r line; do
	run 0 "$PORTSTAT" -lq "$line"
done <"$expected"

# The processes of the helper end after it.
# shellcheck disable=SC2317 # wait_for calls it
nothing_listens() {
	! "$PORTSTAT" -lq --owners=none
}

close_all() {
	stop_helper
	wait_for "the end of the population" nothing_listens
}

as_expected() {
	run 1 "$PORTSTAT" -l -H --except="$expected"
	expect_lines "nothing else listens: $1" 0 "$tmp/out"
	run 1 "$PORTSTAT" -l --missing="$expected"
	expect_lines "nothing is missing: $1" 0 "$tmp/out"
	expect_lines "without a word: $1" 0 "$tmp/err"
}
as_expected "at once"
close_all
population[${#population[@]} - 1]=tcp-listen:addr=127.0.0.1,port=40017
open_sockets "${population[@]}"
as_expected "after a restart, with other pids and another ephemeral port"
close_all

# What differs: one that has moved to all addresses, another process, a new port; and one is gone.
population[1]=tcp-listen:addr=127.0.0.1,port=8000
population[4]=--process=other
open_sockets "${population[@]}" --process=redis tcp-listen:addr=0.0.0.0,port=6379
run 0 "$PORTSTAT" -l -H --except="$expected" --columns=local,owners.name
expect "what nobody expects" "0.0.0.0:6379 redis 127.0.0.1:8000 nginx 127.0.0.1:8003 other" \
	"$(tr -s ' ' <"$tmp/out" | sort | tr '\n' ' ' | sed 's/ $//')"
run 0 "$PORTSTAT" -l --missing="$expected"
grep -E 'lport 800[03] ' "$expected" >"$tmp/gone"
expect_same "the lines of what is not there" "$tmp/gone" "$tmp/out"

# A file that people wrote.
cat >"$tmp/edited" <<'END'
# all of the web
lport 8000-8099 and not proc redis   # a range
	lport ephemeral

lport 9 and proc "# x"
END
run 0 "$PORTSTAT" -l -H --except="$tmp/edited" --columns=local_port
expect "the one that is left" 6379 "$(tr -d ' ' <"$tmp/out")"
run 0 "$PORTSTAT" -l --missing="$tmp/edited"
expect "without its comment" 'lport 9 and proc "# x"' "$(cat "$tmp/out")"
run 0 "$PORTSTAT" -l --except=- <"$tmp/edited"
run 1 "$PORTSTAT" -l 8000-8099 --except="$tmp/edited"
run 0 "$PORTSTAT" -l --except=- </dev/null
run 1 "$PORTSTAT" -l --missing=- </dev/null
run 0 "$PORTSTAT" -l --json --except="$tmp/edited"
expect "one socket in JSON" 1 "$(grep -c '"proto": "tcp"' "$tmp/out")"

# For cron: status 1 if all is as expected.
run 0 "$PORTSTAT" -lq --strict --except="$tmp/edited"
echo 'lport 6379 and proc redis' >>"$tmp/edited"
run 1 "$PORTSTAT" -lq --strict --except="$tmp/edited"

# What this user cannot see is neither expected nor missing.
if is_real_root; then
	chmod 644 "$tmp/edited" "$expected"
	as_nobody() {
		# shellcheck disable=SC2317 # called through run
		setpriv --reuid=65534 --regid=65534 --clear-groups "$PORTSTAT" "$@"
	}
	run 0 as_nobody -l -H --except="$tmp/edited"
	expect_match "a port whose owner is hidden is listed" ':6379 ' "$tmp/out"
	run 3 as_nobody -lq --strict --except="$tmp/edited"
	echo 'lport 6379 and proc other' >"$tmp/hidden"
	run 1 as_nobody -l --missing="$tmp/hidden"
	expect_match "it is told" 'could not be tested for "proc other"' "$tmp/err"
	run 3 as_nobody -l --strict --missing="$tmp/hidden"
	# By its place alone it can be expected.
	echo 'lport 6379 or lport 8000-8099 or lport ephemeral' >"$tmp/places"
	run 1 as_nobody -l --except="$tmp/places"
else
	left_out "nobody else to be"
fi

# Mistakes name the file and the line.
printf 'lport 80\n\n  state lisen\n' >"$tmp/wrong"
for option in except missing; do
	run 2 "$PORTSTAT" -l --$option="$tmp/wrong"
	expect_match "the line of --$option" "filter: $tmp/wrong:3: 'lisen'" "$tmp/err"
	expect "its caret" '          ^' "$(sed -n 3p "$tmp/err")"
	run 4 "$PORTSTAT" -l --$option="$tmp/none"
	expect_match "no file of --$option" "cannot read the filter from '$tmp/none': No such file" "$tmp/err"
done

finish
