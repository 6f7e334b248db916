/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the command line into struct options, and prints help. */
#include <config.h>

#include "options.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "action/signal_names.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/number.h"
#include "events/event.h"
#include "model/port_set.h"
#include "model/sock.h"
#include "option_hints.h"
#include "option_query.h"
#include "option_scan.h"
#include "option_table.h"
#include "options_check.h"
#include "remote/query_word.h"

/* The index of a word in a fixed set; or -EINVAL, with the valid words in error. */
static int choose(const char *name, const char *value, const char *const *words, struct buf *error)
{
	struct buf all = { 0 };

	for (int i = 0; words[i]; i++)
		if (!strcmp(value, words[i]))
			return i;
	for (int i = 0; words[i]; i++)
		buf_printf(&all, "%s%s", i ? ", " : "", words[i]);
	option_fail(error, _("invalid value '%s' for %s; valid values are: %s"), value, name,
		    buf_cstr(&all));
	buf_fini(&all);
	return -EINVAL;
}

/* Which values an option takes, in seconds. */
struct seconds {
	double least;
	double most;
};

/* Parses seconds with an optional fraction to milliseconds. */
static int parse_seconds(const char *name, const char *text, struct seconds valid, uint32_t *ms,
			 struct buf *error)
{
	char *end;
	double seconds;

	errno = 0;
	seconds = strtod(text, &end);
	if (end == text || *end || errno || !isfinite(seconds) || seconds < valid.least ||
	    seconds > valid.most)
		return option_fail(
			error, _("invalid value '%s' for %s; valid values are %g to %g (seconds)"),
			text, name, valid.least, valid.most);
	*ms = (uint32_t)(seconds * 1000 + 0.5);
	return 0;
}

static int set_wait(struct wait_option *wait, const char *name, const char *value,
		    struct buf *error)
{
	*wait = (struct wait_option){ .is_given = true, .is_endless = !value };
	return value ? parse_seconds(name, value, (struct seconds){ 0, 86400 }, &wait->ms, error)
		     : 0;
}

static int set_signal(struct options *opt, const char *value, struct buf *error)
{
	opt->is_signal = true;
	opt->signal = SIGTERM;
	if (!value || signal_parse(value, &opt->signal))
		return 0;
	return option_fail(
		error,
		_("invalid value '%s' for --signal; valid values are names such as HUP or "
		  "SIGKILL, and numbers from 1 to %d"),
		value, SIGRTMAX);
}

static int set_events(struct options *opt, const char *value, struct buf *error)
{
	struct nearest nearest;
	struct buf all = { 0 };
	size_t pos, len;

	opt->event_kinds = EVENT_ANY;
	if (value && !strcmp(value, "help")) {
		opt->info = INFO_EVENTS;
		return 0;
	}
	if (!value || !event_kinds_parse(value, &opt->event_kinds, &pos, &len))
		return 0;
	nearest_start(&nearest, value + pos, len);
	for (unsigned int i = 0; i < EVENT_KINDS; i++) {
		buf_printf(&all, "%s%s", i ? ", " : "", event_kinds[i].word);
		nearest_try(&nearest, event_kinds[i].word);
	}
	if (nearest.found)
		option_fail(error, _("invalid value '%.*s' for %s; did you mean '%s'?"), (int)len,
			    value + pos, "--events", nearest.found);
	else
		option_fail(error, _("invalid value '%.*s' for %s; valid values are: %s"), (int)len,
			    value + pos, "--events", buf_cstr(&all));
	buf_fini(&all);
	return -EINVAL;
}

static int set_count(struct options *opt, const char *value, struct buf *error)
{
	uint64_t count;

	if (number_parse(value, strlen(value), PORT_MAX, &count) || !count)
		return option_fail(error,
				   _("invalid value '%s' for --count; valid values are 1 to %u"),
				   value, PORT_MAX);
	opt->free_count = (uint16_t)count;
	return 0;
}

static int set_knock(struct options *opt, const char *value, struct buf *error)
{
	size_t len;

	opt->n_knock = 0;
	for (const char *at = value;; at += len + 1) {
		uint64_t port;

		len = strcspn(at, ",");
		if (opt->n_knock == KNOCK_PORTS || number_parse(at, len, PORT_MAX, &port) || !port)
			return option_fail(error,
					   _("invalid value '%s' for --knock; valid are up to %d "
					     "ports in their order, such as 7000,8000,9000"),
					   value, KNOCK_PORTS);
		opt->knock[opt->n_knock++] = (uint16_t)port;
		if (!at[len])
			return 0;
	}
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
	} else if (id == OPTION_THEME) {
		chosen = choose("--theme", value, theme_words, error);
		opt->theme = (enum theme)(THEME_AUTO + chosen);
	} else if (id == OPTION_SOURCE) {
		chosen = choose("--source", value, sources, error);
		opt->source = (enum source_kind)chosen;
	} else {
		chosen = choose("--owners", value, owners, error);
		opt->owners = (enum owners_method)chosen;
	}
	return chosen < 0 ? chosen : 0;
}

/* Adjacent lists are one list, as in filters.  After "==" only a list can follow. */
static void add_ports(struct port_filter *filter, int id, const char *list)
{
	static const struct {
		const char *option;
		const char *key;
	} ports[] = {
		[0] = { "--port", "port" },
		[OPTION_LOCAL_PORT - OPTION_PORT] = { "--local-port", "lport" },
		[OPTION_REMOTE_PORT - OPTION_PORT] = { "--remote-port", "rport" },
		[OPTION_FREE - OPTION_PORT] = { "--free", "lport" },
	};

	if (filter->option) {
		buf_char(&filter->text, ',');
	} else {
		filter->option = ports[id - OPTION_PORT].option;
		buf_printf(&filter->text, "%s == ", ports[id - OPTION_PORT].key);
		filter->start = filter->text.len;
	}
	buf_str(&filter->text, list);
}

#define INTERVALS ((struct seconds){ 0.1, 3600 })

/* Sets an option that does not just keep its value. */
static int set_value(struct options *opt, int id, const char *value, struct buf *error)
{
	switch (id) {
	case OPTION_PORT:
	case OPTION_LOCAL_PORT:
	case OPTION_REMOTE_PORT:
		add_ports(&opt->ports[id - OPTION_PORT], id, value);
		return 0;
	case OPTION_COLUMNS:
		opt->columns = value;
		if (!strcmp(value, "help"))
			opt->info = INFO_COLUMNS;
		return 0;
	case 'N':
		opt->netns = value;
		if (!*value || value[strspn(value, ",")] == '\0')
			return option_fail(error,
					   _("--netns needs a name; valid values are: all, host, "
					     "NAME, pid:N, PATH"));
		return 0;
	case 'F':
		opt->filter_files = mem_grow(opt->filter_files, opt->n_filter_files,
					     &opt->filter_files_cap, sizeof(*opt->filter_files));
		opt->filter_files[opt->n_filter_files++] = value;
		return 0;
	case OPTION_FROM:
		opt->from = mem_grow(opt->from, opt->n_from, &opt->from_cap, sizeof(*opt->from));
		opt->from[opt->n_from++] = value;
		return 0;
	case OPTION_EVENTS:
		return set_events(opt, value, error);
	case OPTION_HOST:
		opt->hosts =
			mem_grow(opt->hosts, opt->n_hosts, &opt->hosts_cap, sizeof(*opt->hosts));
		opt->hosts[opt->n_hosts++] = value;
		return 0;
	case OPTION_TIMEOUT:
		return parse_seconds("--timeout", value, INTERVALS, &opt->timeout_ms, error);
	case OPTION_WATCH:
		return parse_seconds("--watch", value ? value : "2", INTERVALS, &opt->watch_ms,
				     error);
	case OPTION_WAIT:
		return set_wait(&opt->wait, "--wait", value, error);
	case OPTION_WAIT_NONE:
		return set_wait(&opt->wait_none, "--wait-none", value, error);
	case OPTION_FREE:
		opt->is_free = true;
		if (value)
			add_ports(&opt->ports[id - OPTION_PORT], id, value);
		return 0;
	case OPTION_KNOCK:
		return set_knock(opt, value, error);
	case OPTION_COUNT:
		return set_count(opt, value, error);
	case OPTION_SIGNAL:
		return set_signal(opt, value, error);
	case OPTION_INTERVAL:
		/* 0 plays a recording step by step. */
		opt->has_interval = true;
		opt->interval_ms = 0;
		return strcmp(value, "0") ? parse_seconds("--interval", value, INTERVALS,
							  &opt->interval_ms, error)
					  : 0;
	}
	return set_choice(opt, id, value, error);
}

/* Sets options that add to a set or request information. */
static void set_selection(struct options *opt, int id)
{
	enum sock_proto proto;

	if (proto_by_letter(id, &proto)) {
		opt->protos |= PROTO_BIT(proto);
		return;
	}
	switch (id) {
	case '4':
		opt->families |= FAMILY_BIT(ADDR_INET);
		return;
	case '6':
		opt->families |= FAMILY_BIT(ADDR_INET6);
		return;
	case 'c':
		opt->watch_ms = 1000;
		return;
	case 'h':
		opt->info = INFO_SCREEN;
		return;
	case OPTION_HELP:
		opt->info = INFO_HELP;
		return;
	case 'V':
		opt->info = INFO_VERSION;
		return;
	}
}

static int set_format(struct options *opt, enum format format, struct buf *error)
{
	if (opt->format != FORMAT_TABLE && opt->format != format)
		return options_not_together(options_format(opt->format), options_format(format),
					    error);
	opt->format = format;
	return 0;
}

static int set_option(struct options *opt, const struct option_def *def, const char *value,
		      struct buf *error)
{
	opt->is_listing = opt->is_listing || def->is_listing;
	if (def->flag)
		*(bool *)((char *)opt + def->flag) = true;
	if (def->text)
		*(const char **)((char *)opt + def->text) = value;
	else if (def->arg)
		return set_value(opt, def->id, value, error);
	switch (def->id) {
	case 's':
		if (value && !strcmp(value, "help"))
			opt->info = INFO_COLUMNS;
		return 0;
	case OPTION_JSON:
		return set_format(opt, FORMAT_JSON, error);
	case OPTION_JSON_LINES:
		return set_format(opt, FORMAT_JSON_LINES, error);
	case OPTION_CSV:
		return set_format(opt, FORMAT_CSV, error);
	case OPTION_AS_FILTERS:
		return set_format(opt, FORMAT_FILTERS, error);
	case OPTION_METRICS:
		return set_format(opt, FORMAT_METRICS, error);
	}
	if (!def->flag && !def->text)
		set_selection(opt, def->id);
	return 0;
}

static int add_filter_word(struct options *opt, const char *word, struct buf *error)
{
	/* "--help WORD" asks about the word. */
	if (opt->info == INFO_HELP) {
		opt->help_word = word;
		return 0;
	}
	/* An unset variable in a script must not list everything. */
	if (!word[strspn(word, " \t\n")])
		return option_fail(error, _("the FILTER is empty; write a port, a range of ports "
					    "or a test"));
	if (opt->filter.len)
		buf_char(&opt->filter, ' ');
	buf_str(&opt->filter, word);
	opt->is_listing = true;
	return 0;
}

static int parse_all(struct options *opt, int argc, char **argv, bool is_query, struct buf *error)
{
	struct option_scan scan;
	struct option_item item;
	int err;

	option_scan_init(&scan, argc, argv);
	while ((err = option_scan_next(&scan, &item, error)) > 0) {
		if (item.def && is_query && !option_is_of_query(item.def))
			err = option_fail(error, _("--query: '%s' cannot be asked by another host"),
					  item.def->name ? item.def->name : "-c");
		else if (item.def)
			err = set_option(opt, item.def, item.value, error);
		else
			err = add_filter_word(opt, item.value, error);
		if (err)
			break;
		if (item.def && item.def->id == 'p')
			opt->number_after_p = option_scan_number(&scan);
	}
	return err;
}

/* The words that another portstat asks are parsed as if they stood in the command line. */
static int parse_query(struct options *opt, struct buf *error)
{
	struct buf *words = &opt->query_words;
	char **argv;
	int argc = 1, err;

	if (query_word_decode(opt->query, strlen(opt->query), words))
		return option_fail(error, _("--query: '%s' is nothing that portstat asks"),
				   opt->query);
	argv = mem_calloc(words->len + 1, sizeof(*argv));
	for (size_t i = 0; i < words->len; i += strlen(words->data + i) + 1)
		argv[argc++] = words->data + i;
	err = parse_all(opt, argc, argv, true, error);
	free(argv);
	return err;
}

int options_parse(struct options *opt, int argc, char **argv, struct buf *error)
{
	int err;

	*opt = (struct options){ .interval_ms = 2000 };
	err = parse_all(opt, argc, argv, false, error);
	if (!err && opt->query)
		err = parse_query(opt, error);
	return err ? err : options_check(opt, error);
}

void options_fini(struct options *opt)
{
	buf_fini(&opt->filter);
	free(opt->filter_files);
	free(opt->from);
	free(opt->hosts);
	buf_fini(&opt->query_words);
	for (int i = 0; i < PORT_OPTIONS; i++)
		buf_fini(&opt->ports[i].text);
}
