/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a change's cell. */
#include <config.h>

#include "live/change_cell.h"

#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/text.h"
#include "live/cells.h"
#include "live/figures.h"
#include "live/frame.h"
#include "live/tree.h"
#include "query/columns.h"

static void time_cell(uint64_t time_ms, struct buf *out)
{
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm local;

	if (localtime_r(&seconds, &local))
		buf_printf(out, "%02d:%02d:%02d", local.tm_hour, local.tm_min, local.tm_sec);
}

static const char *word_of(enum change_kind kind)
{
	switch (kind) {
	case CHANGED_OPENED:
		return _("opened");
	case CHANGED_CLOSED:
		return _("closed");
	case CHANGED_PASSED:
		return _("came, went");
	case CHANGED_FAILED:
		return _("failed");
	case CHANGED_LOST:
		return _("lost");
	}
	return "";
}

static void change_text(const struct change *change, struct buf *out)
{
	buf_str(out, word_of((enum change_kind)change->kind));
	if (!change->count)
		return;
	buf_char(out, ' ');
	count_text(change->count, out);
}

static void lived_cell(const struct change *change, struct buf *out)
{
	if (change->kind == CHANGED_OPENED || change->kind == CHANGED_LOST ||
	    change->lived_us == CHANGE_UNKNOWN)
		return;
	/* What was there at the start is older than the view. */
	if (change->was_there)
		buf_str(out, "> ");
	if (change->lived_us && change->lived_us < 1000000)
		duration_text(change->lived_us, out);
	else
		age_text(change->lived_us / 1000, out);
}

static void bytes_cell(const struct change *change, struct buf *out)
{
	if (change->kind == CHANGED_CLOSED || change->kind == CHANGED_PASSED)
		bytes_text(rate_sum(change->rx_bytes, change->tx_bytes), out);
}

static void listed(const struct cells *c, const struct change *change, const struct column *column,
		   struct buf *out)
{
	const struct row row = { .sk = &change->sk, .owner_note = NOTE_NOT_ASKED };
	struct buf raw = { 0 };

	if (change->kind == CHANGED_LOST)
		buf_char(&raw, '-');
	else if (column == c->columns->process)
		buf_str(&raw, change->process);
	else
		column_text(column, &c->tree->rows.frame->snap, &row, &raw);
	text_visible(out, raw.data, raw.len, c->is_ascii);
	buf_fini(&raw);
}

void change_cell(const struct cells *c, const struct change *change,
		 const struct live_column *column, struct buf *out)
{
	switch (column->special) {
	case SPECIAL_NONE:
		listed(c, change, column->column, out);
		return;
	case SPECIAL_TREE:
	case SPECIAL_END:
		listed(c, change, c->columns->local, out);
		return;
	case SPECIAL_TIME:
		time_cell(change->time_ms, out);
		return;
	case SPECIAL_CHANGE:
		change_text(change, out);
		return;
	case SPECIAL_LIVED:
		lived_cell(change, out);
		return;
	case SPECIAL_BYTES:
		bytes_cell(change, out);
		return;
	case SPECIAL_CONN:
	case SPECIAL_RX:
	case SPECIAL_TX:
	case SPECIAL_TRAFFIC:
	case SPECIAL_HISTORY:
		return;
	}
}
