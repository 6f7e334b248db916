/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conflicting options. */
#include <config.h>

#include "options_check.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "events/event.h"
#include "model/protos.h"
#include "option_hints.h"
#include "options.h"

const char *options_format(enum format format)
{
	static const char *const names[] = {
		[FORMAT_TABLE] = NULL,		 [FORMAT_JSON] = "--json",
		[FORMAT_JSON_LINES] = "--jsonl", [FORMAT_CSV] = "--csv",
		[FORMAT_METRICS] = "--metrics",	 [FORMAT_FILTERS] = "--as-filters"
	};

	return names[format];
}

int options_not_together(const char *a, const char *b, struct buf *error)
{
	return option_fail(error, _("%s and %s cannot be combined"), a, b);
}

/* The options of which some pairs conflict. */
enum part {
	PART_LIVE,
	PART_FORMAT,
	PART_METRICS,
	PART_AS_FILTERS,
	PART_EXCEPT,
	PART_MISSING,
	PART_DIFF,
	PART_NULL,
	PART_OUTPUT,
	PART_SUMMARY,
	PART_COUNTS,
	PART_QUIET,
	PART_COLUMNS,
	PART_SORT,
	PART_STRICT,
	PART_EXPLAIN,
	PART_WATCH,
	PART_WAIT,
	PART_WAIT_NONE,
	PART_SIGNAL,
	PART_CLOSE,
	PART_YES,
	PART_DRY_RUN,
	PART_NO_OWNERS,
	PART_RECORD,
	PART_REPLAY,
	PART_FROM,
	PART_HOST,
	PART_FREE,
	PART_OWNERS,
	PART_NETNS,
	PART_SOURCE,
	PART_PROCFS,
	PART_INTERVAL,
	PART_FORWARDS,
	PART_PROC_ROOT,
	PART_WHY,
	PART_TABLE_ROWS,
	PART_PORTS,
	PART_FILES,
	PARTS,
};

static const char *given(bool is_given, const char *name)
{
	return is_given ? name : NULL;
}

/* Sets the names of the options that were given; NULL for the others. */
static void name_parts(const struct options *opt, const char *names[PARTS])
{
	const char *source =
		opt->source == SOURCE_KIND_PROCFS ? "--source=procfs" : "--source=netlink";
	bool has_columns = opt->columns && opt->info != INFO_COLUMNS;

	names[PART_LIVE] = given(opt->is_live, "--live");
	names[PART_FORMAT] = options_format(opt->format);
	names[PART_METRICS] = given(opt->format == FORMAT_METRICS, "--metrics");
	names[PART_AS_FILTERS] = given(opt->format == FORMAT_FILTERS, "--as-filters");
	names[PART_EXCEPT] = given(opt->except, "--except");
	names[PART_MISSING] = given(opt->missing, "--missing");
	names[PART_DIFF] = given(opt->diff, "--diff");
	names[PART_OUTPUT] = given(opt->output, "--output");
	names[PART_NULL] = given(opt->is_null, "-0");
	names[PART_SUMMARY] = given(opt->is_summary, "-s");
	names[PART_COUNTS] = given(opt->summary && opt->info != INFO_COLUMNS, "--summary=COLUMNS");
	names[PART_QUIET] = given(opt->is_quiet, "-q");
	names[PART_COLUMNS] = given(has_columns, "--columns");
	names[PART_SORT] = given(opt->sort, "--sort");
	names[PART_STRICT] = given(opt->is_strict, "--strict");
	names[PART_EXPLAIN] = given(opt->is_explaining, "--explain-filter");
	names[PART_WATCH] = given(opt->watch_ms, "--watch");
	names[PART_WAIT] = given(opt->wait.is_given, "--wait");
	names[PART_WAIT_NONE] = given(opt->wait_none.is_given, "--wait-none");
	names[PART_SIGNAL] = given(opt->is_signal, "--signal");
	names[PART_CLOSE] = given(opt->is_close, "--close");
	names[PART_YES] = given(opt->is_agreed, "--yes");
	names[PART_DRY_RUN] = given(opt->is_dry_run, "--dry-run");
	names[PART_NO_OWNERS] = given(opt->owners == OWNERS_NONE, "--owners=none");
	names[PART_RECORD] = given(opt->record, "--record");
	names[PART_REPLAY] = given(opt->replay, "--replay");
	names[PART_FROM] = given(opt->n_from, "--from");
	names[PART_HOST] = opt->n_hosts ? "--host" : given(opt->hosts_file, "--hosts");
	names[PART_FREE] = given(opt->is_free, "--free");
	names[PART_OWNERS] = given(opt->owners != OWNERS_AUTO, "--owners");
	names[PART_NETNS] = given(opt->netns, "--netns");
	names[PART_SOURCE] = opt->source != SOURCE_KIND_AUTO ? source : NULL;
	names[PART_PROCFS] = opt->source == SOURCE_KIND_PROCFS ? source : NULL;
	names[PART_FORWARDS] = given(opt->has_forwards, "--forwards");
	names[PART_PROC_ROOT] = given(opt->proc_root, "--proc-root");
	names[PART_WHY] = given(opt->is_why, "--why");
	names[PART_TABLE_ROWS] = opt->format > FORMAT_JSON ? options_format(opt->format) : NULL;
	names[PART_PORTS] = opt->ports[0].option   ? opt->ports[0].option
			    : opt->ports[1].option ? opt->ports[1].option
						   : opt->ports[2].option;
	names[PART_FILES] = given(opt->n_filter_files, "--filter");
	names[PART_INTERVAL] = given(opt->has_interval, "--interval");
}

/* clang-format off */
/* What cannot be given together. */
static const enum part pairs[][2] = {
	{ PART_LIVE, PART_FORMAT },	{ PART_LIVE, PART_NULL },
	{ PART_LIVE, PART_SUMMARY },	{ PART_LIVE, PART_QUIET },
	{ PART_LIVE, PART_COLUMNS },	{ PART_LIVE, PART_STRICT },
	{ PART_LIVE, PART_EXPLAIN },	{ PART_LIVE, PART_WATCH },
	{ PART_NULL, PART_FORMAT },	{ PART_COUNTS, PART_COLUMNS },
	{ PART_SUMMARY, PART_SORT },	{ PART_METRICS, PART_SUMMARY },
	{ PART_METRICS, PART_COLUMNS },	{ PART_METRICS, PART_SORT },
	{ PART_AS_FILTERS, PART_SUMMARY }, { PART_AS_FILTERS, PART_COLUMNS },
	{ PART_EXCEPT, PART_LIVE },	{ PART_EXCEPT, PART_EXPLAIN },
	{ PART_EXCEPT, PART_MISSING },	{ PART_MISSING, PART_LIVE },
	{ PART_MISSING, PART_EXPLAIN },	{ PART_MISSING, PART_FORMAT },
	{ PART_MISSING, PART_NULL },	{ PART_MISSING, PART_SUMMARY },
	{ PART_MISSING, PART_COLUMNS },	{ PART_MISSING, PART_SORT },
	{ PART_OUTPUT, PART_LIVE },	{ PART_OUTPUT, PART_QUIET },
	{ PART_OUTPUT, PART_EXPLAIN },
	{ PART_EXPLAIN, PART_FORMAT },	{ PART_EXPLAIN, PART_WATCH },
	{ PART_EXPLAIN, PART_QUIET },	{ PART_RECORD, PART_REPLAY },
	{ PART_RECORD, PART_PROCFS },	{ PART_REPLAY, PART_SOURCE },
	{ PART_WATCH, PART_INTERVAL },	{ PART_NETNS, PART_REPLAY },
	{ PART_NETNS, PART_RECORD },
	{ PART_REPLAY, PART_FORWARDS },	{ PART_PROC_ROOT, PART_FORWARDS },
	{ PART_LIVE, PART_WAIT },	{ PART_LIVE, PART_WAIT_NONE },
	{ PART_EXPLAIN, PART_WAIT },	{ PART_EXPLAIN, PART_WAIT_NONE },
	{ PART_WATCH, PART_WAIT },	{ PART_WATCH, PART_WAIT_NONE },
	{ PART_REPLAY, PART_WAIT },	{ PART_REPLAY, PART_WAIT_NONE },
	{ PART_WAIT, PART_WAIT_NONE },	{ PART_MISSING, PART_WAIT },
	{ PART_MISSING, PART_WAIT_NONE },
	{ PART_SIGNAL, PART_CLOSE },
	{ PART_LIVE, PART_SIGNAL },	{ PART_LIVE, PART_CLOSE },
	{ PART_SUMMARY, PART_SIGNAL },	{ PART_SUMMARY, PART_CLOSE },
	{ PART_EXPLAIN, PART_SIGNAL },	{ PART_EXPLAIN, PART_CLOSE },
	{ PART_WATCH, PART_SIGNAL },	{ PART_WATCH, PART_CLOSE },
	{ PART_WAIT, PART_SIGNAL },	{ PART_WAIT, PART_CLOSE },
	{ PART_REPLAY, PART_SIGNAL },	{ PART_REPLAY, PART_CLOSE },
	{ PART_PROC_ROOT, PART_SIGNAL }, { PART_PROC_ROOT, PART_CLOSE },
	{ PART_PROCFS, PART_CLOSE },	{ PART_NO_OWNERS, PART_SIGNAL },
	{ PART_YES, PART_DRY_RUN },	{ PART_DRY_RUN, PART_WAIT_NONE },
	{ PART_MISSING, PART_SIGNAL },	{ PART_MISSING, PART_CLOSE },
	{ PART_WHY, PART_LIVE },	{ PART_WHY, PART_TABLE_ROWS },
	{ PART_WHY, PART_NULL },	{ PART_WHY, PART_SUMMARY },
	{ PART_WHY, PART_COLUMNS },	{ PART_WHY, PART_SORT },
	{ PART_WHY, PART_STRICT },	{ PART_WHY, PART_EXPLAIN },
	{ PART_WHY, PART_WATCH },	{ PART_WHY, PART_RECORD },
	{ PART_WHY, PART_REPLAY },	{ PART_WHY, PART_PROC_ROOT },
	{ PART_WHY, PART_FORWARDS },	{ PART_WHY, PART_PORTS },
	{ PART_WHY, PART_FILES },	{ PART_WHY, PART_WAIT },
	{ PART_WHY, PART_WAIT_NONE },	{ PART_WHY, PART_EXCEPT },
	{ PART_WHY, PART_MISSING },	{ PART_WHY, PART_SIGNAL },
	{ PART_WHY, PART_CLOSE },
	{ PART_DIFF, PART_LIVE },	{ PART_DIFF, PART_METRICS },
	{ PART_DIFF, PART_AS_FILTERS },	{ PART_DIFF, PART_NULL },
	{ PART_DIFF, PART_SUMMARY },	{ PART_DIFF, PART_SORT },
	{ PART_DIFF, PART_EXCEPT },	{ PART_DIFF, PART_MISSING },
	{ PART_DIFF, PART_WATCH },	{ PART_DIFF, PART_EXPLAIN },
	{ PART_DIFF, PART_WAIT },	{ PART_DIFF, PART_WAIT_NONE },
	{ PART_DIFF, PART_SIGNAL },	{ PART_DIFF, PART_CLOSE },
	{ PART_DIFF, PART_WHY },
	{ PART_FROM, PART_REPLAY },	{ PART_HOST, PART_FROM },
	{ PART_HOST, PART_REPLAY },	{ PART_HOST, PART_RECORD },
	{ PART_HOST, PART_PROC_ROOT },	{ PART_HOST, PART_SIGNAL },
	{ PART_HOST, PART_CLOSE },	{ PART_HOST, PART_WHY },
	{ PART_HOST, PART_FREE },
};
/* clang-format on */

static int check_pairs(const struct options *opt, struct buf *error)
{
	const char *names[PARTS];

	name_parts(opt, names);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (names[pairs[i][0]] && names[pairs[i][1]])
			return options_not_together(names[pairs[i][0]], names[pairs[i][1]], error);
	return 0;
}

/* How many options read standard input. */
static size_t count_stdin(const struct options *opt)
{
	size_t n = 0;

	for (size_t i = 0; i < opt->n_from; i++)
		n += !strcmp(opt->from[i], "-");
	for (size_t i = 0; i < opt->n_filter_files; i++)
		n += !strcmp(opt->filter_files[i], "-");
	return n;
}

/* A look at something that was: it can neither be changed nor asked, and does not change by itself. */
static int check_from(const struct options *opt, struct buf *error)
{
	static const enum part presents[] = { PART_SIGNAL, PART_CLOSE,	   PART_WHY,	PART_FREE,
					      PART_WAIT,   PART_WAIT_NONE, PART_RECORD, PART_SOURCE,
					      PART_OWNERS, PART_PROC_ROOT };
	const char *names[PARTS];

	name_parts(opt, names);
	if (opt->at && !opt->n_from && !opt->diff)
		return option_fail(error, _("--at chooses among documents; it needs --from=FILE or "
					    "--diff=FILE"));
	if (!opt->n_from)
		return 0;
	if (count_stdin(opt) > 1)
		return option_fail(error, _("standard input can be read only once, by --from=- or "
					    "--filter=-"));
	for (size_t i = 0; i < sizeof(presents) / sizeof(*presents); i++)
		if (names[presents[i]])
			return option_fail(error,
					   _("--from lists what was written down; %s needs a host "
					     "that can be asked"),
					   names[presents[i]]);
	return 0;
}

/* Options that are about other hosts, and what answers one. */
static int check_hosts(const struct options *opt, struct buf *error)
{
	bool is_document = opt->format == FORMAT_JSON && !opt->is_summary;

	if (!options_remote(opt) && (opt->via || opt->timeout_ms))
		return option_fail(error, _("%s is about other hosts; it needs --host=HOSTS"),
				   opt->via ? "--via" : "--timeout");
	if (opt->query && (!is_document || options_remote(opt) || opt->n_from || opt->replay))
		return option_fail(error, _("--query answers another portstat; it goes with --json "
					    "alone"));
	return 0;
}

static int check_interval(const struct options *opt, struct buf *error)
{
	if (!opt->has_interval)
		return 0;
	if (!opt->interval_ms && !opt->replay)
		return option_fail(
			error, _("--interval=0 steps through a recording; it needs --replay=FILE"));
	if (opt->is_listing && !opt->is_live)
		return option_fail(error, _("--interval is for the live view; for a listing use "
					    "--watch=SECONDS, or add --live"));
	return 0;
}

static int check_signal(const struct options *opt, struct buf *error)
{
	if (!options_act(opt) && (opt->is_agreed || opt->is_dry_run))
		return option_fail(error, _("%s goes with --signal or --close"),
				   opt->is_agreed ? "--yes" : "--dry-run");
	return 0;
}

/* Options that answer for one network namespace. */
static int check_one_netns(const struct options *opt, const char *option, struct buf *error)
{
	if (!opt->netns || (strcmp(opt->netns, "all") != 0 && !strchr(opt->netns, ',')))
		return 0;
	return option_fail(error, _("%s takes one network namespace, not '%s'"), option,
			   opt->netns);
}

/* --why is about one port of TCP or UDP, in one namespace. */
static int check_why(const struct options *opt, struct buf *error)
{
	unsigned int protos = opt->protos;

	if (!opt->is_why && (opt->as_user || opt->no_try))
		return option_fail(error, _("%s needs --why=PORT"),
				   opt->as_user ? "--as" : "--no-try");
	if (!opt->is_why)
		return 0;
	if (!opt->why && !opt->filter.len)
		return option_fail(error,
				   _("--why needs a port: --why 8080, --why 127.0.0.1:53/udp"));
	if (opt->filter.len && (opt->why || memchr(opt->filter.data, ' ', opt->filter.len)))
		return option_fail(
			error, _("--why is about one port and takes no FILTER: unexpected '%.*s'"),
			(int)opt->filter.len, opt->filter.data);
	if (protos && protos != PROTO_BIT(PROTO_TCP) && protos != PROTO_BIT(PROTO_UDP))
		return option_fail(error, _("--why is about TCP (-t) or UDP (-u)"));
	return check_one_netns(opt, "--why", error);
}

/* --free answers by itself: it goes with what selects a namespace and protocols, and with -q. */
static int check_free(const struct options *opt, struct buf *error)
{
	const char *names[PARTS];

	if (!opt->is_free)
		return opt->free_count ? option_fail(error, _("--count goes with --free; to count "
							      "sockets use --summary"))
				       : 0;
	name_parts(opt, names);
	for (unsigned int i = 0; i < PARTS; i++)
		if (names[i] && i != PART_QUIET && i != PART_NETNS && i != PART_FREE &&
		    i != PART_OWNERS)
			return options_not_together(names[i], "--free", error);
	if (opt->protos & ~(PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_UDP)))
		return option_fail(error, _("--free is for TCP (-t) and UDP (-u)"));
	if (opt->families || opt->is_all || opt->is_listening)
		return option_fail(error,
				   _("--free is about every address, IPv4 and IPv6; it cannot "
				     "be combined with -4, -6, -a or -l"));
	return check_one_netns(opt, "--free", error);
}

/*
 * --events goes with what selects rows and with JSON lines.  What a listing adds to its rows, an
 * event does not have.
 */
static int check_events(const struct options *opt, struct buf *error)
{
	bool is_jsonl = opt->format == FORMAT_JSON_LINES;
	const char *names[PARTS];
	const struct {
		bool is_given;
		const char *name;
	} more[] = {
		{ opt->is_extended, "-e" },
		{ opt->has_info, "-i" },
		{ opt->has_memory, "-m" },
		{ opt->has_timers, "-o" },
		{ opt->has_hosts, "-r" },
		{ opt->is_free, "--free" },
		{ opt->columns && !is_jsonl, "--columns" },
	};

	if (!opt->is_events)
		return opt->n_knock ? option_fail(error, _("--knock goes with --events")) : 0;
	if (opt->event_kinds == EVENT_BIT(EVENT_KNOCK) && !opt->n_knock)
		return option_fail(error, _("--events=knock needs --knock=PORTS"));
	name_parts(opt, names);
	names[PART_NETNS] = names[PART_PORTS] = names[PART_FILES] = names[PART_COLUMNS] = NULL;
	names[PART_NO_OWNERS] = NULL;
	if (is_jsonl)
		names[PART_FORMAT] = names[PART_TABLE_ROWS] = NULL;
	for (unsigned int i = 0; i < PARTS; i++)
		if (names[i])
			return options_not_together("--events", names[i], error);
	for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++)
		if (more[i].is_given)
			return options_not_together("--events", more[i].name, error);
	for (unsigned int i = 0; i < EVENT_KINDS; i++)
		if (text_is(opt->filter.data, opt->filter.len, event_kinds[i].word))
			return option_fail(error, _("'%s' is a kind of event; write --events=%s"),
					   event_kinds[i].word, event_kinds[i].word);
	return 0;
}

/* --free has no rows that a filter could select. */
static int check_free_words(const struct options *opt, struct buf *error)
{
	if (!opt->is_free || !opt->filter.len)
		return 0;
	return option_fail(error, _("--free takes no filter; to choose among ports write "
				    "--free=PORTS"));
}

/* Is it only a list of ports: numbers, ranges and classes? */
static bool is_port_list(const char *word, size_t len)
{
	static const char *const classes[] = { "well-known", "registered", "dynamic", "ephemeral" };

	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (len == strlen(classes[i]) && !memcmp(word, classes[i], len))
			return true;
	for (size_t i = 0; i < len; i++)
		if (!strchr("0123456789-,!", word[i]))
			return false;
	return len && word[len - 1] >= '0' && word[len - 1] <= '9';
}

/* Catches --port=80 443, which was meant as one list. */
static int check_ports(const struct options *opt, struct buf *error)
{
	size_t len = 0;

	while (len < opt->filter.len && !strchr(" \t\n", opt->filter.data[len]))
		len++;
	for (int i = 0; i < PORT_OPTIONS; i++) {
		const struct port_filter *ports = &opt->ports[i];

		if (!ports->option || !is_port_list(opt->filter.data, len))
			continue;
		return option_fail(
			error,
			_("'%.*s' is a second list of ports in addition to %s; write one list: "
			  "%s=%.*s,%.*s"),
			(int)len, opt->filter.data, ports->option, ports->option,
			(int)(ports->text.len - ports->start), ports->text.data + ports->start,
			(int)len, opt->filter.data);
	}
	return 0;
}

int options_check(const struct options *opt, struct buf *error)
{
	int err = opt->info ? 0 : check_from(opt, error);

	if (!err && !opt->info)
		err = check_hosts(opt, error);
	if (!err && !opt->info)
		err = check_pairs(opt, error);

	if (!err && opt->is_live && opt->sort && strchr(opt->sort, ','))
		err = option_fail(error, _("--sort: the live view sorts by one column"));
	if (!err)
		err = check_interval(opt, error);
	if (!err && !opt->info)
		err = check_signal(opt, error);
	if (!err)
		err = check_why(opt, error);
	if (!err && !opt->info)
		err = check_free(opt, error);
	if (!err && !opt->info)
		err = check_events(opt, error);
	if (!err)
		err = check_ports(opt, error);
	return err ? err : check_free_words(opt, error);
}
