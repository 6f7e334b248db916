/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One listing, or one after another. */
#ifndef PORTSTAT_LISTING_H
#define PORTSTAT_LISTING_H

struct program;

/* Lists what the program's selection says, until it is interrupted with --watch.  Returns an exit status. */
int run_listing(struct program *p);

#endif
