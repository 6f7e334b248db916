#!/bin/sh
# The service that runs the checks in the guest: their output goes to the second serial line.
stty -F /dev/ttyS1 raw -echo -opost 115200
exec >/dev/ttyS1 2>&1
python3 /checks/checks.py
echo "exit $?"
# This waits until all has been sent.
stty -F /dev/ttyS1 raw
systemctl poweroff -ff
