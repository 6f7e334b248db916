/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints one listing, or with --watch one at each interval. */
#ifndef PORTSTAT_LISTING_H
#define PORTSTAT_LISTING_H

#include <stdio.h>

struct format_options;
struct program;
struct snapshot;

/*
 * Prints the listing that the options select; with --watch again and again until a signal ends it.
 * Returns an exit status.
 */
int run_listing(struct program *p);

/* The parts of it.  Makes snap an empty snapshot for listings of this program, and p->head; snapshot_fini() it. */
void listing_init(struct program *p, struct snapshot *snap);

/*
 * Takes a snapshot.  Returns the exit status; *read_error is 0, or -errno if nothing could be read.
 */
int listing_take(struct program *p, struct snapshot *snap, int *read_error);

/*
 * Prints the snapshot and reports its problems, or that nothing could be read (-errno); with -q
 * does nothing.  Returns 0, or -errno if writing failed.
 */
int listing_show(struct program *p, const struct snapshot *snap, int read_error);

/* The parts of that: problems on standard error, */
void listing_tell_problems(struct program *p, const struct snapshot *snap);

/* how rows are written, by the options, */
void listing_format(const struct program *p, struct format_options *view);

/*
 * and where to: calls print, which returns 0 or -errno, with standard output, or to replace the file
 * of --output.  Returns 0 or -errno.
 */
typedef int print_shown(FILE *stream, const struct program *p, const void *shown);
int listing_write(const struct program *p, print_shown *print, const void *shown);

/* As written() of complain.h, for the result of listing_show(): also if that went to a file. */
int listing_written(const struct program *p, int err, int status);

#endif
