/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view's rows while sockets and processes come and go: order, marks, tags, the cursor. */
#include <config.h>

#include "live_host.h"

#include <fcntl.h>
#include <unistd.h>

#define ENTER KEY_CODE_ENTER
#define ESC KEY_CODE_ESC
#define F(n) (KEY_CODE_F + (n))

static void too_small_a_screen_asks_nothing(void **state)
{
	struct host *h = *state;

	host_populate(h);
	host_look(h);
	host_type(h, "j");
	live_state_resize(&h->s, 20, 5, h->now);
	host_key(h, F(9));
	host_key(h, ENTER);
	assert_null(h->s.out.job);
	host_type(h, "2/80");
	live_state_resize(&h->s, 80, 24, h->now);
	host_expect(h, "[1 Ports]");
	host_expect(h, " filter: none");
	host_expect_not(h, "Send TERM");
	/* A question that was open when the screen shrank waits for a screen that shows it. */
	host_key(h, F(9));
	host_expect(h, "Send TERM");
	live_state_resize(&h->s, 20, 5, h->now);
	host_key(h, ENTER);
	assert_null(h->s.out.job);
	live_state_resize(&h->s, 80, 24, h->now);
	host_expect(h, "Send TERM");
	live_state_resize(&h->s, 20, 5, h->now);
	host_key(h, KEY_CODE_CTRL('l'));
	assert_true(h->s.out.redraws);
	host_key(h, KEY_CODE_CTRL('z'));
	assert_true(h->s.out.suspends);
	host_type(h, "q");
	assert_true(h->s.out.quits);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, host_set_up, host_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(too_small_a_screen_asks_nothing),
	};

	return cmocka_run_group_tests_name("live rows", tests, NULL, NULL);
}
