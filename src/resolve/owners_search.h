/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One search for owners.  owners_search_wanted() searches for sockets that were dumped before;
 * begin() and collect() may run before or during the dump.  Either way owners_search_rest()
 * completes it: for sockets still without an owner it reads again what may have changed, then
 * descriptor tables of threads, then fixed files of io_urings.
 */
#ifndef PORTSTAT_RESOLVE_OWNERS_SEARCH_H
#define PORTSTAT_RESOLVE_OWNERS_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/map.h"
#include "resolve/owner_index.h"
#include "resolve/owners.h"
#include "resolve/owners_walk.h"

struct owners_bpf;

/* The sockets whose owners are wanted. */
struct wanted {
	const struct owner_key *keys;
	size_t n;
	unsigned int flags; /* enum owners_scan_flags */
};

/* Zero-initialised is ready, once proc_root (also that of walk) and method are set. */
struct owners_search {
	int proc_root; /* borrowed */
	enum owners_method method;
	struct owners_bpf *bpf; /* NULL: not loaded yet, or not available */
	int bpf_error; /* -errno: loading failed and is not tried again; 0: it has not failed */
	bool is_bpf; /* this search uses BPF; otherwise it walks over /proc */
	bool may_be_ambiguous; /* some owners may hold another socket with the same inode number */
	struct buf stream; /* what BPF read (task_file.h) */
	size_t stream_before; /* bytes of the one that was freed: the next one takes as many */
	struct walk walk;
	struct owner_index found;
};

void owners_search_fini(struct owners_search *s);

/* Are the pids in this /proc those of our own pid namespace? */
bool owners_search_is_own_namespace(const struct owners_search *s);

/*
 * Chooses between BPF and the walk, and begins a search for the owners of every socket.  On return BPF
 * has read everything, or the walk has listed the processes.  flags: enum owners_bpf_flags.  Returns 0
 * or -errno.
 */
int owners_search_begin(struct owners_search *s, unsigned int flags);

/* Adds what was read from the tables of processes (not threads) to found. */
void owners_search_collect(struct owners_search *s, const struct map *inodes);

/*
 * Begins, reads and collects.  Earlier results are discarded.  Sockets are identified by their
 * cookies, so they must have been dumped before.  Returns 0 or -errno.
 */
int owners_search_wanted(struct owners_search *s, const struct wanted *wanted);

/*
 * Continues for the wanted sockets that have no owner: reads again what may have changed, then the
 * tables of threads and the fixed files of rings.  is_early: the search began before the sockets
 * were dumped; n_early: how many processes a walk had read by then.  Sets *n_missing to the number
 * of inodes without an owner.  Returns 0 or -errno.
 */
int owners_search_rest(struct owners_search *s, const struct wanted *wanted, bool is_early,
		       size_t n_early, size_t *n_missing);

#endif
