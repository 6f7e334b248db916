/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sorts rows: each thread sorts a share by 64-bit keys, which are usually sufficient.  By several
 * columns it sorts as often, the least significant first: equal rows keep their order.
 */
#include <config.h>

#include "query/sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/thread.h"
#include "query/column_values.h"
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
	const struct sort_key *by; /* NULL: the default order, or by number */
	uint64_t (*number)(const void *data, const struct row *row);
	const void *data;
	bool is_exact; /* rows with the same key are equal */
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
	if (!order && (x != y || addr_is_v4_mapped(&a->local.addr))) {
		order = addr_compare(x, &a->remote.addr, y, &b->remote.addr);
		if (!order)
			order = (int)a->remote.port - (int)b->remote.port;
	}
	return order ? order : natural_compare(snap, a, b);
}

static bool is_number(const struct column *c)
{
	return c->kind == VALUE_NUMBER && c->shape == COLUMN_PLAIN;
}

/* Numbers by their value, unknown ones last. */
static uint64_t number_key(const struct order *order, const struct row *row)
{
	struct value value;

	column_value(order->by->column, order->snap, row, 0, &value);
	if (value.kind != VALUE_NUMBER)
		return UINT64_MAX;
	if (value.number == UINT64_MAX)
		value.number--;
	return order->by->is_descending ? UINT64_MAX - 1 - value.number : value.number;
}

/* Which end of a row a column shows, if it does that and nothing else. */
static bool has_end(const struct column *c)
{
	return c->compare == compare_local || c->compare == compare_peer;
}

#define END_IS_V6 (1ULL << 62)

/* IPv4 entirely, of IPv6 the first bits; a row without a peer last. */
static uint64_t end_key(const struct order *order, const struct row *row)
{
	const struct sock *sk = row->sk;
	bool is_local = order->by->column->compare == compare_local;
	const struct endpoint *end = is_local ? &sk->local : &sk->remote;
	struct addr addr;
	uint64_t key;

	if (!is_local && !sock_has(sk, SOCK_HAS_PEER))
		return UINT64_MAX;
	if (addr_unmap((enum addr_family)sk->family, &end->addr, &addr) == ADDR_INET)
		key = first_bytes(&addr) << 16 | end->port;
	else
		key = END_IS_V6 | first_bytes(&addr) << 30 | (uint64_t)addr.bytes[4] << 22 |
		      (uint64_t)addr.bytes[5] << 14;
	return order->by->is_descending ? 2 * END_IS_V6 - 1 - key : key;
}

/* Are two rows with this key equal? */
static bool is_exact(const struct order *order, uint64_t key)
{
	return order->is_exact || (order->by && !(key & END_IS_V6) == !order->by->is_descending);
}

static const struct row *row_of(const struct order *order, const struct item *item)
{
	return &order->snap->rows[item->more & ROW_MASK];
}

static int compare_closely(const struct order *order, const struct item *a, const struct item *b)
{
	const struct row *x = row_of(order, a), *y = row_of(order, b);
	int result;

	if (!order->by)
		return natural_compare(order->snap, x->sk, y->sk);
	/* Those without a peer are all equal. */
	result = column_compare(order->by->column, order->snap, x, y);
	return order->by->is_descending ? -result : result;
}

/* For qsort_r(3), which is not stable: rows that compare equal keep their order. */
static int compare_items(const void *x, const void *y, void *data)
{
	const struct order *order = data;
	const struct item *a = x, *b = y;
	int result = 0;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (!is_exact(order, a->key) && a->more >> ROW_BITS == b->more >> ROW_BITS)
		result = compare_closely(order, a, b);
	if (!result)
		result = (a->more > b->more) - (a->more < b->more);
	return result;
}

/* ---- columns whose values are no numbers: equal values are one class, and only classes are compared ---- */

struct classes {
	struct order *order;
	uint32_t *rows; /* one row of each */
	size_t n;
	size_t cap;
	struct map by_value;
	struct buf text;
};

/* Rows with different values have different numbers, as far as a hash has. */
static uint64_t class_of(struct classes *c, const struct row *row)
{
	const struct column *column = c->order->by->column;
	const struct snapshot *snap = c->order->snap;
	struct value value = { .kind = VALUE_NULL };

	if (column->compare == compare_process && row_process(row) != ROW_NO_PROCESS)
		return 1ULL << 32 | row_process(row);
	if (column->compare == compare_process) {
		struct owner_span owners = row_owners(snap, row);

		if (!owners.n)
			return row->owner_note;
		return 1ULL << 32 | owners.list[row_owner_shown(snap, row, owners, 0)].process;
	}
	if (!column->compare && column->get && column->kind == VALUE_TEXT) {
		if (column_count(column, snap, row))
			column_value(column, snap, row, 0, &value);
		return value.kind == VALUE_TEXT ? map_hash(1, value.text.bytes, value.text.len) : 0;
	}
	buf_clear(&c->text);
	column_text(column, snap, row, &c->text);
	return map_hash(column_is_unknown(column, snap, row), c->text.data, c->text.len);
}

static int compare_classes(const void *a, const void *b, void *data)
{
	const struct order *order = data;
	const uint32_t *x = a, *y = b;

	return column_compare(order->by->column, order->snap, &order->snap->rows[*x],
			      &order->snap->rows[*y]);
}

/* The key of each class, at its first row: its rank.  Unknown ones are last in either direction. */
static void rank_classes(struct classes *c, struct item *items)
{
	const struct order *order = c->order;
	const struct row *rows = order->snap->rows;
	uint64_t rank = 0;

	if (!c->n)
		return;
	qsort_r(c->rows, c->n, sizeof(*c->rows), compare_classes, c->order);
	for (size_t i = 0; i < c->n; i++) {
		bool is_unknown =
			order->by->is_descending &&
			column_is_unknown(order->by->column, order->snap, &rows[c->rows[i]]);

		if (i && compare_classes(&c->rows[i - 1], &c->rows[i], c->order) != 0)
			rank++;
		items[c->rows[i]].key =
			order->by->is_descending && !is_unknown ? c->n - 1 - rank : c->n + rank;
	}
}

static void find_classes(struct order *order, struct item *items)
{
	struct classes c = { .order = order };
	uint32_t n = (uint32_t)order->snap->n_rows;

	for (uint32_t i = 0; i < n; i++) {
		bool is_added;

		items[i].more =
			*map_add(&c.by_value, class_of(&c, &order->snap->rows[i]), i, &is_added);
		if (!is_added)
			continue;
		c.rows = mem_grow(c.rows, c.n, &c.cap, sizeof(*c.rows));
		c.rows[c.n++] = i;
	}
	rank_classes(&c, items);
	for (uint32_t i = 0; i < n; i++)
		items[i].key = items[items[i].more].key;
	map_fini(&c.by_value);
	buf_fini(&c.text);
	free(c.rows);
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

static void make_share(void *data, unsigned int share)
{
	struct sorting *s = data;
	size_t from = share_start(s, share), end = share_start(s, share + 1);

	for (size_t i = from; i < end; i++) {
		const struct row *row = &s->order.snap->rows[i];

		if (s->order.number)
			s->items[i] = (struct item){ .key = s->order.number(s->order.data, row) };
		else if (!s->order.by)
			s->items[i] = natural_item(row->sk);
		else if (is_number(s->order.by->column))
			s->items[i] = (struct item){ .key = number_key(&s->order, row) };
		else if (has_end(s->order.by->column))
			s->items[i] = (struct item){ .key = end_key(&s->order, row) };
		else
			s->items[i].more = 0;
		s->items[i].more |= i;
	}
}

#define DIGIT_BITS 11
#define DIGIT_VALUES (1U << DIGIT_BITS)

/* Where the digits of an item begin: of more, above the row's number, then 64 bits on, of key. */
static const uint8_t digits[] = { 28, 39, 50, 61, 64, 75, 86, 97, 108, 119 };
_Static_assert(ROW_BITS == 28, "the first digit stands above the row's number");

static size_t digit_of(const struct item *item, unsigned int bit)
{
	return (bit < 64 ? item->more >> bit : item->key >> (bit - 64)) & (DIGIT_VALUES - 1);
}

/* One pass of a radix sort, stable. */
static void sort_by_digit(const struct item *items, struct item *to, size_t n, unsigned int bit)
{
	uint32_t starts[DIGIT_VALUES] = { 0 }, start = 0;

	for (size_t i = 0; i < n; i++)
		starts[digit_of(&items[i], bit)]++;
	for (size_t value = 0; value < DIGIT_VALUES; value++) {
		uint32_t n_alike = starts[value];

		starts[value] = start;
		start += n_alike;
	}
	for (size_t i = 0; i < n; i++)
		to[starts[digit_of(&items[i], bit)]++] = items[i];
}

/* Sorts by key, then by more; the digits that are the same in all items are left out. */
static void sort_by_digits(struct item *items, struct item *other, size_t n)
{
	struct item *from = items, *to = other, differ = { 0 };

	for (size_t i = 1; i < n; i++) {
		differ.key |= items[i].key ^ items[0].key;
		differ.more |= items[i].more ^ items[0].more;
	}
	for (size_t i = 0; i < sizeof(digits); i++) {
		struct item *sorted = to;

		if (!digit_of(&differ, digits[i]))
			continue;
		sort_by_digit(from, to, n, digits[i]);
		to = from;
		from = sorted;
	}
	if (from != items)
		memcpy(items, from, n * sizeof(*items));
}

static bool are_alike(const struct item *a, const struct item *b)
{
	return a->key == b->key && a->more >> ROW_BITS == b->more >> ROW_BITS;
}

static void sort_items(struct item *items, size_t n, struct order *order)
{
	if (n > 1)
		qsort_r(items, n, sizeof(*items), compare_items, order);
}

static void sort_share(void *data, unsigned int share)
{
	struct sorting *s = data;
	size_t first = share_start(s, share), end = share_start(s, share + 1);
	struct item *items = s->items;

	/* With fewer items than digits have values there is more to count than to compare. */
	if (end - first < DIGIT_VALUES) {
		sort_items(items + first, end - first, &s->order);
		return;
	}
	sort_by_digits(items + first, s->other + first, end - first);
	for (size_t next = first; first < end; first = next) {
		while (next < end && are_alike(&items[first], &items[next]))
			next++;
		if (!is_exact(&s->order, items[first].key))
			sort_items(items + first, next - first, &s->order);
	}
}

static bool is_sorted(struct sorting *s)
{
	for (size_t i = 1; i < s->n; i++)
		if (compare_items(&s->items[i - 1], &s->items[i], &s->order) > 0)
			return false;
	return true;
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

/* Reuses memory: allocating more would take as long as sorting. */
static void sort_in(struct sort_room *room, struct snapshot *snap, const struct order *order)
{
	size_t cap = room->spare ? snap->rows_cap : snap->n_rows;
	struct sorting s = { .order = *order, .n = snap->n_rows };

	if (room->cap < cap) {
		free(room->items);
		room->items = mem_resize(NULL, cap, sizeof(*s.items));
		room->cap = cap;
	}
	s.items = room->items;
	s.other = room->spare ? (void *)room->spare : mem_resize(NULL, cap, sizeof(*s.other));
	if (order->by && order->is_exact && !is_number(order->by->column))
		find_classes(&s.order, s.items);
	s.n_shares = thread_crew_size(s.n, ROWS_WORTH_A_THREAD);
	thread_crew(s.n_shares, make_share, &s);
	/* What is sorted again and again, as by the live view, often is sorted. */
	if (is_sorted(&s)) {
		if (!room->spare)
			free(s.other);
		return;
	}
	thread_crew(s.n_shares, sort_share, &s);
	merge_shares(&s);
	s.rows = (void *)s.other;
	thread_crew(s.n_shares, place_share, &s);
	/* Of three arrays of this size each may now be another's. */
	room->items = s.items;
	room->cap = cap;
	if (room->spare)
		room->spare = snap->rows;
	else
		free(snap->rows);
	snap->rows = s.rows;
	snap->rows_cap = cap;
}

static void sort(struct snapshot *snap, const struct order *order, struct sort_room *room)
{
	struct sort_room own = { 0 };

	if (snap->n_rows < 2 || snap->n_rows > ROW_MASK)
		return;
	sort_in(room ? room : &own, snap, order);
	free(own.items);
}

void sort_rows_by_number(struct snapshot *snap,
			 uint64_t (*number)(const void *data, const struct row *row),
			 const void *data, struct sort_room *room)
{
	const struct order order = { snap, NULL, number, data, true };

	sort(snap, &order, room);
}

void sort_rows_again(struct snapshot *snap, const struct sort_key *keys, size_t n,
		     struct sort_room *room)
{
	while (n--) {
		const struct order order = { .snap = snap,
					     .by = &keys[n],
					     .is_exact = !has_end(keys[n].column) };

		sort(snap, &order, room);
	}
}

void sort_rows(struct snapshot *snap, const struct sort_key *keys, size_t n)
{
	const struct order order = { .snap = snap };

	sort(snap, &order, NULL);
	sort_rows_again(snap, keys, n, NULL);
}

void sort_table(struct sock_table *t)
{
	struct snapshot all = { .rows = mem_resize(NULL, t->n, sizeof(*all.rows)), .n_rows = t->n };
	struct row *rows;

	for (size_t i = 0; i < t->n; i++)
		all.rows[i] = (struct row){ .sk = &t->socks[i] };
	sort_rows(&all, NULL, 0);
	rows = all.rows;
	/* In place, around each circle of places that want one another's sockets. */
	for (size_t i = 0; i < t->n; i++) {
		struct sock first = t->socks[i];
		size_t at = i;

		while (rows[at].sk != &t->socks[i]) {
			size_t from = (size_t)(rows[at].sk - t->socks);

			t->socks[at] = t->socks[from];
			rows[at].sk = &t->socks[at];
			at = from;
		}
		t->socks[at] = first;
		rows[at].sk = &t->socks[at];
	}
	free(rows);
}
