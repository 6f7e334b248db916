/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines and cgroups of the processes that hold sockets, from /proc. */
#ifndef PORTSTAT_RESOLVE_HOLDER_TEXTS_H
#define PORTSTAT_RESOLVE_HOLDER_TEXTS_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct holdings;

/* What could not be read for another reason than privilege. */
struct holder_failures {
	size_t n; /* processes */
	int error; /* -errno of the last one; 0 for none */
};

/*
 * Reads the command lines and cgroups, as flags (enum owners_scan_flags) say, of those who hold one
 * of these n inodes.  They are in texts, and the processes borrow them from there and from their
 * holders: nothing may be added to either any more.
 */
void holder_texts_read(struct holdings *found, int proc_root, const uint32_t *inodes, size_t n,
		       unsigned int flags, struct buf *texts, struct holder_failures *failures);

#endif
