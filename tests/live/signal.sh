#!/bin/bash
# --signal and --close: whom they hit, whom they spare, and when they do nothing.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

# serve NAME PORT OPTION...: a process that listens, and ends by TERM unless told to "ignore" it.
# "inherit": its child holds the socket, too.  "apart": in a pid namespace of its own.
cat >"$tmp/serve.py" <<'END'
import ctypes, os, signal, socket, sys
name, port, options = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
open("/proc/self/comm", "w").write(name)
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", port))
s.listen()
if "ignore" in options:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if "apart" in options:
    if ctypes.CDLL(None).unshare(0x20000000):
        sys.exit(1)
    if os.fork():
        s.close()
        os.wait()
        sys.exit()
    # The first process of a namespace gets only the signals that it handles.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
if "inherit" in options:
    os.fork()
print(os.getpid(), flush=True)
if "let-go" in options:
    sys.stdin.readline()
    s.close()
    print("let go", flush=True)
while True:
    signal.pause()
END
servers=()
serve() {
	"$python" "$tmp/serve.py" "$@" >"$tmp/$1" <&0 &
	served=$!
	servers+=("$served")
	disown "$served"
	wait_for "the server $1" test -s "$tmp/$1"
}
trap 'kill -KILL "${servers[@]}" 2>/dev/null; cleanup' EXIT

# A client of a server, and what it is told by it: how long it lives.
cat >"$tmp/connect.py" <<'END'
import os, socket, sys
open("/proc/self/comm", "w").write("client")
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print("connected", flush=True)
sys.stdin.read()
END

ends() {
	# shellcheck disable=SC2317 # called through wait_for
	! kill -0 "$1" 2>/dev/null
}
is_alive() {
	expect "$2" yes "$(kill -0 "$1" 2>/dev/null && echo yes)"
}

# ---- nothing is done ----------------------------------------------------------------------------

serve web 8001 inherit
web=$served
run 2 "$PORTSTAT" --signal -t lport 8001 </dev/null
expect_lines "nothing is listed" 0 "$tmp/out"
expect_match "it says how" 'add --yes' "$tmp/err"
run 2 "$PORTSTAT" -q --close lport 8001 </dev/null
for filter in "" "0-65535" "lport 1-" "state all" "proc *" "proc ~ .*" "*" "pid > 0" "uid >= 0" \
	"not not proc *" "proc * and lport 1-65535" "lport 8001 or state all" "laddr *" "tcp or udp" "lport 1-1000 or lport 1001-"; do
	run 2 "$PORTSTAT" --yes --signal -tu ${filter:+"$filter"}
	run 2 "$PORTSTAT" --yes --close -tu ${filter:+"$filter"}
done
run 2 "$PORTSTAT" --yes --signal -a lport 8001
expect_match "-a" 'do not combine it with -a' "$tmp/err"
run 0 "$PORTSTAT" --dry-run --signal=SIGHUP lport 8001
expect_lines "the row" 2 "$tmp/out"
expect_lines "both of its owners" 2 "$tmp/err"
expect_match "what would be done" "^portstat: would send HUP to web\[$web\] of " "$tmp/err"
run 0 "$PORTSTAT" --dry-run --close -q lport 8001
run 1 "$PORTSTAT" --yes --signal lport 8002
expect_lines "no row" 1 "$tmp/out"
# A process that has not got it is not meant.
run 1 "$PORTSTAT" --yes --signal lport 8001 and not proc web
is_alive "$web" "nothing was done"

# ---- clients ------------------------------------------------------------------------------------

mkfifo "$tmp/hold"
exec {hold}<>"$tmp/hold"
"$python" "$tmp/connect.py" 8001 <"$tmp/hold" >"$tmp/connected" {hold}>&- &
client=$!
servers+=("$client")
disown "$client"
wait_for "a connection" test -s "$tmp/connected"
run 0 "$PORTSTAT" --dry-run --signal rport 8001
expect_match "if the filter tests the peer's port" 'to client\[' "$tmp/err"
run 0 "$PORTSTAT" --dry-run --signal established port 8001
expect_match "or the state" 'to client\[' "$tmp/err"
run 0 "$PORTSTAT" 8001 --yes --signal
expect_lines "the listener" 2 "$tmp/out"
expect_lines "its owners" 2 "$tmp/err"
wait_for "the end of the server" ends "$web"
is_alive "$client" "the client lives"
run 1 "$PORTSTAT" 8001 --yes --signal
kill -KILL "$client"

# ---- the status ---------------------------------------------------------------------------------

serve stubborn 8004 ignore
run 4 "$PORTSTAT" --yes --signal --wait-none=0.3 lport 8004
expect_match "it is still there" 'timed out after 0.3 s: 1 socket still matches' "$tmp/err"
expect_match "what it cannot ignore" '--signal=KILL' "$tmp/err"
run 0 "$PORTSTAT" --yes --signal=kill --wait-none=20 lport 8004
serve quick 8005
run 0 "$PORTSTAT" -q --yes --signal=15 --wait-none lport 8005
expect_lines "quietly" 0 "$tmp/out"
expect_lines "without a word" 0 "$tmp/err"
run 1 "$PORTSTAT" -q -l lport 8005

if serve_apart=$("$python" -c 'import ctypes; print(ctypes.CDLL(None).unshare(0x20000000))') &&
	[ "$serve_apart" = 0 ]; then
	serve apart 8006 apart
	run 0 "$PORTSTAT" --yes --signal --wait-none=20 lport 8006
else
	left_out "an owner in another pid namespace: none can be made here"
fi

# ---- who is spared ------------------------------------------------------------------------------

# A shell that listens, and calls portstat: its ancestor.
cat >"$tmp/ancestor.py" <<'END'
import os, socket, subprocess, sys
open("/proc/self/comm", "w").write("ancestor")
s = socket.socket()
s.bind(("127.0.0.1", 8007))
s.listen()
s.set_inheritable(True)
running, hold = os.pipe()
if not os.fork():
    os.execlp("sleep", "sleep", "1000")
os.close(hold)
# The other end closes when sleep is executed.
os.read(running, 1)
print(subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode)
print(os.waitstatus_to_exitcode(os.wait()[1]) if sys.argv[-1] == "8007" else "")
END
"$python" "$tmp/ancestor.py" "$PORTSTAT" --yes --signal lport 8007 >"$tmp/out" 2>"$tmp/err"
expect "the child is signalled, the ancestor is not" "0 -15 " "$(tr '\n' ' ' <"$tmp/out")"
expect_match "which is said" '^portstat: ancestor\[[0-9]+\] is left out' "$tmp/err"
# shellcheck disable=SC2016 # the shell in between expands it
"$python" "$tmp/ancestor.py" sh -c '"$@" and pid "$PPID"' - "$PORTSTAT" --yes --signal lport 8007 \
	>"$tmp/out" 2>"$tmp/err"
expect "pid N names an ancestor" 143 "$?"
# The other holder is not named, and lives.
run 0 "$PORTSTAT" --yes --signal --wait-none=20 lport 8007
expect_match "the other one" 'sleep\[' "$tmp/out"

# ---- the question -------------------------------------------------------------------------------

# ask ANSWER COMMAND...: with a terminal as standard input and error; runs $hook before it answers.
cat >"$tmp/ask.py" <<'END'
import os, pty, subprocess, sys
answer, command = sys.argv[1].encode().decode("unicode_escape").encode(), sys.argv[2:]
master, slave = pty.openpty()
child = subprocess.Popen(command, stdin=slave, stderr=slave, stdout=open(os.environ["out"], "w"))
os.close(slave)
said = b""
while b"[y/N] " not in said:
    got = os.read(master, 4096)
    said += got
if os.environ.get("hook"):
    subprocess.run(["bash", "-c", os.environ["hook"]], check=True)
os.write(master, answer)
try:
    while got := os.read(master, 4096):
        said += got
except OSError:
    pass
sys.stdout.buffer.write(said)
sys.exit(child.wait())
END
ask() {
	# shellcheck disable=SC2317 # called through run
	out=$tmp/listed timeout 60 "$python" "$tmp/ask.py" "$@"
}
serve asked 8008
asked=$served
for answer in '\n' 'n\n' 'q\n' '\x04'; do
	run 4 ask "$answer" "$PORTSTAT" --signal lport 8008
	expect_match "the question after $answer" 'Send TERM to 1 process\? \[y/N\]' "$tmp/out"
	expect_match "the listing" 'asked\[' "$tmp/listed"
done
is_alive "$asked" "every other answer is no"
run 4 ask 'n\n' "$PORTSTAT" --close lport 8008
expect_match "the question of --close" 'Close 1 socket\? \[y/N\]' "$tmp/out"
run 0 ask 'y\n' "$PORTSTAT" --signal --wait-none=20 lport 8008
expect_match "the process is named" "asked\[$asked\] of " "$tmp/out"

# While the question stands another process gets the pid, with a socket at the same port.
if echo 1000 2>/dev/null >/proc/sys/kernel/ns_last_pid; then
	serve first 8009
	first=$served
	cat >"$tmp/hook" <<END
kill -KILL $first
while kill -0 $first; do read -r -t 0.02 <> <(:); done
for try in {1..50}; do
	: >"$tmp/second"
	echo $((first - 1)) >/proc/sys/kernel/ns_last_pid
	"$python" "$tmp/serve.py" second 8009 >"$tmp/second" </dev/null &
	while [ ! -s "$tmp/second" ]; do read -r -t 0.02 <> <(:); done
	grep -qx $first "$tmp/second" && break
	kill -KILL "\$(cat "$tmp/second")"
done
END
	run 0 env hook=". '$tmp/hook'" out="$tmp/listed" timeout 60 "$python" "$tmp/ask.py" 'y\n' \
		"$PORTSTAT" --signal lport 8009
	expect_match "the process of the question has gone" "Gone .*first\[$first\]" "$tmp/out"
	if [ "$(cat "$tmp/second")" = "$first" ]; then
		is_alive "$first" "who has its pid now is left alone"
		kill -KILL "$first"
	else
		left_out "a pid that changes hands: another process was quicker"
	fi
else
	left_out "a pid that changes hands: pids cannot be chosen here"
fi

# A process that lets go of the socket meanwhile is left alone.
mkfifo "$tmp/talk"
# shellcheck disable=SC2034 # held open, so that the other end does not wait
exec {talk}<>"$tmp/talk"
serve leaves 8010 let-go <"$tmp/talk"
leaves=$served
run 0 env hook="echo >'$tmp/talk'; until grep -q 'let go' '$tmp/leaves'; do read -r -t 0.02 <> <(:); done; :" \
	out="$tmp/listed" timeout 60 "$python" "$tmp/ask.py" 'y\n' "$PORTSTAT" --signal lport 8010
expect_match "it let go" 'Left alone .*leaves\[' "$tmp/out"
is_alive "$leaves" "who has let go lives"

# ---- --close ------------------------------------------------------------------------------------

serve closed 8011
closed=$served
"$PORTSTAT" --yes --close lport 8011 >"$tmp/out" 2>"$tmp/err"
case $?:$(<"$tmp/err") in
0:*Closed*)
	run 1 "$PORTSTAT" -q -l lport 8011
	is_alive "$closed" "the process lives"
	serve here 8012
	unshare -n sleep 1000 &
	peer=$!
	servers+=("$peer")
	disown "$peer"
	# shellcheck disable=SC2317 # called by wait_for
	is_apart() {
		[ "$(readlink "/proc/$peer/ns/net")" != "$(readlink /proc/self/ns/net)" ]
	}
	wait_for "another network namespace" is_apart
	nsenter -t "$peer" -n ip link set lo up
	nsenter -t "$peer" -n "$python" "$tmp/serve.py" there 8012 >"$tmp/there" &
	servers+=($!)
	disown $!
	wait_for "the server there" test -s "$tmp/there"
	run 0 "$PORTSTAT" -N "pid:$peer" --yes --close lport 8012
	run 1 "$PORTSTAT" -N "pid:$peer" -q -l lport 8012
	run 0 "$PORTSTAT" -q -l lport 8012
	;;
4:*"Not supported"*) left_out "--close: this kernel cannot close sockets" ;;
*) fail "--close: $(<"$tmp/err")" ;;
esac
finish
