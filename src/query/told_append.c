/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins snapshots that were told: hosts, namespaces, sockets and all that belongs to these. */
#include <config.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"
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

static void *room_for(void *array, size_t n, size_t *cap, size_t size)
{
	if (n <= *cap)
		return array;
	*cap = n;
	return mem_resize(array, n, size);
}

void told_size_add(struct told_size *size, const struct snapshot *from)
{
	size->sockets += from->table.n;
	size->cells += from->told->n_cells;
	size->owners += from->told->n_owners;
}

void snapshot_reserve(struct snapshot *to, const struct told_size *size)
{
	struct told *told;

	if (!to->told)
		to->told = mem_calloc(1, sizeof(*to->told));
	told = to->told;
	sock_table_reserve(&to->table, to->table.n + size->sockets);
	told->rows = room_for(told->rows, to->table.n + size->sockets + 1, &told->rows_cap,
			      sizeof(*told->rows));
	told->cells = room_for(told->cells, told->n_cells + size->cells, &told->cells_cap,
			       sizeof(*told->cells));
	told->owners = room_for(told->owners, told->n_owners + size->owners, &told->owners_cap,
				sizeof(*told->owners));
}

/* Where a host's sockets go, and what belongs to them. */
struct told_join {
	const struct snapshot *from;
	size_t host; /* of from */
	bool is_all; /* it has all sockets of from */
	struct snapshot *unneeded; /* from, if its sockets are to be freed; or NULL */
	uint16_t *netns; /* new indexes of the namespaces of from */
	struct shift by;
	size_t socket;
	size_t cell;
	size_t owner;
};

static bool has_socket(const struct told_join *join, const struct sock *sk)
{
	return join->is_all || join->from->namespaces[sk->netns].host == join->host;
}

static void add_cells(struct told *to, size_t at, const struct told *from,
		      const struct told_row *row, const struct shift *by)
{
	for (uint32_t i = row->cells; i < row[1].cells; i++, at++) {
		struct told_cell *cell = &to->cells[at];

		*cell = from->cells[i];
		if (cell->kind == VALUE_TEXT || cell->kind == VALUE_ADDR)
			cell->value = moved(cell->value, by->texts);
	}
}

static void add_owners(struct told *to, size_t at, const struct told *from,
		       const struct told_row *row, const struct shift *by)
{
	for (uint32_t i = row->owners; i < row[1].owners; i++, at++) {
		to->owners[at] = from->owners[i];
		to->owners[at].process += by->processes;
	}
}

/* There is room; several threads may do it, each for a join of its own. */
static void add_sockets(struct snapshot *to, const struct told_join *join)
{
	const struct told *from = join->from->told;
	size_t at = join->socket, cell = join->cell, owner = join->owner;

	for (size_t i = 0; i < join->from->table.n; i++) {
		const struct sock *old = &join->from->table.socks[i];
		const struct told_row *row = &from->rows[i];
		struct sock *sk = &to->table.socks[at];

		if (!has_socket(join, old))
			continue;
		*sk = *old;
		sk->netns = join->netns[old->netns];
		sk->extra = old->extra && join->by.keeps_extras ? old->extra + join->by.extras : 0;
		to->told->rows[at] = *row;
		to->told->rows[at].cells = (uint32_t)cell;
		to->told->rows[at].owners = (uint32_t)owner;
		add_cells(to->told, cell, from, row, &join->by);
		add_owners(to->told, owner, from, row, &join->by);
		at++;
		cell += row[1].cells - row->cells;
		owner += row[1].owners - row->owners;
	}
}

/* Leaves room for the sockets of a join behind those that are there, and for the row at their end. */
static void make_room(struct snapshot *to, struct told_join *join)
{
	struct told_size size = { 0 };
	struct told *told = to->told;

	for (size_t i = 0; i < join->from->table.n; i++) {
		const struct told_row *row = &join->from->told->rows[i];

		if (!has_socket(join, &join->from->table.socks[i]))
			continue;
		size.sockets++;
		size.cells += row[1].cells - row->cells;
		size.owners += row[1].owners - row->owners;
	}
	snapshot_reserve(to, &size);
	join->socket = to->table.n;
	join->cell = told->n_cells;
	join->owner = told->n_owners;
	to->table.n += size.sockets;
	told->n_cells += size.cells;
	told->n_owners += size.owners;
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

/* All but the sockets themselves. */
static bool begin_join(struct snapshot *to, struct told_join *join)
{
	const struct snapshot *from = join->from;

	if (!to->told)
		to->told = mem_calloc(1, sizeof(*to->told));
	if (to->told->texts.len + from->told->texts.len > UINT32_MAX)
		return false;
	join->netns = add_namespaces(to, from, join->host);
	if (!join->netns)
		return false;
	join->is_all = from->n_hosts == 1;
	join->by.texts = add_texts(to->told, from->told);
	join->by.keeps_extras = sock_table_join_extras(&to->table, &from->table, &join->by.extras);
	add_processes(to->told, from->told, &join->by);
	make_room(to, join);
	to->hosts = mem_resize(to->hosts, to->n_hosts + 1, sizeof(*to->hosts));
	snapshot_host_copy(&to->hosts[to->n_hosts++], &from->hosts[join->host]);
	add_problems(to, from, &from->hosts[join->host]);
	if (to->time_ms < from->hosts[join->host].time_ms)
		to->time_ms = from->hosts[join->host].time_ms;
	return true;
}

bool told_joins_add(struct told_joins *joins, struct snapshot *from, size_t host, bool is_last)
{
	struct told_join join = {
		.from = from,
		.host = host,
		.unneeded = is_last ? from : NULL,
	};

	if (!begin_join(joins->to, &join))
		return false;
	joins->list = mem_grow(joins->list, joins->n, &joins->cap, sizeof(*joins->list));
	joins->list[joins->n++] = join;
	return true;
}

static void end_join(struct snapshot *to, struct told_join *join)
{
	add_sockets(to, join);
	free(join->netns);
	/* Its sockets are there twice by now: so not all of them at once are. */
	if (join->unneeded) {
		sock_table_fini(&join->unneeded->table);
		told_free(join->unneeded->told);
		join->unneeded->told = NULL;
	}
}

static void end_some(void *data, unsigned int worker)
{
	struct told_joins *joins = data;
	size_t i;

	(void)worker;
	while ((i = atomic_fetch_add(&joins->next, 1)) < joins->n)
		end_join(joins->to, &joins->list[i]);
}

/* So many sockets are worth a thread. */
#define SOCKETS_WORTH_A_THREAD 10000

void told_joins_end(struct told_joins *joins)
{
	size_t n = joins->n ? joins->to->table.n : 0;

	thread_crew(thread_crew_size(n, SOCKETS_WORTH_A_THREAD), end_some, joins);
	free(joins->list);
	*joins = (struct told_joins){ 0 };
}

bool snapshot_append(struct snapshot *to, const struct snapshot *from, size_t host)
{
	struct told_join join = { .from = from, .host = host };

	if (!begin_join(to, &join))
		return false;
	end_join(to, &join);
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
