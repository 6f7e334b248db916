#!/bin/bash
# Containers: their names, ids and filters.  First of a process that only looks like one, as the
# kernel shows it; then of Docker and Podman themselves, where these are installed.
#
# No service manager is needed.  Docker's daemon and Podman run in namespaces of this test, with
# /var/lib and /run in memory, and what they start is in a control group of this test's name.  The
# daemon's bridge and rules are in this test's network namespace; vfs copies images instead of mounting
# them; and runc starts containers where both versions of control groups are mounted, which crun refuses.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
is_real_root || skip "container runtimes want root here"
has_private_root || skip "the state of container runtimes needs mounts, and this is a chroot"

# What starts in them is in no group of the host's own, so that nothing of it stays.
# Others can run this test at the same time, each in a pid namespace where it is process 1.
group=portstat-test-${tmp##*.}
daemon=
inside=

# shellcheck disable=SC2317 # wait_for calls it
remove_groups() {
	local top

	while read -r top; do
		[ ! -d "$top/$group" ] || find "$top/$group" -depth -type d -exec rmdir {} + 2>/dev/null
		[ ! -d "$top/$group" ] || return 1
	done < <(awk '$3 ~ /^cgroup2?$/ { print $2 }' /proc/mounts)
}

# shellcheck disable=SC2317 # the trap calls it
end_containers() {
	stop_docker
	[ -z "$inside" ] || kill "$inside"
	wait_for "the end of the control groups" remove_groups
	# Network namespaces are mounted in what the daemon keeps.
	umount --lazy /var/lib /run
	cleanup
}

# shellcheck disable=SC2317 # the trap calls it
stop_docker() {
	[ -n "$daemon" ] || return 0
	kill "$daemon"
	wait "$daemon"
	daemon=
}

mount -t tmpfs none /var/lib || give_up "no /var/lib of this test's own"
mount -t tmpfs none /run || give_up "no /run of this test's own"
trap end_containers EXIT

# shellcheck disable=SC2317 # wait_for calls it
is_listening() {
	"$PORTSTAT" -l "$1" --columns=local | grep -q ":$1\$"
}

# cell COLUMNS ARGUMENT...: what is said of the one socket there, as CSV has it.
cell() {
	local columns=$1

	shift
	run 0 "$@" --csv --columns="$columns"
	sed 's/\r$//; 1d' "$tmp/out"
}

# expect_container PORT NAME ID: what is said of the server there.
expect_container() {
	wait_for "a server at port $1" is_listening "$1"
	expect "the container at port $1" "httpd,$2,$3," \
		"$(cell owners.name,container,container_id,pod "$PORTSTAT" -l "$1")"
	expect "the port of the container $2" "$1" "$(cell local_port "$PORTSTAT" -l "$2")"
	expect "the port of the container $3" "$1" \
		"$(cell local_port "$PORTSTAT" -l "container_id $3")"
}

# Everybody sees the group of a socket, and root alone the files of the system's runtimes.
expect_id_alone() {
	expect "the container at port $1, by nobody" "${2:0:12},$2" \
		"$(cell container,container_id setpriv --reuid=65534 --clear-groups "$PORTSTAT" -l "$1")"
}

# forwards WHAT WANT ARGUMENT...: rows with where they lead to, without pids.
forwards() {
	local what=$1 want=$2

	shift 2
	"$PORTSTAT" -l --forwards -H -0 "$@" 2>"$tmp/err" | tr '\t\0' '|\n' |
		sed 's/\[[0-9]*\]/[]/g' >"$tmp/got"
	printf '%s\n' "$want" >"$tmp/want"
	expect_same "$what" "$tmp/want" "$tmp/got"
}

# The examples of the manual, with the container web, which publishes its port 80 as 8080.
run_examples() {
	mkdir "$tmp/bin"
	ln -s "$PORTSTAT" "$tmp/bin/portstat"
	page_examples "CONTAINERS AND NAMESPACES" >"$tmp/examples"
	# portstat -N all -l
	example '^web +tcp +LISTEN +0.0.0.0:80 .* opensock\['
	# portstat -N web -l
	example '^tcp +LISTEN +0.0.0.0:80 .* opensock\['
	# portstat -N all -l --columns=container,local,published
	example '^web +0.0.0.0:80 +0.0.0.0:8080$'
	# portstat -l --forwards 8080
	example '^tcp +LISTEN +0.0.0.0:8080 .* docker-proxy\[[0-9]+\] > web:80 opensock\['
	# portstat -N all -l 'container *' --columns=container,local,owners.name
	example '^web +0.0.0.0:80 +opensock$'
	# portstat -N all -l 'not ns host'
	example '^web +tcp +LISTEN +0.0.0.0:80 '
	# portstat -N all -l --summary=netns_name
	example '^web +1$'
	# portstat -N all -l --json --columns=netns_name,container,local_port,owners
	example '"netns_name": "web", "container": "web", "local_port": 80, "owners": \[\{"pid"'
	expect_lines "examples that nobody looked at" "$n_examples" "$tmp/examples"
}
n_examples=0

# example PATTERN: the next one; PATTERN is in what it prints.
example() {
	local command

	n_examples=$((n_examples + 1))
	command=$(sed -n "${n_examples}p" "$tmp/examples")
	run 0 env PATH="$tmp/bin:$PATH" bash -c "${command:-false}"
	expect_match "$command" "$1" "$tmp/out"
	expect_lines "complaints of: $command" 0 "$tmp/err"
}

# ---- a control group like a container's ---------------------------------------------------------

top=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
id=$(printf '%064x' 12648430)
if [ -n "$top" ] && mkdir -p "$top/$group/docker-$id.scope" 2>/dev/null; then
	mkdir -p "/var/lib/docker/containers/$id"
	printf '{"ID":"%s","Name":"/web","Config":{"Hostname":"x"}}' "$id" >"/var/lib/docker/containers/$id/config.v2.json"
	# The group of a socket is that of the process when it makes it.
	# shellcheck disable=SC2016 # of the inner shell
	start_helper bash -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' inside \
		"$top/$group/docker-$id.scope" "$BUILDDIR/tests/live/opensock" tcp-listen:port=18090
	expect "the container of a control group" "web,$id," \
		"$(cell container,container_id,pod "$PORTSTAT" -l 18090)"
	expect "the port of the container" 18090 "$(cell local_port "$PORTSTAT" -l web)"
	stop_helper

	# Its server in a network namespace, behind a process that is called and started like Docker's
	# proxy.  The address needs no device but the loopback one.
	mkfifo "$tmp/hold"
	exec {hold}<>"$tmp/hold"
	# shellcheck disable=SC2016 # of the inner shell
	unshare -n bash -c 'echo $$ >"$1/cgroup.procs" && ip addr add 172.17.0.2/32 dev lo &&
		ip link set lo up && shift && exec "$@"' inside "$top/$group/docker-$id.scope" \
		"$BUILDDIR/tests/live/opensock" tcp-listen:port=80 <"$tmp/hold" >"$tmp/served" {hold}>&- &
	inside=$!
	wait_for "the server of the container" grep -qx ready "$tmp/served"
	cat >"$tmp/proxy.py" <<'END'
import socket, sys
with open("/proc/self/comm", "w") as comm:
    comm.write("docker-proxy")
s = socket.create_server(("0.0.0.0", 8080))
print("ready", flush=True)
sys.stdin.read()
END
	start_helper "$python" "$tmp/proxy.py" -proto tcp -host-ip 0.0.0.0 -host-port 8080 \
		-container-ip 172.17.0.2 -container-port 80
	forwards "a proxy like Docker's" 'LISTEN|0.0.0.0:8080|docker-proxy[] > web:80 opensock[]' \
		--columns=state,local,process 8080
	forwards "what it leads to" '172.17.0.2|80|docker-proxy|web|opensock[]' \
		--columns=leads_to.addr,leads_to.port,leads_to.by,leads_to.container,leads_to.process 8080
	forwards "what the container is published as" 'web|web|0.0.0.0:8080' -N all \
		--columns=netns_name,container,published container web
	run_examples
	stop_helper
	kill "$inside"
	inside=
	rm -r /var/lib/docker
else
	left_out "a control group like a container's: none can be made here"
fi

# What Docker and Podman run: a static program, by runc.
has_runtimes() {
	command -v busybox >/dev/null && command -v runc >/dev/null && command -v tar >/dev/null &&
		! ldd "$(command -v busybox)" >/dev/null 2>&1
}
mkdir -p "$tmp/image/bin"
! has_runtimes || cp "$(command -v busybox)" "$tmp/image/bin/httpd"

# ---- Docker -------------------------------------------------------------------------------------

docker_does() {
	docker -H unix:///run/docker.sock "$@"
}

# shellcheck disable=SC2317 # wait_for calls it
docker_answers() {
	docker_does version >/dev/null 2>&1
}

# shellcheck disable=SC2317 # wait_for calls it
has_ended_or_answers() {
	docker_answers || ! kill -0 "$daemon" 2>/dev/null
}

# start_docker ARGUMENT...: false if the daemon ends instead of answering.
start_docker() {
	dockerd --host=unix:///run/docker.sock --storage-driver=vfs --exec-opt native.cgroupdriver=cgroupfs \
		--cgroup-parent="/$group/docker" "$@" >"$tmp/docker.log" 2>&1 &
	daemon=$!
	wait_for "Docker's daemon" has_ended_or_answers
	docker_answers && return
	wait "$daemon"
	daemon=
	return 1
}

# docker_runs NAME ARGUMENT... PORT: a server.  False if it does not start.
docker_runs() {
	local name=$1 port=${*: -1}

	shift
	docker_does run -d --name "$name" "${@:1:$#-1}" box /bin/httpd -f -p "$port" 2>"$tmp/err"
}

# published PREFIX ROW...: what is listed of the two published ports; a proxy's row says PREFIX.
expect_published() {
	local columns=--columns=state,local,process

	# Without a proxy some versions of the daemon keep the port from others themselves.
	forwards "Docker, every address, $1" "$2" "$columns" -4 8080 and not proc dockerd
	forwards "Docker, one address, $1" "$3" "$columns" 9090 and not proc dockerd
	expect "where the rule stands, $1" "172.17.0.2,80,iptables,nat PREROUTING > DOCKER,web,httpd" \
		"$(cell leads_to.addr,leads_to.port,leads_to.by,leads_to.rule,leads_to.container,leads_to.process \
			"$PORTSTAT" -l --forwards state forward lport 8080 | sed 's/\[[0-9]*\]//')"
	expect "the server inside, $1" "web,web,*:80,httpd" \
		"$(cell netns_name,container,local,owners.name "$PORTSTAT" -l -N all container web)"
	expect_match "its published port, $1" '0\.0\.0\.0:8080' \
		<(cell published "$PORTSTAT" -l -N all --forwards container web)
	expect_match "the other one's, $1" '127\.0\.0\.1:9090' \
		<(cell published "$PORTSTAT" -l -N all --forwards container local)
	expect "one without a namespace of its own, $1" "httpd,near," \
		"$(cell owners.name,container,published "$PORTSTAT" -l --forwards 18083)"
}

# try_published WHAT ROWS8080 ROWS9090 ARGUMENT...: the containers of the issue, with such a daemon.
try_published() {
	local what=$1 rows_8080=$2 rows_9090=$3

	shift 3
	if ! start_docker "$@"; then
		left_out "Docker's bridge and rules: $(grep -o 'failed to start daemon.*' "$tmp/docker.log" | head -n 1)"
		return
	fi
	[ -n "$(docker_does images -q box)" ] || tar -C "$tmp/image" -c . | docker_does import - box >/dev/null ||
		give_up "docker import fails"
	if docker_runs web -p 8080:80 80 && docker_runs local -p 127.0.0.1:9090:80 80 &&
		docker_runs near --network host 18083; then
		wait_for "the server that needs no rule" is_listening 18083
		wait_for "the server of web" is_listening_in web
		wait_for "the server of local" is_listening_in local
		expect_published "$what" "$rows_8080" "$rows_9090"
	else
		left_out "Docker, $what: $(head -n 1 "$tmp/err")"
	fi >"$tmp/log.docker"
	grep "^left out" "$tmp/log.docker" || :
	docker_does rm -f web local near >"$tmp/log" 2>&1
	stop_docker
}

# shellcheck disable=SC2317 # wait_for calls it
is_listening_in() {
	[ -n "$(cell local_port "$PORTSTAT" -l -N all container "$1")" ]
}

if has_runtimes && command -v dockerd >/dev/null && command -v docker >/dev/null; then
	ip link set lo up
	try_published "with a proxy" \
		'LISTEN|0.0.0.0:8080|docker-proxy[] > web:80 httpd[]
FORWARD|0.0.0.0:8080|iptables > web:80 httpd[]' \
		'LISTEN|127.0.0.1:9090|docker-proxy[] > local:80 httpd[]
FORWARD|127.0.0.1:9090|iptables > local:80 httpd[]'
	try_published "without a proxy" 'FORWARD|0.0.0.0:8080|iptables > web:80 httpd[]' \
		'FORWARD|127.0.0.1:9090|iptables > local:80 httpd[]' --userland-proxy=false
	start_docker --iptables=false --bridge=none || give_up "Docker's daemon does not start"
	[ -n "$(docker_does images -q box)" ] || tar -C "$tmp/image" -c . | docker_does import - box >/dev/null ||
		give_up "docker import fails"
	if id=$(docker_runs shop --network host 18080); then
		expect_container 18080 shop "$id"
		docker_does rename shop market
		expect_container 18080 market "$id"
		if [ -e /sys/fs/cgroup/cgroup.procs ] || [ -e /sys/fs/cgroup/unified/cgroup.procs ]; then
			expect_id_alone 18080 "$id"
		else
			left_out "names without root: control groups of version 2 are not mounted"
		fi
		docker_does rm -f market >"$tmp/log" 2>&1
	else
		left_out "Docker: $(head -n 1 "$tmp/err")"
	fi
	stop_docker
else
	left_out "Docker: it is not installed, or busybox-static or runc is not"
fi

# ---- Podman -------------------------------------------------------------------------------------

podman_does() {
	podman --cgroup-manager=cgroupfs --events-backend=none --storage-driver=vfs --runtime=runc "$@"
}

# podman_runs NAME PORT ARGUMENT...: the limits are those that we may set.
podman_runs() {
	local name=$1 port=$2

	shift 2
	podman_does run -d --name "$name" --network host --cgroup-parent="/$group" \
		--ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "$@" box /bin/httpd -f -p "$port" 2>"$tmp/err"
}

if has_runtimes && command -v podman >/dev/null; then
	tar -C "$tmp/image" -c . | podman_does import - box >/dev/null 2>&1 || give_up "podman import fails"
	if id=$(podman_runs mill 18081); then
		expect_container 18081 mill "$id"
		# One that goes when it ends is in another list.
		id=$(podman_runs once 18082 --rm)
		expect_container 18082 once "$id"
		expect_container 18081 mill "$(podman_does inspect -f '{{.Id}}' mill)"
		podman_does rm -f -t 0 mill once >"$tmp/log" 2>&1
	else
		left_out "Podman: $(head -n 1 "$tmp/err")"
	fi
else
	left_out "Podman: it is not installed, or busybox-static or runc is not"
fi

# ---- Podman without root ------------------------------------------------------------------------

# An account of its own is not needed: who has no range of ids is root in there, and nobody else.
rootless() {
	HOME=$tmp/home XDG_RUNTIME_DIR=/run/user/1000 \
		setpriv --reuid=1000 --regid=1000 --clear-groups "$@"
}

# The device of slirp4netns is root's alone in some places.
make_tun() {
	[ -d /dev/net ] && mount -t tmpfs none /dev/net && mknod -m 666 /dev/net/tun c 10 200
}

if has_runtimes && command -v podman >/dev/null && command -v slirp4netns >/dev/null &&
	getent passwd 1000 >/dev/null && make_tun 2>"$tmp/err"; then
	mkdir -p "$tmp/home" /run/user/1000
	chown 1000:1000 "$tmp/home" /run/user/1000
	tar -C "$tmp/image" -cf "$tmp/box.tar" .
	if rootless podman --cgroup-manager=cgroupfs --events-backend=none --storage-driver=vfs --runtime=runc \
		import "$tmp/box.tar" box >/dev/null 2>"$tmp/err" &&
		rootless podman --cgroup-manager=cgroupfs --events-backend=none --storage-driver=vfs \
			--runtime=runc run -d --name less -p 18084:80 --ulimit nofile=1024:1024 \
			--ulimit nproc=1024:1024 box /bin/httpd -f -p 80 >/dev/null 2>"$tmp/err"; then
		wait_for "a server at port 18084" is_listening 18084
		expect "the proxy of a rootless container" rootlessport "$(cell owners.name "$PORTSTAT" -l 18084)"
		into=$(readlink "/proc/$(pgrep -n -f '/bin/httpd -f -p 80')/ns/net" | tr -dc 0-9)
		expect "the namespace that the proxy leads into" "rootlessport,,,$into" \
			"$(cell leads_to.by,leads_to.addr,leads_to.port,leads_to.netns "$PORTSTAT" -l --forwards 18084)"
		expect "the same for its user" "rootlessport,$into" \
			"$(cell leads_to.by,leads_to.netns rootless "$PORTSTAT" -l --forwards 18084)"
		run 0 "$PORTSTAT" -l --forwards 18084
		expect_match "what the listing says of it" ' rootlessport\[[0-9]+\] > .+:\*$' "$tmp/out"
		expect "the server of one's own rootless container" "httpd,80" \
			"$(cell owners.name,local_port rootless "$PORTSTAT" -l -N all 80)"
		expect "and what root sees" "httpd,80" "$(cell owners.name,local_port "$PORTSTAT" -l -N all 80)"
	else
		left_out "Podman without root: $(tail -n 1 "$tmp/err")"
	fi
else
	left_out "Podman without root: no slirp4netns, no device for it, or no user 1000"
fi

[ "$checks" -gt 0 ] || skip "no control group can be made, and neither Docker nor Podman is installed"
finish
