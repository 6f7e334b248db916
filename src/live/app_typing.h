/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter and search prompts.  A filter is applied at every key, a search starts on Enter. */
#ifndef PORTSTAT_LIVE_APP_TYPING_H
#define PORTSTAT_LIVE_APP_TYPING_H

struct app;
struct buf;
struct live_input;

/* Opens the filter prompt with the current filter. */
void typing_open_filter(struct app *a);

/* Offers the previous text; typing replaces it. */
void typing_open_search(struct app *a);

/* Handles an input while a prompt is open. */
void typing_input(struct app *a, const struct live_input *in);

/* Continues a search by the next few thousand rows. */
void typing_search_on(struct app *a);

/* Adds a test to the filter. */
void typing_add_test(struct app *a, const struct buf *test);

/* Removes the filter. */
void typing_clear_filter(struct app *a);

#endif
