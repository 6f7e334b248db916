/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owners found by walking over the descriptors below /proc. */
#ifndef PORTSTAT_RESOLVE_OWNERS_WALK_H
#define PORTSTAT_RESOLVE_OWNERS_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resolve/owners.h"

struct holdings;
struct map;

struct walk {
	int proc_root;		  /* borrowed */
	bool is_own_namespace;	  /* kcmp(2) takes the pids of this /proc */
	const struct map *wanted; /* inodes; borrowed */
	struct holdings *out;	  /* borrowed */
	char *room;		  /* PROC_DIR_ROOM bytes; borrowed */
};

/* A folder with descriptors, and whose it is. */
struct walk_table {
	int dir;	     /* /proc/PID/fd or /proc/PID/task/TID/fd, or fdinfo */
	const char *process; /* the process's folder, as seen from dir */
	int32_t pid;
	int32_t tid;
	enum owner_via via;
};

/*
 * Reads every process's own descriptors: adds to out all processes that are listed, the holders of
 * wanted inodes and the rings that came along.  -errno where the processes cannot be listed.
 */
int walk_processes(struct walk *w);

/* Reads the descriptor tables that threads have for themselves, of the processes listed in out. */
void walk_threads(struct walk *w);

/* Reads the fixed files of the rings in out. */
void walk_rings(struct walk *w);

/*
 * Gives the holdings in out from first on to their process, which is now read.  Where it is gone,
 * or another one than was found before under its number, they are dropped.  0 or -errno.
 */
int walk_settle(struct walk *w, const struct walk_table *t, size_t first);

#endif
