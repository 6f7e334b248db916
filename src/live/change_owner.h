/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose a socket that changed is, or was. */
#ifndef PORTSTAT_LIVE_CHANGE_OWNER_H
#define PORTSTAT_LIVE_CHANGE_OWNER_H

struct buf;
struct change;
struct event;
struct frame;
struct known_owner;
struct row;
struct row_history;

/*
 * Each sets the process of a change and adds its PROCESS cell to text, which are bytes from outside: of
 * a row of the frame, and of a socket that is gone, by what the frame remembers.
 */
void change_owner_now(const struct frame *f, const struct row *row, struct change *change,
		      struct buf *text);
void change_owner_before(const struct frame *f, const struct known_owner *owner,
			 struct change *change, struct buf *text);

/* That of an event; if it is not known, of what the frame saw of its socket (NULL: nothing). */
void change_owner_told(const struct frame *f, const struct row_history *seen,
		       const struct event *event, struct change *change, struct buf *text);

#endif
