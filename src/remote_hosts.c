/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other hosts: asks each, and lists the last documents that they sent. */
#include <config.h>

#include "remote_hosts.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/caller.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/thread.h"
#include "document/document.h"
#include "host_names.h"
#include "host_query.h"
#include "program.h"
#include "query/proc_report.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/told.h"
#include "remote/command.h"
#include "remote/query_word.h"
#include "remote/remote.h"
#include "watch_signals.h"

#define TIMEOUT_MS 10000U
/* The live view waits so long for all hosts, and then only for the first one. */
#define PATIENCE_MS 1000U
/* How often hosts send a document to --wait. */
#define WAIT_MS 500U

/* What is known of a host. */
struct picture {
	struct command asks; /* the command that reaches its portstat */
	struct command asks_shell; /* the same for a shell, which reads a script */
	bool has_no_portstat; /* so the shell is asked */
	bool is_cut; /* what the script printed */
	struct snapshot document; /* the last one */
	bool has_document;
	bool is_current; /* the host still answers */
	uint64_t came_ms; /* when the document came, monotonic */
	bool has_answered; /* nobody waits for its first answer any more */
	struct problem problem; /* why it does not answer; without a test there is a problem, too */
	bool has_problem;
};

struct remote_hosts {
	struct host_names names;
	struct picture *list; /* of each name */
	struct command reach; /* without what runs there */
	struct command reach_shell; /* the same, with a standard input */
	struct buf query;
	struct proc_question question; /* the same, for hosts without portstat */
	struct buf script; /* that answers it */
	struct services *services; /* borrowed; NULL: no names are wanted */
	struct remote *remote;
	bool is_stream; /* documents come as long as the program runs */
	bool keeps_last; /* the last picture of a host that went away is still shown */
	bool was_asked;
	uint64_t asked_ms; /* when, monotonic */
	pthread_t thread; /* of a stream */
	bool has_thread;
	int stop; /* eventfd: ends it; -1: none */
	pthread_mutex_t lock; /* of the list, apart from the commands */
	pthread_cond_t answered;
};

/* ---- what hosts send ---- */

/* A host is known by the name by which it was asked, whatever it calls itself. */
static void rename_host(struct snapshot *document, const char *name)
{
	struct snapshot_host *host = &document->hosts[0];

	for (size_t i = 0; i < document->problems.n; i++) {
		free(document->problems.list[i].host);
		document->problems.list[i].host = mem_strdup(name);
	}
	free(host->name);
	host->name = mem_strdup(name);
	snapshot_host_link(host);
}

static uint64_t clock_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* What a host without portstat sent; says that this is not all. */
static int read_proc(struct remote_hosts *h, struct picture *picture, const char *bytes, size_t n,
		     struct snapshot *out)
{
	const struct problem problem = {
		.code = PROBLEM_REMOTE,
		.proto = PROBLEM_NO_PROTO,
		.remote = REMOTE_READ_PROC,
	};
	struct proc_report report = { 0 };
	int err = proc_report_read(bytes, n, &report);

	picture->is_cut = err == PROC_REPORT_CUT;
	if (!err) {
		proc_report_tell(&report, &h->question, h->services, clock_ms(CLOCK_REALTIME), out);
		problems_add(&out->problems, &problem);
	}
	proc_report_fini(&report);
	return err;
}

static int read_answer(struct remote_hosts *h, struct picture *picture, const char *bytes, size_t n,
		       struct snapshot *out)
{
	int err = picture->has_no_portstat ? read_proc(h, picture, bytes, n, out)
					   : document_read(bytes, n, out);

	return !err && out->n_hosts != 1 ? DOCUMENT_DAMAGED : err;
}

static bool take_document(void *data, size_t i, const char *bytes, size_t n)
{
	struct remote_hosts *h = data;
	struct picture *picture = &h->list[i];
	struct snapshot document = { 0 };

	if (read_answer(h, picture, bytes, n, &document)) {
		snapshot_fini(&document);
		return false;
	}
	rename_host(&document, h->names.list[i]);
	pthread_mutex_lock(&h->lock);
	snapshot_fini(&picture->document);
	picture->document = document;
	picture->came_ms = clock_ms(CLOCK_MONOTONIC);
	picture->has_document = picture->is_current = picture->has_answered = true;
	picture->has_problem = false;
	pthread_cond_signal(&h->answered);
	pthread_mutex_unlock(&h->lock);
	return true;
}

/* With which ssh says that it failed itself (ssh(1)). */
#define SSH_FAILED 255

/* Why the script gave nothing: that there is no portstat is most of it, where the host was reached. */
static enum problem_remote reason_of(const struct picture *picture, const struct remote_end *end)
{
	if (picture->has_no_portstat && end->reason == REMOTE_SENDS_GARBAGE && picture->is_cut)
		return REMOTE_CUT;
	if (picture->has_no_portstat &&
	    ((end->reason == REMOTE_FAILED && end->error != SSH_FAILED) ||
	     end->reason == REMOTE_SENDS_GARBAGE || end->reason == REMOTE_IS_SILENT))
		return REMOTE_HAS_NO_PORTSTAT;
	return end->reason;
}

static void take_end(void *data, size_t i, const struct remote_end *end)
{
	struct remote_hosts *h = data;
	struct picture *picture = &h->list[i];

	if (end->reason == REMOTE_HAS_NO_PORTSTAT && !picture->has_no_portstat) {
		picture->has_no_portstat = true;
		remote_ask(h->remote, i, &picture->asks_shell, buf_cstr(&h->script));
		return;
	}
	pthread_mutex_lock(&h->lock);
	free(picture->problem.test);
	picture->problem = (struct problem){
		.code = PROBLEM_REMOTE,
		.proto = PROBLEM_NO_PROTO,
		.remote = reason_of(picture, end),
		.error = end->error,
		.host = h->names.list[i],
		.test = end->complaint ? mem_strdup(end->complaint) : NULL,
	};
	picture->has_problem = picture->has_answered = true;
	picture->is_current = false;
	pthread_cond_signal(&h->answered);
	pthread_mutex_unlock(&h->lock);
}

/* ---- asking ---- */

static void *run(void *data)
{
	struct remote_hosts *h = data;

	remote_run(h->remote, h->stop);
	return NULL;
}

/* A signal ends the commands, too, which a terminal does not reach. */
static void ask_once(struct remote_hosts *h)
{
	struct watch_signals ending;
	static const struct timespec at_once = { 0 };

	watch_signals_init(&ending);
	remote_run(h->remote, ending.waiting);
	if (watch_signals_has_come(&ending, &at_once)) {
		remote_free(h->remote);
		h->remote = NULL;
	}
	sigprocmask(SIG_UNBLOCK, &ending.signals, NULL);
	watch_signals_fini(&ending);
}

static void ask(struct remote_hosts *h)
{
	if (h->was_asked)
		return;
	h->was_asked = true;
	h->asked_ms = clock_ms(CLOCK_MONOTONIC);
	for (size_t i = 0; i < h->names.n; i++)
		remote_ask(h->remote, i, &h->list[i].asks, NULL);
	if (!h->is_stream) {
		ask_once(h);
		return;
	}
	h->stop = eventfd(0, EFD_CLOEXEC);
	h->has_thread = h->stop >= 0 && !thread_start(&h->thread, run, h);
}

static void count_answers(const struct remote_hosts *h, size_t *n_answered, size_t *n_documents)
{
	*n_answered = *n_documents = 0;
	for (size_t i = 0; i < h->names.n; i++) {
		*n_answered += h->list[i].has_answered;
		*n_documents += h->list[i].has_document;
	}
}

/*
 * Each host answers, or is given up, within its time.  The live view does not wait so long for the last
 * one where it has something to show.
 */
static void wait_for_all(struct remote_hosts *h)
{
	uint64_t due_ms = h->asked_ms + PATIENCE_MS;
	const struct timespec due = { .tv_sec = (time_t)(due_ms / 1000),
				      .tv_nsec = (long)(due_ms % 1000) * 1000000 };
	size_t n_answered, n_documents;

	while (h->has_thread) {
		count_answers(h, &n_answered, &n_documents);
		if (n_answered == h->names.n ||
		    (h->keeps_last && n_documents && clock_ms(CLOCK_MONOTONIC) >= due_ms))
			return;
		if (h->keeps_last && n_documents)
			pthread_cond_timedwait(&h->answered, &h->lock, &due);
		else
			pthread_cond_wait(&h->answered, &h->lock);
	}
}

static bool is_shown(const struct remote_hosts *h, const struct picture *picture)
{
	return picture->has_document && (picture->is_current || h->keeps_last);
}

/* Adds what is known of a host. */
static void tell_host(struct remote_hosts *h, struct picture *picture, struct told_joins *joins)
{
	struct snapshot *snap = joins->to;

	if (picture->has_problem)
		problems_add(&snap->problems, &picture->problem);
	if (is_shown(h, picture) && told_joins_add(joins, &picture->document, 0, !h->is_stream) &&
	    !picture->is_current)
		snap->hosts[snap->n_hosts - 1].away_ms =
			clock_ms(CLOCK_MONOTONIC) - picture->came_ms + 1;
}

static void tell_hosts(struct remote_hosts *h, struct snapshot *snap)
{
	struct told_joins joins = { .to = snap };
	struct told_size size = { 0 };

	for (size_t i = 0; i < h->names.n; i++)
		if (is_shown(h, &h->list[i]))
			told_size_add(&size, &h->list[i].document);
	snapshot_reserve(snap, &size);
	for (size_t i = 0; i < h->names.n; i++)
		tell_host(h, &h->list[i], &joins);
	told_joins_end(&joins);
}

/* tell() of struct told_source.  Documents that are listed once are freed. */
static int tell(void *data, struct snapshot *snap)
{
	struct remote_hosts *h = data;
	bool is_known = false;

	ask(h);
	pthread_mutex_lock(&h->lock);
	wait_for_all(h);
	for (size_t i = 0; i < h->names.n; i++)
		is_known |= h->list[i].has_document;
	tell_hosts(h, snap);
	for (size_t i = 0; !h->is_stream && i < h->names.n; i++) {
		snapshot_fini(&h->list[i].document);
		h->list[i].document = (struct snapshot){ 0 };
		h->list[i].has_document = false;
	}
	pthread_mutex_unlock(&h->lock);
	/* A stream goes on where all hosts have gone away for a while. */
	return is_known ? 0 : -EHOSTUNREACH;
}

/* ---- */

static int check_via(const struct remote_hosts *h, int err)
{
	if (err) {
		complain(_("--via: a quote is open, or there is no command"));
		return EXIT_USAGE;
	}
	if (!command_names_host(&h->reach)) {
		complain(_("--via: '{host}' is missing, which stands for the name of each host, as "
			   "in --via='ssh -p 2222 {host}'"));
		return EXIT_USAGE;
	}
	return 0;
}

/* Commands run with all that we may do, and that is more than the caller may. */
static int check_caller(void)
{
	if (!caller_lacks_privileges())
		return 0;
	complain(_("other hosts are not asked with capabilities that the caller lacks; use a "
		   "portstat without them, or run it as root"));
	return EXIT_FAILED;
}

static void make_commands(const struct program *p, struct remote_hosts *h, uint32_t every_ms)
{
	struct buf option = { 0 };

	host_query_make(p, every_ms, &h->query);
	buf_printf(&option, "--query=%s", buf_cstr(&h->query));
	for (size_t i = 0; i < h->names.n; i++) {
		struct command *c = &h->list[i].asks;

		command_add_for(c, &h->reach, h->names.list[i]);
		command_add(c, "portstat");
		command_add(c, "--json");
		command_add(c, buf_cstr(&option));
		c = &h->list[i].asks_shell;
		command_add_for(c, &h->reach_shell, h->names.list[i]);
		/* One plain word, which every login shell runs; the script itself is for this one. */
		command_add(c, "sh");
	}
	buf_fini(&option);
	host_query_of_proc(p, &h->question);
	proc_script_make(&h->question, &h->script);
	h->services = p->names.services;
}

static uint32_t interval_of(const struct program *p)
{
	if (wants_live(&p->opt))
		return p->opt.interval_ms;
	return options_wait(&p->opt) ? WAIT_MS : p->opt.watch_ms;
}

int open_hosts(struct program *p)
{
	struct remote_hosts *h;
	const struct remote_limits limits = {
		.timeout_ms = p->opt.timeout_ms ? p->opt.timeout_ms : TIMEOUT_MS,
		.every_ms = interval_of(p),
	};
	pthread_condattr_t attributes;
	int status;

	if (!options_remote(&p->opt))
		return 0;
	h = p->hosts = mem_calloc(1, sizeof(*h));
	h->stop = -1;
	pthread_mutex_init(&h->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&h->answered, &attributes);
	pthread_condattr_destroy(&attributes);
	/* The file of --hosts is opened as the caller, and an error of it is told before anything else. */
	status = host_names_read(&h->names, &p->opt);
	if (!status)
		status = check_caller();
	if (!status)
		status = check_via(h, command_parse(&h->reach, p->opt.via, false));
	if (status)
		return status;
	/* It was split once. */
	command_parse(&h->reach_shell, p->opt.via, true);
	h->list = mem_calloc(h->names.n, sizeof(*h->list));
	h->is_stream = limits.every_ms;
	h->keeps_last = wants_live(&p->opt);
	make_commands(p, h, limits.every_ms);
	h->remote =
		remote_new(h->names.n, &limits, &(struct remote_ops){ take_document, take_end, h });
	p->telling = (struct told_source){ .tell = tell, .data = h };
	p->sources.told = &p->telling;
	return 0;
}

size_t count_hosts(const struct remote_hosts *h)
{
	return h->names.n;
}

void hosts_text(const struct remote_hosts *h, struct buf *out)
{
	if (h->names.n == 1)
		buf_str(out, h->names.list[0]);
	else
		buf_printf(out, P_("%zu host", "%zu hosts", h->names.n), h->names.n);
}

static void stop(struct remote_hosts *h)
{
	if (h->has_thread && eventfd_write(h->stop, 1) == 0)
		pthread_join(h->thread, NULL);
	if (h->stop >= 0)
		close(h->stop);
	remote_free(h->remote);
}

void close_hosts(struct program *p)
{
	struct remote_hosts *h = p->hosts;

	if (!h)
		return;
	stop(h);
	for (size_t i = 0; h->list && i < h->names.n; i++) {
		snapshot_fini(&h->list[i].document);
		free(h->list[i].problem.test);
		command_fini(&h->list[i].asks);
		command_fini(&h->list[i].asks_shell);
	}
	free(h->list);
	host_names_fini(&h->names);
	command_fini(&h->reach);
	command_fini(&h->reach_shell);
	buf_fini(&h->query);
	buf_fini(&h->script);
	pthread_cond_destroy(&h->answered);
	pthread_mutex_destroy(&h->lock);
	free(h);
}
