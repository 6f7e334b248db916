/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines and cgroups of the processes that hold sockets, from /proc. */
#ifndef PORTSTAT_RESOLVE_PROCESS_TEXTS_H
#define PORTSTAT_RESOLVE_PROCESS_TEXTS_H

#include <stddef.h>

struct buf;
struct owner_index;
struct owner_key;

/* Read errors other than a lack of privilege. */
struct process_text_failures {
	size_t n; /* processes */
	int error; /* -errno of the last one; 0 for none */
};

/*
 * Reads the command lines and cgroups, as flags (enum owners_scan_flags) say, of the owners of these
 * n sockets.  The processes borrow the texts from texts, and their names from the index: nothing may
 * be added to either any more.
 */
void process_texts_read(struct owner_index *found, int proc_root, const struct owner_key *keys,
			size_t n, unsigned int flags, struct buf *texts,
			struct process_text_failures *failures);

#endif
