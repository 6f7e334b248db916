# shellcheck shell=bash
# shellcheck disable=SC2154 # tests/lib.sh has tmp and PORTSTAT
# What the tests of --why share: the question, and the answer.

# why STATUS QUESTION...: the answer is in $tmp/out.
why() {
	local status=$1

	shift
	run "$status" "$PORTSTAT" --why "$@"
}

# says ERE: a line of the answer.
says() {
	expect_match "the answer to --why" "$1" "$tmp/out"
}

unsure='depends on what is not read: iptables-legacy$'

# answer [FILE]: without what nobody can say of the firewall where legacy tables are hidden.
answer() {
	if sees_legacy_tables; then
		cat "${1-$tmp/out}"
	else
		grep -v "^  firewall .* $unsure" "${1-$tmp/out}"
	fi
}
