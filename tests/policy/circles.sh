#!/bin/sh
# There are no circles among the files of src/.  circles.awk says what an arrow is.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# The circles of the sources below a folder, each with its arrows.
circles_in() (
	cd "$1"
	find . -name '*.[ch]' ! -name '*.bpf.c' | sed 's,^\./,,' | sort >"$tmp/files"
	[ -s "$tmp/files" ] || { echo "no sources found in $1" >&2; exit 1; }
	xargs awk -f "$SRCDIR/tests/policy/code.awk" <"$tmp/files" |
		awk -f "$SRCDIR/tests/policy/circles.awk"
)

# First that it finds what there is to find: by the includes, and by functions, tables and a header that
# many share.
mkdir -p "$tmp/made/a" "$tmp/made/b"
cat >"$tmp/made/a/one.h" <<'END'
#include "a/two.h"
END
cat >"$tmp/made/a/two.h" <<'END'
#include "a/one.h"
END
cat >"$tmp/made/b/shared.h" <<'END'
int b_first(int n);
extern const int b_table[];
END
cat >"$tmp/made/b/first.c" <<'END'
#include "b/shared.h"

int b_first(int n)
{
	return b_table[n];
}
END
cat >"$tmp/made/b/table.c" <<'END'
#include "b/shared.h"

static int zero(void)
{
	return b_first(0);
}

const int b_table[] = { 1 };
END
# This one only looks like it: a string, a comment, and a member of the same name.
cat >"$tmp/made/b/third.c" <<'END'
#include "b/shared.h"

const char *b_third(struct third *t)
{
	return t->b_first ? "b_table" : ""; /* b_first() */
}
END
cat >"$tmp/expected" <<'END'
circle: a/one.h a/two.h
  a/one.h -> a/two.h: includes a/two.h
  a/two.h -> a/one.h: includes a/one.h
circle: b/first.c b/table.c
  b/first.c -> b/table.c: uses b_table
  b/table.c -> b/first.c: uses b_first
END
circles_in "$tmp/made" >"$tmp/found"
diff "$tmp/expected" "$tmp/found" || { echo "circles that were made for this are not found"; exit 1; }

circles_in "$SRCDIR/src" >"$tmp/circles"
cat "$tmp/circles"
[ ! -s "$tmp/circles" ]
