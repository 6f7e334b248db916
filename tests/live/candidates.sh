#!/bin/bash
# Who may hold a socket whose owners are hidden from nobody: control groups like those of systemd's
# units, real processes in them, and a socket that was passed from one to the other.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"
opensock=$BUILDDIR/tests/live/opensock
holders=("$python" "$SRCDIR/tests/live/holders.py")

# cells COLUMNS COMMAND...: what is said of the sockets there, as CSV has it.
cells() {
	local columns=$1

	shift
	run 0 "$@" --csv --columns="$columns"
	sed 's/\r$//; 1d' "$tmp/out"
}

# ---- what needs no control group ----------------------------------------------------------------

# Who sees the owners needs no candidates: none is looked for.
start_helper "$opensock" tcp-listen:port=18100
expect "who sees the owners" "opensock[$helper_pid],,,,0," \
	"$(cells process,candidates,candidates.pid,candidates.name,candidate_count,confidence "$PORTSTAT" -l 18100)"
run 0 "$PORTSTAT" -l 18100 --json
expect_match "the keys of JSON" '"candidates": \[\], "candidate_count": 0, "confidence": null' "$tmp/out"
run 0 "$PORTSTAT" -l 18100 --json --owners=none
expect_match "nobody looked" '"candidates": null, "candidate_count": null, "confidence": null' "$tmp/out"
run 1 "$PORTSTAT" -l 'candidates.name opensock or confidence likely or candidate_count > 0'
stop_helper

top=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
group=$top/portstat-test-$$
if ! is_real_root; then
	left_out "candidates: only root can become nobody"
	finish
fi
need setpriv
cp "$PORTSTAT" "$tmp"
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/portstat")
if [ -z "$top" ] || ! mkdir "$group" 2>/dev/null; then
	start_helper "$opensock" tcp-listen:port=18100
	expect "the owner is hidden" hidden "$(cells owner_note "${nobody[@]}" -l 18100)"
	stop_helper
	left_out "candidates: no control group of version 2 can be made here"
	finish
fi

# ---- helpers in control groups ------------------------------------------------------------------

declare -A pids inputs

# start NAME UNIT COMMAND...: goes on when it has said so.  What it says goes to $tmp/NAME.out.
start() {
	local name=$1 unit=$2 said=ready input

	shift 2
	[ -d "$group/$unit" ] || mkdir "$group/$unit" || give_up "no control group $unit"
	[ "$name" != take ] || said=waiting
	mkfifo "$tmp/$name.in"
	# The group of a socket is that of the process when it makes it.
	(
		# Who had them open would keep the others going.
		for input in "${inputs[@]}"; do
			exec {input}>&-
		done
		echo "$BASHPID" >"$group/$unit/cgroup.procs" && exec "$@"
	) <"$tmp/$name.in" >"$tmp/$name.out" 2>"$tmp/$name.err" &
	pids[$name]=$!
	exec {input}>"$tmp/$name.in"
	inputs[$name]=$input
	wait_for "$name" grep -q "$said" "$tmp/$name.out"
}

# stop NAME: its control group stays.
stop() {
	local input=${inputs[$1]}

	exec {input}>&-
	wait "${pids[$1]}" || fail "$1 failed: $(cat "$tmp/$1.err")"
	unset "pids[$1]" "inputs[$1]"
}

# shellcheck disable=SC2317 # wait_for calls it
remove_groups() {
	find "$group" -depth -type d -exec rmdir {} + 2>/dev/null
	[ ! -d "$group" ]
}

# shellcheck disable=SC2317 # the trap calls it
end_candidates() {
	local name

	for name in "${!pids[@]}"; do
		stop "$name"
	done
	wait_for "the end of the control groups" remove_groups
	cleanup
}
trap end_candidates EXIT

# process PORT: the cell of nobody's table.
process() {
	cells process "${nobody[@]}" -l "$1" | tr -d '"'
}

# ---- a daemon, and a server with workers --------------------------------------------------------

start daemon daemon.service "$opensock" tcp-listen:port=18101
daemon=${pids[daemon]}
expect "a daemon alone in its unit" "~opensock[$daemon]?,hidden,,likely,opensock,$daemon,0" \
	"$(cells process,owner_note,owners.pid,confidence,candidates.name,candidates.pid,candidates.uid "${nobody[@]}" -l 18101)"
expect "root sees who it is" "opensock[$daemon],," \
	"$(cells process,owner_note,confidence "$PORTSTAT" -l 18101)"
run 0 "${nobody[@]}" -l 18101 --json
rows check "$tmp/out"
expect_match "the document" \
	"\"owners\": \[\], \"owner_note\": \"hidden\", \"candidates\": \[\{\"pid\": $daemon, \"name\": \"opensock\", \"uid\": 0\}\], \"candidate_count\": 1, \"confidence\": \"likely\"" \
	"$tmp/out"

start workers workers.service "$opensock" tcp-listen:port=18102,workers=4
workers=${pids[workers]}
expect "workers and their parent" "~one of 5: opensock,one-of,5" \
	"$(cells process,confidence,candidate_count "${nobody[@]}" -l 18102)"
expect "the parent comes first" "$workers" \
	"$(cells candidates.pid "${nobody[@]}" -l 18102 | tr -d '"' | cut -d, -f1)"
expect_match "all of them" "\[$workers\],opensock\[" <("${nobody[@]}" -lW 18102 2>/dev/null)
start crowd crowd.service "$opensock" tcp-listen:port=18103,workers=8
expect "nine are only counted" "~one of 9,one-of,9,," \
	"$(cells process,confidence,candidate_count,candidates,candidates.name "${nobody[@]}" -l 18103)"

# A process of the unit that runs as somebody else cannot hold what a user made; one of root's can.
start mine user.service setpriv --reuid=1001 --regid=1001 --clear-groups "$opensock" tcp-listen:port=18104
start other user.service setpriv --reuid=1002 --regid=1002 --clear-groups "$opensock" udp:port=18104
expect "the user's own" "~opensock[${pids[mine]}]?" "$(process 18104 | head -n 1)"
expect "the other user's own" "~opensock[${pids[other]}]?" "$(process 18104 | tail -n 1)"
start user user.service setpriv --reuid=1001 --regid=1001 --clear-groups "${holders[@]}" listen 0x46b9 user
expect "both of the user's" "~one of 2: opensock, ..." "$(process 18105)"
start root user.service "${holders[@]}" listen 0x46ba root
expect "root may have it" "~one of 3: opensock, ..." "$(process 18105)"
expect "who made it as root may be another user by now" "~one of 4: opensock, ..." "$(process 18106)"

# Several, of which the command line of one names the port; and one in another network namespace.
start named several.service "$opensock" tcp-listen:port=18107
start beside several.service "$opensock" tcp-listen:port=18108
start inner several.service unshare -n "$opensock" udp:port=53
expect "the command line names the port" \
	"~opensock[${pids[named]}]? ~opensock[${pids[beside]}]?" "$(process 18107,18108 | tr '\n' ' ' | sed 's/ $//')"

# ---- filters ------------------------------------------------------------------------------------

# Candidates are no owners: what asks for these is not judged.
for filter in "pid $daemon" "proc opensock" "owners.uid 0" "opensock" "opensock[$daemon]"; do
	run 1 "${nobody[@]}" -l "lport 18101 and $filter"
	expect_match "$filter cannot be tested" '1 socket could not be tested' "$tmp/err"
done
expect "a filter for candidates" 18101 \
	"$(cells local_port "${nobody[@]}" -l "candidates.pid $daemon and confidence likely")"
expect "a count" 18103 "$(cells local_port "${nobody[@]}" -l 'candidate_count > 8')"

# ---- a socket that was passed on ----------------------------------------------------------------

start take taker.service "${holders[@]}" take "$tmp/socket"
start give maker.socket "${holders[@]}" give 0x46c4 "$tmp/socket"
wait_for "the socket's new owner" grep -q ready "$tmp/take.out"
expect "who holds it" "take[${pids[take]}]" "$(cells process "$PORTSTAT" -l 18116)"
# Its maker is there, and may have kept a descriptor: that is likely, and not said to be so.
expect "its maker may hold it" "~give[${pids[give]}]?,hidden,,,likely" \
	"$(cells process,owner_note,owners.pid,owners.name,confidence "${nobody[@]}" -l 18116)"
stop give
expect "only the unit of its maker is left" "~maker.socket?,hidden,,0," \
	"$(cells process,owner_note,candidates,candidate_count,confidence "${nobody[@]}" -l 18116)"
rmdir "$group/maker.socket"
expect "not even that is left" "(hidden),hidden,,0," \
	"$(cells process,owner_note,candidates,candidate_count,confidence "${nobody[@]}" -l 18116)"
# Another one of the same name is not the one.
start again maker.socket "$opensock" tcp-listen:port=18117
expect "another group of that name" "(hidden)" "$(process 18116)"

# ---- where nothing can be told ------------------------------------------------------------------

mkdir "$group/daemon.service/below"
expect "processes may have moved below" "~daemon.service?" "$(process 18101)"
rmdir "$group/daemon.service/below"

start rooted .. "$opensock" tcp-listen:port=18118
expect "the root control group" "(hidden),0," \
	"$(cells process,candidate_count,confidence "${nobody[@]}" -l 18118)"

hidepid() {
	# shellcheck disable=SC2016,SC2317 # of the inner shell; called through run
	in_own_mounts sh -c 'mount -t proc -o hidepid="$0" proc /proc && exec "$@"' "$@"
}
for how in 1 2; do
	expect "processes are hidden: hidepid=$how" "~daemon.service?,0," \
		"$(cells process,candidate_count,confidence hidepid $how "${nobody[@]}" -l 18101)"
done
# A /proc of another pid namespace has other processes.
beside() {
	# shellcheck disable=SC2317 # called through run
	in_own_mounts -pf "$@"
}
expect "the processes of another namespace" "~daemon.service?" \
	"$(cells process beside "${nobody[@]}" -l 18101)"

# ---- names of every kind, and processes that come and go ----------------------------------------

start bad bad.service "${holders[@]}" listen 0x46c2 $'\e[2J"\\\n,\t\xff'
bad=${pids[bad]}
run 0 "${nobody[@]}" -l 18114
expect_match "the name in a table" "~\\\\x1b\[2J\"\\\\.*\[$bad\]\?\$" "$tmp/out"
expect "no control character" 0 "$(tr -d '\n' <"$tmp/out" | LC_ALL=C tr -cd '\000-\037\177\377' | wc -c)"
run 0 "${nobody[@]}" -l 18114 --json
expect "the name in JSON" $'\e[2J"\\\n,\t\xef\xbf\xbd' \
	"$("$python" -c 'import json, sys; print(json.load(sys.stdin)["sockets"][0]["candidates"][0]["name"])' <"$tmp/out")"
start comma comma.service "${holders[@]}" listen 0x46c3 'a,b'
expect "the name in CSV" "\"~a,b[${pids[comma]}]?\",\"a,b\"" \
	"$(cells process,candidates.name "${nobody[@]}" -l 18115)"

start churn churn.service "${holders[@]}" churn 0x46c7
for ((i = 0; i < 40; i++)); do
	run 0 "${nobody[@]}" -l 18119 --json
	expect_match "among processes that come and go" '"name": "churn"|"candidate_count": [02]' "$tmp/out"
done

finish
