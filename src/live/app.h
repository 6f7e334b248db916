/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view without a screen: keys, clicks and frames change it, it gives lines of text. */
#ifndef PORTSTAT_LIVE_APP_H
#define PORTSTAT_LIVE_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "live/app_state.h"

struct canvas;
struct frame;
struct job;
struct live_config;

void app_init(struct app *a, const struct live_setup *setup);
void app_fini(struct app *a);

/* Each takes the time on the frames' clock. */
void app_resize(struct app *a, int width, int height, uint64_t now_ms);
void app_key(struct app *a, uint32_t key, uint64_t now_ms);
/* A click on a cell of the screen; or the wheel, lines down (negative: up). */
void app_click(struct app *a, int y, int x, uint64_t now_ms);
void app_wheel(struct app *a, int lines, uint64_t now_ms);
/* Time went by: marks fade, closed rows go.  Returns whether there is something left to fade. */
bool app_tick(struct app *a, uint64_t now_ms);

/* Goes on with a search that has many rows to look at.  Returns whether there is more to do. */
bool app_search_on(struct app *a);

/* Would it take a frame of this query's version now?  Not while paused or in a dialog. */
bool app_wants(const struct app *a, unsigned int version);

/*
 * Shows a new frame.  Returns the one that is not needed any more (for the collector to fill
 * again): the frame before, or this one where it holds an error; NULL the first time.
 */
struct frame *app_take(struct app *a, struct frame *f, uint64_t now_ms);

/* A job is done: says what happened.  The job stays the caller's. */
void app_job_done(struct app *a, const struct job *job, uint64_t now_ms);

/* What is kept of it: view, columns, order, names, details. */
void app_config(const struct app *a, struct live_config *config);

#endif
