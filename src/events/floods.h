/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which listener is overrun: SYN cookies are sent when a listener has too many half-open
 * connections, and connections dropped when its accept queue is full.  The counters say that it
 * happens, and a listing then says where: half-open connections have the listener's port, and each
 * listener counts its drops.  Without privilege for the network namespace that we run in; of others
 * the counters are those of a process that lives there, and who may not enter them is not told which
 * listener it is.
 */
#ifndef PORTSTAT_EVENTS_FLOODS_H
#define PORTSTAT_EVENTS_FLOODS_H

#include <stdint.h>

struct event_request;
struct event_sink;
struct floods;

/*
 * The request, whose table knows owners of listeners, and whose namespaces may change, is borrowed.
 * own_netns: the inode of ours.  Returns 0 or -errno.
 */
int floods_open(struct floods **out, const struct event_request *request, uint64_t own_netns);
void floods_free(struct floods *f);

/*
 * To be called once a second, with the time in milliseconds of CLOCK_MONOTONIC; the events have
 * times of that clock.  Listeners are listed only where a counter has grown.  Of many namespaces some
 * are read at each call.
 */
void floods_read(struct floods *f, uint64_t now, const struct event_sink *sink);

#endif
