/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tagged rows, by identity: Kill and Close act on all of them. */
#ifndef PORTSTAT_LIVE_TAGS_H
#define PORTSTAT_LIVE_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

struct frame;
struct live_tree;

/* Zero-initialised: no tags. */
struct tags {
	struct map ids; /* live_tree_tag_id() to 1, or 0 if removed */
	size_t n;
};

void tags_fini(struct tags *tags);

/* Get, set or remove, and remove all tags.  ids are those of live_tree_tag_id(). */
bool tags_has(const struct tags *tags, uint64_t id);
void tags_set(struct tags *tags, uint64_t id, bool is_on);
void tags_clear(struct tags *tags);

/* Is any row of the tree tagged, folded or not? */
bool tags_are_in(const struct tags *tags, const struct live_tree *tree);

/*
 * After a refresh: removes the tags of closed rows, and follows rows whose identity changed.
 * before: the frame shown until now; NULL: none.
 */
void tags_follow(struct tags *tags, const struct frame *now, const struct frame *before);

#endif
