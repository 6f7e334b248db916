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
	free(ends->row_of);
	for (size_t i = 0; i < sizeof(ends->asked) / sizeof(*ends->asked); i++)
		sock_table_fini(&ends->asked[i]);
	*ends = (struct ends){ 0 };
}

void ends_clear(struct ends *ends)
{
	ends->n = ends->n_socks = 0;
	ends->rows = NULL;
	for (size_t i = 0; i < sizeof(ends->asked) / sizeof(*ends->asked); i++)
		sock_table_clear(&ends->asked[i]);
}

void ends_begin(struct snapshot *snap)
{
	struct ends *ends = &snap->ends;

	ends->n_socks = snap->table.n;
	ends->by_sock = mem_resize(ends->by_sock, ends->n_socks, sizeof(*ends->by_sock));
	if (ends->n_socks)
		memset(ends->by_sock, 0, ends->n_socks * sizeof(*ends->by_sock));
}

/* The place of a socket in the table that ends_begin() found; n_socks or more: it is not there. */
static size_t place_of(const struct snapshot *snap, const struct sock *sk)
{
	/* The live view has rows of sockets that are gone, which are in no table. */
	return ((uintptr_t)sk - (uintptr_t)snap->table.socks) / sizeof(*sk);
}

void ends_refer_to_rows(struct snapshot *snap)
{
	struct ends *ends = &snap->ends;

	ends->row_of = mem_resize(ends->row_of, ends->n_socks, sizeof(*ends->row_of));
	if (ends->n_socks)
		memset(ends->row_of, 0, ends->n_socks * sizeof(*ends->row_of));
	ends->rows = snap->rows;
	for (size_t i = 0; i < snap->n_rows; i++)
		ends->row_of[place_of(snap, snap->rows[i].sk)] = (uint32_t)i + 1;
}

void ends_add(struct snapshot *snap, const struct sock *sk, const struct sock *other)
{
	struct ends *ends = &snap->ends;
	uint32_t *place = &ends->by_sock[sk - snap->table.socks];
	size_t at = place_of(snap, other);

	if (ends->rows && at < ends->n_socks && ends->row_of[at]) {
		*place = (uint32_t)at + 1;
		return;
	}
	ends->list = mem_grow(ends->list, ends->n, &ends->cap, sizeof(*ends->list));
	ends->list[ends->n++] = (struct row){ .sk = other, .owner_note = NOTE_NOT_ASKED };
	*place = (uint32_t)(ends->n_socks + ends->n);
}

bool ends_has(const struct snapshot *snap, const struct sock *sk)
{
	size_t at = place_of(snap, sk);

	return at < snap->ends.n_socks && snap->ends.by_sock[at];
}

const struct row *ends_other(const struct snapshot *snap, const struct row *row)
{
	const struct ends *ends = &snap->ends;
	size_t place;

	if (!ends_has(snap, row->sk))
		return NULL;
	place = ends->by_sock[place_of(snap, row->sk)];
	return place > ends->n_socks ? &ends->list[place - ends->n_socks - 1]
				     : &ends->rows[ends->row_of[place - 1] - 1];
}
