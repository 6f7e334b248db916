/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the firewall does with a new packet from outside to the port. */
#ifndef PORTSTAT_EXPLAIN_LET_IN_H
#define PORTSTAT_EXPLAIN_LET_IN_H

struct explanation;

/* Sets the let_in of an explanation whose facts, place and blockers are set. */
void let_in_judge(struct explanation *x);

#endif
