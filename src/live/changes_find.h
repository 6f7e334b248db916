/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what changed from one look to the next. */
#ifndef PORTSTAT_LIVE_CHANGES_FIND_H
#define PORTSTAT_LIVE_CHANGES_FIND_H

struct changes;
struct frame;

/* Adds what the frame's refresh found.  Call it once for each frame that is shown. */
void changes_find(struct changes *log, const struct frame *f);

#endif
