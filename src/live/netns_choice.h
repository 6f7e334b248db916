/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between which network namespaces the live view can switch. */
#ifndef PORTSTAT_LIVE_NETNS_CHOICE_H
#define PORTSTAT_LIVE_NETNS_CHOICE_H

#include <stdbool.h>

/* Lists as --netns has them; an empty one is what is listed without that option.  Borrowed. */
struct netns_choice {
	const char *some; /* this one, or those that were named; NULL: there is no choice */
	const char *all;
	bool starts_with_all;
};

#endif
