/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom a signal or a close is about: the processes or sockets of rows, once each. */
#ifndef PORTSTAT_LIVE_TARGETS_H
#define PORTSTAT_LIVE_TARGETS_H

#include "live/jobs.h"

struct cells;
struct live_item;
struct tags;
struct live_tree;

/* A job for the tagged rows, or else the item; it may have no target.  The caller frees it. */
struct job *targets_of(enum job_kind kind, const struct cells *cells, const struct live_item *item,
		       const struct tags *tags);

/* Why there is none: a sentence, translated. */
const char *targets_why_none(enum job_kind kind, const struct live_tree *tree,
			     const struct live_item *item, const struct tags *tags);

#endif
