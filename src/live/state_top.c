/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines above the table: title, views, filter, and the line in which a filter is typed. */
#include <config.h>

#include "live/state_parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/vocab.h"

/* ---- title ---- */

struct count {
	const char *name; /* a state's name: never translated */
	uint32_t n;
};

static void counts_text(const struct live_state *s, struct buf *out)
{
	const struct live_totals *t = &s->totals;
	const struct count counts[] = {
		{ "listen", t->listening },	  { "estab", t->established },
		{ "time-wait", t->time_wait },	  { "close-wait", t->close_wait },
		{ "udp", t->udp },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		if (counts[i].n || i < 2)
			buf_printf(out, "  %s %" PRIu32, counts[i].name, counts[i].n);
	buf_str(out, "   rx ");
	bytes_text(t->rx, out);
	buf_str(out, t->rx == RATE_UNKNOWN ? "  tx " : "/s  tx ");
	bytes_text(t->tx, out);
	buf_str(out, t->tx == RATE_UNKNOWN ? "" : "/s");
}

/* However little room there is, so much of the host's name shows. */
#define LEAST_HOST 12

/* Whose ports, and how many: a long name gives way to the counts. */
static void draw_host(const struct live_state *s, struct canvas *out, int y)
{
	struct buf host = { 0 }, counts = { 0 };
	int width, room;

	state_visible(s, s->setup.host, strlen(s->setup.host), &host);
	counts_text(s, &counts);
	canvas_str(out, y, STYLE_TITLE, " portstat ");
	width = (int)text_width(host.data, host.len);
	room = out->width - canvas_column(out, y) - (int)text_width(counts.data, counts.len);
	if (room < LEAST_HOST)
		room = LEAST_HOST;
	canvas_cell(out, y, STYLE_TITLE, host.data, host.len, width < room ? width : room, false);
	canvas_put(out, y, STYLE_TITLE, counts.data, counts.len);
	buf_fini(&host);
	buf_fini(&counts);
}

/* What the title says of time: how often it looks, and whether it does. */
const char *state_liveness(const struct live_state *s, bool *is_alert)
{
	*is_alert = s->error || s->is_paused;
	if (s->error)
		return _("FAILS");
	if (s->is_paused)
		return _("PAUSED");
	if (!s->setup.interval_ms)
		return _("STEP");
	return s->setup.is_replay ? _("REPLAY") : _("LIVE");
}

static void draw_right(struct canvas *out, int y, enum style style, const struct buf *text,
		       int right)
{
	int start = right - (int)text_width(text->data, text->len);

	if (start < canvas_column(out, y))
		return;
	canvas_to(out, y, STYLE_TITLE, start);
	canvas_put(out, y, style, text->data, text->len);
}

void state_draw_title(const struct live_state *s, struct canvas *out, int y)
{
	struct buf right = { 0 };
	uint64_t interval = s->setup.interval_ms;
	bool is_alert;
	const char *word = state_liveness(s, &is_alert);
	size_t room;

	if (interval && interval % 1000)
		buf_printf(&right, "%" PRIu64 ".%" PRIu64 "s ", interval / 1000,
			   interval % 1000 / 100);
	else if (interval)
		buf_printf(&right, "%" PRIu64 "s ", interval / 1000);
	room = text_width(right.data, right.len) + text_width(word, strlen(word)) +
	       text_width(s->setup.user, strlen(s->setup.user)) + 3;
	/* The counts are cut before what says whether they are of now. */
	out->width -= (int)room < out->width ? (int)room : 0;
	draw_host(s, out, y);
	canvas_to(out, y, STYLE_TITLE, out->width);
	out->width = s->width;
	canvas_str(out, y, STYLE_TITLE, " ");
	canvas_put(out, y, STYLE_TITLE, right.data, right.len);
	canvas_str(out, y, is_alert ? STYLE_ALERT : STYLE_TITLE, word);
	canvas_str(out, y, STYLE_TITLE, " ");
	canvas_str(out, y, STYLE_TITLE, s->setup.user);
	canvas_to(out, y, STYLE_TITLE, s->width);
	buf_fini(&right);
}

/* ---- views and filter ---- */

/* What is put together for another reason is no process, what ended neither. */
static size_t count_groups(const struct live_state *s, enum live_group_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_groups; i++)
		n += s->groups[i].kind == kind && s->groups[i].n;
	return n;
}

/* How much of what there is stands in the table: sockets, or what they are grouped by. */
static void shown_text(const struct live_state *s, struct buf *out)
{
	unsigned int n = s->totals.rows;
	size_t with_peer = 0, n_groups;

	if (s->view == VIEW_PORTS || s->view == VIEW_CONNECTIONS) {
		buf_printf(out, P_("%zu of %u row", "%zu of %u rows", n), s->n_alive, n);
		return;
	}
	if (s->view == VIEW_PROCESSES) {
		n_groups = count_groups(s, GROUP_PROCESS);
		buf_printf(out, P_("%zu process", "%zu processes", n_groups), n_groups);
		buf_str(out, ", ");
		buf_printf(out, P_("%u row", "%u rows", n), n);
		return;
	}
	for (size_t i = 0; i < s->n_groups; i++)
		with_peer += s->groups[i].n;
	n_groups = count_groups(s, GROUP_PEER);
	buf_printf(out, P_("%zu peer", "%zu peers", n_groups), n_groups);
	buf_str(out, ", ");
	buf_printf(out, P_("%zu of %u row", "%zu of %u rows", n), with_peer, n);
}

/* Where owners were not looked for, as in a recording, there is nothing to count. */
static void owners_text(const struct live_state *s, bool is_short, struct buf *out)
{
	const struct live_totals *t = &s->totals;

	if (!t->could_have_owner)
		return;
	if (is_short)
		buf_printf(out, _("owners %u/%u"), t->with_owner, t->could_have_owner);
	else
		buf_printf(out, _("owners: %u of %u named"), t->with_owner, t->could_have_owner);
	buf_str(out, "  ");
}

void state_rows_text(const struct live_state *s, size_t room, struct buf *out)
{
	size_t start = out->len;

	if (s->error)
		buf_printf(out, _("sockets cannot be read: %s"), strerror(-s->error));
	if (s->error || !s->frame)
		return;
	/* Owners in whole words, in short, not at all. */
	for (int form = 0; form < 3; form++) {
		out->len = start;
		if (form < 2)
			owners_text(s, form == 1, out);
		shown_text(s, out);
		if (text_width(out->data + start, out->len - start) <= room)
			return;
	}
}

void state_draw_tabs(const struct live_state *s, struct canvas *out, int y)
{
	struct buf right = { 0 };

	for (unsigned int view = 0; view < LIVE_VIEWS; view++) {
		bool is_current = view == s->view;
		char number[8];

		snprintf(number, sizeof(number), is_current ? " [%u " : " %u ", view + 1);
		canvas_str(out, y, is_current ? STYLE_TAB_CURRENT : STYLE_TAB, number);
		canvas_str(out, y, is_current ? STYLE_TAB_CURRENT : STYLE_TAB,
			   live_view_title((enum live_view)view));
		canvas_str(out, y, is_current ? STYLE_TAB_CURRENT : STYLE_TAB, is_current ? "]" : " ");
	}
	state_rows_text(s, (size_t)(s->width - 1 - canvas_column(out, y)), &right);
	draw_right(out, y, s->error ? STYLE_ERROR : STYLE_PLAIN, &right, s->width - 1);
	buf_fini(&right);
}

static void hidden_text(const struct live_state *s, struct buf *out)
{
	static const char *const names[] = { "tcp", "udp", "listen", "established" };
	struct buf list = { 0 };

	for (unsigned int i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!(s->shown & 1U << i))
			buf_printf(&list, "%s%s", list.len ? "," : "", names[i]);
	if (list.len)
		buf_printf(out, _("hidden: %s"), buf_cstr(&list));
	buf_fini(&list);
}

/* What the command line said to look at alone: no filter brings the rest. */
static void selection_text(const struct live_state *s, struct buf *out)
{
	const struct live_setup *setup = &s->setup;
	struct buf list = { 0 };

	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++)
		if (setup->protos & PROTO_BIT(proto))
			buf_printf(&list, "%s%s", list.len ? " " : "", proto_name((enum sock_proto)proto));
	for (unsigned int family = 0; family < ADDR_FAMILIES; family++)
		if (setup->families & FAMILY_BIT(family))
			buf_printf(&list, "%s%s", list.len ? " " : "",
				   family_name((enum addr_family)family));
	if (setup->is_listening)
		buf_printf(&list, "%s%s", list.len ? " " : "", "listening");
	if (list.len)
		buf_printf(out, _("only: %s"), buf_cstr(&list));
	buf_fini(&list);
}

/* Sockets that no look has seen, as the kernel announced their ends. */
static void missed_text(const struct live_state *s, struct buf *out)
{
	const struct frame *f = s->frame;

	if (!f || (!f->missed && !f->are_more_missed))
		return;
	if (f->are_more_missed)
		buf_printf(out, _("more than %u came and went"), f->missed);
	else
		buf_printf(out, P_("%u came and went", "%u came and went", f->missed), f->missed);
}

static void tags_text(const struct live_state *s, struct buf *out)
{
	if (s->n_tags)
		buf_printf(out, P_("%zu tagged", "%zu tagged", s->n_tags), s->n_tags);
}

static void order_text(const struct live_state *s, struct buf *out)
{
	const struct view_state *view = state_view_const(s);
	const struct glyphs *glyphs = state_glyphs(s);
	struct buf title = { 0 };

	if (!view->sort)
		return;
	live_column_title(view->sort, &title);
	buf_printf(out, _("sort: %s"), buf_cstr(&title));
	buf_fini(&title);
	buf_printf(out, " %s", view->is_descending ? glyphs->descending : glyphs->ascending);
}

/* What stands beside the filter, each with a gap before the next. */
static void beside_text(const struct live_state *s, struct buf *out)
{
	static void (*const texts[])(const struct live_state *s, struct buf *out) = {
		missed_text, selection_text, tags_text, hidden_text, order_text,
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		size_t before = out->len;

		if (before)
			buf_str(out, "  ");
		texts[i](s, out);
		/* Nothing to say: no gap. */
		if (out->len == before + 2 && before)
			out->len = before;
	}
}

static void draw_visible(const struct live_state *s, struct canvas *out, int y, enum style style,
			 const char *text, size_t n)
{
	struct buf visible = { 0 };

	state_visible(s, text, n, &visible);
	canvas_put(out, y, style, visible.data, visible.len);
	buf_fini(&visible);
}

static int visible_width(const struct live_state *s, const char *text, size_t n)
{
	struct buf visible = { 0 };
	size_t width;

	state_visible(s, text, n, &visible);
	width = text_width(visible.data, visible.len);
	buf_fini(&visible);
	return (int)width;
}

/* The first byte that shows, so that the cursor is in sight. */
static size_t prompt_start(const struct live_state *s, int room)
{
	const struct live_prompt *prompt = &s->prompt;
	size_t from = 0;

	while (from < prompt->cursor &&
	       visible_width(s, prompt->text.data + from, prompt->cursor - from) > room)
		do
			from++;
		while (from < prompt->cursor &&
		       ((unsigned char)prompt->text.data[from] & 0xc0) == 0x80);
	return from;
}

/* The text that is typed, with the place of a mistake in it. */
static void draw_prompt(const struct live_state *s, struct canvas *out, int y, const char *label)
{
	const struct live_prompt *prompt = &s->prompt;
	const char *text = prompt->text.len ? prompt->text.data : "";
	size_t n = prompt->text.len, from, bad = n, bad_end = n;

	canvas_str(out, y, STYLE_LABEL, label);
	from = prompt_start(s, s->width - canvas_column(out, y) - 1);
	out->cursor_y = y;
	out->cursor_x = canvas_column(out, y) + visible_width(s, text + from, prompt->cursor - from);
	if (s->mode == MODE_FILTER && s->filter_error.message && s->filter_error.pos < n) {
		bad = s->filter_error.pos > from ? s->filter_error.pos : from;
		bad_end = s->filter_error.pos + s->filter_error.len;
		if (bad_end > n)
			bad_end = n;
		if (bad_end < bad)
			bad_end = bad;
	}
	draw_visible(s, out, y, prompt->is_chosen ? STYLE_CHOSEN : STYLE_PROMPT, text + from,
		     bad - from);
	draw_visible(s, out, y, STYLE_ERROR, text + bad, bad_end - bad);
	draw_visible(s, out, y, STYLE_PROMPT, text + bad_end, n - bad_end);
}

/* The column below the place of the mistake, as draw_prompt() shows the text. */
static int mistake_column(const struct live_state *s)
{
	const struct live_prompt *prompt = &s->prompt;
	const char *label = _(" filter: ");
	int x = (int)text_width(label, strlen(label));
	size_t from = prompt_start(s, s->width - x - 1), pos = s->filter_error.pos;

	if (pos > prompt->text.len)
		pos = prompt->text.len;
	if (pos > from)
		x += visible_width(s, prompt->text.data + from, pos - from);
	return x < s->width ? x : s->width - 1;
}

/* Wrapped, and set off from the edge as everything else is. */
static int draw_expected(const struct live_state *s, struct canvas *out, int y, int n)
{
	struct buf text = { 0 };
	int lines;

	buf_printf(&text, " %s", s->filter_error.message);
	lines = panel_text(s, out, y, n, STYLE_ERROR, buf_cstr(&text));
	buf_fini(&text);
	return lines;
}

int state_draw_mistake(const struct live_state *s, struct canvas *out, const struct live_layout *l)
{
	const char *message = s->filter_error.message;
	int width = (int)text_width(message, strlen(message)), x = mistake_column(s), y = l->head_y, lines;

	/* On a small screen the filter is far below; the word itself is marked there. */
	if (l->is_compact) {
		lines = draw_expected(s, out, y, 1 + l->n_rows);
		return lines > 1 ? lines - 1 : 0;
	}
	if (x + 2 + width > s->width && width + 1 <= x) {
		canvas_to(out, y, STYLE_PLAIN, x - 1 - width);
		canvas_str(out, y, STYLE_ERROR, message);
		canvas_str(out, y, STYLE_ERROR, " ^");
		return 0;
	}
	canvas_to(out, y, STYLE_PLAIN, x);
	canvas_str(out, y, STYLE_ERROR, "^");
	if (x + 2 + width > s->width)
		return draw_expected(s, out, l->rows_y, l->n_rows);
	canvas_str(out, y, STYLE_ERROR, " ");
	canvas_str(out, y, STYLE_ERROR, message);
	return 0;
}

void state_draw_filter(const struct live_state *s, struct canvas *out, int y)
{
	struct buf text = { 0 };

	if (s->mode == MODE_FILTER) {
		draw_prompt(s, out, y, _(" filter: "));
		return;
	}
	if (s->mode == MODE_SEARCH) {
		draw_prompt(s, out, y, _(" search: "));
		return;
	}
	canvas_str(out, y, STYLE_LABEL, _(" filter: "));
	state_visible(s, s->filter_text.data, s->filter_text.len, &text);
	if (text.len)
		canvas_put(out, y, STYLE_PROMPT, text.data, text.len);
	else
		canvas_str(out, y, STYLE_DIM, _("none (type / to filter)"));
	buf_clear(&text);
	beside_text(s, &text);
	draw_right(out, y, STYLE_PLAIN, &text, s->width - 1);
	buf_fini(&text);
}
