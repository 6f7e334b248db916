/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills a snapshot that is told: a host, then its sockets, each by the values of its columns. */
#ifndef PORTSTAT_QUERY_TELLING_H
#define PORTSTAT_QUERY_TELLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/sock.h"
#include "model/sock_table.h"
#include "query/columns.h"
#include "query/told.h"

struct snapshot;

#define TELLING_BLOCK_MAX 320U

/* A block that the kernel sends with a socket, put together again from its fields. */
struct telling_block {
	size_t len; /* up to the last field that was set */
	uint64_t fields[TELLING_BLOCK_MAX / 64]; /* at which offsets fields were set */
	char bytes[TELLING_BLOCK_MAX];
};

/* A socket that is being told. */
struct telling {
	struct snapshot *snap;
	uint64_t seed; /* of hashes, so that no document can choose them */
	struct sock sk;
	struct told_row row;
	/* Owner number owner_at - 1; it is added when the next one begins. */
	struct owner owner;
	struct told_process process;
	size_t owner_at;
	uint32_t host; /* index in the snapshot's hosts */
	uint64_t netns; /* 0: not told */
	uint32_t netns_name; /* a place in texts; 0: not told */
	uint32_t *same; /* borrowed: see telling_set_again() */
	bool is_unlistable; /* a protocol or state that is not known here */
	bool has_port;
	bool has_recv_q;
	bool has_send_q;
	struct telling_block blocks[SOCK_EXTRA_COUNT];
	struct map by_pid; /* processes */
	struct map by_netns; /* namespaces */
	size_t n_bad; /* values that no socket can have */
	size_t n_unlistable; /* sockets that were left out */
};

void telling_init(struct telling *t, struct snapshot *snap);

/* Starts a socket of a host, by its index in the snapshot; all is unknown. */
void telling_begin(struct telling *t, uint32_t host);

/*
 * telling_end.c, which knows the table of columns: sets value i of one of them.  Kinds are those of
 * JSON: an address is a text.
 */
void telling_set(struct telling *t, const struct column *c, size_t i, const struct value *value);

/*
 * The same for a value that may be set again and again: what its text costs is paid once.  *place, which
 * the caller keeps beside the value and makes 0 for another one, is where the text is in the snapshot's.
 */
void telling_set_again(struct telling *t, const struct column *c, size_t i,
		       const struct value *value, uint32_t *place);

/* Adds the socket. */
void telling_end(struct telling *t);

/* Call it once all sockets are told. */
void telling_fini(struct telling *t);

/* A text's place in those of the snapshot. */
uint32_t telling_text(struct telling *t, const char *bytes, size_t len);

/* Adds a cell to the socket. */
void telling_cell(struct telling *t, enum told_key key, size_t i, enum value_kind kind,
		  uint32_t value);

/* Sets a field of a block. */
void telling_put(struct telling *t, const struct column_field *field, uint64_t number);

/* Adds the last owner of the socket, if it has any. */
void telling_end_owner(struct telling *t);

/* Reads "0.0.0.0:8000-8010" into both ends of what a rule sends on.  False if it is no range. */
bool telling_parse_range(const char *s, size_t n, struct sock *sk);

/* The process that owner i of the socket is, to be filled in. */
struct told_process *telling_owner(struct telling *t, size_t i);

/* Setters, as set() of struct column. */
typedef bool column_set(const struct column *c, struct telling *t, size_t i,
			const struct value *value);

column_set set_cell, set_host, set_proto, set_family, set_dual_stack, set_state, set_local_addr,
	set_local_port, set_peer_addr, set_peer_port, set_ip_protocol, set_firewall, set_recv_q,
	set_send_q, set_uid, set_inode, set_mark, set_netns, set_netns_name, set_cookie,
	set_owner_pid, set_owner_name, set_owner_fd, set_owner_uid, set_owner_user,
	set_owner_cmdline, set_owner_ppid, set_owner_started, set_owner_cwd, set_owner_exe,
	set_owner_ancestors, set_owner_via, set_owner_note, set_timer_kind, set_timer_expires,
	set_timer_retransmits, set_field, set_congestion;

#endif
