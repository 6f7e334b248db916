/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tags: rows that Close and Kill ask about at once, by identity. */
#ifndef PORTSTAT_LIVE_TAGS_H
#define PORTSTAT_LIVE_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

struct frame;
struct live_tree;

/* Zero-initialised: none. */
struct tags {
	struct map ids; /* see live_tree_tag_id(): to 1, or 0 */
	size_t n;
};

void tags_fini(struct tags *tags);
bool tags_has(const struct tags *tags, uint64_t id);
void tags_set(struct tags *tags, uint64_t id, bool is_on);
void tags_clear(struct tags *tags);

/* Is something tagged among the rows that the tree is made of, folded or not? */
bool tags_are_in(const struct tags *tags, const struct live_tree *tree);

/*
 * After a new look: what is gone is not tagged any more, what has a new identity still is.  before:
 * the frame that was shown until now; NULL: none was.
 */
void tags_follow(struct tags *tags, const struct frame *now, const struct frame *before);

#endif
