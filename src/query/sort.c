/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order of rows: a merge sort over 64-bit keys that most often decide alone. */
#include <config.h>

#include "query/sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/columns.h"
#include "query/snapshot.h"

struct item {
	uint64_t key; /* a smaller one comes first; equal ones go by more, then are looked at closely */
	uint64_t more;
	uint32_t row;
};

struct order {
	const struct snapshot *snap;
	const struct sort_key *keys;
	size_t n;
	size_t undecided; /* the first of keys that an item's key says nothing of */
};

static uint64_t first_bytes(const struct addr *a)
{
	return (uint64_t)a->bytes[0] << 24 | a->bytes[1] << 16 | a->bytes[2] << 8 | a->bytes[3];
}

/* Protocol, local port, IPv4 before IPv6, and the local address; of IPv4 the peer, too, so that is all. */
static void natural_key(const struct sock *sk, struct item *item)
{
	item->key = (uint64_t)sk->proto << 60 | (uint64_t)sk->local.port << 44 |
		    (uint64_t)sk->family << 43 | first_bytes(&sk->local.addr) << 11;
	item->more = 0;
	if (sk->family == ADDR_INET)
		item->more = first_bytes(&sk->remote.addr) << 16 | sk->remote.port;
}

static int natural_compare(const struct sock *a, const struct sock *b)
{
	int order = memcmp(&a->local.addr, &b->local.addr, sizeof(a->local.addr));

	if (!order)
		order = memcmp(&a->remote.addr, &b->remote.addr, sizeof(a->remote.addr));
	if (!order)
		order = (int)a->remote.port - (int)b->remote.port;
	if (!order)
		order = (int)a->ip_protocol - (int)b->ip_protocol;
	/* Members of a SO_REUSEPORT group are alike but for this; they keep their order between looks. */
	if (!order)
		order = (a->cookie > b->cookie) - (a->cookie < b->cookie);
	return order;
}

static bool is_number(const struct column *c)
{
	return c->kind == VALUE_NUMBER && c->shape == COLUMN_PLAIN;
}

/*
 * A number by its value, unknown ones last.  Everything else alike, but for what is unknown where the
 * order is turned round: by itself it would come first then.
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

static int compare_closely(const struct order *order, const struct item *a, const struct item *b)
{
	const struct row *x = &order->snap->rows[a->row], *y = &order->snap->rows[b->row];

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
			is_known = !a->key; /* the keys are alike */
		return key->is_descending && is_known ? -result : result;
	}
	return order->n ? 0 : natural_compare(x->sk, y->sk);
}

/* May a stand before b? */
static inline bool is_ordered(const struct order *order, const struct item *a, const struct item *b)
{
	if (a->key != b->key)
		return a->key < b->key;
	if (a->more != b->more)
		return a->more < b->more;
	return compare_closely(order, a, b) <= 0;
}

/* Two sorted neighbours, from and mid to end, into out. */
static void merge(const struct order *order, const struct item *items, size_t from, size_t mid,
		  size_t end, struct item *out)
{
	size_t left = from, right = mid, i = from;

	while (left < mid && right < end) {
		bool takes_left = is_ordered(order, &items[left], &items[right]);

		out[i++] = items[takes_left ? left : right];
		left += takes_left;
		right += !takes_left;
	}
	memcpy(&out[i], &items[left], (mid - left) * sizeof(*items));
	i += mid - left;
	memcpy(&out[i], &items[right], (end - right) * sizeof(*items));
}

static struct item *merge_sort(const struct order *order, struct item *items, struct item *other,
			       size_t n)
{
	for (size_t width = 1; width < n; width *= 2) {
		struct item *swap = items;

		for (size_t from = 0; from < n; from += 2 * width) {
			size_t mid = from + width < n ? from + width : n;
			size_t end = from + 2 * width < n ? from + 2 * width : n;

			/* Most tables come half sorted. */
			if (mid == end || is_ordered(order, &items[mid - 1], &items[mid]))
				memcpy(other + from, items + from, (end - from) * sizeof(*items));
			else
				merge(order, items, from, mid, end, other);
		}
		items = other;
		other = swap;
	}
	return items;
}

void sort_rows(struct snapshot *snap, const struct sort_key *keys, size_t n)
{
	struct order order = { .snap = snap, .keys = keys, .n = n };
	size_t n_rows = snap->n_rows;
	struct item *items, *sorted;
	struct row *rows;

	if (n_rows < 2)
		return;
	order.undecided = n && is_number(keys[0].column);
	items = mem_resize(NULL, n_rows, 2 * sizeof(*items));
	for (size_t i = 0; i < n_rows; i++) {
		const struct row *row = &snap->rows[i];

		items[i] = (struct item){ .row = (uint32_t)i };
		if (n)
			items[i].key = column_key(&order, row);
		else
			natural_key(row->sk, &items[i]);
	}
	sorted = merge_sort(&order, items, items + n_rows, n_rows);
	rows = mem_resize(NULL, n_rows, sizeof(*rows));
	for (size_t i = 0; i < n_rows; i++)
		rows[i] = snap->rows[sorted[i].row];
	free(items);
	free(snap->rows);
	snap->rows = rows;
	snap->rows_cap = n_rows;
}
