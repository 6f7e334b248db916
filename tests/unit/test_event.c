/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds of events as words, and the table of the sockets that were there before. */
#include <config.h>

#include "test.h"

#include <errno.h>
#include <string.h>

#include "events/event.h"
#include "events/event_table.h"

static void test_kinds(void **state)
{
	static const struct {
		const char *list;
		int err;
		unsigned int kinds;
		size_t pos; /* of the word that is no kind */
		size_t len;
	} cases[] = {
		{ "opened", 0, EVENT_BIT(EVENT_OPENED), 0, 0 },
		{ "closed,opened", 0, EVENT_BIT(EVENT_OPENED) | EVENT_BIT(EVENT_CLOSED), 0, 0 },
		{ "lost,lost", 0, EVENT_BIT(EVENT_LOST), 0, 0 },
		{ "open", -EINVAL, 0, 0, 4 },
		{ "opened,,closed", -EINVAL, 0, 7, 0 },
		{ "opened,", -EINVAL, 0, 7, 0 },
		{ "opened,Closed,lost", -EINVAL, 0, 7, 6 },
		{ "", -EINVAL, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		unsigned int kinds;
		size_t pos, len;

		print_message("%s\n", cases[i].list);
		assert_int_equal(event_kinds_parse(cases[i].list, &kinds, &pos, &len),
				 cases[i].err);
		if (cases[i].err) {
			assert_int_equal(pos, cases[i].pos);
			assert_int_equal(len, cases[i].len);
		} else {
			assert_int_equal(kinds, cases[i].kinds);
		}
	}
}

static void test_every_kind_has_a_row(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < EVENT_KINDS; i++) {
		unsigned int kinds;
		size_t pos, len;

		assert_int_equal(event_kinds_parse(event_kinds[i].word, &kinds, &pos, &len), 0);
		assert_int_equal(kinds, EVENT_BIT(i));
		assert_non_null(event_kinds[i].help);
	}
}

static void test_names(void **state)
{
	char long_name[EVENT_NAME_MAX + 10];
	struct event_owner owner = { 0 };

	(void)state;
	event_owner_set_name(&owner, "a\0b", 3);
	assert_int_equal(owner.name_len, 1);
	memset(long_name, 'x', sizeof(long_name));
	event_owner_set_name(&owner, long_name, sizeof(long_name));
	assert_int_equal(owner.name_len, EVENT_NAME_MAX);
}

static struct event_entry entry_of(uint64_t cookie, enum sock_state sk_state, uint16_t port)
{
	return (struct event_entry){
		.sock = { .cookie = cookie,
			  .known = SOCK_HAS_COOKIE,
			  .state = (uint8_t)sk_state,
			  .local.port = port },
		.netns = 1,
	};
}

/* What is removed stays away, and what was moved into its place is found. */
static void test_table(void **state)
{
	struct event_table *table = event_table_new();
	const uint64_t n = 5000;

	(void)state;
	for (uint64_t cookie = 1; cookie <= n; cookie++) {
		struct event_entry entry =
			entry_of(cookie, SOCK_STATE_ESTABLISHED, (uint16_t)cookie);

		event_table_put(table, &entry);
	}
	for (uint64_t cookie = 1; cookie <= n; cookie++)
		if (cookie % 3)
			event_table_remove(table, cookie);
	event_table_remove(table, n + 1);
	assert_int_equal(event_table_count(table), n / 3);
	for (uint64_t cookie = 1; cookie <= n; cookie++) {
		const struct event_entry *entry = event_table_get(table, cookie);

		if (cookie % 3) {
			assert_null(entry);
			continue;
		}
		assert_non_null(entry);
		assert_int_equal(entry->sock.local.port, cookie);
	}
	event_table_free(table);
}

static void test_without_a_cookie(void **state)
{
	struct event_table *table = event_table_new();
	struct event_entry entry = entry_of(0, SOCK_STATE_LISTEN, 80);

	(void)state;
	event_table_put(table, &entry);
	entry = entry_of(7, SOCK_STATE_LISTEN, 80);
	entry.sock.known = 0;
	event_table_put(table, &entry);
	assert_int_equal(event_table_count(table), 0);
	event_table_free(table);
}

/* One listener that fits is the one; of two nobody knows which. */
static void test_listener(void **state)
{
	struct event_table *table = event_table_new();
	struct event_entry entry = entry_of(1, SOCK_STATE_LISTEN, 80);
	struct event_entry connection = entry_of(2, SOCK_STATE_ESTABLISHED, 80);

	(void)state;
	event_table_put(table, &entry);
	event_table_put(table, &connection);
	assert_int_equal(event_table_listener(table, 1, &connection.sock)->sock.cookie, 1);
	assert_null(event_table_listener(table, 2, &connection.sock));
	connection.sock.local.port = 81;
	assert_null(event_table_listener(table, 1, &connection.sock));
	connection.sock.local.port = 80;
	entry = entry_of(3, SOCK_STATE_LISTEN, 80);
	event_table_put(table, &entry);
	assert_null(event_table_listener(table, 1, &connection.sock));
	event_table_remove(table, 1);
	assert_int_equal(event_table_listener(table, 1, &connection.sock)->sock.cookie, 3);
	/* What is bound and then listens is one from then on. */
	event_table_remove(table, 3);
	entry = entry_of(4, SOCK_STATE_BOUND, 80);
	event_table_put(table, &entry);
	assert_null(event_table_listener(table, 1, &connection.sock));
	entry.sock.state = SOCK_STATE_LISTEN;
	event_table_put(table, &entry);
	event_table_put(table, &entry);
	assert_int_equal(event_table_listener(table, 1, &connection.sock)->sock.cookie, 4);
	event_table_free(table);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),	 cmocka_unit_test(test_every_kind_has_a_row),
		cmocka_unit_test(test_names),	 cmocka_unit_test(test_table),
		cmocka_unit_test(test_listener), cmocka_unit_test(test_without_a_cookie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
