/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the targets of Kill or Close: the processes or sockets of rows, each once. */
#ifndef PORTSTAT_LIVE_TARGETS_H
#define PORTSTAT_LIVE_TARGETS_H

#include "action/jobs.h"

struct cells;
struct live_item;
struct tags;
struct live_tree;
struct why_job;

/* So many sockets are more than any screen shows. */
#define TARGETS_SHOWN 1000

/*
 * A job for the tagged rows, or else for the item; it may have no targets.  most: of more sockets to close, or
 * that a process holds, which can be a million, the rest is left out.  The caller frees it.
 */
struct job *targets_of(enum job_kind kind, const struct cells *cells, const struct live_item *item,
		       const struct tags *tags, size_t most);

/* A job that asks why about the local end of the item's row; NULL if it has none that can be asked. */
struct why_job *targets_question(const struct cells *cells, const struct live_item *item);

/* Why there are no targets: a translated sentence. */
const char *targets_why_none(enum job_kind kind, const struct live_tree *tree,
			     const struct live_item *item, const struct tags *tags);

#endif
