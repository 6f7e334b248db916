#!/bin/bash
# The man pages have the options, columns, words, keys and messages of the program, and no others.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
make_tmp
page=$BUILDDIR/man/portstat.8
filters=$BUILDDIR/man/portstat-filters.7
config=$BUILDDIR/man/portstat.conf.5

# same WHAT FILE FILE: lists without order; - stands before what only the first has.
same() {
	checks=$((checks + 1))
	[ -s "$2" ] || fail "$1: nothing was found in $2"
	LC_ALL=C sort -u -o "$2" "$2"
	LC_ALL=C sort -u -o "$3" "$3"
	# The first two lines name the files; an option's own line begins with three dashes.
	diff -U 0 "$2" "$3" | sed 1,2d | grep '^[-+]' >"$tmp/diff" || return 0
	cat "$tmp/diff"
	fail "$1"
}

# section NAME [PAGE]: with the letters that roff has names for.
section() {
	awk -v name="$1" '/^\.SH /{ inside = $0 == ".SH " name } inside' "${2-$page}" |
		sed -e 's/\\-/-/g' -e 's/\\&//g' -e 's/\\f[BIRP]//g'
}

# ---- options ------------------------------------------------------------------------------------

"$PORTSTAT" --help >"$tmp/help"
# The first words of a line, up to the gap before what they mean.
sed -n 's/^ *\(-.*\)/\1/p' "$tmp/help" | sed 's/  .*//' >"$tmp/help.words"
grep -o -E -e '(^|[ ,])(-[A-Za-z0-9]|--[a-z0-9-]+)' "$tmp/help.words" | tr -d ' ,' >"$tmp/help.options"
# A tag is the line behind .TP or .TQ.
section OPTIONS | awk '/^\.T[PQ]/ { getline; print }' | grep -- '^\.[BRI]* -' |
	grep -o -E -e '(^|[ ,"])(-[A-Za-z0-9]|--[a-z0-9-]+)' | tr -d ' ,"' >"$tmp/page.options"
same "options of --help (-) and of the man page (+)" "$tmp/help.options" "$tmp/page.options"

"$PORTSTAT" -h >"$tmp/screen"
[ "$(wc -l <"$tmp/screen")" -le 24 ] || fail "-h is more than 24 lines"
awk 'length > 80 { print; wide = 1 } END { exit wide }' "$tmp/screen" || fail "-h is more than 80 columns"
awk 'length > 80 { print; wide = 1 } END { exit wide }' "$tmp/help" || fail "--help is more than 80 columns"

# An option of another program that is refused, as src/option_hints.c has them, is none of portstat's own.
sed -n "/^} foreign/,/^};/s/^\t{ '\(.*\)', \"*\([a-z0-9-]*\).*/-\1 --\2/p" "$SRCDIR/src/option_hints.c" |
	tr ' ' '\n' >"$tmp/foreign"
[ -s "$tmp/foreign" ] || fail "no options of other programs in src/option_hints.c"
grep -xF -f "$tmp/help.options" "$tmp/foreign" && fail "src/option_hints.c has options of portstat"

# ---- columns and their words --------------------------------------------------------------------

"$PORTSTAT" --columns=help | sed 's/ .*//' >"$tmp/help.columns"
section COLUMNS | awk '/^\.T[PQ]/ { getline; print }' |
	sed -n 's/^\.[BRI]* \([a-z][a-z_.]*\)$/\1/p' >"$tmp/page.columns"
same "columns of --columns=help (-) and of the man page (+)" "$tmp/help.columns" "$tmp/page.columns"

# "SECTION KEY WORD": each word below a tag, and below those around it.
for section in FILTERS COLUMNS; do
	file=$page
	[ $section = COLUMNS ] || file=$filters
	section $section "$file" | awk -v section=$section '
		BEGIN { depth = 0 }
		/^\.(TP|SS)/ { keys[depth] = "" }
		/^\.RS/ { keys[++depth] = "" }
		/^\.RE/ { depth-- }
		{ is_tag = /^\.T[PQ]/ }
		is_tag { getline }
		{
			gsub(/^\.[A-Z]+|[^a-z0-9_.-]|\.( |$)/, " ")
			for (at = 0; at <= depth; at++) {
				keys_n = split(keys[at], key)
				for (k = 1; k <= keys_n; k++)
					for (i = 1; i <= NF; i++)
						print section, key[k], $i
			}
		}
		is_tag { keys[depth] = keys[depth] " " $0 }'
done >"$tmp/page.words"
# Filters alone have the words of state; those of proto and family stand in both.
"$BUILDDIR/tests/policy/vocabulary" | sed -n -e '/^problem /d' -e '/^state /!s/^/COLUMNS /p' >"$tmp/words"
"$BUILDDIR/tests/policy/vocabulary" | sed -n -E 's/^(proto|family|state) /FILTERS &/p' >>"$tmp/words"
[ -s "$tmp/words" ] || fail "no column has a fixed set of words"
grep -vxF -f "$tmp/page.words" "$tmp/words" && fail "words that the man page lacks: SECTION KEY WORD"

# The short names stand in brackets behind the help of a column.
"$PORTSTAT" --columns=help | sed -n 's/.*\[\(.*\)\]$/\1/p' | tr -d ',' | tr ' ' '\n' >"$tmp/short"
[ -s "$tmp/short" ] || fail "no column has a short name"
section FILTERS "$filters" | sed -n '/^\.SS Keys/,$p' | grep '^\.[BRI]' | tr -s '", ' '\n' >"$tmp/section.keys"
grep -vxF -f "$tmp/section.keys" "$tmp/short" && fail "short names that portstat-filters.7, Keys lacks"
# What it tags there, and what its sentence about shorter names has, are keys of the program.
section FILTERS "$filters" | sed -n '/^\.SS Keys/,$p' >"$tmp/keys"
awk '/^\.T[PQ]/ { getline; if (/^\.B/) print }' "$tmp/keys" >"$tmp/page.keys"
sed -n '/^Shorter names are/,/)\.$/s/^\.B //p' "$tmp/keys" >"$tmp/page.short"
[ -s "$tmp/page.short" ] || fail "the man page has no sentence about shorter names"
sed -n '/^} keys\[\]/,/^};/s/^\t{ "\([a-z]*\)",.*/\1/p' "$SRCDIR/src/query/filter_key.c" >"$tmp/filter.keys"
[ -s "$tmp/filter.keys" ] || fail "no keys in src/query/filter_key.c"
sed 's/^\.[BRI]* //' "$tmp/page.keys" | tr -s '", ' '\n' | cat - "$tmp/page.short" | grep -x '[a-z_.]*' |
	grep -vxF -f "$tmp/help.columns" -f "$tmp/short" -f "$tmp/filter.keys" &&
	fail "keys of portstat-filters.7, Keys that the program lacks"

# ---- keys ----------------------------------------------------------------------------------------

# The keys of the live view's table, as the page writes them.
sed -n '/^const struct key_binding key_bindings\[\]/,/^};/s/^\t{ { \(\(\x27}\x27\|[^}]\)*\) }.*/\1/p' \
	"$SRCDIR/src/live/keys.c" | sed 's/, /\n/g' |
	sed -e 's/^F(\([0-9]*\))$/F\1/' -e "s/^CTRL('\(.\)')$/Ctrl-\U\1/" -e "s/^' '$/Space/" -e "s/^'\(.\)'$/\1/" \
		-e "s/^KEY_CODE_ENTER$/Enter/" -e "/^'.n'$/d" -e 's/^KEY_CODE_PAGE_UP$/PgUp/' \
		-e 's/^KEY_CODE_PAGE_DOWN$/PgDn/' -e 's/^KEY_CODE_BACKTAB$/Shift-Tab/' \
		-e 's/^KEY_CODE_\(.\)\(.*\)$/\1\L\2/' -e "s/^'.*'$/\\\\e/" >"$tmp/table.keys"
section "LIVE VIEW" | awk '/^\.SS /{ inside = $0 == ".SS Keys of the live view" }
	inside && /^\.TP/ { getline; print }' | sed 's/^\.B //' | tr ' ' '\n' >"$tmp/page.keys"
same "keys of src/live/keys.c (-) and of the man page (+)" "$tmp/table.keys" "$tmp/page.keys"

# ---- messages -----------------------------------------------------------------------------------

# The sentences of problems stand in the page, with names in the place of what varies.
if command -v msggrep >/dev/null && command -v groff >/dev/null; then
	msggrep -N '*src/model/problem*.c' --no-wrap "$SRCDIR/po/portstat.pot" >"$tmp/problems.pot"
	awk '/^msgid "./ { one = $0; next } /^msgid_plural/ { one = $0 }
		/^msgstr/ { if (one) print one; one = "" }' "$tmp/problems.pot" |
		sed -e 's/^msgid[a-z_]* "//' -e 's/"$//' -e 's/\\"/"/g' -e 's/%zu/N/g' \
			-e '/tables of iptables-legacy/s/(%s)/(TABLES)/' -e 's/are not read: %s/are not read: PARTS/' -e 's/(%s)/(ERROR)/' \
			-e 's/status %d/status N/' -e '/could not be tested/{s/%s/TEST/;s/%s/COLUMN/;}' \
			-e '/network namespace/{s/: %s/: ERROR/;s/%s/NAME/;}' \
			-e "s/the host '%s'/the host 'HOST'/" -e "s/have the name '%s'/have the name 'HOST'/" \
			-e "s/'%s': %s/'FILE': ERROR/" -e "s/'%s'/'FILE'/" \
			-e 's/that match: %s/that match: FILTER/' -e 's/the columns: %s/the columns: COLUMNS/' \
			-e 's/%2\$s/MODULE/g' -e 's/%\(1\$\)*s/PROTO/g' >"$tmp/sentences"
	[ -s "$tmp/sentences" ] || fail "no sentences of problems found"
	groff -man -Tascii -P -cbou -rLL=2000n -rHY=0 "$page" | sed 's/  */ /g' >"$tmp/page.txt"
	while read -r sentence; do
		grep -qF -- "$sentence" "$tmp/page.txt" || fail "not in the man page: $sentence"
	done <"$tmp/sentences"
else
	left_out "the text of the man page: there is no groff or msggrep"
fi

# ---- the configuration ---------------------------------------------------------------------------

sed -n '/^static bool parse_pair/,/^}/s/.*[^a-z_]is(key, "\([a-z]*\)").*/\1/p' "$SRCDIR/src/live/config.c" >"$tmp/config.keys"
section KEYS "$config" | awk '/^\.TP/ { getline; print }' | sed 's/^\.BI* \([a-z]*\).*/\1/' >"$tmp/config.tags"
same "keys of src/live/config.c (-) and of portstat.conf.5 (+)" "$tmp/config.keys" "$tmp/config.tags"

# ---- the pages themselves ------------------------------------------------------------------------

for one in "$page" "$filters" "$config" "$BUILDDIR"/man/de/*.[578]; do
	# Fonts alternate there by argument, and no blank stands between two.
	grep -nE '^\.(BI|BR|IB|IR|RB|RI) ([^"]* )?[a-z]+ [a-z]+( |$)' "$one" && fail "prose in a macro of two fonts: $one"
	if command -v groff >/dev/null; then
		groff -t -Kutf8 -man -ww -z "$one" >"$tmp/groff" 2>&1 || fail "groff: $one"
		[ ! -s "$tmp/groff" ] || { cat "$tmp/groff"; fail "groff is not silent: $one"; }
	fi
	if command -v mandoc >/dev/null; then
		mandoc -T lint "$one" >"$tmp/mandoc" 2>&1 || :
		[ ! -s "$tmp/mandoc" ] || { cat "$tmp/mandoc"; fail "mandoc is not silent: $one"; }
	else
		left_out "mandoc: it is not here"
	fi
	if command -v man >/dev/null; then
		MANWIDTH=80 man --warnings -l "$one" >/dev/null 2>"$tmp/man" || fail "man: $one"
		[ ! -s "$tmp/man" ] || { cat "$tmp/man"; fail "man is not silent: $one"; }
	fi
done

finish
