/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Columns dialog (which are shown, and in which order) and the Sort dialog. */
#ifndef PORTSTAT_LIVE_PANEL_COLUMNS_H
#define PORTSTAT_LIVE_PANEL_COLUMNS_H

#include <stdbool.h>

struct live_column;
struct live_columns;
struct panel;
struct table;

/* The Columns dialog.  can_save: the s key writes the configuration. */
struct panel *panel_columns_new(const struct table *table, const struct live_columns *columns,
				bool can_save);

/* The Sort dialog: offers the shown columns and the view's default one. */
struct panel *panel_sort_new(const struct table *table, const struct live_column *usual);

#endif
