/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of options, used by the parser, --help and the check of the documentation. */
#include <config.h>

#include "option_table.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/nearest.h"
#include "base/text.h"
#include "model/protos.h"
#include "options.h"

#define LISTING .is_listing = true
#define SETS(field) .flag = offsetof(struct options, field)
#define KEEPS(field) .text = offsetof(struct options, field)
/* The column where the help texts begin, after the widest option. */
#define HELP_COLUMN 24

#define PROTO_OPTION(constant, word, option, people, ...) \
	{ option, word, LISTING, .help = N_("%s sockets"), .what = (people) },

/* clang-format off */
static const struct option_def defs[] = {
	{ 'a', "all", SETS(is_all), LISTING, .help = N_("every socket that has a port") },
	{ 'l', "listening", SETS(is_listening), LISTING,
	  .help = N_("listening sockets, and unconnected UDP and raw ones") },
	PROTOS(PROTO_OPTION)
	{ '4', "ipv4", LISTING, .help = N_("IPv4 only") },
	{ '6', "ipv6", LISTING, .help = N_("IPv6 only") },
	{ OPTION_PORT, "port", N_("PORTS"), LISTING, .help = N_("only sockets with these ports at either end") },
	{ OPTION_LOCAL_PORT, "local-port", N_("PORTS"), LISTING,
	  .help = N_("only sockets with these ports at the local end") },
	{ OPTION_REMOTE_PORT, "remote-port", N_("PORTS"), LISTING,
	  .help = N_("only sockets with these ports at the peer's end") },
	{ 'n', "numeric", SETS(is_numeric), LISTING,
	  .help = N_("do not resolve service and user names") },
	{ 'r', "resolve", SETS(has_hosts), LISTING,
	  .help = N_("look up host names of addresses") },
	{ 'p', "processes", LISTING, .help = N_("no effect: owners are always shown") },
	{ 'O', "oneline", LISTING, .help = N_("no effect: a row is always one line") },
	{ 'e', "extended", SETS(is_extended), LISTING,
	  .help = N_("show uid, inode, cookie, interface, mark, cgroup") },
	{ 'i', "info", SETS(has_info), LISTING,
	  .help = N_("show TCP internals: rtt, cwnd, retransmissions, bytes") },
	{ 'm', "memory", SETS(has_memory), LISTING, .help = N_("show socket memory") },
	{ 'o', "timers", SETS(has_timers), LISTING, .help = N_("show the running timer") },
	{ 's', "summary", N_("COLUMNS"), SETS(is_summary), KEEPS(summary), .arg_is_optional = true, LISTING,
	  .help = N_("count by protocol, family and state, or by COLUMNS") },
	{ OPTION_COLUMNS, "columns", N_("LIST"), LISTING,
	  .help = N_("show these; +NAME adds, -NAME removes; help lists all") },
	{ OPTION_TEXT, "sort", N_("KEYS"), KEEPS(sort), LISTING,
	  .help = N_("sort by columns; a leading - for descending order") },
	{ 'H', "no-header", SETS(no_header), LISTING, .help = N_("do not print the header line") },
	{ 'W', "wide", SETS(is_wide), LISTING, .help = N_("never truncate a cell") },
	{ OPTION_JSON, "json", LISTING, .help = N_("print one JSON document, also for --diff and --from") },
	{ OPTION_JSON_LINES, "jsonl", LISTING, .help = N_("print one JSON object per line") },
	{ OPTION_CSV, "csv", LISTING, .help = N_("print comma-separated values") },
	{ OPTION_METRICS, "metrics", LISTING, .help = N_("print counts and fill levels for Prometheus") },
	{ OPTION_AS_FILTERS, "as-filters", LISTING,
	  .help = N_("print each row as a filter, for --except") },
	{ OPTION_TEXT, "except", N_("FILE"), KEEPS(except), LISTING,
	  .help = N_("only sockets that no filter in FILE expects") },
	{ OPTION_TEXT, "missing", N_("FILE"), KEEPS(missing), LISTING,
	  .help = N_("print the filters in FILE that match no socket") },
	{ OPTION_TEXT, "diff", N_("FILE"), KEEPS(diff), LISTING,
	  .help = N_("what is new, gone or changed since a JSON document") },
	{ OPTION_TEXT, "output", N_("FILE"), KEEPS(output), LISTING,
	  .help = N_("replace FILE, as a whole, by the result") },
	{ '0', "null", SETS(is_null), LISTING,
	  .help = N_("end rows with NUL, separate cells with a tab") },
	{ 'q', "quiet", SETS(is_quiet), LISTING,
	  .help = N_("print nothing; only set the exit status") },
	{ OPTION_FLAG, "strict", SETS(is_strict), LISTING,
	  .help = N_("exit with status 3 if the listing is incomplete") },
	{ OPTION_WATCH, "watch", N_("SECONDS"), .arg_is_optional = true, .arg_is_number = true, LISTING,
	  .help = N_("repeat the listing every SECONDS (default: 2)") },
	{ 'c', NULL, LISTING, .help = N_("the same as --watch=1") },
	{ OPTION_WAIT, "wait", N_("SECONDS"), .arg_is_optional = true, .arg_is_number = true, LISTING,
	  .help = N_("wait until there is a row; fail after SECONDS") },
	{ OPTION_WAIT_NONE, "wait-none", N_("SECONDS"), .arg_is_optional = true, .arg_is_number = true,
	  LISTING, .help = N_("wait until there is no row; fail after SECONDS") },
	{ OPTION_SIGNAL, "signal", N_("SIGNAL"), .arg_is_optional = true, .arg_is_number = true, LISTING,
	  .help = N_("signal the owners of the sockets (default: TERM)") },
	{ OPTION_FLAG, "close", SETS(is_close), LISTING,
	  .help = N_("close the listed sockets in the kernel") },
	{ OPTION_FLAG, "yes", SETS(is_agreed), LISTING,
	  .help = N_("--signal, --close: do not ask") },
	{ OPTION_FLAG, "dry-run", SETS(is_dry_run), LISTING,
	  .help = N_("--signal, --close: only say what would be done") },
	{ OPTION_FREE, "free", N_("PORTS"), .arg_is_optional = true, .arg_is_number = true, LISTING,
	  .help = N_("print a port that can be bound on every address") },
	{ OPTION_COUNT, "count", N_("N"), LISTING, .help = N_("--free: print so many ports") },
	{ OPTION_EVENTS, "events", N_("KINDS"), SETS(is_events), .arg_is_optional = true, LISTING,
	  .help = N_("tell what happens on the ports; help lists KINDS") },
	{ OPTION_KNOCK, "knock", N_("PORTS"), LISTING,
	  .help = N_("--events: who tries these ports in this order") },
	{ 'F', "filter", N_("FILE"), LISTING, .help = N_("read the filter, or part of it, from "
							 "FILE") },
	{ OPTION_FLAG, "explain-filter", SETS(is_explaining), LISTING,
	  .help = N_("show how the filter is interpreted and evaluated") },
	{ OPTION_COLOR, "color", N_("WHEN"), .help = N_("when to use colour: auto, always or never") },
	{ OPTION_FLAG, "ascii", SETS(is_ascii), .help = N_("print only ASCII characters") },
	{ OPTION_SOURCE, "source", N_("SOURCE"), .help = N_("where to read sockets: auto, netlink or procfs") },
	{ OPTION_TEXT, "proc-root", N_("DIR"), KEEPS(proc_root), .help = N_("read processes from DIR, not /proc") },
	{ OPTION_TEXT, "record", N_("FILE"), KEEPS(record), .help = N_("save the kernel's replies to FILE") },
	{ OPTION_TEXT, "replay", N_("FILE"), KEEPS(replay), .help = N_("list a recording, not this host") },
	{ OPTION_FROM, "from", N_("FILE"),
	  .help = N_("list JSON documents of FILE, not this host") },
	{ OPTION_TEXT, "at", N_("TIME"), KEEPS(at),
	  .help = N_("of --from or --diff: the moment at TIME (15:04, -2h)") },
	{ OPTION_HOST, "host", N_("HOSTS"), .help = N_("list these hosts, asked by ssh, not this one") },
	{ OPTION_TEXT, "hosts", N_("FILE"), KEEPS(hosts_file),
	  .help = N_("--host, with a host on each line of FILE") },
	{ OPTION_TEXT, "via", N_("COMMAND"), KEEPS(via),
	  .help = N_("reach hosts by COMMAND, with {host} in it, not ssh") },
	{ OPTION_TIMEOUT, "timeout", N_("SECONDS"),
	  .help = N_("give up a host after SECONDS (default: 10)") },
	{ OPTION_TEXT, "query", N_("WORD"), KEEPS(query), LISTING,
	  .help = N_("answer another portstat; with --json") },
	{ 'N', "netns", N_("NAMES"),
	  .help = N_("network namespaces: all, host, NAME, pid:N or PATH") },
	{ OPTION_OWNERS, "owners", N_("HOW"), .help = N_("how to find owners: auto, bpf, proc or none") },
	{ OPTION_FLAG, "forwards", SETS(has_forwards), LISTING,
	  .help = N_("ports that NAT rules and proxies send on, too") },
	{ OPTION_TEXT, "why", N_("PORT"), SETS(is_why), KEEPS(why), .arg_is_optional = true, LISTING,
	  .help = N_("can this port be bound here, and if not, why not") },
	{ OPTION_TEXT, "as", N_("USER"), KEEPS(as_user), LISTING, .help = N_("with --why: as this user") },
	{ OPTION_FLAG, "no-try", SETS(no_try), LISTING,
	  .help = N_("with --why: only explain, do not try to bind") },
	{ OPTION_FLAG, "live", SETS(is_live),
	  .help = N_("start the live view with this selection and filter") },
	{ OPTION_INTERVAL, "interval", N_("SECONDS"), .help = N_("refresh interval of the live "
								 "view (default: 2)") },
	{ OPTION_FLAG, "read-only", SETS(is_read_only),
	  .help = N_("disable Kill and Close in the live view") },
	{ OPTION_FLAG, "no-config", SETS(no_config),
	  .help = N_("do not read or write the live view's "
						    "configuration") },
	{ OPTION_THEME, "theme", N_("THEME"),
	  .help = N_("colours of the live view: auto, dark or light") },
	{ OPTION_FLAG, "no-mouse", SETS(no_mouse),
	  .help = N_("do not use the mouse in the live view") },
	{ 'h', NULL, .help = N_("print the most used options on one screen") },
	{ OPTION_HELP, "help", .help = N_("print every option; or, with a word, what has it") },
	{ 'V', "version", .help = N_("print the version and the built-in features") },
};
/* clang-format on */
#define N_DEFS (sizeof(defs) / sizeof(*defs))

const struct option_def *option_by_letter(char letter)
{
	for (size_t i = 0; i < N_DEFS; i++)
		if (defs[i].id < 128 && defs[i].id == letter)
			return &defs[i];
	return NULL;
}

const struct option_def *option_by_name(const char *name, size_t len)
{
	for (size_t i = 0; i < N_DEFS; i++)
		if (defs[i].name && strlen(defs[i].name) == len && !memcmp(defs[i].name, name, len))
			return &defs[i];
	return NULL;
}

const char *option_name(size_t i)
{
	for (size_t k = 0; k < N_DEFS; k++)
		if (defs[k].name && !i--)
			return defs[k].name;
	return NULL;
}

/* Long names are often abbreviated, so a typo in a prefix is recognised, too. */
#define BEGINNING_LEAST 4

const char *option_nearest(const char *name, size_t len)
{
	struct nearest nearest;

	nearest_start(&nearest, name, len);
	for (size_t i = 0; i < N_DEFS; i++)
		if (defs[i].name)
			nearest_try(&nearest, defs[i].name);
	for (size_t i = 0; i < N_DEFS && len >= BEGINNING_LEAST; i++)
		if (defs[i].name && strlen(defs[i].name) > len)
			nearest_try_bytes(&nearest, defs[i].name, len);
	return nearest.found;
}

/* The letters of all protocols ("-t -u"), and their names. */
static void add_protos(struct buf *letters, struct buf *titles)
{
	for (unsigned int i = 0; i < PROTO_COUNT; i++) {
		buf_printf(letters, "%s-%c", i ? " " : "", proto_rows[i].letter);
		buf_printf(titles, "%s%s", i ? ", " : "", proto_rows[i].title);
	}
}

void options_print_screen(FILE *out)
{
	struct buf letters = { 0 }, titles = { 0 };

	add_protos(&letters, &titles);
	fprintf(out,
		_("Usage: portstat [OPTION]... [FILTER]...\n"
		  "Show who has which port open.  Without arguments, start the live view.\n"
		  "\n"
		  "  -a   every socket that has a port      -l   listening sockets\n"
		  "  %1$s   %2$s only\n"
		  "  -4 -6               IPv4, IPv6 only    -n   no names, only numbers\n"
		  "  -e -i -m -o         more columns: extended, TCP info, memory, timers\n"
		  "  -r   host names     -s   summary       -H   no header     -W   wide\n"
		  "  --columns=LIST --sort=KEYS             (--columns=help lists them)\n"
		  "  --json --jsonl --csv -0                output for programs\n"
		  "  -q   exit status only                  --strict   exit 3 if incomplete\n"
		  "  --watch[=SECONDS], -c                  repeat the listing\n"
		  "  --live                                 the live view; F1 shows its keys\n"
		  "\n"
		  "  portstat -l 8000-8999                  who listens in this range?\n"
		  "  portstat --why 8080                    why is the port taken, what helps?\n"
		  "  portstat nginx                         by name: process, user, unit, service\n"
		  "  portstat --summary=peer_addr           how many sockets for each peer?\n"
		  "  portstat 'proc nginx* and state established and not rport 443'\n"
		  "  portstat -q -l 8080 && echo taken      for scripts\n"
		  "\n"
		  "Exit status: 0 rows, 1 no rows, 2 usage, 3 incomplete (--strict), 4 failure.\n"
		  "portstat --help lists every option; see also man portstat.\n"),
		buf_cstr(&letters), buf_cstr(&titles));
	buf_fini(&letters);
	buf_fini(&titles);
}

/* Adds the line of --help. */
static void add_help(const struct option_def *def, struct buf *out)
{
	const char *arg = def->arg ? _(def->arg) : "";
	size_t start = out->len, pad;

	if (def->id < 256)
		buf_printf(out, def->name ? "-%c, " : "-%c", def->id);
	else
		buf_str(out, "    ");
	if (def->name)
		buf_printf(out, "--%s", def->name);
	if (def->arg)
		buf_printf(out, def->arg_is_optional ? "[=%s]" : "=%s", arg);
	pad = text_width(out->data + start, out->len - start);
	buf_fill(out, ' ', pad < HELP_COLUMN ? HELP_COLUMN - pad : 1);
	buf_sentence(out, _(def->help), def->what ? def->what : "");
}

/* Prints the lines that have the word, in any case; NULL: all.  Returns their number. */
static size_t print_lines(FILE *out, const char *word)
{
	struct buf line = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < N_DEFS; i++) {
		buf_clear(&line);
		add_help(&defs[i], &line);
		if (word && !strcasestr(buf_cstr(&line), word))
			continue;
		fprintf(out, "  %s\n", buf_cstr(&line));
		n++;
	}
	buf_fini(&line);
	return n;
}

void options_print_help(FILE *out)
{
	fputs(_("Usage: portstat [OPTION]... [FILTER]...\n"
		"Show who has which port open.  With a FILTER or most options, print one listing;\n"
		"on a terminal without them, start the live view.\n\n"),
	      out);
	print_lines(out, NULL);
}

size_t options_print_help_on(FILE *out, const char *word)
{
	return print_lines(out, word);
}
