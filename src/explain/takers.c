/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who gets a packet to the port now: asked of the kernel. */
#include <config.h>

#include "explain/takers.h"

#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "explain/explain.h"
#include "model/sock_table.h"
#include "query/collect.h"
#include "query/listening.h"
#include "query/namespaces.h"
#include "source/source.h"

struct opener {
	const struct namespaces *namespaces;
	uint16_t netns;
};

static int open_elsewhere(void *data)
{
	const struct opener *o = data;

	return namespaces_socket(o->namespaces, o->netns, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
}

static void ask(struct explanation *x, const struct why_scene *scene, enum addr_family family,
		const struct addr *addr)
{
	struct opener opener = { scene->sources->namespaces, x->facts.netns };
	struct source_lookup lookup = { .proto = x->question.proto,
					.family = family,
					.to = { *addr, x->question.port },
					.open_socket =
						x->facts.is_elsewhere ? open_elsewhere : NULL,
					.data = &opener };
	struct sock_table table = { 0 };

	if (x->n_takers < TAKERS_MAX && !source_lookup(&lookup, &table) && table.n)
		x->takers[x->n_takers++] = (struct taker){ family, lookup.to, table.socks[0] };
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

void takers_find(struct explanation *x, const struct why_scene *scene)
{
	static const struct addr loopback = { { 127, 0, 0, 1 } }, loopback6 = { { [15] = 1 } };
	const struct addr *outside = outside_addr(x);

	if (!addr_is_any(&x->place.addr)) {
		ask(x, scene, x->place.family, &x->place.addr);
		return;
	}
	if (outside)
		ask(x, scene, ADDR_INET, outside);
	ask(x, scene, ADDR_INET, &loopback);
	if (x->place.family == ADDR_INET6)
		ask(x, scene, ADDR_INET6, &loopback6);
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
