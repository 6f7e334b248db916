/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything known of a row. */
#ifndef PORTSTAT_LIVE_DETAILS_H
#define PORTSTAT_LIVE_DETAILS_H

struct cells;
struct live_item;
struct pad;

/* Adds lines about the item, a socket or what its group has in common. */
void details_fill(struct pad *pad, const struct cells *c, const struct live_item *item);

#endif
