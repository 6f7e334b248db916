/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a value is unknown: hidden from this user, missing in this source, or the socket has none. */
#include <config.h>

#include "model/sock_table.h"
#include "query/column_values.h"
#include "query/columns.h"
#include "query/snapshot.h"
#include "resolve/cgroups.h"
#include "resolve/hosts.h"
#include "resolve/resolver.h"

/*
 * TIME-WAIT, FIN-WAIT-2 without a process, and half-open connections: the kernel keeps their addresses,
 * a timer, the device and the mark, and neither a cgroup nor anything to measure (struct
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
	return snap->is_replay ? LACK_RECORDING : LACK_KERNEL;
}

static enum problem_lack owners_lack(const struct column *c, const struct snapshot *snap,
				     const struct row *row)
{
	const struct owners *owners = snap->names->owners;
	enum owner_note note = (enum owner_note)row->owner_note;

	if (row_owners(snap, row).n || note == NOTE_TIME_WAIT || note == NOTE_UNHELD ||
	    note == NOTE_GONE)
		return LACK_NOTHING;
	if (!owners)
		return snap->is_replay ? LACK_RECORDING : LACK_SEARCH;
	/* The note itself is known, whatever it says. */
	if (note == NOTE_NONE || c->shape != COLUMN_LIST)
		return LACK_NOTHING;
	/* A waiting connection has the owners of its listener, of which there may be several. */
	if (note == NOTE_NOT_ACCEPTED && row->held == ROW_HELD_NONE)
		return LACK_LISTENER;
	return note == NOTE_HIDDEN || !owners_is_complete(owners) ? LACK_OWNERS : LACK_NOTHING;
}

/* Which protocols the kernel tells such a block of. */
static unsigned int protos_with(enum sock_extra extra)
{
	switch (extra) {
	case SOCK_EXTRA_TCP_INFO:
	case SOCK_EXTRA_CONGESTION:
		return PROTO_BIT(PROTO_TCP);
	case SOCK_EXTRA_MPTCP:
		return PROTO_BIT(PROTO_MPTCP);
	case SOCK_EXTRA_MEMORY:
		break;
	}
	return PROTO_ALL;
}

/* What was never connected has nothing to measure. */
static bool has_peer_state(const struct sock *sk)
{
	return sk->state != SOCK_STATE_LISTEN && sk->state != SOCK_STATE_BOUND &&
	       sk->state != SOCK_STATE_CLOSE;
}

static enum problem_lack block_lack(const struct column *c, const struct snapshot *snap,
				    const struct sock *sk)
{
	enum sock_extra extra =
		c->field.size ? (enum sock_extra)c->field.extra : SOCK_EXTRA_CONGESTION;
	size_t len = 0;

	if (!(protos_with(extra) & PROTO_BIT(sk->proto)) || is_minisocket(sk) ||
	    (extra != SOCK_EXTRA_MEMORY && !has_peer_state(sk)))
		return LACK_NOTHING;
	if (sock_table_extra(&snap->table, sk, extra, &len) &&
	    len >= (size_t)c->field.offset + c->field.size)
		return LACK_NOTHING;
	return source_lack(snap, sk);
}

static enum problem_lack host_lack(const struct column *c, const struct snapshot *snap,
				   const struct sock *sk)
{
	bool is_peer = c->get == get_peer_host;
	enum host_answer answer;
	const char *name;

	if (!snap->names->hosts || (is_peer && !sock_has(sk, SOCK_HAS_PEER)))
		return LACK_NOTHING;
	answer = hosts_name(snap->names->hosts, (enum addr_family)sk->family,
			    is_peer ? &sk->remote.addr : &sk->local.addr, &name);
	return answer == HOST_PENDING || answer == HOST_FAILED ? LACK_NAMES : LACK_NOTHING;
}

/* A fact that this socket could have, and that was not told. */
static enum problem_lack fact_lack(const struct column *c, const struct snapshot *snap,
				   const struct sock *sk)
{
	if (sock_has(sk, (enum sock_known)c->fact))
		return LACK_NOTHING;
	/* These two are about sockets that serve, at a wildcard. */
	if ((c->get == get_dual_stack || c->get == get_reach) &&
	    (!addr_is_any(&sk->local.addr) || !sock_is_serving(sk)))
		return LACK_NOTHING;
	if (c->get == get_dual_stack && sk->family != ADDR_INET6)
		return LACK_NOTHING;
	if (c->fact == SOCK_HAS_MARK && !sock_has(sk, SOCK_FROM_PROCFS) && !snap->is_replay)
		return LACK_PRIVILEGE;
	return source_lack(snap, sk);
}

/* The socket's own, or where the kernel does not tell that, its owner's. */
static enum problem_lack cgroup_lack(const struct snapshot *snap, const struct row *row)
{
	const struct cgroups *cgroups = snap->names->cgroups;
	const struct owners *owners = snap->names->owners;
	const struct sock *sk = row->sk;

	if (is_minisocket(sk))
		return LACK_NOTHING;
	if (sock_has(sk, SOCK_HAS_CGROUP))
		return cgroups && cgroups_is_there(cgroups) ? LACK_NOTHING : source_lack(snap, sk);
	if (row_owners(snap, row).n)
		return LACK_NOTHING;
	if (owners && (row->owner_note == NOTE_HIDDEN ||
		       (row->owner_note == NOTE_NOT_ACCEPTED && !owners_is_complete(owners))))
		return LACK_OWNERS;
	return source_lack(snap, sk);
}

enum problem_lack column_lack(const struct column *c, const struct snapshot *snap,
			      const struct row *row)
{
	const struct sock *sk = row->sk;
	enum problem_lack lack = LACK_NOTHING;

	if (c->needs & NEED_CGROUPS)
		lack = cgroup_lack(snap, row);
	else if (c->fact)
		lack = fact_lack(c, snap, sk);
	else if (c->needs & NEED_OWNERS)
		lack = owners_lack(c, snap, row);
	else if (c->needs & (NEED_TCP_INFO | NEED_MEMORY | NEED_MPTCP))
		lack = block_lack(c, snap, sk);
	else if (c->needs & NEED_HOSTS)
		lack = host_lack(c, snap, sk);
	else if (c->needs & NEED_USERS && sock_has(sk, SOCK_HAS_UID) && !snap->names->users)
		lack = source_lack(snap, sk);
	else if (c->get == get_netns && !snap->netns)
		lack = source_lack(snap, sk);
	else if (c->get == get_send_q && sk->state == SOCK_STATE_LISTEN &&
		 sock_has(sk, SOCK_FROM_PROCFS))
		lack = LACK_PROCFS;
	return lack;
}
