/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rest of a row's columns in the details: in units for people, and raw. */
#include <config.h>

#include "live/details_more.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "live/cells.h"
#include "live/figures.h"
#include "live/frame.h"
#include "live/live_columns.h"
#include "live/pad.h"
#include "live/tree.h"
#include "query/columns.h"

/* The columns that the lines above show, and what only machines read. */
static bool is_said(const struct column *column)
{
	static const char *const said[] = {
		"host",	     "proto",  "state",	 "local_addr", "local_port",	  "peer_addr",
		"peer_port", "recv_q", "send_q", "owner_note", "candidate_count", "confidence",
		"cookie",
	};

	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
		if (!strcmp(said[i], column->key))
			return true;
	return false;
}

/* Adds the key without its group and its unit: rtt for tcp.rtt_us. */
static void short_key(const struct column *column, struct buf *out)
{
	static const char *const units[] = { "_us", "_ms", "_bps" };
	const char *dot = strrchr(column->key, '.');
	const char *key = dot ? dot + 1 : column->key;
	size_t len = strlen(key);

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		size_t tail = strlen(units[i]);

		if (len > tail && !strcmp(key + len - tail, units[i])) {
			len -= tail;
			break;
		}
	}
	buf_add(out, key, len);
}

/* Adds a number in the unit of its column that people would use. */
static void human_number(const struct column *column, uint64_t number, struct buf *out)
{
	switch (column->unit) {
	case UNIT_US:
		duration_text(number, out);
		return;
	case UNIT_MS:
		duration_text(number * 1000, out);
		return;
	case UNIT_BYTES:
		bytes_text(number, out);
		return;
	case UNIT_NONE:
		break;
	}
	/* The kernel counts these in bytes per second. */
	if (column->field.scale == 8)
		bits_text(number, out);
	else
		count_text(number, out);
}

/* Adds what a value says to people.  False for zeros, and for numbers that are only names. */
static bool human_text(const struct cells *c, const struct row *row, const struct column *column,
		       const struct value *value, struct buf *out)
{
	if (value->kind == VALUE_NUMBER) {
		const struct live_column *shown =
			live_columns_find(c->columns, column->key, strlen(column->key));

		if (!value->number || !shown->is_amount)
			return false;
		human_number(column, value->number, out);
		return true;
	}
	if (value->kind == VALUE_BOOL && !value->truth)
		return false;
	column_text(column, &c->tree->rows.frame->snap, row, out);
	return true;
}

static void put_all(struct pad *pad, const struct cells *c, const struct row *row, bool is_raw)
{
	struct buf text = { 0 }, visible = { 0 };

	for (size_t i = 0; i < columns_n; i++) {
		const struct column *column = &columns[i];
		struct value value;

		if (!column->get || column->shape != COLUMN_PLAIN || (!is_raw && is_said(column)))
			continue;
		column_value(column, &c->tree->rows.frame->snap, row, 0, &value);
		if (value.kind == VALUE_NULL)
			continue;
		buf_clear(&text);
		if (is_raw)
			buf_str(&text, column->key);
		else
			short_key(column, &text);
		buf_char(&text, ' ');
		if (is_raw)
			column_text(column, &c->tree->rows.frame->snap, row, &text);
		else if (!human_text(c, row, column, &value, &text))
			continue;
		buf_clear(&visible);
		text_visible(&visible, text.data, text.len, c->is_ascii);
		pad_put(pad, visible.data, visible.len);
	}
	buf_fini(&text);
	buf_fini(&visible);
}

void details_put_more(struct pad *pad, const struct cells *c, const struct row *row)
{
	pad_line(pad, _("more"));
	put_all(pad, c, row, false);
}

void details_put_raw(struct pad *pad, const struct cells *c, const struct row *row)
{
	pad_line(pad, _("raw"));
	put_all(pad, c, row, true);
}
