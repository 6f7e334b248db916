/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other hosts (--host): asks each, and lists the last documents that they sent. */
#ifndef PORTSTAT_REMOTE_HOSTS_H
#define PORTSTAT_REMOTE_HOSTS_H

struct program;

/*
 * Prepares to ask the hosts of --host and --hosts; they are asked when the first snapshot is taken.
 * Call it when filter and columns are known.  Returns 0, or an exit status after reporting the error.
 */
int open_hosts(struct program *p);

/* Ends all commands. */
void close_hosts(struct program *p);

#endif
