/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The graph of a row's or a group's last rates in the details. */
#ifndef PORTSTAT_LIVE_DETAILS_GRAPH_H
#define PORTSTAT_LIVE_DETAILS_GRAPH_H

struct cells;
struct live_item;
struct pad;

/* Adds the graph with its peak and its scale; nothing if no rate is known or all are 0. */
void details_put_graph(struct pad *pad, const struct cells *c, const struct live_item *item);

#endif
