#!/bin/bash
# Other hosts over a real sshd: each a network namespace with a name of its own.  One is dead, one hangs,
# one is too old and one has no portstat; and nothing that a filter has is ever run by a shell.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" ip nsenter ssh sshd ssh-keygen

is_real_root || skip "sshd needs root: it changes users and roots"
has_private_root || skip "sshd needs /run and /etc/passwd of the test's own"
mount -t tmpfs none /run || skip "nothing can be mounted over /run here"
mkdir /run/netns /run/sshd
ip netns add web1 2>"$tmp/err" || skip "no network namespace can be made here: $(head -n 1 "$tmp/err")"
ip link add bridge type bridge 2>"$tmp/err" || skip "no bridge here: $(head -n 1 "$tmp/err")"
ip addr add 10.9.0.254/24 dev bridge
ip link set bridge up

# ---- the hosts ----------------------------------------------------------------------------------

exec {hold}<>"$(mkfifo "$tmp/hold" && echo "$tmp/hold")"
ended=()
# shellcheck disable=SC2317 # called by trap
stop_all() {
	exec {hold}>&-
	for pid in "${ended[@]}"; do
		kill "$pid" 2>/dev/null
	done
	wait
	cleanup
}
trap stop_all EXIT
# in_host NAME COMMAND...: in its network, with its name, until the test ends.
in_host() {
	local host=$1

	shift
	# shellcheck disable=SC2016 # bash replaces them there
	nsenter --net="/run/netns/$host" unshare -u "$BASH" -c 'hostname "$0" && exec "$@"' "$host" "$@" \
		<"$tmp/hold" {hold}>&- &
	ended+=($!)
}
declare -A addr=([web1]=10.9.0.1 [web2]=10.9.0.2 [old]=10.9.0.3 [none]=10.9.0.4 [hang]=10.9.0.5 [dead]=10.9.0.6)
for host in "${!addr[@]}"; do
	[ "$host" = web1 ] || ip netns add "$host"
	ip link add "to-$host" type veth peer name eth0 netns "$host"
	ip link set "to-$host" master bridge up
	nsenter --net="/run/netns/$host" ip addr add "${addr[$host]}/24" dev eth0
	nsenter --net="/run/netns/$host" ip link set eth0 up
	nsenter --net="/run/netns/$host" ip link set lo up
done

ssh-keygen -q -t ed25519 -N '' -f "$tmp/key"
ssh-keygen -q -t ed25519 -N '' -f "$tmp/host_key"
# Users with root's rights, one for each login shell.
cp /etc/passwd "$tmp/passwd"
for shell in sh bash csh tcsh fish; do
	if command -v $shell >/dev/null; then
		echo "$shell:*:0:0::$tmp:$(command -v $shell)" >>"$tmp/passwd"
	else
		left_out "the login shell $shell: it is not installed"
	fi
done
echo "root:*:0:0::$tmp:$BASH" | cat - <(grep -v ^root: "$tmp/passwd") >"$tmp/passwd.new"
chmod 644 "$tmp/passwd.new"
mount --bind "$tmp/passwd.new" /etc/passwd
# start_sshd HOST
start_sshd() {
	cat >"$tmp/sshd.$1" <<-END
		Port 22
		Port 2222
		ListenAddress ${addr[$1]}
		HostKey $tmp/host_key
		AuthorizedKeysFile $tmp/key.pub
		StrictModes no
		UsePAM no
		PermitRootLogin yes
		PidFile none
		MaxStartups 100
		Banner $tmp/banner
		SetEnv PATH=$tmp/bin.$1
	END
	in_host "$1" "$(command -v sshd)" -D -e -f "$tmp/sshd.$1" 2>"$tmp/log.$1"
	wait_for "sshd of $1" grep -q 'listening on .* port 2222' "$tmp/log.$1"
}
printf 'Welcome.\n' >"$tmp/banner"
for host in web1 web2 old none; do
	mkdir "$tmp/bin.$host"
	for command in sh cat ls readlink uname id touch; do
		ln -s "$(command -v $command)" "$tmp/bin.$host/$command"
	done
done
for host in web1 web2; do
	ln -s "$(realpath "$PORTSTAT")" "$tmp/bin.$host/portstat"
done
# What a portstat says that is older than --query.
cat >"$tmp/bin.old/portstat" <<'END'
#!/bin/sh
echo "portstat: there is no option '$2'; see portstat --help" >&2
exit 2
END
chmod +x "$tmp/bin.old/portstat"
for host in web1 web2 old none; do
	start_sshd $host
done
in_host hang "$python" -c '
import socket, sys
s = socket.create_server((sys.argv[1], 22))
held = []
print("ready", flush=True)
while True:
    held.append(s.accept())' "${addr[hang]}" >"$tmp/hang"
wait_for "the host that hangs" grep -q ready "$tmp/hang"

# The ssh that portstat finds knows the hosts.
cat >"$tmp/config" <<END
UserKnownHostsFile /dev/null
StrictHostKeyChecking no
LogLevel ERROR
IdentityFile $tmp/key
IdentitiesOnly yes
END
for host in "${!addr[@]}"; do
	printf 'Host %s\n\tHostName %s\n' "$host" "${addr[$host]}" >>"$tmp/config"
done
mkdir "$tmp/bin"
printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$tmp/config" >"$tmp/bin/ssh"
chmod +x "$tmp/bin/ssh"
PATH=$tmp/bin:$PATH

# ---- processes on them ------------------------------------------------------------------------------

cat >"$tmp/end.py" <<'END'
import socket, sys
name, what, addr, port = sys.argv[1:5]
with open("/proc/self/comm", "w") as comm:
    comm.write(name)
if what == "listen":
    family = socket.AF_INET6 if ":" in addr else socket.AF_INET
    s = socket.create_server((addr, int(port)), family=family, dualstack_ipv6=addr == "::")
    print("ready", flush=True)
    c = s.accept()
else:
    s = socket.create_connection((addr, int(port)), source_address=("0.0.0.0", int(sys.argv[5])))
print("connected", flush=True)
sys.stdin.read()
END
# at HOST WORD NAME ...: a process in that host; WORD is what it says when it is ready.
at() {
	local host=$1 word=$2

	shift 2
	in_host "$host" "$python" "$tmp/end.py" "$@" >"$tmp/said.$1"
	wait_for "$1 in $host" grep -qx "$word" "$tmp/said.$1"
}
at web1 ready server listen :: 8080
at web2 connected client connect 10.9.0.1 8080 40000
wait_for "the connection" grep -qx connected "$tmp/said.server"

# ---- listings ---------------------------------------------------------------------------------------

run() {
	status=0
	timeout 30 "$PORTSTAT" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
}
# says FILE PATTERN: a line has it.
says() {
	checks=$((checks + 1))
	grep -qE -e "$2" "$tmp/$1" || fail "no line with '$2' in: $(cat "$tmp/$1")"
}
# is STATUS WHAT
is() {
	checks=$((checks + 1))
	[ "$status" = "$1" ] || fail "$2: status $status, not $1: $(cat "$tmp/err")"
}

cat >"$tmp/sender" <<'END'
#!/bin/sh
document='{"schema": 1, "host": "x", "problems": [{"code": "x", "message": "\u001b[2J"}], "sockets": []}'
case $1 in
nothing) ;;
slow) while :; do printf x; sleep 1; done ;;
endless) exec tr '\0' x </dev/zero ;;
document) { printf '{'; exec tr '\0' x; } </dev/zero ;;
escapes) printf '\033[2J\033]0;x\007\n%s\n' "$document" ;;
banner) printf 'Welcome to %s\n\n%s\n' "$1" "$document" ;;
errors) head -c 100000000 /dev/zero | tr '\0' e >&2; echo "last words" >&2; exit 1 ;;
cut) printf '{"schema": 1, "sock' ;;
garbage) printf '{"schema": 1}\n' ;;
deep) printf '{"schema": 1, "sockets": '; head -c 1000000 /dev/zero | tr '\0' '['; echo ;;
esac
END
chmod +x "$tmp/sender"
# What takes the time of --timeout goes on meanwhile.
start=$SECONDS
timeout 60 "$PORTSTAT" --host=web1,dead,hang,old,web2,none --timeout=12 -l -t 8080,22 \
	--columns=host,local,process --sort=local_port >"$tmp/six.out" 2>"$tmp/six.err" {hold}>&- &
six=$!
timeout 60 "$PORTSTAT" --host=nothing,slow,endless,document,escapes,banner,errors,cut,garbage,deep \
	--via="$tmp/sender {host}" --timeout=8 >"$tmp/hostile.out" 2>"$tmp/hostile.err" {hold}>&- &
hostile_run=$!
run --host=web1,old --strict -l 22
is 3 "--strict, with a host that is missing"
run --host=old,dead -l
is 4 "no host answered"
run --host=web1,web2 -l 9999
is 1 "no row"
run --host=web1,web2 --json -t 8080
is 0 "JSON"
checks=$((checks + 1))
"$python" - "$tmp/out" <<'END' || fail "JSON of two hosts: $(head -c 600 "$tmp/out")"
import json, sys
doc = json.load(open(sys.argv[1]))
assert [host["host"] for host in doc["hosts"]] == ["web1", "web2"], doc["hosts"]
assert {sk["host"] for sk in doc["sockets"]} == {"web1", "web2"}
assert all(sk["owners"][0]["cmdline"] for sk in doc["sockets"] if sk["owners"])
END
printf '# the web\nweb1\n\nweb2 # the second\n' >"$tmp/fleet"
run --hosts="$tmp/fleet" -lt 22 --columns=host -H
checks=$((checks + 1))
[ "$(sort -u "$tmp/out" | tr -d ' ' | tr '\n' ' ')" = "web1 web2 " ] || fail "--hosts: $(cat "$tmp/out" "$tmp/err")"
run --hosts=- -lt 22 --columns=host -H <<<web2
says out '^web2'
run --host=web1,web2 host web2 and lport 22
checks=$((checks + 1))
! grep -q '^web1' "$tmp/out" || fail "a filter for a host: $(cat "$tmp/out")"
says out '^web2'

# Client and server name each other, also where the server's socket is IPv6 and has both families.
run --host=web1,web2 -tH port 8080 and state established --columns=host,local,peer_owners
says out '^web1 +10\.9\.0\.1:8080 +web2 client\[[0-9]+\] *$'
says out '^web2 +10\.9\.0\.2:40000 +web1 server\[[0-9]+\] *$'
# The filter chooses rows, not the other ends of them.
run --host=web1,web2 -tH rport 8080 --columns=local,peer_owner_host,peer_owners.name
says out '^10\.9\.0\.2:40000 +web1 +server *$'
run --host=web1,web2 -tH rport 8080 and peer_owner_host web1 --columns=local
says out '^10\.9\.0\.2:40000'
run --host=web1,web2 --json -t
cp "$tmp/out" "$tmp/both.json"
run --from="$tmp/both.json" -tH port 8080 and state established --columns=host,peer_owners
says out '^web2 +web1 server\['

# ---- what no shell may see --------------------------------------------------------------------------

# Every character that means something to some shell, and commands in each manner.
# shellcheck disable=SC2016
hostile='a;touch '$tmp/run' $(touch '$tmp/run')`touch '$tmp/run'` & | < > ! !! * ? [a] {a,b} ~ # % ^ (touch '$tmp/run') \ $HOME '"'"' "'
hostile=${hostile//\\/\\\\}
filter="proc \"${hostile//\"/\\\"}\" or proc server"
for shell in sh bash csh tcsh fish; do
	grep -q "^$shell:" "$tmp/passwd" || continue
	for via in "" "ssh -p 2222 {host}"; do
		run --host=$shell@web1 ${via:+--via="$via"} -l "$filter"
		is 0 "hostile words for $shell, via '$via'"
		says out "^$shell@web1 .*server"
	done
done
checks=$((checks + 1))
[ ! -e "$tmp/run" ] || fail "a shell ran what a filter has"
run --host=-oProxyCommand=touch\ "$tmp/run"
is 2 "a host that is an option"
run --host=web1 --host=-oProxyCommand=x
is 2 "a host that is an option"
checks=$((checks + 1))
[ ! -e "$tmp/run" ] || fail "ssh ran what a host name has"

# ---- what hosts may send ----------------------------------------------------------------------------

wait $hostile_run
says hostile.err "the host 'nothing' sent no document"
says hostile.err "the host 'slow' did not answer in time"
says hostile.err "the host 'endless' sent something that is not a document"
says hostile.err "the host 'document' (sent more than a document can have|did not answer in time)"
says hostile.err "the host 'errors' (could not be asked|did not answer in time)"
says hostile.err "what the host 'cut' sent ends in the middle"
says hostile.err "the host 'garbage' sent something that is not a document"
says hostile.err "the host 'deep' sent something that is not a document"
says hostile.err '^portstat: escapes: \\x1b\[2J$'
says hostile.err '^portstat: banner: '
checks=$((checks + 1))
! grep -q "$(printf '\033')" "$tmp/hostile.err" "$tmp/hostile.out" || fail "an escape sequence came through"

# ---- --watch ----------------------------------------------------------------------------------------

# A host whose connection breaks in the middle.
cat >"$tmp/breaks" <<END
#!/bin/sh
case \$1 in
stays) shift; exec "$PORTSTAT" "\$@" ;;
breaks) exec 3<"$tmp/breaks.fifo"; shift 2; "$PORTSTAT" "\$@" & read -r _ <&3; kill \$! ;;
esac
END
sed -i 's/stays) shift;/stays) shift 2;/' "$tmp/breaks"
chmod +x "$tmp/breaks"
mkfifo "$tmp/breaks.fifo"
exec {breaks}<>"$tmp/breaks.fifo"
nsenter --net=/run/netns/web1 "$PORTSTAT" --host=stays,breaks --via="$tmp/breaks {host}" --watch=0.1 -lt 22 \
	--columns=host -H >"$tmp/watch" 2>"$tmp/watch.err" {hold}>&- &
watch=$!
wait_for "both hosts in --watch" grep -q breaks "$tmp/watch"
echo >&$breaks
wait_for "the host that broke" grep -q "the host 'breaks' sends no more documents" "$tmp/watch.err"
lines=$(wc -l <"$tmp/watch")
# shellcheck disable=SC2317 # called by wait_for
has_gone_on() {
	[ "$(wc -l <"$tmp/watch")" -gt $((lines + 10)) ]
}
wait_for "the other host" has_gone_on
checks=$((checks + 1))
kill -TERM $watch
wait $watch || fail "--watch ended with status $? after a host broke: $(cat "$tmp/watch.err")"

# ---- --query ----------------------------------------------------------------------------------------

run --json --query=-l%00--%00lport%209999
is 1 "--query"
says out '^\{"schema": 1, .*"sockets": \[\]\}$'
run --json --query=-l%00--output%3Dx
is 2 "--query with an option that writes"
run --json --query='-l 80'
is 2 "--query that no portstat makes"
run --query=-l
is 2 "--query without --json"
# ---- hosts that trouble nobody but themselves -------------------------------------------------------

wait $six
status=$?
cp "$tmp/six.err" "$tmp/err"
is 0 "six hosts"
says six.out '^web1 +\*:8080 +server\['
says six.out '^web1 +10.9.0.1:22 +sshd'
says six.out '^web2 +10.9.0.2:22 +sshd'
says six.err "^portstat: the host 'dead' could not be asked: ssh: connect to host 10.9.0.6 port 22: "
says six.err "^portstat: the host 'hang' (did not answer in time|could not be asked: .*timed out)"
says six.err "^portstat: portstat on the host 'old' is too old"
says six.err "^portstat: the host 'none' has no portstat"
checks=$((checks + 1))
[ $((SECONDS - start)) -lt 30 ] || fail "the host that hangs was waited for $((SECONDS - start)) s"
finish
