#!/bin/sh
# po/POTFILES.in lists exactly the source files with a translatable sentence, and German has all of their
# sentences; the others may lag behind until make release.  What is translated has the formats of its
# sentence, in every language.
set -eu

cd "$SRCDIR"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

grep -v '^#' po/POTFILES.in | sort >"$tmp/listed"
find src -name '*.[ch]' ! -path src/base/i18n.h -exec awk -f tests/policy/code.awk {} + |
	grep -E '(^|[^A-Za-z0-9_])(_|N_|NP_|P_)\(' | cut -d : -f 1 | sort -u >"$tmp/speaking"
[ -s "$tmp/speaking" ] || { echo "no sources found in $SRCDIR/src"; exit 1; }

# Left of the difference: listed for nothing; right of it: missing.
diff -u --label po/POTFILES.in --label "files with _(), N_(), NP_() or P_()" \
	"$tmp/listed" "$tmp/speaking"

command -v msgcmp >/dev/null || {
	echo "left out: the translations: there is no msgcmp"
	exit 0
}
sed 's/charset=CHARSET/charset=UTF-8/' po/portstat.pot >"$tmp/portstat.pot"
msgcmp po/de.po "$tmp/portstat.pot"
msgfmt -c -o /dev/null man/po/de.po
grep -v '^#' po/LINGUAS | while read -r language; do
	msgfmt -c -o /dev/null "po/$language.po"
done
