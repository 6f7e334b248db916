#!/bin/bash
# Several network namespaces in the live view, and one that goes: looking at it does not keep it alive.
. "${SRCDIR:=$PWD}/tests/screen/lib.sh" || exit
need ip nsenter

mount -t tmpfs none /run 2>/dev/null || skip "nothing can be mounted over /run here"
mkdir /run/netns
ip netns add passing 2>"$tmp/log" || skip "no network namespace can be made here: $(head -n 1 "$tmp/log")"
ip link add here0 type veth peer name there0 netns passing 2>"$tmp/log" ||
	skip "no veth can be made here: $(head -n 1 "$tmp/log")"
"$sockets" here --process=here tcp-listen:port=8000
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

play "a namespace that is deleted goes, with the link into it" -N all --interval=0.2 <<END
size 120 30
expect NETNS
row passing
expect there[
expect here[
type d
expect passing
type d
run $sockets there
gone there[
run ip netns del passing
run $tmp/link_is_gone
expect here[
gone passing
key q
exit 0
END

finish
