/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tagged rows, by identity: Kill and Close act on all of them. */
#include <config.h>

#include "live/tags.h"

#include "live/frame.h"
#include "live/groups.h"
#include "live/tree.h"

void tags_fini(struct tags *tags)
{
	map_fini(&tags->ids);
	tags->n = 0;
}

bool tags_has(const struct tags *tags, uint64_t id)
{
	return map_get(&tags->ids, id) == 1;
}

void tags_set(struct tags *tags, uint64_t id, bool is_on)
{
	if (tags_has(tags, id) == is_on)
		return;
	*map_add(&tags->ids, id, 0, NULL) = is_on;
	tags->n = is_on ? tags->n + 1 : tags->n - 1;
}

void tags_clear(struct tags *tags)
{
	map_clear(&tags->ids);
	tags->n = 0;
}

bool tags_are_in(const struct tags *tags, const struct live_tree *tree)
{
	for (size_t i = 0; i < tree->rows.n; i++)
		if (tags_has(tags, frame_id(tree->rows.frame, &tree->rows.list[i])))
			return true;
	for (size_t i = 0; i < tree->groups.n; i++)
		if (tags_has(tags, tree->groups.list[i].id))
			return true;
	return false;
}

static void see(const struct tags *tags, uint64_t id, struct map *seen)
{
	if (tags_has(tags, id))
		map_add(seen, id, 0, NULL);
}

/* Adds to seen which tags a row has: its own, its peer's, its processes'. */
static void see_row(const struct tags *tags, const struct frame *f, const struct row *row,
		    struct map *seen)
{
	const struct known_owner *last = frame_last_owner(f, row);
	struct owner_span owners = row_owners(&f->snap, row);

	see(tags, frame_id(f, row), seen);
	if (sock_has(row->sk, SOCK_HAS_PEER))
		see(tags, group_peer_id(row->sk), seen);
	if (last && last->pid)
		see(tags, group_process_id(last->pid, last->start_time), seen);
	for (size_t i = 0; i < owners.n; i++) {
		const struct process *p = snapshot_process(&f->snap, owners.list[i].process);

		see(tags, group_process_id(p->pid, p->start_time), seen);
	}
}

static void see_frame(const struct tags *tags, const struct frame *f, struct map *seen)
{
	for (size_t i = 0; i < f->snap.n_rows; i++)
		see_row(tags, f, &f->snap.rows[i], seen);
	for (size_t i = 0; i < f->n_ghosts; i++)
		see_row(tags, f, &f->ghosts[i].history.row, seen);
}

static void follow_renamed(struct tags *tags, const struct frame *f)
{
	for (size_t i = 0; i < f->n_renamed; i++) {
		if (!tags_has(tags, f->renamed[i].previous_id))
			continue;
		tags_set(tags, f->renamed[i].previous_id, false);
		tags_set(tags, f->renamed[i].id, true);
	}
}

void tags_follow(struct tags *tags, const struct frame *now, const struct frame *before)
{
	struct map seen_before = { 0 }, seen_now = { 0 };

	if (!tags->n || !before)
		return;
	follow_renamed(tags, now);
	/* If the query changed, a missing row may only be filtered out. */
	if (frame_is_like(now, before)) {
		see_frame(tags, before, &seen_before);
		see_frame(tags, now, &seen_now);
	}
	for (size_t i = 0; i < seen_before.cap; i++) {
		const struct map_slot *slot = &seen_before.slots[i];

		if (slot->value != MAP_NONE && map_get(&seen_now, slot->key) == MAP_NONE)
			tags_set(tags, slot->key, false);
	}
	map_fini(&seen_before);
	map_fini(&seen_now);
}
