#!/bin/bash
# Several network namespaces in the live view, and one that goes: looking at it does not keep it alive.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit
need ip nsenter

mount -t tmpfs none /run 2>/dev/null || skip "nothing can be mounted over /run here"
mkdir /run/netns
ip netns add passing 2>"$tmp/log" || skip "no network namespace can be made here: $(head -n 1 "$tmp/log")"
ip link add here0 type veth peer name there0 netns passing 2>"$tmp/log" ||
	skip "no veth can be made here: $(head -n 1 "$tmp/log")"
"$sockets" near --process=near tcp-listen:port=8000
nsenter --net=/run/netns/passing "$sockets" there --process=there tcp-listen:port=8000 udp:port=53

# With the namespace its end of the veth goes, and the other one with it.
cat >"$tmp/link_is_gone" <<'END'
#!/bin/bash
deadline=$((SECONDS + 20))
while ip link show here0 >/dev/null 2>&1; do
	[ "$SECONDS" -lt "$deadline" ] || exit 1
	read -r -t 0.02 <> <(:) || :
done
END
chmod +x "$tmp/link_is_gone"

play "N looks into all of them and back into this one" --interval=0.2 proc near or proc there or proc more <<END
size 120 30
expect near[
gone there[
gone NETNS
gone netns:
type N
expect netns: all 2
expect NETNS
expect passing
expect there[
expect near[
# What was there before is no change.
type 5
expect [5 Changes]
expect Nothing that the filter matches
run nsenter --net=/run/netns/passing $sockets more --process=more tcp-listen:port=8001
expect more[
type 1
expect 8001
type N
gone passing
gone NETNS
expect near[
# Nor does it close with the look into its namespace.
type 5
expect [5 Changes]
expect 1 change,
gone closed
type 1N
expect more[
expect NETNS
# The column can be taken off, and stays so.
key F2
expect [x] netns_name
key Space
key Enter
gone NETNS
expect more[
type N
gone more[
type N
expect more[
gone NETNS
key q
exit 0
END

play "N and namespaces that were named" -N passing --interval=0.2 <<END
size 120 30
expect netns: passing
expect there[
gone near[
gone NETNS
type N
expect netns: all 2
expect near[
expect NETNS
type N
expect netns: passing
gone near[
expect there[
key q
exit 0
END

# The NETNS column is not among those that are saved: it comes with several namespaces alone.
has_config=yes
play "columns are saved without it" -N all --interval=0.2 <<END
size 120 30
expect NETNS
key F2
type s
expect saved in
key q
exit 0
END
play "and it does not come without them" --interval=0.2 <<END
size 120 30
expect near[
gone NETNS
key q
exit 0
END
has_config=

"$PORTSTAT" -a -N all --json >"$tmp/all"
"$PORTSTAT" -a --json >"$tmp/own"
play "documents have those that they tell" --from="$tmp/all" --live <<END
size 120 30
expect NETNS
expect there[
type N
expect netns: host
gone there[
expect near[
type N
expect there[
key q
exit 0
END
play "a document of one namespace" --from="$tmp/own" --live <<END
size 120 30
expect near[
type N
expect No other network namespace is known here; start with --netns=all.
key q
exit 0
END
"$PORTSTAT" -a --record="$tmp/recording" >/dev/null
play "a recording" --interval=0 --replay="$tmp/recording" <<END
size 120 30
expect 8000
type N
expect No other network namespace is known here; start with --netns=all.
key q
exit 0
END

if is_real_root; then
	# Nobody may enter a namespace, and only files of a process that lives there tell of it.
	ip netns add empty
	play_with "without privilege it is said what cannot be seen" \
		setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all \
		"$PORTSTAT" --live --interval=0.2 --no-config <<END
size 120 30
expect 8000
type N
# It may not tell that the one that ip-netns(8) mounted is that of a process.
expect netns: 2 of 4
expect 2 network namespaces could not be read
expect opensock[
type N
gone netns:
gone NETNS
key q
exit 0
END
	ip netns del empty
else
	left_out "namespaces under another user: only root can become one"
fi
nsenter --net=/run/netns/passing "$sockets" more

play "a namespace that is deleted goes, with the link into it" -N all --interval=0.2 <<END
size 120 30
expect NETNS
row passing
expect there[
expect near[
type d
expect passing
type d
run $sockets there
gone there[
run ip netns del passing
run $tmp/link_is_gone
expect near[
gone passing
key q
exit 0
END

finish
