/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds owners by a walk over the descriptors below /proc, in as many threads as there are cores.
 */
#include <config.h>

#include "resolve/owners_walk.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/thread.h"
#include "resolve/owner_index.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_text.h"

/* Starting a thread costs as much as reading this many links, or visiting this many processes. */
#define LINKS_WORTH_A_THREAD 128U
#define PROCESSES_WORTH_A_THREAD 32U

void walk_fini(struct walk *w)
{
	for (size_t i = 0; i < WALK_WORKERS_MAX; i++)
		fd_reader_fini(&w->workers[i]);
	free(w->list);
}

static int compare_processes(const void *a, const void *b)
{
	const struct walk_process *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

int walk_list(struct walk *w)
{
	struct proc_dir dir = { .fd = proc_dir_open(w->proc_root, ".") };
	bool is_sorted = true;
	const char *name;

	w->n = 0;
	if (dir.fd < 0)
		return dir.fd;
	dir.room = mem_alloc(PROC_DIR_ROOM);
	while ((name = proc_dir_next(&dir))) {
		int32_t pid = proc_entry_number(name);

		if (pid <= 0)
			continue;
		is_sorted = is_sorted && (!w->n || w->list[w->n - 1].pid < pid);
		w->list = mem_grow(w->list, w->n, &w->cap, sizeof(*w->list));
		w->list[w->n++] = (struct walk_process){ .pid = pid };
	}
	close(dir.fd);
	free(dir.room);
	/* procfs lists pids in order, a recorded tree need not. */
	if (!is_sorted)
		qsort(w->list, w->n, sizeof(*w->list), compare_processes);
	/* If not even our own process is listed, this is not a /proc. */
	return !dir.error && !w->n ? -ENOENT : dir.error;
}

/* The listed process with this pid; NULL if there is none. */
static struct walk_process *find_process(struct walk *w, int32_t pid)
{
	struct walk_process key = { .pid = pid };

	return w->n ? bsearch(&key, w->list, w->n, sizeof(key), compare_processes) : NULL;
}

void walk_skip(struct walk *w, int32_t pid)
{
	struct walk_process *process = find_process(w, pid);

	if (process)
		process->is_skipped = true;
}

void walk_open(struct walk *w, enum walk_place place, size_t n, const struct map *wanted)
{
	for (size_t i = 0; i < WALK_WORKERS_MAX; i++) {
		w->workers[i].proc_root = w->proc_root;
		w->workers[i].is_own_namespace = w->is_own_namespace;
		w->workers[i].links = 0;
		buf_clear(&w->workers[i].stream);
	}
	for (size_t i = 0; i < w->n; i++)
		w->list[i].stream = NULL;
	w->place = place;
	w->end = n;
	w->wanted = wanted;
	atomic_store(&w->next, 0);
	atomic_store(&w->n_workers, 0);
}

/* Records an error; a process that has exited is none. */
static void note_error(struct walk_process *process, int err)
{
	if (!err || proc_is_gone(err))
		return;
	process->is_denied = true;
	if (err != -EACCES && err != -EPERM)
		process->failure = err;
}

/* Reads the next process that no worker has taken.  False if there is none. */
static bool read_next(struct walk *w, struct fd_reader *reader)
{
	size_t i = atomic_fetch_add(&w->next, 1);
	struct walk_process *process;

	if (i >= w->end)
		return false;
	process = &w->list[i];
	if (process->is_denied || process->is_skipped)
		return true;
	reader->wanted = w->wanted;
	process->stream = &reader->stream;
	process->start = reader->stream.len;
	if (w->place == WALK_PROCESSES)
		note_error(process, fd_read_process(reader, process->pid));
	else
		note_error(process, fd_read_threads(reader, process->pid));
	process->len = reader->stream.len - process->start;
	return true;
}

/* NULL if all are in use. */
static struct fd_reader *take_worker(struct walk *w)
{
	unsigned int i = atomic_fetch_add(&w->n_workers, 1);

	return i < WALK_WORKERS_MAX ? &w->workers[i] : NULL;
}

void walk_work(struct walk *w)
{
	struct fd_reader *reader = take_worker(w);

	while (reader && read_next(w, reader))
		;
}

static void *help(void *data)
{
	walk_work(data);
	return NULL;
}

/* Is the rest likely to be worth a thread? */
static bool is_long(const struct walk *w, const struct fd_reader *reader, size_t done)
{
	size_t next = atomic_load(&w->next);

	return next + 1 < w->end &&
	       (reader->links > LINKS_WORTH_A_THREAD || done > PROCESSES_WORTH_A_THREAD);
}

void walk_finish(struct walk *w)
{
	struct fd_reader *reader = take_worker(w);
	pthread_t threads[WALK_WORKERS_MAX];
	unsigned int n = 0, n_workers, processors = 0;
	size_t done = 0;

	while (reader && read_next(w, reader)) {
		if (processors || !is_long(w, reader, ++done))
			continue;
		processors = thread_processors();
		if (processors > WALK_WORKERS_MAX)
			processors = WALK_WORKERS_MAX;
		n_workers = atomic_load(&w->n_workers);
		while (n_workers + n < processors && !thread_start(&threads[n], help, w))
			n++;
	}
	while (n)
		pthread_join(threads[--n], NULL);
}

size_t walk_progress(const struct walk *w)
{
	size_t next = atomic_load(&w->next);

	return next < w->end ? next : w->end;
}

void walk_cancel(struct walk *w)
{
	atomic_store(&w->next, w->n);
}

void walk_collect(const struct walk *w, struct owner_index *out)
{
	enum index_tables tables =
		w->place == WALK_PROCESSES ? INDEX_OF_PROCESSES : INDEX_OF_THREADS;
	enum owner_via via = w->place == WALK_PROCESSES ? OWNER_VIA_FD : OWNER_VIA_THREAD;

	for (size_t i = 0; i < w->end; i++)
		if (w->list[i].stream && w->list[i].len)
			index_read(out, w->list[i].stream->data + w->list[i].start, w->list[i].len,
				   tables, via, w->wanted);
}

size_t walk_denied(const struct walk *w)
{
	size_t denied = 0;

	for (size_t i = 0; i < w->n; i++)
		denied += w->list[i].is_denied;
	return denied;
}

int walk_failure(const struct walk *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->list[i].failure)
			return w->list[i].failure;
	return 0;
}

static int compare_rings(const void *a, const void *b)
{
	const struct ring *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

void walk_rings(struct walk *w, const struct map *wanted, struct owner_index *out)
{
	struct fd_reader *reader = &w->workers[0];
	struct buf text = { 0 };

	/* The rings of threads come after those of processes. */
	if (out->n_rings)
		qsort(out->rings, out->n_rings, sizeof(*out->rings), compare_rings);
	reader->wanted = wanted;
	reader->proc_root = w->proc_root;
	buf_clear(&reader->stream);
	for (size_t i = 0; i < out->n_rings; i++) {
		struct walk_process *process = find_process(w, out->rings[i].pid);
		int err = fd_read_ring(reader, &out->rings[i], &text);

		/* NULL if BPF found the ring: then the processes were not listed. */
		if (process)
			note_error(process, err);
	}
	if (reader->stream.len)
		index_read(out, reader->stream.data, reader->stream.len, INDEX_OF_PROCESSES,
			   OWNER_VIA_IO_URING, wanted);
	buf_fini(&text);
}
