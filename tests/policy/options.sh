#!/bin/bash
# Each option does something: what the parser sets is read outside of it, and a test gives the option.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
make_tmp

# The fields of struct options, whatever stands around their names.
sed -n '/^struct options {/,/^};/p' "$SRCDIR/src/options.h" | tr '\n' ' ' | sed 's,/\*[^*]*\*/,,g' | tr ';' '\n' |
	sed -n 's/.*[ *\t]\([a-z_]*\)\(\[[0-9]*\]\)*$/\1/p' >"$tmp/fields"
[ "$(wc -l <"$tmp/fields")" -gt 30 ] || fail "struct options was not found in src/options.h"
find "$SRCDIR/src" -name '*.[ch]' ! -path "$SRCDIR/src/option*.c" -exec cat {} + >"$tmp/sources"
while read -r field; do
	checks=$((checks + 1))
	case $field in
	# What the parser asks itself: whether --interval goes with the rest, what --query decodes to, and the
	# room of an array.
	has_interval | query_words | filter_files_cap | from_cap | hosts_cap) continue ;;
	esac
	# An assignment is not a use.
	grep -oE "\<opt(ions)?(->|\.)$field\>(\.[a-z_]*)?( [^ ]*)?" "$tmp/sources" | grep -qv ' =$' ||
		fail "struct options: nothing but the parser uses $field"
done <"$tmp/fields"

# Letters and names of each option, as --help has them: "-t, --tcp".
"$PORTSTAT" --help | sed -n 's/^ *\(-.*\)/\1/p' | sed 's/  .*//' | sed 's/\[\?=.*//' >"$tmp/options"
[ "$(wc -l <"$tmp/options")" -gt 30 ] || fail "no options in --help"
# The scripts give options to the program; each word that begins with a dash is enough.
cat "$SRCDIR"/tests/{golden,live,screen}/*.sh | grep -oE -e "(^|[ (\"'])--?[A-Za-z0-9][A-Za-z0-9-]*" |
	tr -d " (\"'" | sort -u >"$tmp/given"
while read -r option; do
	checks=$((checks + 1))
	found=
	for word in ${option//,/ }; do
		case $word in
		--*) grep -qxF -e "$word" "$tmp/given" && found=yes ;;
		-?) grep -qE -e "^-[A-Za-z0-9]*${word#-}[A-Za-z0-9]*$" "$tmp/given" && found=yes ;;
		esac
	done
	[ "$found" ] || fail "no script in tests/golden, tests/live and tests/screen gives $option"
done <"$tmp/options"
finish
