#!/bin/sh
# The log driver of the scripts among the tests: automake's own, which is the first argument.  Behind what
# that prints stands why the script was skipped, and what it left out, which else only its log would tell.
driver=$1
shift
log=
option=
for word; do
	[ "$option" != --log-file ] || log=$word
	option=$word
done
said=$("${SHELL:-/bin/sh}" "$driver" "$@")
status=$?
case $said in
*SKIP*) reasons=$(sed -e '/^SKIP /d' -e 's/^skipped: //' "$log" | tail -n 1) ;;
*) reasons=$(sed -n 's/^left out: /left out: /p' "$log" | paste -s -d ';' | sed 's/;left out:/;/g') ;;
esac
# At once: another test may end meanwhile.
printf '%s\n' "$said${reasons:+: $reasons}"
exit $status
