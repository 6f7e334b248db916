/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --diff: what is not as it was in a document. */
#ifndef PORTSTAT_DIFFERENCES_H
#define PORTSTAT_DIFFERENCES_H

struct program;

/*
 * Reads the document of --diff, and selects what it selected: protocols, families, listeners,
 * namespaces and forwards.  Returns 0, or an exit status after reporting the error.
 */
int open_earlier(struct program *p);

/* The same for the document's filter; p->filter must be parsed. */
int parse_earlier_filter(struct program *p);

/* Prints the differences.  Returns an exit status: as diff(1), 0 if there are none and 1 if there are. */
int run_differences(struct program *p);

#endif
