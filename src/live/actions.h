/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions that live/keys.c binds to keys and clicks in the table. */
#ifndef PORTSTAT_LIVE_ACTIONS_H
#define PORTSTAT_LIVE_ACTIONS_H

struct app;

/*
 * Each only changes the state of the app; the caller then calls app_settle(), which updates the
 * rest.
 */

/* Opening a prompt, and Esc. */
void act_filter(struct app *a);
void act_search(struct app *a);
void act_clear_filter(struct app *a);
void act_cancel(struct app *a);

/* The view, its order, and which rows it shows. */
void act_view(struct app *a, int view);
void act_turn_view(struct app *a, int by);
void act_sort_column(struct app *a, int which);
void act_sort_beside(struct app *a, int by);
void act_sort_traffic(struct app *a);
void act_sort_invert(struct app *a);
void act_toggle_shown(struct app *a, int bit);
void act_trouble(struct app *a);
void act_bell(struct app *a);
void act_group(struct app *a);
void act_names(struct app *a);
void act_netns(struct app *a);
void act_hosts(struct app *a);
void act_details(struct app *a);
void act_raw_details(struct app *a);
void act_scroll_details(struct app *a, int by);

/* The cursor and its row. */
void act_move(struct app *a, int rows);
void act_move_screens(struct app *a, int screens);
void act_move_half(struct app *a, int halves);
void act_first(struct app *a);
void act_last(struct app *a);
void act_select(struct app *a, int index);
void act_open(struct app *a, int index);
void act_enter(struct app *a);
void act_fold(struct app *a, int is_to_open);
void act_fold_all(struct app *a);
void act_tag(struct app *a);
void act_untag(struct app *a);
void act_copy(struct app *a);
void act_copy_cell(struct app *a);
void act_free_mouse(struct app *a);

/* Requests to the main loop (struct live_output). */
void act_pause(struct app *a);
void act_quit(struct app *a);
void act_refresh(struct app *a);
void act_step_moment(struct app *a, int by);
void act_redraw(struct app *a);
void act_suspend(struct app *a);

#endif
