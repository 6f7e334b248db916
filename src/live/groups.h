/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts rows together by listener, by process and by peer. */
#ifndef PORTSTAT_LIVE_GROUPS_H
#define PORTSTAT_LIVE_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "live/live_columns.h"

struct live_rows;
struct sock;

enum live_group_kind {
	GROUP_LISTENER, /* head: its row */
	GROUP_ELSEWHERE, /* connections that belong to no listener shown */
	GROUP_PROCESS, /* process: index for owners_process(), or what a ghost knew */
	GROUP_NOTE, /* rows without an owner, for the same reason */
	GROUP_PEER, /* head: a row with this peer */
};

struct live_group {
	uint64_t id;
	uint64_t rx; /* sums of what is known; RATE_UNKNOWN where nothing is */
	uint64_t tx;
	uint64_t new_ms; /* when the first of its new children came */
	uint32_t head; /* index of a row: the listener, or one that stands for the group */
	uint32_t process;
	uint32_t first; /* first of its children, MAP_NONE; the others by their next */
	uint32_t last;
	uint32_t n; /* children alive */
	uint32_t n_all; /* with those that are gone */
	uint32_t n_new; /* children that are marked so */
	uint8_t kind; /* enum live_group_kind */
	uint8_t note; /* enum owner_note */
	bool is_gone; /* the listener is closed */
	bool is_uncounted; /* nobody asked for connections that may be there */
};

struct live_child {
	uint32_t row;
	uint32_t next;
};

/* Zero-initialised is empty. */
struct groups {
	const struct live_rows *rows; /* borrowed: those that were put together */
	struct live_group *list;
	size_t n;
	size_t cap;
	struct live_child *children;
	size_t n_children;
	size_t children_cap;
};

/*
 * Groups the rows for this view, in this order; none for connections.  may_hide says that there may
 * be connections which were not asked for or do not show.
 */
void groups_build(struct groups *g, const struct live_rows *rows, enum live_view view,
		  const struct live_order *order, bool may_hide);
void groups_fini(struct groups *g);

/* The identities of groups. */
uint64_t group_process_id(int32_t pid, uint64_t start_time);
uint64_t group_peer_id(const struct sock *sk);

#endif
