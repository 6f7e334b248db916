/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of all processes, whether or not they hold sockets. */
#ifndef PORTSTAT_RESOLVE_PROCESS_NAMES_H
#define PORTSTAT_RESOLVE_PROCESS_NAMES_H

struct buf;

/*
 * Adds the name (/proc/PID/comm, which everybody may read) of each process below proc_root, a
 * descriptor, each ended by NUL.  What cannot be read is left out.
 */
void process_names(int proc_root, struct buf *out);

#endif
