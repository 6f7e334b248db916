#!/bin/sh
# Every C file, or each one named as an argument, is formatted as clang-format does it; tables laid
# out by hand are marked in the file.  Run by make lint; make format corrects the files.
set -eu

# Releases disagree in small things: the sources follow Debian 12's.
wanted=14
found=$(clang-format --version 2>/dev/null | sed -n 's/.*version \([0-9]*\)\..*/\1/p') || :
[ "$found" = "$wanted" ] || { echo "clang-format $wanted is not installed (found: ${found:-none})"; exit 77; }

cd "$SRCDIR"
if [ $# = 0 ]; then
	find src tests -name '*.[ch]' ! -name iana_services.c ! -name '*.lskel.h' \
		-exec clang-format --dry-run --Werror {} +
else
	clang-format --dry-run --Werror "$@"
fi
