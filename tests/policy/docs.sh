#!/bin/sh
# Help, the man page and the completion name the same options, columns and messages as the program.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
page=$BUILDDIR/man/portstat.8
completion=$SRCDIR/completions/portstat
status=0

fail() {
	echo "FAIL: $*"
	status=1
}

# same WHAT FILE FILE: lists without order; - stands before what only the first has.
same() {
	[ -s "$2" ] || fail "$1: nothing was found in $2"
	LC_ALL=C sort -u -o "$2" "$2"
	LC_ALL=C sort -u -o "$3" "$3"
	# The first two lines name the files; an option's own line begins with three dashes.
	diff -U 0 "$2" "$3" | sed 1,2d | grep '^[-+]' >"$tmp/diff" || return 0
	cat "$tmp/diff"
	fail "$1"
}

# A section of the page, with the letters that roff has names for.
section() {
	awk -v name="$1" '/^\.SH /{ inside = $0 == ".SH " name } inside' "$page" |
		sed -e 's/\\-/-/g' -e 's/\\&//g' -e 's/\\f[BIRP]//g'
}

# ---- options ------------------------------------------------------------------------------------

"$PORTSTAT" --help >"$tmp/help"
# The first words of a line, up to the gap before what they mean.
sed -n 's/^ *\(-.*\)/\1/p' "$tmp/help" | sed 's/  .*//' >"$tmp/help.words"
grep -o -E -e '(^|[ ,])(-[A-Za-z0-9]|--[a-z-]+)' "$tmp/help.words" | tr -d ' ,' >"$tmp/help.options"
# A tag is the line behind .TP or .TQ.
section OPTIONS | awk '/^\.T[PQ]/ { getline; print }' | grep -- '^\.[BRI]* -' |
	grep -o -E -e '(^|[ ,"])(-[A-Za-z0-9]|--[a-z-]+)' | tr -d ' ,"' >"$tmp/page.options"
same "options of --help (-) and of the man page (+)" "$tmp/help.options" "$tmp/page.options"

grep '^--' "$tmp/help.options" >"$tmp/help.longs"
awk '/local options=/, /"$/' "$completion" | grep -o -E -e '--[a-z-]+' >"$tmp/completion.longs"
same "long options of --help (-) and of the completion (+)" "$tmp/help.longs" "$tmp/completion.longs"

# An option with a value in help has one in the completion.
sed -n 's/.*\(--[a-z-]*\)=.*/\1/p' "$tmp/help.words" >"$tmp/help.values"
awk '/local options=/, /"$/' "$completion" | grep -o -E -e '--[a-z-]+=' | tr -d = >"$tmp/completion.values"
same "options with a value in --help (-) and in the completion (+)" \
	"$tmp/help.values" "$tmp/completion.values"

"$PORTSTAT" -h >"$tmp/screen"
[ "$(wc -l <"$tmp/screen")" -le 24 ] || fail "-h is more than 24 lines"
awk 'length > 80 { print; wide = 1 } END { exit wide }' "$tmp/screen" || fail "-h is more than 80 columns"
awk 'length > 80 { print; wide = 1 } END { exit wide }' "$tmp/help" || fail "--help is more than 80 columns"

# ---- columns and states -------------------------------------------------------------------------

"$PORTSTAT" --columns=help | sed 's/ .*//' >"$tmp/help.columns"
section COLUMNS | awk '/^\.T[PQ]/ { getline; print }' |
	sed -n 's/^\.[BRI]* \([a-z][a-z_.]*\)$/\1/p' >"$tmp/page.columns"
same "columns of --columns=help (-) and of the man page (+)" "$tmp/help.columns" "$tmp/page.columns"

# What has a fixed set of words: "COLUMN WORD", one a line.
while read -r key _; do
	LC_ALL=C "$PORTSTAT" --explain-filter "$key" - 2>&1 |
		sed -n 's/^portstat: filter: valid values are: //p' | tr -d ',' | tr ' ' '\n' | sed "s/^/$key /"
done <"$tmp/help.columns" >"$tmp/words"
[ -s "$tmp/words" ] || fail "no column has a fixed set of words"
section COLUMNS >"$tmp/section.columns"
while read -r key word; do
	sed -n "/^\.[BRI]* $key\$/,/^\.SS/p" "$tmp/section.columns" |
		grep -qE "(^|[^a-z-])$word([^a-z-]|\$)" ||
		fail "not in the man page, COLUMNS, $key: $word"
done <"$tmp/words"

# The short names stand in brackets behind the help of a column.
"$PORTSTAT" --columns=help | sed -n 's/.*\[\(.*\)\]$/\1/p' | tr -d ',' | tr ' ' '\n' >"$tmp/short"
[ -s "$tmp/short" ] || fail "no column has a short name"
section FILTERS | sed -n '/^\.SS Keys/,$p' | grep '^\.[BRI]' | tr -s '", ' '\n' >"$tmp/section.keys"
while read -r name; do
	grep -qx -- "$name" "$tmp/section.keys" || fail "not in the man page, FILTERS, Keys: .B $name"
done <"$tmp/short"

sed -n '/local _portstat_states=/,/"$/p' "$completion" | sed 's/.*="//' | tr -d '"' | tr -s '[:space:]' '\n' |
	grep . >"$tmp/states"
[ -s "$tmp/states" ] || fail "no states in the completion"
while read -r state; do
	"$PORTSTAT" --explain-filter state "$state" >/dev/null || fail "the completion offers: state $state"
done <"$tmp/states"

# ---- keys ----------------------------------------------------------------------------------------

# The keys of the live view's table, as the page writes them.
sed -n '/^const struct key_binding key_bindings\[\]/,/^};/s/^\t{ { \([^}]*\) }.*/\1/p' \
	"$SRCDIR/src/live/keys.c" | sed 's/, /\n/g' |
	sed -e 's/^F(\([0-9]*\))$/F\1/' -e "s/^CTRL('\(.\)')$/Ctrl-\U\1/" -e "s/^' '$/Space/" -e "s/^'\(.\)'$/\1/" \
		-e "s/^KEY_CODE_ENTER$/Enter/" -e "/^'.n'$/d" -e 's/^KEY_CODE_PAGE_UP$/PgUp/' \
		-e 's/^KEY_CODE_PAGE_DOWN$/PgDn/' -e 's/^KEY_CODE_BACKTAB$/Shift-Tab/' \
		-e 's/^KEY_CODE_\(.\)\(.*\)$/\1\L\2/' >"$tmp/table.keys"
section "LIVE VIEW" | awk '/^\.SS /{ inside = $0 == ".SS Keys of the live view" }
	inside && /^\.TP/ { getline; print }' | sed 's/^\.B //' | tr ' ' '\n' >"$tmp/page.keys"
same "keys of src/live/keys.c (-) and of the man page (+)" "$tmp/table.keys" "$tmp/page.keys"

# ---- messages -----------------------------------------------------------------------------------

# The sentences of problems stand in the page, with names in the place of what varies.
if command -v msggrep >/dev/null && command -v groff >/dev/null; then
	msggrep -N '*src/model/problem.c' --no-wrap "$SRCDIR/po/portstat.pot" >"$tmp/problems.pot"
	awk '/^msgid "./ { one = $0; next } /^msgid_plural/ { one = $0 }
		/^msgstr/ { if (one) print one; one = "" }' "$tmp/problems.pot" |
		sed -e 's/^msgid[a-z_]* "//' -e 's/"$//' -e 's/\\"/"/g' -e 's/%zu/N/g' -e 's/(%s)/(ERROR)/' \
			-e '/could not be tested/{s/%s/TEST/;s/%s/COLUMN/;}' \
			-e 's/%2\$s/MODULE/g' -e 's/%\(1\$\)*s/PROTO/g' >"$tmp/sentences"
	[ -s "$tmp/sentences" ] || fail "no sentences of problems found"
	groff -man -Tascii -P -cbou -rLL=2000n -rHY=0 "$page" | sed 's/  */ /g' >"$tmp/page.txt"
	while read -r sentence; do
		grep -qF -- "$sentence" "$tmp/page.txt" || fail "not in the man page: $sentence"
	done <"$tmp/sentences"
else
	echo "left out: the text of the man page: there is no groff or msggrep"
fi

# ---- the page itself ----------------------------------------------------------------------------

if command -v groff >/dev/null; then
	groff -man -ww -z "$page" >"$tmp/groff" 2>&1 || fail "groff"
	[ ! -s "$tmp/groff" ] || { cat "$tmp/groff"; fail "groff is not silent"; }
fi
if command -v man >/dev/null; then
	MANWIDTH=80 man --warnings -l "$page" >/dev/null 2>"$tmp/man" || fail "man"
	[ ! -s "$tmp/man" ] || { cat "$tmp/man"; fail "man is not silent"; }
fi

# ---- the completion -----------------------------------------------------------------------------

# complete WORD...: what bash would offer for the last word of this command line.
cat >"$tmp/complete" <<'SCRIPT'
compopt() { :; }
. "$COMPLETION"
COMP_WORDS=("$PORTSTAT" "$@")
COMP_CWORD=$#
_portstat "$PORTSTAT"
printf '%s\n' "${COMPREPLY[@]}"
SCRIPT
offers() {
	want=$1
	shift
	COMPLETION=$completion PORTSTAT=$PORTSTAT bash "$tmp/complete" "$@" >"$tmp/offered" ||
		fail "completion of: $*"
	grep -qx -- "$want" "$tmp/offered" || { cat "$tmp/offered"; fail "not offered: $want for: $*"; }
}
# refuses WORD WORD...: what it would not.
refuses() {
	unwanted=$1
	shift
	COMPLETION=$completion PORTSTAT=$PORTSTAT bash "$tmp/complete" "$@" >"$tmp/offered" ||
		fail "completion of: $*"
	! grep -qx -- "$unwanted" "$tmp/offered" || fail "offered: $unwanted for: $*"
}
# A host with units and containers.
cat >"$tmp/stub" <<'SCRIPT'
#!/bin/sh
case "$*" in
*--columns=unit*) printf '%s\n' - ssh.service 'a b.service' ssh.service ;;
*--columns=container*) echo web ;;
esac
SCRIPT
chmod +x "$tmp/stub"
real=$PORTSTAT
if command -v bash >/dev/null; then
	offers --explain-filter --exp
	offers --columns= --col
	offers never --color = n
	offers procfs --source =
	offers procfs --source p
	offers bpf --owners = b
	offers tcp.rtt_us --columns = tcp.r
	offers +peer,-local_port --columns = +peer,-local_p
	offers -state --sort = -st
	offers -state --sort = -
	offers --sort=-state --sort=-st
	offers --columns=+peer,-local_port --columns=+peer,-local_p
	offers +state --columns = +
	offers proto,state --columns = proto,
	offers help --columns =
	refuses help --columns = +
	refuses --listening --sort = -
	offers listen,established state listen,e
	offers listen state ''
	offers listen -l state = ''
	offers time-wait exclude t
	offers udp proto ''
	offers tcp,udp proto tcp,u
	offers lo dev ''
	offers lo dev = l
	offers lo not dev '!=' l
	offers lo iface : ''
	refuses and dev ''
	offers "$(cat /proc/$$/comm)" proc ''
	offers "$(cat /proc/$$/comm)" proc = ''
	refuses lport proc ''
	offers "$$" pid ''
	offers root user ''
	offers root user ro
	offers inet6 family ''
	offers all reach ''
	offers 22,ephemeral lport 22,eph
	PORTSTAT=$tmp/stub
	offers ssh.service unit ''
	offers ssh.service unit s
	refuses addr unit ''
	offers web container ''
	PORTSTAT=$real
	offers time-wait not state tim
	offers lport lp
	offers tcp.cwnd tcp.cw
	offers recvq rec
	offers proto,sport --columns = proto,sp
	offers -rtt --sort = -rt
	while read -r key word; do
		offers "$word" "$key" ''
	done <"$tmp/words"
fi

exit $status
