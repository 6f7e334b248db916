/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions that live/keys.c binds to the keys which open a dialog. */
#include <config.h>

#include "live/dialogs.h"

#include <string.h>

#include "base/i18n.h"
#include "live/app_state.h"
#include "live/app_typing.h"
#include "live/cell_tests.h"
#include "action/jobs.h"
#include "live/panel_close.h"
#include "live/panel_columns.h"
#include "live/panel_filter.h"
#include "live/panel_help.h"
#include "live/panel_kill.h"
#include "live/targets.h"
#include "live/why_job.h"

void act_help(struct app *a)
{
	app_open(a, panel_help_new(&a->keys));
}

void act_columns(struct app *a)
{
	app_open(a, panel_columns_new(app_table(a), &a->columns, a->setup.can_save));
}

void act_sort(struct app *a)
{
	const char *usual = live_view_sort(a->view) + (*live_view_sort(a->view) == '-');

	app_open(a, panel_sort_new(app_table(a),
				   live_columns_find(&a->columns, usual, strlen(usual))));
}

void act_filter_by(struct app *a)
{
	const struct live_item *item = app_current(a);
	const struct cells cells = app_cells(a);
	struct cell_tests tests = { 0 };

	if (item)
		cell_tests_fill(&tests, &cells, item, app_table(a)->order.column);
	if (tests.n > 1)
		app_open(a, panel_filter_new(&tests));
	else if (tests.n)
		typing_add_test(a, &tests.list[0]);
	else
		app_say(a, true, _("This row has nothing to filter by."));
	cell_tests_fini(&tests);
}

/*
 * The job for the tagged rows, or for the row under the cursor; NULL if it has no targets: then the
 * reason is shown.
 */
static struct job *find_targets(struct app *a, enum job_kind kind)
{
	const struct live_item *item = app_current(a);
	const struct cells cells = app_cells(a);
	struct job *job;

	if (a->setup.is_read_only) {
		app_say(a, true, _("Read-only mode: Kill and Close are disabled."));
		return NULL;
	}
	if (!item)
		return NULL;
	job = targets_of(kind, &cells, item, &a->tags, TARGETS_SHOWN);
	if (job->n)
		return job;
	app_say(a, true, targets_why_none(kind, &a->tree, item, &a->tags));
	job_free(job);
	return NULL;
}

struct job *dialog_whole_job(struct app *a, struct job *job)
{
	const struct cells cells = app_cells(a);
	struct job *whole;

	if (!job->n_left_out)
		return job;
	whole = targets_of(job->kind, &cells, app_current(a), &a->tags, SIZE_MAX);
	whole->signal = job->signal;
	/* One of the processes may have been chosen. */
	for (size_t i = 0; job->kind == JOB_SIGNAL && job->n == 1 && i < whole->n; i++)
		if (whole->targets[i].pid == job->targets->pid)
			job_keep(whole, i);
	job_free(job);
	return whole;
}

void act_why(struct app *a)
{
	const struct live_item *item = app_current(a);
	const struct cells cells = app_cells(a);
	struct why_job *job;

	if (!item)
		return;
	if (a->setup.is_replay) {
		app_say(a, true, _("A recording cannot be asked why: it is of the past."));
		return;
	}
	job = targets_question(&cells, item);
	if (!job) {
		app_say(a, true, _("Only TCP and UDP sockets with a port can be asked why."));
		return;
	}
	why_job_free(a->out.why);
	a->out.why = job;
	app_say(a, false, _("Asking ..."));
}

void act_kill(struct app *a)
{
	struct job *job = find_targets(a, JOB_SIGNAL);

	/*
	 * Tagged rows were chosen deliberately: preselect all of their processes.  Of one row's
	 * owners, preselect the first.
	 */
	if (job)
		app_open(a, panel_kill_new(job, a->tags.n));
}

void act_close(struct app *a)
{
	struct job *job = find_targets(a, JOB_CLOSE);

	if (job)
		app_open(a, panel_close_new(job));
}
