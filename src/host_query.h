/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of another host: selection, columns and filter as one word. */
#ifndef PORTSTAT_HOST_QUERY_H
#define PORTSTAT_HOST_QUERY_H

#include <stdint.h>

struct buf;
struct program;

/*
 * Adds the word of --query for what this run lists: its columns, and those by which it sorts and
 * filters, so that no more travels than is shown.  every_ms: a document is wanted so often; 0: one.
 */
void host_query_make(const struct program *p, uint32_t every_ms, struct buf *word);

#endif
