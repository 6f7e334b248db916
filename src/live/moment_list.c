/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The moments of the past that can be stepped through: those of documents. */
#include <config.h>

#include "live/moment_list.h"

#include <time.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "live/glyphs.h"

#define BAR_WIDTH 12

void moment_list_place(const struct moment_list *moments, size_t at, struct buf *out)
{
	if (moments->n > 1)
		buf_printf(out, _("moment %zu of %zu"), at + 1, moments->n);
}

void moment_list_time(const struct moment_list *moments, size_t at, struct buf *out)
{
	char text[sizeof("YYYY-MM-DD hh:mm:ss")];
	time_t seconds = moments->n > 1 ? (time_t)(moments->times_ms[at] / 1000) : 0;
	struct tm tm;

	/* A document may have none. */
	if (seconds && localtime_r(&seconds, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm))
		buf_str(out, text);
}

void moment_list_bar(const struct moment_list *moments, size_t at, bool is_ascii, struct buf *out)
{
	const struct glyphs *glyphs = glyphs_of(is_ascii);
	size_t mark;

	if (moments->n < 2)
		return;
	mark = at * (BAR_WIDTH - 1) / (moments->n - 1);
	for (size_t i = 0; i < BAR_WIDTH; i++)
		buf_str(out, i == mark ? glyphs->descending : glyphs->rule);
}
