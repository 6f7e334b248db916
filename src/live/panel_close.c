/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dialog that asks before sockets are closed. */
#include <config.h>

#include "live/panel_close.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "live/canvas.h"
#include "live/input.h"
#include "action/jobs.h"
#include "live/panel.h"
#include "live/panel_ask.h"
#include "live/wrap.h"

struct close {
	struct panel panel;
	struct job *job;
};

static const struct job *job_of(const struct panel *panel)
{
	return ((const struct close *)(const void *)panel)->job;
}

static struct panel_effect close_action(struct panel *panel, const struct panel_scene *scene,
					const struct live_input *in, int n)
{
	struct close *d = (struct close *)(void *)panel;
	struct panel_effect effect = { .closes = true };

	(void)scene;
	(void)n;
	if (in->action == ACTION_CANCEL || in->action == ACTION_QUIT || in->key == 'n')
		return effect;
	if (in->action != ACTION_ENTER && in->key != 'y')
		return (struct panel_effect){ 0 };
	effect.job = d->job;
	d->job = NULL;
	return effect;
}

static int draw_question(const struct job *job, int width, struct canvas *out, int y, int n)
{
	size_t n_socks = job->n + job->n_left_out;
	struct buf text = { 0 };
	int lines;

	buf_printf(&text,
		   P_(" Close %zu socket?  Its process will get a connection-aborted error.",
		      " Close %zu sockets?  Their processes will get a connection-aborted error.",
		      n_socks),
		   n_socks);
	lines = wrap_text(width, out, y, n, STYLE_LABEL, buf_cstr(&text));
	buf_fini(&text);
	return lines + ask_draw_targets(job, n_socks, width, out, y + lines, n - lines);
}

static int close_height(const struct panel *panel, const struct panel_scene *scene)
{
	return 1 + draw_question(job_of(panel), scene->width, NULL, 0, ASK_ALL_LINES);
}

static void close_draw(const struct panel *panel, const struct panel_scene *scene,
		       struct canvas *out, int y, int n)
{
	panel_rule(out, y, _("close: Enter closes in the kernel, Esc cancels"));
	draw_question(job_of(panel), scene->width, out, y + 1, n - 1);
}

static void close_free(struct panel *panel)
{
	job_free(((struct close *)(void *)panel)->job);
	free(panel);
}

struct panel *panel_close_new(struct job *job)
{
	static const struct panel_ops ops = {
		.height = close_height,
		.draw = close_draw,
		.action = close_action,
		.free = close_free,
	};
	struct close *d = mem_calloc(1, sizeof(*d));

	d->panel.ops = &ops;
	d->job = job;
	return &d->panel;
}
