#!/bin/sh
# What bootstrap installs and prints on a system without any dependency: apt-get, sudo and id are
# replaced by programs that only record their arguments.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
status=0

fail() {
	echo "FAIL: $*"
	cat "$tmp/out"
	status=1
}

# A machine with next to nothing on it.
mkdir "$tmp/bare" "$tmp/empty"
for command in cat dirname env find mktemp rm sh; do
	ln -s "$(command -v $command)" "$tmp/bare/$command"
done
# stub NAME SCRIPT
stub() {
	printf '#!/bin/sh\n%s\n' "$2" >"$tmp/bare/$1"
	chmod +x "$tmp/bare/$1"
}
stub apt-get "echo apt-get \"\$@\" >>$tmp/calls"
stub apt-cache 'exit 0'
# shellcheck disable=SC2016 # of the stub
stub id 'echo "${BOOTSTRAP_UID-0}"'

# try WANTED-STATUS ARGUMENT...: in an empty folder; what it printed goes to $tmp/out, its calls to $tmp/calls.
try() {
	want=$1
	shift
	got=0
	: >"$tmp/calls"
	(cd "$tmp/empty" && PATH=$tmp/bare /bin/sh "$SRCDIR/bootstrap" "$@") >"$tmp/out" 2>&1 || got=$?
	[ "$got" = "$want" ] || fail "bootstrap $*: status $got"
	[ -z "$(ls -A "$tmp/empty")" ] || fail "bootstrap $*: left $(ls -A "$tmp/empty")"
}

# installs YES|NO PACKAGE...: among what apt-get was called with.
installs() {
	expected=$1
	shift
	for package in "$@"; do
		found=no
		! grep -Eq "^apt-get install .* $package( |\$)" "$tmp/calls" || found=yes
		[ $found = "$expected" ] || fail "installs $package: $found"
	done
}

# ---- help ---------------------------------------------------------------------------------------

for argument in --help -h --he --help=short; do
	try 0 --tests $argument --prefix=/usr
	grep -q '^usage: ' "$tmp/out" || fail "$argument prints no usage"
	[ ! -s "$tmp/calls" ] || fail "$argument calls $(cat "$tmp/calls")"
done
try 2 --version
[ ! -s "$tmp/calls" ] || fail "--version calls $(cat "$tmp/calls")"

# ---- as root ------------------------------------------------------------------------------------

# Here apt-get brings nothing, so the end is always that packages are missing.
try 1
installs yes gcc make autoconf libmnl-dev libncurses-dev libyajl-dev
installs no clang bpftool valgrind libcmocka-dev python3-jsonschema cppcheck gcovr clang-tidy
grep -q '^bootstrap: missing, optional' "$tmp/out" || fail "what is optional is not named"
# Needed before optional, each with its command.
awk '/^bootstrap: missing, / {
		if (/needed/ && is_optional) exit 1
		is_optional = /optional/
		heading = $0
		n++
		next
	}
	/^    apt-get install / { n--; if (!index(heading, $NF)) exit 1 }
	END { if (n) exit 1 }' "$tmp/out" || fail "lists and commands are not in order"
try 1 --tests
installs yes gcc clang libbpf-dev valgrind libcmocka-dev python3-jsonschema
installs no cppcheck gcovr clang-tidy shellcheck
try 1 --all
installs yes gcc clang valgrind cppcheck gcovr clang-tidy shellcheck
try 1 --no-install --all
[ ! -s "$tmp/calls" ] || fail "--no-install calls $(cat "$tmp/calls")"

# ---- other package managers ---------------------------------------------------------------------

# has_names MANAGER PACKAGE...: its names of packages are called for, and none of Debian's.
has_names() {
	mv "$tmp/bare/apt-get" "$tmp/apt-get"
	stub "$1" "echo $1 \"\$@\" >>$tmp/calls"
	try 1 --tests
	for package in "$@"; do
		grep -Eq "^$1 .*$package( |\$)" "$tmp/calls" || [ "$package" = "$1" ] || fail "$1 is not asked for $package"
	done
	! grep -E ' (lib[a-z0-9]*-dev|autopoint|xz-utils|musl-tools|-)( |$)' "$tmp/calls" |
		grep -v '^apk ' || fail "$1 is asked for a name of Debian's"
	rm "$tmp/bare/$1"
	mv "$tmp/apt-get" "$tmp/bare/apt-get"
}
has_names dnf gcc gettext-devel libmnl-devel ncurses-devel yajl-devel libbpf-devel
has_names pacman gcc gettext libmnl ncurses yajl libbpf
has_names zypper gcc gettext-tools libmnl-devel ncurses-devel libyajl-devel
has_names apk gcc musl-dev gettext-dev libmnl-dev ncurses-dev yajl-dev
# Every row names a package of all of them.
awk '/^other_names=/ { inside = 1; next } inside && /^.$/ { exit } inside && NF != 5 { print; bad = 1 }
	END { exit bad }' "$SRCDIR/bootstrap" || fail "a row of other_names is not whole"

# ---- as an ordinary user ------------------------------------------------------------------------

export BOOTSTRAP_UID=1000
try 1 --tests
[ ! -s "$tmp/calls" ] || fail "without sudo calls $(cat "$tmp/calls")"
[ "$(grep -c 'ask an administrator to run: apt-get install .* gcc .*valgrind' "$tmp/out")" = 1 ] ||
	fail "no line says what to ask for"
stub sudo 'exec "$@"'
try 1
installs yes gcc
# Who may not use it: apt-get is never reached.
stub sudo 'exit 1'
try 1
[ ! -s "$tmp/calls" ] || fail "with a sudo that refuses calls $(cat "$tmp/calls")"
grep -q 'ask an administrator to run: apt-get install ' "$tmp/out" || fail "refused, and nobody to ask is named"
unset BOOTSTRAP_UID

# ---- what configure is handed -------------------------------------------------------------------

# A tree that is configured in no time, on this machine as it is.
tree=$tmp/tree
mkdir -p "$tree/po" "$tree/m4" "$tree/build-aux"
cp "$SRCDIR/bootstrap" "$tree"
touch "$tree/configure.ac" "$tree/Makefile.am" "$tree/po/Makevars" "$tree/po/Rules-pot"
for made in config.h.in Makefile.in po/Makefile.in.in build-aux/tap-driver.sh; do
	touch "$tree/$made"
done
printf '#!/bin/sh\ntouch config.status Makefile\necho "configured with $*"\n' >"$tree/configure"
chmod +x "$tree/configure"
(cd "$tree" && ./bootstrap --tests --no-install --prefix=/usr --all CFLAGS=-O1) >"$tmp/out" 2>&1 ||
	fail "bootstrap in a tree"
grep -qx 'configured with --prefix=/usr CFLAGS=-O1' "$tmp/out" || fail "arguments of configure"
! grep -Eq -e '--(tests|all|no-install|help)' "$tree/config.args" || fail "options in config.args"
# The second time there is nothing to do, but for what has come since.
(cd "$tree" && ./bootstrap --no-install --prefix=/usr CFLAGS=-O1) >"$tmp/out" 2>&1 || fail "the second time"
! grep -q configured "$tmp/out" || fail "configured twice"
echo " valgrind" >"$tree/config.lacks"
(cd "$tree" && ./bootstrap --no-install --prefix=/usr CFLAGS=-O1) >"$tmp/out" 2>&1 || fail "the third time"
grep -q configured "$tmp/out" || fail "not configured when something has come"
exit $status
