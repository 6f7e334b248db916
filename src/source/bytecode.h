/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A condition on the socket to the bytecode that inet_diag runs over each (INET_DIAG_REQ_BYTECODE).
 */
#ifndef PORTSTAT_SOURCE_BYTECODE_H
#define PORTSTAT_SOURCE_BYTECODE_H

#include <stdbool.h>

struct buf;
struct cond;

/* Longer than this and the kernel's check of the jumps, which is quadratic, costs more than a dump.
 */
#define BYTECODE_MAX 16384

struct bytecode_params {
	bool has_minisockets; /* among the sockets are some that have neither mark nor cgroup */
	bool has_equal; /* the kernel knows S_EQ and D_EQ (4.16) */
};

/*
 * Fills out with the bytecode of a condition that cond_restrict() made.  Left empty where there
 * is nothing to ask or it would be longer than BYTECODE_MAX: then all must be asked for.
 */
void bytecode_build(const struct cond *cond, const struct bytecode_params *params, struct buf *out);

#endif
