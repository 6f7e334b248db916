/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user asked for: filter and columns out of the options, and the plan that they make. */
#ifndef PORTSTAT_QUERY_OPTIONS_H
#define PORTSTAT_QUERY_OPTIONS_H

struct plan;
struct program;

/* Each returns 0, or an exit status when it has said what is wrong. */
int parse_filter(struct program *p);
int choose_columns(struct program *p);

/* For one listing; plan_fini() it. */
void make_plan(const struct program *p, struct plan *plan);

/* --explain-filter: what the filter means and who checks which part.  Returns an exit status. */
int explain_filter(const struct program *p);

#endif
