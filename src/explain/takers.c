/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who gets a packet to the port now: asked of the kernel. */
#include <config.h>

#include "explain/takers.h"

#include <string.h>

#include "explain/explain.h"
#include "model/sock_table.h"
#include "query/collect.h"
#include "query/listening.h"
#include "query/namespaces.h"
#include "source/source.h"

static void ask(struct explanation *x, const struct lookup *lookup, enum addr_family family,
		const struct addr *addr)
{
	const struct endpoint to = { *addr, x->question.port };
	struct sock_table table = { 0 };

	if (x->n_takers < TAKERS_MAX &&
	    !lookup_ask(lookup, x->question.proto, family, &to, &table) && table.n)
		x->takers[x->n_takers++] = (struct taker){ family, to, table.socks[0] };
	sock_table_fini(&table);
}

/* The first address of this host that others can reach. */
static const struct addr *outside_addr(const struct explanation *x)
{
	const struct own_addrs *own = &x->facts.own;

	for (size_t i = 0; i < own->n; i++)
		if (own->list[i].family == ADDR_INET && own->list[i].netns == x->facts.netns)
			return &own->list[i].addr;
	return NULL;
}

static void ask_all(struct explanation *x, const struct lookup *lookup)
{
	static const struct addr loopback = { { 127, 0, 0, 1 } }, loopback6 = { { [15] = 1 } };
	const struct addr *outside = outside_addr(x);

	if (!addr_is_any(&x->place.addr)) {
		ask(x, lookup, x->place.family, &x->place.addr);
		return;
	}
	if (outside)
		ask(x, lookup, ADDR_INET, outside);
	ask(x, lookup, ADDR_INET, &loopback);
	if (x->place.family == ADDR_INET6)
		ask(x, lookup, ADDR_INET6, &loopback6);
}

void takers_find(struct explanation *x, const struct why_scene *scene)
{
	struct namespace_at at = { scene->sources->namespaces, x->facts.netns };
	struct lookup *lookup;

	if (lookup_open(&lookup, x->facts.is_elsewhere ? namespace_at_open_diag : NULL, &at))
		return;
	ask_all(x, lookup);
	lookup_free(lookup);
}

bool taker_is_news(const struct explanation *x, const struct taker *taker)
{
	size_t n = 0;

	if (taker->sk.local.port != x->question.port)
		return true;
	for (size_t i = 0; i < x->facts.snap.n_rows; i++)
		n += is_listening(x->facts.holders[i].sk);
	return n > 1;
}
