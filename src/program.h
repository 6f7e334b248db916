/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one run of the program holds, and how it speaks to who started it. */
#ifndef PORTSTAT_PROGRAM_H
#define PORTSTAT_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "filter_files.h"
#include "complain.h"
#include "options.h"
#include "query/collect.h"
#include "query/column_list.h"
#include "query/sort.h"
#include "resolve/resolver.h"

struct containers;
struct filter;
struct ifaces;
struct recording;

#define MAX_SORT_KEYS 16

/* All that one run of the program holds. */
struct program {
	struct options opt;
	struct resolver names;
	struct sources sources;
	struct filter_files files; /* those that belong to the filter's text */
	struct filter *filter;
	struct column_list columns;
	struct sort_key sort[MAX_SORT_KEYS];
	size_t n_sort;
	struct source_record record;
	int proc_root;
	bool may_mark; /* the kernel may be asked for marks */
	const struct recording *recording; /* the header of what is replayed; NULL: none */
	char host[256]; /* this host */
	struct buf told; /* the problems that standard error knows already */
};

/*
 * The options, and the files of filters and the replay, have been read.  Each returns 0, or an exit status
 * when it has said what is wrong.
 */
int open_resolver(struct program *p);
int open_sources(struct program *p);

/* Frees everything that the two above and the selection made; closes the recording. */
int close_program(struct program *p, int status);

/* The containers of the host whose processes are read; the caller's, to be freed before program. */
struct containers *open_containers(const struct program *p);

/* What a replay knows of its host's interfaces. */
void tell_ifaces(const struct program *p, struct ifaces *ifaces);

/*
 * The host whose sockets are listed, NULL where it is not known, and when they were so: Unix time in
 * milliseconds, 0 where it is not known.
 */
const char *host_of_sockets(const struct program *p);
uint64_t time_of_sockets(const struct program *p);

/* The inode of the network namespace that is listed; 0 where it is not known. */
uint64_t inode_of_netns(const struct program *p);

/* May what goes to standard output be coloured? */
bool wants_color(enum color_mode mode);

/* Is standard output for ASCII alone, by option or by locale? */
bool wants_ascii(const struct options *opt);

#endif
