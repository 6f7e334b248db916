#!/bin/sh
# The rooms of src/ and the arrows between them: who may include whom, draw, print and exit.
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

awk '
	function fault(what) { print where ": " what }

	FILENAME == ARGV[1] {
		arrows[++arrows_n] = $0
		is_arrow[$0] = 1
		next
	}
	FILENAME == ARGV[2] {
		is_room[$0] = 1
		next
	}
	{
		where = $1
		header = $2
		file = where
		sub(/:.*/, "", file)
		room = file
		is_in_room = sub(/\/.*/, "", room)
		from = header
		sub(/\/.*/, "", from)
	}
	header ~ /^(curses|ncurses|panel|term)\.h$|^ncurses.*\// && file !~ /^live\/screen/ {
		fault("<" header ">: only live/screen* draws")
	}
	# All that the live view consists of: each of its parts is given what it reads instead.
	header == "live/app_state.h" && file !~ /^live\/(app.*\.[ch]|actions\.c|dialogs\.c)$/ {
		fault("\"" header "\": only app and its actions know all of it")
	}
	# What lies in no room knows them all.
	!is_in_room || from == room { next }
	from == "libmnl" && room !~ /^(source|action)$/ && file !~ /^resolve\/(ruleset_read|own_addrs|packet_hooks)\.c$/ {
		fault("<" header ">: only source/, action/, ruleset_read.c, own_addrs.c and packet_hooks.c speak netlink")
	}
	from == "yajl" && room != "resolve" {
		fault("<" header ">: only resolve/ reads JSON")
	}
	from in is_room {
		is_used[room " " from] = is_used[room " " header] = 1
		if (!((room " " from) in is_arrow) && !((room " " header) in is_arrow))
			fault("\"" header "\": no arrow from " room "/ to it")
	}
	END {
		for (i = 1; i <= arrows_n; i++)
			if (!(arrows[i] in is_used))
				print "HACKING: an arrow that no #include needs: " arrows[i]
	}' "$tmp/arrows" "$tmp/rooms" "$tmp/includes" >"$tmp/faults"

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
