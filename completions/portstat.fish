# fish completion for portstat(8): the program is asked for its options, columns and words.

# The program that is being completed, with these arguments.
function __portstat
	set -l words (commandline -opc)
	command $words[1] $argv 2>/dev/null
end

# The words in what portstat says of a value that is none: behind its option or key and this.
function __portstat_choices
	set -l words (commandline -opc)
	LC_ALL=C command $words[1] $argv 2>&1 | string replace -rf -- \
		'.*(?:valid values are: |: Expected an? [a-z ]*: )([a-z0-9, -]+?)(?: or ([a-z0-9-]+))?\.?$' '$1, $2' |
		string split -n ', '
end

# The columns with their help, and their short names.
function __portstat_columns
	for line in (__portstat --columns=help)
		set -l parts (string match -r '^(\S+)\s+(.*?)(?: \[(.*)\])?$' -- $line)
		printf '%s\t%s\n' $parts[2] $parts[3]
		for name in (string split -n ', ' -- $parts[4])
			printf '%s\t%s\n' $name $parts[3]
		end
	end
end

function __portstat_ports
	printf '%s\n' well-known registered dynamic ephemeral
	string match -rg '^([^#\s]+)' </etc/services
end

# The values that a column has now, each once; those alone that need no quotes.
function __portstat_column_values
	__portstat -a --no-header --columns=$argv[1] | string match -r '^[A-Za-z0-9_.@%+/:][A-Za-z0-9_.@%+/:-]*$' |
		sort -u
end

# The hosts of ssh's configuration: Host lines without a pattern, and known_hosts without a hash.
function __portstat_hosts
	cat ~/.ssh/config /etc/ssh/ssh_config 2>/dev/null | string match -rgi '^\s*host[\s=]+(.*)' |
		string split -n ' ' | string match -rv '[*?!\[]'
	cat ~/.ssh/known_hosts /etc/ssh/ssh_known_hosts 2>/dev/null | string match -rg '^([^|#@\s]\S*)' |
		string split , | string match -rv '[*?!\[]'
end

function __portstat_namespaces
	printf '%s\n' $argv
	command ls /run/netns 2>/dev/null
end

# The list so far stands before each of the words that are read: its last item is what is completed.
function __portstat_list
	set -l before (string match -r '^(?:.*,)?[+!-]?' -- (commandline -ct | string replace -r '^--[^=]*=' ''))
	while read -l word
		echo $before$word
	end
end

# The values of the option $argv[1].
function __portstat_value
	switch $argv[1]
		case --columns --sort --summary
			__portstat_columns | __portstat_list
		case --signal
			kill -l | string split -n ' '
		case -N --netns
			__portstat_namespaces all host | __portstat_list
		case --as
			__fish_complete_users
		case --events
			__portstat_choices --events= --help | __portstat_list
		case --host
			__portstat_hosts | __portstat_list
		case --why --port --local-port --remote-port --free
			__portstat_ports | __portstat_list
		case '*'
			__portstat_choices $argv[1]= --help
	end
end

# The values of the filter key $argv[1]; nothing if it has no words.
function __portstat_key
	switch $argv[1]
		case state exclude
			LC_ALL=C __portstat --explain-filter state all | string replace -rf '^kernel: state ' '' | string split ,
			printf '%s\n' connected all
		case user owners.user
			__fish_complete_users
		case port lport sport rport dport
			__portstat_ports
		case proc owners.name
			cat /proc/[0-9]*/comm 2>/dev/null | sort -u
		case pid owners.pid
			string replace -rf '^/proc/(\d+)$' '$1' /proc/*
		case ns netns_name
			__portstat_namespaces host
		case dev iface
			command ls /sys/class/net
		case ip_protocol
			printf '%s\n' icmp igmp tcp udp gre esp ah ipv6-icmp ospf sctp
		case unit cgroup container container_id pod service
			__portstat_column_values $argv[1]
		case '*'
			string match -qr '^[a-z][a-z_.]*$' -- $argv[1]
			and __portstat_choices --explain-filter $argv[1] -
	end
end

# A word of the filter: the value of the key before it, else a key, a class of ports or a connective.
function __portstat_filter
	set -l words (commandline -opc)
	set -l key (string replace -r '!$' '' -- $words[-1])
	if string match -qr '^([!=<>~]+|eq|ne|neq)$' -- $words[-1]
		set key $words[-2]
	end
	set -l values (test (count $words) -gt 1; and __portstat_key $key)
	if test -n "$values"
		printf '%s\n' $values | __portstat_list
		return
	end
	printf '%s\n' and or not port addr exclude well-known registered dynamic ephemeral
	__portstat_columns
end

complete -c portstat -f -a '(__portstat_filter)'
# Each line of --help is an option.
for line in (command portstat --help 2>/dev/null)
	set -l parts (string match -r '^\s+-?(|[^-\s]),? *-*(|[a-z0-9-]{2,})(|\[?=\S+)\s+(.*)' -- $line)
	or continue
	set -l names
	test -z "$parts[2]"; or set -a names -s $parts[2]
	test -z "$parts[3]"; or set -a names -l $parts[3]
	switch "$parts[4]"
		case ''
			complete -c portstat $names -d $parts[5]
		case '*FILE*'
			complete -c portstat $names -rF -d $parts[5]
		case '*DIR*'
			complete -c portstat $names -xa '(__fish_complete_directories)' -d $parts[5]
		case '*'
			set -l option --$parts[3]
			test -n "$parts[3]"; or set option -$parts[2]
			# A value in brackets is never the next word.
			set -l takes -x
			string match -q '[*' -- $parts[4]; and set takes -f
			complete -c portstat $names $takes -a "(__portstat_value $option)" -d $parts[5]
	end
end
