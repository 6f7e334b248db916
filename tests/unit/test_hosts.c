/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host names that come when they come: answered, not answered, never waited for too long. */
#include <config.h>

#include "test.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "resolve/hosts.h"
#include "resolve/system_names.h"

/* What the look-ups below cannot be given. */
static struct {
	atomic_uint calls;
	int gate[2]; /* a pipe: look-ups of 10.0.0.9 wait until its writing end is closed */
} net;

static struct addr v4(uint8_t last)
{
	return (struct addr){ .bytes = { 10, 0, 0, last } };
}

static enum host_answer fake_lookup(enum addr_family family, const struct addr *addr, char *name,
				    size_t size)
{
	struct pollfd gate = { .fd = net.gate[0], .events = POLLIN };

	atomic_fetch_add(&net.calls, 1);
	if (family == ADDR_INET6) {
		snprintf(name, size, "six\033[2J");
		return HOST_NAMED;
	}
	if (addr->bytes[3] == 9)
		poll(&gate, 1, -1);
	if (addr->bytes[3] == 1)
		return HOST_NAMELESS;
	if (addr->bytes[3] == 2)
		return HOST_FAILED;
	snprintf(name, size, "host%u", addr->bytes[3]);
	return HOST_NAMED;
}

static void answers_are_kept(void **state)
{
	const struct addr mapped = { .bytes = { [10] = 0xff, 0xff, 10, 0, 0, 3 } };
	const struct addr six = { .bytes = { 0xfe, 0x80, [15] = 1 } };
	const struct addr any = { 0 };
	struct hosts *h = hosts_new(4, fake_lookup);
	const char *name = NULL, *again = NULL;
	struct addr a;

	(void)state;
	atomic_store(&net.calls, 0);
	a = v4(3);
	assert_int_equal(hosts_name(h, ADDR_INET, &a, &name), HOST_NOT_ASKED);
	assert_int_equal(hosts_generation(h), 0);
	for (int i = 0; i < 3; i++) {
		for (uint8_t last = 1; last < 4; last++) {
			a = v4(last);
			hosts_ask(h, ADDR_INET, &a);
		}
		hosts_ask(h, ADDR_INET6, &mapped);
		hosts_ask(h, ADDR_INET6, &six);
		hosts_ask(h, ADDR_INET6, &any);
		hosts_ask(h, ADDR_INET, &any);
		assert_int_equal(hosts_wait(h, 60000), 1);
	}
	assert_int_equal(atomic_load(&net.calls), 4);
	assert_int_equal(hosts_generation(h), 4);
	assert_int_equal(hosts_name(h, ADDR_INET, &a, &name), HOST_NAMED);
	assert_string_equal(name, "host3");
	assert_int_equal(hosts_name(h, ADDR_INET6, &mapped, &again), HOST_NAMED);
	assert_ptr_equal(again, name);
	assert_int_equal(hosts_name(h, ADDR_INET6, &six, &name), HOST_NAMED);
	assert_string_equal(name, "six\033[2J");
	assert_int_equal(hosts_name(h, ADDR_INET6, &any, &name), HOST_NAMELESS);
	a = v4(1);
	assert_int_equal(hosts_name(h, ADDR_INET, &a, &name), HOST_NAMELESS);
	a = v4(2);
	assert_int_equal(hosts_name(h, ADDR_INET, &a, &name), HOST_FAILED);
	hosts_free(h);
	hosts_free(NULL);
}

/* One look-up hangs: the others come, the wait ends, and so does everything else. */
static void hanging_lookup_holds_nothing_up(void **state)
{
	struct hosts *h = hosts_new(2, fake_lookup);
	const char *name = NULL;
	struct addr a = v4(9);

	(void)state;
	assert_int_equal(pipe(net.gate), 0);
	hosts_ask(h, ADDR_INET, &a);
	assert_int_equal(hosts_name(h, ADDR_INET, &a, &name), HOST_PENDING);
	for (uint8_t last = 10; last < 60; last++) {
		struct addr other = v4(last);

		hosts_ask(h, ADDR_INET, &other);
	}
	while (hosts_generation(h) < 50)
		hosts_wait(h, 10);
	assert_int_equal(hosts_wait(h, 10), 1);
	assert_int_equal(hosts_name(h, ADDR_INET, &a, &name), HOST_PENDING);
	hosts_free(h);
	close(net.gate[1]);
}

static void nobody_to_ask_is_no_wait(void **state)
{
	struct hosts *h = hosts_new(0, fake_lookup);
	struct addr a = v4(3);

	(void)state;
	assert_int_equal(hosts_wait(h, 60000), 0);
	hosts_ask(h, ADDR_INET, &a);
	assert_int_equal(hosts_wait(h, 60000), 1);
	hosts_free(h);
}

/* However it is configured, loopback's name is in /etc/hosts or it has none; and it ends. */
static void system_is_asked(void **state)
{
	struct hosts *h = hosts_new(1, system_host_name);
	const struct addr loopback = { .bytes = { 127, 0, 0, 1 } };
	const char *name = NULL;

	(void)state;
	hosts_ask(h, ADDR_INET, &loopback);
	hosts_wait(h, 2000);
	if (hosts_name(h, ADDR_INET, &loopback, &name) == HOST_NAMED)
		assert_true(strlen(name) > 0);
	hosts_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_kept),
		cmocka_unit_test(hanging_lookup_holds_nothing_up),
		cmocka_unit_test(nobody_to_ask_is_no_wait),
		cmocka_unit_test(system_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
