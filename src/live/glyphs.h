/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The symbols that the view draws: Unicode, or ASCII. */
#ifndef PORTSTAT_LIVE_GLYPHS_H
#define PORTSTAT_LIVE_GLYPHS_H

#include <stdbool.h>

/* Each is one column wide, except the branches: two. */
struct glyphs {
	const char *rule;
	const char *branch;
	const char *last_branch;
	const char *cut;
	const char *ascending;
	const char *descending;
};

/* Either set; static. */
const struct glyphs *glyphs_of(bool is_ascii);

#endif
