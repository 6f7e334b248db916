#!/bin/sh
# A test script that cannot find what it sources ends at once with an error, not with a skip; make
# check prints the reason of a skip.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
status=0

fail() {
	echo "FAIL: $*"
	status=1
}

cd "$SRCDIR"
grep -lE '^[.] .*lib[.]sh' tests/*/*.sh >"$tmp/scripts"
[ -s "$tmp/scripts" ] || fail "no scripts found that source something"
while read -r script; do
	# Such a script is not run: outside of its namespaces it would change this machine.
	if grep -E '^[.] .*lib[.]sh' "$script" | grep -qv ' || exit$'; then
		fail "$script goes on where tests/lib.sh is missing: write '|| exit' after the file's name"
		continue
	fi
	got=0
	SRCDIR=$tmp/nowhere timeout 10 bash "$script" >"$tmp/out" 2>&1 </dev/null || got=$?
	case $got in
	0 | 77 | 124) fail "$script without tests/lib.sh: status $got" ;;
	esac
done <"$tmp/scripts"

# What the drivers make of a script and of a program that skip.
cat >"$tmp/skips.sh" <<'END'
echo "left out: something else"
echo "skipped: no such thing here"
exit 77
END
cat >"$tmp/leaves-out.sh" <<'END'
echo "left out: one part"
echo "left out: another"
END
cat >"$tmp/speaks-tap.sh" <<'END'
echo 1..2
echo "skipped: nothing to try it on"
echo "not ok 1 # SKIP does_this"
echo "ok 2 - does_that"
END
# drive NAME WANT: what is printed of the script.
drive() {
	sh tests/driver.sh build-aux/test-driver --test-name "$1" --log-file "$tmp/log" \
		--trs-file "$tmp/trs" --color-tests no -- sh "$tmp/$1" >"$tmp/out"
	[ "$(cat "$tmp/out")" = "$2" ] || fail "printed of $1: $(cat "$tmp/out")"
}
drive skips.sh "SKIP: skips.sh: no such thing here"
drive leaves-out.sh "PASS: leaves-out.sh: left out: one part; another"
tests/tap.sh sh "$tmp/speaks-tap.sh" >"$tmp/out"
grep -qx 'ok 1 - does_this # SKIP nothing to try it on' "$tmp/out" || fail "TAP: $(cat "$tmp/out")"
exit $status
