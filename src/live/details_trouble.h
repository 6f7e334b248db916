/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with a row, and what to look at, in the details. */
#ifndef PORTSTAT_LIVE_DETAILS_TROUBLE_H
#define PORTSTAT_LIVE_DETAILS_TROUBLE_H

struct cells;
struct live_group;
struct pad;
struct row;

/* Adds two sentences for each trouble of the row. */
void details_put_trouble(struct pad *pad, const struct cells *c, const struct row *row);

/* How many of the connections below the group need a look; nothing if none does. */
void details_put_trouble_below(struct pad *pad, const struct live_group *group);

#endif
