#!/bin/bash
# Other hosts in the live view, over a real sshd: the column HOST, hosts that do not answer, and one that
# stops to answer and comes back.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit
. "$SRCDIR/tests/live/hosts-lib.sh" || exit

make_hosts web1 web2 dead
make_login sh
make_commands web1 web2
install_portstat web1 web2
start_sshd web1
start_sshd web2
use_ssh
export PATH
# at HOST NAME SPEC...: a process there, until the test ends.
at() {
	in_host "$1" "$opensock" --process="$2" "${@:3}" >"$tmp/said.$2"
	wait_for "$2" grep -q '^ready' "$tmp/said.$2"
}
at web1 server tcp-listen:port=8080
at web2 backend tcp-listen:port=8080

# back HOST: its sshd again, as a process of the play.
cat >"$tmp/back" <<END
#!/bin/bash
setsid nsenter --net="/run/netns/\$1" unshare -u "$BASH" -c 'hostname "\$0" && exec "\$@"' "\$1" \\
	"$(command -v sshd)" -D -e -f "$tmp/sshd.\$1" 2>"$tmp/log.back" </dev/null &
for ((i = 0; i < 400; i++)); do
	grep -qs 'listening on .* port 2222' "$tmp/log.back" && exit 0
	read -r -t 0.05 <> <(:)
done
exit 1
END
# away HOST: its sshd, and the connections that it has.
cat >"$tmp/away" <<END
#!/bin/bash
for pid in \$(ip netns pids "\$1"); do
	# Since OpenSSH 9.8 a connection's is sshd-session.
	case \$(cat "/proc/\$pid/comm" 2>/dev/null) in sshd*) kill "\$pid" ;; esac
done
exit 0
END
chmod +x "$tmp/back" "$tmp/away"

play "two hosts, and one that cannot be asked" --host=web1,web2,dead --interval=0.3 lport 8080 <<END
size 160 30
expect portstat 3 hosts
expect 0.3s LIVE
expect 1 of 3 hosts does not answer: dead: ssh: connect to host ${addr[dead]} port 22: Connection refused
expect HOST
expect server[
expect backend[
type \\/host web2
key Enter
gone server[
type \\/lport 8080
key Enter
expect server[
# By process, too, each host has its own.
key 3
expect server[
expect backend[
key 5
expect [5 Changes]
expect Nothing that the filter matches
key 1
key F8
expect Kill and Close are disabled
key q
exit 0
END

play "one that goes away stays, dimmed, with its age, and comes back" --host=web1,web2 --interval=0.3 \
	lport 8080 <<END
size 120 30
expect server[
expect backend[
key Home
row web1
gone does not answer
color -1 web2
run $tmp/away web2
expect 1 of 2 hosts does not answer: web2 (
color 246 web2 1s
color 246 backend[
expect web2 2s
# Under the cursor is the row of the other host: of that which answers nothing is dimmed.
key Down
row web2
color -1 server[
# Neither opens nor closes anything.
key 5
expect [5 Changes]
expect Nothing that the filter matches
key 1
key Up
size 80 24
expect 1 of 2 hosts does not answer: web2 (
size 60 15
expect 1 of 2 hosts does not answer: web2 (
expect [1 Ports]
expect filter:
size 120 30
run $tmp/back web2
gone does not answer
color -1 web2
key q
exit 0
END

# One that answers late: what it has was there before.
mkfifo "$tmp/late"
rm "$tmp/bin.web2/portstat"
cat >"$tmp/bin.web2/portstat" <<END
#!/bin/sh
read -r _ <"$tmp/late"
exec "$(realpath "$PORTSTAT")" "\$@"
END
chmod +x "$tmp/bin.web2/portstat"
play "what a late host has did not open now" --host=web1,web2 --interval=0.3 lport 8080 <<END
size 120 30
expect waiting for 1 host
expect server[
run echo >$tmp/late
expect backend[
gone waiting for
key 5
expect [5 Changes]
expect Nothing that the filter matches
key q
exit 0
END

# One that hangs: the others do not wait for it.
in_host dead "$python" -c '
import socket, sys
s = socket.create_server((sys.argv[1], 22))
held = []
print("ready", flush=True)
while True:
    held.append(s.accept())' "${addr[dead]}" >"$tmp/hang"
wait_for "the host that hangs" grep -q ready "$tmp/hang"
play "one that hangs keeps nobody waiting" --host=web1,dead --timeout=60 --interval=0.3 lport 8080 <<END
size 120 30
expect waiting for 1 host
expect server[
expect 1 of
key q
exit 0
END
"$tmp/away" web2
finish
