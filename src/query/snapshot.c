/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result of one refresh: access to the owners and the service of a row. */
#include <config.h>

#include "query/snapshot.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/vocab.h"
#include "query/columns.h"
#include "query/serving.h"
#include "query/snapshot_host.h"
#include "query/told.h"
#include "resolve/netns.h"
#include "resolve/netns_name.h"
#include "resolve/resolver.h"
#include "resolve/services.h"

/* clang-format off */
const char *const owner_note_words[] = {
	[NOTE_TIME_WAIT - 1] = "time-wait",
	[NOTE_NOT_ACCEPTED - 1] = "not-accepted",
	[NOTE_HIDDEN - 1] = "hidden",
	[NOTE_UNHELD - 1] = "unheld",
	[NOTE_GONE - 1] = "gone",
	[NOTE_AMBIGUOUS - 1] = "ambiguous",
	[NOTE_NOT_ASKED - 1] = NULL,
};
/* clang-format on */

const char *owner_note_name(enum owner_note note)
{
	return note == NOTE_NONE ? NULL : owner_note_words[note - 1];
}

void snapshot_forget_told(struct snapshot *snap)
{
	for (size_t i = 0; i < snap->n_hosts; i++)
		snapshot_host_fini(&snap->hosts[i]);
	free(snap->hosts);
	told_free(snap->told);
	snap->hosts = NULL;
	snap->n_hosts = 0;
	snap->told = NULL;
}

void snapshot_fini(struct snapshot *snap)
{
	snapshot_set_namespaces(snap, NULL, 0);
	free(snap->namespaces);
	snapshot_forget_told(snap);
	sock_table_fini(&snap->table);
	sock_table_fini(&snap->listeners);
	serving_free(snap->serving);
	leads_fini(&snap->leads);
	ends_fini(&snap->ends);
	own_addrs_fini(&snap->own_addrs);
	problems_fini(&snap->problems);
	free(snap->rows);
	*snap = (struct snapshot){ 0 };
}

void snapshot_set_namespaces(struct snapshot *snap, const struct netns *found, size_t n)
{
	for (size_t i = 0; i < snap->n_namespaces; i++)
		free(snap->namespaces[i].name);
	snap->namespaces = mem_resize(snap->namespaces, n, sizeof(*snap->namespaces));
	snap->n_namespaces = n;
	for (size_t i = 0; i < n; i++)
		snap->namespaces[i] = (struct snapshot_netns){
			.inode = found[i].inode,
			.files = found[i].files,
			.name = found[i].name ? mem_strdup(found[i].name) : NULL,
			.is_container = found[i].container_id && !netns_is_named(found[i].mount),
		};
}

const struct snapshot_netns *snapshot_netns_of(const struct snapshot *snap, const struct sock *sk)
{
	return sk->netns < snap->n_namespaces ? &snap->namespaces[sk->netns] : NULL;
}

const struct snapshot_netns *snapshot_netns_by_inode(const struct snapshot *snap, uint64_t inode)
{
	for (size_t i = 0; i < snap->n_namespaces; i++)
		if (snap->namespaces[i].inode == inode)
			return &snap->namespaces[i];
	return NULL;
}

const struct sock *row_held(const struct snapshot *snap, const struct row *row)
{
	/* If listeners were requested separately, the number is in their table. */
	const struct sock_table *table = snap->listeners.n ? &snap->listeners : &snap->table;

	if (row->held == ROW_HELD_ITSELF || row->held & ROW_HELD_BY)
		return row->sk;
	if (row->held < ROW_HELD_LISTENER)
		return NULL;
	return &table->socks[row->held - ROW_HELD_LISTENER];
}

struct owner_span row_owners(const struct snapshot *snap, const struct row *row)
{
	const struct sock *held;

	if (row->held == ROW_HELD_BEFORE && snap->past)
		return (struct owner_span){ &snap->past->owner, 1 };
	if (snap->told)
		return (snap->resolved & NEED_OWNERS) ? told_owners(snap, row->sk)
						      : (struct owner_span){ 0 };
	held = row_held(snap, row);
	if (!held || !snap->names->owners || !(snap->resolved & NEED_OWNERS) ||
	    row->owner_note == NOTE_AMBIGUOUS)
		return (struct owner_span){ 0 };
	return owners_of(snap->names->owners, held->inode, held->cookie);
}

bool rows_share_owner(const struct snapshot *snap, const struct row *a, const struct row *b)
{
	struct owner_span x = row_owners(snap, a), y = row_owners(snap, b);

	for (size_t i = 0; i < x.n; i++)
		for (size_t j = 0; j < y.n; j++)
			if (x.list[i].process == y.list[j].process)
				return true;
	return false;
}

size_t row_owner_shown(const struct snapshot *snap, const struct row *row, struct owner_span owners,
		       size_t at)
{
	/* Pid 1 sorts first, but it opens sockets on behalf of others: show it last. */
	bool has_init = owners.n > 1 && snapshot_process(snap, owners.list[0].process)->pid == 1;
	size_t first = has_init, i = at - 1;

	if (row->named && row->named <= owners.n)
		first = row->named - 1U;
	if (!at)
		return first;
	if (has_init && first) {
		if (at + 1 == owners.n)
			return 0;
		i++;
	}
	return i < first ? i : i + 1;
}

const struct process *row_first_process(const struct snapshot *snap, const struct row *row)
{
	struct owner_span owners = row_owners(snap, row);

	if (!owners.n)
		return NULL;
	return snapshot_process(snap, owners.list[row_owner_shown(snap, row, owners, 0)].process);
}

void past_owner_set(struct past_owner *past, const struct process *process)
{
	past->process = *process;
	past->owner = (struct owner){ .process = PAST_PROCESS, .via = OWNER_VIA_FD };
}

const struct process *snapshot_process(const struct snapshot *snap, uint32_t index)
{
	if (index == PAST_PROCESS)
		return &snap->past->process;
	return snap->told ? &snap->told->processes[index].process
			  : owners_process(snap->names->owners, index);
}

size_t snapshot_processes(const struct snapshot *snap)
{
	if (snap->told)
		return snap->told->n_processes;
	return snap->names->owners ? owners_processes(snap->names->owners) : 0;
}

bool snapshot_is_ephemeral(const struct snapshot *snap, const struct sock *sk, uint16_t port)
{
	const struct snapshot_host *host = snapshot_host_of(snap, sk);
	const struct port_range *ephemeral = host ? &host->head.ephemeral : &snap->names->ephemeral;

	return port >= ephemeral->first && port <= ephemeral->last;
}

const char *row_service(const struct snapshot *snap, const struct row *row)
{
	enum sock_proto proto = (enum sock_proto)row->sk->proto;

	if (!(snap->resolved & NEED_SERVICES) || !proto_has_ports(proto) ||
	    !sock_has_one_port(row->sk))
		return NULL;
	if (snap->told)
		return told_text(snap, row->sk, TOLD_SERVICE);
	return services_name(snap->names->services, proto,
			     serving_port(snap->serving, snap->names, row->sk));
}
