#!/bin/bash
# Each check of the text can fail: a copy of the tree is broken in one place, and the check that is
# there for it has to notice.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
make_tmp
chmod u+w "$tmp"

copy=$tmp/copy
mkdir "$copy"
(cd "$SRCDIR" && tar -cf - src tests po man completions data README HACKING NEWS Makefile.am configure.ac .clang-format) |
	tar -xf - -C "$copy"
chmod -R u+w "$copy"
mkdir -p "$tmp/build/man"
cp "$BUILDDIR/man/portstat.8" "$tmp/build/man/portstat.8"
# What opens sockets for the schema's documents.
mkdir -p "$tmp/build/tests/live"
ln -s "$(realpath "$BUILDDIR/tests/live/opensock")" "$tmp/build/tests/live/opensock"

# check SCRIPT: runs a check over the copy; its status.
check() {
	SRCDIR=$copy BUILDDIR=$tmp/build "$copy/tests/$1" >"$tmp/said" 2>&1
}

# breaks WHAT CHECK FILE SED: with this edit of the file the check fails, without it the check passes.
breaks() {
	local what=$1 script=$2 file=$3 edit=$4 whole=$tmp/whole status=0

	case $file in
	man/portstat.8) file=$tmp/build/$file ;;
	*) file=$copy/$file ;;
	esac
	cp "$file" "$whole"
	sed -i -e "$edit" "$file"
	cmp -s "$file" "$whole" && give_up "the edit changes nothing: $what"
	check "$script" || status=$?
	cp "$whole" "$file"
	[ "$status" != 77 ] || return 0
	expect "$script notices: $what" yes "$([ "$status" = 0 ] || echo yes)"
}

for script in policy/circles.sh policy/docs.sh policy/format.sh policy/includes.sh policy/potfiles.sh \
	golden/schema.sh; do
	check "$script"
	case $? in
	0 | 77) ;;
	*)
		cat "$tmp/said"
		fail "$script passes where nothing is broken"
		;;
	esac
done

breaks "an option that the completion lacks" policy/docs.sh completions/portstat 's/ --sctp / /'
breaks "an option that the completion makes up" policy/docs.sh completions/portstat 's/ --sctp / --sctp --sctq /'
breaks "an option that the manual lacks" policy/docs.sh man/portstat.8 's/, *\\-\\-wide//; s/ "\?, "\? \\-\\-wide//; s/\\-\\-wide/wide/'
breaks "a column that the manual lacks" policy/docs.sh man/portstat.8 '/^\.B.* reach$/d'
breaks "a short name that the manual lacks" policy/docs.sh man/portstat.8 '/^\.B dev$/d'
breaks "an owner note that the manual lacks" policy/docs.sh man/portstat.8 's/unheld/held by nobody/'
breaks "short names that the completion does not read" policy/docs.sh completions/portstat '/rest##/d'
breaks "a column that the schema lacks" golden/schema.sh data/schema-1.json '/"rcv_wnd":/d'
breaks "an owner note that the schema lacks" golden/schema.sh data/schema-1.json 's/"unheld", //'
breaks "a problem that the manual lacks" policy/docs.sh man/portstat.8 's/was cut short/was cut/'
# shellcheck disable=SC2016 # of sed
breaks "roff that warns" policy/docs.sh man/portstat.8 '$a .nosuchrequest'
breaks "a state that does not exist" policy/docs.sh completions/portstat 's/time-wait/time-wiat/'
breaks "an arrow that runs back" policy/includes.sh src/model/sock.h 's,#include "base/addr.h",&\n#include "query/plan.h",'
breaks "curses outside of the screen" policy/includes.sh src/live/keys.c 's,#include "live/keys.h",&\n#include <curses.h>,'
breaks "netlink outside of the sources" policy/includes.sh src/query/plan.c 's,#include "query/plan.h",&\n#include <libmnl/libmnl.h>,'
breaks "a part of the live view that knows all" policy/includes.sh src/live/cells.c 's,#include "live/cells.h",&\n#include "live/app_state.h",'
breaks "a circle of headers" policy/circles.sh src/live/groups.h 's,#include "base/map.h",&\n#include "live/tree.h",'
breaks "a circle of functions" policy/circles.sh src/live/cells.c 's,#include "live/cells.h",&\n#include "live/search.h",; s/^static void add_listed(/static void made(struct search *s) { search_start(s, 0, 0); }\n&/'
breaks "a file that is not formatted" policy/format.sh src/query/plan.c 's/^\t/    /'
breaks "a sentence without a translation" policy/potfiles.sh po/portstat.pot 's/so some are missing; list again/so some are missing; list once more/'
breaks "a file with sentences that nobody translates" policy/potfiles.sh po/POTFILES.in '/problem/d'

finish
