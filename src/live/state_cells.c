/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a cell: what a listing would print, and what only a tree over time has. */
#include <config.h>

#include "live/state_parts.h"

#include "base/i18n.h"
#include "base/text.h"
#include "query/columns.h"

static const struct glyphs drawn = { "─", "├─", "└─", "…", "▲", "▼" };
static const struct glyphs ascii = { "-", "|-", "`-", "~", "^", "v" };

const struct glyphs *state_glyphs(const struct live_state *s)
{
	return s->setup.is_ascii ? &ascii : &drawn;
}

void state_visible(const struct live_state *s, const char *text, size_t n, struct buf *out)
{
	text_visible(out, text, n, s->setup.is_ascii);
}

void bytes_text(uint64_t bytes, struct buf *out)
{
	static const char units[] = "KMGTPE";
	uint64_t tenths = bytes;
	size_t unit = 0;

	if (bytes == RATE_UNKNOWN) {
		buf_char(out, '-');
		return;
	}
	if (bytes < 1000) {
		buf_u64(out, bytes);
		return;
	}
	tenths = bytes / 1024 * 10 + bytes % 1024 * 10 / 1024;
	while (tenths >= 9995 && unit + 2 < sizeof(units)) {
		tenths /= 1024;
		unit++;
	}
	if (tenths < 100)
		buf_printf(out, "%u.%u%c", (unsigned int)tenths / 10, (unsigned int)tenths % 10,
			   units[unit]);
	else
		buf_printf(out, "%u%c", (unsigned int)(tenths + 5) / 10, units[unit]);
}

void age_text(uint64_t ms, struct buf *out)
{
	uint64_t seconds = ms / 1000;

	if (seconds < 60)
		buf_printf(out, "%us", (unsigned int)seconds);
	else if (seconds < 3600)
		buf_printf(out, "%um%us", (unsigned int)(seconds / 60), (unsigned int)(seconds % 60));
	else if (seconds < 86400)
		buf_printf(out, "%uh%um", (unsigned int)(seconds / 3600),
			   (unsigned int)(seconds / 60 % 60));
	else
		buf_printf(out, "%ud%uh", (unsigned int)(seconds / 86400),
			   (unsigned int)(seconds / 3600 % 24));
}

/* Adds what a listing would say; it is not made visible yet. */
static void add_listed(const struct live_state *s, const struct row *row,
		       const struct column *column, struct buf *out)
{
	const struct ghost *ghost = frame_ghost(s->frame, row);

	if (ghost && !strcmp(column->key, "process")) {
		buf_add(out, s->frame->ghost_text.data + ghost->owner.process_at,
			ghost->owner.process_len);
	} else if (ghost && !strcmp(column->key, "state")) {
		buf_str(out, _("closed"));
		buf_char(out, ' ');
		age_text(s->now_ms - ghost->note.marked_ms, out);
	} else if (s->is_numeric && column->needs & NEED_SERVICES) {
		struct snapshot numeric = s->frame->snap;

		numeric.resolved &= ~(unsigned int)NEED_SERVICES;
		column_text(column, &numeric, row, out);
	} else if (s->is_numeric && !strcmp(column->key, "user") && sock_has(row->sk, SOCK_HAS_UID)) {
		buf_u64(out, row->sk->uid);
	} else {
		column_text(column, &s->frame->snap, row, out);
	}
}

/* Searches come by here for every cell of every row: only what has to be changed is copied. */
static void listed_cell(const struct live_state *s, const struct row *row,
			const struct column *column, struct buf *out)
{
	struct buf raw = { 0 };
	size_t start = out->len;

	add_listed(s, row, column, out);
	if (out->len == start || text_is_plain(out->data + start, out->len - start, s->setup.is_ascii))
		return;
	buf_add(&raw, out->data + start, out->len - start);
	out->len = start;
	state_visible(s, raw.data, raw.len, out);
	buf_fini(&raw);
}

/* The process at the other end of a connection that stays on this host. */
static void other_end(const struct live_state *s, const struct row *row, struct buf *out)
{
	const struct row_note *note = frame_note(s->frame, row);
	const struct row *other;

	if (note->other_end == MAP_NONE)
		return;
	other = &s->frame->notes[note->other_end].row;
	if (!row_owners(&s->frame->snap, other).n)
		return;
	buf_char(out, ' ');
	listed_cell(s, other, s->columns.process, out);
}

/* Adds the peer's host name.  False where there is none, or not yet. */
static bool host_cell(const struct live_state *s, const struct row *row, struct buf *out)
{
	struct value host;

	if (!s->has_hosts)
		return false;
	column_value(s->columns.peer_host, &s->frame->snap, row, 0, &host);
	if (host.kind == VALUE_TEXT)
		state_visible(s, host.text.bytes, host.text.len, out);
	return host.kind == VALUE_TEXT;
}

static void peer_cell(const struct live_state *s, const struct row *row, struct buf *out)
{
	if (host_cell(s, row, out))
		buf_printf(out, ":%u", row->sk->remote.port);
	else
		listed_cell(s, row, s->columns.peer, out);
	other_end(s, row, out);
}

/* A listener's address, without the port that has a column of its own. */
static void address_cell(const struct live_state *s, const struct row *row, struct buf *out)
{
	size_t start = out->len;

	listed_cell(s, row, s->columns.local, out);
	if (row->sk->proto == PROTO_RAW)
		return;
	while (out->len > start && out->data[out->len - 1] != ':')
		out->len--;
	if (out->len > start)
		out->len--;
}

static void process_group_cell(const struct live_state *s, const struct live_group *group,
			       struct buf *out)
{
	const struct process *p;

	if (group->process == MAP_NONE) {
		listed_cell(s, &s->rows[group->head], s->columns.process, out);
		return;
	}
	p = snapshot_process(&s->frame->snap, group->process);
	state_visible(s, p->name, p->name_len, out);
	buf_printf(out, "[%d]", p->pid);
}

static void group_name(const struct live_state *s, const struct live_group *group, struct buf *out)
{
	const char *note;

	switch ((enum live_group_kind)group->kind) {
	case GROUP_LISTENER:
		address_cell(s, &s->rows[group->head], out);
		return;
	case GROUP_ELSEWHERE:
		buf_str(out, _("other connections"));
		return;
	case GROUP_PROCESS:
		process_group_cell(s, group, out);
		return;
	case GROUP_NOTE:
		note = owner_note_name((enum owner_note)group->note);
		buf_printf(out, "(%s)", note ? note : _("owners not looked for"));
		return;
	case GROUP_PEER:
		if (!host_cell(s, &s->rows[group->head], out))
			listed_cell(s, &s->rows[group->head], s->columns.peer_addr, out);
		return;
	}
}

/* Whose a process was. */
static void last_user_cell(const struct live_state *s, const struct ghost *ghost, struct buf *out)
{
	if (ghost->owner.user_len && !s->is_numeric)
		state_visible(s, s->frame->ghost_text.data + ghost->owner.user_at,
			      ghost->owner.user_len, out);
	else
		buf_u64(out, ghost->owner.uid);
}

/* Whose the process is, not who made one of its sockets. */
static void process_user_cell(const struct live_state *s, const struct live_group *group,
			      struct buf *out)
{
	const struct row *row = &s->rows[group->head];
	struct owner_span owners = row_owners(&s->frame->snap, row);
	const struct process *p;
	struct value user = { .kind = VALUE_NULL };

	if (group->process == MAP_NONE) {
		last_user_cell(s, frame_ghost(s->frame, row), out);
		return;
	}
	p = snapshot_process(&s->frame->snap, group->process);
	for (size_t i = 0; i < owners.n && !s->is_numeric; i++)
		if (owners.list[i].process == group->process)
			column_value(s->columns.owner_user, &s->frame->snap, row, i, &user);
	if (user.kind == VALUE_TEXT)
		state_visible(s, user.text.bytes, user.text.len, out);
	else
		buf_u64(out, p->uid);
}

/* What a group says in a column of listings: only what all its sockets share. */
static void group_listed(const struct live_state *s, const struct live_group *group,
			 const struct live_column *column, struct buf *out)
{
	if (group->kind == GROUP_LISTENER)
		listed_cell(s, &s->rows[group->head], column->column, out);
	else if (group->kind == GROUP_PROCESS && !strcmp(column->key, "user"))
		process_user_cell(s, group, out);
	else if (group->kind == GROUP_PROCESS && !strcmp(column->key, "process"))
		process_group_cell(s, group, out);
}

static void group_cell(const struct live_state *s, const struct live_group *group,
		       const struct live_column *column, struct buf *out)
{
	switch (column->special) {
	case SPECIAL_NONE:
		group_listed(s, group, column, out);
		return;
	case SPECIAL_TREE:
	case SPECIAL_END:
		group_name(s, group, out);
		return;
	case SPECIAL_CONN:
		if (group->is_uncounted)
			buf_char(out, '-');
		else
			buf_u64(out, group->n);
		return;
	case SPECIAL_RX:
		bytes_text(group->rx, out);
		return;
	case SPECIAL_TX:
		bytes_text(group->tx, out);
		return;
	}
}

/* Below its listener a connection does not repeat what the listener says. */
static bool is_said_above(const struct live_state *s, const struct live_item *item,
			  const struct live_column *column)
{
	static const char *const keys[] = { "local_port", "proto", "reach", "service", "user" };

	if (s->view != VIEW_PORTS || item->group == MAP_NONE || column->special != SPECIAL_NONE ||
	    s->groups[item->group].kind != GROUP_LISTENER)
		return false;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!strcmp(keys[i], column->key))
			return true;
	return false;
}

/* The branch stands in the second column of the view by port, else in the tree's own. */
static bool has_branch(const struct live_state *s, const struct live_column *column)
{
	const struct view_state *view = state_view_const(s);

	if (s->view == VIEW_PORTS)
		return view->n_shown > 1 && column == view->shown[1];
	return column->special == SPECIAL_TREE;
}

static void row_cell(const struct live_state *s, const struct live_item *item,
		     const struct live_column *column, struct buf *out)
{
	const struct row *row = &s->rows[item->at];
	const struct row_note *note = frame_note(s->frame, row);

	switch (column->special) {
	case SPECIAL_NONE:
		if (!strcmp(column->key, "peer") && sock_has(row->sk, SOCK_HAS_PEER))
			peer_cell(s, row, out);
		else
			listed_cell(s, row, column->column, out);
		return;
	case SPECIAL_TREE:
		if (s->view == VIEW_PEERS)
			peer_cell(s, row, out);
		else
			listed_cell(s, row, s->columns.local, out);
		return;
	case SPECIAL_END:
		if (sock_has(row->sk, SOCK_HAS_PEER))
			peer_cell(s, row, out);
		else
			listed_cell(s, row, s->columns.local, out);
		return;
	case SPECIAL_CONN:
		return;
	case SPECIAL_RX:
		bytes_text(note->rx, out);
		return;
	case SPECIAL_TX:
		bytes_text(note->tx, out);
		return;
	}
}

void state_cell(const struct live_state *s, const struct live_item *item,
		const struct live_column *column, struct buf *out)
{
	if (item->kind == ITEM_GROUP) {
		group_cell(s, &s->groups[item->at], column, out);
		return;
	}
	if (item->group != MAP_NONE && has_branch(s, column)) {
		const struct glyphs *glyphs = state_glyphs(s);

		buf_str(out, item->is_last ? glyphs->last_branch : glyphs->branch);
		buf_char(out, ' ');
	}
	if (!is_said_above(s, item, column))
		row_cell(s, item, column, out);
}

void state_whole_cell(const struct live_state *s, const struct live_item *item,
		      const struct live_column *column, struct buf *out)
{
	size_t start = out->len;

	if (item->kind == ITEM_GROUP)
		group_cell(s, &s->groups[item->at], column, out);
	else
		row_cell(s, item, column, out);
	if (out->len == start)
		buf_char(out, '-');
}
