/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A job changes the host: it signals processes or closes sockets, and holds the results. */
#include <config.h>

#include "live/jobs.h"

#include <stdlib.h>
#include <string.h>

#include "action/destroy.h"
#include "action/signal.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"

struct job *job_new(enum job_kind kind)
{
	struct job *job = mem_calloc(1, sizeof(*job));

	job->kind = kind;
	return job;
}

void job_free(struct job *job)
{
	if (!job)
		return;
	for (size_t i = 0; i < job->n; i++) {
		free(job->targets[i].label);
		free(job->targets[i].user);
	}
	free(job->targets);
	free(job);
}

struct job_target *job_add(struct job *job, const char *label, size_t label_len)
{
	struct job_target *target;

	job->targets = mem_grow(job->targets, job->n, &job->cap, sizeof(*job->targets));
	target = &job->targets[job->n++];
	*target = (struct job_target){ .label = mem_strndup(label, label_len) };
	return target;
}

void job_run(struct job *job, int proc_root)
{
	for (size_t i = 0; i < job->n; i++) {
		struct job_target *t = &job->targets[i];

		t->outcome = job->kind == JOB_CLOSE
				     ? action_destroy(&t->sk, &t->error)
				     : action_signal(proc_root, t->pid, t->start_time, job->signal,
						     &t->error);
	}
}

/* The outcome comes first, since a label can be longer than the line. */
static void process_text(const struct job_target *t, struct buf *out)
{
	switch (t->outcome) {
	case OUTCOME_DONE:
		buf_printf(out, _("Signal sent: %s"), t->label);
		return;
	case OUTCOME_NOT_PERMITTED:
		buf_printf(out, _("Not permitted (needs root, CAP_KILL or the same user): %s"),
			   t->label);
		return;
	case OUTCOME_GONE:
		buf_printf(out, _("Gone (the process no longer exists): %s"), t->label);
		return;
	case OUTCOME_NOT_SUPPORTED:
		buf_printf(out, _("Not supported (the kernel has no pidfd_send_signal): %s"),
			   t->label);
		return;
	case OUTCOME_ONE_OF_GROUP:
	case OUTCOME_FAILED:
		buf_printf(out, "%s: %s", strerror(t->error), t->label);
		return;
	}
}

static void socket_text(const struct job_target *t, struct buf *out)
{
	switch (t->outcome) {
	case OUTCOME_DONE:
		buf_printf(out, _("Closed: %s"), t->label);
		return;
	case OUTCOME_NOT_PERMITTED:
		buf_printf(out, _("Not permitted (needs root or CAP_NET_ADMIN): %s"), t->label);
		return;
	case OUTCOME_GONE:
		buf_printf(out, _("Gone (the socket no longer exists): %s"), t->label);
		return;
	case OUTCOME_NOT_SUPPORTED:
		buf_printf(out,
			   _("Not supported (the kernel cannot close this kind of socket): %s"),
			   t->label);
		return;
	case OUTCOME_ONE_OF_GROUP:
		buf_printf(
			out,
			_("Not closed (the kernel found another socket of its SO_REUSEPORT group): %s"),
			t->label);
		return;
	case OUTCOME_FAILED:
		buf_printf(out, "%s: %s", strerror(t->error), t->label);
		return;
	}
}

bool job_text(const struct job *job, struct buf *out)
{
	size_t done = 0;

	for (size_t i = 0; i < job->n; i++)
		done += job->targets[i].outcome == OUTCOME_DONE;
	if (job->n > 1)
		buf_printf(out, P_("%zu of %zu done.  ", "%zu of %zu done.  ", job->n), done,
			   job->n);
	/* Of several targets, name the first one that failed. */
	for (size_t i = 0; i < job->n; i++) {
		if (job->n > 1 && job->targets[i].outcome == OUTCOME_DONE)
			continue;
		if (job->kind == JOB_CLOSE)
			socket_text(&job->targets[i], out);
		else
			process_text(&job->targets[i], out);
		break;
	}
	return done == job->n;
}
