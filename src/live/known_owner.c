/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers the owners of a socket for when it closes or its processes are no longer found. */
#include <config.h>

#include "live/known_owner.h"

#include "base/mem.h"
#include "live/frame.h"
#include "query/columns.h"

static uint32_t add_text(struct frame *f, const char *text, size_t len)
{
	uint32_t at = (uint32_t)f->ghost_text.len;

	buf_add(&f->ghost_text, text, len);
	return at;
}

struct known_owner known_owner_of(struct frame *f, const struct frame *before,
				  const struct row *row)
{
	struct owner_span owners = row_owners(&before->snap, row);
	struct known_owner owner = { .lost_ms = f->clock_ms,
				     .process_at = (uint32_t)f->ghost_text.len };
	struct value user = { .kind = VALUE_NULL };
	const struct process *p;
	size_t first;

	column_text(column_find("process", 7), &before->snap, row, &f->ghost_text);
	owner.process_len = (uint32_t)f->ghost_text.len - owner.process_at;
	if (!owners.n)
		return owner;
	first = row_owner_shown(&before->snap, row, owners, 0);
	p = snapshot_process(&before->snap, owners.list[first].process);
	owner.pid = p->pid;
	owner.start_time = p->start_time;
	owner.uid = p->uid;
	owner.name_len = p->name_len;
	column_value(column_find("owners.user", 11), &before->snap, row, first, &user);
	if (user.kind == VALUE_TEXT) {
		owner.user_at = add_text(f, user.text.bytes, user.text.len);
		owner.user_len = (uint32_t)user.text.len;
	}
	if (p->cgroup) {
		owner.cgroup_at = add_text(f, p->cgroup, p->cgroup_len + 1);
		owner.cgroup_len = p->cgroup_len;
	}
	return owner;
}

struct known_owner known_owner_inherit(struct frame *f, const struct frame *before,
				       const struct known_owner *old)
{
	struct known_owner owner = *old;

	owner.process_at = add_text(f, before->ghost_text.data + old->process_at, old->process_len);
	owner.user_at = add_text(f, before->ghost_text.data + old->user_at, old->user_len);
	if (old->cgroup_len)
		owner.cgroup_at =
			add_text(f, before->ghost_text.data + old->cgroup_at, old->cgroup_len + 1);
	return owner;
}

static bool has_lost_owners(const struct frame *f, const struct row *row)
{
	return (row->owner_note == NOTE_HIDDEN || row->owner_note == NOTE_UNHELD ||
		row->owner_note == NOTE_GONE || row->owner_note == NOTE_TIME_WAIT) &&
	       !row_owners(&f->snap, row).n;
}

/* For how long the owners are still to be told: as long as the connection lives that they closed. */
static bool is_recent(const struct frame *f, const struct row *row, const struct known_owner *owner)
{
	return frame_is_finishing(row->sk) || f->clock_ms - owner->lost_ms < FRAME_LINGER_MS;
}

void known_owner_keep(struct frame *f, struct row_history *history, const struct frame *before,
		      const struct row_history *old)
{
	struct known_owner owner;

	if (!has_lost_owners(f, &history->row))
		return;
	if (row_owners(&before->snap, &old->row).n)
		owner = known_owner_of(f, before, &old->row);
	else if (old->known_owner != MAP_NONE &&
		 is_recent(f, &history->row, &before->known_owners[old->known_owner]))
		owner = known_owner_inherit(f, before, &before->known_owners[old->known_owner]);
	else
		return;
	f->known_owners = mem_grow(f->known_owners, f->n_known_owners, &f->known_owners_cap,
				   sizeof(*f->known_owners));
	history->known_owner = (uint32_t)f->n_known_owners;
	f->known_owners[f->n_known_owners++] = owner;
}
