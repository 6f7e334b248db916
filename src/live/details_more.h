/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rest of a row's columns in the details: in units for people, and raw. */
#ifndef PORTSTAT_LIVE_DETAILS_MORE_H
#define PORTSTAT_LIVE_DETAILS_MORE_H

struct cells;
struct pad;
struct row;

/* Adds the columns that say something: words, and amounts in human units except zeros. */
void details_put_more(struct pad *pad, const struct cells *c, const struct row *row);

/* Adds all columns that have a value, by their keys and as JSON has them. */
void details_put_raw(struct pad *pad, const struct cells *c, const struct row *row);

#endif
