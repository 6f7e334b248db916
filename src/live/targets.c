/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the targets of Kill or Close: the processes or sockets of rows, each once. */
#include <config.h>

#include "live/targets.h"

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
	struct map places; /* key of a target to its index in the job */
	struct label_ends ends;
	bool is_tagged; /* the job is for the tagged rows */
};

static const struct frame *frame_of(const struct gathering *g)
{
	return g->cells->tree->rows.frame;
}

static uint64_t process_key(const struct process *p)
{
	return group_process_id(p->pid, p->start_time);
}

/*
 * The target with this key; *is_new: it has to be added with job_add(), as the last one, and is
 * NULL.
 */
static struct job_target *find_target(struct gathering *g, uint64_t key, bool *is_new)
{
	uint32_t at = *map_add(&g->places, key, (uint32_t)g->job->n, is_new);

	return *is_new ? NULL : &g->job->targets[at];
}

static void add_process(struct gathering *g, const struct row *row, size_t i)
{
	const struct snapshot *snap = &frame_of(g)->snap;
	const struct owner_span owners = row_owners(snap, row);
	const struct owner *owner = &owners.list[i];
	const struct process *p = snapshot_process(snap, owner->process);
	const struct held held = { owner->inode,
				   owner->via == OWNER_VIA_IO_URING ? owner->fd : -1 };
	struct buf text = { 0 };
	bool is_new;
	struct job_target *target = find_target(g, process_key(p), &is_new);

	if (is_new) {
		label_process(p, g->cells->is_ascii, &text);
		target = job_add(g->job, text.data, text.len);
		target->pid = p->pid;
		target->start_time = p->start_time;
		buf_clear(&text);
		label_user(snap, row, i, g->cells->is_ascii, &text);
		target->user = mem_strdup(buf_cstr(&text));
		buf_fini(&text);
	}
	job_target_hold(target, &held);
}

/* More sockets than any screen shows have no label. */
#define LABELS_MAX 1000

static void add_socket(struct gathering *g, const struct row *row)
{
	struct buf text = { 0 };
	bool is_new = true;

	/* Of one item each socket comes once. */
	if (g->is_tagged)
		find_target(g, frame_sock_id(row->sk), &is_new);
	if (!is_new)
		return;
	if (g->job->n < LABELS_MAX)
		label_socket(&g->ends, &frame_of(g)->snap, row, g->cells->is_ascii, &text);
	job_add(g->job, text.data, text.len)->sk = *row->sk;
	buf_fini(&text);
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
	if (g->job->kind == JOB_CLOSE)
		job_reserve(g->job, g->job->n + group->n_all);
	for (uint32_t at = group->first; at != MAP_NONE; at = tree->groups.children[at].next)
		add_row(g, &tree->rows.list[tree->groups.children[at].row]);
}

static void count_socks(struct gathering *g)
{
	const struct snapshot *snap = &frame_of(g)->snap;

	for (size_t i = 0; i < snap->n_rows; i++) {
		struct owner_span owners = row_owners(snap, &snap->rows[i]);

		for (size_t j = 0; j < owners.n; j++) {
			uint32_t at = map_get(&g->places, process_key(snapshot_process(
								  snap, owners.list[j].process)));

			if (at != MAP_NONE)
				g->job->targets[at].n_socks++;
		}
	}
}

/* Includes tagged rows that are folded away. */
static void add_tagged(struct gathering *g, const struct tags *tags)
{
	const struct live_tree *tree = g->cells->tree;

	for (size_t i = 0; i < tree->rows.n; i++)
		if (tags_has(tags, frame_history(tree->rows.frame, &tree->rows.list[i])->id))
			add_row(g, &tree->rows.list[i]);
	for (size_t i = 0; i < tree->groups.n; i++)
		if (tree->groups.list[i].kind != GROUP_LISTENER &&
		    tags_has(tags, tree->groups.list[i].id))
			add_item(g, &(struct live_item){ .at = (uint32_t)i, .kind = ITEM_GROUP });
}

struct job *targets_of(enum job_kind kind, const struct cells *cells, const struct live_item *item,
		       const struct tags *tags)
{
	struct gathering g = {
		.cells = cells, .job = job_new(kind), .ends = label_ends(), .is_tagged = tags->n
	};

	if (tags->n)
		add_tagged(&g, tags);
	else
		add_item(&g, item);
	if (kind == JOB_SIGNAL)
		count_socks(&g);
	map_fini(&g.places);
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
