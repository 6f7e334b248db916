/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups rows by listener, by process, or by peer. */
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
	GROUP_LISTENER, /* a listener (head) and its connections */
	GROUP_ELSEWHERE, /* connections of no listener that is shown */
	GROUP_PROCESS, /* process: index for owners_process(), or the known owner of a ghost */
	GROUP_NOTE, /* rows without a known owner, one group for each reason (note) */
	GROUP_PEER, /* rows with the same peer (as head) */
	GROUP_VALUE, /* rows with the same value (as head) in the column by which they are grouped */
};

struct live_group {
	uint64_t id;
	uint64_t rx; /* sums of the known rates, or RATE_UNKNOWN */
	uint64_t tx;
	uint64_t new_ms; /* time of the first of its new children */
	uint32_t at; /* how many groups there were when it was found */
	uint32_t head; /* index of a row: the listener, or one that represents the group */
	uint32_t process;
	uint32_t first; /* index of its first child, or MAP_NONE; linked by next */
	uint32_t last;
	uint32_t n; /* children with an open socket */
	uint32_t n_connections; /* of these, connections that live */
	uint32_t n_all; /* with closed ones */
	uint32_t n_troubled; /* children that need a look */
	uint32_t n_away; /* children of hosts that went away */
	uint32_t n_new; /* children with CHANGE_NEW */
	uint32_t n_traced; /* children that were not always idle */
	uint8_t kind; /* enum live_group_kind */
	uint8_t note; /* enum owner_note */
	uint8_t n_rates; /* the most that are known of a child */
	bool is_gone; /* the listener is closed */
	bool is_uncounted; /* may have connections that the query excludes */
};

struct live_child {
	uint32_t row;
	uint32_t next;
};

/* The keys of the columns by which the view of processes can group, ended by NULL. */
extern const char *const grouping_words[];
#define GROUPING_PROCESS 0U /* the first of them */

/* Zero-initialised is empty. */
struct groups {
	const struct live_rows *rows; /* borrowed: the rows that were grouped */
	const struct column *by; /* the column of groups of GROUP_VALUE */
	struct live_group *list;
	size_t n;
	size_t cap;
	struct live_child *children;
	size_t n_children;
	size_t children_cap;
};

/*
 * Groups the rows for this view and sorts the groups; the view by connection has none.  may_hide:
 * there may be connections that were not requested or are not shown.  grouping: index in
 * grouping_words, for the view of processes.
 */
void groups_build(struct groups *g, const struct live_rows *rows, enum live_view view,
		  unsigned int grouping, const struct live_order *order, bool may_hide);
void groups_fini(struct groups *g);

/* The identity of a group of this process, or of this socket's peer. */
uint64_t group_process_id(int32_t pid, uint64_t start_time);
uint64_t group_peer_id(const struct sock *sk);

#endif
