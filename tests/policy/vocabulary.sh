#!/bin/bash
# Protocols, families and states are in the completion and the manual, and no option of another
# program that portstat refuses is one of its own.  docs.sh checks the other words of columns,
# golden/schema.sh those of the schema.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
make_tmp

page=$BUILDDIR/man/portstat.8
completion=$SRCDIR/completions/portstat
"$BUILDDIR/tests/policy/vocabulary" >"$tmp/vocabulary" || give_up "there is no list of words"

# words KIND: those of the program's table, one a line.
words() {
	sed -n "s/^$1 //p" "$tmp/vocabulary" | sort -u
}

# ---- the completion -----------------------------------------------------------------------------

# completes KIND: it offers all words of the key and no others.
completes() {
	sed -n "s/^\t$1) _portstat_list \"\([^\"]*\)\".*/\1/p" "$completion" | tr ' ' '\n' |
		sort -u >"$tmp/offered"
	expect "completions/portstat: $1" "$(words "$1")" "$(cat "$tmp/offered")"
}

completes proto
completes family
sed -n '/local _portstat_states=/,/"$/p' "$completion" | sed 's/.*="//' | tr -d '"' | tr -s '[:space:]' '\n' |
	grep -vx -e '' -e connected -e all | sort -u >"$tmp/states"
expect "completions/portstat: states" "$(words state)" "$(cat "$tmp/states")"

# ---- the manual ---------------------------------------------------------------------------------

# item TAG: the words of what stands below the tags, one a line.
item() {
	awk -v tag="$1" '
		$0 == tag { inside = 1; depth = 0; next }
		/^\.RS/ { depth++ }
		/^\.RE/ { depth-- }
		/^\.(TP|TQ|SS|SH)/ && depth <= 0 || depth < 0 { inside = 0 }
		inside' "$page" | sed 's/\\-/-/g; s/\\f[BIRP]//g' | tr -c 'a-z0-9_-' '\n'
}

# explains KIND TAG: the item has each word.
explains() {
	item "$2" | sort -u >"$tmp/item"
	expect "man/portstat.8: missing below $2" "" "$(words "$1" | grep -vxF -f "$tmp/item")"
}

explains proto '.BR proto ", " family'
explains proto '.B proto'
explains family '.BR proto ", " family'
explains family '.B family'
explains state '.B state'

# ---- options of other programs ------------------------------------------------------------------

# LETTER NAME of each row of the table.
sed -n "/^} foreign/,/^};/s/^\t{ '\(.*\)', \"*\([a-z0-9-]*\).*/\1 \2/p" \
	"$SRCDIR/src/option_hints.c" >"$tmp/foreign"
[ -s "$tmp/foreign" ] || give_up "no options of other programs in src/option_hints.c"
"$PORTSTAT" --help | grep -oE -e '^ +(-[A-Za-z0-9], )?--[a-z-]+' -e '^ +-[A-Za-z0-9]' |
	tr -s ' ,' '\n' | grep . >"$tmp/own"
while read -r letter name; do
	for option in "-$letter" "--$name"; do
		! grep -qxF -e "$option" "$tmp/own" ||
			fail "src/option_hints.c: $option is an option of portstat"
	done
done <"$tmp/foreign"
checks=$((checks + 1))

finish
