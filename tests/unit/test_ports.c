/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Port lists: every port from 0 to 65535 against what the list says. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "model/port_set.h"
#include "query/filter.h"
#include "query/snapshot.h"
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

/* The test KEY == LIST; the place of an error is that in the list. */
static int parse(struct filter **out, const char *key, const char *list,
		 const struct resolver *names, struct filter_error *error)
{
	struct buf text = { 0 };
	size_t start;
	int err;

	buf_printf(&text, "%s == ", key);
	start = text.len;
	buf_str(&text, list);
	err = filter_parse(out, text.data, text.len, names, error);
	if (err)
		error->pos -= start;
	buf_fini(&text);
	return err;
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
		{ "80,443,500-501,40000-40002",
		  4,
		  { { 80, 80 }, { 443, 443 }, { 500, 501 }, { 40000, 40002 } } },
		{ "40000-40002,500-501,443,80",
		  4,
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

		if (parse(&f, "lport", cases[i].text, *state, &error))
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
		{ "", 0, 0 },
		{ " ", 1, 0 },
		{ "22-21", 0, 5 },
		{ "-1", 0, 2 },
		{ "65536", 0, 5 },
		{ "22-65536", 0, 8 },
		{ "65536-", 0, 6 },
		{ "foo", 0, 3 },
		{ "80,,443", 3, 1 },
		{ ",", 0, 1 },
		{ "80,", 3, 0 },
		{ "!", 1, 0 },
		{ "80,!", 4, 0 },
		{ "!!80", 0, 4 },
		{ "-", 0, 1 },
		{ "1--2", 0, 4 },
		{ "1-2-3", 0, 5 },
		{ "0x50", 0, 4 },
		{ "+80", 0, 3 },
		{ "8 0", 2, 1 },
		{ "22)", 2, 1 },
		{ "(22)", 0, 1 },
		{ "22-21,80", 0, 5 },
		{ "80,22-21", 3, 5 },
		{ "18446744073709551638", 0, 20 },
		{ "22-18446744073709551638", 0, 23 },
	};
	struct filter_error error;
	struct filter *f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (parse(&f, "port", cases[i].text, *state, &error) != -EINVAL)
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
		assert_int_equal(parse(&f, "port", texts[i], NULL, &error), -EINVAL);
		assert_int_equal(parse(&f, "port", texts[i], &empty, &error), -EINVAL);
	}
	assert_int_equal(parse(&f, "port", "dynamic,80", NULL, &error), 0);
	filter_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lists, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_lists, set_up, tear_down),
		cmocka_unit_test(names_need_a_resolver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
