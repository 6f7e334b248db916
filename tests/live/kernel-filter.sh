#!/bin/bash
# A listing of a port range requests only that range from the kernel and receives no other sockets;
# the exit status says whether any matched.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python" strace

# trace ARGUMENT...: the conversation with the kernel goes to $tmp/trace.
trace() {
	# shellcheck disable=SC2317 # called through run
	ASAN_OPTIONS=detect_leaks=0 strace -f -o "$tmp/trace" -s 4096 -v \
		-e trace=sendto,sendmsg,recvfrom,recvmsg,openat,bpf "$PORTSTAT" "$@"
}

start_helper "$BUILDDIR/tests/bench/populate" -c 200 -l 40 -b 7990 -p 2

# sent: the local ports of the sockets that the kernel sent, each once.
sent() {
	grep -E 'recv(msg|from)' "$tmp/trace" | grep -Eo 'idiag_sport=htons\([0-9]+\)' |
		grep -Eo '[0-9]+' | sort -un
}

run 0 trace -l --json 8000-8999
cp "$tmp/out" "$tmp/listed.json"
rows check "$tmp/listed.json"
expect "listeners of the range" 30 \
	"$(rows select "$tmp/listed.json" state=listen -- local_port | wc -l)"
expect_match "bytecode in the request" 'INET_DIAG_REQ_BYTECODE' "$tmp/trace"
# strace knows the first comparison; the port stands in the operation behind it.
expect_match "the range begins at 8000" 'INET_DIAG_BC_S_GE[^}]*}, {[^}]*no=8000}' "$tmp/trace"
expect "what the kernel sent" "$(seq 8000 8029)" "$(sent)"

# Both ends of a range, and a list with a hole in it.
run 0 trace -l --json 8000-8019
expect "what the kernel sent of 8000-8019" "$(seq 8000 8019)" "$(sent)"
run 0 trace -l --json 7990,8010-8012,!8011,8028-
expect "what the kernel sent of a list" "$(printf '%s\n' 7990 8010 8012 8028 8029)" "$(sent)"

# Nothing in the range.
run 1 "$PORTSTAT" -l 9000-9999
expect_match "headings or nothing" '^(PROTO .*)?$' <(cat "$tmp/out" <(echo))
run 1 "$PORTSTAT" -l --json 9000-9999
rows check "$tmp/out"
run 0 "$PORTSTAT" -q -l 8000
expect_lines "-q prints nothing" 0 "$tmp/out"
run 1 "$PORTSTAT" -q -l 9000
expect_lines "-q says nothing" 0 "$tmp/err"

# A range the wrong way round is no question at all: the word is named and pointed at.
run 2 "$PORTSTAT" -l 22-21
expect_lines "nothing on standard output" 0 "$tmp/out"
expect_match "the word" '22-21' "$tmp/err"
expect_match "a caret under it" '^ *\^' "$tmp/err"

# Connections of both families are asked for at once; a kernel that refuses is asked for each.
# requests: how connections were asked for, in order.
requests() {
	sed -n -e '/idiag_states=1<<TCP_LISTEN,/d' -e '/NLM_F_DUMP/s/.*\(TCPDIAG_GETSOCK\).*/\1/p' \
		-e '/NLM_F_DUMP/s/.*sdiag_family=\([A-Z0-9_]*\).*/\1/p' <(grep 'sendto(' "$tmp/trace") | xargs
}
identity=(family state local_addr local_port peer_addr peer_port cookie)
run 0 trace -t --json
rows select "$tmp/out" -- "${identity[@]}" | sort >"$tmp/joint"
expect "requests for connections" TCPDIAG_GETSOCK "$(requests)"
nth=$(grep -E 'sendto\(.*NLM_F_DUMP' "$tmp/trace" | grep -n TCPDIAG_GETSOCK | cut -d : -f 1)
refused() {
	# shellcheck disable=SC2317 # called through run
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$tmp/trace" -v -e trace=sendto \
		-e inject=sendto:error=EOPNOTSUPP:when="$nth" "$PORTSTAT" "$@"
}
run 0 refused -t --json
expect "requests where one is refused" "TCPDIAG_GETSOCK AF_INET AF_INET6" "$(requests)"
rows select "$tmp/out" -- "${identity[@]}" | sort >"$tmp/each"
expect_same "the same sockets" "$tmp/joint" "$tmp/each"

# What no column needs is not read: no process, and no BPF program that would look at them.
looked_at_processes() {
	grep -Eq ' bpf\(|"([0-9]+/)?(fd|stat|status|comm|cmdline)"|/proc/[0-9]+' "$tmp/trace"
}
for owners in auto proc; do
	run 0 trace -t --owners=$owners
	checks=$((checks + 2))
	looked_at_processes || fail "the trace does not show how owners are found: $owners"
	run 0 trace -t --owners=$owners --columns=proto,local,state
	! looked_at_processes || fail "looked into processes for columns that need none: $owners"
	run 0 trace -t --owners=$owners -q
	checks=$((checks + 1))
	! looked_at_processes || fail "looked into processes to print nothing: $owners"
done

finish
