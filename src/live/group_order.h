/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order of groups: by what a column says of them, else as their rows stand. */
#ifndef PORTSTAT_LIVE_GROUP_ORDER_H
#define PORTSTAT_LIVE_GROUP_ORDER_H

struct groups;
struct live_order;

/* Kind by kind; where the column says nothing of groups they stay in the order of their rows. */
void groups_sort(struct groups *g, const struct live_order *by);

#endif
