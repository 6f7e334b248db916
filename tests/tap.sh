#!/bin/bash
# Runs a program that speaks TAP.  cmocka calls a test that was skipped "not ok", which means failed.
"$@" | sed 's/^not ok \([0-9]*\) # SKIP/ok \1 # SKIP/'
exit "${PIPESTATUS[0]}"
