/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a filter is about: connections, processes by pid, or every row. */
#include <config.h>

#include <string.h>

#include "query/filter.h"
#include "rows.h"

static struct filter *parse(struct rows *r, const char *text)
{
	struct filter_error error;
	struct filter *f;

	if (filter_parse(&f, text, strlen(text), &r->names, &error))
		fail_msg("\"%s\" at %zu: %s", text, error.pos, error.message);
	return f;
}

static void connections(void **state)
{
	static const struct {
		const char *text;
		bool tests_them;
	} cases[] = {
		{ "", false },
		{ "8080", false },
		{ "port 8080 and proc x", false },
		{ "lport 8080", false },
		{ "10.0.0.1", false },
		{ "src 10.0.0.1:80", false },
		{ "tcp", false },
		{ "recvq > 0", false },
		{ "rport 8080", true },
		{ "dport = :80", true },
		{ "peer_port 80", true },
		{ "raddr 10.0.0.1", true },
		{ "dst *:80", true },
		{ "peer 10.0.0.1", true },
		{ "state established", true },
		{ "ESTABLISHED", true },
		{ "exclude time-wait", true },
		{ "lport 80 and (proc x or not rport 1)", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct filter *f = parse(*state, cases[i].text);

		if (filter_tests_connections(f) != cases[i].tests_them)
			fail_msg("%s", cases[i].text);
		filter_free(f);
	}
	assert_false(filter_tests_connections(NULL));
}

static void pids(void **state)
{
	static const struct {
		const char *text;
		bool names_7;
	} cases[] = {
		{ "", false },
		{ "7", false },
		{ "pid 7", true },
		{ "owners.pid = 7", true },
		{ "lport 80 and (proc x or pid 6,7)", true },
		{ "pid 8", false },
		{ "pid !7", false },
		{ "pid 8,!7", false },
		{ "pid != 7", false },
		{ "pid >= 7", false },
		{ "not pid 7", false },
		{ "inode 7", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct filter *f = parse(*state, cases[i].text);

		if (filter_names_pid(f, 7) != cases[i].names_7)
			fail_msg("%s", cases[i].text);
		filter_free(f);
	}
	assert_false(filter_names_pid(NULL, 7));
}

/* Of TCP and UDP, of both families. */
static void everything(void **state)
{
	static const char *const whole[] = {
		"",
		"port 0-65535",
		"1-",
		"lport 0- and proc *",
		"lport 1-1000 or lport 1001-",
		"lport 1-1000 or proc x or lport 1001-65535",
		"tcp or udp",
		"proto tcp,udp",
		"proto != sctp",
		"family 4,6",
		"family 4 or family 6",
		"state all",
		"state != listen or state listen",
		"*",
		"proc *",
		"proc **,x",
		"not proc != *",
		"user ~ .*",
		"proc ~ .",
		"proc ~ ^",
		"pid > 0",
		"pid >= 1",
		"uid >= 0",
		"mark 0/0",
		"addr *",
		"laddr *:1-",
		"laddr 0.0.0.0/0,::/0",
	};
	static const char *const part[] = {
		"8080",
		"lport 2-",
		"lport 1-65534",
		"rport 0-65535",
		"raddr *",
		"tcp",
		"family 4",
		"state listen",
		"proc x*",
		"proc *x",
		"proc !x",
		"proc != x",
		"proc ~ x",
		"proc ~ ^n",
		"uid > 0",
		"uid >= 1",
		"pid >= 2",
		"pid < 9",
		"laddr 0.0.0.0/0",
		"laddr *:80",
		"mark 0/1",
		"dual_stack yes",
		"proc * and lport 80",
		"lport 1-10 or lport 12-",
		"tcp and proc *",
		"lport 1-,!80",
	};

	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole) + sizeof(part) / sizeof(*part); i++) {
		bool is_whole = i < sizeof(whole) / sizeof(*whole);
		const char *text = is_whole ? whole[i] : part[i - sizeof(whole) / sizeof(*whole)];
		struct filter *f = parse(*state, text);

		if (filter_takes_everything(f, PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_UDP),
					    FAMILY_ALL) != is_whole)
			fail_msg("%s", text);
		filter_free(f);
	}
	assert_true(filter_takes_everything(NULL, PROTO_ALL, FAMILY_ALL));
}

/* What the options select is all there is. */
static void of_a_selection(void **state)
{
	struct filter *f = parse(*state, "tcp and family 4");

	assert_true(filter_takes_everything(f, PROTO_BIT(PROTO_TCP), FAMILY_BIT(ADDR_INET)));
	assert_false(filter_takes_everything(f, PROTO_BIT(PROTO_TCP), FAMILY_ALL));
	filter_free(f);
	f = parse(*state, "laddr 0.0.0.0/0");
	assert_true(filter_takes_everything(f, PROTO_ALL, FAMILY_BIT(ADDR_INET)));
	filter_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(connections, rows_set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(pids, rows_set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(everything, rows_set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(of_a_selection, rows_set_up, rows_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
