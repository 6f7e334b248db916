#!/bin/sh
# The program is built with the hardening that Debian requires, as checked by hardening-check(1).
set -eu

command -v readelf >/dev/null || {
	echo "skipped: there is no readelf"
	exit 77
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
readelf -W -h -l -d "$PORTSTAT" >"$tmp/elf"
readelf -W --dyn-syms "$PORTSTAT" >"$tmp/symbols"
status=0

# has WHAT PATTERN FILE
has() {
	grep -Eq "$2" "$3" || {
		echo "FAIL: $1"
		status=1
	}
}

# A static program has no table of the functions that it takes from libraries.
is_static=no
grep -q INTERP "$tmp/elf" || is_static=yes
if [ $is_static = yes ]; then
	readelf -W --syms "$PORTSTAT" >"$tmp/symbols"
fi

has "position independent" 'Type: +DYN' "$tmp/elf"
has "marked as a program that can stand anywhere" 'Flags:.* PIE' "$tmp/elf"
has "read-only relocations" 'GNU_RELRO' "$tmp/elf"
[ $is_static = yes ] || has "bound when it starts" 'Flags:.*NOW' "$tmp/elf"
has "a stack that is not executable" 'GNU_STACK .* RW ' "$tmp/elf"
has "stack protector" ' __stack_chk_fail(@|$| )' "$tmp/symbols"
# Neither says anything where nothing is optimised, and sanitizers have checks of their own.
if grep -q '^CFLAGS = .*-O[123sz]' "$BUILDDIR/Makefile" &&
	! grep -q 'USE_SANITIZERS 1' "$BUILDDIR/config.h"; then
	has "fortified functions of the C library" ' __(mem|str|stp|printf|fprintf|vfprintf|snprintf|vsnprintf|read|recv|poll).*_chk(@|$| )' "$tmp/symbols"
fi
# The program's own code takes indirect jumps at marks alone (Intel CET); the file as a whole says so
# only where the C library's start files were built the same way, which Debian 12's were not.
if [ "$(uname -m)" = x86_64 ] && [ $is_static = no ]; then
	readelf -n "$BUILDDIR/src/main.o" >"$tmp/notes"
	has "marked targets of indirect jumps" 'IBT, SHSTK' "$tmp/notes"
fi
exit $status
