#!/bin/bash
# With raised capabilities the environment does not decide what is read or run; as root only the
# --record file is written.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
is_real_root || skip "only root can run it as somebody else"
need "$python" setcap strace

# Leaks cannot be looked for beside strace.
export ASAN_OPTIONS=detect_leaks=0
open_sockets tcp-listen:port=8080 udp:addr=::,port=53 tcp-pair:port=9000

# on_terminal COMMAND...: in a terminal of its own, where q is typed at all it shows.
on_terminal() {
	# shellcheck disable=SC2317 # called by name
	timeout 60 "$python" -c '
import os, pty, sys
def look(fd):
    shown = os.read(fd, 4096)
    os.write(fd, b"q")
    return shown
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], look, lambda fd: b"")))' \
		"$@" </dev/null
}

# ---- capabilities -------------------------------------------------------------------------------

# A place to look into, and everything that could send somebody there.
evil=$tmp/evil
mkdir -p "$evil/portstat" "$evil/.config/portstat" "$evil/x" "$evil/de/LC_MESSAGES"
infocmp -x xterm-256color >"$tmp/terminfo" 2>/dev/null && tic -x -o "$evil" "$tmp/terminfo" 2>/dev/null
echo 'view = sockets' | tee "$evil/portstat/config" >"$evil/.config/portstat/config"
chmod -R a+rX "$evil"
# Where sanitizers are built in, nobody looks for leaks: strace is in their way.
hostile=(env -i ASAN_OPTIONS=detect_leaks=0 PATH="$evil:$PATH" HOME="$evil" XDG_CONFIG_HOME="$evil" XDG_DATA_HOME="$evil"
	TERM=xterm-256color TERMINFO="$evil" TERMINFO_DIRS="$evil" TERMCAP="$evil/termcap" TERMPATH="$evil"
	LANG=de_DE.UTF-8 LC_ALL=C.UTF-8 LANGUAGE="../../../../../../..$evil:de" TEXTDOMAINDIR="$evil"
	NLSPATH="$evil/%N" LOCPATH="$evil" GCONV_PATH="$evil" OUTPUT_CHARSET=UTF-8
	TZ=":$evil/zone" TZDIR="$evil" TMPDIR="$evil"
	RES_OPTIONS="ndots:15" LOCALDOMAIN=evil.invalid HOSTALIASES="$evil/hosts" RESOLV_HOST_CONF="$evil/host.conf"
	MALLOC_TRACE="$evil/trace" GETCONF_DIR="$evil" LD_LIBRARY_PATH="$evil" LD_AUDIT="$evil/audit.so"
	LD_PROFILE_OUTPUT="$evil" PORTSTAT_CONFIG="$evil/portstat/config" SUDO_UID=0)

# looks_there HOW COMMAND...: as nobody; which paths of the evil place it asked the kernel for.
looks_there() {
	checks=$((checks + 1))
	# With capabilities that word to the sanitizers does not arrive, and they end with a status of theirs.
	"$1" strace -f -qq -u nobody -e trace=%file -e signal=none -o "$tmp/trace" "${hostile[@]}" "${@:2}" \
		>"$tmp/out" 2>"$tmp/err" || {
		status=$?
		grep -q 'LeakSanitizer has encountered' "$tmp/out" "$tmp/err" || fail "status $status of ${*:2}"
	}
	grep -E '^[0-9]+ +execve\(.*portstat' -A 100000 "$tmp/trace" | grep -F "$evil" |
		grep -v execve >"$tmp/looked"
}

cp "$PORTSTAT" "$tmp/portstat"
for way in "command -a -r" "on_terminal --live"; do
	read -ra words <<<"$way"
	looks_there "${words[0]}" "$tmp/portstat" "${words[@]:1}"
	[ -s "$tmp/looked" ] || fail "${words[*]:1}: without capabilities the environment counts, or this shows nothing"
done
setcap cap_net_admin,cap_sys_ptrace+ep "$tmp/portstat" || skip "no capabilities on files here"
for way in "command -a -r" "on_terminal --live"; do
	read -ra words <<<"$way"
	looks_there "${words[0]}" "$tmp/portstat" "${words[@]:1}"
	expect_lines "${words[*]:1}, with capabilities" 0 "$tmp/looked"
done

# ---- files that the caller names ----------------------------------------------------------------

# With the capabilities that README gives it, for a caller who lacks them.
caps=$(sed -n 's/^ *setcap \([^ ]*\) [^ ]*portstat$/\1/p' "$SRCDIR/README")
[ -n "$caps" ] || fail "README does not say setcap"
setcap "$caps" "$tmp/portstat" || skip "not these capabilities here: $caps"
caller=(setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/portstat")

# Root's files, and others' in a folder that is root's alone; the caller has a folder, too.
mkdir -m 700 "$tmp/closed"
mkdir "$tmp/own" "$tmp/own/self"
"$PORTSTAT" -l --json --record="$tmp/recording" >"$tmp/document"
echo 'lport 8080' >"$tmp/words"
echo localhost >"$tmp/hosts"
for file in recording document words hosts; do
	chmod 600 "$tmp/$file"
	cp "$tmp/$file" "$tmp/closed/$file"
done
mkdir -p "$tmp/closed/proc/self/net" "$tmp/own/net" "$tmp/own/self/net"
cp /proc/net/tcp "$tmp/closed/proc/self/net/tcp"
chmod -R a+r "$tmp/closed"/*
chown -R 65534:65534 "$tmp/own"
for net in net self/net; do
	ln -s "$tmp/closed/proc/self/net/tcp" "$tmp/own/$net/tcp"
done

run 0 "${caller[@]}" -lH 8080 --owners=proc
expect_match "the capabilities are there" 'opensock\[' "$tmp/out"

# denied WHAT COMMAND...: it ends because the caller may not.
denied() {
	local what=$1

	shift
	run 4 "$@"
	expect_match "$what" 'Permission denied|not asked with capabilities' "$tmp/err"
	expect_lines "$what: nothing is listed" 0 "$tmp/out"
}
# denied_each WHAT: every option that names a file or a folder, as --help has them; a new one wants its
# line here.
denied_each() {
	local option file

	for option in $("$PORTSTAT" --help | grep -o -e '--[a-z-]*=\(FILE\|DIR\)'); do
		case $option in
		--filter=* | --except=* | --missing=*)
			file=words
			;;
		--replay=*)
			file=recording
			;;
		--from=* | --diff=*)
			file=document
			;;
		--hosts=*)
			file=hosts
			;;
		--record=* | --output=*)
			denied "$option in root's folder $1" "${caller[@]}" -a "${option%%=*}=$tmp/closed/new"
			file=recording
			;;
		--proc-root=*)
			denied "$option in root's folder $1" "${caller[@]}" -a --proc-root="$tmp/closed/proc"
			continue
			;;
		*)
			fail "$option names a file: is it opened as the caller?"
			continue
			;;
		esac
		denied "$option of root's file $1" "${caller[@]}" -a "${option%%=*}=$tmp/$file"
		denied "$option in root's folder $1" "${caller[@]}" -a "${option%%=*}=$tmp/closed/$file"
		options=$((options + 1))
	done
}
options=0
denied_each "with capabilities"
[ "$options" -ge 6 ] || fail "--help names $options options with a file"
# What a folder of the caller's leads to is read with no more than the caller has.
for source in procfs netlink; do
	got=0
	"${caller[@]}" -aH --source="$source" --proc-root="$tmp/own" >"$tmp/out" 2>"$tmp/err" || got=$?
	checks=$((checks + 1))
	[ "$source" = netlink ] || ! grep -q ':8080' "$tmp/out" || fail "a link below --proc-root leads to root's file"
done
denied_by_capabilities=$(strace -f -qq -u nobody -e trace=capset -e signal=none -o "$tmp/trace" \
	"$tmp/portstat" -a --proc-root=/proc >"$tmp/out" 2>"$tmp/err"; grep -c 'permitted=0,' "$tmp/trace")
expect "--proc-root gives all capabilities up" 1 "$denied_by_capabilities"

# What is the caller's own is read and written as before, and is the caller's.
run 0 "${caller[@]}" -lH --record="$tmp/own/recording"
expect "whose recording it is" 65534:65534 "$(stat -c %u:%g "$tmp/own/recording")"
run 0 "${caller[@]}" -lH --replay="$tmp/own/recording" 8080
expect_lines "the caller's own recording" 1 "$tmp/out"
setcap -r "$tmp/portstat"
# The same with a set-user-ID bit, which brings root's identity along.
chmod 4755 "$tmp/portstat"
rm -f "$tmp/own/recording"
run 0 "${caller[@]}" -lH 8080
expect_match "the bit counts" 'opensock\[' "$tmp/out"
denied_each "with the bit"
run 0 "${caller[@]}" -lH --record="$tmp/own/recording"
expect "whose recording it is" 65534:65534 "$(stat -c %u:%g "$tmp/own/recording")"
chmod 755 "$tmp/portstat"
denied_each "without privileges"

# ---- sudo ---------------------------------------------------------------------------------------

# reads_config OWNER: does root, called by nobody through sudo, read the configuration that OWNER has?
reads_config() {
	chown "$1" "$evil/portstat/config"
	run 0 on_terminal strace -f -qq -y -e trace=read -e signal=none -o "$tmp/trace" env SUDO_UID=65534 \
		XDG_CONFIG_HOME="$evil" TERM=xterm-256color "$PORTSTAT" --live
	grep -qF "$evil/portstat/config" "$tmp/trace"
}
expect "the configuration of who calls sudo" yes "$(reads_config 65534 && echo yes || echo no)"
expect "another's configuration" no "$(reads_config 1 && echo yes || echo no)"
expect "root's own configuration" yes "$(reads_config 0 && echo yes || echo no)"

# ---- no name server is asked but for -r ----------------------------------------------------------

for arguments in "-a --json" "-a --json --columns=-uid" "-a --jsonl --columns=+unit" "-aeimo" "-a --csv"; do
	read -ra words <<<"$arguments"
	run 0 strace -f -qq -e signal=none -o "$tmp/trace" -e trace=connect,sendto "$PORTSTAT" "${words[@]}"
	grep 'htons(53)' "$tmp/trace" >"$tmp/asked"
	expect_lines "$arguments asks no name server" 0 "$tmp/asked"
done

# ---- what is opened is opened early -------------------------------------------------------------

# What is opened once the first byte of a listing is out: then nothing of the host is looked at any more.
for arguments in "-a" "-a -r --json --owners=bpf" "-aeimo --csv --owners=proc --source=procfs" "-s" \
	"-a --record=$tmp/recording"; do
	read -ra words <<<"$arguments"
	run 0 strace -f -qq -e signal=none -o "$tmp/trace" -e trace=open,openat,openat2,socket,write,writev \
		"$PORTSTAT" "${words[@]}"
	awk '/writev?\(1, / { is_out = 1 } is_out && /(openat2?|open|socket)\(/ && !/[.]gcda"/' \
		"$tmp/trace" >"$tmp/late"
	expect_lines "$arguments opens nothing late" 0 "$tmp/late"
	expect_match "$arguments: the listing was seen" 'writev?\(1, ' "$tmp/trace"
done

# ---- nothing is written -------------------------------------------------------------------------

# written_by COMMAND...: what root changes in the file system, and its status.
written_by() {
	run 0 "$1" strace -f -qq -e signal=none -o "$tmp/trace" \
		-e trace=open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,truncate,ftruncate,mknod,mknodat,chmod,fchmod,fchmodat,chown,fchown,fchownat,setxattr,fsetxattr \
		env XDG_CONFIG_HOME="$tmp/config" TERM=xterm-256color "${@:2}"
	# The end of a call that another thread's came between says no more than its status, and of a thread
	# that ended before strace asked for its call there is no call to tell ("???("); gcov writes.
	awk '/<[.][.][.]|^[0-9]+ +[?][?][?][(]|[.]gcda"/ { next }
		!/open(at2?)?\(/ || /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/' "$tmp/trace" >"$tmp/written"
}

for arguments in "-a" "-a -r --json --owners=bpf" "-aeimo --csv --owners=proc --source=procfs" "-s" --help; do
	read -ra words <<<"$arguments"
	written_by command "$PORTSTAT" "${words[@]}"
	expect_lines "$arguments writes nothing" 0 "$tmp/written"
done
written_by on_terminal "$PORTSTAT" --live
expect_lines "the live view writes nothing" 0 "$tmp/written"
written_by command "$PORTSTAT" -a --record="$tmp/recording"
expect_lines "--record writes one file" 1 "$tmp/written"
expect_match "the one that was named" "openat\\(AT_FDCWD, \"$tmp/recording\", O_WRONLY" "$tmp/written"
finish
