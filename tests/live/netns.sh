#!/bin/bash
# Other network namespaces: which there are, their sockets and servers, with and without privilege,
# and that looking at one does not keep it alive.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" ip nsenter

# Names of ip-netns(8), for this test alone.
mount -t tmpfs none /run 2>/dev/null || skip "nothing can be mounted over /run here"
mkdir /run/netns
ip netns add red 2>"$tmp/err" || skip "no network namespace can be made here: $(head -n 1 "$tmp/err")"
ip netns add blue
ip netns add "odd name"
# Before the descriptor that ends the servers: this one would keep it.
open_sockets --process=here tcp-listen:port=8080
mkfifo "$tmp/hold"
exec {hold}<>"$tmp/hold"
servers=()

# serve NETNS PROCESS SPEC...: sockets in that namespace, until the test ends.
serve() {
	local netns=$1 process=$2

	shift 2
	nsenter --net="/run/netns/$netns" "$BUILDDIR/tests/live/opensock" --process="$process" "$@" \
		<"$tmp/hold" {hold}>&- >"$tmp/served.$netns" &
	servers+=($!)
	wait_for "sockets in $netns" grep -qx ready "$tmp/served.$netns"
}
stop_servers() {
	exec {hold}>&-
	wait "${servers[@]}"
}

for netns in red blue; do
	ip -n $netns link set lo up
done
serve red server-r tcp-listen:port=8080 udp:port=53
serve blue server-b tcp-listen:port=8080,dev=lo

# ---- which there are, and who serves there --------------------------------------------------------

run 0 "$PORTSTAT" -N all -l -H --columns=ns,proto,local,process
sort "$tmp/out" | tr -s ' ' | sed 's/\[[0-9]*\]//' >"$tmp/got"
cat >"$tmp/want" <<'END'
blue tcp 0.0.0.0%lo:8080 server-b
host tcp 0.0.0.0:8080 here
red tcp 0.0.0.0:8080 server-r
red udp 0.0.0.0:53 server-r
END
expect_same "each namespace with its own server" "$tmp/want" "$tmp/got"
expect_lines "nothing is missing" 0 "$tmp/err"

# answers STATUS WANT ARGUMENT...: the processes that are listed, each once.
answers() {
	local status=$1 want=$2

	shift 2
	run "$status" "$PORTSTAT" -l -H --columns=process "$@"
	expect "$*" "$want" "$(sed 's/\[.*//' "$tmp/out" | sort -u | tr -s '\n ' ' ' | sed 's/ $//')"
}
answers 0 "here" 8080
answers 0 "server-b" -N blue
answers 0 "server-r" --netns=red udp
answers 0 "server-b server-r" -N red,blue 8080
answers 0 "here server-r" -N host,red 8080
answers 0 "server-r" -N /run/netns/red 8080
answers 0 "server-r" -N "pid:$(ip netns pids red | head -n 1)"
answers 0 "server-r" -N all ns red
answers 0 "server-r" -N all red 8080
answers 0 "server-b" -N all dev lo
answers 0 "here server-b server-r" -N all --source=procfs tcp
touch /run/netns/crimson
mount --bind /run/netns/red /run/netns/crimson
answers 0 "server-r" -N crimson 8080
answers 0 "server-r" -N red 8080
umount /run/netns/crimson
rm /run/netns/crimson
run 0 "$PORTSTAT" -N red -l --source=procfs --json tcp
expect "cookies in /proc/net" 0 "$(grep -c '"cookie": "' "$tmp/out")"
ip netns add host
run 1 nsenter --net=/run/netns/host "$PORTSTAT" -l
run 0 nsenter --net=/run/netns/host "$PORTSTAT" -N host -l -H --columns=process
expect "host is that of process 1" here "$(sed 's/\[.*//' "$tmp/out")"
ip netns del host
answers 1 "" -N "odd name"
expect_lines "an empty namespace is no problem" 0 "$tmp/err"
answers 0 "server-r" -N red,nosuch 8080
expect_match "a name that means nothing" "no network namespace 'nosuch'" "$tmp/err"
run 3 "$PORTSTAT" -l --strict -N red,nosuch
run 4 "$PORTSTAT" -l -N nosuch
run 4 "$PORTSTAT" -l -N pid:999999999
run 2 "$PORTSTAT" -l --netns=
run 2 "$PORTSTAT" -l -N red --record="$tmp/red.nl"

run 0 "$PORTSTAT" -N red,blue -l --json 8080
for netns in red blue; do
	inode=$(stat -Lc %i "/run/netns/$netns")
	expect "$netns in JSON" 1 "$(grep -c "\"netns\": $inode, \"netns_name\": \"$netns\"" "$tmp/out")"
done
run 0 "$PORTSTAT" -N all -l
expect_match "the namespace comes first" '^NETNS +PROTO' "$tmp/out"
run 0 "$PORTSTAT" -N red -l
expect_match "one namespace needs no column" '^PROTO' "$tmp/out"
run 0 nsenter --net=/run/netns/red "$PORTSTAT" -l -H --columns=ns tcp
expect "the own namespace by its name" red "$(tr -d ' ' <"$tmp/out")"
unshare --net "$BUILDDIR/tests/live/opensock" --process=alone tcp-listen:port=8070 <"$tmp/hold" \
	{hold}>&- >"$tmp/alone" &
servers+=($!)
wait_for "a socket in a namespace without a name" grep -qx ready "$tmp/alone"
run 0 "$PORTSTAT" -N all -l -H --columns=ns 8070
cp "$tmp/out" "$tmp/want"
run 0 nsenter --net="/proc/${servers[-1]}/ns/net" "$PORTSTAT" -l -H --columns=ns 8070
expect_same "the own namespace by its first process" "$tmp/want" "$tmp/out"
expect_match "the first process" "\\[${servers[-1]}\\]" "$tmp/out"

ip netns add "odd,name\\"
run 1 "$PORTSTAT" -N 'odd\,name\\,odd\ name' -l
expect_lines "commas and backslashes in names" 0 "$tmp/err"
run 4 "$PORTSTAT" -N 'odd,name' -l
expect_match "a comma is between names" "no network namespace 'odd'" "$tmp/err"
ip netns del "odd,name\\"

# ---- without privilege ----------------------------------------------------------------------------

if is_real_root; then
	cp "$PORTSTAT" "$tmp"
	nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/portstat")
	run 0 "$PORTSTAT" -N all -l -H --columns=proto,local_port --sort=proto,local_port
	cp "$tmp/out" "$tmp/want"
	# One whose namespace nobody may know by its link as well, like every namespace of one's own processes.
	nsenter --net=/run/netns/red setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$tmp/portstat" -l --watch=3600 >/dev/null 2>&1 &
	own=$!
	run 0 "${nobody[@]}" -N all -l -H --columns=proto,local_port --sort=proto,local_port
	expect_same "the same sockets without privilege, each once" "$tmp/want" "$tmp/out"
	kill "$own"
	wait "$own"
	run 0 "${nobody[@]}" -N all -l -H --columns=owner_note 8080
	expect "their owners are hidden" "hidden" "$(sort -u "$tmp/out" | tr -d ' ')"
	run 4 "${nobody[@]}" -N "odd name" -l
	expect_match "a namespace without processes cannot be entered" \
		"'odd name' could not be read" "$tmp/err"
else
	left_out "another user's view: only root can become nobody"
fi

# shellcheck disable=SC2317 # called by wait_for
has_listed_twice() {
	[ "$(grep -c '^NETNS' "$tmp/watched")" -ge 2 ]
}
# ---- looking keeps nothing alive ------------------------------------------------------------------

if ip link add here0 type veth peer name there0 2>/dev/null; then
	ip link set there0 netns "odd name"
	"$PORTSTAT" -N all -l --watch=0.1 >"$tmp/watched" 2>&1 &
	watch=$!
	wait_for "the second listing" has_listed_twice
	ip netns del "odd name"
	# With the namespace its end of the pair goes, and ours with it.
	wait_for "the end of the deleted namespace" sh -c '! ip link show here0 >/dev/null 2>&1'
	checks=$((checks + 1))
	kill "$watch"
	wait "$watch"
else
	left_out "a deleted namespace: no veth can be made here"
fi

# ---- held by a socket alone ------------------------------------------------------------------------

# Listens in a namespace and leaves it, until its input ends.
cat >"$tmp/leave.py" <<'END'
import ctypes, os, socket, sys

libc = ctypes.CDLL(None, use_errno=True)


def enter(path):
    with open(path, encoding="utf-8") as file:
        if libc.setns(file.fileno(), 0x40000000):
            sys.exit(os.strerror(ctypes.get_errno()))


home = os.open("/proc/self/ns/net", os.O_RDONLY)
enter(sys.argv[1])
held = socket.socket()
held.bind(("0.0.0.0", 8099))
held.listen(1)
enter(f"/proc/self/fd/{home}")
print("ready", flush=True)
sys.stdin.read()
END
if ! is_real_root || ! "$PORTSTAT" --version | grep -q bpf; then
	left_out "a namespace held by a socket: only root finds it, with BPF"
elif ip netns add left && ip link add here1 type veth peer name there1 netns left; then
	mkfifo "$tmp/stay"
	exec {stay}<>"$tmp/stay"
	"$python" "$tmp/leave.py" /run/netns/left <"$tmp/stay" {stay}>&- {hold}>&- \
		>"$tmp/left" 2>&1 &
	left=$!
	wait_for "a socket in the namespace" grep -qx ready "$tmp/left"
	answers 0 "$(cat "/proc/$left/comm")" -N all 8099
	run 0 "$PORTSTAT" -N all -l -H --columns=ns 8099
	expect "by the name that it has" left "$(tr -d ' ' <"$tmp/out")"
	ip netns del left
	answers 0 "$(cat "/proc/$left/comm")" -N all 8099
	run 0 "$PORTSTAT" -N all -a -H --columns=local 8099
	expect "its socket without owners" 0.0.0.0:8099 "$(tr -d ' ' <"$tmp/out")"
	run 0 "$PORTSTAT" -N all -l -H --columns=ns 8099
	expect_match "by who holds it" "^$(cat "/proc/$left/comm")\\[$left\\]/fd/[0-9]+" "$tmp/out"
	run 1 "$PORTSTAT" -N all -l --owners=proc 8099
	"$PORTSTAT" -N all -l --watch=0.1 {stay}>&- >"$tmp/watched" 2>&1 &
	watch=$!
	wait_for "the second listing" has_listed_twice
	exec {stay}>&-
	wait "$left"
	wait_for "the end of the namespace that was left" \
		sh -c '! ip link show here1 >/dev/null 2>&1'
	checks=$((checks + 1))
	kill "$watch"
	wait "$watch"
else
	left_out "a namespace held by a socket: no veth can be made here"
fi

stop_servers

# A name without -N.
run 1 "$PORTSTAT" -l red
expect_match "a namespace" "there is a network namespace 'red'; list it with: -N red" "$tmp/err"
for filter in 'ns red' 'container nosuch' 'pod nosuch'; do
	run 1 "$PORTSTAT" -l "$filter"
	expect_match "$filter" '-N (red|all)' "$tmp/err"
done
run 2 "$PORTSTAT" -l netns red
expect_match "its number" 'use the key "ns"' "$tmp/err"
run 1 "$PORTSTAT" -N red -l container nosuch
expect_lines "with -N" 0 "$tmp/err"
finish
