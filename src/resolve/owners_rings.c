/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owners that hold a socket as a fixed file of an io_uring, where no descriptor shows it. */
#include <config.h>

#include "resolve/owners_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/map.h"
#include "resolve/holdings.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_text.h"

/* A ring has at most a million fixed files (IORING_MAX_FIXED_FILES), each a line. */
#define FDINFO_MAX_BYTES (64U << 20)

static int compare_ring(const void *a, const void *b)
{
	const struct ring *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static int open_fdinfo(const struct walk *w, const struct ring *ring)
{
	char path[48];

	if (ring->tid == ring->pid)
		snprintf(path, sizeof(path), "%d/fdinfo", ring->pid);
	else
		snprintf(path, sizeof(path), "%d/task/%d/fdinfo", ring->pid, ring->tid);
	return proc_dir_open(w->proc_root, path);
}

static int read_ring(struct walk *w, const struct ring *ring, struct buf *text)
{
	struct walk_table t = {
		.process = ring->tid == ring->pid ? ".." : "../../..",
		.pid = ring->pid,
		.tid = ring->tid,
		.via = OWNER_VIA_IO_URING,
	};
	size_t first = w->out->n_holdings, pos = 0;
	uint64_t inode;
	char path[16];
	int err;

	t.dir = open_fdinfo(w, ring);
	if (t.dir < 0)
		return t.dir;
	buf_clear(text);
	snprintf(path, sizeof(path), "%d", ring->fd);
	err = proc_file_read(t.dir, path, FDINFO_MAX_BYTES, text);
	while (!err && proc_ring_inode(text->data, text->len, &pos, &inode)) {
		if (map_get(w->wanted, (uint32_t)inode) == MAP_NONE)
			continue;
		holdings_add(w->out, &(struct holding){
					     .inode = (uint32_t)inode,
					     .fd = ring->fd,
					     .via = OWNER_VIA_IO_URING,
				     });
	}
	if (!err)
		err = walk_settle(w, &t, first);
	close(t.dir);
	return err;
}

void walk_rings(struct walk *w)
{
	struct buf text = { 0 };

	/* Those of threads stand behind those of processes. */
	if (w->out->n_rings)
		qsort(w->out->rings, w->out->n_rings, sizeof(*w->out->rings), compare_ring);
	for (size_t i = 0; i < w->out->n_rings; i++)
		holdings_note_error(w->out, w->out->rings[i].pid,
				    read_ring(w, &w->out->rings[i], &text));
	buf_fini(&text);
}
