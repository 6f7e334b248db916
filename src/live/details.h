/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of the details panel: everything known about a row. */
#ifndef PORTSTAT_LIVE_DETAILS_H
#define PORTSTAT_LIVE_DETAILS_H

struct cells;
struct live_item;
struct pad;

/* Adds lines about the item: a socket, or what the sockets of its group have in common. */
void details_fill(struct pad *pad, const struct cells *c, const struct live_item *item);

/* The second page: all columns of the item's row, raw. */
void details_fill_raw(struct pad *pad, const struct cells *c, const struct live_item *item);

#endif
