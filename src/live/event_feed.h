/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hears of sockets as they open and end, in a thread of its own, for what no look sees: by BPF, or
 * without the privilege by the kernel's announcements of what ends.
 */
#ifndef PORTSTAT_LIVE_EVENT_FEED_H
#define PORTSTAT_LIVE_EVENT_FEED_H

#include <stdbool.h>
#include <stdint.h>

struct event_count;
struct event_feed;
struct event_log;
struct event_request;
struct frame;

/* What the feed tells of sockets of these kinds (as EVENT_BIT()s). */
#define EVENT_FEED_KINDS                                                                   \
	(EVENT_BIT(EVENT_OPENED) | EVENT_BIT(EVENT_UNBOUND) | EVENT_BIT(EVENT_CONNECTED) | \
	 EVENT_BIT(EVENT_ACCEPTED) | EVENT_BIT(EVENT_CLOSED) | EVENT_BIT(EVENT_FAILED) |   \
	 EVENT_BIT(EVENT_LOST))

/*
 * Opens the ways; the request is borrowed until event_feed_stop(), and its table is the feed's.  Returns 0
 * or -errno: then the looks alone are compared.
 */
int event_feed_start(struct event_feed **out, struct event_request *request);

/* Removes every hook and ends the thread.  NULL is fine. */
void event_feed_stop(struct event_feed *feed);

/*
 * Hooks are in all network namespaces only while those are shown.  Before the sockets are listed.  Returns
 * whether the way was opened anew, so that it counts from zero.
 */
bool event_feed_follow(struct event_feed *feed, bool are_all);

/*
 * Tells the feed what there is and whose it is, in the thread that took the frame, and before that is
 * shown.  It hears from the first frame on.
 */
void event_feed_list(struct event_feed *feed, const struct frame *f);

/*
 * What a datagram socket carried since the feed was started; data is the feed.  0, or -errno if it does not
 * know.
 */
int event_feed_count(void *data, uint64_t cookie, struct event_count *out);

/* Exchanges what was heard since the last call, and until now, for an empty log. */
void event_feed_take(struct event_feed *feed, struct event_log *log);

#endif
