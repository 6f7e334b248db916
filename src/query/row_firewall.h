/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules of its network namespace do with new packets to a listener: the column firewall. */
#ifndef PORTSTAT_QUERY_ROW_FIREWALL_H
#define PORTSTAT_QUERY_ROW_FIREWALL_H

struct snapshot;

/* By enum judge_verdict, then NULL. */
extern const char *const firewall_words[];

/*
 * Judges all rows, by the rules that the resolver keeps and the snapshot's own addresses, and adds
 * what could not be read to its problems.
 */
void row_firewall_find(struct snapshot *snap);

#endif
