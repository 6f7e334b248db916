#!/bin/bash
# Random keys and window sizes while sockets open and close, for five seconds or
# PORTSTAT_MONKEY_SECONDS; PORTSTAT_MONKEY_SEED selects another sequence.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit

"$sockets" web --process=web tcp-listen:addr=127.0.0.1,port=8080 tcp-pair:addr=127.0.0.1,port=8081,count=3 \
	--process="$(printf '\033[2J')" udp:port=5300

while [ ! -e "$tmp/stop" ]; do
	"$sockets" more --process=more tcp-listen:port=9999 udp:port=9998
	"$sockets" more
done &
churn=$!

seconds=${PORTSTAT_MONKEY_SECONDS:-5}
deadline=$((seconds + 115)) play "a monkey" --interval=0.1 --no-config <<END
expect 8080
monkey $seconds ${PORTSTAT_MONKEY_SEED:-1}
key Ctrl-C
exit 0
END
grep monkey: "$tmp/out" || :
touch "$tmp/stop"
wait $churn
finish
