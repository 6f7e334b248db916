/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the ways of finding owners give: processes, and the descriptors of sockets that they hold.
 */
#include <config.h>

#include "resolve/holdings.h"

#include <stdlib.h>

#include "base/mem.h"
#include "resolve/proc_dir.h"

static int compare_listed(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

void holdings_fini(struct holdings *h)
{
	free(h->list);
	free(h->holdings);
	free(h->rings);
	free(h->listed);
	*h = (struct holdings){ 0 };
}

void holdings_clear(struct holdings *h)
{
	h->n = 0;
	h->n_holdings = 0;
	h->n_rings = 0;
	h->n_listed = 0;
	h->denied = 0;
}

struct holder *holdings_add_holder(struct holdings *h)
{
	h->list = mem_grow(h->list, h->n, &h->cap, sizeof(*h->list));
	h->list[h->n] = (struct holder){ 0 };
	return &h->list[h->n++];
}

void holdings_add(struct holdings *h, const struct holding *holding)
{
	h->holdings = mem_grow(h->holdings, h->n_holdings, &h->holdings_cap, sizeof(*h->holdings));
	h->holdings[h->n_holdings++] = *holding;
}

void holdings_add_ring(struct holdings *h, const struct ring *ring)
{
	h->rings = mem_grow(h->rings, h->n_rings, &h->rings_cap, sizeof(*h->rings));
	h->rings[h->n_rings++] = *ring;
}

void holdings_add_listed(struct holdings *h, int32_t pid)
{
	h->listed = mem_grow(h->listed, h->n_listed, &h->listed_cap, sizeof(*h->listed));
	h->listed[h->n_listed++] = (struct listed){ .pid = pid };
}

void holdings_sort_listed(struct holdings *h)
{
	qsort(h->listed, h->n_listed, sizeof(*h->listed), compare_listed);
}

void holdings_note_error(struct holdings *h, int32_t pid, int err)
{
	struct listed key = { .pid = pid }, *process;

	if (!err || proc_is_gone(err))
		return;
	process = h->n_listed ? bsearch(&key, h->listed, h->n_listed, sizeof(key), compare_listed)
			      : NULL;
	if (process && process->is_denied)
		return;
	if (process)
		process->is_denied = true;
	h->denied++;
}

uint32_t holdings_find(const struct holdings *h, int32_t pid)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->list[i].process.pid == pid)
			return (uint32_t)i;
	return UINT32_MAX;
}
