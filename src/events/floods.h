/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which listener is overrun: SYN cookies are sent when a listener has too many half-open
 * connections, and connections dropped when its accept queue is full.  The counters say that it
 * happens, and a listing then says where: half-open connections have the listener's port, and each
 * listener counts its drops.  Without privilege, for the network namespace that we run in.
 */
#ifndef PORTSTAT_EVENTS_FLOODS_H
#define PORTSTAT_EVENTS_FLOODS_H

#include <stdint.h>

struct event_sink;
struct event_table;
struct floods;

/*
 * proc_root (a directory descriptor of /proc) and table, which knows owners of listeners, are
 * borrowed.  Returns 0 or -errno.
 */
int floods_open(struct floods **out, int proc_root, const struct event_table *table);
void floods_free(struct floods *f);

/*
 * To be called once a second, with the time in milliseconds of CLOCK_MONOTONIC; the events have
 * times of that clock.  Listeners are listed only where a counter has grown.
 */
void floods_read(struct floods *f, uint64_t now, const struct event_sink *sink);

#endif
