#!/bin/bash
# Translations: with catalogues installed in the build directory, headings and sentences are German
# in a German locale, with correct plural forms; output for programs is never translated.
#
# PORTSTAT_INSTALLED is the program built to use those catalogues; a caller that sets it has
# installed them.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
make_tmp
[ "$(printf '\1\0' | od -An -td2 | tr -d ' ')" = 1 ] || skip "the recordings are little-endian"
need make

if [ -z "${PORTSTAT_INSTALLED-}" ]; then
	PORTSTAT_INSTALLED=$BUILDDIR/tests/golden/portstat
	env -u MAKEFLAGS -u MAKELEVEL make -C "$BUILDDIR/po" -s install \
		prefix="$BUILDDIR/tests/golden/installed" >"$tmp/log" 2>&1 ||
		give_up "the catalogues are not installed: $(cat "$tmp/log")"
fi
make_locales de_DE

recording=$SRCDIR/tests/data/busy.nl
# shellcheck disable=SC2317 # called through run
german() {
	LC_ALL=de_DE.UTF-8 LANGUAGE=de "$PORTSTAT_INSTALLED" "$@"
}
# shellcheck disable=SC2317 # called through run
english() {
	LC_ALL=de_DE.UTF-8 LANGUAGE=en "$PORTSTAT_INSTALLED" "$@"
}
settle() {
	sed -E -e 's/"time": ?"[^"]*"/"time":"-"/g' "$1"
}

run 0 german -a --replay="$recording"
cp "$tmp/out" "$tmp/german.txt"
run 0 english -a --replay="$recording"
cp "$tmp/out" "$tmp/english.txt"
expect_match "German headings" '^PROTO +STATUS +LOKAL +GEGENSTELLE +DIENST +BENUTZER +PROZESS' \
	<(head -n1 "$tmp/german.txt")
expect_match "English headings" '^PROTO +STATE +LOCAL +PEER +SERVICE +USER +PROCESS' \
	<(head -n1 "$tmp/english.txt")
# The rows are the same, but for the widths of the columns.
squeeze() {
	tail -n +2 "$1" | tr -s ' '
}
expect_same "rows in German" <(squeeze "$tmp/english.txt") <(squeeze "$tmp/german.txt")

# What programs read.
for format in --json --jsonl; do
	run 0 english -a --replay="$recording" "$format"
	settle "$tmp/out" >"$tmp/english"
	run 0 german -a --replay="$recording" "$format"
	settle "$tmp/out" >"$tmp/german"
	expect_same "$format in German" "$tmp/english" "$tmp/german"
done

# Sentences, and the usage error with its caret.
run 2 german -l 22-21
cp "$tmp/err" "$tmp/german"
run 2 english -l 22-21
expect "another sentence for another language" 1 "$(diff -q "$tmp/err" "$tmp/german" >/dev/null; echo $?)"
expect_match "the word stays" '22-21' "$tmp/german"
run 0 german --help
cp "$tmp/out" "$tmp/german"
run 0 english --help
expect "help in another language" 1 "$(diff -q "$tmp/out" "$tmp/german" >/dev/null; echo $?)"
checks=$((checks + 1))
[ "$(LC_ALL=C.UTF-8 wc -L <"$tmp/german")" -le 80 ] || fail "a line of the help is wider than 80 columns"
run 0 german -h
expect "lines of -h beyond 24" "" "$(tail -n +25 "$tmp/out")"
checks=$((checks + 1))
[ "$(LC_ALL=C.UTF-8 wc -L <"$tmp/out")" -le 80 ] || fail "a line of -h is wider than 80 columns"

# C is English, whatever LANGUAGE says.
run 0 env LC_ALL=C LANGUAGE=de "$PORTSTAT_INSTALLED" -a --replay="$recording"
expect_same "LC_ALL=C" "$tmp/english.txt" "$tmp/out"

finish
