/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what changed from one look to the next. */
#include <config.h>

#include "live/changes_find.h"

#include "base/buf.h"
#include "live/changes.h"
#include "live/frame.h"
#include "query/columns.h"

static struct change change_of(const struct frame *f, enum change_kind kind,
			       const struct row_history *history)
{
	return (struct change){
		.time_ms = f->snap.time_ms,
		.id = history->id,
		.lived_ms = f->clock_ms - history->first_ms,
		.rx_bytes = history->rx_bytes,
		.tx_bytes = history->tx_bytes,
		.sk = *history->row.sk,
		.kind = (uint8_t)kind,
	};
}

static void add_opened(struct changes *log, const struct frame *f,
		       const struct row_history *history)
{
	struct change change = change_of(f, CHANGED_OPENED, history);
	struct owner_span owners = row_owners(&f->snap, &history->row);
	struct buf text = { 0 };

	column_text(column_find("process", 7), &f->snap, &history->row, &text);
	if (owners.n) {
		size_t first = row_owner_shown(&f->snap, &history->row, owners, 0);
		const struct process *p = snapshot_process(&f->snap, owners.list[first].process);

		change.pid = p->pid;
		change.uid = p->uid;
		change.name_len = p->name_len;
	}
	changes_add(log, &change, text.data, text.len);
	buf_fini(&text);
}

static void add_closed(struct changes *log, const struct frame *f, const struct ghost *ghost)
{
	struct change change = change_of(f, CHANGED_CLOSED, &ghost->history);
	size_t len;
	const char *text = frame_owner_text(f, &ghost->owner, &len);

	change.was_there = ghost->history.was_there;
	if (ghost->owner.pid) {
		change.pid = ghost->owner.pid;
		change.uid = ghost->owner.uid;
		change.name_len = ghost->owner.name_len;
	}
	changes_add(log, &change, text, len);
}

static void add_passed(struct changes *log, const struct frame *f, const struct sock *sk)
{
	const struct change change = {
		.time_ms = f->snap.time_ms,
		.id = frame_sock_id(sk),
		.lived_ms = CHANGE_UNKNOWN,
		.rx_bytes = CHANGE_UNKNOWN,
		.tx_bytes = CHANGE_UNKNOWN,
		.sk = *sk,
		.kind = CHANGED_PASSED,
	};

	changes_add(log, &change, "-", 1);
}

static bool is_of_this_look(const struct frame *f, const struct row_history *history,
			    enum row_change change)
{
	return history->change == change && history->changed_ms == f->clock_ms;
}

void changes_find(struct changes *log, const struct frame *f)
{
	for (size_t i = 0; i < f->missed.n; i++)
		add_passed(log, f, &f->missed.socks[i]);
	for (size_t i = 0; i < f->n_ghosts; i++)
		if (is_of_this_look(f, &f->ghosts[i].history, CHANGE_CLOSED))
			add_closed(log, f, &f->ghosts[i]);
	for (size_t i = 0; i < f->snap.n_rows; i++) {
		const struct row_history *history = frame_history(f, &f->snap.rows[i]);

		if (is_of_this_look(f, history, CHANGE_NEW))
			add_opened(log, f, history);
	}
}
