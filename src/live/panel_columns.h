/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dialogs about columns: which are shown, in which order, and by which one to sort. */
#ifndef PORTSTAT_LIVE_PANEL_COLUMNS_H
#define PORTSTAT_LIVE_PANEL_COLUMNS_H

#include <stdbool.h>

struct live_column;
struct live_columns;
struct panel;
struct table;

/* Which of all columns the table shows.  can_save: s has the configuration written. */
struct panel *panel_columns_new(const struct table *table, const struct live_columns *columns,
				bool can_save);

/* By which one it is sorted: one of those shown, or the one that is usual for the view. */
struct panel *panel_sort_new(const struct table *table, const struct live_column *usual);

#endif
