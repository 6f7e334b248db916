#!/bin/bash
# Translations: with catalogues installed in the build directory, headings and sentences are those of
# each language, with aligned columns; output for programs is never translated.
#
# PORTSTAT_INSTALLED is the program built to use those catalogues; a caller that sets it has
# installed them.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
make_tmp
[ "$(printf '\1\0' | od -An -td2 | tr -d ' ')" = 1 ] || skip "the recordings are little-endian"
need make "$python"

if [ -z "${PORTSTAT_INSTALLED-}" ]; then
	PORTSTAT_INSTALLED=$BUILDDIR/tests/golden/portstat
	env -u MAKEFLAGS -u MAKELEVEL make -C "$BUILDDIR/po" -s install \
		prefix="$BUILDDIR/tests/golden/installed" >"$tmp/log" 2>&1 ||
		give_up "the catalogues are not installed: $(cat "$tmp/log")"
fi
make_locales de_DE

recording=$SRCDIR/tests/data/busy.nl
# LANGUAGE says which one; the locale only has to be none of those that glibc does not translate.
# shellcheck disable=SC2317 # called through run
in_language() {
	local language=$1

	shift
	LC_ALL=de_DE.UTF-8 LANGUAGE=$language "$PORTSTAT_INSTALLED" "$@"
}
settle() {
	sed -E -e 's/"time": ?"[^"]*"/"time":"-"/g' "$1"
}
# The rows are the same, but for the widths of the columns.
squeeze() {
	tail -n +2 "$1" | tr -s ' '
}

run 0 in_language en -a --replay="$recording"
cp "$tmp/out" "$tmp/english.txt"
expect_match "English headings" '^PROTO +STATE +LOCAL +PEER +SERVICE +USER +PROCESS' \
	<(head -n1 "$tmp/english.txt")
run 0 in_language de -a --replay="$recording"
expect_match "German headings" '^PROTO +ZUSTAND +LOKAL +GEGENSTELLE +DIENST +BENUTZER +PROZESS' \
	<(head -n1 "$tmp/out")
run 0 in_language ja -a --replay="$recording"
expect_match "Japanese headings" '^PROTO +状態 +ローカル +相手 +サービス +ユーザー +プロセス' \
	<(head -n1 "$tmp/out")
for format in --json --jsonl; do
	run 0 in_language en -a --replay="$recording" "$format"
	settle "$tmp/out" >"$tmp/english$format"
done
for what in -h --help; do
	run 0 in_language en "$what"
	cp "$tmp/out" "$tmp/english$what"
done
run 2 in_language en -l 22-21
cp "$tmp/err" "$tmp/english.err"

# Each cell of a listing stands below its heading; a wide character takes two columns.
cat >"$tmp/aligned.py" <<'END'
import sys, unicodedata

def cells(line):
    """Every column of the terminal, with what begins there; None behind a wide character."""
    row = []
    for c in line:
        row.append(c)
        if unicodedata.east_asian_width(c) in "WF":
            row.append(None)
    return row

lines = [cells(line.rstrip("\n")) for line in open(sys.argv[1], encoding="utf-8")]
head = lines[0]
starts = [i for i, c in enumerate(head) if c != " " and c and (i == 0 or head[i - 2:i] == [" ", " "])]
for line in lines[1:]:
    for start in starts:
        # Numbers end below the end of a heading instead.
        if start and line[start - 2:start] != [" ", " "]:
            print("not below its heading:", "".join(c for c in line if c))
            break
print(len(starts), "columns")
END

differs() {
	expect "$1" 1 "$(cmp -s "$2" "$3"; echo $?)"
}
fits() {
	local what=$1 file=$2

	checks=$((checks + 1))
	[ "$(LC_ALL=C.UTF-8 wc -L <"$file")" -le 80 ] || fail "$what is wider than 80 columns"
}

mapfile -t languages < <(grep -v '^#' "$SRCDIR/po/LINGUAS")
for language in "${languages[@]}"; do
	run 0 in_language "$language" -a --replay="$recording"
	differs "$language: headings" <(head -n1 "$tmp/english.txt") <(head -n1 "$tmp/out")
	expect_same "$language: rows" <(squeeze "$tmp/english.txt") <(squeeze "$tmp/out")
	expect "$language: aligned" "7 columns" "$("$python" "$tmp/aligned.py" "$tmp/out")"
	# What programs read.
	for format in --json --jsonl; do
		run 0 in_language "$language" -a --replay="$recording" "$format"
		settle "$tmp/out" >"$tmp/got"
		expect_same "$language: $format" "$tmp/english$format" "$tmp/got"
	done
	# Sentences, and the usage error with its caret.
	run 2 in_language "$language" -l 22-21
	differs "$language: an error" "$tmp/english.err" "$tmp/err"
	expect_match "$language: the word stays" '22-21' "$tmp/err"
	for what in -h --help; do
		run 0 in_language "$language" "$what"
		differs "$language: $what" "$tmp/english$what" "$tmp/out"
		fits "$language: a line of $what" "$tmp/out"
	done
	run 0 in_language "$language" -h
	expect "$language: lines of -h beyond 24" "" "$(tail -n +25 "$tmp/out")"
done

# In C.UTF-8, the only locale of a bare system, LANGUAGE alone chooses (since glibc 2.39 it would not).
if env -u LOCPATH LC_ALL=C.UTF-8 locale charmap 2>/dev/null | grep -q UTF-8; then
	run 0 env -u LOCPATH LC_ALL=C.UTF-8 LANGUAGE=ja "$PORTSTAT_INSTALLED" -a --replay="$recording"
	expect_match "LANGUAGE=ja in C.UTF-8" '^PROTO +状態 +ローカル +相手' <(head -n1 "$tmp/out")
	expect "aligned" "7 columns" "$("$python" "$tmp/aligned.py" "$tmp/out")"
	run 0 env -u LOCPATH LC_ALL=C.UTF-8 "$PORTSTAT_INSTALLED" -a --replay="$recording"
	expect_same "C.UTF-8 without LANGUAGE" "$tmp/english.txt" "$tmp/out"

	# The answer to a question is in its language, whatever the locale calls a yes.
	cat >"$tmp/answer.py" <<'END'
import os, pty, socket, subprocess, sys
answer, begin, command = sys.argv[1].encode(), sys.argv[2].encode(), sys.argv[3:]
listener = socket.create_server(("127.0.0.1", 0))
command += ["--signal=CONT", "lport %d and pid %d" % (listener.getsockname()[1], os.getpid())]
master, slave = pty.openpty()
child = subprocess.Popen(command, stdin=slave, stderr=slave, stdout=subprocess.DEVNULL)
os.close(slave)
said = b""
while b"/N] " not in said:
    said += os.read(master, 4096)
if begin not in said:
    sys.exit("the question is: " + said.decode())
os.write(master, answer + b"\n")
try:
    while os.read(master, 4096):
        pass
except OSError:
    pass
sys.exit(child.wait())
END
	while read -r language yes no; do
		run 0 env -u LOCPATH LC_ALL=C.UTF-8 LANGUAGE="$language" "$python" "$tmp/answer.py" "$yes" \
			"[$yes/N]" "$PORTSTAT_INSTALLED"
		run 4 env -u LOCPATH LC_ALL=C.UTF-8 LANGUAGE="$language" "$python" "$tmp/answer.py" "$no" \
			"[$yes/N]" "$PORTSTAT_INSTALLED"
	done <<-'END'
		de j n
		es s n
		fr o n
		ja y n
	END
else
	left_out "LANGUAGE in C.UTF-8: this system has no such locale"
fi

# C is English, whatever LANGUAGE says.
run 0 env LC_ALL=C LANGUAGE=de "$PORTSTAT_INSTALLED" -a --replay="$recording"
expect_same "LC_ALL=C" "$tmp/english.txt" "$tmp/out"

finish
