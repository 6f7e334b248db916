/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The socket at the other end of a connection, once it was found. */
#include <config.h>

#include "query/ends.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/snapshot.h"

void ends_fini(struct ends *ends)
{
	free(ends->list);
	free(ends->by_sock);
	for (size_t i = 0; i < sizeof(ends->asked) / sizeof(*ends->asked); i++)
		sock_table_fini(&ends->asked[i]);
	*ends = (struct ends){ 0 };
}

void ends_clear(struct ends *ends)
{
	ends->n = ends->n_socks = 0;
	for (size_t i = 0; i < sizeof(ends->asked) / sizeof(*ends->asked); i++)
		sock_table_clear(&ends->asked[i]);
}

/* Makes room for all sockets of the table. */
static void make_index(struct ends *ends, const struct sock_table *table)
{
	ends->by_sock = mem_resize(ends->by_sock, table->n, sizeof(*ends->by_sock));
	memset(ends->by_sock, 0, table->n * sizeof(*ends->by_sock));
	ends->n_socks = table->n;
}

void ends_add(struct snapshot *snap, const struct row *row, const struct sock *other)
{
	struct ends *ends = &snap->ends;

	if (!ends->n_socks)
		make_index(ends, &snap->table);
	ends->list = mem_grow(ends->list, ends->n, &ends->cap, sizeof(*ends->list));
	ends->list[ends->n++] = (struct row){ .sk = other, .owner_note = NOTE_NOT_ASKED };
	ends->by_sock[row->sk - snap->table.socks] = (uint32_t)ends->n;
}

const struct row *ends_other(const struct snapshot *snap, const struct row *row)
{
	const struct ends *ends = &snap->ends;
	uintptr_t at = (uintptr_t)row->sk - (uintptr_t)snap->table.socks;
	uint32_t place;

	/* The live view has rows of sockets that are gone, which are in no table. */
	if (at >= ends->n_socks * sizeof(*row->sk))
		return NULL;
	place = ends->by_sock[at / sizeof(*row->sk)];
	return place ? &ends->list[place - 1] : NULL;
}
