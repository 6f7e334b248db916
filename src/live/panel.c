/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Panels open below the table: details and dialogs. */
#include <config.h>

#include "live/panel.h"

#include "live/canvas.h"

void panel_free(struct panel *panel)
{
	if (panel)
		panel->ops->free(panel);
}

void panel_rule(struct canvas *out, int y, const char *text)
{
	const char *rule = out->glyphs->rule;

	canvas_repeat(out, y, STYLE_RULE, rule, 2);
	canvas_str(out, y, STYLE_RULE, " ");
	canvas_str(out, y, STYLE_RULE, text);
	canvas_str(out, y, STYLE_RULE, " ");
	canvas_repeat(out, y, STYLE_RULE, rule, out->width - canvas_column(out, y));
}
