/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds who may hold the sockets of rows whose owners are hidden. */
#include <config.h>

#include "query/row_candidates.h"

#include "query/columns.h"
#include "query/snapshot.h"
#include "resolve/candidates.h"
#include "resolve/resolver.h"

/*
 * The port by which a command line may name the socket: not that of an outgoing connection, which
 * the kernel chose.
 */
static uint16_t served_port(const struct snapshot *snap, const struct sock *sk)
{
	if (!proto_has_ports((enum sock_proto)sk->proto))
		return 0;
	if (!sock_is_serving(sk) && snapshot_is_ephemeral(snap, sk, sk->local.port))
		return 0;
	return sk->local.port;
}

/* False if nothing tells candidates for this row from other processes. */
static bool key_of(const struct snapshot *snap, const struct sock *sk, struct candidates_key *key)
{
	const struct snapshot_netns *ns = snapshot_netns_of(snap, sk);

	if (!sock_has(sk, SOCK_HAS_CGROUP) || !sock_has(sk, SOCK_HAS_UID))
		return false;
	*key = (struct candidates_key){
		.cgroup = sk->cgroup,
		.netns = sk->netns && ns ? ns->files : 0,
		.uid = sk->uid,
		.port = served_port(snap, sk),
	};
	return !sk->netns || key->netns;
}

void row_candidates_find(struct snapshot *snap)
{
	struct candidates *candidates = snap->names->candidates;

	for (size_t i = 0; candidates && i < snap->n_rows; i++) {
		struct row *row = &snap->rows[i];
		struct candidates_key key;

		if (row->owner_note == NOTE_HIDDEN && key_of(snap, row->sk, &key))
			row->candidates = candidates_find(candidates, &key);
	}
	snap->resolved |= NEED_CANDIDATES;
}
