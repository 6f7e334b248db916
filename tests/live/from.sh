#!/bin/bash
# Documents: what --from prints is what the host printed, for every selection, filter, column set, order
# and format; moments of a host, several hosts, and documents that are cut or damaged.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"

# ---- byte for byte ------------------------------------------------------------------------------

selections=(
	"-a" "-l" "-lt" "-lu" "-a4" "-a6" "-aw" "-tu" "1-1023" "-l root" "state established" "not state listen"
	"user root" "-l user root" "lport>1000" "proc=*n*" "pid>1 and not proc=x" "dual_stack=true" "reach=host"
	"recv_q>0" "-l 127.0.0.0/8" "iface lo" "nginx" "icmp or ospf" "owner_note=time-wait" "service=http*"
	"owners.fd>3 or uid=0" "port_class=well-known" "peer_scope=host" "cookie=*a*" "inode>1" "-N all -l"
	"--forwards -l" "raddr 127.0.0.1" "port ephemeral" "user=r*" "not user=root" "cmd=*from.py*" "ü" "ns host"
)
formats=(
	"" "-e" "-W" "-H" "-n" "-s" "-s --csv" "--summary=proto,state" "--summary=user,reach --csv" "--csv" "--csv -H"
	"--jsonl" "--as-filters" "-0 --columns=local,process" "--ascii" "-r"
	"--columns=host,proto,state,local,peer,user,process,inode,cookie,reach" "--columns=owners,owner_note"
	"--columns=pid,proc,owners.uid,owners.user,cmd,via,owners.fd" "--columns=family,dual_stack,local_addr,local_port,peer_addr,peer_port"
	"--columns=unit,cgroup,container,container_id,pod,iface,mark,netns,netns_name"
	"--columns=service,port_class,ip_protocol,recv_q,send_q,uid,peer_scope,candidates,confidence"
	"--columns=owners.ppid,owners.exe,owners.cwd,owners.ancestors,owners.started"
	"--sort=process" "--sort=-local_port,state" "--sort=user,-inode" "--sort=owners.pid" "--sort=service,peer"
)
# What a document has only if it is asked for.
more=--columns=+owners.ppid,owners.exe,owners.cwd,owners.ancestors,owners.started

# same SOURCE SELECTION FORMAT DOCUMENT: the host's listing, and the same of a document
same() {
	local -a source selection format

	read -ra source <<<"$1"
	read -ra selection <<<"$2"
	read -ra format <<<"$3"
	"${as[@]}" "$PORTSTAT" "${source[@]}" "${selection[@]}" "${format[@]}" >"$tmp/want" 2>/dev/null
	"$PORTSTAT" --from="$4" "${selection[@]}" "${format[@]}" >"$tmp/got" 2>"$tmp/err"
	# How long TIME-WAIT lasts changes from one listing to the next.
	sed -i 's/"expires_ms": [0-9]*//' "$tmp/want" "$tmp/got"
	expect_same "${4##*/}: $2 $3" "$tmp/want" "$tmp/got"
}

# make_document FILE SOURCE ARGUMENTS
make_document() {
	local -a words

	read -ra words <<<"$2 $3"
	"${as[@]}" "$PORTSTAT" "${words[@]}" --json "$more" >"$1" 2>/dev/null
}

# Each selection with some formats, and all of a listing in each.
compare_all() {
	local i=0 k

	make_document "$tmp/whole" "" "-a -r"
	for format in "${formats[@]}"; do
		same "" -a "$format" "$tmp/whole"
	done
	for selection in "${selections[@]}"; do
		case $selection in -N* | --forwards*) make_document "$tmp/whole" "" "-a ${selection% -l}" ;; esac
		same "" "$selection" "" "$tmp/whole"
		make_document "$tmp/part" "" "$selection -r"
		for k in 0 7 15; do
			same "" "$selection" "${formats[(i + k + RANDOM % 3) % ${#formats[@]}]}" "$tmp/part"
		done
		i=$((i + 1))
	done
}

# read_back FILE ARGUMENT...: JSON to JSON
read_back() {
	"${as[@]}" "$PORTSTAT" "${@:2}" --json >"$1" 2>/dev/null
	"$PORTSTAT" --from="$1" "${@:2}" --json >"$tmp/got" 2>"$tmp/err"
	expect_same "JSON: ${*:2}" "$1" "$tmp/got"
}

as=()
seed=${SEED:-$RANDOM}
echo "SEED=$seed"
RANDOM=$seed
start_helper "$python" "$SRCDIR/tests/live/from.py" "$seed"
compare_all
for words in -a -l "-an" "-a root" "-N all -a" "--forwards -l" "-l --columns=local,process" "-a --columns=proto" "-as"; do
	read -ra arguments <<<"$words"
	[ "$words" = -as ] || read_back "$tmp/document" "${arguments[@]}"
done
stop_helper

finish
