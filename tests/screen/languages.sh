#!/bin/bash
# The live view fits 80x24 in every language: no key, no help and no heading of a dialog is cut.
#
# PORTSTAT_INSTALLED finds the catalogues that tests/golden/languages.sh has installed in the build folder.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit
: "${PORTSTAT_INSTALLED:=$BUILDDIR/tests/golden/portstat}"
[ -e "$BUILDDIR/tests/golden/installed/share/locale/ja/LC_MESSAGES/portstat.mo" ] ||
	skip "the catalogues are not installed: tests/golden/languages.sh does that"
make_locales de_DE

"$sockets" web --process=web tcp-listen:addr=127.0.0.1,port=8080

# said SENTENCE [PLURAL N]: in the language, as the live view says it.
said() {
	if [ $# = 3 ]; then
		ngettext "$1" "$2" "$3"
	else
		gettext "$1"
	fi
}
export TEXTDOMAIN=portstat TEXTDOMAINDIR=$BUILDDIR/tests/golden/installed/share/locale
need gettext ngettext

# The sentence up to its first value: without what depends on the population.
before() {
	sed -E 's/%.*//; s/ +$//' <<<"$1"
}

mapfile -t languages < <(grep -v '^#' "$SRCDIR/po/LINGUAS")
for language in "${languages[@]}"; do
	export LC_ALL=de_DE.UTF-8 LANGUAGE=$language
	play_with "80x24" "$PORTSTAT_INSTALLED" --live --no-config <<END
row 8080
expect F10$(said Quit)
key F1
expect $(said 'this help')
expect $(said 'send a signal to owner')
gone …
key Esc
key F2
expect $(said 'columns: Space on/off, Left Right move, Enter applies, Esc cancels')
key Esc
key F6
expect $(said 'sort by: Enter applies, Esc cancels')
key Esc
key F9
expect $(said 'kill: Up Down signal, Enter sends, Esc cancels')
expect $(before "$(said ' Send %s to %s of %s?  It holds %u listed socket.' \
		' Send %s to %s of %s?  It holds %u listed sockets.' 1)")
gone …
key Esc
key F8
expect $(said 'close: Enter closes in the kernel, Esc cancels')
gone …
key Esc
type u
expect $(before "$(said 'hidden: %s')")
type u
key q
exit 0
END
	unset LC_ALL LANGUAGE
done
"$sockets" web
finish
