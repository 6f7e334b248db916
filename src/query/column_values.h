/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions behind the column table: each gives, writes or compares one column of a row. */
#ifndef PORTSTAT_QUERY_COLUMN_VALUES_H
#define PORTSTAT_QUERY_COLUMN_VALUES_H

#include <string.h>

#include "query/columns.h"

/* Getters, as get() of struct column; the contract is that of column_value(). */
typedef void column_get(const struct column *c, const struct snapshot *snap, const struct row *row,
			size_t i, struct value *out);
/* Writers and comparers, as text(), exact() and compare() of struct column. */
typedef void column_write(const struct snapshot *snap, const struct row *row, struct buf *out);
typedef int column_order(const struct snapshot *snap, const struct row *a, const struct row *b);
/* As is_there() of struct column: has the row anything in this group? */
typedef bool column_presence(const struct column *c, const struct snapshot *snap,
			     const struct row *row);
/* Reasons, as lack() of struct column: see column_lack(). */
typedef enum problem_lack column_reason(const struct column *c, const struct snapshot *snap,
					const struct row *row);

/* The head of a getter's definition. */
#define GETTER(name)                                                                          \
	void name(const struct column *c, const struct snapshot *snap, const struct row *row, \
		  size_t i, struct value *out)

/* Sets a value that borrows text, NUL-terminated; leaves it unknown where text is NULL. */
static inline void value_set_text(struct value *out, const char *text)
{
	if (!text)
		return;
	out->kind = VALUE_TEXT;
	out->text.bytes = text;
	out->text.len = strlen(text);
}

static inline void value_set_number(struct value *out, uint64_t number)
{
	out->kind = VALUE_NUMBER;
	out->number = number;
}

/* column_told.c: the same of a row that a document told of, from its values. */
column_write told_text_leads, told_text_published, told_text_peer_owners, told_text_candidates;
bool told_text_likely(const struct snapshot *snap, const struct row *row, struct buf *out);

/* column_values.c */
column_get get_host, get_proto, get_family, get_state, get_ip_protocol, get_service, get_recv_q,
	get_send_q, get_uid, get_user, get_inode, get_mark, get_netns, get_netns_name, get_cookie,
	get_timer_kind, get_timer_expires, get_timer_retransmits;

/* column_ends.c */
column_get get_local_addr, get_local_port, get_peer_addr, get_peer_port, get_dual_stack, get_iface,
	get_port_class, get_reach;

/* row_firewall.c */
column_get get_firewall;
column_reason lack_firewall;

/* column_names.c */
column_get get_cgroup, get_unit, get_container, get_container_id, get_pod, get_local_host,
	get_peer_host;

/* column_owners.c */
column_get get_owner_pid, get_owner_name, get_owner_fd, get_owner_uid, get_owner_user,
	get_owner_cmdline, get_owner_ppid, get_owner_started, get_owner_cwd, get_owner_exe,
	get_owner_ancestors, get_owner_via, get_owner_note;

/* has_block: has the kernel sent the column's block (tcp_info, skmeminfo or mptcp_info)? */
column_presence has_timer, has_owners, has_block, has_leads, has_peer_owners, has_candidates;

/* column_candidates.c */
column_get get_candidate_pid, get_candidate_name, get_candidate_uid, get_candidate_count,
	get_confidence;

size_t count_candidates(const struct snapshot *snap, const struct row *row);
bool knows_candidates(const struct snapshot *snap, const struct row *row);

/* The words of the column, then NULL. */
extern const char *const confidence_words[];

/*
 * Adds "~nginx[812]?", "~one of 4: nginx" or "~nginx.service?" for a row whose owners are hidden.
 * False if nothing is known of it.
 */
bool text_likely(const struct snapshot *snap, const struct row *row, struct buf *out);

/* column_leads.c */
column_get get_lead_addr, get_lead_port, get_lead_by, get_lead_rule, get_lead_from, get_lead_to,
	get_lead_netns, get_lead_container, get_lead_process, get_published_addr,
	get_published_port, get_published_by;

/* How many leads a row has, and how many lead to it; were they looked for, and could they be read? */
size_t count_leads(const struct snapshot *snap, const struct row *row);
size_t count_published(const struct snapshot *snap, const struct row *row);
bool knows_leads(const struct snapshot *snap, const struct row *row);
bool knows_published(const struct snapshot *snap, const struct row *row);

/* column_peers.c */
column_get get_peer_scope, get_peer_owner_pid, get_peer_owner_name, get_peer_owner_host,
	get_peer_owner_netns, get_other_host;

/* The words of peer_scope, then NULL. */
extern const char *const peer_scope_words[];

/* How many owners the other end of a row has; were they looked for? */
size_t count_peer_owners(const struct snapshot *snap, const struct row *row);
bool knows_peer_owners(const struct snapshot *snap, const struct row *row);

/* column_fields.c; get_field() reads c->field out of its block. */
column_get get_field, get_congestion;

column_write text_state, text_service, text_local, exact_local, text_peer, exact_peer, text_user,
	text_process, text_timer, text_local_host, text_peer_host, text_owners, text_leads,
	text_lead_by, text_published, text_peer_owners, text_candidates;

column_reason lack_owners, lack_block, lack_local_host, lack_peer_host, lack_fact,
	lack_wildcard_fact, lack_dual_stack, lack_mark, lack_cgroup, lack_user, lack_netns,
	lack_netns_name, lack_send_q, lack_leads, lack_published, lack_peer_scope, lack_peer_owners,
	lack_candidates;

column_order compare_proto, compare_service, compare_local, compare_peer, compare_process;

#endif
