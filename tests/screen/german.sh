#!/bin/bash
# The live view in German fits 80x24: no key, no help and no heading of a dialog is cut.
#
# PORTSTAT_INSTALLED finds the catalogues that tests/golden/german.sh has installed in the build folder.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit
: "${PORTSTAT_INSTALLED:=$BUILDDIR/tests/golden/portstat}"
[ -e "$BUILDDIR/tests/golden/installed/share/locale/de/LC_MESSAGES/portstat.mo" ] ||
	skip "the catalogues are not installed: tests/golden/german.sh does that"
make_locales de_DE

"$sockets" web --process=web tcp-listen:addr=127.0.0.1,port=8080

play_with "80x24" env LC_ALL=de_DE.UTF-8 LANGUAGE=de "$PORTSTAT_INSTALLED" --live --no-config <<'END'
row 8080
expect F10Ende
key F1
expect Esc schließt
expect Signal an den Eigentümer
expect geschlossen  v > auf, zu
gone …
key Esc
key F2
expect Enter übernimmt, Esc ─
key Esc
key F6
expect Enter übernimmt, Esc bricht ab ─
key Esc
key F9
expect Enter sendet, Esc bricht ab ─
expect 1 gezeigten Socket
gone …
key Esc
key F8
expect Esc bricht ab ─
gone …
key Esc
type u
expect verborgen: udp
type u
type 3
expect [3 Prozesse]
key q
exit 0
END
"$sockets" web
finish
