/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The socket at the other end of a connection, once it was found. */
#include <config.h>

#include "query/ends.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/snapshot.h"

struct end {
	const struct sock *sk;
	struct row other;
};

void ends_fini(struct ends *ends)
{
	free(ends->list);
	for (size_t i = 0; i < sizeof(ends->asked) / sizeof(*ends->asked); i++)
		sock_table_fini(&ends->asked[i]);
	*ends = (struct ends){ 0 };
}

void ends_clear(struct ends *ends)
{
	ends->n = 0;
	for (size_t i = 0; i < sizeof(ends->asked) / sizeof(*ends->asked); i++)
		sock_table_clear(&ends->asked[i]);
}

void ends_add(struct ends *ends, const struct row *row, const struct sock *other)
{
	ends->list = mem_grow(ends->list, ends->n, &ends->cap, sizeof(*ends->list));
	ends->list[ends->n++] = (struct end){
		.sk = row->sk,
		.other = { .sk = other, .owner_note = NOTE_NOT_ASKED },
	};
}

const struct row *ends_other(const struct snapshot *snap, const struct row *row)
{
	const struct ends *ends = &snap->ends;
	size_t low = 0, high = ends->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ends->list[middle].sk < row->sk)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ends->n && ends->list[low].sk == row->sk ? &ends->list[low].other : NULL;
}

struct row *ends_row(const struct ends *ends, size_t i)
{
	return &ends->list[i].other;
}
