/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compiles a condition to the bytecode that inet_diag runs over each socket
 * (INET_DIAG_REQ_BYTECODE, linux/inet_diag.h).
 */
#ifndef PORTSTAT_SOURCE_BYTECODE_H
#define PORTSTAT_SOURCE_BYTECODE_H

#include <stdbool.h>

struct buf;
struct cond;

/*
 * In bytes.  The kernel's check of jumps is quadratic; for longer code it costs more than a dump.
 */
#define BYTECODE_MAX 16384

struct bytecode_params {
	bool has_minisockets; /* the dump may have minisockets, which lack mark and cgroup */
	bool has_equal; /* the kernel has INET_DIAG_BC_S_EQ and _D_EQ (since 4.16) */
};

/*
 * Replaces the content of out with the bytecode of a condition that cond_restrict() made.  out is
 * empty if the condition is always true, or if the code would be longer than BYTECODE_MAX: then
 * send none, so that the kernel returns all sockets.
 */
void bytecode_build(const struct cond *cond, const struct bytecode_params *params, struct buf *out);

#endif
