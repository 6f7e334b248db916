/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins snapshots that were told: hosts, namespaces, sockets and all that belongs to these. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/columns.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/told.h"
#include "query/told_source.h"

/* What has to be added to places and numbers of the one snapshot in the other. */
struct shift {
	uint32_t texts;
	uint32_t processes;
	uint32_t ancestors;
	uint32_t extras;
	bool keeps_extras;
};

static void *add_all(void *to, size_t *n, size_t *cap, const void *from, size_t n_from, size_t size)
{
	if (*n + n_from > *cap) {
		*cap = *n + n_from;
		to = mem_resize(to, *cap, size);
	}
	if (n_from)
		memcpy((char *)to + *n * size, from, n_from * size);
	*n += n_from;
	return to;
}

static uint32_t moved(uint32_t place, uint32_t by)
{
	return place ? place + by : 0;
}

/* Both begin with the same few bytes that stand for "none". */
static uint32_t add_texts(struct told *to, const struct told *from)
{
	size_t start = to->texts.len;

	if (!start) {
		buf_add(&to->texts, from->texts.data, from->texts.len);
		return 0;
	}
	buf_add(&to->texts, from->texts.data + TOLD_TEXTS_START,
		from->texts.len - TOLD_TEXTS_START);
	return (uint32_t)(start - TOLD_TEXTS_START);
}

static void add_processes(struct told *to, const struct told *from, struct shift *by)
{
	by->processes = (uint32_t)to->n_processes;
	by->ancestors = (uint32_t)to->n_ancestors;
	to->processes = add_all(to->processes, &to->n_processes, &to->processes_cap,
				from->processes, from->n_processes, sizeof(*to->processes));
	to->ancestors = add_all(to->ancestors, &to->n_ancestors, &to->ancestors_cap,
				from->ancestors, from->n_ancestors, sizeof(*to->ancestors));
	for (size_t i = by->processes; i < to->n_processes; i++) {
		struct told_process *p = &to->processes[i];

		p->name = moved(p->name, by->texts);
		p->cmdline = moved(p->cmdline, by->texts);
		p->cwd = moved(p->cwd, by->texts);
		p->exe = moved(p->exe, by->texts);
		p->user = moved(p->user, by->texts);
		p->ancestors += by->ancestors;
	}
}

/* Adds what was told of a socket. */
static void add_row(struct told *to, const struct told *from, const struct told_row *row,
		    const struct shift *by)
{
	for (uint32_t i = row->cells; i < row[1].cells; i++) {
		struct told_cell *cell = &to->cells[to->n_cells++];

		*cell = from->cells[i];
		if (cell->kind == VALUE_TEXT || cell->kind == VALUE_ADDR)
			cell->value = moved(cell->value, by->texts);
	}
	for (uint32_t i = row->owners; i < row[1].owners; i++) {
		struct owner *owner = &to->owners[to->n_owners++];

		*owner = from->owners[i];
		owner->process += by->processes;
	}
}

static void reserve(struct snapshot *to, const struct snapshot *from)
{
	struct told *told = to->told;

	sock_table_reserve(&to->table, to->table.n + from->table.n);
	told->rows = mem_resize(told->rows, to->table.n + from->table.n + 1, sizeof(*told->rows));
	told->cells =
		mem_resize(told->cells, told->n_cells + from->told->n_cells, sizeof(*told->cells));
	told->owners = mem_resize(told->owners, told->n_owners + from->told->n_owners,
				  sizeof(*told->owners));
}

static void add_sockets(struct snapshot *to, const struct snapshot *from, size_t host,
			const uint16_t *netns, const struct shift *by)
{
	struct told *told = to->told;

	for (size_t i = 0; i < from->table.n; i++) {
		const struct told_row *row = &from->told->rows[i];
		uint32_t extra = from->table.socks[i].extra;
		struct sock *sk;

		if (from->namespaces[from->table.socks[i].netns].host != host)
			continue;
		told->rows[to->table.n] = *row;
		told->rows[to->table.n].cells = (uint32_t)told->n_cells;
		told->rows[to->table.n].owners = (uint32_t)told->n_owners;
		add_row(told, from->told, row, by);
		sk = sock_table_append(&to->table, &from->table.socks[i]);
		sk->netns = netns[sk->netns];
		sk->extra = extra && by->keeps_extras ? extra + by->extras : 0;
	}
	told->rows[to->table.n].cells = (uint32_t)told->n_cells;
	told->rows[to->table.n].owners = (uint32_t)told->n_owners;
}

/* Adds the namespaces of the host.  Returns the new index of each; NULL if there are too many. */
static uint16_t *add_namespaces(struct snapshot *to, const struct snapshot *from, size_t host)
{
	uint16_t *netns = mem_calloc(from->n_namespaces, sizeof(*netns));

	for (size_t i = 0; i < from->n_namespaces; i++) {
		const struct snapshot_netns *ns = &from->namespaces[i];

		if (ns->host != host)
			continue;
		if (to->n_namespaces > UINT16_MAX) {
			free(netns);
			return NULL;
		}
		to->namespaces =
			mem_resize(to->namespaces, to->n_namespaces + 1, sizeof(*to->namespaces));
		to->namespaces[to->n_namespaces] = *ns;
		to->namespaces[to->n_namespaces].host = (uint32_t)to->n_hosts;
		to->namespaces[to->n_namespaces].name = ns->name ? mem_strdup(ns->name) : NULL;
		netns[i] = (uint16_t)to->n_namespaces++;
	}
	return netns;
}

static void add_problems(struct snapshot *to, const struct snapshot *from,
			 const struct snapshot_host *host)
{
	for (size_t i = 0; i < from->problems.n; i++) {
		const struct problem *problem = &from->problems.list[i];

		if (!problem->host || !host->head.host || !strcmp(problem->host, host->head.host))
			problems_add(&to->problems, problem);
	}
}

bool snapshot_append(struct snapshot *to, const struct snapshot *from, size_t host)
{
	struct shift by = { 0 };
	uint16_t *netns;

	if (!to->told)
		to->told = mem_calloc(1, sizeof(*to->told));
	if (to->told->texts.len + from->told->texts.len > UINT32_MAX)
		return false;
	netns = add_namespaces(to, from, host);
	if (!netns)
		return false;
	by.texts = add_texts(to->told, from->told);
	by.keeps_extras = sock_table_join_extras(&to->table, &from->table, &by.extras);
	add_processes(to->told, from->told, &by);
	reserve(to, from);
	add_sockets(to, from, host, netns, &by);
	free(netns);
	to->hosts = mem_resize(to->hosts, to->n_hosts + 1, sizeof(*to->hosts));
	snapshot_host_copy(&to->hosts[to->n_hosts++], &from->hosts[host]);
	add_problems(to, from, &from->hosts[host]);
	if (to->time_ms < from->hosts[host].time_ms)
		to->time_ms = from->hosts[host].time_ms;
	return true;
}

void told_seal(struct told *told)
{
	for (size_t i = 0; i < told->n_processes; i++) {
		struct told_process *p = &told->processes[i];
		struct process *process = &p->process;

		process->name = told_bytes(told, p->name, &process->name_len);
		process->cmdline = told_bytes(told, p->cmdline, &process->cmdline_len);
		process->cwd = told_bytes(told, p->cwd, NULL);
		process->exe = told_bytes(told, p->exe, NULL);
		process->ancestors = process->n_ancestors ? told->ancestors + p->ancestors : NULL;
		if (!process->name)
			process->name = "";
	}
}
