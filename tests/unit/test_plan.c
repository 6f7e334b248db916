/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plan: nothing is asked for that no column, filter or sort key needs. */
#include <config.h>

#include "query/plan.h"

#include <string.h>

#include "base/buf.h"
#include "model/sock_table.h"
#include "query/column_list.h"
#include "query/columns.h"
#include "query/filter.h"
#include "resolve/resolver.h"
#include "test.h"

static struct filter *filter_of(const char *text)
{
	static const struct resolver names = { .ephemeral = { 32768, 60999 } };
	struct filter_error error;
	struct filter *f;

	assert_int_equal(filter_parse(&f, text, strlen(text), &names, &error), 0);
	return f;
}

static void needs_come_from_columns_filter_and_sort(void **state)
{
	static const struct {
		const char *columns;
		const char *filter; /* NULL: none */
		const char *sort; /* NULL: none */
		unsigned int hidden;
		unsigned int needs;
		unsigned int extras;
	} cases[] = {
		{ "proto state local_port", NULL, NULL, 0, 0, 0 },
		{ "", NULL, NULL, 0, 0, 0 },
		{ "local", NULL, NULL, 0, NEED_IFACES, 0 },
		{ "process", NULL, NULL, 0, NEED_OWNERS | NEED_CANDIDATES, 0 },
		{ "confidence", NULL, NULL, 0, NEED_OWNERS | NEED_CANDIDATES, 0 },
		{ "state", "confidence likely", NULL, 0, NEED_OWNERS | NEED_CANDIDATES, 0 },
		{ "owners.cmdline", NULL, NULL, 0, NEED_OWNERS | NEED_CMDLINES, 0 },
		{ "owners.user user", NULL, NULL, 0, NEED_OWNERS | NEED_USERS, 0 },
		{ "cgroup", NULL, NULL, 0, NEED_CGROUPS, 0 },
		{ "unit", NULL, NULL, 0, NEED_CGROUPS | NEED_OWNERS | NEED_UNITS, 0 },
		{ "peer_host", NULL, NULL, 0, NEED_HOSTS, 0 },
		{ "tcp.rtt_us", NULL, NULL, 0, NEED_TCP_INFO,
		  SOCK_EXTRA_BIT(SOCK_EXTRA_TCP_INFO) | SOCK_EXTRA_BIT(SOCK_EXTRA_CONGESTION) },
		{ "memory", NULL, NULL, 0, NEED_MEMORY, SOCK_EXTRA_BIT(SOCK_EXTRA_MEMORY) },
		{ "mptcp.token", NULL, NULL, 0, NEED_MPTCP, SOCK_EXTRA_BIT(SOCK_EXTRA_MPTCP) },
		/* What is hidden is not asked for on behalf of columns ... */
		{ "service user memory", NULL, NULL, NEED_SERVICES | NEED_MEMORY, NEED_USERS, 0 },
		/* ... but a filter or a sort key that needs it has it. */
		{ "state", "service ssh", NULL, NEED_SERVICES, NEED_SERVICES, 0 },
		{ "state", "proc nginx", NULL, 0, NEED_OWNERS, 0 },
		{ "state", "not (lport 80 and pid 1)", NULL, 0, NEED_OWNERS, 0 },
		{ "state", "memory.drops > 0", NULL, 0, NEED_MEMORY,
		  SOCK_EXTRA_BIT(SOCK_EXTRA_MEMORY) },
		{ "state", "lport 80 or raddr 10.0.0.0/8", NULL, 0, 0, 0 },
		{ "state", NULL, "memory.drops", NEED_MEMORY, NEED_MEMORY,
		  SOCK_EXTRA_BIT(SOCK_EXTRA_MEMORY) },
		{ "state", "80", "-process", 0, NEED_OWNERS | NEED_CANDIDATES, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct column_list list = { 0 };
		struct column_list_error error;
		struct plan_request request = { .hidden = cases[i].hidden, .in_kernel = true };
		struct sort_key sort[2];
		struct filter *filter = cases[i].filter ? filter_of(cases[i].filter) : NULL;
		struct plan plan;

		column_list_add_keys(&list, cases[i].columns);
		request.columns = list.list;
		request.n_columns = list.n;
		request.filter = filter;
		request.sort = sort;
		if (cases[i].sort)
			assert_int_equal(
				sort_keys_parse(sort, 2, &request.n_sort, cases[i].sort, &error),
				0);
		plan_init(&plan, &request);
		if (plan.needs != cases[i].needs)
			fail_msg("case %zu needs %x instead of %x", i, plan.needs, cases[i].needs);
		assert_int_equal(plan.query.extras, cases[i].extras);
		plan_fini(&plan);
		filter_free(filter);
		column_list_fini(&list);
	}
}

static void protocols_and_families(void **state)
{
	struct plan_request request = { .protos = 0 };
	struct plan plan;

	(void)state;
	/* MPTCP is the same traffic a second time. */
	plan_init(&plan, &request);
	assert_int_equal(plan.query.protos, PROTO_ALL & ~PROTO_BIT(PROTO_MPTCP));
	assert_int_equal(plan.query.families, FAMILY_ALL);
	plan_fini(&plan);
	request.protos = PROTO_BIT(PROTO_MPTCP) | PROTO_BIT(PROTO_RAW);
	request.families = FAMILY_BIT(ADDR_INET6);
	plan_init(&plan, &request);
	assert_int_equal(plan.query.protos, request.protos);
	assert_int_equal(plan.query.families, request.families);
	plan_fini(&plan);
}

/* Sockets of every protocol and state: the plan's selection and what the kernel is asked agree. */
static void what_waits_for_peers(void **state)
{
	struct plan_request request = { .is_listening = true, .in_kernel = true };
	struct plan plan;

	(void)state;
	plan_init(&plan, &request);
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++) {
		bool is_datagram = proto_is_datagram((enum sock_proto)proto);

		if (proto_is_on_request((enum sock_proto)proto))
			continue;
		for (unsigned int at = 1; at < SOCK_STATE_COUNT; at++) {
			struct sock sk = { .proto = (uint8_t)proto, .state = (uint8_t)at };
			bool waits = at == (is_datagram ? SOCK_STATE_BOUND : SOCK_STATE_LISTEN);

			if (!(STATE_ALL & STATE_BIT(at)))
				continue;
			assert_int_equal(plan_selects(&plan, &sk), waits);
			assert_int_equal(cond_holds(&plan.cond, &sk), waits);
		}
	}
	plan_fini(&plan);
}

static void selection_by_option(void **state)
{
	struct plan_request request = { .protos = PROTO_BIT(PROTO_UDP),
					.families = FAMILY_BIT(ADDR_INET) };
	struct sock udp4 = { .proto = PROTO_UDP,
			     .family = ADDR_INET,
			     .state = SOCK_STATE_ESTABLISHED };
	struct sock udp6 = { .proto = PROTO_UDP,
			     .family = ADDR_INET6,
			     .state = SOCK_STATE_BOUND,
			     .local.addr.bytes = { [15] = 1 } };
	struct sock tcp4 = { .proto = PROTO_TCP, .family = ADDR_INET, .state = SOCK_STATE_LISTEN };
	struct plan plan;

	(void)state;
	plan_init(&plan, &request);
	assert_true(plan_selects(&plan, &udp4));
	assert_false(plan_selects(&plan, &udp6));
	assert_false(plan_selects(&plan, &tcp4));
	plan_fini(&plan);
}

/* -4 is all that has to do with IPv4, -6 what has not; what the kernel is asked agrees. */
static void families_by_option(void **state)
{
	static const struct {
		const char *local;
		enum sock_proto proto;
		bool has_v6only;
		bool v6only;
		bool has_peer;
		bool in_4;
		bool in_6;
	} cases[] = {
		{ "10.0.0.1", PROTO_TCP, .in_4 = true },
		{ "0.0.0.0", PROTO_UDP, .in_4 = true },
		{ "::ffff:10.0.0.1", PROTO_TCP, .has_peer = true, .in_4 = true },
		{ "::ffff:0.0.0.0", PROTO_TCP, .in_4 = true },
		{ "::", PROTO_TCP, .has_v6only = true, .in_4 = true, .in_6 = true },
		{ "::", PROTO_TCP, .has_v6only = true, .v6only = true, .in_6 = true },
		/* Nobody knows: left out it would be hidden. */
		{ "::", PROTO_TCP, .in_4 = true, .in_6 = true },
		{ "::", PROTO_RAW, .has_v6only = true, .in_6 = true },
		{ "::1", PROTO_TCP, .in_6 = true },
		{ "2001:db8::1", PROTO_UDP, .has_peer = true, .in_6 = true },
	};
	struct plan_request request = { .in_kernel = true };
	struct plan both, only_4, only_6;

	(void)state;
	plan_init(&both, &request);
	request.families = FAMILY_BIT(ADDR_INET);
	plan_init(&only_4, &request);
	request.families = FAMILY_BIT(ADDR_INET6);
	plan_init(&only_6, &request);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sock sk = { .proto = (uint8_t)cases[i].proto, .state = SOCK_STATE_LISTEN };
		enum addr_family family;

		assert_int_equal(
			addr_parse(cases[i].local, strlen(cases[i].local), &family, &sk.local.addr),
			0);
		sk.family = (uint8_t)family;
		sk.v6only = cases[i].v6only;
		sk.known = (uint16_t)((cases[i].has_v6only ? SOCK_HAS_V6ONLY : 0) |
				      (cases[i].has_peer ? SOCK_HAS_PEER : 0));
		assert_true(plan_selects(&both, &sk));
		if (plan_selects(&only_4, &sk) != cases[i].in_4)
			fail_msg("case %zu with -4", i);
		if (plan_selects(&only_6, &sk) != cases[i].in_6)
			fail_msg("case %zu with -6", i);
		/* The source may bring more, never less. */
		assert_true(!cases[i].in_4 || (cond_holds(&only_4.cond, &sk) &&
					       only_4.query.families & FAMILY_BIT(family)));
		assert_true(!cases[i].in_6 || (cond_holds(&only_6.cond, &sk) &&
					       only_6.query.families & FAMILY_BIT(family)));
	}
	plan_fini(&both);
	plan_fini(&only_4);
	plan_fini(&only_6);
}

/* The kernel is asked for no less than the filter lets through, and nothing where it may not be asked. */
static void the_filter_goes_down(void **state)
{
	struct filter *ports = filter_of("lport 80-89"),
		      *mixed = filter_of("lport 80 and proc nginx");
	struct plan_request request = { .filter = ports, .in_kernel = true };
	struct sock in = { .family = ADDR_INET, .state = SOCK_STATE_LISTEN, .local.port = 85 };
	struct sock out = { .family = ADDR_INET, .state = SOCK_STATE_LISTEN, .local.port = 90 };
	struct plan plan;

	(void)state;
	plan_init(&plan, &request);
	assert_true(plan.is_exact);
	assert_true(cond_holds(plan.query.cond, &in));
	assert_false(cond_holds(plan.query.cond, &out));
	plan_fini(&plan);

	request.filter = mixed;
	plan_init(&plan, &request);
	assert_false(plan.is_exact);
	assert_false(cond_holds(plan.query.cond, &out));
	plan_fini(&plan);

	request.filter = ports;
	request.in_kernel = false;
	plan_init(&plan, &request);
	assert_true(cond_holds(plan.query.cond, &out));
	plan_fini(&plan);
	filter_free(ports);
	filter_free(mixed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(needs_come_from_columns_filter_and_sort),
		cmocka_unit_test(protocols_and_families),
		cmocka_unit_test(what_waits_for_peers),
		cmocka_unit_test(selection_by_option),
		cmocka_unit_test(families_by_option),
		cmocka_unit_test(the_filter_goes_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
