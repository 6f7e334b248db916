/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --free: prints ports that can be bound. */
#ifndef PORTSTAT_FREE_H
#define PORTSTAT_FREE_H

struct program;

/*
 * After enter_netns() and parse_filter().  Prints the lowest ports that the caller can bind on every
 * address, one a line.  Returns an exit status: EXIT_NO_ROW if there are fewer than --count.
 */
int run_free(struct program *p);

#endif
