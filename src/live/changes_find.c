/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what changed since the frame before. */
#include <config.h>

#include "live/changes_find.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/thread.h"
#include "events/event.h"
#include "events/way.h"
#include "live/change_owner.h"
#include "live/changes.h"
#include "live/event_log.h"
#include "live/frame.h"
#include "query/plan.h"

/* A namespace that the frame does not know. */
#define NETNS_UNKNOWN UINT16_MAX

/* ---- what was heard of ---- */

/* What the kernel keeps of a connection that was closed, newer ones under its cookie. */
static bool is_minisocket(const struct sock *sk)
{
	return sk->state == SOCK_STATE_TIME_WAIT || sk->state == SOCK_STATE_FIN_WAIT_2;
}

/* The values of the maps of what was told. */
enum { TOLD, TOLD_SOON };

static bool is_opening_told(const struct changes *log, uint64_t id)
{
	return map_get(&log->told[0], id) == TOLD || map_get(&log->told[1], id) == TOLD;
}

static bool is_told(const struct changes *log, uint64_t id)
{
	return map_get(&log->told[0], id) != MAP_NONE || map_get(&log->told[1], id) != MAP_NONE;
}

/* ---- what the looks have of the sockets that were heard of ---- */

struct seen {
	struct map ids; /* to the index in both lists */
	const struct row_history **before; /* NULL: that look has nothing of it */
	const struct row_history **now;
};

static void see(const struct seen *seen, const struct frame *f, const struct row_history **list)
{
	for (size_t i = 0; i < f->snap.table.n; i++) {
		uint32_t at = f->ids[i] ? map_get(&seen->ids, f->ids[i]) : MAP_NONE;

		if (at != MAP_NONE)
			list[at] = &f->history[i];
	}
}

/* Each of the two frames is gone over by a thread. */
struct seeing {
	const struct seen *seen;
	const struct changes_from *from;
};

static void see_share(void *data, unsigned int share)
{
	const struct seeing *s = data;

	if (share)
		see(s->seen, s->from->before, s->seen->before);
	else
		see(s->seen, s->from->frame, s->seen->now);
}

static struct seen seen_find(const struct changes_from *from, size_t n)
{
	struct seen seen = {
		.before = mem_calloc(n, sizeof(*seen.before)),
		.now = mem_calloc(n, sizeof(*seen.now)),
	};
	struct seeing seeing = { &seen, from };

	for (size_t i = 0; i < n; i++)
		map_add(&seen.ids, from->heard->list[i].event.sock.cookie, (uint32_t)i, NULL);
	thread_crew(2, see_share, &seeing);
	return seen;
}

static void seen_fini(struct seen *seen)
{
	map_fini(&seen->ids);
	free(seen->before);
	free(seen->now);
}

/* ---- what was heard ---- */

static uint16_t netns_of(const struct frame *f, const struct event *event)
{
	const struct snapshot_netns *ns;

	if (!event->netns || event->netns == f->snap.netns)
		return 0;
	ns = snapshot_netns_by_inode(&f->snap, event->netns);
	return ns ? (uint16_t)(ns - f->snap.namespaces) : NETNS_UNKNOWN;
}

/* The state that its row had. */
static enum sock_state state_of(const struct event *event)
{
	if (event->kind == EVENT_FAILED)
		return SOCK_STATE_SYN_SENT;
	return event->kind == EVENT_CLOSED ? SOCK_STATE_ESTABLISHED
					   : (enum sock_state)event->sock.state;
}

/* Who hears of openings knows which end is also one; else it is the one of what no look saw before. */
static enum change_kind kind_of(const struct changes_from *from, const struct logged_event *logged,
				const struct row_history *before)
{
	if (event_is_opening(&logged->event))
		return CHANGED_OPENED;
	if (logged->event.kind == EVENT_FAILED)
		return CHANGED_FAILED;
	if (from->heard->kinds & EVENT_BIT(EVENT_OPENED))
		return logged->has_opened ? CHANGED_PASSED : CHANGED_CLOSED;
	return before ? CHANGED_CLOSED : CHANGED_PASSED;
}

static void set_numbers(struct change *change, const struct event *event, const struct frame *f,
			const struct row_history *seen)
{
	change->lived_us = change->rx_bytes = change->tx_bytes = CHANGE_UNKNOWN;
	if (seen) {
		change->rx_bytes = seen->rx_bytes;
		change->tx_bytes = seen->tx_bytes;
		change->lived_us = (f->clock_ms - seen->first_ms) * 1000;
		change->was_there = seen->was_there;
	}
	if (event->known & EVENT_HAS_BYTES) {
		change->rx_bytes = event->received;
		change->tx_bytes = event->sent;
	}
	if (event->known & EVENT_HAS_DURATION) {
		change->lived_us = event->duration_us;
		change->was_there = false;
	}
}

static void add_heard(struct changes *log, const struct changes_from *from, const struct seen *seen,
		      const struct logged_event *logged)
{
	const struct event *event = &logged->event;
	const uint64_t id = event->sock.cookie;
	const uint32_t at = map_get(&seen->ids, id);
	const struct row_history *before = seen->before[at], *now = seen->now[at];
	struct change change = { .time_ms = event->time_ms, .id = id, .sk = event->sock };
	struct buf text = { 0 };

	change.sk.netns = netns_of(from->frame, event);
	/* A name would be asked for in that namespace, which is the collector's business. */
	if (change.sk.netns)
		change.sk.ifindex = 0;
	change.sk.state = (uint8_t)state_of(event);
	/* What was bound before, and told, may listen now. */
	if (!plan_selects(from->plan, &change.sk) ||
	    (event_is_opening(event) && is_opening_told(log, id)))
		return;
	change.kind = (uint8_t)kind_of(from, logged, before);
	change.is_unseen = change.kind != CHANGED_OPENED && change.kind != CHANGED_CLOSED &&
			   !before && (!now || is_minisocket(now->row.sk));
	set_numbers(&change, event, from->frame, before ? before : now);
	change_owner_told(before ? from->before : from->frame, before ? before : now, event,
			  &change, &text);
	*map_add(&log->told[0], id, TOLD, NULL) = TOLD;
	changes_add(log, &change, text.data, text.len);
	buf_fini(&text);
}

static void add_lost(struct changes *log, const struct event_log *heard)
{
	const struct change change = { .time_ms = heard->lost_ms,
				       .kind = CHANGED_LOST,
				       .count = heard->n_lost };

	log->are_more = true;
	changes_add(log, &change, "-", 1);
}

/* ---- what the looks say ---- */

static bool is_watched(const struct changes_from *from, const struct sock *sk)
{
	const struct snapshot *snap = &from->frame->snap;
	const struct event_request *r = from->heard->request;
	const struct snapshot_netns *ns = snapshot_netns_of(snap, sk);
	uint64_t inode = sk->netns && ns ? ns->inode : snap->netns;

	if (!r || !r->n_netns || !(from->heard->kinds & EVENT_BIT(EVENT_OPENED)))
		return !sk->netns;
	for (size_t i = 0; i < r->n_netns; i++)
		if (r->netns[i].inode == inode)
			return true;
	return from->frame->scope.has_all_netns;
}

/*
 * Is a socket that came or went from one look to the other none of their business?  BPF tells of
 * every TCP socket that listens or connects; and where a connection's end was told, what the kernel
 * keeps of it is no other connection.
 */
static bool is_heard(const struct changes *log, const struct changes_from *from,
		     const struct row_history *history)
{
	const struct sock *sk = history->row.sk;
	unsigned int kinds = log->heard;

	if (!kinds || !is_watched(from, sk))
		return false;
	if (is_told(log, frame_id(from->frame, &history->row)))
		return true;
	if (sk->proto != PROTO_TCP || sk->state == SOCK_STATE_BOUND)
		return false;
	return kinds & EVENT_BIT(EVENT_OPENED) ||
	       (kinds & EVENT_BIT(EVENT_CLOSED) && is_minisocket(sk));
}

static struct change change_of(const struct frame *f, enum change_kind kind,
			       const struct row_history *history)
{
	return (struct change){
		.time_ms = f->snap.time_ms,
		.id = frame_id(f, &history->row),
		.lived_us = (f->clock_ms - history->first_ms) * 1000,
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
	struct buf text = { 0 };

	change_owner_now(f, &history->row, &change, &text);
	changes_add(log, &change, text.data, text.len);
	buf_fini(&text);
}

static void add_closed(struct changes *log, const struct frame *f, const struct ghost *ghost)
{
	struct change change = change_of(f, CHANGED_CLOSED, &ghost->history);
	struct buf text = { 0 };

	change.was_there = ghost->history.was_there;
	change_owner_before(f, &ghost->owner, &change, &text);
	changes_add(log, &change, text.data, text.len);
	buf_fini(&text);
}

static bool is_of_this_look(const struct frame *f, const struct row_history *history,
			    enum row_change change)
{
	return history->change == change && history->changed_ms == f->clock_ms;
}

static void add_looks(struct changes *log, const struct changes_from *from)
{
	const struct frame *f = from->frame;

	for (size_t i = 0; i < f->n_ghosts; i++)
		if (is_of_this_look(f, &f->ghosts[i].history, CHANGE_CLOSED) &&
		    !is_heard(log, from, &f->ghosts[i].history))
			add_closed(log, f, &f->ghosts[i]);
	for (size_t i = 0; i < f->n_opened; i++) {
		const struct row_history *history = &f->history[f->opened[i]];

		if (is_of_this_look(f, history, CHANGE_NEW) && !is_heard(log, from, history))
			add_opened(log, f, history);
	}
}

/* ---- both ---- */

static void begin(struct changes *log, const struct changes_from *from)
{
	struct map oldest = log->told[1];

	log->told[1] = log->told[0];
	log->told[0] = oldest;
	map_clear(&log->told[0]);
	log->n_before = log->total;
	log->are_more = false;
	log->heard = from->heard ? from->heard->kinds : 0;
}

void changes_find(struct changes *log, const struct changes_from *from)
{
	struct event_log *heard = from->heard;
	bool is_first = !from->before || from->before->error;
	size_t n = heard && !is_first ? heard->n : 0, i = 0;
	struct seen seen = { 0 };

	begin(log, from);
	if (n) {
		event_log_sort(heard);
		seen = seen_find(from, n);
	}
	/* What happened after the sockets were listed comes after what the list shows. */
	for (; i < n && heard->list[i].event.time_ms <= from->frame->snap.time_ms; i++)
		add_heard(log, from, &seen, &heard->list[i]);
	for (size_t later = i; later < n; later++)
		map_add(&log->told[0], heard->list[later].event.sock.cookie, TOLD_SOON, NULL);
	add_looks(log, from);
	for (; i < n; i++)
		add_heard(log, from, &seen, &heard->list[i]);
	seen_fini(&seen);
	if (!n && !(heard && !is_first && heard->lost_ms))
		return;
	log->n_skipped += heard->n_dropped;
	log->are_more = heard->n_dropped;
	if (heard->lost_ms)
		add_lost(log, heard);
}
