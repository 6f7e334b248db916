/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What opens below the table: details and dialogs. */
#ifndef PORTSTAT_LIVE_PANEL_H
#define PORTSTAT_LIVE_PANEL_H

#include <stdbool.h>
#include <stddef.h>

struct canvas;
struct cells;
struct live_input;
struct job;
struct live_column;
struct panel;
struct table;

/* What a panel may look at.  All pointers are borrowed. */
struct panel_scene {
	const struct table *table;
	const struct cells *cells; /* with the tree */
	int width; /* of the screen */
};

/* What an input has the panel's owner do, in this order. */
struct panel_effect {
	const struct live_column *const *columns; /* to show from now on; NULL: as before */
	size_t n_columns;
	const struct live_column *sort; /* to sort by from now on; NULL: as before */
	struct job *job; /* to be done, and the owner's from now on; NULL: none */
	bool save_config; /* the configuration is to be written */
	bool closes; /* the panel is to be freed; columns are gone with it */
};

struct panel_ops {
	bool is_whole; /* takes the table's head and all its rows, too, where it needs them */
	/* How many lines it would like to have. */
	int (*height)(const struct panel *panel, const struct panel_scene *scene);
	/* Draws n > 0 lines from y on. */
	void (*draw)(const struct panel *panel, const struct panel_scene *scene, struct canvas *out,
		     int y, int n);
	/* Takes an input; n: the lines that it has on the screen. */
	struct panel_effect (*action)(struct panel *panel, const struct panel_scene *scene,
				      const struct live_input *in, int n);
	void (*free)(struct panel *panel);
};

/* The first member of each. */
struct panel {
	const struct panel_ops *ops;
};

/* NULL is fine. */
void panel_free(struct panel *panel);

/* A line that heads a panel: -- text -----. */
void panel_rule(struct canvas *out, int y, const char *text);

#endif
