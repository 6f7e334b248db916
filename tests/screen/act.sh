#!/bin/bash
# Kill and Close on real processes and sockets, as root and as an unprivileged user.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit

"$sockets" victim --process=victim tcp-listen:addr=127.0.0.1,port=7777
"$sockets" pair --process=pair tcp-pair:addr=127.0.0.1,port=7800
"$sockets" other --process=other tcp-listen:addr=127.0.0.1,port=7900 \
	--process=another tcp-listen:addr=127.0.0.1,port=7901

play "read-only takes both away" --interval=0.2 --read-only lport 7777 <<'END'
expect victim[
key K
expect Read-only mode:
gone Send TERM
key F8
expect Read-only mode:
key q
exit 0
END

play "why a port is taken" --interval=0.2 lport 7777 <<'END'
row 7777
key W
expect tcp 127.0.0.1:7777 cannot be bound: address already in use
expect LISTEN 127.0.0.1:7777  victim[
expect 7778 is free
key Esc
gone cannot be bound
key q
exit 0
END

# What follows a label and is longer than the line goes on below itself.
play "a long line of why" --interval=0.2 lport 7777 <<'END'
size 60 24
row 7777
key W
expect another port: 7778 is
expect               free
key Esc
gone cannot be bound
key q
exit 0
END

play "Esc leaves everything as it was" --interval=0.2 lport 7777 <<'END'
row 7777
key F9
expect Send TERM to victim[
key Esc
gone Send TERM
key F8
expect Close 1 socket?
key Esc
gone Close 1 socket?
expect LISTEN
key q
exit 0
END

if is_real_root; then
	play_with "owners that are hidden from nobody leave a filter open" \
		setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$PORTSTAT" --live --interval=0.2 --no-config lport 7777 and proc victim <<'END'
size 100 30
expect 1 socket could not be tested for "proc victim"
key Ctrl-C
exit 0
END
	play_with "nobody may not kill root's process" \
		setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$PORTSTAT" --live --interval=0.2 --no-config lport 7777 <<'END'
size 120 30
row 7777
expect owners: 0 of 1 known
key F9
expect The process cannot be read: run as root, or with CAP_SYS_PTRACE.
key F1
expect CAP_SYS_PTRACE
key Esc
key F8
expect Close 1 socket?
key Enter
expect Not permitted (needs root or CAP_NET_ADMIN): tcp
expect LISTEN
key q
exit 0
END
else
	left_out "root's process under another user: only root can become one"
fi

# Not every kernel can: what ss says decides what is to be expected.
ss -K state established sport = :7800 >/dev/null 2>"$tmp/ss" || :
if ! ss -Htn state established sport = :7800 | grep -q .; then
	"$sockets" pair
	"$sockets" pair --process=pair tcp-pair:addr=127.0.0.1,port=7800
	play "a connection is closed" --interval=0.2 'lport 7800 and state established' <<'END'
key 2
row 127.0.0.1:7800
key F8
expect Close 1 socket?
expect tcp 127.0.0.1:7800 > 127.0.0.1:
key Enter
expect Closed: tcp 127.0.0.1:7800
expect closed 0s
gone ESTAB
key q
exit 0
END
	# The same address and port in another namespace: that one is closed, and ours is not.
	"$sockets" pair
	"$sockets" pair --process=pair tcp-pair:addr=127.0.0.1,port=7800
	mkfifo "$tmp/hold"
	exec {hold}<>"$tmp/hold"
	unshare -n sh -c 'ip link set lo up && exec "$@"' sh "$opensock" \
		tcp-pair:addr=127.0.0.1,port=7800 <"$tmp/hold" >"$tmp/served" {hold}>&- &
	there=$!
	wait_for "the connection in another namespace" grep -qx ready "$tmp/served"
	play "a connection in another namespace is closed" --interval=0.2 --netns="pid:$there" \
		'lport 7800 and state established' <<'END'
key 2
row 127.0.0.1:7800
key F8
expect Close 1 socket?
key Enter
expect Closed: tcp 127.0.0.1:7800
gone ESTAB
key q
exit 0
END
	ss -Htn state established sport = :7800 | grep -q . ||
		fail "a connection of this namespace was closed as well"
	kill "$there"
else
	play "a kernel that cannot close says so" --interval=0.2 'lport 7800 and state established' <<'END'
key 2
row 127.0.0.1:7800
key F8
expect Close 1 socket?
key Enter
expect not supported
expect ESTAB
key q
exit 0
END
fi

play "a process is killed" --interval=0.2 lport 7777 <<'END'
row 7777
expect victim[
key K
expect Send TERM to victim[
expect It holds 1 listed socket.
key Down
expect Send KILL to victim[
key Enter
expect Signal sent: victim[
expect closed
gone closed
expect No rows:
key q
exit 0
END

play "one question covers all tagged rows" --interval=0.2 lport 7900,7901 <<'END'
row 7900
key Space
row 7901
key Space
expect 2 tagged
key F9
expect Send TERM to all 2 processes?  They hold 2 listed sockets.
expect  * other[
key Enter
expect 2 of 2 done.
expect No rows:
key q
exit 0
END
finish
