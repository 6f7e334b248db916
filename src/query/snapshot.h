/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One moment: sockets joined with the names of what holds, serves and made them.  What is read from
 * it, columns included, may be read by several threads at once: all names have been asked for.
 */
#ifndef PORTSTAT_QUERY_SNAPSHOT_H
#define PORTSTAT_QUERY_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/problem.h"
#include "model/sock_table.h"
#include "resolve/owners.h"

struct filter;
struct resolver;
struct serving;

/* Why a row has no owner, or whose they are: the words of owner_note. */
enum owner_note {
	NOTE_NONE,
	NOTE_TIME_WAIT,
	NOTE_NOT_ACCEPTED,
	NOTE_HIDDEN,
	NOTE_UNHELD,
	NOTE_GONE,
	NOTE_AMBIGUOUS, /* several sockets have its inode number */
	NOTE_NOT_ASKED, /* owners were not looked for: null in JSON */
};

/* The words from NOTE_TIME_WAIT to NOTE_AMBIGUOUS; NULL behind the last. */
extern const char *const owner_note_words[];

/* NULL for NOTE_NONE and NOTE_NOT_ASKED; never translated. */
const char *owner_note_name(enum owner_note note);

#define ROW_NAMED_MAX 0xfffU

/* What struct row's held may say; above them it is the number of a listener. */
enum {
	ROW_HELD_NONE,
	ROW_HELD_ITSELF,
	ROW_HELD_LISTENER,
};

struct row {
	const struct sock *sk; /* borrowed from the snapshot's table */
	uint32_t held; /* for row_held(): ROW_HELD_NONE, ROW_HELD_ITSELF, or a listener */
	uint16_t owner_note : 4; /* enum owner_note */
	uint16_t named : 12; /* which of the owners the filter names, from 1; 0: none */
};

struct snapshot {
	struct sock_table table;
	struct row *rows; /* what the filter lets through, in the plan's order */
	size_t n_rows;
	size_t rows_cap;
	struct sock_table listeners; /* those that only serve to name the owners of other rows */
	struct serving *serving; /* which end of a connection serves; NULL: not looked for */
	struct problems problems;
	const struct resolver *names; /* borrowed */
	uint64_t time_ms; /* Unix time; 0: not known */
	const char *host; /* whose sockets these are; borrowed, NULL where unknown */
	uint64_t netns; /* inode of the network namespace that was listed; 0 where unknown */
	bool is_replay; /* of a recording: nothing can be asked anew */
	bool names_every_owner; /* where text says "+N" otherwise */
	unsigned int
		resolved; /* enum need bits that hold: what is not among them reads as unknown */
};

/* Zero-initialised is empty and ready. */
void snapshot_fini(struct snapshot *snap);

/* The socket whose owners are the row's: its own, or its listener's.  NULL for none. */
const struct sock *row_held(const struct snapshot *snap, const struct row *row);

/* The owners of a row; none where they were not looked for. */
struct owner_span row_owners(const struct snapshot *snap, const struct row *row);

/*
 * The owners in the order in which people are shown them, one index for each: one that the filter
 * names first, pid 1 last, else by pid.  owners are the row's, at counts from 0.
 */
size_t row_owner_shown(const struct snapshot *snap, const struct row *row, struct owner_span owners,
		       size_t at);

/* The process behind an owner's index; as long as the owners. */
const struct process *snapshot_process(const struct snapshot *snap, uint32_t index);

/* The serving end's service name, borrowed from the resolver; NULL where there is none. */
const char *row_service(const struct snapshot *snap, const struct row *row);

#endif
