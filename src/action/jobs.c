/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A job changes the host: it signals processes or closes sockets, and holds the results. */
#include <config.h>

#include "action/jobs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "action/destroy.h"
#include "action/signal.h"
#include "base/addr.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "model/protos.h"

struct job *job_new(enum job_kind kind)
{
	struct job *job = mem_calloc(1, sizeof(*job));

	job->kind = kind;
	return job;
}

static void target_fini(struct job_target *target)
{
	free(target->label);
	free(target->user);
	free(target->held);
}

void job_free(struct job *job)
{
	if (!job)
		return;
	for (size_t i = 0; i < job->n; i++)
		target_fini(&job->targets[i]);
	free(job->targets);
	free(job);
}

void job_reserve(struct job *job, size_t n)
{
	if (n <= job->cap)
		return;
	job->cap = n;
	job->targets = mem_resize(job->targets, n, sizeof(*job->targets));
}

struct job_target *job_add(struct job *job, const char *label, size_t label_len)
{
	struct job_target *target;

	job->targets = mem_grow(job->targets, job->n, &job->cap, sizeof(*job->targets));
	target = &job->targets[job->n++];
	*target = (struct job_target){ .label = label_len ? mem_strndup(label, label_len) : NULL };
	return target;
}

void job_target_hold(struct job_target *target, const struct held *held)
{
	target->held =
		mem_grow(target->held, target->n_held, &target->held_cap, sizeof(*target->held));
	target->held[target->n_held++] = *held;
}

void job_keep(struct job *job, size_t at)
{
	struct job_target kept = job->targets[at];

	job->targets[at] = job->targets[0];
	job->targets[0] = kept;
	while (job->n > 1)
		target_fini(&job->targets[--job->n]);
}

static enum action_outcome close_target(const struct job *job, struct job_target *t)
{
	int diag = -1;

	if (t->sk.netns) {
		diag = job->open_diag ? job->open_diag(job->data, t->sk.netns) : -EOPNOTSUPP;
		if (diag == -EOPNOTSUPP)
			return OUTCOME_NOT_SUPPORTED;
		if (diag == -EPERM || diag == -EACCES)
			return OUTCOME_NOT_PERMITTED;
		if (diag < 0) {
			t->error = -diag;
			return diag == -ENOENT || diag == -ESRCH ? OUTCOME_GONE : OUTCOME_FAILED;
		}
	}
	return action_destroy(&t->sk, diag, &t->error);
}

void job_run(struct job *job, int proc_root)
{
	for (size_t i = 0; i < job->n; i++) {
		struct job_target *t = &job->targets[i];
		const struct signal_target process = { t->pid, t->start_time, t->held, t->n_held };

		t->outcome = job->kind == JOB_CLOSE
				     ? close_target(job, t)
				     : action_signal(proc_root, &process, job->signal, &t->error);
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
	case OUTCOME_LET_GO:
		buf_printf(out, _("Left alone (the process no longer holds the socket): %s"),
			   t->label);
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
	case OUTCOME_LET_GO:
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

static void end_text(const struct sock *sk, const struct endpoint *end, struct buf *out)
{
	bool has_brackets = sk->family == ADDR_INET6;

	buf_str(out, has_brackets ? "[" : "");
	addr_text(out, (enum addr_family)sk->family, &end->addr);
	buf_str(out, has_brackets ? "]" : "");
	if (proto_has_ports((enum sock_proto)sk->proto))
		buf_printf(out, ":%u", end->port);
}

/* Where there were too many sockets to label each. */
static void unlabelled_text(const struct job_target *target, struct buf *out)
{
	struct job_target labelled = *target;
	struct buf label = { 0 };

	buf_printf(&label, "%s ", proto_name((enum sock_proto)target->sk.proto));
	end_text(&target->sk, &target->sk.local, &label);
	if (sock_has(&target->sk, SOCK_HAS_PEER)) {
		buf_str(&label, " > ");
		end_text(&target->sk, &target->sk.remote, &label);
	}
	buf_char(&label, '\0');
	labelled.label = label.data;
	socket_text(&labelled, out);
	buf_fini(&label);
}

void job_target_text(const struct job *job, const struct job_target *target, struct buf *out)
{
	if (job->kind != JOB_CLOSE)
		process_text(target, out);
	else if (target->label)
		socket_text(target, out);
	else
		unlabelled_text(target, out);
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
		job_target_text(job, &job->targets[i], out);
		break;
	}
	return done == job->n;
}
