/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a program would bind, in words. */
#include <config.h>

#include "explain/place.h"

#include "base/buf.h"

void place_text(const struct bind_place *place, struct buf *out)
{
	bool has_brackets = place->family == ADDR_INET6;

	if (has_brackets && addr_is_any(&place->addr) && !place->is_v6only) {
		buf_char(out, '*');
		has_brackets = false;
	} else {
		buf_str(out, has_brackets ? "[" : "");
		addr_text(out, place->family, &place->addr);
	}
	if (*place->device)
		buf_printf(out, "%%%s", place->device);
	buf_printf(out, has_brackets ? "]:%u" : ":%u", place->port);
}
