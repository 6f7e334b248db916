#!/bin/bash
# Filters from files, and the hint for a pid that was given in place of a port.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

open_sockets tcp-listen:port=8080 tcp-listen:port=8081 udp:port=53

# ports ARGUMENT...: the local ports that are listed, in one line.
ports() {
	"$PORTSTAT" -lH --columns=local_port "$@" 2>"$tmp/err" | xargs
}

# ---- -F -----------------------------------------------------------------------------------------

printf '# web servers\n\tlport 8080-8089 # all of them\nand\n\nproto tcp\n' >"$tmp/web"
expect "a file" "8080 8081" "$(ports -F "$tmp/web")"
expect "the rest of a word" "8080 8081" "$(ports -tF"$tmp/web")"
expect "a file after words" 8081 "$(ports --filter="$tmp/web" not lport 8080)"
echo 'not lport 8081' >"$tmp/less"
expect "two files" 8080 "$(ports -F "$tmp/web" --filter "$tmp/less")"
expect "standard input" 8080 "$(ports -F "$tmp/web" -F - <"$tmp/less")"
expect "a pipe" "8080 8081" "$(ports -F - < <(cat "$tmp/web"))"
mkfifo "$tmp/fifo"
cat "$tmp/web" >"$tmp/fifo" &
expect "a fifo" "8080 8081" "$(ports -F "$tmp/fifo")"
wait "$!"
printf 'lport 53\r\n# no line end' >"$tmp/dos"
expect "line ends of other systems" 53 "$(ports -F "$tmp/dos")"
printf '# nothing\n\n' >"$tmp/comments"
expect "comments alone" "8080 8081 53" "$(ports -F "$tmp/comments")"
run 0 "$PORTSTAT" --explain-filter -F "$tmp/web" uid 0
expect "words come first" "filter: uid 0 and lport 8080-8089 and proto tcp" "$(head -1 "$tmp/out")"

# A # belongs to a value where it stands in quotes or within a word.
printf 'proc "a #b" or proc c#d or proc "#" # or proc e\n' >"$tmp/quoted"
run 0 "$PORTSTAT" --explain-filter -F "$tmp/quoted"
expect "what is a comment" 'filter: proc "a #b" or proc "c#d" or proc #' "$(head -1 "$tmp/out" | sed 's/"#"/#/')"

# The file makes it a listing, and -F - takes nothing that the live view would need.
run 1 "$PORTSTAT" -F "$tmp/dos" -t
run 4 "$PORTSTAT" -F "$tmp"
expect_match "a directory" 'Is a directory' "$tmp/err"
run 4 "$PORTSTAT" -F /dev/zero
expect_match "what has no end" 'longer than 4 MiB' "$tmp/err"
run 2 "$PORTSTAT" -F <(printf 'lport 80\nlport 81\n\n  lport x-y # here\n')
expect_match "file and line" "^portstat: filter: /dev/fd/[0-9]+:4: 'x-y'" "$tmp/err"
expect_match "the line without its comment's neighbours" '^    lport x-y' "$tmp/err"
run 2 "$PORTSTAT" -F "$tmp/web" 'lport x-y'
expect_match "on the command line there is no file" "^portstat: filter: 'x-y'" "$tmp/err"
: >"$tmp/nothing"
run 2 "$PORTSTAT" -F "$tmp/nothing" lport
expect_match "an end that is on the command line" "^portstat: filter: at the end" "$tmp/err"

# ---- -p PID -------------------------------------------------------------------------------------

run 1 "$PORTSTAT" -tlnp $$
expect "the process that was meant" \
	"portstat: no socket has port $$; for the sockets of process $$ write: portstat 'pid $$'" "$(cat "$tmp/err")"
run 0 "$PORTSTAT" -tlnp 8080
expect_lines "a port that is there" 0 "$tmp/err"
run 1 "$PORTSTAT" -tlnp 65533
expect_lines "neither a port nor a process" 0 "$tmp/err"
run 1 "$PORTSTAT" -tlnqp $$
expect_lines "nothing with -q" 0 "$tmp/err"

# ---- what would be silent -----------------------------------------------------------------------

for words in "--watch 5" "--watch 1 80" "-l --watch 8080"; do
	read -ra arguments <<<"$words"
	run 2 timeout 10 "$PORTSTAT" "${arguments[@]}"
	expect_match "$words says how to write it" "write '--watch=${arguments[-1]}'|--watch=1'" "$tmp/err"
done
for words in "--port=80 443" "--port 80 443-445 -l" "-l 443 --local-port=80"; do
	read -ra arguments <<<"$words"
	run 2 "$PORTSTAT" "${arguments[@]}"
	expect_match "$words says how to write it" 'port=80,443' "$tmp/err"
done
run 0 "$PORTSTAT" -l --port=8080,8081 proto tcp
finish
