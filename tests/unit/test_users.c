/* SPDX-License-Identifier: GPL-2.0-or-later */
/* User names, each asked for once. */
#include <config.h>

#include "resolve/users.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

/* A number that no database gives to a user: it is (uid_t)-1. */
#define NOBODY_AT_ALL 4294967295U

static void names_and_numbers_agree(void **state)
{
	struct users *u = users_new();
	const char *name = users_name(u, 0);
	uint32_t uid = 1;

	(void)state;
	assert_string_equal(name, "root");
	assert_ptr_equal(users_name(u, 0), name);
	assert_true(users_uid("root", 4, &uid));
	assert_int_equal(uid, 0);
	users_free(u);
	users_free(NULL);
}

static void unknown_stays_unknown(void **state)
{
	struct users *u = users_new();
	uint32_t uid = 7;

	(void)state;
	assert_null(users_name(u, NOBODY_AT_ALL));
	assert_null(users_name(u, NOBODY_AT_ALL));
	assert_false(users_uid("no such user at all", 19, &uid));
	assert_false(users_uid("", 0, &uid));
	assert_false(users_uid("root\0x", 6, &uid));
	assert_false(users_uid("rootx", 3, &uid));
	assert_int_equal(uid, 7);
	users_free(u);
}

/* Names stay where they are however many come behind them. */
static void names_do_not_move(void **state)
{
	struct users *u = users_new();
	const char *root = users_name(u, 0);

	(void)state;
	for (uint32_t uid = 3000000000U; uid < 3000000100U; uid++)
		users_name(u, uid);
	assert_ptr_equal(users_name(u, 0), root);
	assert_string_equal(root, "root");
	users_free(u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers_agree),
		cmocka_unit_test(unknown_stays_unknown),
		cmocka_unit_test(names_do_not_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
