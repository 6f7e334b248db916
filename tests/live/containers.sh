#!/bin/bash
# Containers: their names, ids and filters.  First of a process that only looks like one, as the
# kernel shows it; then of Docker and Podman themselves, where these are installed.
#
# No service manager is needed.  Docker's daemon and Podman run in namespaces of this test, with
# /var/lib and /run in memory, and what they start is in a control group of this test's name.  The
# daemon gets neither bridge nor firewall; vfs copies images instead of mounting them; and runc
# starts containers where both versions of control groups are mounted, which crun refuses.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
is_real_root || skip "container runtimes want root here"
has_private_root || skip "the state of container runtimes needs mounts, and this is a chroot"

# What starts in them is in no group of the host's own, so that nothing of it stays.
# Others can run this test at the same time, each in a pid namespace where it is process 1.
group=portstat-test-${tmp##*.}
daemon=

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
	if [ -n "$daemon" ]; then
		kill "$daemon"
		wait "$daemon"
	fi
	wait_for "the end of the control groups" remove_groups
	# Network namespaces are mounted in what the daemon keeps.
	umount --lazy /var/lib /run
	cleanup
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

# ---- a control group like a container's ---------------------------------------------------------

top=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
id=$(printf '%064x' 12648430)
if [ -n "$top" ] && mkdir -p "$top/$group/docker-$id.scope" 2>/dev/null; then
	mkdir -p "/var/lib/docker/containers/$id"
	printf '{"ID":"%s","Name":"/stall","Config":{"Hostname":"x"}}' "$id" >"/var/lib/docker/containers/$id/config.v2.json"
	# The group of a socket is that of the process when it makes it.
	# shellcheck disable=SC2016 # of the inner shell
	start_helper bash -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' inside \
		"$top/$group/docker-$id.scope" "$BUILDDIR/tests/live/opensock" tcp-listen:port=18090
	expect "the container of a control group" "stall,$id," \
		"$(cell container,container_id,pod "$PORTSTAT" -l 18090)"
	expect "the port of the container" 18090 "$(cell local_port "$PORTSTAT" -l stall)"
	stop_helper
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

if has_runtimes && command -v dockerd >/dev/null && command -v docker >/dev/null; then
	dockerd --host=unix:///run/docker.sock --iptables=false --bridge=none --storage-driver=vfs \
		--exec-opt native.cgroupdriver=cgroupfs --cgroup-parent="/$group/docker" >"$tmp/docker.log" 2>&1 &
	daemon=$!
	wait_for "Docker's daemon" docker_answers
	tar -C "$tmp/image" -c . | docker_does import - box >/dev/null || give_up "docker import fails"
	if id=$(docker_does run -d --name shop --network host box /bin/httpd -f -p 18080 2>"$tmp/err"); then
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

[ "$checks" -gt 0 ] || skip "no control group can be made, and neither Docker nor Podman is installed"
finish
