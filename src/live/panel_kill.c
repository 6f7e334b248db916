/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dialog that asks which signal to send, and to whom. */
#include <config.h>

#include "live/panel_kill.h"

#include <stdlib.h>

#include "action/signal_names.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "live/canvas.h"
#include "live/input.h"
#include "action/jobs.h"
#include "live/panel.h"
#include "live/panel_ask.h"
#include "live/wrap.h"

struct kill {
	struct panel panel;
	struct job *job; /* with all possible targets */
	size_t target; /* the selected target; job->n: all */
	size_t chosen; /* the selected signal */
};

static const struct kill *kill_of(const struct panel *panel)
{
	return (const struct kill *)(const void *)panel;
}

/* How many signals are offered: those with a help text, which come first. */
static size_t signals_offered(void)
{
	size_t n = 0;

	while (n < signal_names_n && signal_names[n].help)
		n++;
	return n;
}

/* Passes the job to the owner. */
static struct panel_effect send_it(struct kill *d)
{
	struct job *job = d->job;

	job->signal = signal_names[d->chosen].number;
	if (d->target < job->n)
		job_keep(job, d->target);
	d->job = NULL;
	return (struct panel_effect){ .job = job, .closes = true };
}

static struct panel_effect kill_action(struct panel *panel, const struct panel_scene *scene,
				       const struct live_input *in, int n)
{
	struct kill *d = (struct kill *)(void *)panel;
	size_t choices = d->job->n > 1 ? d->job->n + 1 : 1;
	enum live_action action = in->action;

	(void)scene;
	(void)n;
	if (action == ACTION_CANCEL || action == ACTION_QUIT)
		return (struct panel_effect){ .closes = true };
	if (action == ACTION_ENTER)
		return send_it(d);
	if (action == ACTION_UP)
		d->chosen -= d->chosen > 0;
	else if (action == ACTION_DOWN)
		d->chosen += d->chosen + 1 < signals_offered();
	else if (action == ACTION_UNFOLD || action == ACTION_NEXT_VIEW)
		d->target = (d->target + 1) % choices;
	else if (action == ACTION_FOLD || action == ACTION_PREVIOUS_VIEW)
		d->target = (d->target + choices - 1) % choices;
	return (struct panel_effect){ 0 };
}

static void question_text(const struct kill *d, struct buf *out)
{
	const struct job_target *t;
	unsigned int n_socks = 0;

	if (d->target < d->job->n) {
		t = &d->job->targets[d->target];
		buf_printf(out,
			   P_(" Send %s to %s of %s?  It holds %u listed socket.",
			      " Send %s to %s of %s?  It holds %u listed sockets.", t->n_socks),
			   signal_names[d->chosen].name, t->label, t->user ? t->user : "-",
			   t->n_socks);
		return;
	}
	for (size_t i = 0; i < d->job->n; i++)
		n_socks += d->job->targets[i].n_socks;
	buf_printf(out, P_(" Send %s to %zu process?", " Send %s to all %zu processes?", d->job->n),
		   signal_names[d->chosen].name, d->job->n);
	buf_printf(out,
		   P_("  They hold %u listed socket.", "  They hold %u listed sockets.", n_socks),
		   n_socks);
}

/* Draws the question, and the targets if there are several. */
static int draw_question(const struct kill *d, int width, struct canvas *out, int y, int n)
{
	struct buf text = { 0 };
	int lines;

	question_text(d, &text);
	lines = wrap_text(width, out, y, n, STYLE_LABEL, buf_cstr(&text));
	buf_fini(&text);
	if (d->job->n > 1)
		lines += ask_draw_targets(d->job, d->target, width, out, y + lines, n - lines);
	return lines;
}

/* At least so many signals are shown below the question. */
#define LEAST_SIGNALS 3

static int kill_height(const struct panel *panel, const struct panel_scene *scene)
{
	return 1 + draw_question(kill_of(panel), scene->width, NULL, 0, ASK_ALL_LINES) +
	       (int)signals_offered();
}

static void kill_draw(const struct panel *panel, const struct panel_scene *scene,
		      struct canvas *out, int y, int n)
{
	const struct kill *d = kill_of(panel);
	int first = 1 + draw_question(d, scene->width, out, y + 1, n - 1 - LEAST_SIGNALS);
	size_t room = n > first ? (size_t)(n - first) : 0, top = 0;
	struct buf text = { 0 };

	panel_rule(out, y,
		   d->job->n > 1
			   ? _("kill: Up Down signal, Left Right process, Enter sends, Esc cancels")
			   : _("kill: Up Down signal, Enter sends, Esc cancels"));
	if (room && d->chosen >= room)
		top = d->chosen - room + 1;
	for (size_t i = 0; i < room && top + i < signals_offered(); i++) {
		size_t at = top + i;
		enum style style = at == d->chosen ? STYLE_CHOSEN : STYLE_PLAIN;
		int line = y + first + (int)i;

		buf_clear(&text);
		buf_printf(&text, " %c %2d %-5s ", at == d->chosen ? '>' : ' ',
			   signal_names[at].number, signal_names[at].name);
		canvas_put(out, line, style, text.data, text.len);
		canvas_str(out, line, style, _(signal_names[at].help));
		canvas_to(out, line, style, scene->width);
	}
	buf_fini(&text);
}

static void kill_free(struct panel *panel)
{
	job_free(((struct kill *)(void *)panel)->job);
	free(panel);
}

struct panel *panel_kill_new(struct job *job, bool are_all_meant)
{
	static const struct panel_ops ops = {
		.height = kill_height,
		.draw = kill_draw,
		.action = kill_action,
		.free = kill_free,
	};
	struct kill *d = mem_calloc(1, sizeof(*d));

	d->panel.ops = &ops;
	d->job = job;
	d->target = are_all_meant && job->n > 1 ? job->n : 0;
	return &d->panel;
}
