/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first line: host, counts, traffic, and whether the view is live, paused or failing. */
#include <config.h>

#include "live/title.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "live/canvas.h"
#include "live/figures.h"
#include "live/frame.h"
#include "live/rows.h"
#include "live/setup.h"

struct count {
	const char *name; /* of a state: never translated */
	uint32_t n;
};

static void counts_text(const struct live_totals *t, struct buf *out)
{
	const struct count counts[] = {
		{ "listen", t->listening },
		{ "estab", t->established },
		{ "time-wait", t->time_wait },
		{ "close-wait", t->close_wait },
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

/* The host's name is never cut below this width. */
#define LEAST_HOST 12

/* Host and counts: a long host name is cut in favour of the counts. */
static void draw_host(const struct title *t, struct canvas *out, int y)
{
	struct buf host = { 0 }, counts = { 0 };
	int width, room;

	text_visible(&host, t->setup->host, strlen(t->setup->host), t->setup->is_ascii);
	counts_text(t->totals, &counts);
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

const char *title_liveness(const struct title *t, bool *is_alert)
{
	*is_alert = t->error || t->is_paused;
	if (t->error)
		return _("ERROR");
	if (t->is_paused)
		return _("PAUSED");
	if (!t->setup->interval_ms)
		return _("STEP");
	return t->setup->is_replay ? _("REPLAY") : _("LIVE");
}

void title_draw(const struct title *t, struct canvas *out, int y)
{
	struct buf right = { 0 };
	uint64_t interval = t->setup->interval_ms;
	bool is_alert;
	const char *word = title_liveness(t, &is_alert);
	int width = out->width;
	size_t room;

	if (interval && interval % 1000)
		buf_printf(&right, "%" PRIu64 ".%" PRIu64 "s ", interval / 1000,
			   interval % 1000 / 100);
	else if (interval)
		buf_printf(&right, "%" PRIu64 "s ", interval / 1000);
	room = text_width(right.data, right.len) + text_width(word, strlen(word)) +
	       text_width(t->setup->user, strlen(t->setup->user)) + 3;
	/* The counts are cut before the state of the view, which says whether they are current. */
	out->width -= (int)room < out->width ? (int)room : 0;
	draw_host(t, out, y);
	canvas_to(out, y, STYLE_TITLE, out->width);
	out->width = width;
	canvas_str(out, y, STYLE_TITLE, " ");
	canvas_put(out, y, STYLE_TITLE, right.data, right.len);
	canvas_str(out, y, is_alert ? STYLE_ALERT : STYLE_TITLE, word);
	canvas_str(out, y, STYLE_TITLE, " ");
	canvas_str(out, y, STYLE_TITLE, t->setup->user);
	canvas_to(out, y, STYLE_TITLE, width);
	buf_fini(&right);
}
