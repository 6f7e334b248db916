/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells what happens on the ports, until interrupted. */
#include <config.h>

#include "events.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "event_print.h"
#include "event_request.h"
#include "event_row.h"
#include "events/event.h"
#include "events/event_table.h"
#include "events/listed_owner.h"
#include "events/way.h"
#include "format/json_text.h"
#include "listing_notes.h"
#include "program.h"
#include "recorded.h"
#include "query/columns.h"
#include "query/take.h"
#include "query_options.h"
#include "resolve/bpf_lack.h"
#include "watch_signals.h"

#define WAYS_MAX 4
/* Lines are written when there are so many bytes of them, and at the end of each look. */
#define WRITE_AT (1U << 20)
/* With --netns=all new namespaces are looked for so often. */
#define FIND_NETNS_MS 10000

struct events {
	struct program *p;
	struct event_row row;
	struct event_request request;
	struct event_way *ways[WAYS_MAX];
	size_t n_ways;
	unsigned int kinds; /* EVENT_BIT()s that are printed */
	int bpf_error; /* -errno: why the way that tells of most could not be opened; 0: it was */
	struct watch_signals ending;
	struct event_lines layout;
	struct event_text_options text;
	struct json_shape *json; /* NULL: text */
	struct buf members;
	struct buf lines; /* not written yet */
	size_t n_untested; /* problems that were told */
	uint64_t found_ms; /* when namespaces were looked for */
	int write_error;
};

/* ---- the listing before ---- */

static void keep_row(struct events *e, const struct snapshot *snap, const struct row *row)
{
	const struct snapshot_netns *ns = snapshot_netns_of(snap, row->sk);
	const struct process *process = row_first_process(snap, row);
	struct event_entry entry = { .sock = *row->sk };

	entry.netns = row->sk->netns && ns ? ns->inode : snap->netns;
	if (process)
		listed_process(process, &entry.owner);
	event_table_put(e->request.table, &entry);
}

/* What is there already, and whose it is.  0, or an exit status after reporting the error. */
static int prime(struct events *e)
{
	struct plan_request request = {
		.protos = e->request.protos,
		.also = e->p->names.owners ? NEED_OWNERS | NEED_NETNS : NEED_NETNS,
	};
	struct snapshot snap = { .netns = inode_of_netns(e->p) };
	struct plan plan;
	int err;

	plan_init(&plan, &request);
	err = snapshot_take(&snap, &plan, &e->p->sources, &e->p->names, time_of_sockets(e->p));
	/* No socket at all is no failure: there may be events. */
	for (size_t i = 0; i < snap.n_rows; i++)
		keep_row(e, &snap, &snap.rows[i]);
	plan_fini(&plan);
	snapshot_fini(&snap);
	if (err)
		complain(_("cannot read sockets: %s"), strerror(-err));
	return err ? EXIT_FAILED : 0;
}

/* A filter that selects no socket now may wait for one, or be misspelt. */
static void tell_names(struct events *e)
{
	struct snapshot snap = { .netns = inode_of_netns(e->p) };
	struct plan plan;

	make_plan(e->p, PLAN_MATCH, &plan);
	if (e->p->filter &&
	    !snapshot_take(&snap, &plan, &e->p->sources, &e->p->names, time_of_sockets(e->p)))
		listing_tell_names(e->p, &snap);
	plan_fini(&plan);
	snapshot_fini(&snap);
}

/* ---- the ways ---- */

static int open_way(struct events *e,
		    int (*open)(struct event_way **out, const struct event_request *request))
{
	int err = open(&e->ways[e->n_ways], &e->request);

	if (!err)
		e->n_ways++;
	return err;
}

/* The kinds that no way tells of, and what the ways cannot see. */
static void add_lacks(const struct events *e, struct buf *lacks)
{
	unsigned int untold = e->kinds & ~EVENT_BIT(EVENT_LOST);
	const char *lack;

	for (size_t i = 0; i < e->n_ways; i++)
		untold &= ~e->ways[i]->kinds;
	for (unsigned int kind = 0; kind < EVENT_KINDS; kind++)
		if (untold & EVENT_BIT(kind))
			buf_printf(lacks, "%s%s", lacks->len ? ", " : "", event_kinds[kind].word);
	for (size_t i = 0; i < e->n_ways; i++)
		for (size_t k = 0; (lack = e->ways[i]->ops->lack(e->ways[i], k)); k++)
			buf_printf(lacks, "%s%s", lacks->len ? ", " : "", lack);
}

/* Why the events are not those of BPF, which would tell of more. */
static const char *bpf_reason(int err)
{
	switch (bpf_lack_here(err)) {
	case PROBLEM_BPF_NOT_BUILT_IN:
		return _("portstat was built without BPF");
	case PROBLEM_BPF_OLD_KERNEL:
		return _("the kernel is too old for BPF");
	case PROBLEM_BPF_LOCKED_DOWN:
		return _("the kernel is locked down, so that BPF cannot be used");
	case PROBLEM_BPF_NO_BTF:
		return _("the kernel was built without BTF, which BPF needs");
	case PROBLEM_BPF_DENIED:
		return _("BPF does, with CAP_BPF and CAP_PERFMON");
	case PROBLEM_BPF_OTHER:
	case PROBLEM_BPF_OTHER_PROC:
		break;
	}
	return _("the kernel refuses the BPF programs");
}

/* The first line: by which ways events come, and what these cannot see. */
static void tell_ways(const struct events *e)
{
	struct buf names = { 0 }, lacks = { 0 };

	for (size_t i = 0; i < e->n_ways; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", e->ways[i]->ops->name);
	add_lacks(e, &lacks);
	if (!lacks.len)
		complain(_("events by %s"), buf_cstr(&names));
	else if (e->bpf_error)
		complain(_("events by %s; they do not tell of: %s (%s)"), buf_cstr(&names),
			 buf_cstr(&lacks), bpf_reason(e->bpf_error));
	else
		complain(_("events by %s; they do not tell of: %s"), buf_cstr(&names),
			 buf_cstr(&lacks));
	buf_fini(&names);
	buf_fini(&lacks);
}

/* Without BPF, announcements and looks tell of less, and need no privilege. */
static int open_ways(struct events *e)
{
	int err = open_way(e, way_bpf_open);

	e->bpf_error = err;
	if (err) {
		open_way(e, way_announced_open);
		open_way(e, way_looks_open);
	}
	open_way(e, way_attempts_open);
	if (!e->n_ways && err == -EPERM)
		complain(_("events of these kinds need CAP_BPF and CAP_PERFMON"));
	else if (!e->n_ways)
		complain(_("no events: %s"), bpf_reason(err));
	return e->n_ways ? 0 : EXIT_FAILED;
}

/* ---- lines ---- */

static void write_lines(struct events *e)
{
	if (!e->lines.len || e->write_error)
		return;
	watch_signals_guard(&e->ending, EXIT_ROWS);
	if (fwrite(e->lines.data, 1, e->lines.len, stdout) != e->lines.len || fflush(stdout))
		e->write_error = errno ? -errno : -EIO;
	watch_signals_release(&e->ending);
	buf_clear(&e->lines);
}

static void tell_untested(struct events *e)
{
	struct problems *problems = &e->row.snap.problems;
	struct buf text = { 0 };

	for (; e->n_untested < problems->n; e->n_untested++) {
		buf_clear(&text);
		problem_text(&problems->list[e->n_untested], true, &text);
		complain("%s", buf_cstr(&text));
	}
	buf_fini(&text);
}

static void add_line(struct events *e, const struct event *event, const struct row *row)
{
	struct snapshot *snap = &e->row.snap;

	if (e->json) {
		buf_clear(&e->members);
		json_members(&e->members, snap, row, e->json);
		event_json(event, &e->members, &e->lines);
	} else {
		event_text(event, snap, row, &e->layout, &e->text, &e->lines);
	}
	if (e->lines.len >= WRITE_AT)
		write_lines(e);
}

static void take_event(void *data, const struct event *event)
{
	struct events *e = data;
	const struct row *row;

	if (!(e->kinds & EVENT_BIT(event->kind)) || e->write_error)
		return;
	row = event_row_set(&e->row, event);
	if (row)
		add_line(e, event, row);
	tell_untested(e);
}

/* Without a filter and the like all are. */
static bool wants_event(void *data, const struct event *event)
{
	struct events *e = data;

	return event_row_set(&e->row, event) != NULL;
}

static struct event_sink sink_of(struct events *e)
{
	const struct options *opt = &e->p->opt;
	bool wants_all = !e->p->filter && !opt->protos && !opt->families && !opt->is_listening;

	return (struct event_sink){ take_event, e, wants_all ? NULL : wants_event };
}

/* ---- until the end ---- */

/*
 * Waits until a way has something, or for the shortest of their pauses, or until a signal comes.  False
 * if nobody reads the lines any more.
 */
static bool rest(const struct events *e)
{
	struct pollfd fds[2 + WAYS_MAX] = { { .fd = STDOUT_FILENO },
					    { .fd = e->ending.waiting, .events = POLLIN } };
	int pause = -1;

	for (size_t i = 0; i < e->n_ways; i++) {
		int ms = (int)e->ways[i]->pause_ms;

		fds[2 + i] = (struct pollfd){ .fd = e->ways[i]->fd, .events = POLLIN };
		if (ms && (pause < 0 || ms < pause))
			pause = ms;
	}
	return poll(fds, (nfds_t)(2 + e->n_ways), pause) <= 0 || !(fds[0].revents & POLLERR);
}

/* 0 or -errno. */
static int read_ways(struct events *e)
{
	const struct event_sink sink = sink_of(e);
	int err = 0;

	for (size_t i = 0; i < e->n_ways && !err; i++)
		err = event_way_read(e->ways[i], &sink);
	return err;
}

static void finish_ways(struct events *e)
{
	const struct event_sink sink = sink_of(e);

	for (size_t i = 0; i < e->n_ways; i++)
		event_way_finish(e->ways[i], &sink);
	write_lines(e);
}

static uint64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Namespaces come and go. */
static void find_more_netns(struct events *e)
{
	uint64_t now = clock_ms();

	if (now - e->found_ms < FIND_NETNS_MS)
		return;
	e->found_ms = now;
	event_request_find_more(&e->request, e->p);
}

/* What happened before the signal is told, too. */
static int tell_all(struct events *e)
{
	static const struct timespec at_once = { 0 };
	bool is_over = false;
	int err = 0;

	while (!is_over && !err && !e->write_error) {
		is_over = !rest(e) || watch_signals_has_come(&e->ending, &at_once);
		find_more_netns(e);
		err = read_ways(e);
		write_lines(e);
	}
	finish_ways(e);
	return err;
}

static void start_output(struct events *e)
{
	const struct options *opt = &e->p->opt;

	e->text = (struct event_text_options){ .is_ascii = wants_ascii(opt),
					       .has_netns = has_several_namespaces(opt),
					       .is_wide = opt->is_wide };
	if (opt->format == FORMAT_JSON_LINES) {
		e->json = json_shape_new(e->p->columns.list, e->p->columns.n);
		return;
	}
	event_lines_init(&e->layout);
	/* With BPF, or for root, a process that is not known is just not known. */
	e->layout.hides_owners = e->bpf_error && geteuid();
	if (!opt->no_header)
		event_text_header(&e->layout, &e->text, &e->lines);
}

static void events_init(struct events *e, struct program *p)
{
	*e = (struct events){ .p = p, .kinds = p->opt.event_kinds | EVENT_BIT(EVENT_LOST) };
	if (!p->opt.n_knock)
		e->kinds &= ~EVENT_BIT(EVENT_KNOCK);
	event_request_init(&e->request, p, e->kinds);
	e->request.knock = p->opt.knock;
	e->request.n_knock = p->opt.n_knock;
}

static void events_fini(struct events *e)
{
	for (size_t i = 0; i < e->n_ways; i++)
		event_way_free(e->ways[i]);
	watch_signals_fini(&e->ending);
	json_shape_free(e->json);
	event_row_fini(&e->row);
	event_request_fini(&e->request);
	buf_fini(&e->members);
	buf_fini(&e->lines);
}

int run_events(struct program *p)
{
	struct events e;
	int status, err;

	events_init(&e, p);
	watch_signals_init(&e.ending);
	status = event_request_find_netns(&e.request, p, true);
	if (!status)
		status = open_ways(&e);
	/* Now what comes is seen: so nothing is missing between the listing and the first event. */
	if (!status)
		status = prime(&e);
	event_row_init(&e.row, p);
	if (!status) {
		start_output(&e);
		/* The ways take the listing in: from the first line on nothing of it is missed. */
		err = read_ways(&e);
		tell_ways(&e);
		tell_names(&e);
		write_lines(&e);
		if (!err)
			err = tell_all(&e);
		if (err) {
			complain(_("no more events: %s"), strerror(-err));
			status = EXIT_FAILED;
		}
	}
	err = e.write_error;
	events_fini(&e);
	return written(err, status);
}
