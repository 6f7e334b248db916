/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One look at the sockets, as a frame. */
#include <config.h>

#include "live/refresh.h"

#include <string.h>

#include "live/collector.h"
#include "live/compare.h"
#include "live/frame.h"
#include "query/collect.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/plan.h"
#include "query/take.h"

uint64_t refresh_clock_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Names of users are looked up here, not while drawing: the directory may be far away. */
static void warm_users(const struct snapshot *snap)
{
	const struct column *user = column_find("user", 4);
	const struct column *owner = column_find("owners.user", 11);
	struct value value;

	if (!(snap->resolved & NEED_USERS))
		return;
	for (size_t i = 0; i < snap->n_rows; i++) {
		const struct row *row = &snap->rows[i];
		size_t n = column_count(owner, snap, row);

		column_value(user, snap, row, 0, &value);
		for (size_t j = 0; j < n; j++)
			column_value(owner, snap, row, j, &value);
	}
}

/* Those of the closed sockets, announced between the two looks, that neither shows. */
static void count_missed(struct frame *f, const struct frame *before,
			 const struct sock_table *closed, const struct filter *filter)
{
	f->missed = 0;
	if (!before || before->error || before->version != f->version)
		return;
	for (size_t i = 0; i < closed->n; i++) {
		struct row row = { .sk = &closed->socks[i], .owner_note = NOTE_NOT_ASKED };
		uint64_t id = frame_sock_id(row.sk);

		/* One that was never bound had no port. */
		if (!row.sk->local.port || map_get(&f->by_id, id) != MAP_NONE ||
		    map_get(&before->by_id, id) != MAP_NONE)
			continue;
		f->missed += filter_match(filter, &f->snap, &row) == FILTER_YES;
	}
}

void refresh_run(const struct collector_setup *setup, const struct refresh *look,
		 struct sock_table *closed, struct frame *frame, const struct frame *before)
{
	struct filter_error error;
	struct filter *filter = NULL;
	struct plan_request request = {
		.protos = setup->protos,
		.families = setup->families,
		.is_listening = setup->is_listening,
		.hidden = look->query.hidden,
		.columns = look->query.columns,
		.n_columns = look->query.n_columns,
		.may_mark = true,
		.in_kernel = true,
	};
	struct plan plan;

	/* A dump that was recorded comes by once: it is filtered where it is shown. */
	if (!setup->is_replay &&
	    !filter_parse(&filter, look->filter, strlen(look->filter), look->names, &error))
		request.filter = filter;
	plan_init(&plan, &request);
	frame->snap.host = setup->host;
	frame->snap.netns = setup->netns;
	frame->clock_ms = look->clock_ms;
	frame->boot_ms = setup->is_replay ? 0 : refresh_clock_ms(CLOCK_BOOTTIME);
	frame->version = setup->is_replay ? 0 : look->query.version;
	frame->error = snapshot_take(&frame->snap, &plan, setup->sources, look->names,
				     refresh_clock_ms(CLOCK_REALTIME));
	warm_users(&frame->snap);
	frame_compare(frame, before);
	sock_table_clear(closed);
	frame->are_more_missed = !collect_closed(setup->sources, closed);
	count_missed(frame, before, closed, request.filter);
	plan_fini(&plan);
	filter_free(filter);
}
