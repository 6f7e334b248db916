/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as documents and --at have them. */
#include <config.h>

#include "base/rfc3339.h"

#include <time.h>

#include "base/number.h"

/* What is left of the text. */
struct rest {
	const char *at;
	size_t n;
};

/* Reads so many digits, up to max. */
static bool digits(struct rest *rest, size_t n, uint64_t max, int *out)
{
	uint64_t number;

	if (rest->n < n || number_parse(rest->at, n, max, &number))
		return false;
	rest->at += n;
	rest->n -= n;
	*out = (int)number;
	return true;
}

/* Reads one of these characters. */
static bool one_of(struct rest *rest, const char *set)
{
	for (; rest->n && *set; set++) {
		if (*rest->at != *set)
			continue;
		rest->at++;
		rest->n--;
		return true;
	}
	return false;
}

/* The fraction of a second, in ms: what is smaller is left out. */
static bool fraction(struct rest *rest, unsigned int *ms)
{
	unsigned int unit = 100;
	int digit;
	size_t n = 0;

	*ms = 0;
	if (!one_of(rest, "."))
		return true;
	while (digits(rest, 1, 9, &digit)) {
		*ms += unit * (unsigned int)digit;
		unit /= 10;
		n++;
	}
	return n;
}

/* Seconds east of UTC. */
static bool offset(struct rest *rest, int *seconds)
{
	int hours, minutes, sign;

	*seconds = 0;
	if (one_of(rest, "Zz"))
		return true;
	if (!rest->n)
		return false;
	sign = *rest->at == '-' ? -1 : 1;
	if (!one_of(rest, "+-") || !digits(rest, 2, 23, &hours) || !one_of(rest, ":") ||
	    !digits(rest, 2, 59, &minutes))
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

bool rfc3339_parse(const char *s, size_t n, uint64_t *ms)
{
	struct rest rest = { s, n };
	struct tm tm = { 0 };
	unsigned int part;
	int east, day;
	time_t at;

	if (!digits(&rest, 4, 9999, &tm.tm_year) || !one_of(&rest, "-") ||
	    !digits(&rest, 2, 12, &tm.tm_mon) || !one_of(&rest, "-") ||
	    !digits(&rest, 2, 31, &tm.tm_mday) || !one_of(&rest, "Tt ") ||
	    !digits(&rest, 2, 23, &tm.tm_hour) || !one_of(&rest, ":") ||
	    !digits(&rest, 2, 59, &tm.tm_min) || !one_of(&rest, ":") ||
	    !digits(&rest, 2, 60, &tm.tm_sec) || !fraction(&rest, &part) || !offset(&rest, &east) ||
	    rest.n || !tm.tm_mon || !tm.tm_mday)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	/* A leap second: no clock of Unix time shows it. */
	if (tm.tm_sec == 60)
		tm.tm_sec = 59;
	day = tm.tm_mday;
	at = timegm(&tm) - east;
	/* February 30th became another day. */
	if (at < 0 || tm.tm_mday != day)
		return false;
	*ms = (uint64_t)at * 1000 + part;
	return true;
}

bool rfc3339_clock_parse(const char *s, size_t n, unsigned int *seconds)
{
	struct rest rest = { s, n };
	int hours, minutes, rests = 0;

	if (!digits(&rest, 2, 23, &hours) || !one_of(&rest, ":") ||
	    !digits(&rest, 2, 59, &minutes) ||
	    (rest.n && (!one_of(&rest, ":") || !digits(&rest, 2, 59, &rests))) || rest.n)
		return false;
	*seconds = (unsigned int)(hours * 3600 + minutes * 60 + rests);
	return true;
}
