#!/bin/bash
# Other network namespaces and what leads to them, where something is missing or odd: namespaces that
# go in the middle, processes that are hidden, no control groups, names of any bytes.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" ip nsenter

mount -t tmpfs none /run 2>/dev/null || skip "nothing can be mounted over /run here"
mkdir /run/netns
ip netns add red 2>"$tmp/err" || skip "no network namespace can be made here: $(head -n 1 "$tmp/err")"

: >"$tmp/served"
mkfifo "$tmp/hold"
exec {hold}<>"$tmp/hold"
nsenter --net=/run/netns/red "$BUILDDIR/tests/live/opensock" --process=server tcp-listen:port=8080 \
	<"$tmp/hold" >"$tmp/served" {hold}>&- &
server=$!
wait_for "the server" grep -qx ready "$tmp/served"

# ---- namespaces and processes that come and go ----------------------------------------------------

# Each lives for as long as it takes to make it: some end between any two looks at them.
come_and_go() {
	while :; do
		unshare -n true
		ip netns add brief && ip netns del brief
	done >/dev/null 2>&1
}
# The root of a user namespace lacks the names of legacy tables.
strict=(--strict)
is_real_root || strict=()
come_and_go &
churn=$!
for _ in {1..40}; do
	run 0 "$PORTSTAT" -N all -l -H "${strict[@]}" --forwards --columns=ns,process 8080
	expect "the listing while others come and go" "red server" \
		"$(sed 's/\[[0-9]*\]//' "$tmp/out" | tr -s ' ' | sed 's/ $//')"
	[ "$failures" = 0 ] || break
done
kill "$churn"
wait "$churn"
ip netns del brief 2>/dev/null

# ---- names of any bytes ---------------------------------------------------------------------------

# A name is one that the file system allows; the last byte is no UTF-8.
odd=$'esc\e[31m tab\t nl\n "q" \\ ,;\xff'
if ip netns add "$odd" 2>"$tmp/err" || { touch "/run/netns/$odd" && mount --bind /run/netns/red "/run/netns/$odd"; }; then
	word=${odd//\\/\\\\}
	word=${word//,/\\,}
	if [ "$(stat -Lc %i "/run/netns/$odd")" != "$(stat -Lc %i /run/netns/red)" ]; then
		nsenter --net="/run/netns/$odd" "$BUILDDIR/tests/live/opensock" --process=odd udp:port=53 \
			<"$tmp/hold" >"$tmp/served.odd" {hold}>&- &
		other=$!
		wait_for "the server there" grep -qx ready "$tmp/served.odd"
		run 0 "$PORTSTAT" -N "$word" -l -H --columns=ns,process
		expect_lines "a row stays one line" 1 "$tmp/out"
		expect "no control character comes through" "" "$(tr -d '\n' <"$tmp/out" | LC_ALL=C grep -a '[[:cntrl:]]')"
		run 0 "$PORTSTAT" -N all -l --json --columns=netns_name,local_port
		checks=$((checks + 1))
		"$python" - "$tmp/out" <<'END' || fail "the name in JSON"
import json, sys
rows = json.load(open(sys.argv[1], encoding="utf-8"))["sockets"]
name = next(row["netns_name"] for row in rows if row["local_port"] == 53)
assert name.startswith('esc\x1b[31m tab\t nl\n "q" \\ ,;'), name
END
		kill "$other"
	else
		left_out "a namespace of an odd name: ip refuses it"
	fi
fi

# ---- what is hidden -------------------------------------------------------------------------------

if is_real_root; then
	cp "$PORTSTAT" "$tmp/portstat"
	chmod 755 "$tmp/portstat"
	hidepid() {
		# shellcheck disable=SC2317 # called through run
		in_own_mounts sh -c 'mount -t proc -o hidepid=2 proc /proc && exec "$@"' sh "$@"
	}
	nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$tmp/portstat")
	run 0 hidepid "$tmp/portstat" -N all -l -H --forwards --columns=ns,process 8080
	expect "with hidepid root sees what it saw" "red server" \
		"$(sed 's/\[[0-9]*\]//' "$tmp/out" | tr -s ' ' | sed 's/ $//')"
	# Whose processes nobody may see, their namespaces are not there for it.
	run 3 hidepid "${nobody[@]}" -N all -l --strict --forwards
	expect_match "with hidepid something is missing" 'could not be read' "$tmp/err"
	run 4 hidepid "${nobody[@]}" -N red -l
	expect_match "a namespace that is hidden" "'red'" "$tmp/err"
else
	left_out "hidden processes: only root can become nobody"
fi

# ---- no control groups ----------------------------------------------------------------------------

mounts=$(awk '$3 ~ /^cgroup2?$/ { print $2 }' /proc/mounts | sort -r)
for mount in $mounts /sys/fs/cgroup; do
	umount -l "$mount" 2>/dev/null
done
if ! grep -q ' cgroup2\? ' /proc/mounts; then
	run 0 "$PORTSTAT" -N all -l -H --forwards --columns=ns,container,process 8080
	expect "without control groups" "red - server" \
		"$(sed 's/\[[0-9]*\]//' "$tmp/out" | tr -s ' ' | sed 's/ $//')"
else
	left_out "no control groups: they cannot be unmounted here"
fi

kill "$server"
finish
