/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: argv to a struct. */
#include <config.h>

#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/sock.h"
#include "option_table.h"

const char *const options_port_keys[3] = { "port", "lport", "rport" };
const char *const options_port_names[3] = { "--port", "--local-port", "--remote-port" };

/* Letters of ss(8) that mean something which portstat leaves to it. */
static const struct {
	char letter;
	const char *what;
	const char *instead;
} foreign[] = {
	{ 'x', N_("UNIX sockets"), "ss -x" },
	{ 'f', N_("other socket families"), "ss -f" },
	{ 'd', N_("DCCP sockets"), "ss -d" },
	{ 'A', N_("socket tables by name"), "ss -A" },
	{ 'D', N_("raw dumps of TCP sockets"), "portstat --record" },
	{ 'F', N_("filters from a file"), "ss -F" },
	{ 'K', N_("closing sockets"), "ss -K" },
	{ 'E', N_("socket events"), "ss -E" },
	{ 'Z', N_("security contexts"), "ss -Z" },
	{ 'z', N_("security contexts"), "ss -z" },
	{ 'N', N_("other network namespaces"), "ip netns exec NAME portstat" },
	{ 'b', N_("BPF socket filters"), "ss -b" },
	{ 'B', N_("bound-inactive sockets alone"), "portstat 'state bound'" },
	{ 'T', N_("threads of processes"), "ss -T" },
	{ 'g', N_("multicast groups"), "netstat -g" },
	{ 'I', N_("interfaces"), "ip -s link" },
	{ 'v', N_("verbose output"), "portstat -e" },
	{ 'C', N_("the routing cache"), "ip route" },
};

__attribute__((format(printf, 2, 3))) static int fail(struct buf *error, const char *format, ...)
{
	va_list ap;

	buf_clear(error);
	va_start(ap, format);
	buf_vprintf(error, format, ap);
	va_end(ap);
	return -EINVAL;
}

/* A word out of a fixed set; its index, or -EINVAL with the set named in the error. */
static int choose(const char *name, const char *value, const char *const *words, struct buf *error)
{
	struct buf all = { 0 };

	for (int i = 0; words[i]; i++)
		if (!strcmp(value, words[i]))
			return i;
	for (int i = 0; words[i]; i++)
		buf_printf(&all, "%s%s", i ? ", " : "", words[i]);
	fail(error, _("%s: '%s' is none of: %s"), name, value, buf_cstr(&all));
	buf_fini(&all);
	return -EINVAL;
}

/* Seconds with a fraction, to milliseconds. */
static int parse_seconds(const char *name, const char *text, double least, uint32_t *ms,
			 struct buf *error)
{
	char *end;
	double seconds;

	errno = 0;
	seconds = strtod(text, &end);
	if (end == text || *end || errno || !isfinite(seconds) || seconds < least || seconds > 3600)
		return fail(error, _("%s: '%s' is no number of seconds from %g to 3600"), name, text,
			    least);
	*ms = (uint32_t)(seconds * 1000 + 0.5);
	return 0;
}

static int set_choice(struct options *opt, int id, const char *value, struct buf *error)
{
	static const char *const colors[] = { "auto", "always", "never", NULL };
	static const char *const sources[] = { "auto", "netlink", "procfs", NULL };
	static const char *const owners[] = { "auto", "bpf", "proc", "none", NULL };
	int chosen;

	if (id == OPTION_COLOR) {
		chosen = choose("--color", value, colors, error);
		opt->color = (enum color_mode)chosen;
	} else if (id == OPTION_SOURCE) {
		chosen = choose("--source", value, sources, error);
		opt->source = (enum source_kind)chosen;
	} else {
		chosen = choose("--owners", value, owners, error);
		opt->owners = (enum owners_method)chosen;
	}
	return chosen < 0 ? chosen : 0;
}

/* As with filters, lists side by side are one list. */
static void add_ports(struct options *opt, int which, const char *list)
{
	if (opt->has_ports[which])
		buf_char(&opt->ports[which], ',');
	buf_str(&opt->ports[which], list);
	opt->has_ports[which] = true;
}

/* Options with a value. */
static int set_value(struct options *opt, int id, const char *value, struct buf *error)
{
	switch (id) {
	case OPTION_PORT:
	case OPTION_LOCAL_PORT:
	case OPTION_REMOTE_PORT:
		add_ports(opt, id - OPTION_PORT, value);
		return 0;
	case OPTION_COLUMNS:
		opt->columns = value;
		if (!strcmp(value, "help"))
			opt->info = INFO_COLUMNS;
		return 0;
	case OPTION_SORT:
		opt->sort = value;
		return 0;
	case 's':
		opt->is_summary = true;
		opt->summary = value;
		return 0;
	case OPTION_PROC_ROOT:
		opt->proc_root = value;
		return 0;
	case OPTION_RECORD:
		opt->record = value;
		return 0;
	case OPTION_REPLAY:
		opt->replay = value;
		return 0;
	case OPTION_WATCH:
		return parse_seconds("--watch", value ? value : "2", 0.1, &opt->watch_ms, error);
	case OPTION_INTERVAL:
		opt->has_interval = true;
		return parse_seconds("--interval", value, 0, &opt->interval_ms, error);
	}
	return set_choice(opt, id, value, error);
}

/* Options without a value. */
static void set_flag(struct options *opt, int id)
{
	static const struct {
		int id;
		size_t offset;
	} flags[] = {
#define FLAG(option, field) { option, offsetof(struct options, field) }
		FLAG('a', is_all),
		FLAG('l', is_listening),
		FLAG('n', is_numeric),
		FLAG('e', is_extended),
		FLAG('i', has_info),
		FLAG('m', has_memory),
		FLAG('o', has_timers),
		FLAG('r', has_hosts),
		FLAG('H', no_header),
		FLAG('W', is_wide),
		FLAG('0', is_null),
		FLAG('q', is_quiet),
		FLAG(OPTION_STRICT, is_strict),
		FLAG(OPTION_EXPLAIN_FILTER, is_explaining),
		FLAG(OPTION_ASCII, is_ascii),
		FLAG(OPTION_LIVE, is_live),
		FLAG(OPTION_READ_ONLY, is_read_only),
		FLAG(OPTION_NO_CONFIG, no_config),
		FLAG(OPTION_NO_MOUSE, no_mouse),
#undef FLAG
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (flags[i].id == id)
			*(bool *)((char *)opt + flags[i].offset) = true;
}

/* Options that add to a set or choose a format.  False where id is none of them. */
static bool set_selection(struct options *opt, int id)
{
	static const char proto_letters[PROTO_COUNT + 1] = "tuUwSM"; /* in the order of enum sock_proto */
	const char *proto = id < 128 ? strchr(proto_letters, id) : NULL;

	if (proto) {
		opt->protos |= PROTO_BIT((unsigned int)(proto - proto_letters));
		return true;
	}
	switch (id) {
	case '4':
		opt->families |= FAMILY_BIT(ADDR_INET);
		return true;
	case '6':
		opt->families |= FAMILY_BIT(ADDR_INET6);
		return true;
	case OPTION_JSON:
		opt->format = FORMAT_JSON;
		return true;
	case OPTION_JSON_LINES:
		opt->format = FORMAT_JSON_LINES;
		return true;
	case OPTION_CSV:
		opt->format = FORMAT_CSV;
		return true;
	case 'c':
		opt->watch_ms = 1000;
		return true;
	case 'h':
		opt->info = INFO_SCREEN;
		return true;
	case OPTION_HELP:
		opt->info = INFO_HELP;
		return true;
	case 'V':
		opt->info = INFO_VERSION;
		return true;
	}
	return false;
}

static int set_option(struct options *opt, const struct option_def *def, const char *value,
		      struct buf *error)
{
	opt->is_listing = opt->is_listing || def->is_listing;
	if (def->arg)
		return set_value(opt, def->id, value, error);
	if (!set_selection(opt, def->id))
		set_flag(opt, def->id);
	return 0;
}

/* What getopt_long() would not take: argv holds the word, optopt the letter of a short option. */
static int bad_option(int result, int letter, const char *word, struct buf *error)
{
	char text[2] = { (char)letter, '\0' };
	const struct option_def *def = letter ? option_by_id(letter) : NULL;
	const char *instead;

	if (result == ':' && def && def->name)
		return fail(error, _("option --%s needs a value"), def->name);
	if (letter && def)
		return fail(error, _("option --%s takes no value"), def->name);
	for (size_t i = 0; letter && i < sizeof(foreign) / sizeof(*foreign); i++)
		if (foreign[i].letter == letter)
			return fail(error, _("portstat does not serve -%s (%s); use: %s"), text,
				    _(foreign[i].what), foreign[i].instead);
	if (letter)
		return fail(error, _("there is no option -%s; portstat --help lists all"), text);
	instead = option_nearest(word);
	if (instead)
		return fail(error, _("there is no option %s; did you mean --%s?"), word, instead);
	return fail(error, _("there is no option %s; portstat --help lists all"), word);
}

static int parse_all(struct options *opt, int argc, char **argv, struct buf *error)
{
	struct option *longs = option_longs();
	char *shorts = option_shorts();
	int err = 0;

	opterr = 0;
	while (!err) {
		int id = getopt_long(argc, argv, shorts, longs, NULL);

		if (id < 0)
			break;
		if (id == '?' || id == ':')
			err = bad_option(id, optopt, argv[optind - 1], error);
		else
			err = set_option(opt, option_by_id(id), optarg, error);
	}
	free(longs);
	free(shorts);
	return err;
}

/*
 * What a screen cannot serve.  Letters that people add from habit (-e -i -m -o -H -W) are not among it:
 * the details of a row hold what these would add.
 */
static bool is_for_listings_alone(const struct options *opt)
{
	return opt->format != FORMAT_TABLE || opt->is_summary || opt->is_null || opt->watch_ms ||
	       opt->is_quiet || opt->is_strict || opt->is_explaining ||
	       (opt->columns && opt->info != INFO_COLUMNS);
}

/* What would have no effect beside another option. */
static int check_output(const struct options *opt, struct buf *error)
{
	static const char *const formats[] = { [FORMAT_TABLE] = NULL,
					       [FORMAT_JSON] = "--json",
					       [FORMAT_JSON_LINES] = "--jsonl",
					       [FORMAT_CSV] = "--csv" };
	const char *format = formats[opt->format];

	if (opt->info)
		return 0;
	if (opt->is_null && format)
		return fail(error, _("%s and %s do not go together"), "-0", format);
	if (!opt->is_summary)
		return 0;
	if (opt->summary && opt->columns)
		return fail(error, _("%s and %s do not go together"), "--summary=COLUMNS",
			    "--columns");
	if (opt->sort)
		return fail(error, _("%s and %s do not go together"), "-s", "--sort");
	return 0;
}

/* What does not go together. */
static int check(const struct options *opt, struct buf *error)
{
	if (opt->is_live && is_for_listings_alone(opt))
		return fail(error, _("--live is a screen: it does not go with --json, --jsonl, --csv, -0, "
				     "-s, -q, --columns, --strict, --explain-filter and --watch"));
	if (opt->is_live && opt->sort && strchr(opt->sort, ','))
		return fail(error, _("--sort: the live view sorts by one column"));
	if (opt->has_interval && !opt->interval_ms && !opt->replay)
		return fail(error, _("--interval: 0 goes only with --replay"));
	if (opt->has_interval && opt->interval_ms && opt->interval_ms < 100)
		return fail(error, _("--interval: the least is 0.1 seconds"));
	if (opt->record && opt->replay)
		return fail(error, _("%s and %s do not go together"), "--record", "--replay");
	if (opt->record && opt->source == SOURCE_KIND_PROCFS)
		return fail(error, _("--record keeps what netlink says; it does not go with "
				     "--source=procfs"));
	return check_output(opt, error);
}

int options_parse(struct options *opt, int argc, char **argv, struct buf *error)
{
	int err;

	*opt = (struct options){ .interval_ms = 2000 };
	err = parse_all(opt, argc, argv, error);
	for (int i = optind; i < argc; i++) {
		/* A script's variable that is not set must not list everything. */
		if (!err && !argv[i][strspn(argv[i], " \t\n")])
			err = fail(error, _("an empty FILTER: a port, a range or a test was expected"));
		if (opt->filter.len)
			buf_char(&opt->filter, ' ');
		buf_str(&opt->filter, argv[i]);
		opt->is_listing = true;
	}
	return err ? err : check(opt, error);
}

void options_fini(struct options *opt)
{
	buf_fini(&opt->filter);
	for (int i = 0; i < 3; i++)
		buf_fini(&opt->ports[i]);
}
