/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a time of --at. */
#include <config.h>

#include <string.h>

#include "base/number.h"
#include "base/rfc3339.h"
#include "document/moments.h"

/* "2h" and the like, in ms. */
static bool span_parse(const char *text, uint64_t *ms)
{
	static const struct {
		char unit;
		uint64_t ms;
	} units[] = { { 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 } };
	size_t n = strspn(text, "0123456789");
	uint64_t number;

	if (!n || strlen(text) != n + 1 || number_parse(text, n, 1000000, &number))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (units[i].unit != text[n])
			continue;
		*ms = number * units[i].ms;
		return true;
	}
	return false;
}

/* "03:12" or "03:12:30", in ms after midnight. */
static bool clock_parse(const char *text, struct moment_time *out)
{
	unsigned int seconds;

	if (!rfc3339_clock_parse(text, strlen(text), &seconds))
		return false;
	out->ms = (uint64_t)seconds * 1000;
	/* What was taken within that second or minute is not after it. */
	out->span_ms = strlen(text) > 5 ? 1000 : 60000;
	return true;
}

bool moment_time_parse(const char *text, struct moment_time *out)
{
	*out = (struct moment_time){ .choice = MOMENT_AT };
	if (!strcmp(text, "first")) {
		out->choice = MOMENT_FIRST;
		return true;
	}
	if (!strcmp(text, "last")) {
		out->choice = MOMENT_LAST;
		return true;
	}
	if (*text == '-') {
		out->choice = MOMENT_BEFORE_LAST;
		return span_parse(text + 1, &out->ms);
	}
	if (rfc3339_parse(text, strlen(text), &out->ms)) {
		/* The same where no fraction is written. */
		if (!strchr(text, '.'))
			out->ms += 999;
		return true;
	}
	out->choice = MOMENT_CLOCK;
	return clock_parse(text, out);
}
