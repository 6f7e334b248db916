/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a value is unknown: hidden from this user, missing in this source, or the socket has none. */
#include <config.h>

#include "model/sock_table.h"
#include "query/column_values.h"
#include "query/columns.h"
#include "query/listening.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/told.h"
#include "resolve/cgroups.h"
#include "resolve/forward_rules.h"
#include "resolve/hosts.h"
#include "resolve/resolver.h"

/*
 * TIME-WAIT, FIN-WAIT-2 without a process, and half-open connections.  The kernel keeps only their
 * addresses, a timer, the interface and the mark: no cgroup, and nothing to measure (struct
 * inet_timewait_sock, struct inet_request_sock).
 */
static bool is_minisocket(const struct sock *sk)
{
	return sk->state == SOCK_STATE_TIME_WAIT || sk->state == SOCK_STATE_SYN_RECV ||
	       (sock_has(sk, SOCK_HAS_TIMER) && sk->timer == SOCK_TIMER_TIMEWAIT);
}

static enum problem_lack source_lack(const struct snapshot *snap, const struct sock *sk)
{
	if (sock_has(sk, SOCK_FROM_PROCFS))
		return LACK_PROCFS;
	if (snap->told)
		return LACK_DOCUMENT;
	return snap->is_replay ? LACK_RECORDING : LACK_KERNEL;
}

/* The working directory and the executable may be hidden although the owner is not. */
static bool hides_links(const struct column *c, const struct snapshot *snap, const struct row *row)
{
	struct owner_span owners = row_owners(snap, row);

	for (size_t i = 0; c->needs & NEED_LINKS && i < owners.n; i++)
		if (snapshot_process(snap, owners.list[i].process)->hides_links)
			return true;
	return false;
}

enum problem_lack lack_owners(const struct column *c, const struct snapshot *snap,
			      const struct row *row)
{
	const struct owners *owners = snap->names->owners;
	bool is_complete;
	enum owner_note note = (enum owner_note)row->owner_note;

	if (hides_links(c, snap, row))
		return LACK_OWNERS;
	if (row_owners(snap, row).n || note == NOTE_TIME_WAIT || note == NOTE_UNHELD ||
	    note == NOTE_GONE)
		return LACK_NOTHING;
	if (snap->told ? note == NOTE_NOT_ASKED : !owners)
		return snap->told ? LACK_DOCUMENT : snap->is_replay ? LACK_RECORDING : LACK_SEARCH;
	/* Columns other than those of owners, such as the note itself, are known. */
	if (note == NOTE_NONE || c->shape != COLUMN_LIST)
		return LACK_NOTHING;
	/* A connection in a backlog has the owners of its listener, which may not be unique. */
	if (note == NOTE_NOT_ACCEPTED && row->held == ROW_HELD_NONE)
		return LACK_LISTENER;
	is_complete = snap->told ? !snapshot_host_of(snap, row->sk)->hides_processes
				 : owners_is_complete(owners);
	return note == NOTE_HIDDEN || !is_complete ? LACK_OWNERS : LACK_NOTHING;
}

/* A socket that was never connected has nothing to measure. */
static bool has_peer_state(const struct sock *sk)
{
	return sk->state != SOCK_STATE_LISTEN && sk->state != SOCK_STATE_BOUND &&
	       sk->state != SOCK_STATE_CLOSE;
}

enum problem_lack lack_block(const struct column *c, const struct snapshot *snap,
			     const struct row *row)
{
	const struct sock *sk = row->sk;
	enum sock_extra extra = (enum sock_extra)c->field.extra;
	size_t len = 0;

	if (is_minisocket(sk))
		return LACK_NOTHING;
	if (extra != SOCK_EXTRA_MEMORY &&
	    (!(proto_rows[sk->proto].extras & SOCK_EXTRA_BIT(extra)) || !has_peer_state(sk)))
		return LACK_NOTHING;
	if (sock_table_extra(&snap->table, sk, extra, &len) &&
	    len >= (size_t)c->field.offset + c->field.size)
		return LACK_NOTHING;
	return source_lack(snap, sk);
}

static enum problem_lack host_lack(const struct snapshot *snap, const struct sock *sk,
				   const struct endpoint *end)
{
	enum host_answer answer;
	const char *name;

	if (!snap->names->hosts || snap->told)
		return LACK_NOTHING;
	answer = hosts_name(snap->names->hosts, (enum addr_family)sk->family, &end->addr, &name);
	return answer == HOST_PENDING || answer == HOST_FAILED ? LACK_NAMES : LACK_NOTHING;
}

enum problem_lack lack_local_host(const struct column *c, const struct snapshot *snap,
				  const struct row *row)
{
	(void)c;
	return host_lack(snap, row->sk, &row->sk->local);
}

enum problem_lack lack_peer_host(const struct column *c, const struct snapshot *snap,
				 const struct row *row)
{
	(void)c;
	return sock_has(row->sk, SOCK_HAS_PEER) ? host_lack(snap, row->sk, &row->sk->remote)
						: LACK_NOTHING;
}

/* A fact that any socket may have, and that the source did not report. */
enum problem_lack lack_fact(const struct column *c, const struct snapshot *snap,
			    const struct row *row)
{
	return sock_has(row->sk, (enum sock_known)c->fact) ? LACK_NOTHING
							   : source_lack(snap, row->sk);
}

/* The same for listeners at a wildcard address. */
enum problem_lack lack_wildcard_fact(const struct column *c, const struct snapshot *snap,
				     const struct row *row)
{
	if (!addr_is_any(&row->sk->local.addr) || !sock_is_serving(row->sk))
		return LACK_NOTHING;
	return lack_fact(c, snap, row);
}

enum problem_lack lack_dual_stack(const struct column *c, const struct snapshot *snap,
				  const struct row *row)
{
	return row->sk->family == ADDR_INET6 ? lack_wildcard_fact(c, snap, row) : LACK_NOTHING;
}

/* The kernel reports marks only to CAP_NET_ADMIN. */
enum problem_lack lack_mark(const struct column *c, const struct snapshot *snap,
			    const struct row *row)
{
	enum problem_lack lack = lack_fact(c, snap, row);

	return lack == LACK_KERNEL ? LACK_PRIVILEGE : lack;
}

static enum problem_lack lack_told_cgroup(const struct snapshot *snap, const struct row *row)
{
	if (told_text(snap, row->sk, TOLD_CGROUP) || row_owners(snap, row).n)
		return LACK_NOTHING;
	return row->owner_note == NOTE_HIDDEN ? LACK_OWNERS : source_lack(snap, row->sk);
}

/* The socket's own cgroup or, if the kernel does not report it, its owner's. */
enum problem_lack lack_cgroup(const struct column *c, const struct snapshot *snap,
			      const struct row *row)
{
	const struct cgroups *cgroups = snap->names->cgroups;
	const struct owners *owners = snap->names->owners;
	const struct sock *sk = row->sk;

	(void)c;
	if (is_minisocket(sk))
		return LACK_NOTHING;
	if (snap->told)
		return lack_told_cgroup(snap, row);
	if (sock_has(sk, SOCK_HAS_CGROUP))
		return cgroups && cgroups_is_there(cgroups) ? LACK_NOTHING : source_lack(snap, sk);
	if (row_owners(snap, row).n)
		return LACK_NOTHING;
	if (owners && (row->owner_note == NOTE_HIDDEN ||
		       (row->owner_note == NOTE_NOT_ACCEPTED && !owners_is_complete(owners))))
		return LACK_OWNERS;
	return source_lack(snap, sk);
}

enum problem_lack lack_user(const struct column *c, const struct snapshot *snap,
			    const struct row *row)
{
	(void)c;
	return sock_has(row->sk, SOCK_HAS_UID) && !snap->names->users && !snap->told
		       ? source_lack(snap, row->sk)
		       : LACK_NOTHING;
}

enum problem_lack lack_netns(const struct column *c, const struct snapshot *snap,
			     const struct row *row)
{
	const struct snapshot_netns *ns = snapshot_netns_of(snap, row->sk);
	bool is_known = ns && ns->inode ? true : !row->sk->netns && snap->netns;

	(void)c;
	return is_known ? LACK_NOTHING : source_lack(snap, row->sk);
}

enum problem_lack lack_netns_name(const struct column *c, const struct snapshot *snap,
				  const struct row *row)
{
	const struct snapshot_netns *ns = snapshot_netns_of(snap, row->sk);

	(void)c;
	return ns && ns->name ? LACK_NOTHING : source_lack(snap, row->sk);
}

/* That a socket has no candidates is known: it has owners, or nobody fits. */
enum problem_lack lack_candidates(const struct column *c, const struct snapshot *snap,
				  const struct row *row)
{
	(void)c, (void)row;
	if (snap->names->candidates || snap->told)
		return LACK_NOTHING;
	return snap->is_replay ? LACK_RECORDING : LACK_SEARCH;
}

/* A proxy may be among the owners that are hidden. */
enum problem_lack lack_leads(const struct column *c, const struct snapshot *snap,
			     const struct row *row)
{
	(void)c;
	if (!snap->names->forwards && !snap->told)
		return source_lack(snap, row->sk);
	return row->owner_note == NOTE_HIDDEN ? LACK_OWNERS : LACK_NOTHING;
}

enum problem_lack lack_published(const struct column *c, const struct snapshot *snap,
				 const struct row *row)
{
	(void)c;
	if (snap->told)
		return LACK_NOTHING;
	if (!snap->names->forwards)
		return source_lack(snap, row->sk);
	return snap->names->forwards->error && is_listening(row->sk) ? LACK_PRIVILEGE
								     : LACK_NOTHING;
}

enum problem_lack lack_peer_scope(const struct column *c, const struct snapshot *snap,
				  const struct row *row)
{
	struct value scope = { .kind = VALUE_NULL };

	if (snap->told)
		told_get(snap, row->sk, TOLD_PEER_SCOPE, 0, &scope);
	else
		get_peer_scope(c, snap, row, 0, &scope);
	return scope.kind == VALUE_NULL && sock_has(row->sk, SOCK_HAS_PEER)
		       ? source_lack(snap, row->sk)
		       : LACK_NOTHING;
}

/* /proc/net does not show the backlog of a listener. */
enum problem_lack lack_send_q(const struct column *c, const struct snapshot *snap,
			      const struct row *row)
{
	(void)c, (void)snap;
	return row->sk->state == SOCK_STATE_LISTEN && sock_has(row->sk, SOCK_FROM_PROCFS)
		       ? LACK_PROCFS
		       : LACK_NOTHING;
}
