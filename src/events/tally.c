/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides when a count is due for a line. */
#include <config.h>

#include "events/tally.h"

/* What has paused for so long is over, as far as anybody can tell. */
#define QUIET_MS 2000
#define PAUSE_MIN_MS 1000
#define PAUSE_MAX_MS 60000

void tally_add(struct tally *t, uint64_t now, uint64_t n)
{
	if (!t->count)
		t->since = now;
	t->last = now;
	t->count += n;
}

bool tally_is_due(const struct tally *t, uint64_t now, uint64_t hold)
{
	if (!tally_untold(t))
		return false;
	if (!t->told_at)
		return now >= t->since + hold;
	return now >= t->told_at + PAUSE_MAX_MS ||
	       (now >= t->told_at + t->pause && now >= t->last + QUIET_MS);
}

void tally_told(struct tally *t, uint64_t now)
{
	t->pause = t->told_at ? t->pause * 2 : PAUSE_MIN_MS;
	if (t->pause > PAUSE_MAX_MS)
		t->pause = PAUSE_MAX_MS;
	t->told = t->count;
	t->told_at = now;
}

void tally_drop(struct tally *t, uint64_t now)
{
	tally_told(t, now);
	t->count = t->told = 0;
}
