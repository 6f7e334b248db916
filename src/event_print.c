/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events as lines: text for people, and JSON lines. */
#include <config.h>

#include "event_print.h"

#include <inttypes.h>
#include <time.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "events/event.h"
#include "format/json_text.h"
#include "query/columns.h"
#include "query/snapshot.h"

/* A column does not grow beyond this: one long name must not push all others away. */
#define WIDTH_MAX 47

enum cell {
	CELL_TIME,
	CELL_EVENT,
	CELL_NETNS,
	CELL_PROTO,
	CELL_LOCAL,
	CELL_PEER,
	CELL_PROCESS,
	CELL_DETAIL,
};
_Static_assert(CELL_DETAIL + 1 == EVENT_CELLS, "each cell has a width");

/* clang-format off */
static const struct {
	const char *title;
	size_t width; /* at first */
	const char *key; /* the column of a listing that it is written by; NULL: none */
} cells[EVENT_CELLS] = {
	[CELL_TIME] = { N_("TIME"), 12, NULL },
	[CELL_EVENT] = { N_("EVENT"), 9, NULL },
	[CELL_NETNS] = { N_("NETNS"), 8, "netns_name" },
	[CELL_PROTO] = { N_("PROTO"), 5, "proto" },
	[CELL_LOCAL] = { N_("LOCAL"), 19, "local" },
	[CELL_PEER] = { N_("PEER"), 19, "peer" },
	[CELL_PROCESS] = { N_("PROCESS"), 18, "process" },
	[CELL_DETAIL] = { N_("DETAIL"), 0, NULL },
};
/* clang-format on */

void event_lines_init(struct event_lines *lines)
{
	*lines = (struct event_lines){ .second = -1 };
	for (int i = 0; i < EVENT_CELLS; i++) {
		lines->cells[i] = cells[i].width;
		if (cells[i].key)
			lines->columns[i] = column_find(cells[i].key, strlen(cells[i].key));
	}
}

/* ---- one cell ---- */

/* An end: without a port if several are meant, and nothing if that is all that is known. */
static void add_end(const struct column *column, const struct endpoint *end,
		    const struct snapshot *snap, const struct row *row, struct buf *out)
{
	if (end->port)
		column_text(column, snap, row, out);
	else if (addr_is_any(&end->addr))
		buf_char(out, '-');
	else
		addr_text(out, (enum addr_family)row->sk->family, &end->addr);
}

static void add_time(uint64_t time_ms, struct event_lines *lines, struct buf *out)
{
	time_t second = (time_t)(time_ms / 1000);
	unsigned int ms = (unsigned int)(time_ms % 1000);
	struct tm tm = { 0 };

	if (second != lines->second) {
		localtime_r(&second, &tm);
		strftime(lines->clock, sizeof(lines->clock), "%H:%M:%S", &tm);
		lines->second = second;
	}
	buf_str(out, lines->clock);
	buf_char(out, '.');
	buf_char(out, (char)('0' + ms / 100));
	buf_char(out, (char)('0' + ms / 10 % 10));
	buf_char(out, (char)('0' + ms % 10));
}

static void add_process(const struct event_owner *owner, struct buf *out)
{
	buf_add(out, owner->name, owner->name_len);
	if (owner->pid <= 0)
		return;
	buf_char(out, '[');
	buf_i64(out, owner->pid);
	buf_char(out, ']');
}

static void add_cell(enum cell cell, const struct event *event, const struct snapshot *snap,
		     const struct row *row, struct event_lines *lines, struct buf *out)
{
	const struct column *column = lines->columns[cell];

	if (column && event->kind == EVENT_LOST) {
		buf_char(out, '-');
		return;
	}
	switch (cell) {
	case CELL_TIME:
		add_time(event->time_ms, lines, out);
		return;
	case CELL_EVENT:
		buf_str(out, event_kinds[event->kind].word);
		return;
	case CELL_NETNS:
	case CELL_PROTO:
		column_text(column, snap, row, out);
		return;
	case CELL_LOCAL:
		add_end(column, &row->sk->local, snap, row, out);
		return;
	case CELL_PEER:
		add_end(column, &row->sk->remote, snap, row, out);
		return;
	case CELL_PROCESS:
		if (event->owner.via != EVENT_VIA_NONE)
			add_process(&event->owner, out);
		else if (row->owner_note == NOTE_HIDDEN && lines->hides_owners)
			column_text(column, snap, row, out);
		else
			buf_char(out, '-');
		return;
	case CELL_DETAIL:
		event_detail(event, out);
		return;
	}
}

/* ---- a line ---- */

/* Adds a cell and fills it up to its column's width, which grows with it. */
static void put_cell(enum cell cell, const struct buf *text, struct event_lines *lines,
		     const struct event_text_options *opt, struct buf *out)
{
	size_t start = out->len, width, *widest = &lines->cells[cell];

	text_visible(out, text->data, text->len, opt->is_ascii);
	if (cell == CELL_DETAIL)
		return;
	width = text_width(out->data + start, out->len - start);
	if (width > *widest && (opt->is_wide || *widest < WIDTH_MAX))
		*widest = !opt->is_wide && width > WIDTH_MAX ? WIDTH_MAX : width;
	buf_fill(out, ' ', width < *widest ? *widest - width + 1 : 1);
}

static void end_line(struct buf *out)
{
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	buf_char(out, '\n');
}

static bool is_shown(enum cell cell, const struct event_text_options *opt)
{
	return cell != CELL_NETNS || opt->has_netns;
}

void event_text_header(struct event_lines *lines, const struct event_text_options *opt,
		       struct buf *out)
{
	struct buf title = { 0 };

	for (int i = 0; i < EVENT_CELLS; i++) {
		if (!is_shown((enum cell)i, opt))
			continue;
		buf_clear(&title);
		buf_str(&title, _(cells[i].title));
		put_cell((enum cell)i, &title, lines, opt, out);
	}
	end_line(out);
	buf_fini(&title);
}

void event_text(const struct event *event, const struct snapshot *snap, const struct row *row,
		struct event_lines *lines, const struct event_text_options *opt, struct buf *out)
{
	struct buf text = { 0 };

	for (int i = 0; i < EVENT_CELLS; i++) {
		if (!is_shown((enum cell)i, opt))
			continue;
		buf_clear(&text);
		add_cell((enum cell)i, event, snap, row, lines, &text);
		put_cell((enum cell)i, &text, lines, opt, out);
	}
	end_line(out);
	buf_fini(&text);
}

/* ---- JSON ---- */

static void put_number(const char *key, bool is_known, uint64_t number, struct buf *out)
{
	buf_str(out, ", \"");
	buf_str(out, key);
	buf_str(out, "\": ");
	if (is_known)
		buf_u64(out, number);
	else
		buf_str(out, "null");
}

static void put_ports(const struct event *event, struct buf *out)
{
	buf_str(out, ", \"ports\": ");
	if (!(event->known & EVENT_HAS_PORTS)) {
		buf_str(out, "null");
		return;
	}
	for (unsigned int i = 0; i < event->n_ports; i++)
		buf_printf(out, "%s%u", i ? ", " : "[", event->ports[i]);
	buf_str(out, event->n_ports ? "]" : "[]");
}

void event_json(const struct event *event, const struct buf *members, struct buf *out)
{
	unsigned int known = event->known;

	buf_str(out, "{\"time\": ");
	json_time(out, event->time_ms);
	buf_printf(out, ", \"event\": \"%s\", \"duration_ms\": ", event_kinds[event->kind].word);
	if (known & EVENT_HAS_DURATION)
		buf_printf(out, "%" PRIu64 ".%03u", event->duration_us / 1000,
			   (unsigned int)(event->duration_us % 1000));
	else
		buf_str(out, "null");
	put_number("bytes_sent", known & EVENT_HAS_BYTES, event->sent, out);
	put_number("bytes_received", known & EVENT_HAS_BYTES, event->received, out);
	put_number("packets_sent", known & EVENT_HAS_PACKETS, event->packets_sent, out);
	put_number("packets_received", known & EVENT_HAS_PACKETS, event->packets_received, out);
	buf_str(out, ", \"error\": ");
	if (event->error)
		buf_printf(out, "\"%s\"", event_error_word(event->error));
	else
		buf_str(out, "null");
	put_number("count", known & EVENT_HAS_COUNT, event->count, out);
	put_ports(event, out);
	put_number("per_second", known & EVENT_HAS_RATE, event->per_second, out);
	buf_add(out, members->data, members->len);
	buf_str(out, "}\n");
}
