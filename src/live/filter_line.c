/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The third line: the filter in force, and what else selects and sorts the rows. */
#include <config.h>

#include "live/filter_line.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "live/canvas.h"
#include "live/frame.h"
#include "live/live_columns.h"
#include "live/moment_list.h"
#include "live/setup.h"
#include "model/vocab.h"

static void hidden_text(const struct filter_line *l, struct buf *out)
{
	const char *const names[] = { proto_name(PROTO_TCP), proto_name(PROTO_UDP),
				      state_name(SOCK_STATE_LISTEN),
				      state_name(SOCK_STATE_ESTABLISHED) };
	struct buf list = { 0 };

	for (unsigned int i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!(l->shown & 1U << i))
			buf_printf(&list, "%s%s", list.len ? "," : "", names[i]);
	if (list.len)
		buf_printf(out, _("hidden: %s"), buf_cstr(&list));
	buf_fini(&list);
}

/* The protocols and states to which the command line restricts the view; no filter lifts that. */
static void selection_text(const struct filter_line *l, struct buf *out)
{
	const struct live_setup *setup = l->setup;
	struct buf list = { 0 };

	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++)
		if (setup->protos & PROTO_BIT(proto))
			buf_printf(&list, "%s%s", list.len ? " " : "",
				   proto_name((enum sock_proto)proto));
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

/* The number of sockets that opened and closed between two refreshes. */
static void unseen_text(const struct filter_line *l, struct buf *out)
{
	unsigned int n = l->n_unseen;

	if (l->are_more_unseen)
		buf_printf(out, _("more than %u came and went"), n);
	else if (n)
		buf_printf(out, P_("%u came and went", "%u came and went", n), n);
}

static void trouble_text(const struct filter_line *l, struct buf *out)
{
	if (l->is_troubled)
		buf_str(out, _("only what needs a look (!)"));
}

/* The network namespaces that are looked into; of all of them also how many could be read. */
static void netns_text(const struct filter_line *l, struct buf *out)
{
	const struct netns_choice *choice = &l->setup->netns;
	const struct frame *f = l->frame;
	size_t n = f && f->scope.has_all_netns ? f->n_netns : 0;
	struct buf some = { 0 };

	if (!choice->some)
		return;
	if (!l->has_all_netns) {
		text_visible(&some, choice->some, strlen(choice->some), l->setup->is_ascii);
		if (some.len)
			buf_printf(out, _("netns: %s"), buf_cstr(&some));
		buf_fini(&some);
	} else if (n && f->n_netns_unread) {
		buf_printf(out, _("netns: %zu of %zu"), n - f->n_netns_unread, n);
	} else if (*choice->all) {
		buf_str(out, _("netns: all"));
		if (n)
			buf_printf(out, " %zu", n);
	}
}

static void moment_place_text(const struct filter_line *l, struct buf *out)
{
	if (l->setup->moments)
		moment_list_place(l->setup->moments, l->moment, out);
}

static void moment_time_text(const struct filter_line *l, struct buf *out)
{
	if (l->setup->moments)
		moment_list_time(l->setup->moments, l->moment, out);
}

static void moment_bar_text(const struct filter_line *l, struct buf *out)
{
	if (l->setup->moments)
		moment_list_bar(l->setup->moments, l->moment, l->setup->is_ascii, out);
}

static void bell_text(const struct filter_line *l, struct buf *out)
{
	if (l->rings)
		buf_str(out, _("bell"));
}

static void grouping_text(const struct filter_line *l, struct buf *out)
{
	if (l->grouping)
		buf_printf(out, _("grouped by %s"), l->grouping);
}

static void tags_text(const struct filter_line *l, struct buf *out)
{
	if (l->n_tags)
		buf_printf(out, P_("%zu tagged", "%zu tagged", l->n_tags), l->n_tags);
}

static void order_text(const struct filter_line *l, struct buf *out)
{
	const struct live_order *order = l->order;
	const struct glyphs *glyphs = glyphs_of(l->setup->is_ascii);
	struct buf title = { 0 };

	if (!order->column)
		return;
	live_column_title(order->column, &title);
	buf_printf(out, _("sort: %s"), buf_cstr(&title));
	buf_fini(&title);
	buf_printf(out, " %s", order->is_descending ? glyphs->descending : glyphs->ascending);
}

/* Where not all of it fits, the first ones give way; the very first one is shown last. */
static void (*const texts[])(const struct filter_line *l, struct buf *out) = {
	moment_bar_text, unseen_text, bell_text,	 trouble_text,
	selection_text,	 tags_text,   netns_text,	 hidden_text,
	grouping_text,	 order_text,  moment_place_text, moment_time_text,
};
#define TEXTS_N (sizeof(texts) / sizeof(*texts))

static void add_text(const struct filter_line *l, size_t which, struct buf *out)
{
	size_t before = out->len;

	if (before)
		buf_str(out, "  ");
	texts[which](l, out);
	/* This part is empty: remove its gap. */
	if (out->len == before + 2 && before)
		out->len = before;
}

/* What is shown to the right of the filter, separated by gaps; without the first ones. */
static void beside_text(const struct filter_line *l, size_t first, struct buf *out)
{
	for (size_t i = first ? first : 1; i < TEXTS_N; i++)
		add_text(l, i, out);
	if (!first)
		add_text(l, 0, out);
}

/* The columns that are left for the filter: the time of a moment is never covered. */
static int filter_room(const struct filter_line *l, const struct canvas *out, int y)
{
	struct buf time = { 0 };
	int room = out->width - canvas_column(out, y);

	moment_time_text(l, &time);
	if (time.len)
		room -= (int)text_width(time.data, time.len) + 2;
	buf_fini(&time);
	return room > 0 ? room : 0;
}

void filter_line_draw(const struct filter_line *l, struct canvas *out, int y)
{
	struct buf text = { 0 };
	int width, room;

	canvas_str(out, y, STYLE_LABEL, _(" filter: "));
	room = filter_room(l, out, y);
	text_visible(&text, l->text->data, l->text->len, l->setup->is_ascii);
	width = (int)text_width(text.data, text.len);
	if (text.len)
		canvas_cell(out, y, STYLE_PROMPT, text.data, text.len, width < room ? width : room,
			    false);
	else
		canvas_str(out, y, STYLE_DIM, _("none (type / to filter)"));
	for (size_t first = 0; first < TEXTS_N; first++) {
		buf_clear(&text);
		beside_text(l, first, &text);
		if (canvas_column(out, y) + (int)text_width(text.data, text.len) < out->width - 1)
			break;
	}
	canvas_right(out, y, STYLE_TITLE, STYLE_PLAIN, &text, out->width - 1);
	buf_fini(&text);
}
