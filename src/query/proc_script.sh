#!/bin/sh
# Tells what /proc has of sockets and the processes that hold them, for a portstat on another host.  It
# is given to sh on standard input, after lines that set
#
#     files='net/tcp net/tcp6'   which files of sockets are wanted, below /proc
#     listening=1                0: connections, too
#     owners=1                   processes
#     cmdlines=0                 and their command lines
#     users=1                    and the names of users
#
# It uses nothing but sh, awk, ls, date, dd, id and tr, as POSIX or busybox have them, and writes nothing
# to the host.  proc_report.h tells what it prints.  Comments and indentation do not travel.

: "${files:=net/tcp net/tcp6}" "${listening:=0}" "${owners:=1}" "${cmdlines:=0}" "${users:=1}"

tell() {
	LC_ALL=C
	PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
	export LC_ALL PATH
	# A banner may end without a newline.
	printf '\nportstat-proc 1\n'
	cd /proc || exit 1
	command -v awk >/dev/null 2>&1 || {
		echo 'awk is missing there' >&2
		exit 1
	}
	# The names of files that processes have open are those that any user chose.  GNU's ls writes a question
	# mark for a control character of a link's target only if it is told to, that of busybox in any case.
	q=
	ls -q / >/dev/null 2>&1 && q=q
	awk -v files="$files" -v listening="$listening" -v owners="$owners" -v cmdlines="$cmdlines" \
		-v users="$users" -v q="$q" '
	# The first line of a file or of what a command writes.
	function tell_first(key, path, command, line) {
		if (path != "")
			getline line <path
		else
			command | getline line
		print key " " line
	}

	function tell_sockets(path, is_net, is_tcp, line, f) {
		if ((getline line <path) <= 0)
			return
		print "@ " path
		print line
		is_net = path !~ /sctp/
		is_tcp = path ~ /tcp6?$/
		while ((getline line <path) > 0) {
			if (is_net) {
				split(line, f, " ")
				if (is_tcp && listening && f[4] != "0A")
					continue
				uids[f[8]]
			}
			print line
		}
		close(path)
		print "@"
	}

	# The addresses of devices.  A table of routes may be long.
	function tell_addrs(line, f, addr, n) {
		while ((getline line <"net/fib_trie") > 0 && ++n < 200000) {
			if (split(line, f, " ") == 2 && f[1] == "|--")
				addr = f[2]
			else if (f[1] == "/32" && f[2] == "host" && f[3] == "LOCAL" && !(addr in is_told)) {
				is_told[addr]
				print "a " addr
			}
		}
		while ((getline line <"net/if_inet6") > 0) {
			split(line, f, " ")
			print "A " f[1]
		}
	}

	# Which namespaces these are.
	function tell_namespaces(ls, line, f) {
		ls = "ls -ln self/ns/net self/ns/pid self/ns/user 2>/dev/null"
		while ((ls | getline line) > 0)
			if (split(line, f, " -> ") == 2)
				print "n " f[2]
		close(ls)
	}

	# What follows the name of a process, which may have newlines and parenthesis of its own.
	function last_line(path, line, last) {
		while ((getline line <path) > 0)
			last = line
		close(path)
		sub(/^.*\) /, "", last)
		return last
	}

	# Every descriptor of a socket.  One of a process that ends meanwhile is denied, too.  What stands behind the first arrow is the target: no other one begins so.
	# Where not even process 1 is seen, others are hidden (hidepid of proc(5)), or ls did not run.
	function tell_descriptors(ls, line, f, n, at, pid, target, sees) {
		ls = "ls -ln" q " [0-9]*/fd 2>&1"
		while ((ls | getline line) > 0) {
			if (line ~ /^[0-9]+\/fd:$/) {
				pid = line + 0
				sees = sees || pid == 1
			} else if (line ~ /^l/ && (at = index(line, " -> "))) {
				target = substr(line, at + 4)
				if (target !~ /^socket:\[[0-9]+\]$/ || !pid)
					continue
				n = split(substr(line, 1, at - 1), f, " ")
				print "f " pid " " f[n] " " substr(target, 9, length(target) - 9)
				holders[pid]
			} else if (line ~ /ermission denied$/ && match(line, /[0-9]+\/fd/)) {
				denied[substr(line, RSTART, RLENGTH - 3)]
			}
		}
		close(ls)
		if (!sees && !(1 in denied))
			print "hidden"
		n = 0
		for (pid in denied)
			if (last_line(pid "/stat") !~ /^([ZX] .*)?$/)
				n++
		print "d " n
	}

	# Name, uid, parent and when it was started; the kernel escapes newlines in the name here, and allows none
	# in control groups.
	function tell_process(pid, path, line, f, name, uid, parent, groups) {
		path = pid "/status"
		while ((getline line <path) > 0) {
			if (line ~ /^Name:/)
				name = substr(line, 7)
			else if (line ~ /^PPid:/)
				parent = substr(line, 7)
			else if (line ~ /^Uid:/ && split(line, f, "[ \t]+") > 2)
				uid = f[3]
			else if (line ~ /^Gid:/)
				break
		}
		close(path)
		if (uid == "" || split(last_line(pid "/stat"), f, " ") < 20)
			return
		path = pid "/cgroup"
		while ((getline line <path) > 0)
			groups = groups "\001" line
		close(path)
		uids[uid]
		if (groups != "")
			print "g " pid " " substr(groups, 2)
		print "p " pid " " uid " " parent + 0 " " f[20] + 0 " " name
		if (cmdlines)
			batch = batch " " pid
		if (length(batch) > 60000)
			tell_cmdlines()
	}

	# A list of arguments with a NUL after each; its first 4 KiB.
	function tell_cmdlines() {
		if (batch != "")
			system("for pid in" batch "; do printf \"c %s \" $pid; dd bs=4096 count=1 <$pid/cmdline 2>/dev/null | tr \"\\000\\012\" \"\\001\\002\"; echo; done 2>/dev/null")
		batch = ""
	}

	function tell_users(uid, list, n, ask, line, f) {
		for (uid in uids)
			if (uid ~ /^[0-9]+$/ && ++n <= 1000)
				list = list " " uid
		if (!n)
			return
		ask = "if command -v getent >/dev/null 2>&1; then getent passwd" list "; else cat /etc/passwd; fi 2>/dev/null"
		while ((ask | getline line) > 0)
			if (split(line, f, ":") > 2 && f[3] in uids)
				print "u " f[3] " " f[1]
		close(ask)
	}

	BEGIN {
		tell_first("machine", "/etc/machine-id")
		tell_first("boot_id", "sys/kernel/random/boot_id")
		tell_first("release", "sys/kernel/osrelease")
		tell_first("ports", "sys/net/ipv4/ip_local_port_range")
		tell_first("time", "", "date +%s")
		tell_first("uid", "", "id -u")
		tell_namespaces()
		n = split(files, file, " ")
		for (i = 1; i <= n; i++)
			tell_sockets(file[i])
		tell_addrs()
		while ((getline line <"stat") > 0)
			if (line ~ /^btime /)
				print line
		if (owners) {
			tell_descriptors()
			for (pid in holders)
				tell_process(pid)
			tell_cmdlines()
		}
		if (users)
			tell_users()
		print "portstat-proc end"
	}' || exit 1
}

tell </dev/null
