/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table: each socket once, by its identity, with what is attached to it. */
#include <config.h>

#include "test.h"

#include <string.h>

#include "model/sock_table.h"
#include "random.h"

static void test_cookies(void **state)
{
	struct sock a = { .cookie = 7, .known = SOCK_HAS_COOKIE, .local.port = 80, .inode = 1 };
	struct sock_table t = { 0 };
	struct sock b = a;

	(void)state;
	assert_non_null(sock_table_add(&t, &a));
	/* A state that changed between two dumps is no second socket. */
	b.state = SOCK_STATE_CLOSE_WAIT;
	b.local.port = 81;
	assert_null(sock_table_add(&t, &b));
	b = a;
	b.cookie = 8;
	assert_non_null(sock_table_add(&t, &b));
	assert_int_equal(t.n, 2);
	sock_table_clear(&t);
	assert_int_equal(t.n, 0);
	assert_non_null(sock_table_add(&t, &a));
	sock_table_fini(&t);
	sock_table_fini(&t);
}

/* Without a cookie every part of what is left tells sockets apart. */
static void test_without_cookies(void **state)
{
	const struct sock a = { .local.port = 80, .inode = 1, .state = SOCK_STATE_LISTEN };
	struct sock_table t = { 0 };
	struct sock b;

	(void)state;
	assert_non_null(sock_table_add(&t, &a));
	assert_null(sock_table_add(&t, &a));
	b = a, b.proto = PROTO_UDP;
	assert_non_null(sock_table_add(&t, &b));
	b = a, b.family = ADDR_INET6;
	assert_non_null(sock_table_add(&t, &b));
	b = a, b.local.port = 81;
	assert_non_null(sock_table_add(&t, &b));
	b = a, b.local.addr.bytes[15] = 1;
	assert_non_null(sock_table_add(&t, &b));
	b = a, b.remote.port = 1;
	assert_non_null(sock_table_add(&t, &b));
	b = a, b.remote.addr.bytes[0] = 1;
	assert_non_null(sock_table_add(&t, &b));
	b = a, b.inode = 2;
	assert_non_null(sock_table_add(&t, &b));
	b = a, b.netns = 1;
	assert_non_null(sock_table_add(&t, &b));
	b = a, b.ip_protocol = 1;
	assert_non_null(sock_table_add(&t, &b));
	/* With one it is another socket, too. */
	b = a, b.known = SOCK_HAS_COOKIE;
	assert_non_null(sock_table_add(&t, &b));
	assert_int_equal(t.n, 11);
	sock_table_fini(&t);
}

/* Many sockets, each several times, in no order. */
static void test_many(void **state)
{
	enum { N = 20000 };
	struct sock_table t = { 0 };
	uint64_t seed = 9;

	(void)state;
	for (int i = 0; i < 5 * N; i++) {
		uint64_t number = random_below(&seed, N);
		struct sock sk = { .local.port = (uint16_t)number, .inode = (uint32_t)number >> 8 };

		if (number & 1) {
			sk.cookie = number;
			sk.known = SOCK_HAS_COOKIE;
		}
		sock_table_add(&t, &sk);
	}
	assert_true(t.n <= N);
	for (uint64_t number = 0; number < N; number++) {
		struct sock sk = { .local.port = (uint16_t)number, .inode = (uint32_t)number >> 8 };

		if (number & 1) {
			sk.cookie = number;
			sk.known = SOCK_HAS_COOKIE;
		}
		sock_table_add(&t, &sk);
	}
	assert_int_equal(t.n, N);
	sock_table_fini(&t);
}

static void check_extra(const struct sock_table *t, size_t at, enum sock_extra kind,
			const char *wanted)
{
	size_t len;
	const char *data = sock_table_extra(t, &t->socks[at], kind, &len);

	if (!wanted) {
		assert_null(data);
		return;
	}
	assert_int_equal(len, strlen(wanted));
	assert_memory_equal(data, wanted, len);
	assert_int_equal((uintptr_t)data % 4, 0);
}

static void test_extras(void **state)
{
	static const char *const texts[] = { "", "a", "ab", "abc", "abcd", "abcde" };
	struct sock_table t = { 0 };

	(void)state;
	for (unsigned int i = 0; i < 6; i++) {
		struct sock sk = { .cookie = i, .known = SOCK_HAS_COOKIE, .extra = 12345 };

		sock_table_add(&t, &sk);
		if (i & 1)
			sock_table_attach(&t, SOCK_EXTRA_TCP_INFO, texts[i], strlen(texts[i]));
		if (i > 1)
			sock_table_attach(&t, SOCK_EXTRA_MEMORY, texts[6 - i],
					  strlen(texts[6 - i]));
	}
	for (unsigned int i = 0; i < 6; i++) {
		check_extra(&t, i, SOCK_EXTRA_TCP_INFO, i & 1 ? texts[i] : NULL);
		check_extra(&t, i, SOCK_EXTRA_MEMORY, i > 1 ? texts[6 - i] : NULL);
		check_extra(&t, i, SOCK_EXTRA_MPTCP, NULL);
	}
	sock_table_fini(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cookies),
		cmocka_unit_test(test_without_cookies),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_extras),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
