#!/bin/bash
# Every way to end restores the terminal; and stopping and continuing with Ctrl-Z.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit

"$sockets" web --process=web tcp-listen:addr=127.0.0.1,port=8080

for key in q F10 Ctrl-C; do
	play "$key" --interval=0.2 <<END
expect 8080
key $key
exit 0
END
done

for signal in TERM INT HUP QUIT; do
	play "SIG$signal" --interval=0.2 <<END
expect 8080
signal $signal
exit 0
END
done

# ncurses saves the cursor's place (ESC 7) before it scrolls some lines; this terminal saves with it that the
# cursor is hidden, and hides it again as it leaves the other screen.
play "a terminal that saves that the cursor is hidden" --interval=0.2 <<'END'
expect 8080
written ^[7
key Ctrl-Z
stopped
signal CONT
expect 8080
written ^[7
key q
exit 0
END
if ! nm -D "$PORTSTAT" 2>/dev/null | grep -q __asan_init; then
	play "and one where portstat is ended by a fault" --interval=0.2 <<'END'
expect 8080
written ^[7
signal SEGV
exit -11
END
fi

# Keys that come faster than they can be answered: pictures and signals do not wait for their end.
play "keys without end" --interval=0.2 <<'END'
expect 8080
flood 51 0 changes
flood 51 F10Quit
signal TERM
exit 0
END

# What nobody expects ends as the signal says, on a terminal that can be used.  A sanitizer takes some
# of these for itself.
for signal in SEGV:-11 ABRT:-6 BUS:-7 FPE:-8 USR1:-10 USR2:-12 ALRM:-14 XCPU:-24 VTALRM:-26 \
	PROF:-27 POLL:-29 PWR:-30 STKFLT:-16; do
	if nm -D "$PORTSTAT" 2>/dev/null | grep -q __asan_init; then
		continue
	fi
	play "SIG${signal%:*}" --interval=0.2 <<END
expect 8080
signal ${signal%:*}
exit ${signal#*:}
END
done

# The same where it is the fault of a thread beside the one that draws.
if ! nm -D "$PORTSTAT" 2>/dev/null | grep -q __asan_init; then
	play "a fault beside the drawing" --interval=0.2 <<'END'
expect 8080
fault SEGV
exit -11
END
fi

play "the terminal goes away" --interval=0.2 <<'END'
expect 8080
hangup
exit 0
END

# Without another screen to go back to the prompt has the lowest line for itself.  For linux ncurses
# loads and unloads libgpm, which leaks.
options=$ASAN_OPTIONS
export ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0"
for term in vt100 linux; do
	TERM=$term play "the lowest line on $term" --interval=0.2 <<'END'
expect 8080
expect F10Quit
key q
exit 0
gone F10Quit
expect 8080
END
	TERM=$term play "the lowest line on $term while it is stopped" --interval=0.2 <<'END'
expect F10Quit
key Ctrl-Z
stopped
gone F10Quit
signal CONT
expect F10Quit
key q
exit 0
END
done
ASAN_OPTIONS=$options

play "Ctrl-Z and fg" --interval=0.2 <<END
expect 8080
key Ctrl-Z
stopped
run $sockets more tcp-listen:port=9999
signal CONT
expect 9999
key F1
expect Esc closes
signal TSTP
stopped
signal CONT
expect Esc closes
key Esc
size 120 40
expect F10Quit
key Ctrl-L
expect 8080
key q
exit 0
END

"$sockets" web
finish
