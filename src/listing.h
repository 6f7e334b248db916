/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints one listing, or with --watch one at each interval. */
#ifndef PORTSTAT_LISTING_H
#define PORTSTAT_LISTING_H

struct program;

/*
 * Prints the listing that the options select; with --watch again and again until a signal ends it.
 * Returns an exit status.
 */
int run_listing(struct program *p);

#endif
