/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The peers of a group, most frequent first, for the details panel. */
#include <config.h>

#include "live/details_peers.h"

#include <stdlib.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/map.h"
#include "base/mem.h"
#include "live/cells.h"
#include "live/groups.h"
#include "live/pad.h"
#include "live/tree.h"

/* A peer address and the number of its connections. */
struct client {
	const struct sock *sk;
	uint32_t n;
};

static int compare_clients(const void *a, const void *b)
{
	const struct client *x = a, *y = b;

	return (x->n < y->n) - (x->n > y->n);
}

#define CLIENTS_SHOWN 12

void details_put_peers(struct pad *pad, const struct cells *c, const struct live_group *group)
{
	struct client *clients = mem_calloc(group->n_all + 1, sizeof(*clients));
	struct map by_addr = { 0 };
	struct buf text = { 0 };
	size_t n = 0;

	for (uint32_t at = group->first; at != MAP_NONE; at = c->tree->groups.children[at].next) {
		const struct sock *sk = c->tree->rows.list[c->tree->groups.children[at].row].sk;
		uint64_t key = group_peer_id(sk);
		uint32_t *client;
		bool is_added;

		if (!sock_has(sk, SOCK_HAS_PEER))
			continue;
		client = map_add(&by_addr, key, (uint32_t)n, &is_added);
		if (is_added)
			clients[n++].sk = sk;
		clients[*client].n++;
	}
	qsort(clients, n, sizeof(*clients), compare_clients);
	if (n)
		pad_line(pad, _("peers"));
	for (size_t i = 0; i < n && i < CLIENTS_SHOWN; i++) {
		const struct sock *sk = clients[i].sk;
		struct addr addr;
		enum addr_family family =
			addr_unmap((enum addr_family)sk->family, &sk->remote.addr, &addr);

		buf_clear(&text);
		addr_text(&text, family, &addr);
		buf_printf(&text, " x%u", clients[i].n);
		pad_put(pad, text.data, text.len);
	}
	if (n > CLIENTS_SHOWN) {
		buf_clear(&text);
		buf_printf(&text, P_("and %zu more", "and %zu more", n - CLIENTS_SHOWN),
			   n - CLIENTS_SHOWN);
		pad_put(pad, text.data, text.len);
	}
	map_fini(&by_addr);
	buf_fini(&text);
	free(clients);
}
