/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a cell: that of the list, or of a column that only the live view has. */
#include <config.h>

#include "live/cells.h"

#include "base/i18n.h"
#include "base/text.h"
#include "live/figures.h"
#include "live/frame.h"
#include "live/change_cell.h"
#include "live/glyphs.h"
#include "live/live_columns.h"
#include "live/tree.h"
#include "query/columns.h"

/* Adds the text of the list, not yet made visible. */
static void add_listed(const struct cells *c, const struct row *row, const struct column *column,
		       struct buf *out)
{
	const struct frame *frame = c->tree->rows.frame;
	const struct known_owner *last = frame_last_owner(frame, row);
	const struct ghost *ghost = frame_ghost(frame, row);

	if (last && column == c->columns->process) {
		size_t len;
		const char *text = frame_owner_text(frame, last, &len);

		buf_add(out, text, len);
	} else if (ghost && column == c->columns->state) {
		buf_str(out, _("closed"));
		buf_char(out, ' ');
		age_text(c->now_ms - ghost->history.changed_ms, out);
	} else if (c->is_numeric && column->needs & NEED_SERVICES) {
		struct snapshot numeric = c->tree->rows.frame->snap;

		numeric.resolved &= ~(unsigned int)NEED_SERVICES;
		column_text(column, &numeric, row, out);
	} else if (c->is_numeric && column == c->columns->user && sock_has(row->sk, SOCK_HAS_UID)) {
		buf_u64(out, row->sk->uid);
	} else {
		column_text(column, &c->tree->rows.frame->snap, row, out);
	}
	if (column == c->columns->host && frame_away_ms(frame, row)) {
		buf_char(out, ' ');
		age_text(frame_away_ms(frame, row), out);
	}
}

/* A search calls this for every cell, so copy only a text that has to change. */
static void listed_cell(const struct cells *c, const struct row *row, const struct column *column,
			struct buf *out)
{
	struct buf raw = { 0 };
	size_t start = out->len;

	add_listed(c, row, column, out);
	if (out->len == start || text_is_plain(out->data + start, out->len - start, c->is_ascii))
		return;
	buf_add(&raw, out->data + start, out->len - start);
	out->len = start;
	text_visible(out, raw.data, raw.len, c->is_ascii);
	buf_fini(&raw);
}

/* The processes at the other end of a connection within this host. */
static void other_end(const struct cells *c, const struct row *row, struct buf *out)
{
	if (column_is_unknown(c->columns->peer_owners, &c->tree->rows.frame->snap, row))
		return;
	buf_char(out, ' ');
	listed_cell(c, row, c->columns->peer_owners, out);
}

/* Adds the peer's host name.  False if there is none, or if it is not resolved yet. */
static bool host_cell(const struct cells *c, const struct row *row, struct buf *out)
{
	struct value host;

	if (!c->has_hosts)
		return false;
	column_value(c->columns->peer_host, &c->tree->rows.frame->snap, row, 0, &host);
	if (host.kind == VALUE_TEXT)
		text_visible(out, host.text.bytes, host.text.len, c->is_ascii);
	return host.kind == VALUE_TEXT;
}

static void peer_cell(const struct cells *c, const struct row *row, struct buf *out)
{
	if (host_cell(c, row, out))
		buf_printf(out, ":%u", row->sk->remote.port);
	else
		listed_cell(c, row, c->columns->peer, out);
	other_end(c, row, out);
}

/* A listener's address without the port, which has its own column; but that has no range. */
static void address_cell(const struct cells *c, const struct row *row, struct buf *out)
{
	size_t start = out->len;

	listed_cell(c, row, c->columns->local, out);
	if (!proto_has_ports((enum sock_proto)row->sk->proto) || !sock_has_one_port(row->sk))
		return;
	while (out->len > start && out->data[out->len - 1] != ':')
		out->len--;
	if (out->len > start)
		out->len--;
}

static void process_group_cell(const struct cells *c, const struct live_group *group,
			       struct buf *out)
{
	const struct process *p;

	if (group->process == MAP_NONE) {
		listed_cell(c, &c->tree->rows.list[group->head], c->columns->process, out);
		return;
	}
	p = snapshot_process(&c->tree->rows.frame->snap, group->process);
	text_visible(out, p->name, p->name_len, c->is_ascii);
	buf_printf(out, "[%d]", p->pid);
}

static void group_name(const struct cells *c, const struct live_group *group, struct buf *out)
{
	const char *note;

	switch ((enum live_group_kind)group->kind) {
	case GROUP_LISTENER:
		address_cell(c, &c->tree->rows.list[group->head], out);
		return;
	case GROUP_ELSEWHERE:
		buf_str(out, _("other connections"));
		return;
	case GROUP_PROCESS:
		process_group_cell(c, group, out);
		return;
	case GROUP_NOTE:
		/* What has no owner and needs no note is no socket. */
		note = group->note == NOTE_NONE ? "forward"
						: owner_note_name((enum owner_note)group->note);
		buf_printf(out, "(%s)", note ? note : _("owners not looked up"));
		return;
	case GROUP_VALUE:
		listed_cell(c, &c->tree->rows.list[group->head], c->tree->groups.by, out);
		return;
	case GROUP_PEER:
		if (!host_cell(c, &c->tree->rows.list[group->head], out))
			listed_cell(c, &c->tree->rows.list[group->head], c->columns->peer_addr,
				    out);
		return;
	}
}

/* The user of a process that has ended. */
static void last_user_cell(const struct cells *c, const struct known_owner *last, struct buf *out)
{
	if (last->user_len && !c->is_numeric)
		text_visible(out, c->tree->rows.frame->ghost_text.data + last->user_at,
			     last->user_len, c->is_ascii);
	else
		buf_u64(out, last->uid);
}

/* The user of the process, not the one who created one of its sockets. */
static void process_user_cell(const struct cells *c, const struct live_group *group,
			      struct buf *out)
{
	const struct row *row = &c->tree->rows.list[group->head];
	struct owner_span owners = row_owners(&c->tree->rows.frame->snap, row);
	const struct process *p;
	struct value user = { .kind = VALUE_NULL };

	if (group->process == MAP_NONE) {
		last_user_cell(c, frame_last_owner(c->tree->rows.frame, row), out);
		return;
	}
	p = snapshot_process(&c->tree->rows.frame->snap, group->process);
	for (size_t i = 0; i < owners.n && !c->is_numeric; i++)
		if (owners.list[i].process == group->process)
			column_value(c->columns->owner_user, &c->tree->rows.frame->snap, row, i,
				     &user);
	if (user.kind == VALUE_TEXT)
		text_visible(out, user.text.bytes, user.text.len, c->is_ascii);
	else
		buf_u64(out, p->uid);
}

/* Adds to the state the fill of a full queue, and a mark to a reach that is too wide. */
static void trouble_mark(const struct cells *c, const struct row *row, const struct column *column,
			 struct buf *out)
{
	unsigned int bits = frame_history(c->tree->rows.frame, row)->watch.bits;

	if (column == c->columns->reach && bits & TROUBLE_BIT(TROUBLE_EXPOSED))
		buf_str(out, " !");
	if (column == c->columns->state && bits & TROUBLE_BIT(TROUBLE_ACCEPT_QUEUE))
		buf_printf(out, " %u/%u", row->sk->recv_q, row->sk->send_q);
}

/* The cell of a group in a column of the list: empty unless all its sockets have the same text. */
static void group_listed(const struct cells *c, const struct live_group *group,
			 const struct live_column *column, struct buf *out)
{
	if (group->kind == GROUP_LISTENER) {
		const struct row *head = &c->tree->rows.list[group->head];

		listed_cell(c, head, column->column, out);
		trouble_mark(c, head, column->column, out);
	} else if (group->kind == GROUP_PROCESS && column->column == c->columns->user) {
		process_user_cell(c, group, out);
	} else if (group->kind == GROUP_PROCESS && column->column == c->columns->process) {
		process_group_cell(c, group, out);
	}
}

static void history_cell(const struct cells *c, const struct live_item *item, struct buf *out)
{
	struct rates rates = { 0 };

	live_tree_rates(c->tree, item, &rates);
	rates_sparkline(&rates, HISTORY_LENGTH, c->is_ascii, out);
}

static void group_cell(const struct cells *c, const struct live_item *item,
		       const struct live_column *column, struct buf *out)
{
	const struct live_group *group = &c->tree->groups.list[item->at];

	switch (column->special) {
	case SPECIAL_NONE:
		group_listed(c, group, column, out);
		return;
	case SPECIAL_TREE:
	case SPECIAL_END:
		group_name(c, group, out);
		return;
	case SPECIAL_CONN:
		if (group->is_uncounted)
			buf_char(out, '-');
		else
			buf_u64(out, group->n_connections);
		return;
	case SPECIAL_RX:
		bytes_text(group->rx, out);
		return;
	case SPECIAL_TX:
		bytes_text(group->tx, out);
		return;
	case SPECIAL_TRAFFIC:
		bytes_text(rate_sum(group->rx, group->tx), out);
		return;
	case SPECIAL_HISTORY:
		history_cell(c, item, out);
		return;
	case SPECIAL_TIME:
	case SPECIAL_CHANGE:
	case SPECIAL_LIVED:
	case SPECIAL_BYTES:
		return;
	}
}

/* Is this cell of a connection the same as that of its listener, which is shown above? */
static bool is_said_above(const struct cells *c, const struct live_item *item,
			  const struct live_column *column)
{
	return column->is_listeners && c->tree->from.view == VIEW_PORTS &&
	       item->group != MAP_NONE && c->tree->groups.list[item->group].kind == GROUP_LISTENER;
}

static void row_cell(const struct cells *c, const struct live_item *item,
		     const struct live_column *column, struct buf *out)
{
	const struct row *row = &c->tree->rows.list[item->at];
	const struct row_history *history = frame_history(c->tree->rows.frame, row);

	switch (column->special) {
	case SPECIAL_NONE:
		if (column->column == c->columns->peer && sock_has(row->sk, SOCK_HAS_PEER))
			peer_cell(c, row, out);
		else
			listed_cell(c, row, column->column, out);
		trouble_mark(c, row, column->column, out);
		return;
	case SPECIAL_TREE:
		if (c->tree->from.view == VIEW_PEERS)
			peer_cell(c, row, out);
		else
			listed_cell(c, row, c->columns->local, out);
		return;
	case SPECIAL_END:
		if (sock_has(row->sk, SOCK_HAS_PEER))
			peer_cell(c, row, out);
		else
			listed_cell(c, row, c->columns->local, out);
		return;
	case SPECIAL_CONN:
		return;
	case SPECIAL_RX:
		bytes_text(history->rx, out);
		return;
	case SPECIAL_TX:
		bytes_text(history->tx, out);
		return;
	case SPECIAL_TRAFFIC:
		bytes_text(rate_sum(history->rx, history->tx), out);
		return;
	case SPECIAL_HISTORY:
		history_cell(c, item, out);
		return;
	case SPECIAL_TIME:
	case SPECIAL_CHANGE:
	case SPECIAL_LIVED:
	case SPECIAL_BYTES:
		return;
	}
}

void cell_text(const struct cells *c, const struct live_item *item,
	       const struct live_column *column, struct buf *out)
{
	if (item->kind == ITEM_CHANGE) {
		change_cell(c, live_tree_change(c->tree, item), column, out);
		return;
	}
	if (item->kind == ITEM_GROUP) {
		group_cell(c, item, column, out);
		return;
	}
	if (live_item_is_child(item) && column == c->branch) {
		const struct glyphs *glyphs = glyphs_of(c->is_ascii);

		buf_str(out, item->is_last ? glyphs->last_branch : glyphs->branch);
		buf_char(out, ' ');
	}
	if (!is_said_above(c, item, column))
		row_cell(c, item, column, out);
}

void cell_whole_text(const struct cells *c, const struct live_item *item,
		     const struct live_column *column, struct buf *out)
{
	size_t start = out->len;

	if (item->kind == ITEM_CHANGE)
		cell_text(c, item, column, out);
	else if (item->kind == ITEM_GROUP)
		group_cell(c, item, column, out);
	else
		row_cell(c, item, column, out);
	if (out->len == start)
		buf_char(out, '-');
}
