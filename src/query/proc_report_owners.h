/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the processes that hold the sockets of a host without portstat, and tells what is known of them. */
#ifndef PORTSTAT_QUERY_PROC_REPORT_OWNERS_H
#define PORTSTAT_QUERY_PROC_REPORT_OWNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct known_process;
struct proc_report;
struct telling;

struct report_owners {
	const struct proc_report *report;
	struct telling *telling;
	struct known_process *processes; /* each of the report's, once it was told */
	struct buf text;
	bool is_endless; /* more owners than a host has: the rest is not told */
};

/* Both are borrowed. */
void report_owners_init(struct report_owners *o, const struct proc_report *report,
			struct telling *telling);
void report_owners_fini(struct report_owners *o);

/*
 * Tells of the socket that is being told who holds the one with an inode, each process by its lowest
 * descriptor, and the control group of the first.  Returns how many they are.
 */
size_t report_owners_tell(struct report_owners *o, uint32_t inode);

#endif
