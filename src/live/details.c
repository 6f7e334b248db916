/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of the details panel: everything known about a row. */
#include <config.h>

#include "live/details.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "live/cells.h"
#include "live/details_graph.h"
#include "live/details_more.h"
#include "live/details_peers.h"
#include "live/details_trouble.h"
#include "live/figures.h"
#include "live/frame.h"
#include "live/live_columns.h"
#include "live/pad.h"
#include "live/tree.h"
#include "query/columns.h"

static void put_visible(struct pad *pad, const struct cells *c, const struct buf *raw)
{
	struct buf text = { 0 };

	text_visible(&text, raw->data, raw->len, c->is_ascii);
	pad_put(pad, text.data, text.len);
	buf_fini(&text);
}

static void put_column(struct pad *pad, const struct cells *c, const struct row *row,
		       const char *key)
{
	struct buf text = { 0 };

	column_text(column_find(key, strlen(key)), &c->tree->rows.frame->snap, row, &text);
	put_visible(pad, c, &text);
	buf_fini(&text);
}

static void clock_text(uint64_t unix_ms, struct buf *out)
{
	time_t seconds = (time_t)(unix_ms / 1000);
	struct tm tm;
	char text[32];

	if (localtime_r(&seconds, &tm) && strftime(text, sizeof(text), "%H:%M:%S", &tm))
		buf_str(out, text);
}

static void put_first_seen(struct pad *pad, const struct cells *c,
			   const struct row_history *history)
{
	const struct frame *f = c->tree->rows.frame;
	uint64_t age = f->clock_ms - history->first_ms;
	struct buf clock = { 0 }, ago = { 0 }, text = { 0 };

	clock_text(f->snap.time_ms - age, &clock);
	age_text(age, &ago);
	buf_printf(&text, _("first seen %s (%s ago)"), buf_cstr(&clock), buf_cstr(&ago));
	pad_put(pad, text.data, text.len);
	buf_fini(&clock);
	buf_fini(&ago);
	buf_fini(&text);
}

static void put_queues(struct pad *pad, const struct sock *sk)
{
	struct buf text = { 0 };

	if (!sock_has(sk, SOCK_HAS_QUEUES))
		return;
	if (sk->state == SOCK_STATE_LISTEN && sk->recv_q >= sk->send_q && sk->send_q)
		buf_printf(&text, _("accept queue %u of %u, full"), sk->recv_q, sk->send_q);
	else if (sk->state == SOCK_STATE_LISTEN)
		buf_printf(&text, _("accept queue %u of %u"), sk->recv_q, sk->send_q);
	else if (sk->recv_q || sk->send_q)
		buf_printf(&text, _("%u bytes to read, %u to send"), sk->recv_q, sk->send_q);
	if (text.len)
		pad_put(pad, text.data, text.len);
	buf_fini(&text);
}

/* Packets per second, of a datagram socket. */
static void put_packets(struct pad *pad, const struct cells *c, const struct row *row)
{
	const struct packets *packets = packets_of(c->tree->rows.frame, row);
	struct buf rx = { 0 }, tx = { 0 }, text = { 0 };

	if (!packets || packets->rx == RATE_UNKNOWN || packets->tx == RATE_UNKNOWN)
		return;
	count_text(packets->rx, &rx);
	count_text(packets->tx, &tx);
	buf_printf(&text, _("packets %s/s received, %s/s sent"), buf_cstr(&rx), buf_cstr(&tx));
	pad_put(pad, text.data, text.len);
	buf_fini(&rx);
	buf_fini(&tx);
	buf_fini(&text);
}

static void put_socket(struct pad *pad, const struct cells *c, const struct row *row)
{
	struct buf text = { 0 };

	pad_line(pad, _("socket"));
	put_column(pad, c, row, "proto");
	put_column(pad, c, row, "local");
	if (sock_has(row->sk, SOCK_HAS_PEER)) {
		buf_str(&text, "> ");
		column_text(c->columns->peer, &c->tree->rows.frame->snap, row, &text);
		put_visible(pad, c, &text);
	}
	put_column(pad, c, row, "state");
	put_queues(pad, row->sk);
	put_packets(pad, c, row);
	put_first_seen(pad, c, frame_history(c->tree->rows.frame, row));
	buf_fini(&text);
}

/* Who started the process, and which program it runs where. */
static void put_origin(struct pad *pad, const struct cells *c, const struct process *p)
{
	struct buf text = { 0 }, ancestors = { 0 };

	ancestors_text(p->ancestors, p->n_ancestors, &ancestors);
	if (ancestors.len) {
		buf_printf(&text, _("started by %s"), buf_cstr(&ancestors));
		put_visible(pad, c, &text);
	}
	buf_clear(&text);
	if (p->exe) {
		buf_printf(&text, "exe %s", p->exe);
		put_visible(pad, c, &text);
	}
	buf_clear(&text);
	if (p->cwd) {
		buf_printf(&text, "cwd %s", p->cwd);
		put_visible(pad, c, &text);
	}
	buf_fini(&text);
	buf_fini(&ancestors);
}

static void put_owner(struct pad *pad, const struct cells *c, const struct row *row, size_t i,
		      bool is_first)
{
	const struct snapshot *snap = &c->tree->rows.frame->snap;
	const struct process *p = snapshot_process(snap, row_owners(snap, row).list[i].process);
	struct buf text = { 0 };
	struct value user = { .kind = VALUE_NULL };
	long ticks = sysconf(_SC_CLK_TCK);
	uint64_t started_ms = ticks > 0 ? p->start_time * 1000 / (uint64_t)ticks : 0;

	pad_line(pad, is_first ? _("process") : "");
	buf_add(&text, p->name, p->name_len);
	buf_printf(&text, "[%d]", p->pid);
	put_visible(pad, c, &text);
	column_value(c->columns->owner_user, snap, row, i, &user);
	buf_clear(&text);
	if (user.kind == VALUE_TEXT)
		buf_add(&text, user.text.bytes, user.text.len);
	else
		buf_u64(&text, p->uid);
	put_visible(pad, c, &text);
	if (c->tree->rows.frame->boot_ms > started_ms) {
		struct buf age = { 0 };

		age_text(c->tree->rows.frame->boot_ms - started_ms, &age);
		buf_clear(&text);
		buf_printf(&text, _("started %s ago"), buf_cstr(&age));
		pad_put(pad, text.data, text.len);
		buf_fini(&age);
	}
	buf_clear(&text);
	for (uint32_t j = 0; p->cmdline && j < p->cmdline_len; j++)
		buf_char(&text, p->cmdline[j] || j + 1 == p->cmdline_len ? p->cmdline[j] : ' ');
	while (text.len && !text.data[text.len - 1])
		text.len--;
	if (text.len)
		put_visible(pad, c, &text);
	buf_fini(&text);
	put_origin(pad, c, p);
}

static const char *why_hidden(const struct cells *c)
{
	if (problems_viewer(&c->tree->rows.frame->snap.problems) == VIEWER_USER)
		return _("the process cannot be read: run as root, or with CAP_SYS_PTRACE");
	return _("the process cannot be read here, not even by root");
}

/* Who may hold it, and why that is not certain. */
static void put_candidates(struct pad *pad, const struct cells *c, const struct row *row)
{
	const struct snapshot *snap = &c->tree->rows.frame->snap;
	struct value confidence = { .kind = VALUE_NULL };

	if (!row->candidates)
		return;
	column_value(column_find("confidence", 10), snap, row, 0, &confidence);
	pad_line(pad, _("candidates"));
	if (confidence.kind == VALUE_NULL) {
		pad_str(pad, _("the control group in which it was made does not tell"));
		return;
	}
	if (!column_is_unknown(column_find("candidates", 10), snap, row))
		put_column(pad, c, row, "candidates");
	pad_str(pad, _("not certain: in the control group in which the socket was made, but it may "
		       "have been passed on"));
}

static void put_owners(struct pad *pad, const struct cells *c, const struct row *row)
{
	struct owner_span owners = row_owners(&c->tree->rows.frame->snap, row);
	const struct frame *frame = c->tree->rows.frame;
	const struct known_owner *last = frame_last_owner(frame, row);
	struct buf text = { 0 };

	for (size_t i = 0; i < owners.n; i++)
		put_owner(pad, c, row, row_owner_shown(&c->tree->rows.frame->snap, row, owners, i),
			  !i);
	if (owners.n)
		return;
	pad_line(pad, _("process"));
	if (last) {
		size_t len;
		const char *bytes = frame_owner_text(frame, last, &len);

		buf_add(&text, bytes, len);
		put_visible(pad, c, &text);
	} else {
		put_column(pad, c, row, "process");
		if (row->owner_note == NOTE_HIDDEN)
			pad_str(pad, why_hidden(c));
		put_candidates(pad, c, row);
	}
	buf_fini(&text);
}

static void put_other_end(struct pad *pad, const struct cells *c, const struct row *row)
{
	if (!ends_other(&c->tree->rows.frame->snap, row))
		return;
	pad_line(pad, _("other end"));
	put_column(pad, c, row, "peer_owners");
}

/* Where the port leads to and which rules say so, and the ports that lead to it. */
static void put_forwards(struct pad *pad, const struct cells *c, const struct row *row)
{
	const struct snapshot *snap = &c->tree->rows.frame->snap;

	if (column_count(column_find("leads_to.by", 11), snap, row)) {
		pad_line(pad, _("leads to"));
		put_column(pad, c, row, "leads_to");
		put_column(pad, c, row, "leads_to.by");
		put_column(pad, c, row, "leads_to.rule");
	}
	if (column_count(column_find("published.by", 12), snap, row)) {
		pad_line(pad, _("published"));
		put_column(pad, c, row, "published");
		put_column(pad, c, row, "published.by");
	}
}

static void put_group(struct pad *pad, const struct cells *c, const struct live_item *item,
		      const struct live_group *group)
{
	struct owner_span owners;
	const struct row *row;

	/* Connections without a shown listener: there is no row that could be described. */
	if (group->head == MAP_NONE) {
		details_put_trouble_below(pad, group);
		details_put_peers(pad, c, group);
		details_put_graph(pad, c, item);
		return;
	}
	row = &c->tree->rows.list[group->head];
	switch ((enum live_group_kind)group->kind) {
	case GROUP_LISTENER:
		put_socket(pad, c, row);
		details_put_trouble(pad, c, row);
		details_put_trouble_below(pad, group);
		put_owners(pad, c, row);
		put_forwards(pad, c, row);
		details_put_peers(pad, c, group);
		details_put_graph(pad, c, item);
		details_put_more(pad, c, row);
		return;
	case GROUP_PROCESS:
		owners = row_owners(&c->tree->rows.frame->snap, row);
		for (size_t i = 0; i < owners.n; i++)
			if (owners.list[i].process == group->process)
				put_owner(pad, c, row, i, true);
		details_put_trouble_below(pad, group);
		details_put_peers(pad, c, group);
		details_put_graph(pad, c, item);
		return;
	case GROUP_ELSEWHERE:
	case GROUP_NOTE:
	case GROUP_PEER:
	case GROUP_VALUE:
		details_put_trouble_below(pad, group);
		details_put_peers(pad, c, group);
		details_put_graph(pad, c, item);
		return;
	}
}

void details_fill_raw(struct pad *pad, const struct cells *c, const struct live_item *item)
{
	const struct row *row = live_tree_row(c->tree, item);

	if (row)
		details_put_raw(pad, c, row);
}

void details_fill(struct pad *pad, const struct cells *c, const struct live_item *item)
{
	const struct live_group *group = live_tree_group(c->tree, item);
	const struct row *row = live_tree_row(c->tree, item);

	if (group) {
		put_group(pad, c, item, group);
	} else if (row) {
		put_socket(pad, c, row);
		details_put_trouble(pad, c, row);
		put_owners(pad, c, row);
		put_forwards(pad, c, row);
		put_other_end(pad, c, row);
		details_put_graph(pad, c, item);
		details_put_more(pad, c, row);
	}
}
