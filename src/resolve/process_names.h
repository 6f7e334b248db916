/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of all processes, whether or not they hold sockets. */
#ifndef PORTSTAT_RESOLVE_PROCESS_NAMES_H
#define PORTSTAT_RESOLVE_PROCESS_NAMES_H

struct buf;

/*
 * Adds the name of each process below proc_root, a directory descriptor, NUL-terminated.  Every
 * user may read it (/proc/PID/comm).  A process that cannot be read is left out.
 */
void process_names(int proc_root, struct buf *out);

#endif
