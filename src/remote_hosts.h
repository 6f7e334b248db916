/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other hosts (--host): asks each, and lists the last documents that they sent. */
#ifndef PORTSTAT_REMOTE_HOSTS_H
#define PORTSTAT_REMOTE_HOSTS_H

#include <stddef.h>

struct buf;
struct program;
struct remote_hosts;

/*
 * Prepares to ask the hosts of --host and --hosts; they are asked when the first snapshot is taken.
 * Call it when filter and columns are known.  Returns 0, or an exit status after reporting the error.
 */
int open_hosts(struct program *p);

/* How many are asked, and what they are called together: the name of the only one, or their number. */
size_t count_hosts(const struct remote_hosts *h);
void hosts_text(const struct remote_hosts *h, struct buf *out);

/* Ends all commands. */
void close_hosts(struct program *p);

#endif
