/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Documents by host and time: which moment of each host is listed. */
#include <config.h>

#include "document/moments.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/told_source.h"

/* A document, and one of its hosts. */
struct moment {
	struct snapshot *document;
	size_t host;
	uint64_t time_ms;
	size_t file;
	size_t number; /* of those that were added */
};

struct moments {
	pthread_mutex_t lock;
	struct moment_time time;
	bool keeps_all;
	struct moment *list; /* by host, machine, time, file, number */
	size_t n;
	size_t cap;
	struct snapshot **documents;
	size_t n_documents;
	size_t documents_cap;
	struct problems problems;
	size_t n_added;
};

struct moments *moments_new(const struct moment_time *time, bool keeps_all)
{
	struct moments *m = mem_calloc(1, sizeof(*m));

	pthread_mutex_init(&m->lock, NULL);
	m->time = *time;
	m->keeps_all = keeps_all;
	return m;
}

static void free_document(struct snapshot *document)
{
	snapshot_fini(document);
	free(document);
}

void moments_free(struct moments *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n_documents; i++)
		free_document(m->documents[i]);
	free(m->documents);
	free(m->list);
	problems_fini(&m->problems);
	pthread_mutex_destroy(&m->lock);
	free(m);
}

static const struct snapshot_host *host_of(const struct moment *moment)
{
	return &moment->document->hosts[moment->host];
}

static const char *name_of(const struct moment *moment)
{
	return host_of(moment)->name ? host_of(moment)->name : "";
}

/* By name and machine: what is of one host is equal. */
static int compare_hosts(const struct moment *a, const struct moment *b)
{
	int order = strcmp(name_of(a), name_of(b));

	return order ? order : strcmp(host_of(a)->head.machine, host_of(b)->head.machine);
}

static int compare(const struct moment *a, const struct moment *b)
{
	int order = compare_hosts(a, b);

	if (!order)
		order = (a->time_ms > b->time_ms) - (a->time_ms < b->time_ms);
	if (!order)
		order = (a->file > b->file) - (a->file < b->file);
	return order ? order : (a->number > b->number) - (a->number < b->number);
}

/* The last place of the host whose moments begin at start, plus one. */
static size_t host_end(const struct moments *m, size_t start)
{
	size_t end = start + 1;

	while (end < m->n && !compare_hosts(&m->list[start], &m->list[end]))
		end++;
	return end;
}

static uint64_t latest(const struct moments *m)
{
	uint64_t ms = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].time_ms > ms)
			ms = m->list[i].time_ms;
	return ms;
}

/* The last time that the clock showed this, at or before a moment. */
static uint64_t clock_before(uint64_t moment, const struct moment_time *clock)
{
	time_t day = (time_t)(moment / 1000), at;
	uint64_t seconds = clock->ms / 1000;
	struct tm tm;

	for (int back = 0; back < 2; back++) {
		if (!localtime_r(&day, &tm))
			break;
		tm.tm_mday -= back;
		tm.tm_hour = (int)(seconds / 3600);
		tm.tm_min = (int)(seconds / 60 % 60);
		tm.tm_sec = (int)(seconds % 60);
		tm.tm_isdst = -1;
		at = mktime(&tm);
		if (at >= 0 && (uint64_t)at * 1000 <= moment)
			return (uint64_t)at * 1000 + clock->span_ms - 1;
	}
	return moment;
}

/* The time at or before which a moment has to be. */
static uint64_t limit_of(const struct moments *m, const struct moment_time *time)
{
	uint64_t last;

	switch (time->choice) {
	case MOMENT_FIRST:
		return 0;
	case MOMENT_AT:
		return time->ms;
	case MOMENT_BEFORE_LAST:
		last = latest(m);
		return last > time->ms ? last - time->ms : 0;
	case MOMENT_CLOCK:
		return clock_before(latest(m), time);
	case MOMENT_LAST:
		break;
	}
	return UINT64_MAX;
}

/* The chosen one of a host's moments, from start to end; end: there is none. */
static size_t choose(const struct moments *m, size_t start, size_t end,
		     const struct moment_time *time)
{
	uint64_t limit = limit_of(m, time);
	size_t at = end;

	if (time->choice == MOMENT_FIRST) {
		/* Of several at the first time the last that was added. */
		while (start + 1 < end && m->list[start + 1].time_ms == m->list[start].time_ms)
			start++;
		return start;
	}
	for (size_t i = start; i < end && m->list[i].time_ms <= limit; i++)
		at = i;
	return at;
}

/* Frees documents that no moment needs any more. */
static void drop_unused(struct moments *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_documents; i++) {
		bool is_used = false;

		for (size_t k = 0; k < m->n && !is_used; k++)
			is_used = m->list[k].document == m->documents[i];
		if (is_used)
			m->documents[n++] = m->documents[i];
		else
			free_document(m->documents[i]);
	}
	m->n_documents = n;
}

/*
 * Drops what no longer can be chosen.  Later documents only move the limit forward: what is older than
 * the chosen one stays unchosen.  But a limit in the past keeps what is later, so that the host is
 * known.
 */
static void drop_superseded(struct moments *m)
{
	bool moves = m->time.choice == MOMENT_BEFORE_LAST || m->time.choice == MOMENT_CLOCK;
	size_t n = 0;

	for (size_t start = 0, end; start < m->n; start = end) {
		size_t chosen, keep;

		end = host_end(m, start);
		chosen = choose(m, start, end, &m->time);
		if (chosen == end)
			chosen = start;
		keep = moves ? end : chosen + 1;
		for (size_t i = chosen; i < keep; i++)
			m->list[n++] = m->list[i];
	}
	m->n = n;
	drop_unused(m);
}

/* Documents mostly come in the order of time. */
static void insert(struct moments *m, const struct moment *moment)
{
	size_t at;

	m->list = mem_grow(m->list, m->n, &m->cap, sizeof(*m->list));
	for (at = m->n++; at && compare(&m->list[at - 1], moment) > 0; at--)
		m->list[at] = m->list[at - 1];
	m->list[at] = *moment;
}

void moments_add(struct moments *m, struct snapshot *document, size_t file)
{
	struct snapshot *kept = mem_alloc(sizeof(*kept));

	*kept = *document;
	*document = (struct snapshot){ 0 };
	pthread_mutex_lock(&m->lock);
	m->documents = mem_grow(m->documents, m->n_documents, &m->documents_cap,
				sizeof(struct snapshot *));
	m->documents[m->n_documents++] = kept;
	for (size_t i = 0; i < kept->n_hosts; i++)
		insert(m, &(struct moment){ kept, i, kept->hosts[i].time_ms, file, m->n_added++ });
	if (!m->keeps_all)
		drop_superseded(m);
	pthread_mutex_unlock(&m->lock);
}

void moments_add_problem(struct moments *m, const struct problem *problem)
{
	problems_add(&m->problems, problem);
}

size_t moments_hosts(const struct moments *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i = host_end(m, i))
		n++;
	return n;
}

static int compare_times(const void *x, const void *y)
{
	const uint64_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

size_t moments_times(const struct moments *m, uint64_t **out)
{
	uint64_t *times = mem_resize(NULL, m->n, sizeof(*times));
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		times[i] = m->list[i].time_ms;
	if (m->n)
		qsort(times, m->n, sizeof(*times), compare_times);
	for (size_t i = 0; i < m->n; i++)
		if (!n || times[n - 1] != times[i])
			times[n++] = times[i];
	*out = times;
	return n;
}

void moments_choose(struct moments *m, const struct moment_time *time)
{
	pthread_mutex_lock(&m->lock);
	m->time = *time;
	pthread_mutex_unlock(&m->lock);
}

static void add_host_problem(struct snapshot *snap, const struct moment *moment,
			     enum problem_document what)
{
	struct problem problem = {
		.code = PROBLEM_DOCUMENT,
		.proto = PROBLEM_NO_PROTO,
		.document = what,
		.host = host_of(moment)->name,
	};

	problems_add(&snap->problems, &problem);
}

/* Room for the chosen moment of each host; of a document with several hosts it is counted once. */
static void reserve(const struct moments *m, const struct moment_time *time, struct snapshot *snap)
{
	struct told_size size = { 0 };

	for (size_t start = 0, end; start < m->n; start = end) {
		size_t at;

		end = host_end(m, start);
		at = choose(m, start, end, time);
		if (at < end && !m->list[at].host)
			told_size_add(&size, m->list[at].document);
	}
	snapshot_reserve(snap, &size);
}

/* A document of one host that is told once is not needed any more. */
static bool add_moment(const struct moments *m, const struct moment *moment,
		       struct told_joins *joins)
{
	bool is_last = !m->keeps_all && moment->document->n_hosts == 1;

	return told_joins_add(joins, moment->document, moment->host, is_last);
}

int moments_tell(void *data, struct snapshot *snap)
{
	struct moments *m = data;
	struct told_joins joins = { .to = snap };
	const struct moment *before = NULL;
	struct moment_time time;

	pthread_mutex_lock(&m->lock);
	time = m->time;
	pthread_mutex_unlock(&m->lock);
	for (size_t i = 0; i < m->problems.n; i++)
		problems_add(&snap->problems, &m->problems.list[i]);
	reserve(m, &time, snap);
	for (size_t start = 0, end; start < m->n; start = end) {
		size_t at;

		end = host_end(m, start);
		at = choose(m, start, end, &time);
		if (before && host_of(before)->name &&
		    !strcmp(name_of(before), name_of(&m->list[start])))
			add_host_problem(snap, &m->list[start], DOCUMENT_HAS_TWO_MACHINES);
		before = &m->list[start];
		if (at == end)
			add_host_problem(snap, &m->list[start], DOCUMENT_LACKS_MOMENT);
		else if (!add_moment(m, &m->list[at], &joins))
			add_host_problem(snap, &m->list[start], DOCUMENT_IS_TOO_LARGE);
	}
	told_joins_end(&joins);
	return snap->n_hosts ? 0 : -ENODATA;
}

const struct snapshot_host *moments_first(const struct moments *m)
{
	return m->n ? host_of(&m->list[0]) : NULL;
}

void moments_each(const struct moments *m, void (*fn)(const struct snapshot *document, void *data),
		  void *data)
{
	for (size_t i = 0; i < m->n_documents; i++)
		fn(m->documents[i], data);
}

const struct snapshot_host *moments_chosen(const struct moments *m)
{
	const struct snapshot_host *latest = NULL;

	for (size_t start = 0, end; start < m->n; start = end) {
		size_t at;

		end = host_end(m, start);
		at = choose(m, start, end, &m->time);
		if (at < end && (!latest || host_of(&m->list[at])->time_ms > latest->time_ms))
			latest = host_of(&m->list[at]);
	}
	return latest;
}
