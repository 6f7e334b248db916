/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ancestors of a process: its parent, the parent of that, and so on up to process 1. */
#ifndef PORTSTAT_RESOLVE_ANCESTORS_H
#define PORTSTAT_RESOLVE_ANCESTORS_H

#include <stddef.h>
#include <stdint.h>

struct buf;

struct ancestor {
	uint64_t start_time; /* clock ticks after boot; with pid, identifies the process */
	int32_t pid;
	uint32_t name_len;
	char name[64]; /* bytes from outside, not terminated (comm) */
};

/* The most that are read of a process, the nearest ones. */
#define ANCESTORS_MAX 64

/*
 * Reads the ancestors of the process with this pid and start time, below proc_root (a descriptor of
 * a /proc directory), into list: the oldest first, its parent last.  Stops at process 1, and at one
 * whose parent has exited, is hidden or has no pid in the reader's namespace.  Sets *n to how many
 * there are.  Returns 0, or -errno if the process itself cannot be read; -ESRCH: it has exited.
 */
int ancestors_read(int proc_root, int32_t pid, uint64_t start_time,
		   struct ancestor list[static ANCESTORS_MAX], size_t *n);

/* Adds them as "systemd[1] > bash[7702]"; names are not made visible. */
void ancestors_text(const struct ancestor *list, size_t n, struct buf *out);

#endif
