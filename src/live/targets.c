/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the targets of Kill or Close: the processes or sockets of rows, each once. */
#include <config.h>

#include "live/targets.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "live/cells.h"
#include "live/frame.h"
#include "live/tags.h"
#include "live/tree.h"
#include "live/why_job.h"
#include "query/columns.h"
#include "query/labels.h"

/* A job under construction. */
struct gathering {
	const struct cells *cells;
	struct job *job;
	size_t most; /* sockets to close, or that a process holds */
	uint32_t *by_process; /* JOB_SIGNAL: of each process its index in the job, or MAP_NONE */
	struct map socks; /* those of tagged rows, by their identity */
	struct label_ends ends;
	bool is_tagged; /* the job is for the tagged rows */
};

static const struct frame *frame_of(const struct gathering *g)
{
	return g->cells->tree->rows.frame;
}

static struct job_target *new_process(struct gathering *g, const struct row *row, size_t i,
				      const struct process *p)
{
	struct buf text = { 0 };
	struct job_target *target;

	label_process(p, g->cells->is_ascii, &text);
	target = job_add(g->job, text.data, text.len);
	target->pid = p->pid;
	target->start_time = p->start_time;
	buf_clear(&text);
	label_user(&frame_of(g)->snap, row, i, g->cells->is_ascii, &text);
	target->user = mem_strdup(buf_cstr(&text));
	buf_fini(&text);
	return target;
}

static void add_process(struct gathering *g, const struct row *row, size_t i)
{
	const struct snapshot *snap = &frame_of(g)->snap;
	const struct owner_span owners = row_owners(snap, row);
	const struct owner *owner = &owners.list[i];
	uint32_t *at = &g->by_process[owner->process];
	const struct held held = { owner->inode,
				   owner->via == OWNER_VIA_IO_URING ? owner->fd : -1 };

	if (*at == MAP_NONE) {
		*at = (uint32_t)g->job->n;
		new_process(g, row, i, snapshot_process(snap, owner->process));
	}
	job_target_hold(&g->job->targets[*at], &held);
}

static void add_socket(struct gathering *g, const struct row *row)
{
	struct buf text = { 0 };
	bool is_new = true;

	/* Of one item each socket comes once. */
	if (g->is_tagged)
		map_add(&g->socks, frame_sock_id(row->sk), 0, &is_new);
	if (!is_new)
		return;
	if (g->job->n == g->most) {
		g->job->n_left_out++;
		return;
	}
	if (g->job->n < TARGETS_SHOWN)
		label_socket(&g->ends, &frame_of(g)->snap, row, g->cells->is_ascii, &text);
	job_add(g->job, text.data, text.len)->sk = *row->sk;
	buf_fini(&text);
}

/* Does the process, the only one that holds the socket, have all the sockets that it may? */
static bool holds_most(const struct gathering *g, uint32_t process)
{
	uint32_t at = process != ROW_NO_PROCESS ? g->by_process[process] : MAP_NONE;

	return at != MAP_NONE && g->job->targets[at].n_held >= g->most;
}

static void add_row(struct gathering *g, const struct row *row)
{
	struct owner_span owners;

	if (frame_ghost(frame_of(g), row) || sock_is_forward(row->sk))
		return;
	if (g->job->kind == JOB_CLOSE) {
		add_socket(g, row);
		return;
	}
	if (holds_most(g, row_process(row))) {
		g->job->n_left_out++;
		return;
	}
	owners = row_owners(&frame_of(g)->snap, row);
	for (size_t i = 0; i < owners.n; i++)
		add_process(g, row, i);
}

/* Adds a process itself, all connections of a peer, or else the socket of a row. */
static void add_item(struct gathering *g, const struct live_item *item)
{
	const struct live_tree *tree = g->cells->tree;
	const struct live_group *group = live_tree_group(tree, item);
	const struct row *row = live_tree_row(tree, item);
	struct owner_span owners;

	if (!group || group->kind == GROUP_LISTENER) {
		/* A change is no row. */
		if (row)
			add_row(g, row);
		return;
	}
	if (group->kind == GROUP_PROCESS && g->job->kind == JOB_SIGNAL) {
		owners = row_owners(&tree->rows.frame->snap, row);
		for (size_t i = 0; i < owners.n; i++)
			if (owners.list[i].process == group->process)
				add_process(g, row, i);
		return;
	}
	if (g->job->kind == JOB_CLOSE && g->most - g->job->n > group->n_all)
		job_reserve(g->job, g->job->n + group->n_all);
	for (uint32_t at = group->first; at != MAP_NONE; at = tree->groups.children[at].next)
		add_row(g, &tree->rows.list[tree->groups.children[at].row]);
}

static void count_sock(struct gathering *g, uint32_t process)
{
	if (g->by_process[process] != MAP_NONE)
		g->job->targets[g->by_process[process]].n_socks++;
}

static void count_socks(struct gathering *g)
{
	const struct snapshot *snap = &frame_of(g)->snap;

	for (size_t i = 0; i < snap->n_rows; i++) {
		uint32_t only = row_process(&snap->rows[i]);
		struct owner_span owners;

		if (only != ROW_NO_PROCESS) {
			count_sock(g, only);
			continue;
		}
		owners = row_owners(snap, &snap->rows[i]);
		for (size_t j = 0; j < owners.n; j++)
			count_sock(g, owners.list[j].process);
	}
}

/* Includes tagged rows that are folded away. */
static void add_tagged(struct gathering *g, const struct tags *tags)
{
	const struct live_tree *tree = g->cells->tree;

	for (size_t i = 0; i < tree->rows.n; i++)
		if (tags_has(tags, frame_id(tree->rows.frame, &tree->rows.list[i])))
			add_row(g, &tree->rows.list[i]);
	for (size_t i = 0; i < tree->groups.n; i++)
		if (tree->groups.list[i].kind != GROUP_LISTENER &&
		    tags_has(tags, tree->groups.list[i].id))
			add_item(g, &(struct live_item){ .at = (uint32_t)i, .kind = ITEM_GROUP });
}

struct job *targets_of(enum job_kind kind, const struct cells *cells, const struct live_item *item,
		       const struct tags *tags, size_t most)
{
	struct gathering g = { .cells = cells,
			       .job = job_new(kind),
			       .most = most,
			       .ends = label_ends(),
			       .is_tagged = tags->n };
	size_t n = kind == JOB_SIGNAL ? snapshot_processes(&frame_of(&g)->snap) : 0;

	g.by_process = mem_resize(NULL, n, sizeof(*g.by_process));
	for (size_t i = 0; i < n; i++)
		g.by_process[i] = MAP_NONE;
	if (tags->n)
		add_tagged(&g, tags);
	else
		add_item(&g, item);
	if (kind == JOB_SIGNAL)
		count_socks(&g);
	free(g.by_process);
	map_fini(&g.socks);
	return g.job;
}

/* The word of --netns for the socket's namespace: a copy, or NULL for the caller's own. */
static char *netns_word(const struct snapshot *snap, const struct sock *sk)
{
	const struct snapshot_netns *netns = sk->netns ? snapshot_netns_of(snap, sk) : NULL;

	return netns && netns->name ? mem_strdup(netns->name) : NULL;
}

struct why_job *targets_question(const struct cells *cells, const struct live_item *item)
{
	const struct snapshot *snap = &cells->tree->rows.frame->snap;
	const struct row *row = live_tree_row(cells->tree, item);
	const struct sock *sk = row ? row->sk : NULL;
	struct why_question *q;
	struct why_job *job;
	struct value device;

	if (!sk || (sk->proto != PROTO_TCP && sk->proto != PROTO_UDP) || !sk->local.port)
		return NULL;
	job = why_job_new();
	q = &job->question;
	*q = (struct why_question){ .proto = (enum sock_proto)sk->proto,
				    .port = sk->local.port,
				    .has_addr = !sock_is_dual_stack(sk) && !sock_is_forward(sk),
				    .family = (enum addr_family)sk->family,
				    .addr = sk->local.addr };
	column_value(column_find("iface", strlen("iface")), snap, row, 0, &device);
	if (q->has_addr && device.kind == VALUE_TEXT && device.text.len < sizeof(q->device))
		memcpy(q->device, device.text.bytes, device.text.len);
	job->netns = netns_word(snap, sk);
	return job;
}

const char *targets_why_none(enum job_kind kind, const struct live_tree *tree,
			     const struct live_item *item, const struct tags *tags)
{
	const struct row *row = tags->n ? NULL : live_tree_row(tree, item);

	if (row && frame_ghost(tree->rows.frame, row))
		return _("This socket is already closed.");
	if (row && sock_is_forward(row->sk))
		return kind == JOB_CLOSE
			       ? _("A rule sends this port on: there is no socket to close.")
			       : _("A rule sends this port on: no process holds it.");
	if (tags->n && !tags_are_in(tags, tree))
		return _("The tagged rows are not in this view; U removes all tags.");
	if (kind == JOB_CLOSE)
		return _("There is no socket to close here.");
	if (row && row->owner_note == NOTE_HIDDEN &&
	    problems_viewer(&tree->rows.frame->snap.problems) != VIEWER_USER)
		return _("The process cannot be read here, not even by root.");
	if (row && row->owner_note == NOTE_HIDDEN)
		return _("The process cannot be read: run as root, or with CAP_SYS_PTRACE.");
	return tags->n ? _("No owner of the tagged rows is known.")
		       : _("No owner of this row is known.");
}
