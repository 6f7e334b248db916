/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorts groups by a column, or by the order of their rows. */
#ifndef PORTSTAT_LIVE_GROUP_ORDER_H
#define PORTSTAT_LIVE_GROUP_ORDER_H

struct groups;
struct live_order;

/* Sorts the groups by kind, then by the column; if groups have no value in it, by their rows. */
void groups_sort(struct groups *g, const struct live_order *by);

#endif
