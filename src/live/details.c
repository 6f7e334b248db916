/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything known of the row under the cursor, wrapped to the width of the screen. */
#include <config.h>

#include "live/state_parts.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "query/columns.h"

#define INDENT 11 /* columns up to the text behind a label */

/* Lines to come: the text of all, and where each starts. */
struct pad {
	struct buf text;
	struct {
		size_t start;
		size_t label; /* bytes of it that are the label */
	} *lines;
	size_t n;
	size_t cap;
	size_t column; /* of the line that is being filled */
	size_t width;
};

static void start_line(struct pad *pad, const char *label)
{
	size_t width = text_width(label, strlen(label));

	pad->lines = mem_grow(pad->lines, pad->n, &pad->cap, sizeof(*pad->lines));
	pad->lines[pad->n].start = pad->text.len;
	buf_char(&pad->text, ' ');
	buf_str(&pad->text, label);
	pad->column = width + 1;
	if (pad->column < INDENT)
		buf_fill(&pad->text, ' ', INDENT - pad->column);
	else
		buf_char(&pad->text, ' ');
	if (pad->column < INDENT)
		pad->column = INDENT;
	else
		pad->column++;
	pad->lines[pad->n].label = pad->text.len - pad->lines[pad->n].start;
	pad->n++;
}

/* A piece that stays together where a line can hold it; longer ones are wrapped. */
static void put(struct pad *pad, const char *text, size_t n)
{
	size_t width = text_width(text, n);
	bool is_first = pad->column <= INDENT;

	if (!is_first && pad->column + 3 + width > pad->width)
		start_line(pad, "");
	else if (!is_first) {
		buf_str(&pad->text, "   ");
		pad->column += 3;
	}
	while (n) {
		size_t used, fits = text_fit(text, n, pad->width - pad->column, &used);

		if (!fits)
			fits = n;
		buf_add(&pad->text, text, fits);
		pad->column += used;
		text += fits;
		n -= fits;
		if (n)
			start_line(pad, "");
	}
}

static void put_str(struct pad *pad, const char *text)
{
	put(pad, text, strlen(text));
}

static void put_visible(struct pad *pad, const struct live_state *s, const struct buf *raw)
{
	struct buf text = { 0 };

	state_visible(s, raw->data, raw->len, &text);
	put(pad, text.data, text.len);
	buf_fini(&text);
}

static void put_column(struct pad *pad, const struct live_state *s, const struct row *row,
		       const char *key)
{
	struct buf text = { 0 };

	column_text(column_find(key, strlen(key)), &s->frame->snap, row, &text);
	put_visible(pad, s, &text);
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

static void put_first_seen(struct pad *pad, const struct live_state *s, const struct row_note *note)
{
	const struct frame *f = s->frame;
	uint64_t age = f->clock_ms - note->first_ms;
	struct buf clock = { 0 }, ago = { 0 }, text = { 0 };

	clock_text(f->snap.time_ms - age, &clock);
	age_text(age, &ago);
	buf_printf(&text, _("first seen %s (%s ago)"), buf_cstr(&clock), buf_cstr(&ago));
	put(pad, text.data, text.len);
	buf_fini(&clock);
	buf_fini(&ago);
	buf_fini(&text);
}

static void put_queues(struct pad *pad, const struct sock *sk)
{
	struct buf text = { 0 };

	if (!sock_has(sk, SOCK_HAS_QUEUES))
		return;
	if (sk->state == SOCK_STATE_LISTEN)
		buf_printf(&text, _("accept queue %u/%u"), sk->recv_q, sk->send_q);
	else
		buf_printf(&text, _("%u bytes to be read, %u to be sent"), sk->recv_q, sk->send_q);
	put(pad, text.data, text.len);
	buf_fini(&text);
}

static void put_socket(struct pad *pad, const struct live_state *s, const struct row *row)
{
	struct buf text = { 0 };

	start_line(pad, _("socket"));
	put_column(pad, s, row, "proto");
	put_column(pad, s, row, "local");
	if (sock_has(row->sk, SOCK_HAS_PEER)) {
		buf_str(&text, "> ");
		column_text(s->columns.peer, &s->frame->snap, row, &text);
		put_visible(pad, s, &text);
	}
	put_column(pad, s, row, "state");
	put_queues(pad, row->sk);
	put_first_seen(pad, s, frame_note(s->frame, row));
	buf_fini(&text);
}

static void put_owner(struct pad *pad, const struct live_state *s, const struct row *row, size_t i,
		      bool is_first)
{
	const struct snapshot *snap = &s->frame->snap;
	const struct process *p = snapshot_process(snap, row_owners(snap, row).list[i].process);
	struct buf text = { 0 };
	struct value user = { .kind = VALUE_NULL };
	long ticks = sysconf(_SC_CLK_TCK);
	uint64_t started_ms = ticks > 0 ? p->start_time * 1000 / (uint64_t)ticks : 0;

	start_line(pad, is_first ? _("process") : "");
	buf_add(&text, p->name, p->name_len);
	buf_printf(&text, "[%d]", p->pid);
	put_visible(pad, s, &text);
	column_value(s->columns.owner_user, snap, row, i, &user);
	buf_clear(&text);
	if (user.kind == VALUE_TEXT)
		buf_add(&text, user.text.bytes, user.text.len);
	else
		buf_u64(&text, p->uid);
	put_visible(pad, s, &text);
	if (s->frame->boot_ms > started_ms) {
		struct buf age = { 0 };

		age_text(s->frame->boot_ms - started_ms, &age);
		buf_clear(&text);
		buf_printf(&text, _("started %s ago"), buf_cstr(&age));
		put(pad, text.data, text.len);
		buf_fini(&age);
	}
	buf_clear(&text);
	for (uint32_t j = 0; p->cmdline && j < p->cmdline_len; j++)
		buf_char(&text, p->cmdline[j] || j + 1 == p->cmdline_len ? p->cmdline[j] : ' ');
	while (text.len && !text.data[text.len - 1])
		text.len--;
	if (text.len)
		put_visible(pad, s, &text);
	buf_fini(&text);
}

static const char *why_hidden(const struct live_state *s)
{
	if (problems_viewer(&s->frame->snap.problems) == VIEWER_USER)
		return _("its process cannot be read: run as root, or with CAP_SYS_PTRACE");
	return _("its process cannot be read, not even by root here");
}

static void put_owners(struct pad *pad, const struct live_state *s, const struct row *row)
{
	struct owner_span owners = row_owners(&s->frame->snap, row);
	const struct ghost *ghost = frame_ghost(s->frame, row);
	struct buf text = { 0 };

	for (size_t i = 0; i < owners.n; i++)
		put_owner(pad, s, row, row_owner_shown(&s->frame->snap, row, owners, i), !i);
	if (owners.n)
		return;
	start_line(pad, _("process"));
	if (ghost) {
		buf_add(&text, s->frame->ghost_text.data + ghost->owner.process_at,
			ghost->owner.process_len);
		put_visible(pad, s, &text);
	} else {
		put_column(pad, s, row, "process");
		if (row->note == NOTE_HIDDEN)
			put_str(pad, why_hidden(s));
	}
	buf_fini(&text);
}

static void put_other_end(struct pad *pad, const struct live_state *s, const struct row *row)
{
	uint32_t at = frame_note(s->frame, row)->other_end;

	if (at == MAP_NONE)
		return;
	start_line(pad, _("other end"));
	put_column(pad, s, &s->frame->notes[at].row, "owners");
}

/* What else is known, column by column; these have been said. */
static void put_rest(struct pad *pad, const struct live_state *s, const struct row *row)
{
	static const char *const said[] = { "host", "proto", "state", "local_addr", "local_port", "peer_addr",
					    "peer_port", "recv_q", "send_q", "owner_note" };
	struct buf text = { 0 };

	start_line(pad, _("more"));
	for (size_t i = 0; i < columns_n; i++) {
		const struct column *c = &columns[i];
		struct value value;
		bool is_said = !c->get || c->shape != COLUMN_PLAIN;

		for (size_t j = 0; j < sizeof(said) / sizeof(*said); j++)
			is_said |= !strcmp(said[j], c->key);
		if (is_said)
			continue;
		column_value(c, &s->frame->snap, row, 0, &value);
		if (value.kind == VALUE_NULL)
			continue;
		buf_clear(&text);
		buf_str(&text, c->key);
		buf_char(&text, ' ');
		column_text(c, &s->frame->snap, row, &text);
		put_visible(pad, s, &text);
	}
	buf_fini(&text);
}

/* The peers of a group, the most frequent ones first. */
struct client {
	const struct sock *sk;
	uint32_t n;
};

static int compare_clients(const void *a, const void *b)
{
	const struct client *x = a, *y = b;

	return (x->n < y->n) - (x->n > y->n);
}

#define CLIENTS_SHOWN 12

static void put_clients(struct pad *pad, const struct live_state *s, const struct live_group *group)
{
	struct client *clients = mem_calloc(group->n_all + 1, sizeof(*clients));
	struct map by_addr = { 0 };
	struct buf text = { 0 };
	size_t n = 0;

	for (uint32_t at = group->first; at != MAP_NONE; at = s->children[at].next) {
		const struct sock *sk = s->rows[s->children[at].row].sk;
		uint64_t key = group_peer_id(sk);
		uint32_t *client;
		bool is_added;

		if (!sock_has(sk, SOCK_HAS_PEER))
			continue;
		client = map_add(&by_addr, key, (uint32_t)n, &is_added);
		if (is_added)
			clients[n++].sk = sk;
		clients[*client].n++;
	}
	qsort(clients, n, sizeof(*clients), compare_clients);
	if (n)
		start_line(pad, _("peers"));
	for (size_t i = 0; i < n && i < CLIENTS_SHOWN; i++) {
		const struct sock *sk = clients[i].sk;
		struct addr addr;
		enum addr_family family =
			addr_unmap((enum addr_family)sk->family, &sk->remote.addr, &addr);

		buf_clear(&text);
		addr_text(&text, family, &addr);
		buf_printf(&text, " x%u", clients[i].n);
		put(pad, text.data, text.len);
	}
	if (n > CLIENTS_SHOWN) {
		buf_clear(&text);
		buf_printf(&text, P_("and %zu more", "and %zu more", n - CLIENTS_SHOWN),
			   n - CLIENTS_SHOWN);
		put(pad, text.data, text.len);
	}
	map_fini(&by_addr);
	buf_fini(&text);
	free(clients);
}

static void put_group(struct pad *pad, const struct live_state *s, const struct live_group *group)
{
	struct owner_span owners;
	const struct row *row;

	/* Of clients that are elsewhere no row here says anything. */
	if (group->head == MAP_NONE) {
		put_clients(pad, s, group);
		return;
	}
	row = &s->rows[group->head];
	switch ((enum live_group_kind)group->kind) {
	case GROUP_LISTENER:
		put_socket(pad, s, row);
		put_owners(pad, s, row);
		put_clients(pad, s, group);
		put_rest(pad, s, row);
		return;
	case GROUP_PROCESS:
		owners = row_owners(&s->frame->snap, row);
		for (size_t i = 0; i < owners.n; i++)
			if (owners.list[i].process == group->process)
				put_owner(pad, s, row, i, true);
		put_clients(pad, s, group);
		return;
	case GROUP_ELSEWHERE:
	case GROUP_NOTE:
	case GROUP_PEER:
		put_clients(pad, s, group);
		return;
	}
}

static void fill(struct pad *pad, const struct live_state *s)
{
	const struct live_item *item = s->frame ? state_current(s) : NULL;
	const struct live_group *group = item ? item_group(s, item) : NULL;
	const struct row *row = item ? item_row(s, item) : NULL;

	pad->width = s->width > INDENT + 10 ? (size_t)s->width - 1 : INDENT + 10;
	if (group) {
		put_group(pad, s, group);
	} else if (row) {
		put_socket(pad, s, row);
		put_owners(pad, s, row);
		put_other_end(pad, s, row);
		put_rest(pad, s, row);
	}
}

static void pad_fini(struct pad *pad)
{
	buf_fini(&pad->text);
	free(pad->lines);
}

int details_height(const struct live_state *s)
{
	struct pad pad = { 0 };
	int height;

	fill(&pad, s);
	height = (int)pad.n + 1;
	pad_fini(&pad);
	/* Room for what other rows have, so that the table does not jump at each step. */
	return height < 8 ? 8 : height;
}

/* How many lines are below those in sight; at the end, that there are some above. */
static void draw_head(const struct live_state *s, struct canvas *out, int y, size_t below,
		      bool is_scrolled)
{
	const struct live_item *item = s->frame ? state_current(s) : NULL;
	const struct view_state *view = state_view_const(s);
	struct buf text = { 0 };

	buf_str(&text, _("details"));
	for (size_t i = 0; item && i < view->n_shown; i++) {
		if (view->shown[i]->weight < 8)
			continue;
		buf_str(&text, "  ");
		state_cell(s, item, view->shown[i], &text);
	}
	if (below)
		buf_printf(&text, P_("  ([ ] scroll: %zu more line)", "  ([ ] scroll: %zu more lines)", below),
			   below);
	else if (is_scrolled)
		buf_str(&text, _("  ([ ] scroll: the end)"));
	panel_rule(s, out, y, buf_cstr(&text));
	buf_fini(&text);
}

void details_draw(const struct live_state *s, struct canvas *out, int y, int n)
{
	struct pad pad = { 0 };
	size_t room = n > 1 ? (size_t)n - 1 : 0, top = s->details_top;

	if (n <= 0)
		return;
	fill(&pad, s);
	if (top + room > pad.n)
		top = pad.n > room ? pad.n - room : 0;
	draw_head(s, out, y, pad.n > top + room ? pad.n - top - room : 0, top > 0);
	for (size_t i = 0; i < room && top + i < pad.n; i++) {
		size_t line = top + i, start = pad.lines[line].start;
		size_t end = line + 1 < pad.n ? pad.lines[line + 1].start : pad.text.len;
		int at = y + 1 + (int)i;

		canvas_put(out, at, STYLE_LABEL, pad.text.data + start, pad.lines[line].label);
		canvas_put(out, at, STYLE_PLAIN, pad.text.data + start + pad.lines[line].label,
			   end - start - pad.lines[line].label);
	}
	pad_fini(&pad);
}
