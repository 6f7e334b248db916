#!/bin/bash
# The program of --enable-static-build in a folder that has nothing but it and /proc: listings and the live
# view work there, without a library, /etc, a locale or a terminfo database.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit

note_failure() {
	echo "FAILED: $*"
	failed=1
}

root=$tmp/root
mkdir "$root" "$root/proc"
strip -o "$root/portstat" "$PORTSTAT"
# Runs portstat there, with nothing in its environment but LANG and TERM.  /proc is mounted for it alone.
cat >"$tmp/there" <<END
#!/bin/bash
mount -t proc proc "$root/proc" || exit 99
exec env -i LANG="\$LANG" TERM="\$TERM" "$(command -v chroot)" "$root" /portstat "\$@"
END

size=$(stat -c %s "$root/portstat")
echo "$size bytes"
[ "$size" -lt $((2 << 20)) ] || note_failure "larger than 2 MiB"
! readelf -l "$root/portstat" | grep INTERP || note_failure "wants a dynamic linker"
! nm "$PORTSTAT" | grep -E ' T (getaddrinfo|getnameinfo|getpwuid_r)$' ||
	note_failure "looks up names with modules of the C library"

# says PATTERN ARGUMENT...: what portstat prints there has a line that fits.
says() {
	LANG=de_DE.UTF-8 in_own_mounts bash "$tmp/there" "${@:2}" >"$tmp/out" 2>&1 ||
		note_failure "status $?: ${*:2}"
	grep -Eq -- "$1" "$tmp/out" && return
	note_failure "no line like '$1': ${*:2}"
	cat "$tmp/out"
}

# play_there TYPE NAME [ARGUMENT...] <SCRIPT: the live view in a terminal of this type.
play_there() {
	# shellcheck disable=SC2016 # of the inner shell
	play_with "$2" env TERM="$1" "$BASH" -c '. "$SRCDIR/tests/lib.sh" && in_own_mounts bash "$@"' \
		there "$tmp/there" --live "${@:3}"
}

"$sockets" web --process=web tcp-listen:addr=127.0.0.1,port=8080 tcp-pair:addr=127.0.0.1,port=8081,count=2
says '^tcp +LISTEN +127.0.0.1:8080 +- +http-alt +0 +web\[[0-9]+\]$' -l
says '^tcp +ESTAB +127.0.0.1:8081 ' -a web
says '"service": *"http-alt"' -l 8080 --json
says 'host name' -r -l 8080
says ' static' --version
says '^[0-9]+$' --free
# Users are those of a passwd that it has.
mkdir "$root/etc"
printf 'admin:x:0:0::/:/bin/sh\n' >"$root/etc/passwd"
says ' admin +web\[' -l
says ' admin ' -l user admin
says '^tcp' -l uid 0

for term in xterm-256color xterm screen tmux-256color linux vt100; do
	# The keys that this terminal sends are those of TERM, which this system may not know.
	export TERM=xterm-256color
	! tput -T $term clear >/dev/null 2>&1 || TERM=$term
	LANG=C.UTF-8 play_there $term "the live view, TERM=$term" --interval=0.2 <<'END'
size 80 24
expect [1 Ports]
row 8080
key Down
row 8081
key Right
expect |-
type q
exit 0
END
done
TERM=xterm-256color
play_there no-such-terminal "a terminal type that is not built in" <<'END'
expect is unknown or cannot
exit 4
END
"$sockets" web
finish
