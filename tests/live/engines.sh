#!/bin/bash
# The commands of doc/engines, as they stand there, with the real programs; and the service of systemd.
. "${SRCDIR:=$PWD}/tests/lib.sh" || exit
in_namespaces "$0" "$@"
need "$python"

# Where the commands run: two hosts called web1 and web2, which are both this one, and folders of our own
# in the place of the system's.
mkdir "$tmp/bin" "$tmp/keeps" "$tmp/textfiles" "$tmp/documents"
ln -s "$PORTSTAT" "$tmp/bin/portstat"
export PATH="$tmp/bin:$PATH" HOME=$tmp
cd "$tmp" || exit
open_sockets --process=nginx tcp-listen:addr=0.0.0.0,port=443 tcp-listen:addr=127.0.0.1,port=8080

# commands SECTION: those of the page, which stand behind four blanks.
commands() {
	awk -v section="$1:" 'index($0, section) == 1 { inside = 1; next }
		/^---/ { headings += inside }
		inside && /^    [^ ]/ { print substr($0, 5) }
		inside && headings && /^$/ { blank++; next }
		inside && blank >= 2 { exit }
		{ blank = 0 }' "$SRCDIR/doc/engines" |
		sed -e "s,/var/lib/prometheus/node-exporter,$tmp/textfiles,g" \
			-e "s,/var/lib/portstat,$tmp/keeps,g" -e "s,/usr/share/portstat,$SRCDIR/data,g" \
			-e "s,/tmp/ports,$tmp/ports,g"
}

# run_section SECTION N: all N commands succeed; the output of the last one is in $tmp/out.
run_section() {
	local command

	commands "$1" >"$tmp/commands"
	expect_lines "commands of $1" "$2" "$tmp/commands"
	while IFS= read -r command; do
		run 0 bash -c "$command" </dev/null
	done <"$tmp/commands"
}

# has COMMAND SECTION...: is it installed?
has() {
	command -v "$1" >/dev/null && return
	left_out "$2: there is no $1"
	return 1
}

# ---- systemd ------------------------------------------------------------------------------------

# What systemd would run, without it: its specifiers and variables are ours.
service=$BUILDDIR/data/portstat-document.service
expect "where it is installed" "" "$(grep '@' "$service")"
sed -n 's/^ExecStart=//p' "$service" | sed -e 's/%%/%/g' -e 's/\$\$/$/g' -e "s,exec [^ ]*/portstat,exec portstat," >"$tmp/start"
run 0 env STATE_DIRECTORY="$tmp/keeps" sh "$tmp/start"
document=$(ls "$tmp/keeps")
expect_match "its name is the time" '^20[0-9-]+T[0-9:]+Z[.]json$' <(echo "$document")
run 0 "$PORTSTAT" --from="$tmp/keeps/$document" -lq --strict port 443
expect "no command lines" 0 "$(grep -c cmdline "$tmp/keeps/$document")"
touch -d '8 days ago' "$tmp/keeps/old.json"
sed -n 's/^ExecStartPost=//p' "$service" | sed "s,\${STATE_DIRECTORY},$tmp/keeps,; s,\*.json,'&'," >"$tmp/post"
run 0 sh "$tmp/post"
expect "what is older than a week goes" "$document" "$(ls "$tmp/keeps")"
if has systemd-analyze "the units of systemd"; then
	mkdir "$tmp/units"
	sed "s,exec [^ ]*/portstat,exec $tmp/bin/portstat," "$service" >"$tmp/units/portstat-document.service"
	cp "$SRCDIR/data/portstat-document.timer" "$tmp/units"
	run 0 systemd-analyze verify --man=no "$tmp/units/portstat-document.service" "$tmp/units/portstat-document.timer"
	expect_lines "nothing to say about the units" 0 "$tmp/err"
fi
mv "$tmp/keeps/$document" "$tmp/keeps/2026-01-31T03:15Z.json"
run_section systemd 2

# ---- the others ---------------------------------------------------------------------------------

! has promtool Prometheus || run_section Prometheus 2
# Always, as far as it goes without promtool.
run 0 bash -c "$(commands Prometheus | head -n 1)"
expect_match "metrics" '^portstat_listener_info[{].*port="443"' "$tmp/textfiles/portstat.prom"

printf '%s ansible_connection=local ansible_python_interpreter=%s\n' web1 "$python" web2 "$python" >"$tmp/hosts"
if has ansible ansible; then
	# It wants a locale of UTF-8.
	export LC_ALL=C.UTF-8 ANSIBLE_INVENTORY=$tmp/hosts ANSIBLE_LOCAL_TEMP=$tmp/ansible ANSIBLE_REMOTE_TEMP=$tmp/ansible
	run_section ansible 3
	expect_match "what listens there" ':443 ' "$tmp/out"
fi

if has clush clush; then
	# Here, without ssh.
	mkdir "$tmp/clush"
	printf '[task.default]\ndistant_workername: exec\nlocal_workername: exec\n' >"$tmp/clush/defaults.conf"
	export CLUSTERSHELL_CFGDIR=$tmp/clush
	run_section clush 2
fi

if [ -S /run/systemd/journal/stdout ]; then
	commands journald | head -n 1 >"$tmp/commands"
	run 0 bash "$tmp/commands"
else
	left_out "journald: it does not run here"
fi

if has sqlite3 SQLite && sqlite3 :memory: "SELECT '{}' ->> 'a'" >/dev/null 2>&1; then
	for host in web1 web2; do
		portstat -a --json 2>/dev/null | sed "s/\"host\": \"[^\"]*\"/\"host\": \"$host\"/g" >"$tmp/documents/$host.json"
	done
	run_section SQLite 4
	expect_match "what listens on two hosts" '^tcp\|443\|nginx\|https\|2\|web1,web2$' "$tmp/out"
fi

finish
