/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what changed since the frame before. */
#ifndef PORTSTAT_LIVE_CHANGES_FIND_H
#define PORTSTAT_LIVE_CHANGES_FIND_H

struct changes;
struct event_log;
struct frame;
struct plan;

/* What is known of the time up to a frame. */
struct changes_from {
	const struct frame *frame; /* taken just now, without error */
	const struct frame *before; /* the one that was shown until now; NULL: there was none */
	struct event_log *heard; /* since then; it is sorted.  NULL: only looks are compared */
	const struct plan *plan; /* the sockets that the view has */
};

/*
 * Adds what was heard of, and what the two frames compared say beside that, in the order of time.  What
 * was heard of before the first frame is no change.
 */
void changes_find(struct changes *log, const struct changes_from *from);

#endif
