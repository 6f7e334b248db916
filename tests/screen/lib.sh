# shellcheck shell=bash
# Shared by the screen tests: a network namespace, sockets that open and close, a terminal.
# Sourced by bash scripts that are run with their own path in $0.
# The live view goes on for long.
looks_for_leaks=yes
. "$SRCDIR/tests/lib.sh" || exit
vt=$BUILDDIR/tests/screen/vt
opensock=$BUILDDIR/tests/live/opensock
[ -x "$vt" ] || skip "built without libvterm, a terminal for tests"
in_namespaces "$0" "$@"
set -e
export XDG_CONFIG_HOME=$tmp/config TERM=xterm-256color LC_ALL=C.UTF-8
unset NO_COLOR LANGUAGE SUDO_UID COLUMNS LINES
failed=0

# The sanitizers' reports would land on the screen under test.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}log_path=$tmp/asan"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}log_path=$tmp/asan"

# A script that the plays below use: sockets NAME SPEC... opens, sockets NAME closes.
cat >"$tmp/sockets" <<END
#!/bin/bash
name=$tmp/sockets.\$1
shift
if [ \$# -gt 0 ]; then
	mkfifo "\$name.in"
	setsid "$opensock" "\$@" <"\$name.in" >"\$name.out" 2>&1 &
	echo \$! >"\$name.pid"
	tail -f /dev/null >"\$name.in" 2>/dev/null &
	echo \$! >"\$name.holder"
	for ((i = 0; i < 400; i++)); do
		grep -qs '^ready' "\$name.out" && exit 0
		kill -0 "\$(cat "\$name.pid")" || break
		sleep 0.05
	done
	cat "\$name.out"
	exit 1
fi
kill "\$(cat "\$name.holder")"
# Its processes may outlive the first one, which the live view may have killed, and they hold ports.
group=\$(cat "\$name.pid")
lives() {
	local line state pgrp process

	for process in /proc/[0-9]*/stat; do
		read -r line 2>/dev/null <"\$process" || continue
		read -r state _ pgrp _ <<<"\${line##*) }"
		[ "\$pgrp" != "\$group" ] || [ "\$state" = Z ] || return 0
	done
	return 1
}
while lives; do
	sleep 0.05
done
rm -f "\$name".*
END
chmod +x "$tmp/sockets"
export sockets=$tmp/sockets

# play_with NAME COMMAND [ARGUMENT...] <SCRIPT: a program in a terminal, for at most $deadline seconds.
play_with() {
	local name=$1
	shift
	if timeout "${deadline:-120}" "$vt" - "$@" >"$tmp/out" 2>&1; then
		echo "ok: $name"
	else
		echo "FAILED: $name"
		failed=1
		cat "$tmp/out"
	fi
	if ls "$tmp"/asan.* >/dev/null 2>&1; then
		echo "FAILED: $name: a sanitizer spoke"
		cat "$tmp"/asan.*
		rm -f "$tmp"/asan.*
		failed=1
	fi
}

# play NAME [ARGUMENT...] <SCRIPT: the live view in a terminal.  It keeps what a script changes: the next
# one does not see that, unless has_config is not empty.
play() {
	local name=$1
	shift
	[ -n "${has_config:-}" ] || rm -rf "$tmp/config"
	play_with "$name" "$PORTSTAT" --live "$@"
}

finish() {
	exit $failed
}
