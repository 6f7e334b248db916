/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One search for owners: by BPF or by a walk over /proc, then in the less common places. */
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

/* The sockets that a search is for. */
struct wanted {
	const struct owner_key *keys;
	size_t n;
	unsigned int flags; /* enum owners_scan_flags */
};

/* Zero-initialised but for proc_root, also of walk, and method is ready. */
struct owners_search {
	int proc_root; /* borrowed */
	enum owners_method method;
	struct owners_bpf *bpf; /* NULL: not loaded */
	int bpf_error; /* why it cannot be loaded: not tried again */
	bool is_bpf; /* this search reads by BPF, else it walks */
	bool may_be_ambiguous; /* some owners were found by a number that several sockets may have */
	struct buf stream; /* read by BPF */
	struct walk walk;
	struct owner_index found;
};

void owners_search_fini(struct owners_search *s);

/* Are the pids those of our own pid namespace? */
bool owners_search_is_own_namespace(const struct owners_search *s);

/*
 * Chooses between BPF and the walk, and begins a search for the sockets with these inodes (borrowed;
 * NULL: every socket).  BPF has been read when it returns, of the walk the processes are listed.
 * flags: enum owners_bpf_flags.  0 or -errno.
 */
int owners_search_begin(struct owners_search *s, const struct map *inodes, unsigned int flags);

/* Adds what was read of the processes' own tables to the index. */
void owners_search_collect(struct owners_search *s, const struct map *inodes);

/*
 * Begins, reads and collects.  What was found before is forgotten.  Cookies tell the sockets, which
 * must have been dumped.
 */
int owners_search_wanted(struct owners_search *s, const struct wanted *wanted);

/*
 * Goes on where some of the wanted sockets have no owner: reads again what may have changed, then the
 * tables of threads and the fixed files of rings.  early: the search began before the sockets were
 * known; n_early: by walk, how many processes were read then.  Sets how many inodes have no owner.
 */
int owners_search_rest(struct owners_search *s, const struct wanted *wanted, bool is_early,
		       size_t n_early, size_t *n_missing);

#endif
