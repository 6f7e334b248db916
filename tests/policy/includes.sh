#!/bin/sh
# The rooms of src/ and the arrows between them: who may include whom, who may draw, speak and exit.
set -eu

cd "$SRCDIR/src"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# What a room may include beside itself; a name with a dot is one header.
may_include() {
	case $1 in
	base) ;;
	model) echo base ;;
	source | resolve | action) echo model base ;;
	query) echo source/source.h resolve model base ;;
	format) echo query model base ;;
	live) echo action query model base ;;
	*) echo "no such room" ;;
	esac
}

find . -name '*.[ch]' ! -name '*.bpf.c' | sed 's,^\./,,' | sort >"$tmp/files"
[ -s "$tmp/files" ] || { echo "no sources found in $SRCDIR/src"; exit 1; }
xargs awk -f "$SRCDIR/tests/policy/code.awk" <"$tmp/files" >"$tmp/code"

# "FILE:LINE what is included", quoted and angled alike.
sed -n 's/^\([^:]*:[0-9]*\):[[:space:]]*#[[:space:]]*include[[:space:]]*["<]\([^">]*\)[">].*/\1 \2/p' \
	"$tmp/code" >"$tmp/includes"

while read -r where header; do
	file=${where%:*}
	room=${file%/*}
	case $header in
	curses.h | ncurses*/* | ncurses.h | panel.h | term.h)
		case $file in
		live/screen*) ;;
		*) echo "$where: <$header>: only live/screen* draws" ;;
		esac
		;;
	esac
	# All that the live view consists of: each of its parts is given what it reads instead.
	case $header in
	live/app_state.h)
		case $file in
		live/app*.[ch] | live/actions.c | live/dialogs.c) ;;
		*) echo "$where: \"$header\": only app and its actions know all of it" ;;
		esac
		;;
	esac
	# What lies in no room knows them all.
	[ "$room" != "$file" ] || continue
	case $header in
	libmnl/*)
		case $room in
		source | action) ;;
		*) echo "$where: <$header>: only source/ and action/ speak netlink" ;;
		esac
		;;
	base/* | model/* | source/* | resolve/* | query/* | format/* | live/* | action/*)
		allowed=no
		for target in "$room" $(may_include "$room"); do
			case $header in
			"$target" | "$target"/*) allowed=yes ;;
			esac
		done
		[ $allowed = yes ] || echo "$where: \"$header\": no arrow from $room/ to it"
		;;
	esac
done <"$tmp/includes" >"$tmp/faults"

# A header in quotes says which room it is from, so that the arrows above see it; the ones outside
# of the rooms are for main.c and its neighbours.
sed -n 's/^\([^:]*:[0-9]*\):[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"/]*\)".*/\1: "\2": name its room/p' \
	"$tmp/code" | grep '^[^:]*/' >>"$tmp/faults" || :

# Below the program itself, which lies in no room, nothing is said on standard error and nothing ends the process, but for lack of memory.
grep -E '(^|[^A-Za-z0-9_])(stderr|STDERR_FILENO)([^A-Za-z0-9_]|$)|(^|[^A-Za-z0-9_])(_?exit|_Exit|abort|perror|errx?|warnx?)[[:space:]]*\(' \
	"$tmp/code" | grep -v -E '^([^/:]*\.c|base/mem\.c):' |
	sed 's/$/   <- only the program itself speaks and exits/' >>"$tmp/faults" || :

cat "$tmp/faults"
[ ! -s "$tmp/faults" ]
