/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of one run of the program: options, filter, columns, sources and resolver. */
#ifndef PORTSTAT_PROGRAM_H
#define PORTSTAT_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "filter_files.h"
#include "complain.h"
#include "options.h"
#include "query/collect.h"
#include "query/column_list.h"
#include "query/document_head.h"
#include "query/expected.h"
#include "query/sort.h"
#include "query/told_source.h"
#include "query/namespaces.h"
#include "resolve/own_addrs.h"
#include "resolve/resolver.h"

struct candidates;
struct moments;
struct remote_hosts;
struct containers;
struct filter;
struct recording;
struct users;

#define MAX_SORT_KEYS 16

/* The state of one run of the program. */
struct program {
	struct options opt;
	struct resolver names;
	struct sources sources;
	struct moments *moments; /* of --from; NULL: none */
	struct moments *earlier; /* of --diff; NULL: none */
	struct remote_hosts *hosts; /* of --host; NULL: none */
	struct told_source telling;
	struct namespaces namespaces;
	struct namespaces every_namespace; /* for sources.every */
	struct filter_files files; /* the files of -F */
	struct filter *filter;
	struct expected expected; /* of --except or --missing */
	struct buf expected_text; /* the file */
	struct column_list columns;
	struct sort_key sort[MAX_SORT_KEYS];
	size_t n_sort;
	struct source_record record;
	int proc_root;
	bool may_mark; /* the kernel may select by mark */
	const struct recording *recording; /* the header of the replay; NULL: none */
	struct own_addrs recorded_addrs; /* from there */
	char host[256]; /* name of this host */
	struct document_head head; /* of the JSON document */
	struct buf told; /* the problems already reported */
};

/*
 * Call these after options_parse(), read_filter_files() and open_replay().  They return 0, or an
 * exit status after reporting the error.
 */
int open_resolver(struct program *p);
int open_sources(struct program *p);

/*
 * Goes into the network namespace of --netns, which has to name one, for good, before anything else
 * is opened; the ephemeral ports are then its own.  Returns 0, or an exit status after reporting the
 * error.
 */
int enter_netns(struct program *p);

/*
 * Frees what the two above, the filter and the columns own, and closes the recording.  Returns the
 * exit status.
 */
int close_program(struct program *p, int status);

/*
 * Opens the containers of the host whose processes are read.  The caller frees them, before the
 * program is closed.
 */
struct containers *open_containers(const struct program *p);

/* Opens the candidates for sockets with hidden owners, NULL for none; freed in the same way. */
struct candidates *open_candidates(const struct program *p, const struct resolver *names);

/* Are sockets listed that are not this host's now: of a recording, of documents, of other hosts? */
static inline bool is_elsewhere(const struct program *p)
{
	return p->opt.replay || p->opt.n_from || options_remote(&p->opt);
}

/*
 * Opens the users of the host whose sockets are listed; NULL if nothing is known of them.  The caller
 * frees them.
 */
struct users *open_users(const struct program *p);

/*
 * The host whose sockets are listed, or NULL if unknown; and the Unix time in milliseconds at which
 * they were read, or 0 if unknown.
 */
const char *host_of_sockets(const struct program *p);
uint64_t time_of_sockets(const struct program *p);

/* The live view is the default on a terminal, unless an option or filter requests a listing. */
bool wants_live(const struct options *opt);

/* May output to standard output be coloured? */
bool wants_color(enum color_mode mode);

/* Must standard output be ASCII, by option or by locale? */
bool wants_ascii(const struct options *opt);

#endif
