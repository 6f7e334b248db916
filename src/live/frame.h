/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One look at the sockets, with what the looks before it say of them: marks, rates, closed rows. */
#ifndef PORTSTAT_LIVE_FRAME_H
#define PORTSTAT_LIVE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"
#include "query/snapshot.h"

/* How long a mark stays, and a closed row with it. */
#define FRAME_LINGER_MS 5000U

#define RATE_UNKNOWN UINT64_MAX

enum row_change {
	CHANGE_NONE,
	CHANGE_NEW,
	CHANGE_STATE, /* another state than before */
	CHANGE_CLOSED,
};

/* What the live view knows of a row beyond the snapshot. */
struct row_history {
	uint64_t id; /* the row's identity; 0: the socket is no row */
	uint64_t
		previous_id; /* its identity in the frame before, where the kernel gave it a new one */
	uint64_t first_ms; /* when it was first seen, on the frame's clock */
	uint64_t changed_ms;
	uint64_t rx_bytes; /* all that came and went so far; RATE_UNKNOWN */
	uint64_t tx_bytes;
	uint64_t rx; /* bytes a second since the frame before; RATE_UNKNOWN */
	uint64_t tx;
	struct row row;
	uint32_t other_end; /* index of the socket at the other end on this host; MAP_NONE */
	uint32_t
		known_owner; /* index of known_owners, where the owners got lost a short while ago; MAP_NONE */
	uint8_t change; /* enum row_change */
};

/* What was known of a row's owners, whose processes a later look does not see any more. */
struct known_owner {
	uint64_t lost_ms; /* when that look was, on the frame's clock */
	uint64_t start_time; /* with pid the identity of the first owner */
	int32_t pid; /* 0: none was known */
	uint32_t uid;
	uint32_t process_at; /* the cell of the PROCESS column, in ghost_text */
	uint32_t process_len;
	uint32_t name_len; /* so much of it is the first owner's name */
	uint32_t user_at; /* the name of the first owner's user, in ghost_text */
	uint32_t user_len; /* 0: none was known */
};

/* A row whose socket is gone. */
struct ghost {
	struct sock sk;
	struct row_history history; /* its row has no inode: the owner is kept below */
	struct known_owner owner;
};

/*
 * Zero-initialised is empty and ready.  Once taken to be shown it does not change any more, so that
 * the drawing and the next comparison may read it side by side.
 */
struct frame {
	struct snapshot snap;
	struct row_history *history; /* one for each socket of snap.table */
	size_t history_cap;
	struct ghost *ghosts;
	size_t n_ghosts;
	size_t ghosts_cap;
	struct known_owner *known_owners; /* of rows that are there */
	size_t n_known_owners;
	size_t known_owners_cap;
	struct buf ghost_text;
	struct map by_id; /* identity of a row to index in the table */
	uint64_t clock_ms; /* monotonic */
	uint64_t boot_ms; /* since boot, for the age of processes; 0 where unknown */
	uint32_t missed; /* sockets that came and went between the last look and this one */
	bool are_more_missed; /* and some that nobody could count */
	unsigned int version; /* of the query that it answers */
	int error; /* -errno where nothing could be read */
};

void frame_fini(struct frame *f);

/* A socket's identity: its cookie, or else from its protocol, endpoints and inode; never 0. */
uint64_t frame_sock_id(const struct sock *sk);

/* The FNV-1a hash of some bytes, seeded with another hash (or 0); never 0. */
uint64_t frame_hash(uint64_t seed, const void *data, size_t n);

/* The hash of a socket with these two ends, from one to the other. */
uint64_t frame_hash_ends(const struct sock *sk, const struct endpoint *a, const struct endpoint *b);

/*
 * What changed in this look counts as marked from now on: where nobody took the frame for a while,
 * its marks would be gone before they are seen.  For whoever takes it, before it is shown.
 */
void frame_date_changes(struct frame *f, uint64_t now_ms);

/* The note of a row of the snapshot or of a ghost (whose row is ghost.history.row). */
const struct row_history *frame_history(const struct frame *f, const struct row *row);

/* The ghost behind a row; NULL where the row is alive. */
const struct ghost *frame_ghost(const struct frame *f, const struct row *row);

#endif
