/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes hold which sockets: what the ways of finding them gave, ordered by socket. */
#include <config.h>

#include "resolve/owners.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/thread.h"
#include "resolve/bpf_lack.h"
#include "resolve/holder_texts.h"
#include "resolve/holdings.h"
#include "resolve/namesakes.h"
#include "resolve/owners_bpf.h"
#include "resolve/owners_walk.h"
#include "resolve/proc_mount.h"
#include "resolve/proc_process.h"

/* Loading the BPF program takes as long as walking over so many descriptors. */
#define FILES_WORTH_LOADING 1000U

struct owners {
	int proc_root;
	enum owners_method method;
	struct owners_bpf *bpf; /* NULL: not loaded */
	int bpf_error; /* why it cannot be: not tried again */
	struct buf stream; /* what BPF said */
	struct walk walk;
	struct holdings found;
	struct namesakes namesakes;
	struct buf texts; /* of the holders */
	size_t n_missing; /* inodes of the last scan without an owner */
	size_t denied;
	size_t n_silent; /* processes whose command line or cgroup could not be read */
	int failure;
	bool may_hide; /* there may be holders that were not seen; also before a scan */
	bool is_bpf; /* the way that was gone */
	/* What owners_start() set going: */
	bool is_started;
	pthread_t thread;
	pthread_mutex_t lock; /* guards the two below */
	pthread_cond_t began;
	bool has_begun; /* the way is decided, and for the walk the processes are listed */
	int begin_error;
};

const char *owner_via_name(enum owner_via via)
{
	switch (via) {
	case OWNER_VIA_FD:
		return "fd";
	case OWNER_VIA_THREAD:
		return "thread";
	case OWNER_VIA_IO_URING:
		return "io_uring";
	}
	return NULL;
}

struct owners *owners_new(int proc_root, enum owners_method method)
{
	struct owners *o = mem_calloc(1, sizeof(*o));

	o->proc_root = proc_root;
	o->walk.proc_root = proc_root;
	o->method = method;
	o->may_hide = true;
	pthread_mutex_init(&o->lock, NULL);
	pthread_cond_init(&o->began, NULL);
	return o;
}

/* Waits until what was started has decided how to go on.  0 or -errno. */
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

/* Gives up what was started. */
static void abandon(struct owners *o)
{
	if (!o->is_started)
		return;
	await_begin(o);
	walk_cancel(&o->walk);
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
	owners_bpf_free(o->bpf);
	buf_fini(&o->stream);
	walk_fini(&o->walk);
	holdings_fini(&o->found);
	namesakes_fini(&o->namesakes);
	buf_fini(&o->texts);
	free(o);
}

/* Are the pids those of our own pid namespace? */
static bool is_own_namespace(const struct owners *o)
{
	return o->proc_root < 0 || proc_is_own_namespace(o->proc_root);
}

/* Reads all with BPF.  0 or -errno: then the walk has to do. */
static int read_bpf(struct owners *o, bool skips_connected)
{
	if (!o->bpf && !o->bpf_error) {
		/* The program counts processes as its caller's pid namespace does. */
		o->bpf_error = is_own_namespace(o) ? owners_bpf_load(&o->bpf) : -EOPNOTSUPP;
	}
	if (o->bpf_error)
		return o->bpf_error;
	buf_clear(&o->stream);
	return owners_bpf_read(o->bpf, skips_connected, &o->stream);
}

static void collect_bpf(struct owners *o, enum holdings_tables tables, enum owner_via via,
			const struct map *wanted)
{
	size_t first = o->found.n;

	if (!wanted)
		holdings_reserve(&o->found, o->stream.len / sizeof(struct task_file_entry));
	if (o->stream.len)
		holdings_read(&o->found, o->stream.data, o->stream.len, tables, via, wanted);
	/* A thread's number says nothing of its process's. */
	if (tables == HOLDINGS_OF_THREADS)
		holdings_sort(&o->found, first);
	holdings_settle(&o->found);
}

static void collect_walk(struct owners *o)
{
	walk_collect(&o->walk, &o->found);
	holdings_settle(&o->found);
}

/* Loaded it stays: in the live view a reading of any size is cheaper than a walk. */
static bool is_worth_loading(const struct owners *o)
{
	return o->bpf || proc_open_files(o->proc_root) >= FILES_WORTH_LOADING;
}

/*
 * Decides for a way and begins it.  BPF has been read when it returns, the walk is to be done.
 * Without wanted, every socket counts.
 */
static int begin(struct owners *o, const struct map *wanted, bool skips_connected)
{
	int err = -EOPNOTSUPP;

	if (o->method == OWNERS_BPF || (o->method == OWNERS_AUTO && is_worth_loading(o)))
		err = read_bpf(o, skips_connected);
	o->is_bpf = !err;
	if (!err || o->method == OWNERS_BPF)
		return err;
	err = walk_list(&o->walk);
	if (!err)
		walk_open(&o->walk, WALK_PROCESSES, o->walk.n, wanted);
	return err;
}

static void *run(void *data)
{
	struct owners *o = data;
	int err;

	holdings_clear(&o->found);
	err = begin(o, NULL, false);
	if (!err && o->is_bpf)
		collect_bpf(o, HOLDINGS_OF_PROCESSES, OWNER_VIA_FD, NULL);
	pthread_mutex_lock(&o->lock);
	o->begin_error = err;
	o->has_begun = true;
	pthread_cond_signal(&o->began);
	pthread_mutex_unlock(&o->lock);
	if (!err && !o->is_bpf)
		walk_work(&o->walk);
	return NULL;
}

void owners_start(struct owners *o)
{
	if (o->is_started || o->method == OWNERS_NONE)
		return;
	o->has_begun = false;
	o->is_started = !thread_start(&o->thread, run, o);
}

struct owner_span owners_of(const struct owners *o, uint32_t inode)
{
	return holdings_of(&o->found, inode);
}

uint32_t owners_namesake(const struct owners *o, uint32_t inode, uint64_t cookie)
{
	const struct namesake *namesake = namesakes_get(&o->namesakes, inode, cookie);

	return namesake ? (uint32_t)(namesake - o->namesakes.list) + 1 : 0;
}

struct owner_span owners_of_namesake(const struct owners *o, uint32_t number)
{
	const struct namesake *namesake = &o->namesakes.list[number - 1];

	return (struct owner_span){ o->namesakes.owners + namesake->first, namesake->n };
}

uint32_t owners_namesakes(const struct owners *o)
{
	return (uint32_t)o->namesakes.n;
}

/* The inodes that a scan is for. */
struct wanted {
	const uint32_t *inodes;
	size_t n;
	unsigned int flags; /* enum owners_scan_flags */
};

/*
 * Those without an owner so far, into missing; those with several descriptors are noted.  False: none
 * is missing.
 */
static bool find_missing(struct owners *o, const struct wanted *wanted, struct map *missing)
{
	map_clear(missing);
	namesakes_begin(&o->namesakes);
	for (size_t i = 0; i < wanted->n; i++) {
		struct owner_span owners = owners_of(o, wanted->inodes[i]);

		if (!owners.n)
			map_add(missing, wanted->inodes[i], 0, NULL);
		else if (owners.n > 1 || owners.list->is_repeated)
			namesakes_suspect(&o->namesakes, wanted->inodes[i]);
	}
	return missing->n;
}

/* Walks over those whom /proc lists and the kernel did not show, should there be any. */
static int walk_unseen(struct owners *o, const struct map *missing)
{
	struct task_file_task task;
	size_t pos = 0;
	int err;

	if (o->proc_root < 0)
		return 0;
	err = walk_list(&o->walk);
	if (err)
		return err;
	while (holdings_next_task(o->stream.data, o->stream.len, &pos, &task))
		walk_skip(&o->walk, task.pid);
	walk_open(&o->walk, WALK_PROCESSES, o->walk.n, missing);
	walk_finish(&o->walk);
	collect_walk(o);
	return 0;
}

/* The same once more, where there were some. */
static bool has_missing(struct owners *o, const struct wanted *wanted, struct map *missing)
{
	return missing->n && find_missing(o, wanted, missing);
}

/* Looks for what has no owner yet in the less common places.  0 or -errno. */
static int find_rest_by_bpf(struct owners *o, const struct wanted *wanted, struct map *missing,
			    bool is_early)
{
	bool was_whole = !is_early && !(wanted->flags & OWNERS_OF_SERVING);
	int err = 0;

	o->walk.n = 0;
	/* What was opened since it was read, or is not what it was taken for. */
	if (missing->n && !was_whole && !read_bpf(o, false))
		collect_bpf(o, HOLDINGS_OF_PROCESSES, OWNER_VIA_FD, missing);
	if (has_missing(o, wanted, missing))
		err = walk_unseen(o, missing);
	if (has_missing(o, wanted, missing))
		collect_bpf(o, HOLDINGS_OF_THREADS, OWNER_VIA_THREAD, missing);
	return err;
}

/* The same; the first processes, early of them, were read before the caller knew its sockets. */
static void find_rest_by_walk(struct owners *o, const struct wanted *wanted, struct map *missing,
			      size_t early)
{
	if (missing->n && early) {
		walk_open(&o->walk, WALK_PROCESSES, early, missing);
		walk_finish(&o->walk);
		collect_walk(o);
	}
	if (!has_missing(o, wanted, missing))
		return;
	o->walk.is_own_namespace = is_own_namespace(o);
	walk_open(&o->walk, WALK_THREADS, o->walk.n, missing);
	walk_finish(&o->walk);
	collect_walk(o);
}

/* Ends what was started.  *early is the number of processes that a walk had read before. */
static int finish_started(struct owners *o, size_t *early)
{
	int err = await_begin(o);

	if (!err && !o->is_bpf) {
		*early = walk_progress(&o->walk);
		walk_finish(&o->walk);
	}
	pthread_join(o->thread, NULL);
	o->is_started = false;
	if (!err && !o->is_bpf)
		collect_walk(o);
	return err;
}

/* Looks for what is wanted and nothing else. */
static int find_wanted(struct owners *o, const struct wanted *wanted)
{
	struct map inodes = { 0 };
	int err;

	holdings_clear(&o->found);
	find_missing(o, wanted, &inodes);
	err = begin(o, &inodes, wanted->flags & OWNERS_OF_SERVING);
	if (!err && o->is_bpf) {
		collect_bpf(o, HOLDINGS_OF_PROCESSES, OWNER_VIA_FD, &inodes);
	} else if (!err) {
		walk_finish(&o->walk);
		collect_walk(o);
	}
	map_fini(&inodes);
	return err;
}

static int find_owners(struct owners *o, const struct wanted *wanted)
{
	bool was_started = o->is_started;
	struct map missing = { 0 };
	size_t early = 0;
	int err = was_started ? finish_started(o, &early) : find_wanted(o, wanted);

	if (err)
		return err;
	find_missing(o, wanted, &missing);
	if (o->is_bpf)
		err = find_rest_by_bpf(o, wanted, &missing, was_started);
	else
		find_rest_by_walk(o, wanted, &missing, early);
	if (o->found.n_rings && has_missing(o, wanted, &missing)) {
		walk_rings(&o->walk, &missing, &o->found);
		holdings_settle(&o->found);
	}
	o->denied = walk_denied(&o->walk);
	o->failure = walk_failure(&o->walk);
	/* Only where one has no owner does it matter whether all could be seen. */
	o->may_hide = has_missing(o, wanted, &missing) &&
		      (o->proc_root < 0 || proc_may_hide(o->proc_root));
	o->n_missing = missing.n;
	map_fini(&missing);
	if (namesakes_have_suspects(&o->namesakes) && is_own_namespace(o))
		namesakes_find(&o->namesakes, &o->found, o->proc_root);
	return err;
}

/*
 * A socket that listens, or is a datagram socket without a peer, is SS_UNCONNECTED: listen(2) takes
 * no other, and connect(2) leaves a datagram socket so (net/ipv4/af_inet.c).
 */
int owners_scan(struct owners *o, const uint32_t *inodes, size_t n, unsigned int flags)
{
	struct wanted wanted = { inodes, n, flags };
	struct holder_failures failures;
	int err = 0;

	o->denied = 0;
	o->failure = 0;
	o->n_missing = n;
	namesakes_clear(&o->namesakes);
	o->may_hide = o->method == OWNERS_NONE;
	if (n && o->method != OWNERS_NONE) {
		err = find_owners(o, &wanted);
	} else {
		abandon(o);
		holdings_clear(&o->found);
	}
	if (err)
		o->may_hide = true;
	holder_texts_read(&o->found, o->proc_root, inodes, n, flags, &o->texts, &failures);
	o->n_silent = failures.n;
	if (failures.error)
		o->failure = failures.error;
	return err;
}

const struct process *owners_process(const struct owners *o, uint32_t index)
{
	return &o->found.holders[index].process;
}

size_t owners_processes(const struct owners *o)
{
	return o->found.n_holders;
}

size_t owners_missing(const struct owners *o)
{
	return o->n_missing;
}

size_t owners_denied(const struct owners *o)
{
	return o->denied + o->n_silent;
}

int owners_failure(const struct owners *o)
{
	return o->failure;
}

bool owners_lack_bpf(const struct owners *o, enum problem_bpf *why)
{
	if (o->method != OWNERS_BPF || o->is_bpf)
		return false;
	*why = PROBLEM_BPF_OTHER;
	if (o->bpf_error)
		*why = is_own_namespace(o) ? bpf_lack_here(o->bpf_error) : PROBLEM_BPF_OTHER_PROC;
	return true;
}

enum problem_viewer owners_viewer(const struct owners *o)
{
	return proc_viewer(o->proc_root);
}

bool owners_is_complete(const struct owners *o)
{
	return !o->denied && !o->may_hide;
}
