/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --why: can a program bind this port, and if not, why not? */
#ifndef PORTSTAT_WHY_H
#define PORTSTAT_WHY_H

struct program;

/* Prints the answer.  Returns an exit status: 0 it can be bound, 1 it cannot, 4 not to be told. */
int run_why(struct program *p);

#endif
