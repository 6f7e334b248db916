/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is typed below the views: the filter, applied letter by letter, and the search. */
#ifndef PORTSTAT_LIVE_APP_TYPING_H
#define PORTSTAT_LIVE_APP_TYPING_H

struct app;
struct live_input;

void typing_open_filter(struct app *a);

/* The text before is searched for again, until one is typed in its place. */
void typing_open_search(struct app *a);

/* Takes an input while something is typed. */
void typing_input(struct app *a, const struct live_input *in);

/* Looks at some more rows of a search that has many to look at. */
void typing_search_on(struct app *a);

#endif
