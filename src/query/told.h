/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What documents told of sockets that no struct sock carries: owners, names, where ports lead.  A
 * snapshot with it was not taken here, and has no resolver that could be asked.
 */
#ifndef PORTSTAT_QUERY_TOLD_H
#define PORTSTAT_QUERY_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"
#include "resolve/ancestors.h"
#include "resolve/owners.h"

struct snapshot;
struct sock;
struct value;

/* Values that no struct sock carries: told of struct column. */
enum told_key {
	TOLD_NOT, /* the column is not one of these */
	TOLD_IFACE,
	TOLD_SERVICE,
	TOLD_REACH,
	TOLD_USER,
	TOLD_CGROUP,
	TOLD_UNIT,
	TOLD_CONTAINER,
	TOLD_CONTAINER_ID,
	TOLD_POD,
	TOLD_PEER_SCOPE,
	TOLD_CANDIDATE_PID,
	TOLD_CANDIDATE_NAME,
	TOLD_CANDIDATE_UID,
	TOLD_CANDIDATE_COUNT,
	TOLD_CONFIDENCE,
	TOLD_LEAD_ADDR,
	TOLD_LEAD_PORT,
	TOLD_LEAD_BY,
	TOLD_LEAD_RULE,
	TOLD_LEAD_FROM,
	TOLD_LEAD_TO,
	TOLD_LEAD_NETNS,
	TOLD_LEAD_CONTAINER,
	TOLD_LEAD_PROCESS,
	TOLD_PUBLISHED_ADDR,
	TOLD_PUBLISHED_PORT,
	TOLD_PUBLISHED_BY,
	TOLD_PEER_OWNER_PID,
	TOLD_PEER_OWNER_NAME,
	TOLD_PEER_OWNER_HOST,
	TOLD_PEER_OWNER_NETNS,
	TOLD_OTHER_HOST,
	TOLD_LOCAL_HOST,
	TOLD_PEER_HOST,
	TOLD_HOLE, /* none: a number within a block that was not told; its element is the column */
};

/* Lists that may be empty, or not there: null in JSON. */
enum told_list {
	TOLD_CANDIDATES,
	TOLD_LEADS,
	TOLD_PUBLISHED,
	TOLD_PEER_OWNERS,
};

/* A value of a socket: of a column, and of columns that list several, one of them. */
struct told_cell {
	uint8_t key; /* enum told_key */
	uint8_t kind; /* enum value_kind: a text, an address or a number */
	uint16_t element;
	uint32_t value; /* the number, or a place in texts */
};

/* A socket; what belongs to it ends where that of the next one starts. */
struct told_row {
	uint32_t cells; /* the first one */
	uint32_t owners; /* the same */
	uint8_t note; /* enum owner_note */
	uint8_t firewall; /* as in struct row */
};

/* Places in texts; 0: none. */
struct told_process {
	struct process process; /* its texts are set by told_seal() */
	uint32_t name;
	uint32_t cmdline;
	uint32_t cwd;
	uint32_t exe;
	uint32_t user;
	uint32_t ancestors; /* index in struct told's ancestors */
};

struct told {
	struct told_row *rows; /* of each socket in the snapshot's table, and of the end */
	size_t rows_cap;
	struct told_cell *cells;
	size_t n_cells;
	size_t cells_cap;
	struct owner *owners;
	size_t n_owners;
	size_t owners_cap;
	struct told_process *processes;
	size_t n_processes;
	size_t processes_cap;
	struct ancestor *ancestors;
	size_t n_ancestors;
	size_t ancestors_cap;
	/* Each its length (uint32_t), its bytes, a NUL; two that are alike are usually one. */
	struct buf texts;
	struct map by_hash; /* places of texts, while a document is read */
};

/* Where texts begin. */
#define TOLD_TEXTS_START 4

void told_free(struct told *told);

/* A text and its length; NULL for place 0. */
const char *told_bytes(const struct told *told, uint32_t place, uint32_t *len);

/* Makes the processes refer to their texts, once all is told that will be. */
void told_seal(struct told *told);

/* The owners of a socket, and a process of them; as row_owners() and snapshot_process(). */
struct owner_span told_owners(const struct snapshot *snap, const struct sock *sk);

/* The name of the user of a process; NULL: it has none, it was not told, or it is PAST_PROCESS. */
const char *told_user(const struct snapshot *snap, uint32_t process);

/* What was told of a socket besides its values; NULL for one that is not in the snapshot's table. */
const struct told_row *told_row(const struct snapshot *snap, const struct sock *sk);

/* Value i of a socket; VALUE_NULL if it has none.  Borrowed from the snapshot. */
void told_get(const struct snapshot *snap, const struct sock *sk, enum told_key key, size_t i,
	      struct value *out);

/* A text of a socket, NUL-terminated; NULL if it has none.  Borrowed from the snapshot. */
const char *told_text(const struct snapshot *snap, const struct sock *sk, enum told_key key);

/* How many elements a list has; and was there a list at all in the document? */
size_t told_count(const struct snapshot *snap, const struct sock *sk, enum told_list list);
bool told_knows(const struct snapshot *snap, const struct sock *sk, enum told_list list);

/* Was the number of a block, of this column in the table, not told? */
bool told_is_hole(const struct snapshot *snap, const struct sock *sk, size_t column);

#endif
