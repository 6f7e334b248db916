#!/bin/bash
# Random keys and window sizes: while sockets open and close, over documents of three hosts and moments,
# and over three hosts of which one does not always answer.  Together for six seconds, or
# PORTSTAT_MONKEY_SECONDS; PORTSTAT_MONKEY_SEED selects another sequence.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit

"$sockets" web --process=web tcp-listen:addr=127.0.0.1,port=8080 tcp-pair:addr=127.0.0.1,port=8081,count=3 \
	--process="$(printf '\033[2J')" udp:port=5300

seconds=$((${PORTSTAT_MONKEY_SECONDS:-6} / 3))
seed=${PORTSTAT_MONKEY_SEED:-1}

# monkey NAME TEXT [ARGUMENT...]: begins when TEXT is on the screen.
monkey() {
	local name=$1 text=$2

	shift 2
	deadline=$((seconds + 115)) play "a monkey $name" --no-config "$@" <<END
expect $text
monkey $seconds $seed
key Ctrl-C
exit 0
END
	grep monkey: "$tmp/out" || :
}

# Four moments of each of three hosts, in which sockets come and go.
for moment in 1 2 3 4; do
	"$sockets" "moment$moment" --process="of $moment" tcp-listen:port=900$moment tcp-pair:port=910$moment,count=20
	for host in one two three; do
		"$PORTSTAT" -a --json | sed "s/\"host\": \"[^\"]*\"/\"host\": \"$host\"/g
			s/\"time\": \"[^\"]*\"/\"time\": \"2026-03-01T12:0$moment:00Z\"/"
	done
	[ "$moment" = 2 ] || "$sockets" "moment$moment"
done >"$tmp/moments"
"$sockets" moment2

while [ ! -e "$tmp/stop" ]; do
	"$sockets" more --process=busy tcp-listen:port=9999 udp:port=9998
	"$sockets" more
done &
churn=$!

# What runs "on" another host; the third one fails at times.
cat >"$tmp/via" <<END
#!/bin/bash
host=\$1
shift
[ "\$host" != three ] || [ "\$((RANDOM % 3))" != 0 ] || { echo "nobody is at home" >&2; exit 255; }
exec unshare -u sh -c 'hostname "\$0" && exec sh -c "\$*"' "\$host" "\$@"
END
chmod +x "$tmp/via"
PATH=${PORTSTAT%/*}:$PATH

monkey "at home" 8080 --interval=0.1
monkey "at moments of three hosts" "moment 4 of 4" --from="$tmp/moments"
monkey "at three hosts" 8080 --host=one,two,three --via="$tmp/via {host}" --interval=0.5
touch "$tmp/stop"
wait $churn
finish
