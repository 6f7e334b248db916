/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a JSON document says besides its rows: which host it is about, and what was selected there. */
#ifndef PORTSTAT_QUERY_DOCUMENT_HEAD_H
#define PORTSTAT_QUERY_DOCUMENT_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"
#include "model/port_set.h"

struct column;

struct head_addr {
	enum addr_family family;
	struct addr addr;
};

/* What was asked for; bits and texts as in struct plan_request. */
struct selection {
	unsigned int protos;
	unsigned int families;
	bool is_listening;
	bool has_forwards;
	struct buf filter; /* its canonical form; empty: none */
	const char
		*netns; /* names with commas between them, borrowed; NULL: only the own namespace */
	const struct column *const *columns; /* borrowed; NULL: all */
	size_t n_columns;
	unsigned int
		hidden; /* enum need bits of values that columns have, but were not asked for */
};

/* Zero-initialised: nothing is known. */
struct document_head {
	const char *host; /* borrowed; NULL: unknown */
	char machine[17]; /* a hash of the machine's id (machine-id(5)); empty: unknown */
	char boot_id[37]; /* of this boot; empty: unknown */
	struct head_addr
		*addrs; /* of the host's devices, sorted, but for loopback and link-local ones */
	size_t n_addrs;
	size_t addrs_cap;
	struct port_range ephemeral; /* ip_local_port_range; last is 0: unknown */
	uint32_t uid; /* who took the snapshot */
	bool has_uid;
	struct selection selection;
};

/*
 * Fills in all but host, ephemeral and selection, from this host.  What cannot be read stays
 * unknown.  proc_root: a descriptor of /proc.
 */
void document_head_here(struct document_head *head, int proc_root);

/* Sets the machine from its id (machine-id(5)), of n bytes. */
void document_head_set_machine(struct document_head *head, const char *id, size_t n);

/* Adds an address of the host, unless it is one by which other hosts do not know it. */
void document_head_add_addr(struct document_head *head, enum addr_family family,
			    const struct addr *addr);
/* Call it once all are added. */
void document_head_sort_addrs(struct document_head *head);
void document_head_fini(struct document_head *head);

#endif
