/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order of rows: the natural one, by keys, stable, with what is unknown at the end. */
#include <config.h>

#include "query/sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "random.h"
#include "rows.h"

/* A row's mark: what tells rows apart that are equal to the sort. */
static void add(struct rows *r, const struct sock *sk, uint32_t mark)
{
	struct sock copy = *sk;

	copy.mark = mark;
	rows_add(r, &copy);
}

static void expect_marks(const struct rows *r, const uint32_t *want, size_t n)
{
	assert_int_equal(r->snap.n_rows, n);
	for (size_t i = 0; i < n; i++)
		if (r->snap.rows[i].sk->mark != want[i])
			fail_msg("row %zu is %u instead of %u", i, r->snap.rows[i].sk->mark,
				 want[i]);
}
#define EXPECT(r, ...)                                               \
	do {                                                         \
		static const uint32_t want[] = { __VA_ARGS__ };      \
		expect_marks(r, want, sizeof(want) / sizeof(*want)); \
	} while (0)

static void sort_by(struct rows *r, const char *key, bool is_descending)
{
	struct sort_key keys[] = { { rows_column(key), is_descending } };

	rows_make(r);
	sort_rows(&r->snap, keys, 1);
}

/* Protocol, local port, IPv4 before IPv6, local address, peer address, peer port. */
static void natural_order(void **state)
{
	static const struct {
		enum sock_proto proto;
		const char *local;
		uint16_t local_port;
		const char *peer;
		uint16_t peer_port;
	} in_order[] = {
		{ PROTO_TCP, "9.0.0.1", 22, NULL, 0 },
		{ PROTO_TCP, "10.0.0.1", 22, NULL, 0 },
		{ PROTO_TCP, "10.0.0.1", 22, "10.0.0.2", 9 },
		{ PROTO_TCP, "10.0.0.1", 22, "10.0.0.2", 10 },
		{ PROTO_TCP, "10.0.0.1", 22, "10.0.0.3", 1 },
		/* As the IPv4 addresses that they are. */
		{ PROTO_TCP, "::ffff:10.0.0.1", 22, "::ffff:10.0.0.3", 2 },
		{ PROTO_TCP, "::ffff:11.0.0.1", 22, NULL, 0 },
		{ PROTO_TCP, "::", 22, NULL, 0 },
		/* Alike in the first five bytes. */
		{ PROTO_TCP, "2001:db8::1", 22, NULL, 0 },
		{ PROTO_TCP, "2001:db8::2", 22, NULL, 0 },
		{ PROTO_TCP, "0.0.0.0", 443, NULL, 0 },
		{ PROTO_TCP, "0.0.0.0", 8080, NULL, 0 },
		{ PROTO_UDP, "0.0.0.0", 1, NULL, 0 },
		{ PROTO_RAW, "0.0.0.0", 0, NULL, 0 },
	};
	struct rows *r = *state;
	size_t n = sizeof(in_order) / sizeof(*in_order);
	uint32_t want[sizeof(in_order) / sizeof(*in_order)];

	for (size_t i = 0; i < n; i++) {
		size_t at = i * 5 % n;
		struct sock sk = rows_sock(in_order[at].proto, SOCK_STATE_ESTABLISHED,
					   in_order[at].local, in_order[at].local_port,
					   in_order[at].peer, in_order[at].peer_port);

		add(r, &sk, (uint32_t)at);
		want[i] = (uint32_t)i;
	}
	rows_make(r);
	sort_rows(&r->snap, NULL, 0);
	expect_marks(r, want, n);
}

static void by_number(void **state)
{
	static const uint16_t ports[] = { 443, 22, 8080, 80, 22 };
	struct rows *r = *state;
	struct sock raw = rows_sock(PROTO_RAW, SOCK_STATE_BOUND, "::", 0, NULL, 0);

	add(r, &raw, 9);
	for (uint32_t i = 0; i < 5; i++) {
		struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", ports[i], NULL, 0);

		add(r, &sk, i);
	}
	sort_by(r, "local_port", false);
	EXPECT(r, 1, 4, 3, 0, 2, 9);
	sort_by(r, "local_port", true);
	EXPECT(r, 2, 0, 3, 1, 4, 9);
}

/* What is unknown stands last in either direction, for texts, composites and groups alike. */
static void unknown_is_last(void **state)
{
	static const char *const keys[] = { "peer",	  "peer_addr", "peer_port", "timer",
					    "timer.kind", "process",   "owners",    "owners.pid" };
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 1, "10.0.0.2", 2);
	struct sock none = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "10.0.0.1", 1, NULL, 0);

	make_process(&r->tree, 5, "server", 1);
	make_link(&r->tree, "5/fd/3", "socket:[500]");
	sk.known |= SOCK_HAS_TIMER | SOCK_HAS_INODE;
	sk.timer = SOCK_TIMER_ON;
	sk.inode = 500;
	add(r, &none, 0);
	add(r, &sk, 1);
	add(r, &none, 2);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		for (int is_descending = 0; is_descending < 2; is_descending++) {
			struct sort_key key = { rows_column(keys[i]), is_descending };

			rows_make(r);
			rows_find_owners(r);
			sort_rows(&r->snap, &key, 1);
			if (r->snap.rows[0].sk->mark != 1)
				fail_msg("%s%s: an unknown one comes first",
					 is_descending ? "-" : "", keys[i]);
			/* Equal ones keep their order. */
			assert_int_equal(r->snap.rows[1].sk->mark, 0);
			assert_int_equal(r->snap.rows[2].sk->mark, 2);
		}
	}
}

static void several_keys(void **state)
{
	struct rows *r = *state;
	struct sort_key keys[] = { { rows_column("state"), false },
				   { rows_column("local_port"), true } };

	for (uint32_t i = 0; i < 6; i++) {
		struct sock sk = rows_sock(PROTO_TCP, i % 2 ? SOCK_STATE_LISTEN : SOCK_STATE_BOUND,
					   "::", (uint16_t)i, NULL, 0);

		add(r, &sk, i);
	}
	rows_make(r);
	sort_rows(&r->snap, keys, 2);
	EXPECT(r, 4, 2, 0, 5, 3, 1);
}

/* Many rows, few values: what is equal keeps the order in which it came, up and down. */
static void stable(void **state)
{
	struct rows *r = *state;
	uint64_t seed = 1;

	for (uint32_t i = 0; i < 1000; i++) {
		struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN,
					   "::", (uint16_t)(random_next(&seed) % 7), NULL, 0);

		add(r, &sk, i);
	}
	for (int is_descending = 0; is_descending < 2; is_descending++) {
		sort_by(r, "local_port", is_descending);
		assert_int_equal(r->snap.n_rows, 1000);
		for (size_t i = 1; i < 1000; i++) {
			const struct sock *a = r->snap.rows[i - 1].sk, *b = r->snap.rows[i].sk;
			int order = (int)a->local.port - (int)b->local.port;

			if (is_descending)
				order = -order;
			assert_true(order < 0 || (order == 0 && a->mark < b->mark));
		}
	}
}

/* The largest number of all is a number, and stands before what is unknown. */
static void the_largest_number(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "::1", 1, "::1", 2);
	unsigned char info[248];

	add(r, &sk, 0);
	memset(info, 0xff, sizeof(info));
	add(r, &sk, 1);
	sock_table_attach(&r->snap.table, SOCK_EXTRA_TCP_INFO, info, sizeof(info));
	memset(info, 0, sizeof(info));
	add(r, &sk, 2);
	sock_table_attach(&r->snap.table, SOCK_EXTRA_TCP_INFO, info, sizeof(info));
	sort_by(r, "tcp.bytes_sent", false);
	EXPECT(r, 2, 1, 0);
	sort_by(r, "tcp.bytes_sent", true);
	EXPECT(r, 1, 2, 0);
}

static struct sock random_sock(uint64_t *seed)
{
	static const char *const addrs[] = { "10.0.0.1",    "10.0.0.2",	   "::ffff:10.0.0.1",
					     "2001:db8::1", "2001:db8::2", "2001:db9::1" };
	size_t local = random_next(seed) % 6;
	/* A v4-mapped address has a peer of its kind. */
	bool has_peer = random_next(seed) % 3 || local == 2;
	size_t peer = local < 2 ? random_next(seed) % 2 : local > 2 ? 3 + random_next(seed) % 3 : 2;
	struct sock sk =
		rows_sock(random_next(seed) % 2 ? PROTO_TCP : PROTO_UDP,
			  has_peer ? SOCK_STATE_ESTABLISHED : SOCK_STATE_LISTEN, addrs[local],
			  (uint16_t)(random_next(seed) % 3 + 80), has_peer ? addrs[peer] : NULL,
			  (uint16_t)(has_peer ? random_next(seed) % 3 + 1 : 0));

	sk.known |= random_next(seed) % 2 ? SOCK_HAS_INODE | SOCK_HAS_UID | SOCK_HAS_TIMER : 0;
	sk.inode = sock_has(&sk, SOCK_HAS_INODE) ? 500 + (uint32_t)random_next(seed) % 4 : 0;
	sk.uid = (uint32_t)random_next(seed) % 3;
	sk.timer = (uint8_t)(random_next(seed) % 3);
	return sk;
}

/* Is a before b, or equal and came earlier?  Unknown ones are last, up and down. */
static bool are_in_order(const struct rows *r, const struct column *c, bool is_descending,
			 const struct row *a, const struct row *b)
{
	int order = column_compare(c, &r->snap, a, b);
	bool is_a_unknown = column_is_unknown(c, &r->snap, a);
	bool is_b_unknown = column_is_unknown(c, &r->snap, b);

	if (is_descending && !is_a_unknown && !is_b_unknown)
		order = -order;
	return order < 0 || (!order && sort_compare(&r->snap, a->sk, b->sk) <= 0);
}

/* By keys, by classes or by a closer look: what decides is how the column compares. */
static void expect_every_column(struct rows *r, uint32_t n)
{
	uint64_t seed = 7;

	make_process(&r->tree, 5, "server", 1);
	make_link(&r->tree, "5/fd/3", "socket:[500]");
	make_process(&r->tree, 6, "client", 1);
	make_link(&r->tree, "6/fd/3", "socket:[501]");
	for (uint32_t i = 0; i < n; i++) {
		struct sock sk = random_sock(&seed);

		add(r, &sk, i);
	}
	for (size_t i = 0; i < 2 * columns_n; i++) {
		const struct sort_key key = { &columns[i / 2], i % 2 };

		if (!key.column->get && !key.column->compare && key.column->shape != COLUMN_GROUP)
			continue;
		rows_make(r);
		rows_find_owners(r);
		sort_rows(&r->snap, &key, 1);
		for (size_t k = 1; k < r->snap.n_rows; k++)
			if (!are_in_order(r, key.column, key.is_descending, &r->snap.rows[k - 1],
					  &r->snap.rows[k]))
				fail_msg("%s%s: row %zu", i % 2 ? "-" : "", key.column->key, k);
	}
}

static void every_column(void **state)
{
	expect_every_column(*state, 300);
}

/* Memory of a sort before, the rows' own among it, changes nothing. */
static void in_memory_that_is_kept(void **state)
{
	struct rows *r = *state;
	struct sort_room room = { 0 };
	uint64_t seed = 9;
	struct snapshot again;
	size_t n = 9000;

	for (uint32_t i = 0; i < n; i++) {
		struct sock sk = random_sock(&seed);

		add(r, &sk, i);
	}
	rows_make(r);
	sort_rows(&r->snap, NULL, 0);
	again = r->snap;
	again.rows = mem_resize(NULL, n, sizeof(*again.rows));
	again.rows_cap = n;
	memcpy(again.rows, r->snap.rows, n * sizeof(*again.rows));
	room.spare = mem_resize(NULL, n, sizeof(*room.spare));
	for (size_t i = 0; i < 40; i++) {
		const struct sort_key key = { rows_column(i % 2 ? "state" : "peer"), i % 4 < 2 };

		sort_rows_again(&r->snap, &key, 1, NULL);
		sort_rows_again(&again, &key, 1, &room);
		for (size_t k = 0; k < again.n_rows; k++)
			assert_ptr_equal(again.rows[k].sk, r->snap.rows[k].sk);
	}
	free(again.rows);
	free(room.spare);
	free(room.items);
}

/* So many that each thread sorts its share digit by digit. */
#define MANY 9000

static void every_column_of_many(void **state)
{
	expect_every_column(*state, MANY);
}

/* A table in the default order has the same sockets, and each its attributes. */
static void table(void **state)
{
	struct rows *r = *state;
	uint64_t seed = 3;

	for (uint32_t i = 0; i < MANY; i++) {
		struct sock sk = random_sock(&seed);

		add(r, &sk, i);
		sock_table_attach(&r->snap.table, SOCK_EXTRA_CONGESTION, &i, sizeof(i));
	}
	sort_table(&r->snap.table);
	assert_int_equal(r->snap.table.n, MANY);
	for (size_t i = 0; i < MANY; i++) {
		const struct sock *sk = &r->snap.table.socks[i];
		size_t len;
		const void *mark =
			sock_table_extra(&r->snap.table, sk, SOCK_EXTRA_CONGESTION, &len);

		assert_memory_equal(mark, &sk->mark, sizeof(sk->mark));
		assert_true(!i || sort_compare(NULL, sk - 1, sk) <= 0);
	}
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rows_set_up, rows_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(natural_order),
		TEST(by_number),
		TEST(unknown_is_last),
		TEST(several_keys),
		TEST(stable),
		TEST(the_largest_number),
		TEST(every_column),
		TEST(in_memory_that_is_kept),
		TEST(every_column_of_many),
		TEST(table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
