/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An event as a row of a snapshot. */
#include <config.h>

#include "event_row.h"

#include <string.h>

#include "base/mem.h"
#include "program.h"
#include "recorded.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/namespaces.h"
#include "query/take.h"
#include "query_options.h"
#include "resolve/cgroups.h"
#include "resolve/owners.h"

/* Namespaces and cgroups that are new are looked for, but not more often than this. */
#define LOOK_PAUSE_MS 1000

/* What stands in the table: the row's socket, and one that all processes are told to hold. */
enum { THE_SOCKET, THE_HELD, SOCKETS };
#define HELD_INODE 1

/* What an event never has. */
#define NEEDS_OF_LISTINGS                                                                        \
	(NEED_TCP_INFO | NEED_MEMORY | NEED_MPTCP | NEED_FORWARDS | NEED_FIREWALL | NEED_PEERS | \
	 NEED_CANDIDATES | NEED_HOSTS | NEED_ADDRS)

void event_row_init(struct event_row *r, struct program *p)
{
	struct sock held = { .inode = HELD_INODE, .known = SOCK_HAS_INODE | SOCK_HAS_COOKIE };

	*r = (struct event_row){ .p = p, .names = p->names };
	make_plan(p, PLAN_LISTING, &r->plan);
	r->snap = (struct snapshot){
		.netns = inode_of_netns(p),
		.host = host_of_sockets(p),
		.names = &r->names,
		/* What an event does not have reads as unknown. */
		.resolved = r->plan.needs & ~(r->plan.request.hidden | NEEDS_OF_LISTINGS),
		.rows = mem_calloc(1, sizeof(*r->snap.rows)),
		.rows_cap = 1,
		.n_rows = 1,
	};
	if (p->filter)
		r->snap.resolved |= filter_needs(p->filter);
	sock_table_reserve(&r->snap.table, SOCKETS);
	for (held.cookie = 1; held.cookie <= SOCKETS; held.cookie++)
		sock_table_add(&r->snap.table, &held);
	snapshot_set_namespaces(&r->snap, p->namespaces.found.list, p->namespaces.found.n);
}

void event_row_fini(struct event_row *r)
{
	for (size_t i = 0; i < EVENT_PROCESSES; i++)
		owners_free(r->processes[i].owners);
	plan_fini(&r->plan);
	snapshot_fini(&r->snap);
}

/* ---- namespaces and cgroups ---- */

/* May something new be looked for? */
static bool may_look(struct event_row *r, const struct event *event)
{
	if (event->time_ms - r->looked_ms < LOOK_PAUSE_MS)
		return false;
	r->looked_ms = event->time_ms;
	return true;
}

static bool find_netns(const struct event_row *r, uint64_t inode, uint16_t *index)
{
	for (size_t i = 0; i < r->snap.n_namespaces; i++) {
		if (r->snap.namespaces[i].inode != inode)
			continue;
		*index = (uint16_t)i;
		return true;
	}
	return false;
}

/* A namespace that nobody has found has its inode for a name. */
static uint16_t add_netns(struct event_row *r, uint64_t inode)
{
	struct snapshot *snap = &r->snap;

	if (snap->n_namespaces >= NETNS_MAX)
		return 0;
	snap->namespaces =
		mem_resize(snap->namespaces, snap->n_namespaces + 1, sizeof(*snap->namespaces));
	snap->namespaces[snap->n_namespaces] = (struct snapshot_netns){ .inode = inode };
	return (uint16_t)snap->n_namespaces++;
}

static uint16_t netns_of(struct event_row *r, const struct event *event)
{
	struct namespaces *n = &r->p->namespaces;
	uint16_t index = 0;

	if (!event->netns || event->netns == r->snap.netns || find_netns(r, event->netns, &index))
		return index;
	if (may_look(r, event) && namespaces_are_chosen(n)) {
		struct problems problems = { 0 };

		namespaces_refresh(n, r->names.containers, &problems);
		problems_fini(&problems);
		snapshot_set_namespaces(&r->snap, n->found.list, n->found.n);
		if (find_netns(r, event->netns, &index))
			return index;
	}
	return add_netns(r, event->netns);
}

static void look_for_cgroup(struct event_row *r, const struct event *event)
{
	struct cgroups *cgroups = r->names.cgroups;

	if (!(r->snap.resolved & NEED_CGROUPS) || !cgroups ||
	    !sock_has(&event->sock, SOCK_HAS_CGROUP) || cgroups_find(cgroups, event->sock.cgroup) ||
	    !may_look(r, event))
		return;
	cgroups_clear(cgroups);
	cgroups_find(cgroups, event->sock.cgroup);
}

/* ---- owners ---- */

static const enum owner_via vias[] = {
	[EVENT_VIA_NONE] = OWNER_VIA_FD,
	[EVENT_VIA_ITSELF] = OWNER_VIA_FD,
	[EVENT_VIA_LISTENER] = OWNER_VIA_LISTENER,
	[EVENT_VIA_LISTING] = OWNER_VIA_FD,
};

static unsigned int scan_flags(const struct event_row *r)
{
	static const struct {
		unsigned int need;
		unsigned int flag;
	} flags_for[] = {
		{ NEED_CMDLINES, OWNERS_WITH_CMDLINES },   { NEED_STARTS, OWNERS_WITH_STARTS },
		{ NEED_LINKS, OWNERS_WITH_LINKS },	   { NEED_PARENTS, OWNERS_WITH_PARENTS },
		{ NEED_ANCESTORS, OWNERS_WITH_ANCESTORS }, { NEED_UNITS, OWNERS_WITH_CGROUPS },
	};
	unsigned int flags = 0;

	for (size_t i = 0; i < sizeof(flags_for) / sizeof(*flags_for); i++)
		if (r->snap.resolved & flags_for[i].need)
			flags |= flags_for[i].flag;
	return flags;
}

/* How long ago it was read, in ms; before the clock was set back: longer than any other. */
static uint64_t age_of(const struct event_process *process, const struct event *event)
{
	return event->time_ms - process->read_ms;
}

static bool is_same(const struct event_process *process, const struct event *event)
{
	const struct event_owner *a = &process->owner, *b = &event->owner;

	return process->read_ms && a->pid == b->pid && a->start_time == b->start_time &&
	       a->via == b->via && a->name_len == b->name_len &&
	       !memcmp(a->name, b->name, a->name_len) && age_of(process, event) < EVENT_PROCESS_MS;
}

static void tell_owner(struct event_process *process, const struct event *event, unsigned int flags)
{
	const struct event_owner *owner = &event->owner;
	struct owner_told told = {
		.key = { .cookie = THE_HELD + 1, .inode = HELD_INODE },
		.name = owner->name,
		.name_len = owner->name_len,
		.start_time = owner->start_time,
		.pid = owner->pid,
		.uid = owner->uid,
		.via = vias[owner->via],
	};

	owners_tell(process->owners, &told, flags);
	process->owner = *owner;
	process->read_ms = event->time_ms;
}

/* The owners that have the event's process alone; the one that was read longest ago gives way. */
static struct owners *owners_for(struct event_row *r, const struct event *event)
{
	struct event_process *oldest = r->processes;

	for (size_t i = 0; i < EVENT_PROCESSES; i++) {
		struct event_process *process = &r->processes[i];

		if (is_same(process, event))
			return process->owners;
		if (age_of(process, event) > age_of(oldest, event))
			oldest = process;
	}
	if (!oldest->owners)
		oldest->owners = owners_new(r->p->proc_root, OWNERS_PROC);
	tell_owner(oldest, event, scan_flags(r));
	return oldest->owners;
}

static void set_owner(struct event_row *r, struct row *row, const struct event *event)
{
	bool is_known = event->owner.via != EVENT_VIA_NONE && event->owner.pid > 0;

	row->owner_note = NOTE_NONE;
	row->held = ROW_HELD_NONE;
	if (!r->p->names.owners)
		return;
	r->names.owners = r->p->names.owners;
	if (is_known && r->snap.resolved & NEED_OWNERS) {
		r->names.owners = owners_for(r, event);
		row->held = ROW_HELD_LISTENER + THE_HELD;
	} else if (event->kind == EVENT_ACCEPTED) {
		row->owner_note = NOTE_NOT_ACCEPTED;
	} else if (event_kinds[event->kind].has_socket) {
		row->owner_note = NOTE_HIDDEN;
	}
}

/* ---- the row ---- */

static bool passes(struct event_row *r, const struct row *row)
{
	const struct filter *filter = r->p->filter;
	enum filter_result result;

	if (!plan_selects(&r->plan, row->sk))
		return false;
	if (!filter)
		return true;
	result = filter_match(filter, &r->snap, row);
	if (result == FILTER_UNTESTABLE)
		problems_add_untested(&r->snap.problems, &r->snap, filter, row);
	return result == FILTER_YES;
}

const struct row *event_row_set(struct event_row *r, const struct event *event)
{
	struct sock *sk = &r->snap.table.socks[THE_SOCKET];
	struct row *row = r->snap.rows;

	*sk = event->sock;
	sk->netns = netns_of(r, event);
	sk->extra = 0;
	*row = (struct row){ .sk = sk };
	r->snap.time_ms = event->time_ms;
	look_for_cgroup(r, event);
	set_owner(r, row, event);
	return event->kind == EVENT_LOST || event_is_rest(event) || passes(r, row) ? row : NULL;
}
