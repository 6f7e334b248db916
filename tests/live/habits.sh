#!/bin/bash
# The letters of ss and netstat: portstat lists the same TCP and UDP sockets as ss (and netstat, if
# installed) does with the same letters, and the same processes if ss shows any.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" ss

open_sockets \
	tcp-listen:port=22 tcp-listen:addr=127.0.0.1,port=631 tcp-listen:addr=::,port=80 \
	tcp-listen:addr=::,port=443,v6only=1 \
	udp:port=68 udp:addr=::,port=546 udp:addr=127.0.0.1,port=323,to=127.0.0.1,to-port=68 \
	--process=clients \
	tcp-pair:port=3000 tcp-pair:addr=::1,port=3001 tcp-pair:addr=::,port=3002,to=127.0.0.1 \
	tcp-pair:port=3003,end=close-wait tcp-pair:port=3004,end=last-ack \
	--process=waiting tcp-listen:port=3005,pending=1 tcp-listen:port=3006,half-open=1

# Letters, whether ss shows owners with them, and whether netstat has them (its -l and -o mean the
# same; with -a and -l together ss goes by the one that stands last, netstat and portstat by -a).
while read -r letters owners netstat; do
	run 0 "$PORTSTAT" "$letters" --json
	cp "$tmp/out" "$tmp/portstat.json"
	ss -H "$letters" >"$tmp/ss"
	# With one protocol ss leaves its name out.
	case $letters in
	*t*u* | *u*t*) ;;
	*t*) sed -i 's/^/tcp /' "$tmp/ss" ;;
	*u*) sed -i 's/^/udp /' "$tmp/ss" ;;
	esac
	rows "$owners" "$tmp/portstat.json" "$tmp/ss"
	if [ "$netstat" = netstat ] && command -v netstat >/dev/null; then
		netstat -W "$letters" >"$tmp/netstat" 2>/dev/null
		rows netstat "$tmp/portstat.json" "$tmp/netstat"
	fi
	# The same in a table, with nothing on standard error.
	run 0 "$PORTSTAT" -H "$letters"
	expect_lines "rows of $letters" "$(rows select "$tmp/portstat.json" -- proto | wc -l)" "$tmp/out"
	expect_lines "complaints about $letters" 0 "$tmp/err"
done <<'LETTERS'
-tulpn	ss			netstat
-ulnp	ss			netstat
-plant	ss			netstat
-tunap	ss			netstat
-tuna	ss-without-owners	netstat
-tanp	ss			netstat
-tuano	ss-without-owners	netstat
-tuln6	ss-without-owners	-
LETTERS

# -4: ss goes by the socket's own family, and hides the wildcards and mapped addresses that are IPv4, too.
run 0 "$PORTSTAT" -4tan --json family inet
cp "$tmp/out" "$tmp/portstat.json"
ss -H4tan | sed 's/^/tcp /' >"$tmp/ss"
rows ss-without-owners "$tmp/portstat.json" "$tmp/ss"
run 0 "$PORTSTAT" -4tan --json family inet6
expect "what -4 has beside them" "established ::ffff:127.0.0.1 3002
listen :: 80
listen :: 3002" "$(rows select "$tmp/out" -- state local_addr local_port | sort -k1,1 -k3,3n)"

# -anp and -ano name no protocol: portstat lists all that have ports; ss would list UNIX sockets as well.
for letters in -anp -ano -a; do
	run 0 "$PORTSTAT" "$letters" --json
	cp "$tmp/out" "$tmp/portstat.json"
	ss -Htuan >"$tmp/ss"
	rows ss-without-owners "$tmp/portstat.json" "$tmp/ss"
done

# -n: no names.
run 0 "$PORTSTAT" -tlnp --json
expect "services with -n" null "$(rows select "$tmp/out" -- service | sort -u)"
expect "users with -n" null "$(rows select "$tmp/out" -- user | sort -u)"
run 0 "$PORTSTAT" -tlp --json sport = :22
expect "the service without -n" ssh "$(rows select "$tmp/out" -- service)"
run 0 "$PORTSTAT" -tlnp sport = :22
expect_lines "headings and a row" 2 "$tmp/out"

# -O of ss: rows are one line anyway.
run 0 "$PORTSTAT" -tanp
mv "$tmp/out" "$tmp/two-lines"
run 0 "$PORTSTAT" -tanpO
expect_same "what -O changes" "$tmp/two-lines" "$tmp/out"

# Ports at one end: of a connection on this host the listener's end has the port, the other one a peer with it.
run 0 "$PORTSTAT" -t --json --local-port=3000
expect "the local end" "established null
listen null" "$(rows select "$tmp/out" local_port=3000 -- state iface | sort)"
expect "nothing else" 2 "$(rows select "$tmp/out" -- state | wc -l)"
run 0 "$PORTSTAT" -t --json --remote-port=3000
expect "the peer's end" "established 3000" "$(rows select "$tmp/out" -- state peer_port)"
run 0 "$PORTSTAT" -t --json --port=3000
expect "either end" 3 "$(rows select "$tmp/out" -- state | wc -l)"

# Letters of ss that portstat does not serve are refused by name, with what serves them.
run 2 "$PORTSTAT" -x
expect_match "the letter" '-x' "$tmp/err"
expect_match "the command that does" 'ss' "$tmp/err"

# An address that another one serves, and a pid in the place of a port.
for filter in 127.0.0.1:22 localhost:22; do
	run 1 "$PORTSTAT" -l "$filter"
	expect_match "who answers at $filter" '0\.0\.0\.0:22 answers at that address, too: portstat -l 22$' "$tmp/err"
done
run 1 "$PORTSTAT" -l 127.0.0.1:80
expect_match "of both families" '\*:80 answers at that address' "$tmp/err"
run 1 "$PORTSTAT" -l '[::1]:80'
expect_match "for IPv6" '\*:80 answers at that address' "$tmp/err"
for filter in 127.0.0.1:443 '[::1]:22' 192.0.2.1:22 127.0.0.1:9; do
	run 1 "$PORTSTAT" -l "$filter"
	expect_lines "nobody answers at $filter" 0 "$tmp/err"
done
run 1 "$PORTSTAT" -lq 127.0.0.1:22
expect_lines "quietly" 0 "$tmp/err"
run 1 "$PORTSTAT" "$helper_pid"
expect_match "a pid" "write: portstat 'pid $helper_pid'" "$tmp/err"
run 1 "$PORTSTAT" "$$"
expect_lines "a process without sockets" 0 "$tmp/err"

# Commands are options, also where a process is called so.
for word in why kill events summary watch; do
	run 1 "$PORTSTAT" "$word" 9
	expect_match "the option for '$word'" "did you mean the option '--(why|signal|events|summary|watch)'" "$tmp/err"
done

# Misspelt names, whatever is done with what they select.
run 1 "$PORTSTAT" --wait=0 zzz
expect_match "what --wait waits for" "'zzz' was interpreted as the name" "$tmp/err"
run 0 "$PORTSTAT" --wait-none zzz
expect_match "what was never there" "'zzz' was interpreted as the name" "$tmp/err"

# The help for columns, by either option.
run 0 "$PORTSTAT" --columns=help
cp "$tmp/out" "$tmp/columns"
run 0 "$PORTSTAT" --summary=help
expect_same "columns to count by" "$tmp/columns" "$tmp/out"

# A narrow terminal cuts the name of a process, and not its pid.
cat >"$tmp/narrow.py" <<'END'
import fcntl, os, struct, subprocess, sys, termios
ours, theirs = os.openpty()
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, int(sys.argv[1]), 0, 0))
done = subprocess.Popen(sys.argv[2:], stdout=theirs)
os.close(theirs)
text = b""
try:
    while True:
        part = os.read(ours, 65536)
        if not part:
            break
        text += part
except OSError:
    pass
sys.stdout.write(text.decode().replace("\r", ""))
sys.exit(done.wait())
END
run 0 "$python" "$tmp/narrow.py" $((26 + ${#helper_pid})) "$PORTSTAT" -tl --ascii --columns=local,process,reach lport 22,631
expect "pids that stay whole" 2 "$(grep -c "~\[$helper_pid\]" "$tmp/out")"
run 0 "$python" "$tmp/narrow.py" 98 "$PORTSTAT" -ti --ascii --color=never state established
expect "lines that are too wide" "" "$(awk 'length > 98' "$tmp/out")"
finish
