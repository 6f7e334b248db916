/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first line: whose ports, how many, how much comes and goes, and whether it is looked at. */
#ifndef PORTSTAT_LIVE_TITLE_H
#define PORTSTAT_LIVE_TITLE_H

#include <stdbool.h>

struct canvas;
struct live_setup;
struct live_totals;

/* What it tells of.  All pointers are borrowed. */
struct title {
	const struct live_setup *setup;
	const struct live_totals *totals;
	int error; /* -errno of the last look, where it failed */
	bool is_paused;
};

void title_draw(const struct title *t, struct canvas *out, int y);

/* Whether it looks, or is paused, or fails; the last two are an alert. */
const char *title_liveness(const struct title *t, bool *is_alert);

#endif
