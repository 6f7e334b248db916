#!/bin/bash
# All sizes, terminal types and character sets: the view fits, and the terminal is restored.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit

# ncurses itself leaks on some terminals: for linux it loads and unloads libgpm, and where there is no
# terminal it leaves what it began.  The other scripts look for leaks of ours.
export ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0"

"$sockets" web --process=web tcp-listen:addr=127.0.0.1,port=8080 tcp-pair:addr=127.0.0.1,port=8081,count=3

# in_terminal TERM LOCALE SIZE [ARGUMENT...]: what stands in all of them, then the script.
in_terminal() {
	local term=$1 locale=$2 size=$3
	shift 3
	{ echo "size $size"; cat; } >"$tmp/script"
	TERM=$term LC_ALL=$locale play "$term $locale $size $*" --interval=0.2 --no-config "$@" <"$tmp/script"
}

for term in xterm-256color vt100 linux screen; do
	for locale in C.UTF-8 C; do
		branch=├─
		[ "$locale" = C.UTF-8 ] || branch='|-'
		for size in "80 24" "120 40"; do
			in_terminal $term $locale "$size" <<END
expect [1 Ports]
expect F10Quit
row 8080
key Down
row 8081
key Right
expect $branch
key d
expect details  8081
key Esc
type q
exit 0
END
		done
		in_terminal $term $locale "60 15" <<END
expect LPORT
expect [1 Ports]
expect LIVE
expect rx 
gone F10Quit
row 8080
key Down
row 8081
key Enter
expect $branch
type /lport 8080
expect filter: lport 8080
gone 8081
key Enter
type q
exit 0
END
		in_terminal $term $locale "20 5" <<'END'
expect enlarge to 60x15
gone 8080
size 80 24
expect 8080
size 10 2
expect enlarge
size 120 40
expect F10Quit
type q
exit 0
END
	done
done

in_terminal xterm-256color C.UTF-8 "80 24" <<'END'
row 8080
colors yes
key y
expect The row was copied to the terminal's clipboard.
type q
exit 0
END
colorless() {
	in_terminal xterm-256color C.UTF-8 "80 24" "$@" <<'END'
row 8080
colors no
key F1
expect help
colors no
key Esc
type q
exit 0
END
}
NO_COLOR=1 colorless
colorless --color=never
in_terminal linux C.UTF-8 "80 24" <<'END'
row 8080
key y
expect The clipboard of this terminal cannot be used.
type q
exit 0
END
in_terminal xterm-256color C.UTF-8 "80 24" --ascii <<'END'
expect sort: LPORT ^
key F5
expect |-
gone ├─
type q
exit 0
END

# Keys that PuTTY and others send whatever terminfo says, and some that nobody knows: these do nothing.
esc=$'\033'
for term in xterm-256color vt100; do
	in_terminal $term C.UTF-8 "80 24" <<END
row 8080
type ${esc}[4~
row other connections
type ${esc}[1~
row 8080
type ${esc}[8~
row other connections
type ${esc}[7~
row 8080
type ${esc}[F
row other connections
type ${esc}[H
row 8080
type ${esc}[2;99~${esc}[?4;2\$y${esc}O4Pj
row 8081
expect [1 Ports]
type /lport 808
expect filter: lport 808
type ${esc}[3;77u1
expect filter: lport 8081
key Enter
row 8081
type q
exit 0
END
done

# Terminals whose description only their own host has: the name tells what they are like.
# No host has a description of these.
for pair in xterm-kitty-new:xterm xterm-ghostty-new:xterm foot-new:xterm alacritty-new:xterm \
	tmux-new:screen screen.foot-new:screen; do
	term=${pair%:*}
	play_with "TERM=$term" env TERM="$term" "$PORTSTAT" --live --no-config <<END
size 100 30
expect '$term' is unknown here; it is used as ${pair#*:}-256color
row 8080
key Down
row 8081
gone is unknown
expect F10Quit
key q
exit 0
END
done

# A terminal that cannot move its cursor, and one that nobody knows.  vt itself needs to know its own.
for term in dumb no-such-terminal ''; do
	play_with "TERM=$term is an error, not a crash" env TERM="$term" "$PORTSTAT" --live --no-config <<'END'
expect is unknown or cannot
exit 4
END
done
play_with "TERM unset" env -u TERM "$PORTSTAT" --live --no-config <<'END'
expect is unknown or cannot
exit 4
END

status=0
"$PORTSTAT" --live </dev/null >"$tmp/out" 2>&1 || status=$?
[ $status = 2 ] || { echo "FAILED: --live without a terminal: $status"; failed=1; }
"$sockets" web
finish
