/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What messages and dialogs call a process or a socket; safe for a terminal. */
#ifndef PORTSTAT_QUERY_LABELS_H
#define PORTSTAT_QUERY_LABELS_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct column;
struct process;
struct row;
struct snapshot;

/* Each adds to out; with ascii_only no characters outside ASCII. */

/* "nginx[812]" */
void label_process(const struct process *process, bool ascii_only, struct buf *out);

/* The user of an owner of the row, by its index in row_owners(): "www-data", or the uid. */
void label_user(const struct snapshot *snap, const struct row *row, size_t owner, bool ascii_only,
		struct buf *out);

/* The columns of a socket's ends, to be found once for many sockets. */
struct label_ends {
	const struct column *local;
	const struct column *peer;
};
struct label_ends label_ends(void);

/* "tcp 127.0.0.1:80 > 127.0.0.1:40000" */
void label_socket(const struct label_ends *ends, const struct snapshot *snap, const struct row *row,
		  bool ascii_only, struct buf *out);

#endif
