/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the targets of Kill or Close: the processes or sockets of rows, each once. */
#include <config.h>

#include "live/targets.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "live/cells.h"
#include "live/frame.h"
#include "live/live_columns.h"
#include "live/tags.h"
#include "live/tree.h"
#include "model/vocab.h"
#include "query/columns.h"

/* A job under construction. */
struct gathering {
	const struct cells *cells;
	struct job *job;
	struct map places; /* key of a target to its index in the job */
};

static const struct frame *frame_of(const struct gathering *g)
{
	return g->cells->tree->rows.frame;
}

static uint64_t process_key(const struct process *p)
{
	return group_process_id(p->pid, p->start_time);
}

/* Adds the key.  Returns whether it is new, so that the caller adds its target. */
static bool is_new(struct gathering *g, uint64_t key)
{
	bool is_added;

	map_add(&g->places, key, (uint32_t)g->job->n, &is_added);
	return is_added;
}

static void add_process(struct gathering *g, const struct row *row, size_t i)
{
	const struct snapshot *snap = &frame_of(g)->snap;
	const struct process *p = snapshot_process(snap, row_owners(snap, row).list[i].process);
	struct value user = { .kind = VALUE_NULL };
	struct job_target *target;
	struct buf text = { 0 };

	if (!is_new(g, process_key(p)))
		return;
	text_visible(&text, p->name, p->name_len, g->cells->is_ascii);
	buf_printf(&text, "[%d]", p->pid);
	target = job_add(g->job, text.data, text.len);
	target->pid = p->pid;
	target->start_time = p->start_time;
	column_value(g->cells->columns->owner_user, snap, row, i, &user);
	buf_clear(&text);
	if (user.kind == VALUE_TEXT)
		text_visible(&text, user.text.bytes, user.text.len, g->cells->is_ascii);
	else
		buf_u64(&text, p->uid);
	target->user = mem_strdup(buf_cstr(&text));
	buf_fini(&text);
}

static void add_socket(struct gathering *g, const struct row *row)
{
	const struct live_columns *known = g->cells->columns;
	const struct snapshot *snap = &frame_of(g)->snap;
	struct buf raw = { 0 }, text = { 0 };
	struct job_target *target;

	if (!is_new(g, frame_sock_id(row->sk)))
		return;
	buf_str(&raw, proto_name((enum sock_proto)row->sk->proto));
	buf_char(&raw, ' ');
	column_text(known->local, snap, row, &raw);
	if (sock_has(row->sk, SOCK_HAS_PEER)) {
		buf_str(&raw, " > ");
		column_text(known->peer, snap, row, &raw);
	}
	text_visible(&text, raw.data, raw.len, g->cells->is_ascii);
	target = job_add(g->job, text.data, text.len);
	target->sk = *row->sk;
	buf_fini(&raw);
	buf_fini(&text);
}

static void add_row(struct gathering *g, const struct row *row)
{
	struct owner_span owners = row_owners(&frame_of(g)->snap, row);

	if (frame_ghost(frame_of(g), row) || sock_is_forward(row->sk))
		return;
	if (g->job->kind == JOB_CLOSE)
		add_socket(g, row);
	for (size_t i = 0; g->job->kind == JOB_SIGNAL && i < owners.n; i++)
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
	struct gathering g = { .cells = cells, .job = job_new(kind) };

	if (tags->n)
		add_tagged(&g, tags);
	else
		add_item(&g, item);
	if (kind == JOB_SIGNAL)
		count_socks(&g);
	map_fini(&g.places);
	return g.job;
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
