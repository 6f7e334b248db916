/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The result of one refresh: sockets with the names of their owners, services and users.  It may be
 * read, including its columns, by several threads at once: all names have been resolved.
 */
#ifndef PORTSTAT_QUERY_SNAPSHOT_H
#define PORTSTAT_QUERY_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/problem.h"
#include "model/sock_table.h"
#include "query/ends.h"
#include "query/leads.h"
#include "resolve/own_addrs.h"
#include "resolve/owners.h"

struct filter;
struct name_memo;
struct netns;
struct resolver;
struct serving;
struct snapshot_host;
struct told;

/* Why a row has no owner, or whose owners it shows: the words of owner_note. */
enum owner_note {
	NOTE_NONE,
	NOTE_TIME_WAIT,
	NOTE_NOT_ACCEPTED,
	NOTE_HIDDEN,
	NOTE_UNHELD,
	NOTE_GONE,
	NOTE_AMBIGUOUS, /* several sockets have its inode number */
	NOTE_NOT_ASKED, /* no owner scan was made: null in JSON */
};

/* The words from NOTE_TIME_WAIT to NOTE_AMBIGUOUS, then NULL. */
extern const char *const owner_note_words[];

/* NULL for NOTE_NONE and NOTE_NOT_ASKED; never translated. */
const char *owner_note_name(enum owner_note note);

#define ROW_NAMED_MAX 0x3ffU

/* Values of struct row's held; larger ones are the number of a listener. */
enum {
	ROW_HELD_NONE,
	ROW_HELD_ITSELF,
	ROW_HELD_BEFORE, /* its owner is that of the snapshot's struct past_owner */
	ROW_HELD_LISTENER,
};

/* It is held itself, and by one process only, of which the other bits are the index. */
#define ROW_HELD_BY (1U << 31)
#define ROW_NO_PROCESS UINT32_MAX

struct row {
	const struct sock *sk; /* borrowed from the snapshot's table */
	uint32_t held; /* for row_held() and row_process(): see ROW_HELD_NONE */
	uint16_t owner_note : 3; /* enum owner_note */
	uint16_t serves : 1; /* its socket does, or is a forward: to know without a look at it */
	uint16_t firewall : 2; /* enum judge_verdict, plus 1; 0: unknown, or no listener */
	uint16_t named : 10; /* index of the owner that the filter names, plus 1; 0: none */
	uint16_t candidates; /* for candidates_set(), if NEED_CANDIDATES; 0: none */
};

_Static_assert(NOTE_NOT_ASKED < 8, "a note has three bits");

/* The process of an owner that a socket had: no scan finds so many, and no document tells so many. */
#define PAST_PROCESS ((1U << 30) - 1)

/* The owner that a socket had when it was last seen with one. */
struct past_owner {
	struct process process; /* its texts are borrowed */
	struct owner owner;
};

/* A network namespace that was listed. */
struct snapshot_netns {
	uint32_t host; /* index in the snapshot's hosts */
	uint64_t inode; /* 0: unknown */
	uint64_t files; /* as that of struct netns */
	char *name; /* NULL: unknown */
	bool is_container; /* the name is that of a container */
};

struct snapshot {
	struct sock_table table;
	struct row *rows; /* rows that match the filter, in the plan's order */
	size_t n_rows;
	size_t rows_cap;
	struct sock_table listeners; /* listeners requested only for the owners of other rows */
	struct serving *serving; /* which ends of connections serve; NULL: not determined */
	struct leads leads; /* where rows lead to, if NEED_FORWARDS */
	struct ends ends; /* the other ends of rows, if NEED_PEERS */
	struct own_addrs
		own_addrs; /* of the namespaces; if NEED_FORWARDS, NEED_PEERS or NEED_ADDRS */
	struct problems problems;
	const struct resolver *names; /* borrowed */
	uint64_t time_ms; /* Unix time; 0: unknown */
	const struct past_owner *past; /* of rows with ROW_HELD_BEFORE; borrowed; NULL: none */
	struct name_memo *memo; /* who tests all rows in turn sets one up; borrowed; NULL: none */
	const char *host; /* the host of these sockets; borrowed; NULL: unknown */
	uint64_t netns; /* inode of the caller's network namespace; 0: unknown */
	struct snapshot_netns *namespaces; /* by struct sock's netns; none: names were not needed */
	size_t n_namespaces;
	struct snapshot_host *hosts; /* that documents told of; none: the sockets are this host's */
	size_t n_hosts;
	struct told *told; /* what documents told; NULL: nothing was, names are asked for it */
	bool has_namespaces; /* several were asked for: --netns=all, or more than one */
	bool is_replay; /* from a recording: nothing more can be requested */
	bool names_every_owner; /* text lists every owner instead of "+N" */
	unsigned int
		/* enum need bits that are resolved; what needs others reads as unknown. */
		resolved;
};

/* Zero-initialised is empty and ready. */
void snapshot_fini(struct snapshot *snap);

/* Drops the hosts, and what documents told. */
void snapshot_forget_told(struct snapshot *snap);

/* The socket whose owners the row shows: its own, or its listener's.  NULL if there is none. */
const struct sock *row_held(const struct snapshot *snap, const struct row *row);

/* The owners of a row; none if no owner scan was made.  Borrowed until the next scan. */
struct owner_span row_owners(const struct snapshot *snap, const struct row *row);

/*
 * The process that alone holds the row's socket, for snapshot_process(), without a search for its owners.
 * ROW_NO_PROCESS: there is none, or it was not noted, as it is where a snapshot is shown for a while.
 */
static inline uint32_t row_process(const struct row *row)
{
	return row->held & ROW_HELD_BY ? row->held & ~ROW_HELD_BY : ROW_NO_PROCESS;
}

/* Does a process own both rows? */
bool rows_share_owner(const struct snapshot *snap, const struct row *a, const struct row *b);

/*
 * The index in owners (those of the row) of the owner at a position, from 0, in the displayed
 * order: first the one that the filter names, last pid 1, otherwise by pid.
 */
size_t row_owner_shown(const struct snapshot *snap, const struct row *row, struct owner_span owners,
		       size_t at);

/* The owner that is shown first; NULL: none is known.  Borrowed as above. */
const struct process *row_first_process(const struct snapshot *snap, const struct row *row);

/* Makes the process the owner that a socket had. */
void past_owner_set(struct past_owner *past, const struct process *process);

/* The process of an owner (struct owner's process); borrowed as long as the owners. */
const struct process *snapshot_process(const struct snapshot *snap, uint32_t index);

/* How many processes own rows: their indexes are below it. */
size_t snapshot_processes(const struct snapshot *snap);

/* Is the port one that the host of this socket gives to connections (ip_local_port_range)? */
bool snapshot_is_ephemeral(const struct snapshot *snap, const struct sock *sk, uint16_t port);

/* Replaces the namespaces by copies of these n; only inodes, files and names are used. */
void snapshot_set_namespaces(struct snapshot *snap, const struct netns *found, size_t n);

/* The namespace of a socket; NULL if it is unknown. */
const struct snapshot_netns *snapshot_netns_of(const struct snapshot *snap, const struct sock *sk);

/* The namespace with an inode number; NULL if it is unknown. */
const struct snapshot_netns *snapshot_netns_by_inode(const struct snapshot *snap, uint64_t inode);
/* The host that told of a socket; NULL if none did: it is of this host. */
const struct snapshot_host *snapshot_host_of(const struct snapshot *snap, const struct sock *sk);

/* The name of a socket's host; NULL: unknown. */
const char *snapshot_host_name(const struct snapshot *snap, const struct sock *sk);

/* The service name of the serving end, borrowed from the resolver; NULL if it has none. */
const char *row_service(const struct snapshot *snap, const struct row *row);

#endif
