#!/bin/bash
# Runs a program that speaks TAP.  cmocka calls a test that was skipped "not ok", which means failed, and
# gives no reason: that is the line "skipped: REASON" before it.
"$@" | awk '
	{ line = $0; sub(/^# /, "", line) }
	line ~ /^skipped: / { reason = substr(line, 10) }
	/^(not )?ok [0-9]+ .*# SKIP/ {
		number = $0
		sub(/^(not )?ok /, "", number)
		name = number
		sub(/ .*/, "", number)
		sub(/^[0-9]+ (- )?/, "", name)
		sub(/ *# SKIP */, "", name)
		print "ok " number " - " name " # SKIP " reason
		fflush()
		next
	}
	{ print; fflush() }'
exit "${PIPESTATUS[0]}"
