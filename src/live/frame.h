/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A frame: the snapshot of one refresh with its history: changed rows, rates, closed rows. */
#ifndef PORTSTAT_LIVE_FRAME_H
#define PORTSTAT_LIVE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "live/history.h"
#include "live/packets.h"
#include "live/spent.h"
#include "live/totals.h"
#include "live/trouble.h"
#include "query/filter.h"
#include "query/snapshot.h"

/* For how long a change is highlighted and a closed row stays. */
#define FRAME_LINGER_MS 5000U

enum row_change {
	CHANGE_NONE,
	CHANGE_NEW,
	CHANGE_STATE, /* its state changed */
	CHANGE_CLOSED,
};

/*
 * What the live view knows of a row beyond the snapshot.  What groups count of each of their rows stands
 * together: with a million rows the time that a view takes is that of reading them.
 */
struct row_history {
	uint64_t rx; /* bytes per second up to rated_ms, or RATE_UNKNOWN */
	uint64_t tx;
	uint32_t trace; /* index in traces; MAP_NONE: it was idle as long as it was seen */
	uint8_t change; /* enum row_change */
	uint8_t n_rates; /* so many rates of its trace are known */
	bool was_there; /* when it was looked for the first time: it is older */
	bool is_renamed; /* it had another identity in the frame before: see renamed */
	struct trouble_watch watch;
	uint32_t packets; /* index in packets; MAP_NONE: they are not counted */
	uint32_t known_owner; /* index in known_owners if its owners are gone, or MAP_NONE */
	uint64_t first_ms; /* when it was first seen, on the frame's clock */
	uint64_t changed_ms;
	uint64_t rated_ms; /* when these totals were read, on the frame's clock */
	uint64_t rx_bytes; /* total then, or RATE_UNKNOWN */
	uint64_t tx_bytes;
	struct row row;
};

/* The owners of a row as last found, for when a later refresh finds none. */
struct known_owner {
	uint64_t lost_ms; /* time of the refresh that first found none, on the frame's clock */
	uint64_t start_time; /* with pid, the identity of the first owner */
	int32_t pid; /* 0: none was known */
	uint32_t uid;
	uint32_t process_at; /* the cell of the PROCESS column, in ghost_text */
	uint32_t process_len;
	uint32_t name_len; /* length of the first owner's name at its start */
	uint32_t user_at; /* the name of the first owner's user, in ghost_text */
	uint32_t user_len; /* 0: none was known */
	uint32_t cgroup_at; /* the path of the first owner's cgroup, with a NUL, in ghost_text */
	uint32_t cgroup_len; /* 0: none was known */
};

/*
 * What a frame has.  Up to FRAME_SOCKETS_MAX it has every socket, and filters apply to what it has;
 * beyond that it is partial: it only has what its filter passes.
 */
struct frame_scope {
	bool is_partial;
	unsigned int version; /* of the query that it answers */
	unsigned int needs; /* enum need bits that were asked for */
	bool has_all_netns; /* network namespaces, not only the chosen ones */
};

#define FRAME_SOCKETS_MAX 100000U

/* A row to which the kernel gave another identity: a connection that became a minisocket. */
struct renamed {
	uint64_t id;
	uint64_t previous_id; /* in the frame before */
};

/* A row whose socket is gone. */
struct ghost {
	uint64_t id;
	struct sock sk;
	struct row_history history; /* its row has no owners: see owner */
	struct known_owner owner;
	unsigned int passed; /* version of the query whose filter passed it while it was open */
};

/*
 * Zero-initialised is empty and ready.  A frame does not change once it was taken to be shown, so
 * that drawing and the comparison with the next frame can read it concurrently.
 */
struct frame {
	struct snapshot snap;
	/* One for each socket of snap.table: its identity, 0 if the snapshot has no row for it; apart, to be searched. */
	uint64_t *ids;
	struct row_history *history;
	size_t history_cap; /* of both */
	struct ghost *ghosts;
	size_t n_ghosts;
	size_t ghosts_cap;
	struct known_owner *known_owners; /* of open sockets */
	size_t n_known_owners;
	size_t known_owners_cap;
	struct buf ghost_text;
	struct history *traces; /* rates of both directions, of rows that are not always idle */
	size_t n_traces;
	size_t traces_cap;
	struct packets *packets; /* of datagram sockets */
	size_t n_packets;
	size_t packets_cap;
	struct spent_list spent; /* what closed connections carried */
	struct history rx_trace; /* of all rows */
	struct history tx_trace;
	uint64_t rated_ms; /* when these two were last added to */
	uint64_t interval_ms; /* of time that each rate stands for; 0: not known */
	uint8_t n_rates; /* so many rates of these two are known */
	uint32_t *opened; /* indexes in history: what is there for the first time */
	size_t n_opened;
	size_t opened_cap;
	struct renamed *renamed;
	size_t n_renamed;
	size_t renamed_cap;
	uint64_t clock_ms; /* monotonic */
	uint64_t changed_ms; /* of the last change of a row; 0: none is highlighted */
	uint64_t boot_ms; /* time since boot, for the age of processes; 0 if unknown */
	struct live_totals totals; /* of all its sockets */
	struct frame_scope scope;
	bool has_several_netns; /* its rows are in several network namespaces of one host */
	size_t n_netns; /* so many of this host's were to be read; 0: not counted */
	size_t n_netns_unread; /* so many of them could not be read */
	int error; /* -errno if the refresh failed */
};

void frame_fini(struct frame *f);

/*
 * Do both frames have the same kind of sockets, so that one which only one of them has was opened or
 * closed?
 */
bool frame_is_like(const struct frame *f, const struct frame *other);

/* Is the row of a host that does not answer any more?  For how long it has not, in ms; 0: it does. */
uint64_t frame_away_ms(const struct frame *f, const struct row *row);

/* What is first seen of a host that the frame before did not have has not opened now. */
void frame_forget_new_hosts(struct frame *f, const struct frame *before);

/* Sets has_several_netns. */
void frame_look_for_netns(struct frame *f);

/* A socket's identity: its cookie, or else a hash of its protocol, endpoints and inode; never 0. */
uint64_t frame_sock_id(const struct sock *sk);

/* The FNV-1a hash of n bytes, continuing another hash (or 0); never 0. */
uint64_t frame_hash(uint64_t seed, const void *data, size_t n);

/* The hash of a socket from end a to end b. */
uint64_t frame_hash_ends(const struct sock *sk, const struct endpoint *a, const struct endpoint *b);

/*
 * Restarts the highlight time of this refresh's changes: a frame may have waited, for example while
 * the view was paused.  Called by the taker of the frame before it is shown.
 */
void frame_date_changes(struct frame *f, uint64_t now_ms);

/* Does it have a row with this identity?  Ghosts do not count. */
bool frame_has(const struct frame *f, uint64_t id);

/* The identity of a row of the snapshot, or of a ghost. */
uint64_t frame_id(const struct frame *f, const struct row *row);

/* The history of a row of the snapshot, or of a ghost (whose row is ghost.history.row). */
const struct row_history *frame_history(const struct frame *f, const struct row *row);

/* Adds the rates of a row to those of others. */
void frame_add_rates(const struct frame *f, const struct row *row, struct rates *rates);

/* The ghost to which a row belongs; NULL if its socket is open. */
const struct ghost *frame_ghost(const struct frame *f, const struct row *row);

/* Is it closing, so that the process that had it no longer does? */
bool frame_is_finishing(const struct sock *sk);

/*
 * The owner that was seen: of a closed row, and of one that is finishing and no longer has any.  NULL
 * for all others.
 */
const struct known_owner *frame_last_owner(const struct frame *f, const struct row *row);

/* The PROCESS cell of such an owner; bytes from outside, len long. */
const char *frame_owner_text(const struct frame *f, const struct known_owner *owner, size_t *len);

/*
 * Tests a row of the frame, a closed one by what is remembered of it.  snap is a copy of the frame's
 * snapshot, whose past owner is set.
 */
enum filter_result frame_filter_match(const struct frame *f, const struct filter *filter,
				      struct snapshot *snap, const struct row *row);

#endif
