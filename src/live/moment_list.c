/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The moments of the past that can be stepped through: those of documents. */
#include <config.h>

#include "live/moment_list.h"

#include <time.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "live/glyphs.h"

#define BAR_WIDTH 12

void moment_list_text(const struct moment_list *moments, size_t at, bool is_ascii, struct buf *out)
{
	const struct glyphs *glyphs = glyphs_of(is_ascii);
	char text[sizeof("YYYY-MM-DD hh:mm:ss")];
	time_t seconds;
	struct tm tm;
	size_t mark;

	if (moments->n < 2)
		return;
	buf_printf(out, _("moment %zu of %zu"), at + 1, moments->n);
	seconds = (time_t)(moments->times_ms[at] / 1000);
	/* A document may have none. */
	if (seconds && localtime_r(&seconds, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm))
		buf_printf(out, "  %s", text);
	buf_str(out, "  ");
	mark = at * (BAR_WIDTH - 1) / (moments->n - 1);
	for (size_t i = 0; i < BAR_WIDTH; i++)
		buf_str(out, i == mark ? glyphs->descending : glyphs->rule);
}
