/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/net/netstat: whole, cut anywhere, and not as expected. */
#include <config.h>

#include "test.h"

#include <string.h>

#include "events/flood_counters.h"

static const char whole[] =
	"TcpExt: SyncookiesSent SyncookiesRecv ListenOverflows ListenDrops TCPHPHits\n"
	"TcpExt: 18446744073709551615 1 2 345 4\n"
	"IpExt: InNoRoutes ListenDropsNot\n"
	"IpExt: 7 8\n";

static struct flood_counters parse(const char *text)
{
	struct flood_counters counters;

	flood_counters_parse(&counters, text, strlen(text));
	return counters;
}

static void counters_are_found_by_name(void **state)
{
	struct flood_counters counters = parse(whole);

	(void)state;
	assert_true(counters.syn_cookies == UINT64_MAX);
	assert_int_equal(counters.drops, 345);
	counters = parse("A: ListenDrops B\nA: 5 6\nC: SyncookiesSent\nC: 9");
	assert_int_equal(counters.drops, 5);
	assert_int_equal(counters.syn_cookies, 9);
}

static void what_is_missing_is_0(void **state)
{
	struct flood_counters counters;

	(void)state;
	counters = parse("");
	assert_int_equal(counters.syn_cookies, 0);
	counters = parse("TcpExt: SyncookiesSent ListenDrops\nTcpExt: 3\n");
	assert_int_equal(counters.syn_cookies, 3);
	assert_int_equal(counters.drops, 0);
	counters = parse("\n\n\nListenDrops\n");
	assert_int_equal(counters.drops, 0);
	counters = parse("A: ListenDrops\nA: -1\n");
	assert_int_equal(counters.drops, 0);
}

static void cut_texts_are_not_read_beyond(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(whole); n++) {
		struct flood_counters counters;
		char text[sizeof(whole)];

		/* A digit behind the end would change the number. */
		memset(text, '1', sizeof(text));
		memcpy(text, whole, n);
		flood_counters_parse(&counters, text, n);
		assert_true(counters.drops == 345 || counters.drops == 34 || counters.drops == 3 ||
			    !counters.drops);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_are_found_by_name),
		cmocka_unit_test(what_is_missing_is_0),
		cmocka_unit_test(cut_texts_are_not_read_beyond),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
