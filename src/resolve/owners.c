/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the owners of sockets: one scan at a time, which may have been started in the background.
 */
#include <config.h>

#include "resolve/owners.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"
#include "resolve/bpf_lack.h"
#include "resolve/netns_holders.h"
#include "resolve/owners_bpf.h"
#include "resolve/owners_search.h"
#include "resolve/proc_mount.h"
#include "resolve/process_texts.h"

struct owners {
	struct owners_search search;
	struct process_texts texts;
	size_t n_missing; /* inodes of the last scan without an owner */
	size_t denied;
	size_t n_without_texts; /* processes of which something requested could not be read */
	int failure;
	bool may_hide; /* owners may have been missed; true before the first scan */
	/* The search that owners_start() started: */
	bool is_started;
	bool finds_netns;
	pthread_t thread;
	pthread_mutex_t lock; /* protects has_begun and begin_error */
	pthread_cond_t began;
	bool has_begun; /* owners_search_begin() has returned */
	int begin_error;
};

const char *const owner_via_words[] = {
	[OWNER_VIA_FD] = "fd",
	[OWNER_VIA_THREAD] = "thread",
	[OWNER_VIA_IO_URING] = "io_uring",
	[OWNER_VIA_LISTENER] = "listener",
	[OWNER_VIA_LISTENER + 1] = NULL,
};

struct owners *owners_new(int proc_root, enum owners_method method)
{
	struct owners *o = mem_calloc(1, sizeof(*o));

	o->search.proc_root = proc_root;
	o->search.walk.proc_root = proc_root;
	o->search.method = method;
	o->may_hide = true;
	pthread_mutex_init(&o->lock, NULL);
	pthread_cond_init(&o->began, NULL);
	return o;
}

/* Waits until owners_search_begin() has returned in the thread; returns its result. */
static int await_begin(struct owners *o)
{
	int err;

	pthread_mutex_lock(&o->lock);
	while (!o->has_begun)
		pthread_cond_wait(&o->began, &o->lock);
	err = o->begin_error;
	pthread_mutex_unlock(&o->lock);
	return err;
}

/* Cancels the search that was started, if any. */
static void abandon(struct owners *o)
{
	if (!o->is_started)
		return;
	await_begin(o);
	walk_cancel(&o->search.walk);
	pthread_join(o->thread, NULL);
	o->is_started = false;
}

void owners_free(struct owners *o)
{
	if (!o)
		return;
	abandon(o);
	pthread_cond_destroy(&o->began);
	pthread_mutex_destroy(&o->lock);
	owners_search_fini(&o->search);
	process_texts_fini(&o->texts);
	free(o);
}

static void *run(void *data)
{
	struct owners *o = data;
	struct owners_search *s = &o->search;
	int err = owners_search_begin(s, o->finds_netns ? OWNERS_BPF_READS_NETNS : 0);

	pthread_mutex_lock(&o->lock);
	o->begin_error = err;
	o->has_begun = true;
	pthread_cond_signal(&o->began);
	pthread_mutex_unlock(&o->lock);
	if (!err && s->is_bpf)
		owners_search_collect(s, NULL);
	else if (!err)
		walk_work(&s->walk);
	return NULL;
}

void owners_start(struct owners *o, bool finds_netns)
{
	abandon(o);
	if (o->search.method == OWNERS_NONE)
		return;
	o->finds_netns = finds_netns;
	o->has_begun = false;
	o->is_started = !thread_start(&o->thread, run, o);
}

void owners_netns_holders(struct owners *o, struct netns_holders *holders)
{
	bool is_read = o->is_started && !await_begin(o) && o->search.is_bpf;

	netns_holders_read(holders, is_read ? o->search.stream.data : NULL,
			   is_read ? o->search.stream.len : 0);
}

struct owner_span owners_of(const struct owners *o, uint32_t inode, uint64_t cookie)
{
	return index_of(&o->search.found, inode, cookie);
}

bool owners_may_be_ambiguous(const struct owners *o)
{
	return o->search.may_be_ambiguous;
}

bool owners_are_ambiguous(struct owner_span owners)
{
	return index_is_ambiguous(owners);
}

bool owners_go_by_number(struct owner_span owners)
{
	return owners.n && owners.list->socket == TASK_FILE_NOT_TOLD;
}

/* Completes the search that was started.  *n_early: how many processes a walk had read before. */
static int finish_started(struct owners *o, size_t *n_early)
{
	struct owners_search *s = &o->search;
	int err = await_begin(o);

	if (!err && !s->is_bpf) {
		*n_early = walk_progress(&s->walk);
		walk_finish(&s->walk);
	}
	pthread_join(o->thread, NULL);
	o->is_started = false;
	if (!err && !s->is_bpf)
		owners_search_collect(s, NULL);
	return err;
}

static int find_owners(struct owners *o, const struct wanted *wanted)
{
	struct owners_search *s = &o->search;
	bool was_started = o->is_started;
	size_t n_early = 0;
	int err = was_started ? finish_started(o, &n_early) : owners_search_wanted(s, wanted);

	if (err)
		return err;
	err = owners_search_rest(s, wanted, was_started, n_early, &o->n_missing);
	o->denied = walk_denied(&s->walk);
	o->failure = walk_failure(&s->walk);
	/* Whether processes are hidden matters only for a socket without an owner. */
	o->may_hide = o->n_missing && (s->proc_root < 0 || proc_may_hide(s->proc_root));
	return err;
}

int owners_scan(struct owners *o, const struct owner_key *keys, size_t n, unsigned int flags)
{
	struct owners_search *s = &o->search;
	struct wanted wanted = { keys, n, flags };
	int err = 0;

	o->denied = 0;
	o->failure = 0;
	o->n_missing = n;
	s->may_be_ambiguous = false;
	o->may_hide = s->method == OWNERS_NONE;
	if (n && s->method != OWNERS_NONE) {
		err = find_owners(o, &wanted);
	} else {
		abandon(o);
		index_clear(&s->found);
	}
	if (err)
		o->may_hide = true;
	/* It takes 16 bytes for each socket of the host, and has served. */
	s->stream_before = s->stream.len;
	buf_fini(&s->stream);
	process_texts_read(&o->texts, &s->found, s->proc_root, &wanted);
	o->n_without_texts = o->texts.n_unread;
	if (o->texts.error)
		o->failure = o->texts.error;
	return err;
}

void owners_tell(struct owners *o, const struct owner_told *told, unsigned int flags)
{
	struct owner_index *found = &o->search.found;
	struct task_file_entry entries[2] = {
		{ .fd = TASK_FILE_TASK },
		{ .socket = told->key.cookie, .inode = told->key.inode, .fd = (uint32_t)INT32_MIN },
	};
	struct task_file_task task = { .start_time = told->start_time,
				       .pid = told->pid,
				       .tid = told->pid,
				       .uid = told->uid,
				       .name_len = sizeof(task.name) };
	struct wanted wanted = { &told->key, told->start_time ? 1 : 0, flags };
	char stream[sizeof(entries) + sizeof(task)];
	size_t len = told->name_len < sizeof(task.name) ? told->name_len : sizeof(task.name);

	memcpy(task.name, told->name, len);
	memcpy(stream, &entries[0], sizeof(entries[0]));
	memcpy(stream + sizeof(entries[0]), &task, sizeof(task));
	memcpy(stream + sizeof(entries[0]) + sizeof(task), &entries[1], sizeof(entries[1]));
	index_clear(found);
	index_read(found, stream, sizeof(stream), INDEX_OF_PROCESSES, told->via, NULL);
	index_finish(found);
	process_texts_read(&o->texts, found, o->search.proc_root, &wanted);
}

const struct process *owners_process(const struct owners *o, uint32_t index)
{
	return &o->search.found.processes[index].process;
}

size_t owners_processes(const struct owners *o)
{
	return o->search.found.n_processes;
}

size_t owners_missing(const struct owners *o)
{
	return o->n_missing;
}

size_t owners_denied(const struct owners *o)
{
	return o->denied + o->n_without_texts;
}

int owners_failure(const struct owners *o)
{
	return o->failure;
}

bool owners_lack_bpf(const struct owners *o, enum problem_bpf *why)
{
	if (o->search.method != OWNERS_BPF || o->search.is_bpf)
		return false;
	*why = PROBLEM_BPF_OTHER;
	if (o->search.bpf_error)
		*why = owners_search_is_own_namespace(&o->search)
			       ? bpf_lack_here(o->search.bpf_error)
			       : PROBLEM_BPF_OTHER_PROC;
	return true;
}

enum problem_viewer owners_viewer(const struct owners *o)
{
	return proc_viewer(o->search.proc_root);
}

bool owners_is_complete(const struct owners *o)
{
	return !o->denied && !o->may_hide;
}
