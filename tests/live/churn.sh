#!/bin/bash
# Repeated listings while sockets open and close: no socket is listed twice, none that stays open is
# missing, and no process is named as an owner that never had the socket.  CHURN_LISTINGS and
# CHURN_LISTENERS set how many listings, with how many listeners.
looks_for_leaks=yes
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
: "${CHURN_LISTINGS:=20}" "${CHURN_LISTENERS:=1500}"
[ -w /proc/sys/kernel/ns_last_pid ] || skip "process numbers cannot be chosen here"

# What is wrong with a listing: COOKIE PORT OWNER-NAMES a row; the first file holds the cookies that stay.
# shellcheck disable=SC2016 # the dollars are awk's
faults='
FNR == NR { stays[$1]; n_stay++; next }
$1 != "-" && $1 in seen { print "twice: " $0 }
{ seen[$1] }
$1 in stays {
	found++
	if ($3 != "stable")
		print "not its owner: " $0
	next
}
$2 >= 20000 && $4 == "udp" && $3 ~ /^p/ {
	owned++
	if ($3 != "p" $2)
		print "an owner that never held it: " $0
	next
}
$3 != "-" && $3 != "coming" { print "an owner that never held it: " $0 }
END {
	if (found != n_stay)
		print n_stay - found " of " n_stay " that stay are missing"
	print owned + 0 >owned_file
}
'

start_helper "$BUILDDIR/tests/live/churn" "$CHURN_LISTENERS"
expect_lines "what stays" "$CHURN_LISTENERS" "$tmp/opened"
owned=0
for ((i = 0; i < CHURN_LISTINGS; i++)); do
	# As it comes, and by the walk alone: what they race with is not the same.
	method=auto
	[ $((i % 2)) = 0 ] || method=proc
	run 0 "$PORTSTAT" -tu -H -0 --owners=$method --columns=cookie,local_port,owners.name,proto
	tr '\0' '\n' <"$tmp/out" >"$tmp/rows"
	awk -F '\t' -v owned_file="$tmp/owned" "$faults" "$tmp/opened" "$tmp/rows" >"$tmp/faults"
	expect_lines "listing $i, owners by $method" 0 "$tmp/faults"
	owned=$((owned + $(cat "$tmp/owned")))
done
# They were there to be mistaken.
expect "owners with a number that was another's before" yes "$([ "$owned" -gt 0 ] && echo yes)"
# bash forgets the pipe of a helper that has ended; the copy stays.
exec {helper_output}<&"${HELPER[0]}"
exec {helper_input}>&-
IFS= read -r line <&"$helper_output" || give_up "the helper failed"
wait "$helper_pid"
helper_pid=
echo "$CHURN_LISTINGS listings: $line"
expect_match "numbers were taken again" "and went, [1-9]" <(echo "$line")
finish
