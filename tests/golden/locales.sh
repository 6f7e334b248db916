#!/bin/bash
# Input and output for programs are the same in every locale: numbers have a decimal point even
# where the locale has a comma, and case conversion is that of ASCII.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
make_tmp
[ "$(printf '\1\0' | od -An -td2 | tr -d ' ')" = 1 ] || skip "the recordings are little-endian"
need locale
# A comma in numbers; and an i without a dot as the small letter of I.
make_locales de_DE tr_TR
expect "the comma" , "$(LC_ALL=de_DE.UTF-8 locale decimal_point)"
# shellcheck disable=SC2016 # for the inner shell
expect "the other small letter" ı "$(LC_ALL=tr_TR.UTF-8 "$BASH" -c 'word=I; echo "${word,}"')"

recording=$SRCDIR/tests/data/busy.nl
everything=("--replay=$recording" --sort=local_port)
run 0 env LC_ALL=C.UTF-8 "$PORTSTAT" "${everything[@]}" --csv
cp "$tmp/out" "$tmp/want"
run 0 env LC_ALL=C.UTF-8 "$PORTSTAT" "${everything[@]}" --csv state listen and proto tcp
cp "$tmp/out" "$tmp/want-listen"

for name in de_DE tr_TR; do
	export LC_ALL=$name.UTF-8
	run 0 "$PORTSTAT" "${everything[@]}" --csv
	expect_same "a listing in $name" "$tmp/want" "$tmp/out"

	# Numbers of options.
	run 0 "$PORTSTAT" --watch=0.5 -V
	run 0 "$PORTSTAT" --interval=0.5 -V
	run 2 "$PORTSTAT" --watch=0,5 -V
	run 2 "$PORTSTAT" --watch=0.05 -V
	expect_match "the least is written with a point in $name" '0\.1 ' "$tmp/err"

	# Words of filters: keys, states, protocols, operators, units, port classes, services, truth.
	run 0 "$PORTSTAT" "${everything[@]}" --csv STATE LISTEN AND PROTO TCP
	expect_same "capitals in $name" "$tmp/want-listen" "$tmp/out"
	for filter in "STATE LISTENING" "EXCLUDE TIME-WAIT" "PID NE 1" "LPORT DYNAMIC" \
		"LPORT SUBMISSION" "tcp.rtt_us > 1MS" "FAMILY INET" "dual_stack YES" "PROTO MPTCP"; do
		# shellcheck disable=SC2086 # words
		run 0 "$PORTSTAT" --explain-filter $filter
	done
done

finish
