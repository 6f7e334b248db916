/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the command line into struct options, and prints help. */
#ifndef PORTSTAT_OPTIONS_H
#define PORTSTAT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "live/theme.h"
#include "resolve/owners.h"

enum format {
	FORMAT_TABLE,
	FORMAT_JSON,
	FORMAT_JSON_LINES,
	FORMAT_CSV,
	FORMAT_METRICS, /* of Prometheus */
	FORMAT_FILTERS, /* rows as filters */
};

enum color_mode {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER,
};

enum source_kind {
	SOURCE_KIND_AUTO, /* netlink, or /proc/net if that fails */
	SOURCE_KIND_NETLINK,
	SOURCE_KIND_PROCFS,
};

enum info_request {
	INFO_NONE,
	INFO_SCREEN, /* -h */
	INFO_HELP, /* --help */
	INFO_VERSION,
	INFO_COLUMNS, /* --columns=help */
	INFO_EVENTS, /* --events=help */
};

/* The options with a list of ports: --port, --local-port, --remote-port, --free. */
#define PORT_OPTIONS 4

/*
 * An option with a list of ports is a filter "port == LIST", with the lists of all its occurrences.
 */
struct port_filter {
	const char *option; /* for example "--port"; NULL: not given */
	struct buf text;
	size_t start; /* offset of LIST in text */
};

/* The most ports that --knock takes. */
#define KNOCK_PORTS 16

/* The value of --wait or --wait-none. */
struct wait_option {
	bool is_given;
	bool is_endless; /* without a value */
	uint32_t ms;
};

/* Strings are borrowed from argv. */
struct options {
	enum info_request info;
	const char *help_word; /* what --help is asked about; NULL: everything */
	unsigned int protos; /* PROTO_BIT()s; 0: none was given */
	unsigned int families; /* FAMILY_BIT()s; 0: none was given */
	bool is_listing; /* an option that requests a listing, or a filter, was given */
	bool is_all;
	bool is_listening;
	bool is_numeric;
	bool is_extended;
	bool has_info;
	bool has_memory;
	bool has_timers;
	bool has_hosts;
	bool is_summary;
	bool no_header;
	bool is_wide;
	bool is_null;
	bool is_quiet;
	bool is_strict;
	bool is_explaining;
	bool is_ascii;
	bool has_forwards;
	bool is_live;
	bool is_read_only;
	bool no_config;
	bool no_mouse;
	enum format format;
	enum color_mode color;
	enum theme theme; /* of the live view; THEME_UNSET: as configured */
	enum source_kind source;
	enum owners_method owners;
	uint32_t watch_ms; /* 0: one listing */
	struct wait_option wait;
	struct wait_option wait_none;
	bool is_signal;
	int signal;
	bool is_close;
	bool is_agreed; /* --yes */
	bool is_dry_run;
	bool is_events;
	unsigned int event_kinds; /* EVENT_BIT()s; all without a value */
	uint16_t knock[KNOCK_PORTS]; /* the ports of --knock, in order */
	size_t n_knock; /* 0: not given */
	bool is_free;
	uint16_t free_count; /* 0: --count was not given */
	uint32_t interval_ms; /* of the live view */
	bool has_interval;
	const char *columns;
	const char *summary; /* the columns of --summary; NULL: not given */
	const char *sort;
	const char *proc_root;
	const char *record;
	const char *except; /* a file of filters; rows that it expects are not listed; or NULL */
	const char *missing; /* the same; its lines without a row are listed; or NULL */
	const char *diff; /* a document; what is not as it was there is listed; or NULL */
	const char *output; /* the file that is replaced; NULL: standard output */
	const char *
		netns; /* names of network namespaces, with commas between them; NULL: the own one */
	const char *replay;
	bool is_why;
	const char *why; /* --why=PORT; NULL: the FILTER word is the port */
	const char *as_user; /* --as; NULL: the caller */
	bool no_try;
	struct port_filter ports[PORT_OPTIONS];
	const char **from; /* --from, in order; only the array is owned */
	size_t n_from;
	size_t from_cap;
	const char *at;
	const char **hosts; /* --host, each a list, in order; only the array is owned */
	size_t n_hosts;
	size_t hosts_cap;
	const char *hosts_file; /* --hosts; NULL: not given */
	const char *via; /* --via; NULL: ssh */
	uint32_t timeout_ms; /* of each host; 0: not given */
	const char *query; /* --query: what another portstat asks; NULL: not given */
	struct buf query_words; /* decoded; the strings of its options are borrowed from here */
	const char **filter_files; /* -F, in order; only the array is owned */
	size_t n_filter_files;
	size_t filter_files_cap;
	const char *number_after_p; /* -p 80: a pid was perhaps meant; NULL: none */
	struct buf filter; /* FILTER words, separated by spaces */
};

/*
 * Parses the command line. 0, or -EINVAL with a translated sentence in error that names the wrong
 * part and what was expected.  Call options_fini() in either case.
 */
int options_parse(struct options *opt, int argc, char **argv, struct buf *error);
void options_fini(struct options *opt);

/* The option that acts upon the rows, --signal or --close; NULL: neither was given. */
static inline const char *options_act(const struct options *opt)
{
	if (opt->is_signal)
		return "--signal";
	return opt->is_close ? "--close" : NULL;
}

/* Are other hosts listed? */
static inline bool options_remote(const struct options *opt)
{
	return opt->n_hosts || opt->hosts_file;
}

/* Was --wait or --wait-none given? */
static inline bool options_wait(const struct options *opt)
{
	return opt->wait.is_given || opt->wait_none.is_given;
}

/* Print -h (one screen of 80x24), and --help (every option). */
void options_print_screen(FILE *out);
void options_print_help(FILE *out);

/* Prints the lines of --help that contain the word, in any case.  Returns their number. */
size_t options_print_help_on(FILE *out, const char *word);

#endif
