/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats byte counts and ages in a few columns. */
#include <config.h>

#include "live/figures.h"

#include "base/buf.h"
#include "live/frame.h"

void bytes_text(uint64_t bytes, struct buf *out)
{
	static const char units[] = "KMGTPE";
	uint64_t tenths = bytes;
	size_t unit = 0;

	if (bytes == RATE_UNKNOWN) {
		buf_char(out, '-');
		return;
	}
	if (bytes < 1000) {
		buf_u64(out, bytes);
		return;
	}
	tenths = bytes / 1024 * 10 + bytes % 1024 * 10 / 1024;
	while (tenths >= 9995 && unit + 2 < sizeof(units)) {
		tenths /= 1024;
		unit++;
	}
	if (tenths < 100)
		buf_printf(out, "%u.%u%c", (unsigned int)tenths / 10, (unsigned int)tenths % 10,
			   units[unit]);
	else
		buf_printf(out, "%u%c", (unsigned int)(tenths + 5) / 10, units[unit]);
}

void age_text(uint64_t ms, struct buf *out)
{
	uint64_t seconds = ms / 1000;

	if (seconds < 60)
		buf_printf(out, "%us", (unsigned int)seconds);
	else if (seconds < 3600)
		buf_printf(out, "%um%us", (unsigned int)(seconds / 60),
			   (unsigned int)(seconds % 60));
	else if (seconds < 86400)
		buf_printf(out, "%uh%um", (unsigned int)(seconds / 3600),
			   (unsigned int)(seconds / 60 % 60));
	else
		buf_printf(out, "%ud%uh", (unsigned int)(seconds / 86400),
			   (unsigned int)(seconds / 3600 % 24));
}
