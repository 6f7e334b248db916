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
#include "live/figures.h"
#include "live/frame.h"
#include "live/groups.h"
#include "live/pad.h"
#include "live/tree.h"
#include "query/columns.h"

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

/* What TCP measured on all connections of a group. */
struct measured {
	const struct column *columns[3]; /* round trip time, segments sent and retransmitted */
	uint64_t sums[3];
	uint64_t n[3]; /* values in each sum */
};

static void measure(const struct snapshot *snap, const struct row *row, struct measured *m)
{
	for (size_t i = 0; i < 3; i++) {
		struct value value;

		column_value(m->columns[i], snap, row, 0, &value);
		if (value.kind != VALUE_NUMBER)
			continue;
		m->sums[i] += value.number;
		m->n[i]++;
	}
}

static void put_measured(struct pad *pad, const struct measured *m)
{
	struct buf text = { 0 }, all = { 0 }, lost = { 0 };

	if (m->sums[0]) {
		buf_str(&text, "rtt ");
		duration_text(m->sums[0] / m->n[0], &text);
		pad_put(pad, text.data, text.len);
	}
	if (m->sums[1]) {
		count_text(m->sums[2], &lost);
		count_text(m->sums[1], &all);
		buf_clear(&text);
		buf_printf(&text, _("retransmitted %s of %s"), buf_cstr(&lost), buf_cstr(&all));
		pad_put(pad, text.data, text.len);
	}
	buf_fini(&text);
	buf_fini(&all);
	buf_fini(&lost);
}

/* The peers of a group and how many connections each has.  Zero-initialised is empty. */
struct clients {
	struct client *list;
	size_t n;
	uint32_t n_connections;
	struct map by_addr;
	struct measured measured;
};

static void find_clients(struct clients *clients, const struct cells *c,
			 const struct live_group *group)
{
	clients->list = mem_calloc(group->n_all + 1, sizeof(*clients->list));
	clients->measured =
		(struct measured){ .columns = { column_find("tcp.rtt_us", 10),
						column_find("tcp.segs_out", 12),
						column_find("tcp.retrans_total", 17) } };
	for (uint32_t at = group->first; at != MAP_NONE; at = c->tree->groups.children[at].next) {
		const struct row *row = &c->tree->rows.list[c->tree->groups.children[at].row];
		uint32_t *client;
		bool is_added;

		if (!sock_has(row->sk, SOCK_HAS_PEER))
			continue;
		client = map_add(&clients->by_addr, group_peer_id(row->sk), (uint32_t)clients->n,
				 &is_added);
		if (is_added)
			clients->list[clients->n++].sk = row->sk;
		clients->list[*client].n++;
		clients->n_connections++;
		measure(&c->tree->rows.frame->snap, row, &clients->measured);
	}
	qsort(clients->list, clients->n, sizeof(*clients->list), compare_clients);
}

static void client_text(const struct client *client, struct buf *out)
{
	struct addr addr;
	enum addr_family family =
		addr_unmap((enum addr_family)client->sk->family, &client->sk->remote.addr, &addr);

	addr_text(out, family, &addr);
	buf_printf(out, " x%u", client->n);
}

#define CLIENTS_SHOWN 12

void details_put_peers(struct pad *pad, const struct cells *c, const struct live_group *group)
{
	struct clients clients = { 0 };
	struct buf text = { 0 };

	find_clients(&clients, c, group);
	if (clients.n)
		pad_line(pad, group->kind == GROUP_LISTENER ? _("clients") : _("peers"));
	for (size_t i = 0; i < clients.n && i < CLIENTS_SHOWN; i++) {
		buf_clear(&text);
		/* The first one behind the number of all connections. */
		if (!i)
			buf_printf(&text, "%u: ", clients.n_connections);
		client_text(&clients.list[i], &text);
		pad_put(pad, text.data, text.len);
	}
	if (clients.n > CLIENTS_SHOWN) {
		buf_clear(&text);
		buf_printf(&text, P_("and %zu more", "and %zu more", clients.n - CLIENTS_SHOWN),
			   clients.n - CLIENTS_SHOWN);
		pad_put(pad, text.data, text.len);
	}
	put_measured(pad, &clients.measured);
	map_fini(&clients.by_addr);
	buf_fini(&text);
	free(clients.list);
}
