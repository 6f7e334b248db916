#!/bin/sh
# The build contains no path of its directory, so a build in another directory gives the same bytes.
set -eu

# A report of lines run has to know where they are.
if grep -q '^COVERAGE_FLAGS = .*--coverage' "$BUILDDIR/Makefile"; then
	echo "skipped: built with --enable-coverage"
	exit 77
fi
status=0
checked=0
for made in src/portstat libportstat.a src/resolve/task_file.bpf.o; do
	[ -e "$BUILDDIR/$made" ] || continue
	checked=$((checked + 1))
	for folder in "$BUILDDIR" "$SRCDIR"; do
		if grep -aqF "$folder" "$BUILDDIR/$made"; then
			echo "FAIL: $made names $folder"
			status=1
		fi
	done
done
[ $checked -ge 2 ] || { echo "FAIL: nothing was built"; status=1; }
exit $status
