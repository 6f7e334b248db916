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
	struct users *u = users_new(true);
	const char *name = users_name(u, 0);
	uint32_t uid = 1;

	(void)state;
	assert_string_equal(name, "root");
	assert_ptr_equal(users_name(u, 0), name);
	assert_true(users_uid(u, "root", 4, &uid));
	assert_int_equal(uid, 0);
	users_free(u);
	users_free(NULL);
}

static void unknown_stays_unknown(void **state)
{
	struct users *u = users_new(true);
	uint32_t uid = 7;

	(void)state;
	assert_null(users_name(u, NOBODY_AT_ALL));
	assert_null(users_name(u, NOBODY_AT_ALL));
	assert_false(users_uid(u, "no such user at all", 19, &uid));
	assert_false(users_uid(u, "", 0, &uid));
	assert_false(users_uid(u, "root\0x", 6, &uid));
	assert_false(users_uid(u, "rootx", 3, &uid));
	assert_int_equal(uid, 7);
	users_free(u);
}

/* Names stay where they are however many come behind them. */
static void names_do_not_move(void **state)
{
	struct users *u = users_new(true);
	const char *root = users_name(u, 0);

	(void)state;
	for (uint32_t uid = 3000000000U; uid < 3000000100U; uid++)
		users_name(u, uid);
	assert_ptr_equal(users_name(u, 0), root);
	assert_string_equal(root, "root");
	users_free(u);
}

/* Of another host: what was told, and nothing of this one. */
static void other_users_are_told(void **state)
{
	struct users *u = users_new(false);
	size_t at = 0;
	uint32_t uid = 7;

	(void)state;
	assert_null(users_name(u, 0));
	assert_false(users_uid(u, "root", 4, &uid));
	users_tell(u, 1000, "ana");
	users_tell(u, 1001, "");
	users_tell(u, 1000, "eva");
	assert_string_equal(users_name(u, 1000), "ana");
	assert_null(users_name(u, 1001));
	assert_true(users_uid(u, "ana", 3, &uid));
	assert_int_equal(uid, 1000);
	assert_false(users_uid(u, "eva", 3, &uid));
	assert_string_equal(users_next(u, &at, &uid), "ana");
	assert_int_equal(uid, 1000);
	assert_null(users_next(u, &at, &uid));
	users_free(u);
	/* Where nothing is known. */
	at = 0;
	assert_null(users_name(NULL, 0));
	assert_null(users_next(NULL, &at, &uid));
	assert_false(users_uid(NULL, "root", 4, &uid));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers_agree),
		cmocka_unit_test(unknown_stays_unknown),
		cmocka_unit_test(names_do_not_move),
		cmocka_unit_test(other_users_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
