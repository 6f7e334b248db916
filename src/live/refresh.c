/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One refresh: takes a snapshot and compares it with the frame shown. */
#include <config.h>

#include "live/refresh.h"

#include <limits.h>
#include <string.h>

#include "live/collector.h"
#include "live/compare.h"
#include "live/event_feed.h"
#include "live/frame.h"
#include "query/collect.h"
#include "query/columns.h"
#include "query/expected.h"
#include "query/filter.h"
#include "query/namespaces.h"
#include "query/plan.h"
#include "query/take.h"

uint64_t refresh_clock_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/*
 * Whether the frame to come has only what the filter passes: there were too many sockets to remember
 * all of them.
 */
static bool is_partial(const struct frame *before, const char *filter)
{
	if (!*filter || !before)
		return false;
	return before->scope.is_partial || before->snap.table.n > FRAME_SOCKETS_MAX;
}

/* Which network namespaces are looked into, from now on. */
static void choose_netns(const struct collector_setup *setup, bool are_all)
{
	const struct netns_choice *choice = &setup->netns_choice;

	if (choice->some)
		namespaces_set_words(setup->sources->namespaces,
				     are_all ? choice->all : choice->some);
}

/* How many of this host's namespaces were to be read, and how many of them could not be. */
static void count_netns(const struct sources *sources, struct frame *frame)
{
	const struct namespaces *n = sources->namespaces;

	frame->n_netns = frame->n_netns_unread = 0;
	for (size_t i = 0; !sources->told && namespaces_are_chosen(n) && i < n->found.n; i++) {
		const struct netns *ns = &n->found.list[i];

		if (!ns->is_chosen || !ns->is_there)
			continue;
		frame->n_netns++;
		frame->n_netns_unread += ns->error != 0;
	}
}

void refresh_run(const struct collector_setup *setup, const struct refresh *refresh,
		 struct frame *frame, const struct frame *before)
{
	struct filter_error error;
	struct filter *filter = NULL;
	struct plan_request request = {
		.protos = setup->protos,
		.families = setup->families,
		.is_listening = setup->is_listening,
		.has_forwards = setup->has_forwards,
		.forwards_are_optional = setup->forwards_are_optional,
		.hidden = refresh->query.hidden,
		.columns = refresh->query.columns,
		.n_columns = refresh->query.n_columns,
		.may_mark = true,
		.is_repeated = true,
		.also = refresh->query.also | expected_needs(setup->expected),
		.in_kernel = true,
	};
	struct comparison by = { .expected = setup->expected, .interval_ms = setup->interval_ms };
	struct plan plan;

	if (setup->feed)
		by.counter = (struct packet_counter){ event_feed_count, setup->feed };
	if (!filter_parse(&filter, refresh->filter, strlen(refresh->filter), refresh->names,
			  &error))
		by.filter = filter;
	/* A recorded dump is played only once: the tree filters it, for the current filter. */
	frame->scope.is_partial =
		!setup->is_replay && filter && is_partial(before, refresh->filter);
	frame->scope.version = refresh->query.version;
	frame->scope.needs = setup->is_replay ? UINT_MAX : refresh->query.needs;
	if (frame->scope.is_partial)
		request.filter = filter;
	frame->scope.has_all_netns = refresh->query.has_all_netns;
	choose_netns(setup, frame->scope.has_all_netns);
	plan_init(&plan, &request);
	/* The first picture is waited for. */
	plan.query.is_repeated = before;
	if (setup->feed && event_feed_follow(setup->feed, frame->scope.has_all_netns))
		by.counter = (struct packet_counter){ 0 };
	frame->snap.host = setup->host;
	frame->snap.netns = setup->netns;
	frame->clock_ms = refresh->clock_ms;
	frame->boot_ms = setup->is_replay ? 0 : refresh_clock_ms(CLOCK_BOOTTIME);
	frame->error = snapshot_take(&frame->snap, &plan, setup->sources, refresh->names,
				     refresh_clock_ms(CLOCK_REALTIME));
	frame_compare(frame, before, &by);
	/* The history has what it needs of them, and nothing else is shown or tested. */
	if (!(plan.needs & (NEED_TCP_INFO | NEED_MEMORY | NEED_MPTCP)))
		sock_table_forget_extras(&frame->snap.table);
	if (setup->feed)
		event_feed_list(setup->feed, frame);
	count_netns(setup->sources, frame);
	plan_fini(&plan);
	filter_free(filter);
}
