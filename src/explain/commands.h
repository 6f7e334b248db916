/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a person would type, or wait for, to have the blockers of one rule gone. */
#ifndef PORTSTAT_EXPLAIN_COMMANDS_H
#define PORTSTAT_EXPLAIN_COMMANDS_H

#include <stdint.h>

#include "explain/rules.h"

struct buf;
struct explanation;

/* How long the last of them takes to end by itself, in ms. */
uint64_t command_wait_ms(const struct explanation *x, enum rule_id rule);

/* Adds the processes that hold them: "node[7741], node[7742]". */
void command_holders(const struct explanation *x, enum rule_id rule, struct buf *out);

/*
 * Adds what stops those that hold them: their unit, their container, or the processes; where no
 * process is known, what shows it.
 */
void command_stop(const struct explanation *x, enum rule_id rule, struct buf *out);

/* Adds what ends outgoing connections of the port, and keeps the kernel from handing it out again. */
void command_free(const struct explanation *x, struct buf *out);

#endif
