#!/bin/bash
# Sockets with reused inode numbers, after the kernel's counter has wrapped around: each has its own
# owners.  Takes most of an hour: run by make reuse, not by make check.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"

echo "waiting for 4,294,967,296 inodes"
start_helper "$BUILDDIR/tests/live/reuse"
echo "$(wc -l <"$tmp/opened") sockets with ports have a number of another's"
sort "$tmp/opened" >"$tmp/want"
methods=(auto proc)
# Where it may not be used, it finds nobody at all.
if "$PORTSTAT" -l --owners=bpf | grep -q 'first\['; then
	methods+=(bpf)
fi
for method in "${methods[@]}"; do
	run 0 "$PORTSTAT" -tu -n -H -0 --owners="$method" --columns=proto,local_port,owners.name
	tr '\0' '\n' <"$tmp/out" | sort >"$tmp/rows"
	# Of the ports that were told: not every listener's number came again.
	awk -F '[\t ]' 'NR == FNR { told[$1, $2]; next }
		($1, $2) in told { print $1, $2, $3 }' "$tmp/opened" "$tmp/rows" | sort -u >"$tmp/got"
	expect_same "owners by $method" "$tmp/want" "$tmp/got"
done
finish
