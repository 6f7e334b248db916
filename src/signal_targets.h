/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes or sockets --signal and --close act upon. */
#ifndef PORTSTAT_SIGNAL_TARGETS_H
#define PORTSTAT_SIGNAL_TARGETS_H

#include <stddef.h>

struct job;
struct program;
struct snapshot;

/*
 * A job for the rows, which may have no targets; the caller frees it with job_free().  A process
 * that is named by "pid N" stands for all owners of its rows.  Process 1, this one and its ancestors
 * are left out unless named so.  Reports each row that has no target, and sets *n_without to their
 * number.
 */
struct job *act_targets(struct program *p, const struct snapshot *snap, size_t *n_without);

#endif
