/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorts rows: each thread sorts a share by 64-bit keys, which are usually sufficient. */
#include <config.h>

#include "query/sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"
#include "query/columns.h"
#include "query/snapshot.h"

/* Starting a thread costs as much as sorting this many rows. */
#define ROWS_WORTH_A_THREAD 4096U

/* The low bits of an item have the row's number: more sockets than that would take 25 GiB. */
#define ROW_BITS 28
#define ROW_MASK ((1ULL << ROW_BITS) - 1)

/* A row.  Items are ordered by key, then by the high bits of more, then by comparing the rows. */
struct item {
	uint64_t key;
	uint64_t more; /* above ROW_BITS; the bits below are the row's number */
};

struct order {
	const struct snapshot *snap;
	const struct sort_key *keys;
	size_t n;
	size_t undecided; /* the first of keys that an item's key does not cover */
};

static uint64_t first_bytes(const struct addr *a)
{
	return (uint64_t)a->bytes[0] << 24 | a->bytes[1] << 16 | a->bytes[2] << 8 | a->bytes[3];
}

/*
 * The default order: protocol, local port, family and local address, 52 bits.  For IPv4, including
 * v4-mapped addresses, the 48 bits of the peer follow, into more.
 */
static struct item natural_item(const struct sock *sk)
{
	uint64_t family = sk->family, peer = 0;
	struct addr local = sk->local.addr, remote = sk->remote.addr;

	if (family == ADDR_INET6) {
		family = addr_unmap(ADDR_INET6, &local, &local);
		/* Without a peer it is "::", whose first bytes are those of 0.0.0.0. */
		addr_unmap(ADDR_INET6, &remote, &remote);
	}
	if (family == ADDR_INET)
		peer = first_bytes(&remote) << 16 | sk->remote.port;
	return (struct item){
		.key = (uint64_t)sk->proto << 61 | (uint64_t)sk->local.port << 45 | family << 44 |
		       first_bytes(&local) << 12 | peer >> 36,
		.more = peer << ROW_BITS,
	};
}

/* The index of the host among those that documents told of. */
static uint32_t host_of(const struct snapshot *snap, const struct sock *sk)
{
	return sk->netns < snap->n_namespaces ? snap->namespaces[sk->netns].host : 0;
}

/* What the keys of two items do not decide. */
static int natural_compare(const struct snapshot *snap, const struct sock *a, const struct sock *b)
{
	/* IPv4 comes before the v4-mapped form of the same address. */
	int order = (int)a->family - (int)b->family;

	if (!order)
		order = memcmp(&a->local.addr, &b->local.addr, sizeof(a->local.addr));
	if (!order)
		order = memcmp(&a->remote.addr, &b->remote.addr, sizeof(a->remote.addr));
	if (!order)
		order = (int)a->remote.port - (int)b->remote.port;
	if (!order)
		order = (int)a->ip_protocol - (int)b->ip_protocol;
	if (!order && snap && snap->n_hosts > 1)
		order = (int)host_of(snap, a) - (int)host_of(snap, b);
	/*
	 * Members of a SO_REUSEPORT group differ only in this: it keeps their order in each
	 * refresh.
	 */
	if (!order)
		order = (a->cookie > b->cookie) - (a->cookie < b->cookie);
	return order;
}

int sort_compare(const struct snapshot *snap, const struct sock *a, const struct sock *b)
{
	enum addr_family x = (enum addr_family)a->family, y = (enum addr_family)b->family;
	int order = (int)a->proto - (int)b->proto;

	if (!order)
		order = (int)a->local.port - (int)b->local.port;
	if (!order)
		order = addr_compare(x, &a->local.addr, y, &b->local.addr);
	if (!order && (x != y || addr_is_v4_mapped(&a->local.addr)))
		order = addr_compare(x, &a->remote.addr, y, &b->remote.addr);
	return order ? order : natural_compare(snap, a, b);
}

static bool is_number(const struct column *c)
{
	return c->kind == VALUE_NUMBER && c->shape == COLUMN_PLAIN;
}

/*
 * Numbers by their value, unknown ones last.  Other values all have one key; in descending order
 * unknown ones a larger one, or they would come first.
 */
static uint64_t column_key(const struct order *order, const struct row *row)
{
	const struct sort_key *key = &order->keys[0];
	struct value value;

	if (!order->undecided)
		return key->is_descending && column_is_unknown(key->column, order->snap, row);
	column_value(key->column, order->snap, row, 0, &value);
	if (value.kind != VALUE_NUMBER)
		return UINT64_MAX;
	if (value.number == UINT64_MAX)
		value.number--;
	return key->is_descending ? UINT64_MAX - 1 - value.number : value.number;
}

static const struct row *row_of(const struct order *order, const struct item *item)
{
	return &order->snap->rows[item->more & ROW_MASK];
}

static int compare_closely(const struct order *order, const struct item *a, const struct item *b)
{
	const struct row *x = row_of(order, a), *y = row_of(order, b);

	for (size_t i = order->undecided; i < order->n; i++) {
		const struct sort_key *key = &order->keys[i];
		int result = column_compare(key->column, order->snap, x, y);
		bool is_known;

		if (!result)
			continue;
		if (i)
			is_known = !column_is_unknown(key->column, order->snap, x) &&
				   !column_is_unknown(key->column, order->snap, y);
		else
			is_known = !a->key; /* the keys are equal */
		return key->is_descending && is_known ? -result : result;
	}
	return order->n ? sort_compare(order->snap, x->sk, y->sk)
			: natural_compare(order->snap, x->sk, y->sk);
}

/* For qsort_r(3), which is not stable: rows that compare equal keep their order. */
static int compare_items(const void *x, const void *y, void *data)
{
	const struct order *order = data;
	const struct item *a = x, *b = y;
	int result = 0;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->more >> ROW_BITS == b->more >> ROW_BITS)
		result = compare_closely(order, a, b);
	if (!result)
		result = (a->more > b->more) - (a->more < b->more);
	return result;
}

/* Merges two adjacent sorted ranges, from..mid and mid..end, into out. */
static void merge(struct order *order, const struct item *items, size_t from, size_t mid,
		  size_t end, struct item *out)
{
	size_t left = from, right = mid, i = from;

	while (left < mid && right < end) {
		bool takes_left = compare_items(&items[left], &items[right], order) < 0;

		out[i++] = items[takes_left ? left : right];
		left += takes_left;
		right += !takes_left;
	}
	memcpy(&out[i], &items[left], (mid - left) * sizeof(*items));
	i += mid - left;
	memcpy(&out[i], &items[right], (end - right) * sizeof(*items));
}

_Static_assert(sizeof(struct row) <= sizeof(struct item), "rows take the place of items");

/* Items that several threads create and sort, a share of the rows each. */
struct sorting {
	struct order order;
	struct item *items;
	struct item *other;
	struct row *rows; /* the sorted rows, in the memory of other */
	size_t n;
	unsigned int n_shares;
};

static size_t share_start(const struct sorting *s, unsigned int share)
{
	return s->n * share / s->n_shares;
}

static void sort_share(void *data, unsigned int share)
{
	struct sorting *s = data;
	size_t from = share_start(s, share), end = share_start(s, share + 1);

	for (size_t i = from; i < end; i++) {
		const struct row *row = &s->order.snap->rows[i];

		if (s->order.n)
			s->items[i] = (struct item){ .key = column_key(&s->order, row) };
		else
			s->items[i] = natural_item(row->sk);
		s->items[i].more |= i;
	}
	qsort_r(s->items + from, end - from, sizeof(*s->items), compare_items, &s->order);
}

/* Merges the sorted shares pairwise. */
static void merge_shares(struct sorting *s)
{
	for (unsigned int width = 1; width < s->n_shares; width *= 2) {
		struct item *items = s->items;

		for (unsigned int left = 0; left < s->n_shares; left += 2 * width) {
			unsigned int mid = left + width, right = left + 2 * width;

			mid = mid < s->n_shares ? mid : s->n_shares;
			right = right < s->n_shares ? right : s->n_shares;
			merge(&s->order, items, share_start(s, left), share_start(s, mid),
			      share_start(s, right), s->other);
		}
		s->items = s->other;
		s->other = items;
	}
}

/* Copies a share of the rows to their sorted positions. */
static void place_share(void *data, unsigned int share)
{
	const struct sorting *s = data;

	for (size_t i = share_start(s, share); i < share_start(s, share + 1); i++)
		s->rows[i] = s->order.snap->rows[s->items[i].more & ROW_MASK];
}

void sort_rows(struct snapshot *snap, const struct sort_key *keys, size_t n)
{
	struct sorting s = {
		.order = { snap, keys, n, n && is_number(keys[0].column) },
		.n = snap->n_rows,
	};

	if (s.n < 2 || s.n > ROW_MASK)
		return;
	s.items = mem_resize(NULL, s.n, sizeof(*s.items));
	s.other = mem_resize(NULL, s.n, sizeof(*s.other));
	s.n_shares = thread_crew_size(s.n, ROWS_WORTH_A_THREAD);
	thread_crew(s.n_shares, sort_share, &s);
	merge_shares(&s);
	/* Reuses memory: allocating more would take as long as sorting. */
	s.rows = (void *)s.other;
	thread_crew(s.n_shares, place_share, &s);
	free(s.items);
	free(snap->rows);
	snap->rows = s.rows;
	snap->rows_cap = s.n;
}
