/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits until a row matches, or until none does. */
#ifndef PORTSTAT_WAIT_H
#define PORTSTAT_WAIT_H

#include <stdbool.h>

struct program;

/*
 * --wait and --wait-none: waits, and then prints the listing, also when the time is over.  A signal
 * that ends --watch ends the wait; nothing is printed then.  Returns an exit status: EXIT_NO_ROW if
 * what was waited for did not happen.
 */
int run_wait(struct program *p);

/*
 * --wait-none after --signal or --close: waits until no row matches, and prints nothing but that
 * the time is over.  Returns whether none matches.
 */
bool wait_for_none(struct program *p);

#endif
