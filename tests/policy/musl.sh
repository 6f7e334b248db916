#!/bin/sh
# Every file of the program, or those that are given, also compiles for musl: headers, names and types may
# differ in another libc.  Headers of other libraries are those of this system; nothing is linked.
set -eu

command -v musl-gcc >/dev/null || {
	echo "skipped: there is no musl-gcc"
	exit 77
}
cd "$SRCDIR"
includes="-I$BUILDDIR -I$BUILDDIR/src -Isrc -idirafter /usr/include"
multiarch=$(cc -print-multiarch 2>/dev/null || :)
[ -z "$multiarch" ] || includes="$includes -idirafter /usr/include/$multiarch"
# What the newest compilers take as errors.
strict="-Werror=implicit-function-declaration -Werror=incompatible-pointer-types -Werror=int-conversion"

[ -n "$(find src -name '*.c')" ] || { echo "no sources found in $SRCDIR/src"; exit 1; }
without=
[ -e "$BUILDDIR/src/resolve/task_file.lskel.h" ] || without=src/resolve/owners_bpf.c
# Of a static build with glibc.
glibc=src/resolve/system_names_files.c
# shellcheck disable=SC2086 # lists of words
find "${@:-src}" -name '*.c' ! -name '*.bpf.c' ! -path "$without" ! -path $glibc \
	-exec musl-gcc -std=gnu11 -fsyntax-only $strict $includes -DHAVE_CONFIG_H -DLOCALEDIR='""' \
	-DNCURSES_WIDECHAR=1 {} + || exit 1
