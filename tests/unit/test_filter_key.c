/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of the filter language: every name of every column is one, and means that column. */
#include <config.h>

#include "query/filter_key.h"

#include <string.h>

#include "query/columns.h"
#include "test.h"

static struct filter_key found(const char *name)
{
	struct filter_key key = { 0 };

	if (!filter_key_find(name, strlen(name), &key))
		fail_msg("%s is no key", name);
	return key;
}

static void expect_key(const struct column *c, const char *name)
{
	struct filter_key key = found(name);

	if (strcmp(key.key, c->canonical ? c->canonical : c->key) != 0)
		fail_msg("%s is %s", name, key.key);
	if (key.column)
		assert_ptr_equal(key.column, c);
	else
		assert_in_range(key.kind, TEST_PORTS, TEST_STATE);
}

static void columns_by_all_their_names(void **state)
{
	(void)state;
	for (const struct column *c = columns; c < columns + columns_n; c++) {
		if (c->filter_column)
			continue;
		expect_key(c, c->key);
		for (const char *const *name = c->names; *name; name++)
			expect_key(c, *name);
	}
}

/* The ends, and what is tested in the place of a composite. */
static void keys_make_tests(void **state)
{
	const struct {
		const char *name;
		struct filter_key key;
	} cases[] = {
		{ "port", { "port", TEST_PORTS, END_EITHER, NULL } },
		{ "sport", { "lport", TEST_PORTS, END_LOCAL, NULL } },
		{ "local_port", { "lport", TEST_PORTS, END_LOCAL, NULL } },
		{ "DPORT", { "rport", TEST_PORTS, END_REMOTE, NULL } },
		{ "addr", { "addr", TEST_ADDRS, END_EITHER, NULL } },
		{ "local", { "laddr", TEST_ADDRS, END_LOCAL, NULL } },
		{ "Src", { "laddr", TEST_ADDRS, END_LOCAL, NULL } },
		{ "peer", { "raddr", TEST_ADDRS, END_REMOTE, NULL } },
		{ "proto", { "proto", TEST_PROTO, 0, NULL } },
		{ "family", { "family", TEST_FAMILY, 0, NULL } },
		{ "exclude", { "state", TEST_STATE, 0, NULL } },
		{ "name", { "name", TEST_NAME, 0, NULL } },
		{ "process", { "proc", TEST_TEXTS, 0, column_find("owners.name", 11) } },
		{ "pid", { "pid", TEST_NUMBERS, 0, column_find("owners.pid", 10) } },
		{ "dual_stack", { "dual_stack", TEST_TRUTH, 0, column_find("dual_stack", 10) } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct filter_key key = found(cases[i].name);

		assert_string_equal(key.key, cases[i].key.key);
		assert_int_equal(key.kind, cases[i].key.kind);
		assert_int_equal(key.ends, cases[i].key.ends);
		assert_ptr_equal(key.column, cases[i].key.column);
	}
}

static void what_is_no_key(void **state)
{
	static const struct {
		const char *name;
		const char *nearest;
	} cases[] = {
		{ "lprot", "lport" }, { "fwmrk", "fwmark" }, { "recvv_q", "recv_q" },
		{ "qqqqqqqq", NULL }, { "por", "port" },
	};
	struct filter_key key;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *near = filter_key_nearest(cases[i].name, strlen(cases[i].name));

		assert_false(filter_key_find(cases[i].name, strlen(cases[i].name), &key));
		if (cases[i].nearest)
			assert_string_equal(near, cases[i].nearest);
		else
			assert_null(near);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_by_all_their_names),
		cmocka_unit_test(keys_make_tests),
		cmocka_unit_test(what_is_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
