/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often to look at something that costs CPU time. */
#include <config.h>

#include "pace.h"

#define LEAST_PAUSE 20000U

void pace_start(struct pace *pace, uint64_t now, unsigned int pauses)
{
	*pace = (struct pace){ .due = now + LEAST_PAUSE, .pause = LEAST_PAUSE, .pauses = pauses };
}

void pace_spend(struct pace *pace, uint64_t now, uint64_t cost)
{
	uint64_t start = pace->due > now ? pace->due : now;

	pace->pause = cost * pace->pauses;
	if (pace->pause < LEAST_PAUSE)
		pace->pause = LEAST_PAUSE;
	pace->due = start + pace->pause;
}

uint64_t pace_left(const struct pace *pace, uint64_t now)
{
	return pace->due > now ? pace->due - now : 0;
}

bool pace_may_hurry(const struct pace *pace, uint64_t now)
{
	return pace_left(pace, now) <= pace->pause;
}
