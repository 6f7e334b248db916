/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Panels open below the table: details and dialogs. */
#ifndef PORTSTAT_LIVE_PANEL_H
#define PORTSTAT_LIVE_PANEL_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct canvas;
struct cells;
struct live_input;
struct job;
struct live_column;
struct panel;
struct table;

/* What a panel reads.  All pointers are borrowed. */
struct panel_scene {
	const struct table *table;
	const struct cells *cells; /* with the tree of rows */
	int width; /* of the screen */
};

/* What the panel's owner does after an input, in this order. */
struct panel_effect {
	const struct live_column *const *columns; /* to show from now on; NULL: no change */
	size_t n_columns;
	const struct live_column *sort; /* to sort by from now on; NULL: no change */
	const struct buf *filter; /* a test to add to the filter; NULL: no change */
	struct job *job; /* to run; the owner takes ownership; NULL: none */
	bool save_config; /* write the configuration file */
	bool closes; /* free the panel; columns and filter point into it */
};

struct panel_ops {
	bool is_whole; /* may cover the table's head and rows */
	/* The number of lines that it asks for. */
	int (*height)(const struct panel *panel, const struct panel_scene *scene);
	/* Draws n > 0 lines from line y on. */
	void (*draw)(const struct panel *panel, const struct panel_scene *scene, struct canvas *out,
		     int y, int n);
	/* Handles an input; n: its number of lines on the screen. */
	struct panel_effect (*action)(struct panel *panel, const struct panel_scene *scene,
				      const struct live_input *in, int n);
	void (*free)(struct panel *panel);
};

/* The first member of every panel's struct. */
struct panel {
	const struct panel_ops *ops;
};

/* NULL is fine. */
void panel_free(struct panel *panel);

/* Draws the head of a panel: -- text -----. */
void panel_rule(struct canvas *out, int y, const char *text);

#endif
