/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits until a row matches, or until none does. */
#include <config.h>

#include "wait.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "base/i18n.h"
#include "listing.h"
#include "listing_notes.h"
#include "model/cond.h"
#include "pace.h"
#include "program.h"
#include "query/collect.h"
#include "query/lead_targets.h"
#include "query/namespaces.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "query/take.h"
#include "query_options.h"
#include "watch_signals.h"

/* If more rows are left, one that closes is not the last one, and nobody looks for it. */
#define ROWS_WATCHED 64U

/* Tells two sets of listeners apart: the kernel never uses a cookie twice. */
struct fingerprint {
	size_t n;
	uint64_t cookies;
};

/*
 * A look takes a snapshot.  A glance costs little, and only tells whether a look is worthwhile: it
 * asks for the TCP listeners, and reads which sockets the kernel says have closed.
 */
struct wait {
	struct program *p;
	const struct wait_option *option;
	struct snapshot snap;
	struct plan plan; /* of the last look */
	struct pace looks;
	struct pace glances;
	struct watch_signals ending;
	struct destroy_events *closings; /* NULL: not announced, or nobody waits for them */
	struct sock_table seen; /* by a glance */
	struct fingerprint listeners; /* at the last look */
	uint64_t end; /* UINT64_MAX: never */
	uint64_t cpu; /* that was accounted for */
	bool is_for_none;
	bool hurries; /* a glance found that a look is worthwhile */
	bool may_glance; /* the kernel can select TCP listeners that may match */
	bool asked_forwards; /* by option */
	bool was_seen; /* a look has succeeded */
	bool has_matched; /* a look had rows */
	int read_error; /* of the last look: 0 or -errno */
};

enum wait_result {
	WAIT_MET,
	WAIT_OVER, /* the time is over */
	WAIT_FAILED, /* nothing could be read */
	WAIT_ENDED, /* by a signal */
};

static uint64_t clock_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* The CPU time since the last call. */
static uint64_t take_cost(struct wait *w)
{
	uint64_t cpu = clock_us(CLOCK_PROCESS_CPUTIME_ID), cost = cpu - w->cpu;

	w->cpu = cpu;
	return cost;
}

/* ---- a glance ---- */

static bool may_be_tcp_listener(const struct plan *plan)
{
	const unsigned int listen = STATE_BIT(SOCK_STATE_LISTEN);

	return plan->query.protos & PROTO_BIT(PROTO_TCP) &&
	       (cond_states(&plan->cond, PROTO_TCP, ADDR_INET, listen) ||
		cond_states(&plan->cond, PROTO_TCP, ADDR_INET6, listen));
}

static struct fingerprint listeners_now(struct wait *w)
{
	struct sources sources = w->p->sources;
	struct source_query query = w->plan.query;
	struct fingerprint found = { 0 };
	struct collected collected;

	query.protos = PROTO_BIT(PROTO_TCP);
	query.states = STATE_BIT(SOCK_STATE_LISTEN);
	query.extras = 0;
	query.is_aside = true;
	/* Others are at most looked into for what ports lead to. */
	if (!w->p->opt.netns)
		sources.namespaces = NULL;
	sock_table_clear(&w->seen);
	collect(&sources, &query, &w->seen, &collected);
	found.n = w->seen.n;
	for (size_t i = 0; i < w->seen.n; i++)
		found.cookies += w->seen.socks[i].cookie;
	return found;
}

/* Has one of the rows closed, as far as the kernel announced it? */
static bool has_row_closed(struct wait *w)
{
	bool is_whole;

	sock_table_clear(&w->seen);
	is_whole = destroy_events_drain(w->closings, 0, &w->seen);
	for (size_t i = 0; i < w->snap.n_rows && w->snap.n_rows <= ROWS_WATCHED; i++)
		for (size_t k = 0; k < w->seen.n; k++)
			if (w->snap.rows[i].sk->cookie == w->seen.socks[k].cookie)
				return true;
	return !is_whole;
}

/* Returns whether a look is worthwhile. */
static bool glance(struct wait *w)
{
	bool is_worthwhile = false;

	if (w->closings)
		is_worthwhile = has_row_closed(w);
	if (w->may_glance && !is_worthwhile) {
		struct fingerprint now = listeners_now(w);

		is_worthwhile = now.n != w->listeners.n || now.cookies != w->listeners.cookies;
	}
	pace_spend(&w->glances, clock_us(CLOCK_MONOTONIC), take_cost(w));
	return is_worthwhile;
}

/* ---- a pause ---- */

/* Sleeps, at most this long, until a signal comes or, if that is wanted, a socket closes. */
static void sleep_for(const struct wait *w, uint64_t us, bool until_closing)
{
	struct timespec timeout = { .tv_sec = (time_t)(us / 1000000),
				    .tv_nsec = (long)(us % 1000000) * 1000 };
	struct pollfd fds[1 + DESTROY_EVENTS_FDS] = { { .fd = w->ending.waiting,
							.events = POLLIN } };
	int closings[DESTROY_EVENTS_FDS];
	nfds_t n = 1;

	if (until_closing) {
		destroy_events_fds(w->closings, closings);
		for (size_t i = 0; i < DESTROY_EVENTS_FDS; i++)
			fds[n++] = (struct pollfd){ .fd = closings[i], .events = POLLIN };
	}
	ppoll(fds, n, &timeout, NULL);
}

static uint64_t nearer(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Until the next look.  False if a signal ends the wait. */
static bool pause_until_look(struct wait *w)
{
	static const struct timespec at_once = { 0 };

	w->hurries = false;
	while (!watch_signals_has_come(&w->ending, &at_once)) {
		uint64_t now = clock_us(CLOCK_MONOTONIC), left = pace_left(&w->looks, now);
		uint64_t rest = pace_left(&w->glances, now);

		if (now >= w->end || !left || (w->hurries && pace_may_hurry(&w->looks, now)))
			return true;
		if (w->hurries)
			left -= w->looks.pause;
		else if (w->may_glance || (w->closings && rest))
			left = nearer(left, rest);
		sleep_for(w, nearer(left, w->end - now), w->closings && !rest && !w->hurries);
		if (!w->hurries && !pace_left(&w->glances, clock_us(CLOCK_MONOTONIC)))
			w->hurries = glance(w);
	}
	return false;
}

/* ---- a look ---- */

/*
 * What a port leads to is told by the rules of this namespace, which root may read, and maybe by
 * listeners of others.  What cannot be read of these is no problem of somebody who did not ask for
 * them.
 */
static void wait_for_forwarded(struct wait *w)
{
	struct options *opt = &w->p->opt;

	w->asked_forwards = opt->has_forwards;
	/* What other hosts or containers serve is not what --signal stops. */
	if (!options_act(opt) && w->p->may_mark && w->p->names.forwards)
		opt->has_forwards = true;
}

static void drop_unasked(struct wait *w)
{
	if (!w->asked_forwards)
		problems_drop(&w->snap.problems, PROBLEM_FIREWALL);
	if (!w->p->opt.netns)
		problems_drop(&w->snap.problems, PROBLEM_NETNS);
}

/*
 * Leaves out rows that lead to listeners of which none is there, and those of namespaces that only
 * the listeners were looked for in.  Returns whether it takes other namespaces to tell.
 */
static bool leave_out_unserved(struct wait *w)
{
	struct snapshot *snap = &w->snap;
	bool is_own_only = !w->p->opt.netns, leads_away = false;
	size_t n = 0;

	for (size_t i = 0; i < snap->n_rows; i++) {
		enum row_service service = row_is_served(snap, &snap->rows[i]);

		if (service == ROW_IS_UNSERVED || (is_own_only && snap->rows[i].sk->netns))
			continue;
		leads_away = leads_away || service == ROW_LEADS_AWAY;
		snap->rows[n++] = snap->rows[i];
	}
	snap->n_rows = n;
	return leads_away && is_own_only && !namespaces_are_chosen(&w->p->namespaces);
}

/* Can there be rows that this listing does not have? */
static bool may_lack_rows(const struct problems *problems)
{
	for (size_t i = 0; i < problems->n; i++) {
		enum problem_code code = problems->list[i].code;

		if (code == PROBLEM_UNTESTED || code == PROBLEM_CUT_SHORT ||
		    code == PROBLEM_UNSUPPORTED || code == PROBLEM_NETNS)
			return true;
	}
	return false;
}

static bool take(struct wait *w)
{
	w->read_error = snapshot_take(&w->snap, &w->plan, &w->p->sources, &w->p->names,
				      time_of_sockets(w->p));
	return !w->read_error && leave_out_unserved(w);
}

/*
 * Takes a snapshot, and returns whether it has what is waited for.  The listeners are taken before:
 * what changes meanwhile is seen by the next glance.
 */
static bool look(struct wait *w, enum plan_aim aim)
{
	plan_fini(&w->plan);
	make_plan(w->p, aim, &w->plan);
	w->may_glance = may_be_tcp_listener(&w->plan);
	if (w->may_glance)
		w->listeners = listeners_now(w);
	if (take(w)) {
		/* From now on in every namespace. */
		namespaces_add_words(&w->p->namespaces, "all");
		take(w);
	}
	if (w->read_error)
		/* A namespace that was there has gone, and all in it. */
		return w->is_for_none && w->was_seen && w->read_error == -ENOENT;
	w->was_seen = true;
	w->has_matched = w->has_matched || w->snap.n_rows;
	drop_unasked(w);
	return w->is_for_none ? !w->snap.n_rows && !may_lack_rows(&w->snap.problems)
			      : w->snap.n_rows > 0;
}

/* What cannot be read now cannot be read later, but a namespace may still come. */
static bool is_hopeless(const struct wait *w)
{
	return w->read_error && (w->is_for_none || w->read_error != -ENOENT);
}

/*
 * Together less than 1 % of a core.  A glance takes some 170 us, so that it may be taken every 20
 * ms; and where there are glances, looks can be rare.
 */
static void start_paces(struct wait *w, uint64_t now)
{
	pace_start(&w->glances, now, 115);
	pace_start(&w->looks, now, w->may_glance ? 1000 : 125);
}

static enum wait_result wait_for_it(struct wait *w)
{
	for (bool is_first = true;; is_first = false) {
		bool is_last = clock_us(CLOCK_MONOTONIC) >= w->end;
		bool shows = is_last || (w->hurries && !w->is_for_none);
		bool is_met = look(w, shows ? PLAN_LISTING : PLAN_MATCH);

		/* Rows that are shown have all columns; and they have to be there still. */
		if (is_met && !shows && !w->is_for_none)
			is_met = look(w, PLAN_LISTING);
		if (is_met)
			return WAIT_MET;
		if (is_hopeless(w))
			return WAIT_FAILED;
		if (is_last)
			return WAIT_OVER;
		if (is_first) {
			take_cost(w);
			start_paces(w, clock_us(CLOCK_MONOTONIC));
		} else {
			pace_spend(&w->looks, clock_us(CLOCK_MONOTONIC), take_cost(w));
		}
		if (!pause_until_look(w))
			return WAIT_ENDED;
	}
}

/* ---- the options ---- */

static void wait_init(struct wait *w, struct program *p, const struct wait_option *option,
		      bool is_for_none)
{
	*w = (struct wait){
		.p = p,
		.option = option,
		.end = option->is_endless ? UINT64_MAX
					  : clock_us(CLOCK_MONOTONIC) + option->ms * 1000ULL,
		.is_for_none = is_for_none,
	};
	wait_for_forwarded(w);
	listing_init(p, &w->snap);
	watch_signals_init(&w->ending);
	/* Without announcements, and with lost ones, looks find out. */
	if (is_for_none && !p->opt.netns && !p->sources.is_procfs)
		destroy_events_open(&w->closings, PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_UDP), 0);
}

static void wait_fini(struct wait *w)
{
	destroy_events_free(w->closings);
	watch_signals_fini(&w->ending);
	plan_fini(&w->plan);
	sock_table_fini(&w->seen);
	snapshot_fini(&w->snap);
}

static int status_of(const struct wait *w, enum wait_result result)
{
	if (result == WAIT_ENDED)
		return EXIT_NO_ROW;
	if (result == WAIT_FAILED || (w->read_error && result != WAIT_MET))
		return EXIT_FAILED;
	if (w->p->opt.is_strict && w->snap.problems.n)
		return EXIT_INCOMPLETE;
	return result == WAIT_MET ? EXIT_ROWS : EXIT_NO_ROW;
}

static void tell_that_time_is_over(const struct wait *w)
{
	double seconds = w->option->ms / 1000.0;

	if (w->p->opt.is_quiet || w->read_error)
		return;
	if (!w->is_for_none)
		complain(_("timed out after %g s: no socket matches"), seconds);
	else if (w->snap.n_rows)
		complain(P_("timed out after %2$g s: %1$zu socket still matches",
			    "timed out after %2$g s: %1$zu sockets still match", w->snap.n_rows),
			 w->snap.n_rows, seconds);
	else
		complain(_("timed out after %g s: sockets that cannot be tested may still match"),
			 seconds);
}

/* A name that nothing ever had may be misspelt, whatever was waited for. */
static void tell_notes(const struct wait *w, enum wait_result result)
{
	bool is_over = w->is_for_none ? !w->has_matched : result == WAIT_OVER;

	if (is_over && !w->read_error && result != WAIT_FAILED)
		listing_tell_notes(w->p, &w->snap);
}

int run_wait(struct program *p)
{
	const struct options *opt = &p->opt;
	bool is_for_none = opt->wait_none.is_given;
	enum wait_result result;
	int status, write_error = 0;
	struct wait w;

	wait_init(&w, p, is_for_none ? &opt->wait_none : &opt->wait, is_for_none);
	result = wait_for_it(&w);
	status = status_of(&w, result);
	if (result != WAIT_ENDED) {
		watch_signals_guard(&w.ending, status);
		write_error = listing_show(p, &w.snap, w.read_error);
		if (result == WAIT_OVER)
			tell_that_time_is_over(&w);
		tell_notes(&w, result);
		if (!write_error && fflush(stdout))
			write_error = -errno;
		watch_signals_release(&w.ending);
	}
	wait_fini(&w);
	return listing_written(p, write_error, status);
}

bool wait_for_none(struct program *p)
{
	enum wait_result result;
	struct wait w;

	wait_init(&w, p, &p->opt.wait_none, true);
	result = wait_for_it(&w);
	if (result == WAIT_OVER)
		tell_that_time_is_over(&w);
	if (result == WAIT_OVER && p->opt.is_signal && p->opt.signal != SIGKILL && !p->opt.is_quiet)
		complain(_("a process may ignore the signal; --signal=KILL cannot be ignored"));
	wait_fini(&w);
	return result == WAIT_MET;
}
