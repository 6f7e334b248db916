/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host that a document tells of, and what was selected there. */
#include <config.h>

#include "query/snapshot_host.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/snapshot.h"

void snapshot_host_link(struct snapshot_host *host)
{
	host->head.host = host->name;
	host->head.selection.netns = host->netns;
	host->head.selection.columns = host->selected;
}

void snapshot_host_fini(struct snapshot_host *host)
{
	free(host->name);
	free(host->netns);
	free(host->selected);
	document_head_fini(&host->head);
	*host = (struct snapshot_host){ 0 };
}

static char *copy_text(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

static void *copy_list(const void *list, size_t n, size_t size)
{
	void *copy;

	if (!list)
		return NULL;
	copy = mem_resize(NULL, n, size);
	memcpy(copy, list, n * size);
	return copy;
}

void snapshot_host_copy(struct snapshot_host *to, const struct snapshot_host *from)
{
	const struct selection *selection = &from->head.selection;
	struct buf filter = { 0 };

	*to = *from;
	to->name = copy_text(from->name);
	to->netns = copy_text(from->netns);
	to->selected = copy_list(from->selected, selection->n_columns, sizeof(*from->selected));
	to->head.addrs = copy_list(from->head.addrs, from->head.n_addrs, sizeof(*from->head.addrs));
	buf_add(&filter, selection->filter.data, selection->filter.len);
	to->head.selection.filter = filter;
	snapshot_host_link(to);
}

const struct snapshot_host *snapshot_host_of(const struct snapshot *snap, const struct sock *sk)
{
	return snap->told && sk->netns < snap->n_namespaces
		       ? &snap->hosts[snap->namespaces[sk->netns].host]
		       : NULL;
}

const char *snapshot_host_name(const struct snapshot *snap, const struct sock *sk)
{
	const struct snapshot_host *host = snapshot_host_of(snap, sk);

	return host ? host->head.host : snap->host;
}
