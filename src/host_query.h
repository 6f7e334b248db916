/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of another host: selection, columns and filter. */
#ifndef PORTSTAT_HOST_QUERY_H
#define PORTSTAT_HOST_QUERY_H

#include <stdint.h>

struct buf;
struct proc_question;
struct program;

/*
 * Adds the word of --query for what this run lists: its columns, and those by which it sorts and
 * filters, so that no more travels than is shown.  every_ms: a document is wanted so often; 0: one.
 */
void host_query_make(const struct program *p, uint32_t every_ms, struct buf *word);

/* What is asked of a host that has no portstat, by a script: more than is listed, and less is known. */
void host_query_of_proc(const struct program *p, struct proc_question *question);

#endif
