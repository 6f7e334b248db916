#!/bin/bash
# A user session in the live view: views, folding, filter, search, sort, details, dialogs, pause.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit

"$sockets" web --process=web tcp-listen:addr=127.0.0.1,port=8080 tcp-pair:addr=127.0.0.1,port=8081,count=3 \
	--process=dns udp:port=5300

play "through the views" --interval=0.2 <<'END'
size 120 40
expect [1 Ports]
expect LIVE
expect 8080
expect web[
row 5300
key Down
row 8080
key Down
row 8081
key Enter
expect ├─
expect ESTAB
key Enter
gone ├─
key F5
expect └─
expect other connections
key F5
gone └─
key 2
expect [2 Connections]
expect ESTAB
key Tab
expect [3 Processes]
expect 2 processes,
expect dns[
key 4
expect [4 Peers]
expect 127.0.0.1
key Right
expect ├─
key Shift-Tab
expect [3 Processes]
key q
exit 0
END

play "a filter typed letter by letter, with a mistake in it" --interval=0.2 <<'END'
size 100 30
expect 8080
type /lport
expect filter: lport
expect ^
type  80
type 80
expect filter: lport 8080
gone 5300
expect 1 of 1 row
type  and nonsense=
expect ^
expect 8080
key Esc
expect filter: none
expect 5300
key F4
type proc dns
gone 8080
expect 5300
key Enter
expect filter: proc dns
key /
key Ctrl-U
expect 8080
key Enter
expect filter: none
key q
exit 0
END

play "search, sort, details, help, columns" --interval=0.2 <<'END'
size 100 30
expect 8081
key F3
type 8081
key Enter
row 8081
key d
expect details  8081
expect accept queue
expect web[
expect started by
expect exe /
expect cwd /
expect 127.0.0.1 x3
key Esc
gone details
key F6
expect sort by
key Down
key Enter
expect sort: SERVICE
key I
expect ▼
key ?
expect help: Esc closes
expect tag for Close and Kill
key Esc
gone help:
key F2
expect [x] local_port
key Down
key Space
expect [ ] service
type s
gone SERVICE
expect saved in
key q
exit 0
END

has_config=yes
play "what was kept comes back" --interval=0.2 <<'END'
size 100 30
expect 8080
gone SERVICE
key F10
exit 0
END

# As htop does, however it ends, and without a word to it: what was changed, and nothing else.
printf '%s\n' '# by hand' 'names = yes' >"$tmp/config/portstat/config"
play "sort and view are kept" --interval=0.2 --sort=proto <<'END'
size 100 30
expect sort: PROTO
key 4
expect [4 Peers]
type >>
expect sort:
key 3
expect [3 Processes]
key Ctrl-C
exit 0
END
if [ "$(head -2 "$tmp/config/portstat/config")" = "$(printf '# by hand\nnames = yes')" ] &&
	grep -qx 'view = processes' "$tmp/config/portstat/config" &&
	grep -q '^sort.peers = ' "$tmp/config/portstat/config" &&
	! grep 'sort.ports\|columns\|mouse' "$tmp/config/portstat/config"; then
	echo "ok: the file has what was changed, and what was written by hand"
else
	echo "FAILED: the file has what was changed, and what was written by hand"
	cat "$tmp/config/portstat/config"
	failed=1
fi
play "and come back" --interval=0.2 <<'END'
size 100 30
expect [3 Processes]
key q
exit 0
END
rm "$tmp/config/portstat/config"
has_config=

# kept NAME LINE...: what the configuration has now, whole.
kept() {
	if [ "$(cat "$tmp/config/portstat/config")" = "$(printf '%s\n' "${@:2}")" ]; then
		echo "ok: $1"
	else
		echo "FAILED: $1"
		cat "$tmp/config/portstat/config"
		failed=1
	fi
}
# A listener that needs a look, a database that all reach, and one that does not.
"$sockets" look tcp-listen:port=6379 tcp-listen:port=8087
mkdir -p "$tmp/config/portstat"
has_config=yes
printf '%s\n' '# mine' 'bell = yes' 'trouble = yes' >"$tmp/config/portstat/config"
play "bell and trouble are as the file says" --interval=0.2 lport 6379-8090 <<'END'
size 160 30
expect bell  only what needs a look (!)
expect 6379
gone 8087
type !
expect 8087
gone only what needs a look
type B
gone bell
key q
exit 0
END
kept "trouble is not written back, the bell is" '# mine' 'bell = no' 'trouble = yes'
play "the bell is silent as it was left, trouble is as the file says" --interval=0.2 lport 6379-8090 <<'END'
size 160 30
expect   only what needs a look (!)
gone bell
gone 8087
type B
expect bell  only what needs a look (!)
key q
exit 0
END
kept "the bell is kept again" '# mine' 'bell = yes' 'trouble = yes'
printf '%s\n' 'bell = no' 'trouble = no' >"$tmp/config/portstat/config"
play "neither where the file says no" --interval=0.2 lport 6379-8090 <<'END'
size 160 30
expect 8087
gone bell
gone only what needs a look
type !
expect only what needs a look (!)
key q
exit 0
END
kept "nothing is written for it" 'bell = no' 'trouble = no'
# Saved on request the file has every key, and of trouble what it had.
printf '%s\n' 'trouble = yes' >"$tmp/config/portstat/config"
play "saved with trouble off" --interval=0.2 lport 6379-8090 <<'END'
size 160 30
expect only what needs a look (!)
type !B
gone only what needs a look
key F2
type s
expect saved in
key q
exit 0
END
if grep -qx 'trouble = yes' "$tmp/config/portstat/config" && grep -qx 'bell = yes' "$tmp/config/portstat/config"; then
	echo "ok: trouble is saved as the file had it, the bell as it is"
else
	echo "FAILED: trouble is saved as the file had it, the bell as it is"
	cat "$tmp/config/portstat/config"
	failed=1
fi
"$sockets" look
rm "$tmp/config/portstat/config"
has_config=

mkdir -p "$tmp/config/portstat"
has_config=yes
echo 'theme = light' >"$tmp/config/portstat/config"
play "it reads on a light background" --interval=0.2 <<'END'
expect 8080
colors yes
key q
exit 0
END
rm "$tmp/config/portstat/config"
has_config=
play "as an option says, too" --interval=0.2 --no-config --theme=light <<'END'
expect 8080
colors yes
key q
exit 0
END

play "the mouse is freed until the next key" --interval=0.2 --no-config <<'END'
expect 8080
mouse yes
key Y
expect Select text with the mouse
mouse no
key j
gone Select text
mouse yes
key c
expect Copied to the terminal's clipboard: 
key q
exit 0
END

play_with "without options it is the live view" "$PORTSTAT" <<'END'
expect [1 Ports]
expect 8080
key q
exit 0
END

play "it sorts as the command line says" --interval=0.2 --no-config --sort=-lport -e <<'END'
size 100 30
expect sort: LPORT ▼
row 8081
key q
exit 0
END

play_with "what only a listing can do is refused" "$PORTSTAT" --live --columns=state <<'END'
expect --live and --columns cannot be combined
exit 2
END

play "what the command line restricts it to is said" --interval=0.2 --no-config -l -u -4 <<'END'
size 100 30
expect only: udp inet listening
expect 5300
gone 8080
key q
exit 0
END

play "unless it is not wanted" --interval=0.2 --no-config <<'END'
size 100 30
expect SERVICE
key F10
exit 0
END

mkdir -p "$tmp/config/portstat"
has_config=yes
printf '%s\n' 'mouse = maybe' 'view = processes' 'colour = red' >"$tmp/config/portstat/config"
play "bad lines of the configuration are counted, and the first is named" --interval=0.2 <<END
size 100 30
expect $tmp/config/portstat/config has 2 invalid lines: line 1 was skipped: mouse = maybe
expect [3 Processes]
key q
exit 0
END
has_config=

play "paused it stands still" --interval=0.2 --no-config <<END
size 100 30
expect 8080
key p
expect PAUSED
run $sockets more tcp-listen:port=9999
key F3
type 9999
expect No match.
key Esc
key F7
gone PAUSED
expect 9999
expect  +   9999
run $sockets more
expect  x   9999
expect closed
gone 9999
key Ctrl-C
exit 0
END

play "what no look sees is counted" --interval=1 --no-config <<'END'
size 100 30
expect 8080
gone came and went
run bash -c 'for ((i = 0; i < 50; i++)); do : </dev/tcp/127.0.0.1/8080; done'
expect came and went
key q
exit 0
END

# A bare system may have no /etc/hosts.
name=$(timeout 10 getent hosts 127.0.0.1 | awk '{ print $2; exit }') || :
if [ -n "$name" ]; then
	play "host names" --interval=0.2 --no-config <<END
size 100 30
type /rport 8081
key Enter
key 2
expect 127.0.0.1:8081
key r
expect $name:8081
key r
gone $name:8081
key q
exit 0
END
else
	left_out "host names: 127.0.0.1 has none here"
fi

play "the clipboard" --interval=0.2 --no-config <<'END'
size 100 30
type /rport 8081
key Enter
key 2
expect 127.0.0.1:8081
key y
expect clipboard
key q
exit 0
END

# Three recordings behind one another are three moments.
"$PORTSTAT" -a --record="$tmp/one" >/dev/null
"$sockets" more tcp-listen:port=9999
"$PORTSTAT" -a --record="$tmp/two" >/dev/null
"$sockets" more
"$PORTSTAT" -a --record="$tmp/three" >/dev/null
cat "$tmp/one" "$tmp/two" "$tmp/three" >"$tmp/recording"
play "stepping through a recording" --interval=0 --replay="$tmp/recording" --no-config <<END
size 100 30
expect STEP
expect portstat $(uname -n)
expect 8080
gone 9999
key R
expect  +   9999
type /lport 9999
gone 8080
expect 9999
key Ctrl-U
key Enter
expect 8080
key R
expect x   9999
expect closed 0s
key R
expect closed 2s
key K
expect Read-only mode:
key R
expect closed 4s
key R
gone 9999
key q
exit 0
END

# What a filter cannot judge is said, and not shown as if it matched: a recording has no owners.
play "a recording has no owners to filter by" --interval=0 --replay="$tmp/one" --no-config <<'END'
size 100 30
expect 8080
type /proc web
key Enter
gone 8080
expect could not be tested for "proc web"
key Ctrl-C
exit 0
END

play "what this source does not tell" --interval=0.2 --source=procfs --no-config dev lo <<'END'
size 100 30
expect could not be tested for "iface lo"
key Ctrl-C
exit 0
END

play "a name that is typed word by word" --interval=0.2 --no-config <<'END'
size 100 30
expect 8080
type /web 5300
gone 8080
key Ctrl-U
type web
expect 8080
gone 5300
key Enter
expect filter: web
type /
type  and state lisen
expect Did you mean 'listen'?
key Enter
expect The filter was not changed.
expect filter: web
expect 8080
key Ctrl-C
exit 0
END

# Early recordings do not say of which host they are.
tail -c +"$(($(od -An -tu4 -N4 "$tmp/one") + 1))" "$tmp/one" >"$tmp/early"
play "a recording without a host" --interval=0 --replay="$tmp/early" --no-config <<'END'
size 100 30
expect STEP
expect portstat early
expect 8080
key q
exit 0
END

play "the mouse points" --interval=0.2 --no-config <<'END'
size 100 30
expect 8080
mouse yes
click 1 12
expect [2 Connections]
click 1 2
expect [1 Ports]
click 3 5
expect sort: LPORT ▼
click 29 95
click 29 77
exit 0
END

# The terminal keeps it, for marking text.
play "a mouse that is the terminal's own" --interval=0.2 --no-config --no-mouse <<'END'
size 100 30
expect 8080
mouse no
key q
exit 0
END

# A click that comes while the last one is being read: ncurses 6.6 forgets it.
play "two clicks at once" --interval=0.2 --no-config <<'END'
size 100 30
expect [1 Ports]
click 1 12 3 5
expect [2 Connections]
expect sort: PROTO ▲
click 1 2 3 5 1 12 1 2
expect [1 Ports]
expect sort: LPORT ▼
click 29 95 29 77
exit 0
END

ports=()
for port in {9101..9112}; do
	ports+=("tcp-listen:port=$port")
done
"$sockets" more "${ports[@]}"
play "a wheel that is turned quickly" --interval=0.2 --no-config <<'END'
size 100 30
row 5300
wheel 3
row 9107
wheel -2
row 9101
wheel -9
row 5300
key q
exit 0
END
"$sockets" more

# What is no whole report, and no key of ours: the next key counts all the same.
play "input that is cut or unknown" --interval=0.2 --no-config <<'END'
size 100 30
expect 8080
bytes ^[[2~
bytes ^[[<0;5d
expect details
bytes ^[[M ^[
gone details
bytes ^[[<99;5;5M
bytes ^[[<0;0;5M
key d
expect details
bytes ^[[
gone details
key q
exit 0
END

play "two clicks at once, in the words of old terminals" --interval=0.2 --no-config <<'END'
size 160 30
expect [1 Ports]
click-x10 1 12 3 5
expect [2 Connections]
expect sort: PROTO ▲
click-x10 1 2
expect [1 Ports]
expect (type / to filter)
click-x10 3 94 2 150
gone (type / to filter)
key Esc
expect (type / to filter)
key q
exit 0
END

for term in screen tmux-256color; do
	infocmp "$term" >/dev/null 2>&1 || continue
	TERM=$term play "two clicks at once on $term" --interval=0.2 --no-config <<'END'
size 160 30
expect [1 Ports]
click 1 12 3 5
expect [2 Connections]
expect sort: PROTO ▲
type q
exit 0
END
done
"$sockets" web
finish
