/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Port lists: every port from 0 to 65535 against what the list says, as a set and as a filter. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "model/port_set.h"
#include "query/filter.h"
#include "query/snapshot.h"
#include "random.h"
#include "resolve/resolver.h"
#include "resolve/services.h"
#include "test.h"

#define RANGES 6

static int set_up(void **state)
{
	static struct resolver names;

	names = (struct resolver){ .services = services_new(NULL), .ephemeral = { 32768, 60999 } };
	*state = &names;
	return 0;
}

static int tear_down(void **state)
{
	struct resolver *names = *state;

	services_free(names->services);
	return 0;
}

static void lists(void **state)
{
	/* The ports that are in, up to the first range that is all zero (port 0 stands first). */
	static const struct {
		const char *text;
		size_t n;
		struct port_range in[RANGES];
	} cases[] = {
		{ "0", 1, { { 0, 0 } } },
		{ "1", 1, { { 1, 1 } } },
		{ "65535", 1, { { 65535, 65535 } } },
		{ "00022", 1, { { 22, 22 } } },
		{ "22-22", 1, { { 22, 22 } } },
		{ "22-23", 1, { { 22, 23 } } },
		{ "0-65535", 1, { { 0, 65535 } } },
		{ "65535-", 1, { { 65535, 65535 } } },
		{ "0-", 1, { { 0, 65535 } } },
		{ "40000-", 1, { { 40000, 65535 } } },
		{ "80,443,500-501,40000-40002", 4,
		  { { 80, 80 }, { 443, 443 }, { 500, 501 }, { 40000, 40002 } } },
		{ "40000-40002,500-501,443,80", 4,
		  { { 80, 80 }, { 443, 443 }, { 500, 501 }, { 40000, 40002 } } },
		{ "1-10,5-20,21,20", 1, { { 1, 21 } } },
		{ "22,22,22", 1, { { 22, 22 } } },
		{ "1-1023,!22", 2, { { 1, 21 }, { 23, 1023 } } },
		{ "!22,1-1023", 2, { { 1, 21 }, { 23, 1023 } } },
		{ "!22,80", 1, { { 80, 80 } } },
		{ "!22", 2, { { 0, 21 }, { 23, 65535 } } },
		{ "!0", 1, { { 1, 65535 } } },
		{ "!65535", 1, { { 0, 65534 } } },
		{ "!1-,!0", 0, { { 0, 0 } } },
		{ "22,!22", 0, { { 0, 0 } } },
		{ "!63-64,!127-128", 3, { { 0, 62 }, { 65, 126 }, { 129, 65535 } } },
		{ "well-known", 1, { { 0, 1023 } } },
		{ "registered", 1, { { 1024, 49151 } } },
		{ "Dynamic", 1, { { 49152, 65535 } } },
		{ "ephemeral", 1, { { 32768, 60999 } } },
		{ "well-known,!ssh,!0-20", 2, { { 21, 21 }, { 23, 1023 } } },
		{ "https", 1, { { 443, 443 } } },
		{ "\"https\"", 1, { { 443, 443 } } },
		{ "biff,domain", 2, { { 53, 53 }, { 512, 512 } } },
	};
	struct snapshot snap = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct filter_error error;
		struct filter *f;

		if (filter_parse_ports(&f, "lport", cases[i].text, strlen(cases[i].text), *state, &error))
			fail_msg("\"%s\": %s", cases[i].text, error.message);
		for (uint32_t port = 0; port <= PORT_MAX; port++) {
			struct sock sk = { .local.port = (uint16_t)port };
			struct row row = { .sk = &sk };
			bool is_in = false;

			for (size_t j = 0; j < cases[i].n; j++)
				is_in |= port_in_range(cases[i].in[j], (uint16_t)port);
			if (filter_match(f, &snap, &row) != (is_in ? FILTER_YES : FILTER_NO))
				fail_msg("\"%s\" and %u", cases[i].text, port);
		}
		filter_free(f);
	}
}

static void no_lists(void **state)
{
	static const struct {
		const char *text;
		size_t pos;
		size_t len;
	} cases[] = {
		{ "", 0, 0 },	       { " ", 1, 0 },	      { "22-21", 0, 5 },  { "-1", 0, 2 },
		{ "65536", 0, 5 },     { "22-65536", 0, 8 },  { "65536-", 0, 6 }, { "foo", 0, 3 },
		{ "80,,443", 3, 1 },   { ",", 0, 1 },	      { "80,", 3, 0 },	  { "!", 1, 0 },
		{ "80,!", 4, 0 },      { "!!80", 0, 4 },      { "-", 0, 1 },	  { "1--2", 0, 4 },
		{ "1-2-3", 0, 5 },     { "0x50", 0, 4 },      { "+80", 0, 3 },	  { "8 0", 2, 1 },
		{ "22 or 80", 3, 1 },  { "22)", 2, 1 },	      { "(22)", 0, 1 },	  { "22-21,80", 0, 5 },
		{ "80,22-21", 3, 5 },  { "18446744073709551638", 0, 20 },
		{ "22-18446744073709551638", 0, 23 },
	};
	struct filter_error error;
	struct filter *f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (filter_parse_ports(&f, "port", cases[i].text, strlen(cases[i].text), *state,
				       &error) != -EINVAL)
			fail_msg("\"%s\" parses", cases[i].text);
		if (error.pos != cases[i].pos || error.len != cases[i].len || !error.message)
			fail_msg("\"%s\" at %zu, %zu", cases[i].text, error.pos, error.len);
	}
}

/* Without a resolver, or with an empty one, names and the ephemeral range are not known. */
static void names_need_a_resolver(void **state)
{
	static const struct resolver empty = { 0 };
	static const char *const texts[] = { "https", "ephemeral" };
	struct filter_error error;
	struct filter *f;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(filter_parse_ports(&f, "port", texts[i], strlen(texts[i]), NULL, &error),
				 -EINVAL);
		assert_int_equal(filter_parse_ports(&f, "port", texts[i], strlen(texts[i]), &empty,
						    &error), -EINVAL);
	}
	assert_int_equal(filter_parse_ports(&f, "port", "dynamic,80", 10, NULL, &error), 0);
	filter_free(f);
}

/* A set against one bool a port, at random and at the edges of its words. */
static void sets(void **state)
{
	static bool naive[PORT_MAX + 1];
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < 50; round++) {
		struct port_set set = { 0 };
		struct port_range range;
		uint32_t next = 0;

		memset(naive, 0, sizeof(naive));
		for (int i = 0; i < 20; i++) {
			uint32_t first = (uint32_t)random_below(&seed, PORT_MAX + 1);
			uint32_t last = first + (uint32_t)random_below(&seed, 300);
			bool is_in = random_below(&seed, 3);

			if (random_below(&seed, 4) == 0)
				first = first / 64 * 64;
			if (random_below(&seed, 4) == 0)
				last = last / 64 * 64 + 63;
			if (random_below(&seed, 8) == 0)
				first = 0;
			last = last > PORT_MAX || random_below(&seed, 8) == 0 ? PORT_MAX : last;
			last = last < first ? first : last;
			range = (struct port_range){ (uint16_t)first, (uint16_t)last };
			if (is_in)
				port_set_add(&set, range);
			else
				port_set_remove(&set, range);
			memset(naive + first, is_in, last - first + 1);
		}
		if (round % 2) {
			port_set_invert(&set);
			for (uint32_t i = 0; i <= PORT_MAX; i++)
				naive[i] = !naive[i];
		}
		for (uint32_t i = 0; i <= PORT_MAX; i++)
			assert_true(port_set_has(&set, (uint16_t)i) == naive[i]);
		for (uint32_t from = 0; port_set_next(&set, from, &range); from = range.last + 1U) {
			for (; next < range.first; next++)
				assert_false(naive[next]);
			for (; next <= range.last; next++)
				assert_true(naive[next]);
			assert_true(next > PORT_MAX || !naive[next]);
		}
		for (; next <= PORT_MAX; next++)
			assert_false(naive[next]);
		assert_true(port_set_is_empty(&set) == !port_set_next(&set, 0, &range));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lists, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_lists, set_up, tear_down),
		cmocka_unit_test(names_need_a_resolver),
		cmocka_unit_test(sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
