/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tags: rows that Close and Kill ask about at once, by identity. */
#include <config.h>

#include "live/state_parts.h"

/* Tags go by the socket: it is tagged below each of its processes and in each view. */
static uint64_t tag_id(const struct live_state *s, const struct live_item *item)
{
	if (item->kind == ITEM_ROW)
		return frame_note(s->frame, &s->rows[item->at])->id;
	return item->id;
}

bool state_is_tagged(const struct live_state *s, uint64_t id)
{
	return map_get(&s->tags, id) == 1;
}

static void set_tag(struct live_state *s, uint64_t id, bool is_on)
{
	if (state_is_tagged(s, id) == is_on)
		return;
	*map_add(&s->tags, id, 0, NULL) = is_on;
	s->n_tags = is_on ? s->n_tags + 1 : s->n_tags - 1;
}

void state_toggle_tag(struct live_state *s)
{
	const struct live_item *item = state_current(s);
	uint64_t id;

	if (!item)
		return;
	id = tag_id(s, item);
	set_tag(s, id, !state_is_tagged(s, id));
	state_move(s, 1);
}

void state_untag(struct live_state *s)
{
	map_clear(&s->tags);
	s->n_tags = 0;
}

bool state_has_tagged(const struct live_state *s)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (state_is_tagged(s, frame_note(s->frame, &s->rows[i])->id))
			return true;
	for (size_t i = 0; i < s->n_groups; i++)
		if (state_is_tagged(s, s->groups[i].id))
			return true;
	return false;
}

/* ---- what a look changes ---- */

static void see(const struct live_state *s, uint64_t id, struct map *seen)
{
	if (state_is_tagged(s, id))
		map_add(seen, id, 0, NULL);
}

/* Which of the tagged ones a row brings: itself, its peer, its processes. */
static void see_row(const struct live_state *s, const struct frame *f, const struct row *row,
		    struct map *seen)
{
	const struct ghost *ghost = frame_ghost(f, row);
	struct owner_span owners = row_owners(&f->snap, row);

	see(s, frame_note(f, row)->id, seen);
	if (sock_has(row->sk, SOCK_HAS_PEER))
		see(s, group_peer_id(row->sk), seen);
	if (ghost && ghost->owner.pid)
		see(s, group_process_id(ghost->owner.pid, ghost->owner.start_time), seen);
	for (size_t i = 0; i < owners.n; i++) {
		const struct process *p = snapshot_process(&f->snap, owners.list[i].process);

		see(s, group_process_id(p->pid, p->start_time), seen);
	}
}

static void see_frame(const struct live_state *s, const struct frame *f, struct map *seen)
{
	for (size_t i = 0; i < f->snap.n_rows; i++)
		see_row(s, f, &f->snap.rows[i], seen);
	for (size_t i = 0; i < f->n_ghosts; i++)
		see_row(s, f, &f->ghosts[i].note.row, seen);
}

static void follow_renamed(struct live_state *s)
{
	const struct frame *f = s->frame;

	for (size_t i = 0; i < f->snap.n_rows; i++) {
		const struct row_note *note = frame_note(f, &f->snap.rows[i]);

		if (note->was && state_is_tagged(s, note->was)) {
			set_tag(s, note->was, false);
			set_tag(s, note->id, true);
		}
	}
}

void state_update_tags(struct live_state *s, const struct frame *before)
{
	struct map seen_before = { 0 }, seen_now = { 0 };

	if (!s->n_tags || !before)
		return;
	follow_renamed(s);
	/* Of what another filter leaves out nobody knows whether it is gone. */
	if (before->version == s->frame->version) {
		see_frame(s, before, &seen_before);
		see_frame(s, s->frame, &seen_now);
	}
	for (size_t i = 0; i < seen_before.cap; i++) {
		const struct map_slot *slot = &seen_before.slots[i];

		if (slot->value != MAP_NONE && map_get(&seen_now, slot->key) == MAP_NONE)
			set_tag(s, slot->key, false);
	}
	map_fini(&seen_before);
	map_fini(&seen_now);
}
