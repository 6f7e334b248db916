#!/bin/bash
# What bash, zsh and fish complete: the options, columns and words that the program tells of itself, and what
# this host has.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
make_tmp
program=$PORTSTAT
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
offers light --theme =
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

# ---- zsh and fish -------------------------------------------------------------------------------

# The program as it is found by its name, in a home with ssh's configuration.
mkdir -p "$tmp/bin" "$tmp/home/.ssh"
cat >"$tmp/bin/portstat" <<END
#!/bin/sh
"$program" "\$@" || exit
[ "\$1" != --help ] || "$program" --help | grep -q -e --host= || echo "      --host=HOSTS  hosts"
END
chmod +x "$tmp/bin/portstat"
printf '%s\n' 'Host alpha beta *.example' '  HostName 192.0.2.1' 'host=gamma' >"$tmp/home/.ssh/config"
printf '%s\n' 'delta,192.0.2.4 ssh-ed25519 AAAA' '|1|hash= ssh-ed25519 AAAA' >"$tmp/home/.ssh/known_hosts"
export HOME=$tmp/home PATH=$tmp/bin:$PATH
PORTSTAT=portstat

# What is typed, and one word that has to be offered.
cat >"$tmp/cases" <<'END'
portstat --col|--columns
portstat --exp|--explain-filter
portstat --color=|never
portstat --source=p|procfs
portstat --owners=|none
portstat --columns=tcp.r|tcp.rtt_us
portstat --columns=proto,+st|state
portstat --sort=-st|state
portstat --summary=us|user
portstat --signal=H|HUP
portstat -N |all
portstat -l tcp.cw|tcp.cwnd
portstat lp|lport
portstat state |listen
portstat state listen,e|established
portstat exclude t|time-wait
portstat proto |udp
portstat lport 22,eph|ephemeral
portstat port ss|ssh
portstat dev |lo
portstat dev != l|lo
portstat user ro|root
portstat --port=ss|ssh
portstat --host=|alpha
portstat --host=alpha,g|gamma
portstat --host=d|delta
END
cut -d'|' -f1 "$tmp/cases" >"$tmp/lines"

# offered_by SHELL <OFFERED: "== LINE", then what is offered for it; the sign before an item may be part of it.
offered_by() {
	cat >"$tmp/offered.all"
	while IFS='|' read -r line word; do
		awk -v line="== $line" '/^== / { inside = $0 == line; next } inside' "$tmp/offered.all" >"$tmp/offered"
		expect_match "offered by $1 for: $line" "(^|[=,+-])$word\$" "$tmp/offered"
	done <"$tmp/cases"
	expect "patterns and hashes offered by $1 as hosts" "" "$(grep -e '[*]' -e hash "$tmp/offered.all")"
}

# Every option of --help.
options_of() {
	"$program" --help | sed -n 's/^ *\(-[^ ]*, \)\?\(--[^ []*\).*/\2/p' | sed 's/=.*//' >"$tmp/options"
	printf '%s\n' -- "$(grep '^--' "$2")" | sed 's/=.*//' >"$tmp/offered"
	expect "options that $1 does not offer" "" "$(grep -vxF -f "$tmp/offered" "$tmp/options")"
}

if command -v zsh >/dev/null; then
	offered_by zsh < <(timeout 60 zsh -f "$SRCDIR/tests/policy/complete.zsh" "$SRCDIR/completions" <"$tmp/lines")
	echo 'portstat --' | timeout 60 zsh -f "$SRCDIR/tests/policy/complete.zsh" "$SRCDIR/completions" >"$tmp/all"
	options_of zsh "$tmp/all"
else
	left_out "zsh: it is not here"
fi
if command -v fish >/dev/null; then
	cat >"$tmp/complete.fish" <<'END'
source $SRCDIR/completions/portstat.fish
while read -l line
	echo "== $line"
	complete -C "$line" | string replace -r '\t.*' ''
end
END
	export SRCDIR
	offered_by fish < <(timeout 60 fish --no-config "$tmp/complete.fish" <"$tmp/lines")
	echo 'portstat --' | timeout 60 fish --no-config "$tmp/complete.fish" >"$tmp/all"
	options_of fish "$tmp/all"
else
	left_out "fish: it is not here"
fi

# The same hosts in bash.
exactly "$(printf '%s\n' alpha beta gamma delta 192.0.2.4)" --host ''

finish
