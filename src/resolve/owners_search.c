/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One search for owners: by BPF or by a walk over /proc, then in the less common places. */
#include <config.h>

#include "resolve/owners_search.h"

#include <errno.h>

#include "resolve/owners_bpf.h"
#include "resolve/proc_mount.h"

/* Loading the BPF program takes as long as a walk over this many descriptors. */
#define FILES_WORTH_LOADING 1000U

void owners_search_fini(struct owners_search *s)
{
	owners_bpf_free(s->bpf);
	buf_fini(&s->stream);
	walk_fini(&s->walk);
	index_fini(&s->found);
}

bool owners_search_is_own_namespace(const struct owners_search *s)
{
	return s->proc_root < 0 || proc_is_own_namespace(s->proc_root);
}

/* Reads all tables with BPF.  Returns 0, or -errno: then use the walk. */
static int read_bpf(struct owners_search *s, unsigned int flags)
{
	if (!s->bpf && !s->bpf_error) {
		/* The program reports pids in its caller's pid namespace. */
		s->bpf_error =
			owners_search_is_own_namespace(s) ? owners_bpf_load(&s->bpf) : -EOPNOTSUPP;
	}
	if (s->bpf_error)
		return s->bpf_error;
	buf_clear(&s->stream);
	/* All at once: to enlarge the memory again and again moves it as often. */
	buf_reserve(&s->stream, s->stream_before);
	return owners_bpf_read(s->bpf, flags, &s->stream);
}

static void collect_bpf(struct owners_search *s, enum index_tables tables, enum owner_via via,
			const struct map *inodes)
{
	size_t first = s->found.n;

	if (!inodes)
		index_reserve(&s->found, s->stream.len / sizeof(struct task_file_entry));
	if (s->stream.len)
		index_read(&s->found, s->stream.data, s->stream.len, tables, via, inodes);
	/* Tasks come in the order of their tids, which is not that of their pids. */
	if (tables == INDEX_OF_THREADS)
		index_sort(&s->found, first);
	index_finish(&s->found);
}

static void collect_walk(struct owners_search *s)
{
	walk_collect(&s->walk, &s->found);
	index_finish(&s->found);
}

void owners_search_collect(struct owners_search *s, const struct map *inodes)
{
	if (s->is_bpf)
		collect_bpf(s, INDEX_OF_PROCESSES, OWNER_VIA_FD, inodes);
	else
		collect_walk(s);
}

/*
 * Once loaded, the program stays: in the live view, each reading is cheaper than a walk.  Only the
 * program finds namespaces.
 */
static bool is_worth_loading(const struct owners_search *s, unsigned int flags)
{
	return s->bpf || flags & OWNERS_BPF_READS_NETNS ||
	       proc_open_files(s->proc_root) >= FILES_WORTH_LOADING;
}

/* Reads the stream of BPF, where it is to be had, else sets is_bpf to false.  0 or -errno. */
static int begin_bpf(struct owners_search *s, unsigned int flags)
{
	int err = -EOPNOTSUPP;

	index_clear(&s->found);
	if (s->method == OWNERS_BPF || (s->method == OWNERS_AUTO && is_worth_loading(s, flags)))
		err = read_bpf(s, flags);
	s->is_bpf = !err;
	return s->method == OWNERS_BPF ? err : 0;
}

static int begin_walk(struct owners_search *s, const struct map *inodes)
{
	int err = walk_list(&s->walk);

	if (!err)
		walk_open(&s->walk, WALK_PROCESSES, s->walk.n, inodes);
	return err;
}

int owners_search_begin(struct owners_search *s, unsigned int flags)
{
	int err = begin_bpf(s, flags);

	return err || s->is_bpf ? err : begin_walk(s, NULL);
}

/* What is missing or unclear among the owners of the wanted sockets. */
struct lack {
	size_t n_owners; /* of so many that were found */
	struct map missing; /* inodes without an owner */
	bool is_ambiguous; /* different sockets with one inode number have owners */
};

/* Fills in lack.  False if every socket has an owner. */
static bool find_lack(const struct owners_search *s, const struct wanted *wanted, struct lack *lack)
{
	map_clear(&lack->missing);
	lack->n_owners = s->found.n;
	lack->is_ambiguous = false;
	for (size_t i = 0; i < wanted->n; i++) {
		const struct owner_key *key = &wanted->keys[i];
		struct owner_span owners;

		owners = index_of(&s->found, key->inode, key->cookie);
		if (!owners.n)
			map_add(&lack->missing, key->inode, 0, NULL);
		else if (index_is_ambiguous(owners))
			lack->is_ambiguous = true;
	}
	return lack->missing.n;
}

/* The same again, if something was missing before. */
static bool has_missing(const struct owners_search *s, const struct wanted *wanted,
			struct lack *lack)
{
	return lack->missing.n && (s->found.n == lack->n_owners || find_lack(s, wanted, lack));
}

/*
 * Every socket of OWNERS_OF_SERVING is SS_UNCONNECTED: listen(2) refuses others, and a datagram
 * socket stays so even after connect(2) (net/ipv4/af_inet.c).  The client's end of a connection is
 * SS_CONNECTING for ever if its connect(2) did not block.
 */
static unsigned int bpf_flags(const struct wanted *wanted)
{
	return OWNERS_BPF_READS_COOKIES |
	       (wanted->flags & OWNERS_OF_SERVING ? OWNERS_BPF_ONLY_UNCONNECTED : 0U);
}

int owners_search_wanted(struct owners_search *s, const struct wanted *wanted)
{
	struct map inodes = { 0 };
	int err = begin_bpf(s, bpf_flags(wanted));

	if (err)
		return err;
	/* To look for each where most are wanted takes longer than to keep all. */
	if (s->is_bpf && wanted->n >= s->stream.len / sizeof(struct task_file_entry) / 2) {
		owners_search_collect(s, NULL);
		return 0;
	}
	map_reserve(&inodes, wanted->n);
	for (size_t i = 0; i < wanted->n; i++)
		map_add(&inodes, wanted->keys[i].inode, 0, NULL);
	if (!s->is_bpf)
		err = begin_walk(s, &inodes);
	if (!err && !s->is_bpf)
		walk_finish(&s->walk);
	if (!err)
		owners_search_collect(s, &inodes);
	map_fini(&inodes);
	return err;
}

/* Walks over the processes in /proc that the BPF program did not report, if there are any. */
static int walk_unseen(struct owners_search *s, const struct map *missing)
{
	struct task_file_task task;
	size_t pos = 0, n;
	int err;

	if (s->proc_root < 0)
		return 0;
	err = walk_list(&s->walk);
	if (err)
		return err;
	while (index_next_task(s->stream.data, s->stream.len, &pos, &task))
		walk_skip(&s->walk, task.pid);
	walk_open(&s->walk, WALK_PROCESSES, s->walk.n, missing);
	walk_finish(&s->walk);
	n = s->found.n;
	collect_walk(s);
	s->may_be_ambiguous = s->found.n > n;
	return 0;
}

/*
 * Reads everything again, with cookies.  Sockets may have none before they are dumped, which only
 * matters in the rare case that several share an inode number.
 */
static void read_again_by_cookie(struct owners_search *s, const struct wanted *wanted,
				 struct lack *lack)
{
	struct lack again = { 0 };

	if (read_bpf(s, OWNERS_BPF_READS_COOKIES))
		return;
	index_clear(&s->found);
	collect_bpf(s, INDEX_OF_PROCESSES, OWNER_VIA_FD, NULL);
	find_lack(s, wanted, &again);
	map_fini(&lack->missing);
	*lack = again;
}

static int rest_by_bpf(struct owners_search *s, const struct wanted *wanted, struct lack *lack,
		       bool is_early)
{
	bool was_whole = !is_early && !(wanted->flags & OWNERS_OF_SERVING);
	int err = 0;

	s->walk.n = 0;
	if (is_early && lack->is_ambiguous)
		read_again_by_cookie(s, wanted, lack);
	/* Opened after it was read, or not SS_UNCONNECTED after all. */
	else if (lack->missing.n && !was_whole && !read_bpf(s, OWNERS_BPF_READS_COOKIES))
		collect_bpf(s, INDEX_OF_PROCESSES, OWNER_VIA_FD, &lack->missing);
	if (has_missing(s, wanted, lack))
		err = walk_unseen(s, &lack->missing);
	if (has_missing(s, wanted, lack))
		collect_bpf(s, INDEX_OF_THREADS, OWNER_VIA_THREAD, &lack->missing);
	return err;
}

static void rest_by_walk(struct owners_search *s, const struct wanted *wanted, struct lack *lack,
			 size_t n_early)
{
	if (lack->missing.n && n_early) {
		walk_open(&s->walk, WALK_PROCESSES, n_early, &lack->missing);
		walk_finish(&s->walk);
		collect_walk(s);
	}
	if (!has_missing(s, wanted, lack))
		return;
	s->walk.is_own_namespace = owners_search_is_own_namespace(s);
	walk_open(&s->walk, WALK_THREADS, s->walk.n, &lack->missing);
	walk_finish(&s->walk);
	collect_walk(s);
}

int owners_search_rest(struct owners_search *s, const struct wanted *wanted, bool is_early,
		       size_t n_early, size_t *n_missing)
{
	struct lack lack = { 0 };
	int err = 0;

	find_lack(s, wanted, &lack);
	s->may_be_ambiguous = !s->is_bpf;
	if (s->is_bpf)
		err = rest_by_bpf(s, wanted, &lack, is_early);
	else
		rest_by_walk(s, wanted, &lack, n_early);
	if (s->found.n_rings && has_missing(s, wanted, &lack)) {
		walk_rings(&s->walk, &lack.missing, &s->found);
		index_finish(&s->found);
		s->may_be_ambiguous = true;
	}
	has_missing(s, wanted, &lack);
	s->may_be_ambiguous = s->may_be_ambiguous || lack.is_ambiguous;
	*n_missing = lack.missing.n;
	map_fini(&lack.missing);
	return err;
}
