/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a change's cell. */
#ifndef PORTSTAT_LIVE_CHANGE_CELL_H
#define PORTSTAT_LIVE_CHANGE_CELL_H

struct buf;
struct cells;
struct change;
struct live_column;

/* Adds it, without control characters. */
void change_cell(const struct cells *c, const struct change *change,
		 const struct live_column *column, struct buf *out);

#endif
