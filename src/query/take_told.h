/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes a snapshot of what documents told, as snapshot_take() does of what this host tells. */
#ifndef PORTSTAT_QUERY_TAKE_TOLD_H
#define PORTSTAT_QUERY_TAKE_TOLD_H

#include <stdbool.h>
#include <stddef.h>

struct plan;
struct snapshot;
struct sources;

/* For an empty snapshot.  Returns 0 or -errno, as tell() of struct told_source. */
int snapshot_take_told(struct snapshot *snap, const struct plan *plan,
		       const struct sources *sources);

/*
 * Adds to the snapshot's problems what the plan asks for and the documents do not have, by what was
 * selected when they were made.
 */
void told_add_lacking(struct snapshot *snap, const struct plan *plan,
		      const struct sources *sources);

/* Is the namespace, by its index in the snapshot, one of those chosen with --netns? */
bool told_netns_is_chosen(const struct snapshot *snap, size_t netns, const struct sources *sources);

#endif
