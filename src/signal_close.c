/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --signal and --close: act upon the rows of a listing. */
#include <config.h>

#include "signal_close.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "signal_targets.h"
#include "action/jobs.h"
#include "action/signal_names.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "listing.h"
#include "listing_notes.h"
#include "model/protos.h"
#include "program.h"
#include "query/filter.h"
#include "query/snapshot.h"
#include "wait.h"

/* The question goes to standard error: standard output may be a file. */
static bool can_ask(const struct options *opt)
{
	return !opt->is_quiet && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

int check_act(struct program *p)
{
	struct options *opt = &p->opt;
	const char *act = options_act(opt);
	unsigned int protos = opt->protos ? opt->protos : PROTO_ALL;
	unsigned int families = opt->families ? opt->families : FAMILY_ALL;

	if (filter_takes_everything(p->filter, protos, families)) {
		complain(_("%s needs a filter, and one that does not match every socket"), act);
		return EXIT_USAGE;
	}
	if (!filter_tests_connections(p->filter)) {
		if (opt->is_all) {
			complain(_("%s is for listening sockets, unless the filter tests state, "
				   "rport or raddr; do not combine it with -a"),
				 act);
			return EXIT_USAGE;
		}
		opt->is_listening = true;
	}
	if (!opt->is_agreed && !opt->is_dry_run && !can_ask(opt)) {
		complain(_("%s asks on a terminal, and here it cannot: nothing is done; add --yes, "
			   "or --dry-run to see what would be done"),
			 act);
		return EXIT_USAGE;
	}
	return 0;
}

/*
 * What the terminal's user types: one line.  Everything but a yes is a no.  The yes is that of the
 * question's language, which LANGUAGE may have chosen, and not that of the locale (YESEXPR).
 */
static bool read_yes(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n = getline(&line, &room, stdin);
	regex_t yes;
	bool is_yes = false;

	/* TRANSLATORS: what begins the answers that mean yes to " [y/N] ", as a regular expression. */
	if (n > 0 && !regcomp(&yes, _("^[yY]"), REG_EXTENDED | REG_NOSUB)) {
		is_yes = !regexec(&yes, line, 0, NULL, 0);
		regfree(&yes);
	}
	/* The end of the file leaves the cursor behind the question. */
	if (n <= 0)
		fputc('\n', stderr);
	free(line);
	return is_yes;
}

static bool ask(const struct job *job)
{
	struct buf text = { 0 };

	for (size_t i = 0; i < job->n && job->kind == JOB_SIGNAL; i++) {
		buf_str(&text, "  ");
		buf_printf(&text, _("%s of %s"), job->targets[i].label, job->targets[i].user);
		buf_char(&text, '\n');
	}
	if (job->kind == JOB_CLOSE) {
		buf_printf(&text, P_("Close %zu socket?", "Close %zu sockets?", job->n), job->n);
	} else {
		struct buf name = { 0 };

		signal_text(job->signal, &name);
		buf_printf(&text,
			   P_("Send %s to %zu process?", "Send %s to %zu processes?", job->n),
			   buf_cstr(&name), job->n);
		buf_fini(&name);
	}
	buf_str(&text, _(" [y/N] "));
	fputs(buf_cstr(&text), stderr);
	buf_fini(&text);
	return read_yes();
}

static void tell_plan(const struct job *job)
{
	struct buf name = { 0 };

	signal_text(job->signal, &name);
	for (size_t i = 0; i < job->n; i++) {
		const struct job_target *target = &job->targets[i];

		if (job->kind == JOB_CLOSE)
			complain(_("would close %s"), target->label);
		else
			complain(_("would send %s to %s of %s"), buf_cstr(&name), target->label,
				 target->user);
	}
	buf_fini(&name);
}

/* A process or socket that has gone needs nothing any more. */
static bool has_failed(const struct job_target *target)
{
	switch (target->outcome) {
	case OUTCOME_DONE:
	case OUTCOME_GONE:
	case OUTCOME_LET_GO:
		return false;
	case OUTCOME_NOT_PERMITTED:
	case OUTCOME_NOT_SUPPORTED:
	case OUTCOME_ONE_OF_GROUP:
	case OUTCOME_FAILED:
		break;
	}
	return true;
}

/* Says what became of each target.  Returns whether one failed. */
static bool tell_outcomes(const struct program *p, const struct job *job)
{
	bool has_any_failed = false;

	for (size_t i = 0; i < job->n; i++) {
		struct buf text = { 0 };

		has_any_failed = has_any_failed || has_failed(&job->targets[i]);
		job_target_text(job, &job->targets[i], &text);
		if (!p->opt.is_quiet)
			complain("%s", buf_cstr(&text));
		buf_fini(&text);
	}
	return has_any_failed;
}

/* Acts upon the rows that were listed. */
static int act(struct program *p, const struct snapshot *snap)
{
	const struct options *opt = &p->opt;
	size_t n_without;
	struct job *job = act_targets(p, snap, &n_without);
	bool is_done = false;

	if (opt->is_dry_run) {
		if (!opt->is_quiet)
			tell_plan(job);
		is_done = true;
	} else if (job->n && (opt->is_agreed || ask(job))) {
		job_run(job, p->proc_root);
		is_done = !tell_outcomes(p, job) && !n_without;
		if (opt->wait_none.is_given && !wait_for_none(p))
			is_done = false;
	}
	job_free(job);
	return is_done ? EXIT_ROWS : EXIT_FAILED;
}

int run_act(struct program *p)
{
	struct snapshot snap;
	int status, read_error;

	listing_init(p, &snap);
	status = listing_take(p, &snap, &read_error);
	status = listing_written(p, listing_show(p, &snap, read_error), status);
	if (status == EXIT_INCOMPLETE && !p->opt.is_quiet)
		complain(_("nothing is done, because the listing is incomplete"));
	if (!read_error)
		listing_tell_notes(p, &snap);
	if (status == EXIT_ROWS && snap.n_rows)
		status = act(p, &snap);
	snapshot_fini(&snap);
	return status;
}
