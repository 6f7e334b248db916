/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often to look: the pauses, and the one look in advance. */
#include <config.h>

#include "test.h"

#include "pace.h"

#define MS 1000U
#define SECOND (1000U * MS)

/* Looks as often as it may, for so long, each look taking so much CPU time; hurrying if told to. */
static unsigned int count_looks(uint64_t span, uint64_t cost, bool hurries)
{
	struct pace pace;
	uint64_t now = 5 * SECOND, end = now + span;
	unsigned int n = 0;

	pace_start(&pace, now, 200);
	while (now < end) {
		if (!pace_left(&pace, now) || (hurries && pace_may_hurry(&pace, now))) {
			n++;
			now += cost;
			pace_spend(&pace, now, cost);
		}
		now += MS;
	}
	return n;
}

static void test_cheap_looks(void **state)
{
	(void)state;
	assert_in_range(count_looks(SECOND, 0, false), 48, 50);
	/* 20 ms are also the pause after a look of 100 us, half a percent. */
	assert_in_range(count_looks(SECOND, 100, false), 45, 50);
}

static void test_dear_looks(void **state)
{
	(void)state;
	assert_in_range(count_looks(100 * SECOND, 10 * MS, false), 49, 51);
	assert_in_range(count_looks(100 * SECOND, 100 * MS, false), 5, 6);
}

static void test_hurry(void **state)
{
	struct pace pace;

	(void)state;
	/* Who hurries all the time gains one look. */
	assert_in_range(count_looks(100 * SECOND, 10 * MS, true), 50, 52);

	pace_start(&pace, 0, 200);
	pace_spend(&pace, 20 * MS, 10 * MS);
	assert_int_equal(pace_left(&pace, 20 * MS), 2 * SECOND);
	assert_true(pace_may_hurry(&pace, 20 * MS));
	pace_spend(&pace, 30 * MS, 10 * MS);
	assert_int_equal(pace_left(&pace, 30 * MS), 4 * SECOND - 10 * MS);
	assert_false(pace_may_hurry(&pace, 30 * MS));
	assert_true(pace_may_hurry(&pace, 30 * MS + 2 * SECOND));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cheap_looks),
		cmocka_unit_test(test_dear_looks),
		cmocka_unit_test(test_hurry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
