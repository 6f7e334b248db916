/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats counts, rates and times in a few columns. */
#include <config.h>

#include "live/figures.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/i18n.h"
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

/* Adds value / unit, with one decimal below 100. */
static void add_scaled(uint64_t value, uint64_t unit, struct buf *out)
{
	if (value / unit >= 100 || value % unit == 0)
		buf_u64(out, value / unit);
	else
		buf_printf(out, "%" PRIu64 ".%" PRIu64, value / unit, value % unit * 10 / unit);
}

void duration_text(uint64_t us, struct buf *out)
{
	if (us >= 60000000) {
		age_text(us / 1000, out);
		return;
	}
	if (us < 1000) {
		buf_printf(out, "%" PRIu64 "us", us);
		return;
	}
	add_scaled(us, us < 1000000 ? 1000 : 1000000, out);
	buf_str(out, us < 1000000 ? "ms" : "s");
}

void bits_text(uint64_t bits, struct buf *out)
{
	static const char units[] = " KMGTPE";
	uint64_t unit = 1;
	size_t at = 0;

	while (bits / unit >= 1000 && at + 2 < sizeof(units)) {
		unit *= 1000;
		at++;
	}
	add_scaled(bits, unit, out);
	if (at)
		buf_char(out, units[at]);
	buf_str(out, "bit/s");
}

void count_text(uint64_t count, struct buf *out)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%" PRIu64, count);

	for (int i = 0; i < n; i++) {
		/* Between thousands, as in 91,224. */
		if (i && (n - i) % 3 == 0)
			buf_str(out, _(","));
		buf_char(out, digits[i]);
	}
}
