/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view without a terminal: takes keys, clicks and frames, and produces lines of text. */
#ifndef PORTSTAT_LIVE_APP_H
#define PORTSTAT_LIVE_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "live/app_state.h"

struct canvas;
struct frame;
struct frame_scope;
struct job;
struct why_job;
struct live_config;

/* Initialises the app.  The pointers in setup are borrowed until app_fini(). */
void app_init(struct app *a, const struct live_setup *setup);
void app_fini(struct app *a);

/* These take the current time, in ms on the clock of the frames (collector_clock()). */
void app_resize(struct app *a, int width, int height, uint64_t now_ms);
void app_key(struct app *a, uint32_t key, uint64_t now_ms);
/* A click on a cell of the screen; the wheel, by so many lines down (negative: up). */
void app_click(struct app *a, int y, int x, uint64_t now_ms);
void app_wheel(struct app *a, int lines, uint64_t now_ms);
/*
 * Ends the highlights and removes the closed rows whose time is over.  Returns whether any are
 * left.
 */
bool app_tick(struct app *a, uint64_t now_ms);

/* Continues a search through many rows.  Returns whether there is more to do. */
bool app_search_on(struct app *a);

/*
 * Can a frame of this scope be shown now?  Not in a dialog; while paused or typing a filter only if
 * the frame that is shown lacks what the filter or a column needs.
 */
bool app_wants(const struct app *a, const struct frame_scope *scope);

/*
 * Shows a new frame.  Returns the frame that is no longer needed, for the collector to fill again:
 * the previous one, or f itself if it holds an error; NULL the first time.
 */
struct frame *app_take(struct app *a, struct frame *f, uint64_t now_ms);

/* Reports the result of a job.  The caller keeps the job. */
void app_job_done(struct app *a, const struct job *job, uint64_t now_ms);

/* Shows an answer, unless a dialog is open.  The caller keeps the job. */
void app_answer(struct app *a, const struct why_job *job, uint64_t now_ms);

/* Fills in what the configuration file saves: view, columns, order, names, details. */
void app_config(const struct app *a, struct live_config *config);

#endif
