#!/bin/bash
# What bash completes: the options, columns and words that the program tells of itself, and what this host
# has.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
make_tmp
"$BUILDDIR/tests/policy/vocabulary" >"$tmp/vocabulary" || give_up "there is no list of words"
shopt -s extglob
compopt() { :; }
# shellcheck source=completions/portstat
. "$SRCDIR/completions/portstat"

# complete_line WORD...: what is offered for the last word of this command line, one a line.
complete_line() {
	COMP_WORDS=("$PORTSTAT" "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_portstat "$PORTSTAT"
	printf '%s\n' "${COMPREPLY[@]}" >"$tmp/offered"
}

# offers WANT WORD...; refuses UNWANTED WORD...
offers() {
	complete_line "${@:2}"
	expect_match "offered for: ${*:2}" "^${1//[+.]/[&]}\$" "$tmp/offered"
}
refuses() {
	complete_line "${@:2}"
	expect "offered for: ${*:2}: $1" "" "$(grep -x -e "$1" "$tmp/offered")"
}

# exactly WANTED WORD...: these words, one a line, in any order.
exactly() {
	complete_line "${@:2}"
	expect "offered for: ${*:2}" "$(sort -u <<<"$1")" "$(sort -u "$tmp/offered")"
}

# ---- words --------------------------------------------------------------------------------------

# All words of the tables, and no others but for classes of states.
sed -e '/^problem /d' -e '$a state connected\nstate all' "$tmp/vocabulary" >"$tmp/words"
while read -r key; do
	exactly "$(sed -n "s/^$key //p" "$tmp/words")" "$key" ''
done < <(cut -d' ' -f1 "$tmp/words" | sort -u)

# ---- options ------------------------------------------------------------------------------------

exactly "$("$PORTSTAT" --help | sed -n 's/^ *\(-[^ ]*, \)\?\(--[^ []*=\?\).*/\2/p' | sed 's/=.*/=/')" --
offers --explain-filter --exp
offers --ipv6 --ip
offers --columns= --col
offers never --color = n
offers always --color ''
offers procfs --source =
offers procfs --source p
offers bpf --owners = b
offers none --owners = ''

# ---- columns ------------------------------------------------------------------------------------

offers tcp.rtt_us --columns = tcp.r
offers +peer,-local_port --columns = +peer,-local_p
offers -state --sort = -st
offers -state --sort = -
offers --sort=-state --sort=-st
offers --columns=+peer,-local_port --columns=+peer,-local_p
offers +state --columns = +
offers proto,state --columns = proto,
offers help --columns =
refuses help --columns = +
refuses --listening --sort = -
offers lport lp
offers tcp.cwnd tcp.cw
offers recvq rec
offers proto,sport --columns = proto,sp
offers -rtt --sort = -rt

# ---- filters ------------------------------------------------------------------------------------

offers listen,established state listen,e
offers listen -l state = ''
offers time-wait exclude t
offers time-wait not state tim
offers tcp,udp proto tcp,u
offers 22,ephemeral lport 22,eph
offers lo dev ''
offers lo dev = l
offers lo not dev '!=' l
offers lo iface : ''
refuses and dev ''
offers "$(cat /proc/$$/comm)" proc ''
offers "$(cat /proc/$$/comm)" proc = ''
refuses lport proc ''
offers "$$" pid ''
offers root user ''
offers root user ro

# A host with units and containers.
cat >"$tmp/stub" <<'END'
#!/bin/sh
case "$*" in
*--columns=unit*) printf '%s\n' - ssh.service 'a b.service' ssh.service ;;
*--columns=container*) echo web ;;
esac
END
chmod +x "$tmp/stub"
PORTSTAT=$tmp/stub
offers ssh.service unit ''
offers ssh.service unit s
refuses addr unit ''
offers web container ''

finish
