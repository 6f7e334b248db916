/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the command lines and cgroups of owners from /proc. */
#ifndef PORTSTAT_RESOLVE_PROCESS_TEXTS_H
#define PORTSTAT_RESOLVE_PROCESS_TEXTS_H

#include <stddef.h>

struct buf;
struct owner_index;
struct owner_key;

/* Read errors other than EACCES and EPERM. */
struct process_text_failures {
	size_t n; /* how many */
	int error; /* -errno of the last one; 0 for none */
};

/*
 * Reads the command lines and cgroups, as selected by flags (enum owners_scan_flags), of the owners
 * of these n sockets into texts, whose contents are discarded first.  The processes borrow from
 * texts and from found: do not add to either while they are in use.
 */
void process_texts_read(struct owner_index *found, int proc_root, const struct owner_key *keys,
			size_t n, unsigned int flags, struct buf *texts,
			struct process_text_failures *failures);

#endif
