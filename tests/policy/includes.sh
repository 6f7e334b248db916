#!/bin/sh
# The rooms of src/ and the arrows between them: who may include whom, who may draw, speak and exit.
set -eu

cd "$SRCDIR/src"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# "FROM TO", of HACKING's picture; a name with a dot is one header.
awk -f "$SRCDIR/tests/policy/arrows.awk" "$SRCDIR/HACKING" >"$tmp/picture"
export LC_ALL=C
sort -u "$tmp/picture" >"$tmp/arrows"
find . -name '*.[ch]' ! -name '*.bpf.c' | sed 's,^\./,,' | sort >"$tmp/files"
[ -s "$tmp/files" ] || { echo "no sources found in $SRCDIR/src"; exit 1; }
tr ' ' '\n' <"$tmp/arrows" | sed 's,/.*,,' | sort -u >"$tmp/drawn"
sed -n 's,/.*,,p' "$tmp/files" | sort -u >"$tmp/rooms"
diff -u --label "rooms in HACKING's picture" --label "folders of src/" "$tmp/drawn" "$tmp/rooms"
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
	yajl/*)
		[ "$room" = resolve ] || echo "$where: <$header>: only resolve/ reads JSON"
		;;
	"$room"/*) ;;
	base/* | model/* | source/* | resolve/* | query/* | format/* | live/* | action/*)
		if grep -qxF -e "$room ${header%%/*}" -e "$room $header" "$tmp/arrows"; then
			printf '%s\n' "$room ${header%%/*}" "$room $header" >>"$tmp/used"
		else
			echo "$where: \"$header\": no arrow from $room/ to it"
		fi
		;;
	esac
done <"$tmp/includes" >"$tmp/faults"
sort -u "$tmp/used" | comm -23 "$tmp/arrows" - |
	sed 's/.*/HACKING: an arrow that no #include needs: &/' >>"$tmp/faults"

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
