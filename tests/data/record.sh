#!/bin/bash
# Makes the recordings of tests/data anew, from sockets opened for each in a network namespace.  After
# it, UPDATE=1 tests/golden/replay.sh writes the listings that belong to them.
#
# usage: record.sh [busy|dual-stack|time-wait]
#
# sctp-6.1.nl is what Linux 6.1 said of the sockets of tests/kernels/sockets.py and some more.
#
# Their ports are those that /etc/services and the table that is compiled in call the same.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
data=$SRCDIR/tests/data

if [ $# = 0 ]; then
	need "$python"
	for name in busy dual-stack time-wait; do
		"$0" "$name" || give_up "$name"
	done
	"$python" "$data/make-sctp.py" >"$data/sctp.nl"
	exit
fi

in_namespaces "$0" "$@"
case $1 in
busy)
	need ss
	start_helper "$BUILDDIR/tests/bench/populate" -c 24 -s 4 -l 12 -u 6 -p 3
	ss -D "$data/ss.nl" -tan || give_up "ss -D"
	;;
dual-stack)
	open_sockets \
		tcp-listen:port=22 tcp-listen:addr=::,port=22,v6only=1 \
		tcp-listen:addr=::,port=443 tcp-listen:addr=127.0.0.1,port=25 \
		tcp-listen:addr=::1,port=25 tcp-listen:port=993,reuseport=1,count=2 \
		tcp-listen:port=2049,dev=lo \
		tcp-pair:addr=::,port=8080,to=127.0.0.1 tcp-pair:addr=::1,port=3306 \
		tcp-listen:addr=::,port=5432,pending=1,to=127.0.0.1 \
		tcp-listen:addr=::1,port=6379,half-open=1 tcp-bound:addr=::,port=5672 \
		udp:port=53 udp:addr=::,port=53,v6only=1 udp:addr=::,port=546 \
		udp:addr=::1,port=547,to=::1,to-port=546
	;;
time-wait)
	open_sockets \
		tcp-pair:port=22,end=time-wait,count=3 tcp-pair:addr=::1,port=25,end=time-wait \
		tcp-pair:addr=::,port=443,to=127.0.0.1,end=time-wait,quiet=1 \
		tcp-pair:port=8080,end=close-wait,quiet=1 tcp-pair:port=3306,end=orphan,quiet=1
	;;
*)
	give_up "no such recording: $1"
	;;
esac
# Everything that any column could ask for.
run 0 "$PORTSTAT" -a -e -i -m -o --record="$data/$1.nl"
finish
