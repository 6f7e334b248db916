/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose a socket that changed is, or was. */
#include <config.h>

#include "live/change_owner.h"

#include "base/buf.h"
#include "events/event.h"
#include "live/changes.h"
#include "live/frame.h"
#include "query/columns.h"

static void set_process(struct change *change, int32_t pid, uint32_t uid, uint32_t name_len)
{
	change->pid = pid;
	change->uid = uid;
	change->name_len = name_len;
}

void change_owner_now(const struct frame *f, const struct row *row, struct change *change,
		      struct buf *text)
{
	const struct process *p = row_first_process(&f->snap, row);

	column_text(column_find("process", 7), &f->snap, row, text);
	if (p)
		set_process(change, p->pid, p->uid, p->name_len);
}

void change_owner_before(const struct frame *f, const struct known_owner *owner,
			 struct change *change, struct buf *text)
{
	size_t len;
	const char *process = frame_owner_text(f, owner, &len);

	buf_add(text, process, len);
	if (owner->pid)
		set_process(change, owner->pid, owner->uid, owner->name_len);
}

static void from_event(const struct event_owner *owner, struct change *change, struct buf *text)
{
	buf_add(text, owner->name, owner->name_len);
	if (owner->pid > 0)
		buf_printf(text, "[%d]", owner->pid);
	set_process(change, owner->pid, owner->uid, owner->name_len);
}

void change_owner_told(const struct frame *f, const struct row_history *seen,
		       const struct event *event, struct change *change, struct buf *text)
{
	if (event->owner.via != EVENT_VIA_NONE)
		from_event(&event->owner, change, text);
	else if (seen && seen->known_owner != MAP_NONE)
		change_owner_before(f, &f->known_owners[seen->known_owner], change, text);
	else if (seen)
		change_owner_now(f, &seen->row, change, text);
	else
		buf_char(text, '-');
}
