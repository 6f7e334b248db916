/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells whether a listing is worthwhile: how many sockets are in use, which costs 20 us to read. */
#ifndef PORTSTAT_EVENTS_INUSE_H
#define PORTSTAT_EVENTS_INUSE_H

#include <stdbool.h>

struct inuse;

/* Of the network namespace that we run in; proc_root is a directory descriptor of /proc. */
struct inuse *inuse_new(int proc_root);
void inuse_free(struct inuse *u);

/*
 * Have the counts changed since the last call?  TCP sockets that listen or are connected count, and
 * UDP sockets that have a port; not TCP sockets that are only bound.  Always true if the counts
 * cannot be read.
 */
bool inuse_has_changed(struct inuse *u);

#endif
