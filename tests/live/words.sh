#!/bin/bash
# Filter words without a key, as users type them first; and rows that a filter cannot test, because
# the value is hidden or missing in this source: they are reported and make the listing incomplete.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"

open_sockets tcp-listen:port=7620 udp:addr=::1,port=53 tcp-listen:addr=127.0.0.1,port=443 \
	tcp-pair:port=9000

# finds WORDS... -- LPORT...: the local ports of what the listing holds.
finds() {
	local words=()

	while [ "$1" != -- ]; do
		words+=("$1")
		shift
	done
	shift
	"$PORTSTAT" -H --columns=local_port "${words[@]}" 2>"$tmp/err" | tr -d ' ' | sort -n | tr '\n' ' ' >"$tmp/out"
	expect "${words[*]}" "${*:+$* }" "$(cat "$tmp/out")"
}

peer=$("$PORTSTAT" -H --columns=peer_port lport 9000 ESTABLISHED | tr -d ' ')
finds opensock -- 53 443 7620 9000 9000 "$peer"
finds OPENS -- 53 443 7620 9000 9000 "$peer"
finds 'o*k' -l -- 53 443 7620 9000
finds root -l -- 53 443 7620 9000
finds -l tcp -- 443 7620 9000
finds udp -- 53
finds LISTEN -- 443 7620 9000
finds ESTABLISHED 9000 -- 9000 "$peer"
finds TIME_WAIT --
finds 127.0.0.1 -l -- 443
finds ::1 -- 53
finds 127.0.0.0/8 LISTEN -- 443
finds :7620 -- 7620
finds '[::1]:53' -- 53
finds 443/tcp -- 443
finds udp:53 tcp:443 -- 53 443
finds https -- 443
finds domain https -- 53 443
finds opensock 443 53 -- 53 443
finds -l '!opensock' --
finds -l not opensock or 53 -- 53
finds 'opensock[1]' --
expect_match "a name with a pid finds nobody else, and says so" "interpreted as the name" "$tmp/err"

# Host names, as the host's own file has them.
if grep -Eq '^127\.0\.0\.1[[:space:]](.*[[:space:]])?localhost([[:space:]]|$)' /etc/hosts; then
	finds localhost:443 -- 443
	finds src localhost lport 443 -- 443
	run 2 "$PORTSTAT" -n localhost:443
	expect_match "not with -n" 'not looked up here' "$tmp/err"
fi
run 2 "$PORTSTAT" "nosuchhost.invalid:443"
expect_match "a host that is not there" 'no host with this name' "$tmp/err"

# What a name was taken for, where nothing has it, is told; it is no error.
run 1 "$PORTSTAT" opensokc
expect_match "what it was taken for" "'opensokc' was interpreted as the name" "$tmp/err"
run 1 "$PORTSTAT" lisetn
expect_match "the nearest word" "did you mean 'listen'" "$tmp/err"
run 1 "$PORTSTAT" -q lisetn
expect_lines "nothing with -q" 0 "$tmp/err"
run 1 "$PORTSTAT" dev nosuch0
expect_match "an interface that is not here" "no interface 'nosuch0'" "$tmp/err"

# ---- what this source lacks ---------------------------------------------------------------------

run 1 "$PORTSTAT" -l --source=procfs dev lo
expect_match "the device is unknown" \
	'[0-9] sockets could not be tested for "iface lo": /proc/net has no "iface"' "$tmp/err"
run 3 "$PORTSTAT" -lq --source=procfs --strict dev lo
expect_lines "nothing with -q" 0 "$tmp/err"
run 0 "$PORTSTAT" -l --source=procfs dev lo or 7620
expect_match "what is sure is listed" '7620' "$tmp/out"
expect_match "and the rest is told" 'could not be tested for "iface lo"' "$tmp/err"
run 1 "$PORTSTAT" -l --source=procfs --strict dev lo and 1
expect_lines "what is decided without it is decided" 0 "$tmp/err"
run 1 "$PORTSTAT" -l --source=procfs reach host and lport 7620
expect_match "and with it how far a wildcard reaches" 'for "reach host": /proc/net has no "reach"' "$tmp/err"
run 1 "$PORTSTAT" -l --owners=none proc opensock
expect_match "owners were not wanted" 'for "proc opensock": owners were not looked up' "$tmp/err"
run 0 "$PORTSTAT" -a -n --owners=none --record="$tmp/recording"
run 3 "$PORTSTAT" -a --strict --replay="$tmp/recording" proc opensock
expect_match "a recording has no owners" 'for "proc opensock": the recording has no' "$tmp/err"
run 1 "$PORTSTAT" -a --replay="$tmp/recording" opensock
expect "a bare name is not about owners alone" 0 "$(grep -c 'could not be tested' "$tmp/err")"

# ---- what is hidden from this user --------------------------------------------------------------

is_real_root || finish
need setpriv
cp "$PORTSTAT" "$tmp"
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/portstat")

for filter in 'proc opensock' 'proc != sshd' 'proc ~ ^o' 'proc !~ ^s' 'not proc sshd' 'pid > 0' \
	'owners.user root' 'owners.cmdline ~ x' 'owners.fd 3'; do
	run 1 "${nobody[@]}" -l "7620 and $filter"
	expect_match "told: $filter" "1 socket could not be tested for .*its owners are hidden from this user" \
		"$tmp/err"
	expect_match "and what would show them: $filter" "could not be read|does not show" "$tmp/err"
	run 3 "${nobody[@]}" -lq --strict "7620 and $filter"
	expect_lines "quiet: $filter" 0 "$tmp/err"
	run 3 "${nobody[@]}" -l -s --strict "7620 and $filter"
	run 1 "${nobody[@]}" -l --json "7620 and $filter"
	expect_match "in JSON: $filter" '"complete": *false.*"code": *"untested".*"fields": *\["owners' \
		"$tmp/out"
	expect_match "no row: $filter" '"sockets": *\[\]' "$tmp/out"
done
# A bare name that something else has needs no owner; of the other sockets only owners could have it.
run 0 "${nobody[@]}" -l https --columns=local
expect_match "the others are told" '3 sockets could not be tested for "name https"' "$tmp/err"
run 0 "${nobody[@]}" -l --strict root --columns=local
run 1 "${nobody[@]}" -l opensock
expect_match "a name of a process" 'could not be tested for "name opensock"' "$tmp/err"
run 1 "${nobody[@]}" -l lisetn
expect_match "the nearest word all the same" "did you mean 'listen'" "$tmp/err"
# A or B never lists less than A.
run 0 "${nobody[@]}" -l 7620 or proc opensock
expect_match "listed" '7620' "$tmp/out"
expect_match "the rest is told" '[0-9] sockets could not be tested' "$tmp/err"
run 0 "${nobody[@]}" -l --strict --columns=local 7620 or proc opensock and 1
# What is known not to apply is known.
run 0 "${nobody[@]}" -l --columns=local --strict owner_note hidden and 7620
run 1 "${nobody[@]}" -l mark 5
expect_match "marks" 'for "mark 5": the kernel shows "mark" only with CAP_NET_ADMIN' "$tmp/err"

finish
