/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What opened and closed since the view was started. */
#include <config.h>

#include "live/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/snapshot.h"

static struct change *slot_of(const struct changes *log, uint64_t number)
{
	return &log->ring[number % CHANGES_MAX];
}

void changes_fini(struct changes *log)
{
	for (size_t i = 0; i < log->n; i++)
		free(slot_of(log, log->total - 1 - i)->process);
	free(log->ring);
	map_fini(&log->told[0]);
	map_fini(&log->told[1]);
	*log = (struct changes){ 0 };
}

void changes_add(struct changes *log, const struct change *change, const char *process, size_t len)
{
	struct change *slot;

	if (!log->ring)
		log->ring = mem_calloc(CHANGES_MAX, sizeof(*log->ring));
	slot = slot_of(log, log->total++);
	if (log->n == CHANGES_MAX)
		free(slot->process);
	else
		log->n++;
	*slot = *change;
	slot->sk.extra = 0;
	slot->process = mem_strndup(process, len);
}

const struct change *changes_at(const struct changes *log, size_t i)
{
	return slot_of(log, log->total - 1 - i);
}

bool change_matches(const struct change *change, const struct filter *filter,
		    const struct snapshot *snap)
{
	struct row row = { .sk = &change->sk, .owner_note = NOTE_NOT_ASKED };
	struct snapshot remembered = *snap;
	struct past_owner past;
	const struct process process = {
		.name = change->process,
		.name_len = change->name_len,
		.pid = change->pid,
		.uid = change->uid,
	};

	/* Nobody knows whether it would have matched. */
	if (change->kind == CHANGED_LOST)
		return true;
	/* Its measurements and cgroups are gone. */
	remembered.resolved &=
		~(unsigned int)(NEED_TCP_INFO | NEED_MEMORY | NEED_CGROUPS | NEED_UNITS);
	if (change->name_len) {
		past_owner_set(&past, &process);
		remembered.past = &past;
		row.held = ROW_HELD_BEFORE;
		row.owner_note = NOTE_NONE;
	}
	return filter_match(filter, &remembered, &row) == FILTER_YES;
}

uint32_t changes_unseen(const struct changes *log, const struct filter *filter,
			const struct snapshot *snap)
{
	uint64_t n_last = log->total - log->n_before;
	uint32_t n = 0;

	for (size_t i = 0; i < log->n && i < n_last; i++) {
		const struct change *change = changes_at(log, i);

		n += change->is_unseen && change_matches(change, filter, snap);
	}
	return n;
}
