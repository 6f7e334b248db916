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
#include "live/history.h"
#include "live/rows.h"
#include "live/setup.h"

struct count {
	const char *name; /* of a state: never translated */
	uint32_t n;
};

static void rate_text(const char *label, uint64_t rate, struct buf *out)
{
	buf_str(out, label);
	bytes_text(rate, out);
	buf_str(out, rate == RATE_UNKNOWN ? "" : "/s");
}

static void history_text(const struct title *t, const struct history *trace, int width,
			 struct buf *out)
{
	struct rates rates = { 0 };

	rates_add(&rates, trace, t->frame->n_rates);
	buf_fill(out, ' ', 1 + (rates.n < (size_t)width ? (size_t)width - rates.n : 0));
	rates_sparkline(&rates, (size_t)width, t->setup->is_ascii, out);
}

/* Rates are never left out; each has a history of so many columns, or none. */
static void rates_text(const struct title *t, int history, struct buf *out)
{
	const struct frame *f = t->frame;

	rate_text("  rx ", f ? f->totals.rx : RATE_UNKNOWN, out);
	if (history)
		history_text(t, &f->rx_trace, history, out);
	rate_text("  tx ", f ? f->totals.tx : RATE_UNKNOWN, out);
	if (history)
		history_text(t, &f->tx_trace, history, out);
	if (f && f->scope.is_partial)
		buf_str(out, _("  (of the filter)"));
}

static void interval_text(uint64_t interval, struct buf *out)
{
	if (interval && interval % 1000)
		buf_printf(out, "%" PRIu64 ".%" PRIu64 "s ", interval / 1000,
			   interval % 1000 / 100);
	else if (interval)
		buf_printf(out, "%" PRIu64 "s ", interval / 1000);
}

static int width_of(const struct buf *text)
{
	return (int)text_width(text->data, text->len);
}

/* Empties a text that does not fit into the room, else takes its columns from the room. */
static void fit(struct buf *text, int *room)
{
	if (width_of(text) > *room)
		buf_clear(text);
	*room -= width_of(text);
}

/* Adds the counts that fit, each of them whole. */
static void fit_trouble(const struct live_totals *t, int *room, struct buf *out)
{
	if (t->troubled)
		buf_printf(out, P_("  ! %u needs a look", "  ! %u need a look", t->troubled),
			   t->troubled);
	fit(out, room);
}

static void fit_counts(const struct live_totals *t, int *room, struct buf *out)
{
	const struct count counts[] = {
		{ "listen", t->listening },
		{ "estab", t->established },
		{ "time-wait", t->time_wait },
		{ "close-wait", t->close_wait },
		{ "udp", t->udp },
	};
	struct buf count = { 0 };

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		if (!counts[i].n && i >= 2)
			continue;
		buf_clear(&count);
		buf_printf(&count, "  %s %" PRIu32, counts[i].name, counts[i].n);
		fit(&count, room);
		if (!count.len)
			break;
		buf_add(out, count.data, count.len);
	}
	buf_fini(&count);
}

/* The host's name is never cut below this width. */
#define LEAST_HOST 12

/* The first label of a domain name; the whole text if it is none. */
static size_t first_label(const struct buf *host)
{
	const char *dot = memchr(host->data, '.', host->len);

	return dot && !strchr("0123456789", dot[1]) ? (size_t)(dot - host->data) : host->len;
}

/* The columns that the host takes at least: its first label, which only a very long one is cut to. */
static int least_host(const struct buf *host)
{
	int width = (int)text_width(host->data, first_label(host));

	return width < LEAST_HOST ? width : LEAST_HOST;
}

/* Histories that are shorter tell nothing, and longer ones are for the details. */
#define LEAST_HISTORY 8
#define MOST_HISTORY 30

/* Adds the histories of both rates if there is room for them. */
static void add_history(const struct title *t, int room, struct buf *rates)
{
	int each = (room - 2) / 2;

	if (!t->frame || !t->frame->n_rates || each < LEAST_HISTORY)
		return;
	buf_clear(rates);
	rates_text(t, each < MOST_HISTORY ? each : MOST_HISTORY, rates);
}

/* Host, rates and the counts that fit, before column end. */
static void draw_left(const struct title *t, struct canvas *out, int y, int end)
{
	struct buf name = { 0 }, host = { 0 }, rates = { 0 }, counts = { 0 };
	struct buf trouble = { 0 };
	const struct live_totals nothing = { 0 };
	int least, room;

	buf_str(&name, "portstat ");
	text_visible(&host, t->setup->host, strlen(t->setup->host), t->setup->is_ascii);
	rates_text(t, 0, &rates);
	least = host.len ? least_host(&host) : 0;
	room = end - 1 - width_of(&rates) - least;
	fit(&name, &room);
	fit_trouble(t->frame ? &t->frame->totals : &nothing, &room, &trouble);
	fit_counts(t->frame ? &t->frame->totals : &nothing, &room, &counts);
	add_history(t, room - (width_of(&host) - least), &rates);
	room += least;
	if (width_of(&host) > room && host.len)
		host.len = first_label(&host);
	canvas_str(out, y, STYLE_TITLE, " ");
	canvas_put(out, y, STYLE_TITLE, name.data, name.len);
	canvas_cell(out, y, STYLE_TITLE, host.data, host.len,
		    width_of(&host) < room ? width_of(&host) : room, false);
	canvas_put(out, y, STYLE_TITLE, rates.data, rates.len);
	canvas_put(out, y, STYLE_TITLE, counts.data, counts.len);
	canvas_put(out, y, STYLE_TROUBLE, trouble.data, trouble.len);
	canvas_to(out, y, STYLE_TITLE, end);
	buf_fini(&name);
	buf_fini(&host);
	buf_fini(&rates);
	buf_fini(&counts);
	buf_fini(&trouble);
}

/* Whether the view is live, paused, or failing; the last two set *is_alert. */
static const char *liveness(const struct title *t, bool *is_alert)
{
	*is_alert = t->error || t->is_paused;
	if (t->error)
		return _("ERROR");
	if (t->is_paused)
		return _("PAUSED");
	if (!t->setup->interval_ms)
		return _("STEP");
	return t->setup->is_replay && !t->setup->n_hosts ? _("REPLAY") : _("LIVE");
}

/* What the left side needs at least: a short host and rates. */
#define LEAST_LEFT (1 + LEAST_HOST + 22)

void title_draw(const struct title *t, struct canvas *out, int y)
{
	struct buf interval = { 0 }, user = { 0 };
	bool is_alert;
	const char *word = liveness(t, &is_alert);
	int room = out->width - LEAST_LEFT - (int)text_width(word, strlen(word)) - 2;

	interval_text(t->setup->interval_ms, &interval);
	buf_printf(&user, " %s", t->setup->user);
	fit(&user, &room);
	fit(&interval, &room);
	draw_left(t, out, y, LEAST_LEFT + room);
	canvas_str(out, y, STYLE_TITLE, " ");
	canvas_put(out, y, STYLE_TITLE, interval.data, interval.len);
	canvas_str(out, y, is_alert ? STYLE_ALERT : STYLE_TITLE, word);
	canvas_put(out, y, STYLE_TITLE, user.data, user.len);
	canvas_to(out, y, STYLE_TITLE, out->width);
	buf_fini(&interval);
	buf_fini(&user);
}
