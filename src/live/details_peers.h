/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The peers of a group, most frequent first, for the details panel. */
#ifndef PORTSTAT_LIVE_DETAILS_PEERS_H
#define PORTSTAT_LIVE_DETAILS_PEERS_H

struct cells;
struct live_group;
struct pad;

/* Adds lines about them; none if no row of the group has a peer. */
void details_put_peers(struct pad *pad, const struct cells *c, const struct live_group *group);

#endif
