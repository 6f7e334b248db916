/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The documents of --from, each file read with the caller's own privileges. */
#ifndef PORTSTAT_FROM_FILES_H
#define PORTSTAT_FROM_FILES_H

#include <stdbool.h>

struct moment_list;
struct moments;
struct program;

/*
 * Reads the files of --from, by several threads, as far as --at needs them.  Returns 0, or an exit
 * status after reporting the error: a time that is none, or files of which nothing could be read.
 */
int open_documents(struct program *p);
void close_documents(struct program *p);

/* Makes the users of all documents known to the resolver, for filters. */
void tell_users(struct program *p);

/*
 * Reads the file of --diff, or the directory, into new moments; of each host that of at counts, as --at has
 * it (NULL: the last).  The caller frees them, also after an error.  Returns 0, or an exit status after
 * reporting the error, which it also is if no host has such a moment.
 */
int read_earlier(const char *path, const char *at, struct moments **out);

/* Adds the host, or how many there are, and the time of its document, for the title of the live view. */
struct buf;
void documents_text(const struct program *p, bool has_time, struct buf *out);

/*
 * The moments that the live view can step through, none without --from.  The caller frees times_ms, after
 * the view.
 */
void list_moments(const struct program *p, struct moment_list *out);

/* Are several files or hosts, or any but this one, listed, so that rows say which host is theirs? */
bool has_several_hosts(const struct program *p);

#endif
