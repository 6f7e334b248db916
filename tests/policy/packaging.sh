#!/bin/sh
# The packages have the version of the program, and what they name of the tree is there.
set -eu

cd "$SRCDIR"
status=0
fail() {
	echo "FAIL: $*"
	status=1
}

version=$(sed -n 's/^AC_INIT(\[portstat\], \[\([^]]*\)\].*/\1/p' configure.ac)
[ -n "$version" ] || fail "configure.ac has no version"
grep -q "^portstat ($version-" packaging/debian/changelog || fail "packaging/debian/changelog is not of $version"
grep -q "^Version: *$version\$" packaging/portstat.spec || fail "packaging/portstat.spec is not of $version"
grep -q "^portstat $version " NEWS || fail "NEWS does not begin with $version"
while read -r file; do
	[ -e "$file" ] || fail "packaging/debian/docs: there is no $file"
done <packaging/debian/docs
# shellcheck disable=SC2013 # words
for file in $(sed -n 's/^%\(doc\|license\) //p' packaging/portstat.spec); do
	[ -e "$file" ] || fail "packaging/portstat.spec: there is no $file"
done
# What is installed is in the spec: each line of the Makefile's installed data by its folder.
for made in completions/* man/*.in data/*; do
	name=${made##*/}
	name=${name%.in}
	case $made in
	data/*) name=/portstat/ ;;
	esac
	grep -q "^%{.*$name" packaging/portstat.spec || fail "packaging/portstat.spec lacks $made"
done
! grep -rn setcap packaging | grep -v -e README.Debian -e 'portstat.spec:[0-9]*:setcap' ||
	fail "a package sets capabilities"
exit $status
