/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads from /proc what a scan requests of owners in addition: command lines, cgroups, parents ... */
#ifndef PORTSTAT_RESOLVE_PROCESS_TEXTS_H
#define PORTSTAT_RESOLVE_PROCESS_TEXTS_H

#include <stddef.h>

#include "base/buf.h"

struct ancestor;
struct owner_index;
struct wanted;

/* Zero-initialised is empty and ready. */
struct process_texts {
	struct buf bytes;
	struct ancestor *ancestors;
	size_t n_ancestors;
	size_t ancestors_cap;
	/* Of the last process_texts_read(): */
	size_t n_unread; /* how often a process could not be read, or its cwd or exe is hidden */
	int error; /* the last read error other than EACCES and EPERM, as -errno; 0 for none */
};

void process_texts_fini(struct process_texts *texts);

/*
 * Reads what wanted->flags (enum owners_scan_flags) selects, of the owners of the wanted sockets;
 * discards what was read before.  The processes borrow from texts and from found: do not add to
 * either while they are in use.
 */
void process_texts_read(struct process_texts *texts, struct owner_index *found, int proc_root,
			const struct wanted *wanted);

#endif
