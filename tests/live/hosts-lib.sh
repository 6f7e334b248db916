# shellcheck shell=bash
# shellcheck disable=SC2154 # tests/lib.sh has tmp and PORTSTAT
# Other hosts for tests: each a network namespace with a name of its own, which a real sshd reaches.
# Sourced by bash scripts, after in_namespaces.
need ip nsenter ssh sshd ssh-keygen
is_real_root || skip "sshd needs root: it changes users and roots"
has_private_root || skip "sshd needs /run and /etc/passwd of the test's own"
mount -t tmpfs none /run || skip "nothing can be mounted over /run here"
mkdir /run/netns /run/sshd
ip link add bridge type bridge 2>"$tmp/err" || skip "no bridge here: $(head -n 1 "$tmp/err")"
ip addr add 10.9.0.254/24 dev bridge
ip link set bridge up

exec {hold}<>"$(mkfifo "$tmp/hold" && echo "$tmp/hold")"
ended=()
# shellcheck disable=SC2317 # called by trap
stop_all() {
	exec {hold}>&-
	for pid in "${ended[@]}"; do
		kill "$pid" 2>/dev/null || : # it has ended already
	done
	wait || :
	cleanup
}
trap stop_all EXIT

# make_hosts NAME...: the hosts, with addresses from 10.9.0.1 on.
declare -A addr=()
make_hosts() {
	local host

	for host in "$@"; do
		addr[$host]=10.9.0.$((${#addr[@]} + 1))
		ip netns add "$host" 2>"$tmp/err" ||
			skip "no network namespace can be made here: $(head -n 1 "$tmp/err")"
		ip link add "to-$host" type veth peer name eth0 netns "$host"
		ip link set "to-$host" master bridge up
		nsenter --net="/run/netns/$host" ip addr add "${addr[$host]}/24" dev eth0
		nsenter --net="/run/netns/$host" ip link set eth0 up
		nsenter --net="/run/netns/$host" ip link set lo up
	done
}

# in_host NAME COMMAND...: in its network, with its name, until the test ends.
in_host() {
	local host=$1

	shift
	# shellcheck disable=SC2016 # bash replaces them there
	nsenter --net="/run/netns/$host" unshare -u "$BASH" -c 'hostname "$0" && exec "$@"' "$host" "$@" \
		<"$tmp/hold" {hold}>&- &
	ended+=($!)
}

# make_login SHELL...: keys, root, an ordinary user, and users with root's rights, one for each login shell that is there.
make_login() {
	local shell

	ssh-keygen -q -t ed25519 -N '' -f "$tmp/key"
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/host_key"
	cp /etc/passwd "$tmp/passwd"
	for shell in "$@"; do
		if command -v "$shell" >/dev/null; then
			echo "$shell:*:0:0::$tmp:$(command -v "$shell")" >>"$tmp/passwd"
		else
			left_out "the login shell $shell: it is not installed"
		fi
	done
	echo "plain:*:1234:1234::$tmp:$(command -v sh)" >>"$tmp/passwd"
	echo "root:*:0:0::$tmp:$BASH" | cat - <(grep -v ^root: "$tmp/passwd") >"$tmp/passwd.new"
	chmod 644 "$tmp/passwd.new"
	mount --bind "$tmp/passwd.new" /etc/passwd
	printf 'Welcome.\n' >"$tmp/banner"
}

# make_commands HOST...: the commands that logins there find.
make_commands() {
	local host command

	for host in "$@"; do
		mkdir "$tmp/bin.$host"
		for command in sh cat ls readlink uname id touch; do
			ln -s "$(command -v $command)" "$tmp/bin.$host/$command"
		done
	done
}

# install_portstat HOST...
install_portstat() {
	local host

	for host in "$@"; do
		ln -s "$(realpath "$PORTSTAT")" "$tmp/bin.$host/portstat"
	done
}

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

# use_ssh: from here on ssh, as a program finds it, knows the hosts.
use_ssh() {
	local host

	cat >"$tmp/ssh_config" <<-END
		UserKnownHostsFile /dev/null
		StrictHostKeyChecking no
		LogLevel ERROR
		IdentityFile $tmp/key
		IdentitiesOnly yes
	END
	for host in "${!addr[@]}"; do
		printf 'Host %s\n\tHostName %s\n' "$host" "${addr[$host]}" >>"$tmp/ssh_config"
	done
	mkdir "$tmp/bin"
	printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$tmp/ssh_config" >"$tmp/bin/ssh"
	chmod +x "$tmp/bin/ssh"
	PATH=$tmp/bin:$PATH
}
