/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The second line: the names of the views, and the number of rows. */
#include <config.h>

#include "live/tabs.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "events/event.h"
#include "live/canvas.h"
#include "live/changes.h"
#include "live/figures.h"
#include "live/tree.h"

/* Adds how many changes are shown of those that are kept, and from where they are known. */
static void kept_text(const struct live_tree *tree, struct buf *out)
{
	const struct changes *log = tree->from.changes;
	size_t n = tree->n_items;

	if (log->heard & EVENT_BIT(EVENT_OPENED))
		buf_printf(out, P_("%zu change, by BPF", "%zu changes, by BPF", n), n);
	else if (log->heard)
		buf_printf(out, P_("%zu change, as announced", "%zu changes, as announced", n), n);
	else
		buf_printf(out, P_("%zu change, from looks", "%zu changes, from looks", n), n);
}

/* The same if there have been more than are kept. */
static void changes_text(const struct live_tree *tree, struct buf *out)
{
	const struct changes *log = tree->from.changes;
	uint64_t all = log->total + log->n_skipped;
	struct buf count = { 0 };

	if (all <= log->n) {
		kept_text(tree, out);
		return;
	}
	count_text(all, &count);
	if (log->heard & EVENT_BIT(EVENT_OPENED))
		buf_printf(out, _("%zu of the last %zu of %s changes, by BPF"), tree->n_items,
			   log->n, buf_cstr(&count));
	else if (log->heard)
		buf_printf(out, _("%zu of the last %zu of %s changes, as announced"), tree->n_items,
			   log->n, buf_cstr(&count));
	else
		buf_printf(out, _("%zu of the last %zu of %s changes, from looks"), tree->n_items,
			   log->n, buf_cstr(&count));
	buf_fini(&count);
}

/* Adds how many of all sockets, or of all groups, are shown. */
static void shown_text(const struct live_tree *tree, struct buf *out)
{
	unsigned int n = tree->rows.totals.rows;
	size_t with_peer = 0, n_groups;

	if (tree->from.view == VIEW_PORTS || tree->from.view == VIEW_CONNECTIONS) {
		buf_printf(out, P_("%zu of %u row", "%zu of %u rows", n), tree->n_alive, n);
		return;
	}
	if (tree->from.view == VIEW_CHANGES) {
		changes_text(tree, out);
		return;
	}
	if (tree->from.view == VIEW_PROCESSES && tree->from.grouping != GROUPING_PROCESS) {
		n_groups = live_tree_count_groups(tree, GROUP_VALUE);
		buf_printf(out, P_("%zu group", "%zu groups", n_groups), n_groups);
		buf_str(out, ", ");
		buf_printf(out, P_("%u row", "%u rows", n), n);
		return;
	}
	if (tree->from.view == VIEW_PROCESSES) {
		n_groups = live_tree_count_groups(tree, GROUP_PROCESS);
		buf_printf(out, P_("%zu process", "%zu processes", n_groups), n_groups);
		buf_str(out, ", ");
		buf_printf(out, P_("%u row", "%u rows", n), n);
		return;
	}
	for (size_t i = 0; i < tree->groups.n; i++)
		with_peer += tree->groups.list[i].n;
	n_groups = live_tree_count_groups(tree, GROUP_PEER);
	buf_printf(out, P_("%zu peer", "%zu peers", n_groups), n_groups);
	buf_str(out, ", ");
	buf_printf(out, P_("%zu of %u row", "%zu of %u rows", n), with_peer, n);
}

/* Adds how many sockets have a known owner; nothing if owners were not searched (recordings). */
static void owners_text(const struct live_totals *t, bool is_short, struct buf *out)
{
	if (!t->could_have_owner)
		return;
	if (is_short)
		buf_printf(out, _("owners %u/%u"), t->with_owner, t->could_have_owner);
	else
		buf_printf(out, _("owners: %u of %u known"), t->with_owner, t->could_have_owner);
	buf_str(out, "  ");
}

static void rows_text(const struct live_tree *tree, int error, size_t room, struct buf *out)
{
	size_t start = out->len;

	if (error)
		buf_printf(out, _("sockets cannot be read: %s"), strerror(-error));
	if (error || !tree->rows.frame)
		return;
	/* Try the owners in full, abbreviated, and left out. */
	for (int form = 0; form < 3; form++) {
		out->len = start;
		if (form < 2)
			owners_text(&tree->rows.totals, form == 1, out);
		shown_text(tree, out);
		if (text_width(out->data + start, out->len - start) <= room)
			return;
	}
}

/* A tab; where they do not all fit, the others are only numbers. */
static void tab_text(enum live_view view, bool is_current, bool is_short, struct buf *out)
{
	buf_printf(out, is_current ? " [%u" : " %u", (unsigned int)view + 1);
	if (is_current || !is_short)
		buf_printf(out, " %s", live_view_title(view));
	buf_char(out, is_current ? ']' : ' ');
}

/* The columns of the tabs up to and including this one. */
static int tabs_end(enum live_view current, enum live_view last, bool are_short)
{
	struct buf text = { 0 };
	int width;

	for (unsigned int view = 0; view <= last; view++)
		tab_text((enum live_view)view, view == current, are_short, &text);
	width = (int)text_width(text.data, text.len);
	buf_fini(&text);
	return width;
}

static bool are_short_at(enum live_view current, int width)
{
	return tabs_end(current, (enum live_view)(LIVE_VIEWS - 1), false) > width;
}

void tabs_draw(enum live_view current, const struct live_tree *tree, int error, struct canvas *out,
	       int y)
{
	bool are_short = are_short_at(current, out->width);
	struct buf text = { 0 };
	int room;

	for (unsigned int view = 0; view < LIVE_VIEWS; view++) {
		buf_clear(&text);
		tab_text((enum live_view)view, view == current, are_short, &text);
		canvas_put(out, y, view == current ? STYLE_TAB_CURRENT : STYLE_TAB, text.data,
			   text.len);
	}
	buf_clear(&text);
	/* With a gap on either side. */
	room = out->width - 2 - canvas_column(out, y);
	rows_text(tree, error, room > 0 ? (size_t)room : 0, &text);
	if ((int)text_width(text.data, text.len) > room && !error)
		buf_clear(&text);
	canvas_right(out, y, STYLE_TITLE, error ? STYLE_ERROR : STYLE_PLAIN, &text, out->width - 1);
	buf_fini(&text);
}

bool tabs_at(enum live_view current, int width, int x, enum live_view *view)
{
	bool are_short = are_short_at(current, width);

	for (unsigned int at = 0; at < LIVE_VIEWS; at++) {
		if (x >= tabs_end(current, (enum live_view)at, are_short))
			continue;
		*view = (enum live_view)at;
		return true;
	}
	return false;
}
