#!/bin/bash
# Each check of the text and of the output can fail: breaks a copy of the tree in one place, or
# makes the program print one wrong word, and expects the check for it to fail.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
make_tmp
chmod u+w "$tmp"

export PORTSTAT PORTSTAT_INSTALLED
copy=$tmp/copy
mkdir "$copy"
(cd "$SRCDIR" && tar -cf - bootstrap src tests build-aux po man completions data README HACKING NEWS Makefile.am configure.ac .clang-format) |
	tar -xf - -C "$copy"
chmod -R u+w "$copy"
# A build folder with what checks read there, and a program that each lie is told by.
mkdir -p "$tmp/build/man" "$tmp/build/src" "$tmp/build/tests"
cp -r "$BUILDDIR/man/." "$tmp/build/man"
cp "$BUILDDIR/Makefile" "$BUILDDIR/config.h" "$tmp/build"
cp "$BUILDDIR/src/main.o" "$BUILDDIR/src/portstat" "$tmp/build/src"
cp "$BUILDDIR/libportstat.a" "$tmp/build"
ln -s "$BUILDDIR/tests/live" "$tmp/build/tests/live"
mkdir "$tmp/build/tests/policy"
ln -s "$BUILDDIR/tests/policy/vocabulary" "$tmp/build/tests/policy/vocabulary"
cat >"$tmp/liar" <<'END'
#!/bin/bash
# Prints what the program prints but for the edit in LIE, in the language that WHERE is a pattern of.
truth=$REAL
case $0 in
*-installed) truth=$REAL_INSTALLED ;;
esac
# shellcheck disable=SC2254 # it is a pattern
case ${LC_ALL-}:${LANGUAGE-} in
${WHERE-*}) ;;
*) exec "$truth" "$@" ;;
esac
# A question is asked on the terminal itself.
[ ! -t 0 ] || [ -t 1 ] || exec "$truth" "$@"
set -o pipefail
{ "$truth" "$@" 2>&1 >&3 | LC_ALL=C sed -e "${LIE-}" >&2; } 3> >(LC_ALL=C sed -e "${LIE-}")
status=$?
wait $!
exit $status
END
chmod +x "$tmp/liar"
ln -s liar "$tmp/liar-installed"
export REAL=$PORTSTAT REAL_INSTALLED=$BUILDDIR/tests/golden/portstat

# A few of the mistakes on the command line are enough here.
awk 'BEGIN { RS = ""; ORS = "\n\n" } /did you mean/ && n++ < 5' "$SRCDIR/tests/golden/mistakes.txt" \
	>"$copy/tests/golden/mistakes.txt"

# What takes long and is the same each time is made once.
if (make_locales de_DE tr_TR) >/dev/null; then
	export TEST_LOCALES=$tmp/locales
fi

# check "SCRIPT [ARGUMENT...]": runs a check over the copy, up to its first failure; its status.
check() {
	local words

	read -ra words <<<"$1"
	FAIL_FAST=1 SRCDIR=$copy BUILDDIR=$tmp/build "$copy/tests/${words[0]}" "${words[@]:1}" >"$tmp/said" 2>&1
}

# breaks WHAT CHECK FILE SED: with this edit of the file the check fails, without it the check passes.
breaks() {
	local what=$1 script=$2 file=$3 edit=$4 whole=$tmp/whole status=0

	case $file in
	man/*) file=$tmp/build/$file ;;
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

# notices WHAT CHECK: what was done for this case makes the check fail.
notices() {
	local status=0

	check "$2" || status=$?
	[ "$status" != 77 ] || return 0
	expect "$2 notices: $1" yes "$([ "$status" = 0 ] || echo yes)"
}

# lies WHAT CHECK SED [WHERE]: the check fails where the program prints this.
lies() {
	PORTSTAT=$tmp/liar PORTSTAT_INSTALLED=$tmp/liar-installed LIE=$3 WHERE=${4-*} notices "$1" "$2"
}

# passes CHECK: as long as nothing is broken.
passes() {
	local status=0

	check "$1" || status=$?
	case $status in
	0 | 77) ;;
	*)
		cat "$tmp/said"
		fail "$1 passes where nothing is broken"
		;;
	esac
}

formatted="policy/format.sh src/query/plan.c"
passes "$formatted"
passes "policy/musl.sh src/base/mem.c"
for script in circles completion docs hardening includes options potfiles same-bytes scripts tests; do
	passes policy/$script.sh
done
for script in locales messages mistakes schema; do
	passes golden/$script.sh
done
# A liar without a lie tells the truth.
PORTSTAT=$tmp/liar passes golden/messages.sh
PORTSTAT_INSTALLED=$tmp/liar-installed passes golden/languages.sh

breaks "options that the completion does not read" policy/completion.sh completions/portstat 's/--help 2>/-h 2>/'
breaks "values of options that the completion does not read" policy/completion.sh completions/portstat 's,=" --help,",'
breaks "short names that the completion does not read" policy/completion.sh completions/portstat '/rest##/d'
breaks "words of keys that the completion does not read" policy/completion.sh completions/portstat '/Expected an\*/d'
breaks "states that the completion does not read" policy/completion.sh completions/portstat 's/kernel: state/here: state/'
breaks "a state that does not exist" policy/completion.sh completions/portstat 's/ connected all/ conected all/'
breaks "a package that bootstrap forgets" policy/bootstrap.sh bootstrap '/^cmd:autoconf/d'
breaks "a name that only glibc has" "policy/musl.sh src/base/mem.c" src/base/mem.c 's/^#include <stdlib.h>$/&\n#include <malloc.h>\nint glibc_only = M_MMAP_THRESHOLD;/'
breaks "an example that finds nothing" golden/examples.sh man/portstat.8 's/^\(\.B portstat \\-l\) 8080$/\1 8079/'
lies "another listing of a recording" golden/replay.sh 's/LISTEN/LISTEM/'
breaks "an option that the manual lacks" policy/docs.sh man/portstat.8 's/, *\\-\\-wide//; s/ "\?, "\? \\-\\-wide//; s/\\-\\-wide/wide/'
breaks "a column that the manual lacks" policy/docs.sh man/portstat.8 '/^\.B.* reach$/d'
breaks "a short name that the manual lacks" policy/docs.sh man/portstat-filters.7 '/^\.B dev$/d'
breaks "a short name that the manual makes up" policy/docs.sh man/portstat-filters.7 's/^\.B dev$/&\n.B device/'
breaks "a configuration key that the manual lacks" policy/docs.sh man/portstat.conf.5 '/^\.B mouse$/d'
lies "a short name that the program lacks" policy/docs.sh 's/ \[cmd\]$//'
lies "a short name that the program lacks as a filter" policy/docs.sh 's/ \[laddr, src\]$/ [src]/'
breaks "a key of filters that the program lacks" policy/docs.sh src/query/filter_key.c '/^\t{ "addr",/d'
breaks "an option that is parsed and does nothing" policy/options.sh src/options.h 's/^\tbool is_ascii;$/&\n\tbool is_unread;/'
breaks "an option that is only set" policy/options.sh src/main.c 's/opt->is_explaining;/true;/'
breaks "an option that no test gives" policy/options.sh tests/screen/views.sh 's/ --no-mouse//'
lies "a new option that no test gives" policy/options.sh 's/^      --strict /      --strictly /'
breaks "an owner note that the manual lacks" policy/docs.sh man/portstat.8 's/unheld/held by nobody/'
breaks "a column that the schema lacks" golden/schema.sh data/schema-1.json '/"rcv_wnd":/d'
breaks "an owner note that the schema lacks" golden/schema.sh data/schema-1.json 's/"unheld", //'
breaks "a problem that the manual lacks" policy/docs.sh man/portstat.8 's/was cut short/was cut/'
# shellcheck disable=SC2016 # of sed
breaks "roff that warns" policy/docs.sh man/portstat.8 '$a .nosuchrequest'
breaks "a long line of the manual" policy/docs.sh man/portstat.8 's/^lists the sockets of .*/& &/'
breaks "a protocol that the manual's filters lack" policy/docs.sh man/portstat-filters.7 '/^\.BR udplite ,$/d'
breaks "a protocol that the manual's columns lack" policy/docs.sh man/portstat.8 's/^tcp, udp, udplite, raw/tcp, udp, raw/'
breaks "a state that the manual lacks" policy/docs.sh man/portstat-filters.7 '/^\.BR last\\-ack ,$/d'
breaks "an own option among those of others" policy/docs.sh src/option_hints.c "s/{ 'x', \"unix\"/{ 'S', \"unix\"/"
breaks "a key that the manual lacks" policy/docs.sh man/portstat.8 's/^\.B F4 \/$/.B F4/'
breaks "a key that the manual makes up" policy/docs.sh man/portstat.8 's/^\.B t u$/.B t u w/'
breaks "an arrow that runs back" policy/includes.sh src/model/sock.h 's,#include "base/addr.h",&\n#include "query/plan.h",'
breaks "curses outside of the screen" policy/includes.sh src/live/keys.c 's,#include "live/keys.h",&\n#include <curses.h>,'
breaks "netlink outside of the sources" policy/includes.sh src/query/plan.c 's,#include "query/plan.h",&\n#include <libmnl/libmnl.h>,'
breaks "JSON outside of the resolvers" policy/includes.sh src/query/plan.c 's,#include "query/plan.h",&\n#include <yajl/yajl_parse.h>,'
breaks "a part of the live view that knows all" policy/includes.sh src/live/cells.c 's,#include "live/cells.h",&\n#include "live/app_state.h",'
breaks "a circle of headers" policy/circles.sh src/live/groups.h 's,#include "base/map.h",&\n#include "live/tree.h",'
breaks "a circle of functions" policy/circles.sh src/live/cells.c 's,#include "live/cells.h",&\n#include "live/search.h",; s/^static void add_listed(/static void made(struct search *s) { search_start(s, 0, 0); }\n&/'
breaks "a file that is not formatted" "$formatted" src/query/plan.c 's/^\t/    /'
breaks "a sentence without a translation" policy/potfiles.sh po/portstat.pot 's/so some are missing; try again/so some are missing; list once more/'
breaks "a file with sentences that nobody translates" policy/potfiles.sh po/POTFILES.in '/problem/d'

# HACKING's picture.
breaks "an arrow that the picture lacks" policy/includes.sh HACKING 's/^  *v  *v$/            v             /'
breaks "an arrow that nothing needs" policy/includes.sh HACKING 's/^ \{22\}|          |        |$/            |         |          |        |/'
breaks "a room that the picture lacks" policy/includes.sh HACKING 's/\[ resolve \]/[ solve ]/'
breaks "an arrow into nothing" policy/includes.sh HACKING 's/\[ resolve \]/  resolve  /'

# Tests that are found by name.
breaks "a file without a test" policy/tests.sh HACKING '/^    resolve\/\*/d'
breaks "a row that no file needs" policy/tests.sh HACKING 's,^    resolve/\*,    resolve/users.c,'
breaks "a test that is not there" policy/tests.sh HACKING 's,unit/test_action.c,unit/test_act.c,'
: >"$copy/src/base/made.c"
notices "a new file without a test" policy/tests.sh
rm "$copy/src/base/made.c"

# Scripts that go on without their library.
breaks "a script without || exit" policy/scripts.sh tests/golden/replay.sh 's/ || exit$//'
breaks "a driver that does not say why" policy/scripts.sh tests/driver.sh 's/skipped: /passed: /g'

# What programs print.
lies "a filter that is explained in other words" golden/messages.sh 's/ and / or /'
lies "a hint that is lost" golden/mistakes.sh 's/did you mean/or/'
lies "a heading that is not translated" golden/languages.sh 's/GEGENSTELLE/PEER/'
lies "JSON that is translated" golden/languages.sh 's/"state"/"status"/' '*:de'
lies "numbers with a comma" golden/locales.sh 's/0\.1 /0,1 /' 'de_DE.UTF-8:*'
lies "a column that the schema lacks" golden/schema.sh 's/"reach":/"reaches":/'
breaks "a key that the schema lacks" golden/schema.sh data/schema-1.json 's/"reach": {/"reached": {/'

# What is built.
cp "$PORTSTAT" "$tmp/build/src/portstat"
printf '%s' "$copy/src" >>"$tmp/build/src/portstat"
notices "a path of the build folder" policy/same-bytes.sh
if command -v cc >/dev/null; then
	cat >"$tmp/soft.c" <<'END'
#include <stdio.h>
#include <string.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	char copy[64];

	memcpy(copy, argv[0], strtoul(argv[argc > 1], NULL, 0));
	return puts(copy);
}
END
	hard=(-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIE -pie -fstack-protector-strong
		'-Wl,-z,relro' '-Wl,-z,now' '-Wl,-z,noexecstack')
	# soft WHAT OPTION...: without it hardening is noticed to lack.
	soft() {
		local what=$1

		shift
		cc -w "${hard[@]}" "$@" -o "$tmp/soft" "$tmp/soft.c" 2>"$tmp/said" || give_up "$(cat "$tmp/said")"
		PORTSTAT=$tmp/soft notices "$what" policy/hardening.sh
	}
	cc -w "${hard[@]}" -o "$tmp/soft" "$tmp/soft.c" || give_up "cc"
	PORTSTAT=$tmp/soft passes policy/hardening.sh
	soft "a place of its own" -fno-pie -no-pie
	soft "relocations that can be written" -Wl,-z,norelro
	soft "functions bound when they are called" -Wl,-z,lazy
	soft "a stack that is executable" -Wl,-z,execstack
	soft "no stack protector" -fno-stack-protector
fi

finish
