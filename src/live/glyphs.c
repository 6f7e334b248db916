/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The symbols that the view draws: Unicode, or ASCII. */
#include <config.h>

#include "live/glyphs.h"

const struct glyphs *glyphs_of(bool is_ascii)
{
	static const struct glyphs drawn = { "─", "├─", "└─", "…", "▲", "▼" };
	static const struct glyphs ascii = { "-", "|-", "`-", "~", "^", "v" };

	return is_ascii ? &ascii : &drawn;
}
