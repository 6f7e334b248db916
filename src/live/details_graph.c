/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The graph of a row's or a group's last rates in the details. */
#include <config.h>

#include "live/details_graph.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "live/cells.h"
#include "live/figures.h"
#include "live/frame.h"
#include "live/history.h"
#include "live/pad.h"
#include "live/tree.h"

#define GRAPH_LINES 4U

/* How long ago the first of the rates was measured, and the largest of them. */
static void put_summary(struct pad *pad, const struct cells *c, const struct rates *rates)
{
	const struct frame *frame = c->tree->rows.frame;
	struct buf peak = { 0 }, age = { 0 }, text = { 0 };

	bytes_text(rates_peak(rates), &peak);
	age_text(rates->n * frame->interval_ms, &age);
	pad_line(pad, _("traffic"));
	if (frame->interval_ms)
		buf_printf(&text, _("peak %s/s in the last %s"), buf_cstr(&peak), buf_cstr(&age));
	else
		buf_printf(&text, _("peak %s/s"), buf_cstr(&peak));
	pad_put(pad, text.data, text.len);
	buf_fini(&peak);
	buf_fini(&age);
	buf_fini(&text);
}

void details_put_graph(struct pad *pad, const struct cells *c, const struct live_item *item)
{
	struct rates rates = { 0 };
	struct buf scale = { 0 }, line = { 0 };

	live_tree_rates(c->tree, item, &rates);
	if (!rates_peak(&rates))
		return;
	put_summary(pad, c, &rates);
	bytes_text(rates_scale(&rates), &scale);
	buf_str(&scale, "/s");
	for (unsigned int i = 0; i < GRAPH_LINES; i++) {
		buf_clear(&line);
		rates_graph_line(&rates, pad->width - PAD_INDENT, i, GRAPH_LINES, c->is_ascii,
				 &line);
		pad_line(pad, i ? (i + 1 < GRAPH_LINES ? "" : "0") : buf_cstr(&scale));
		pad_put(pad, line.data, line.len);
	}
	buf_fini(&scale);
	buf_fini(&line);
}
