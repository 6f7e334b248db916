/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a filter is about, for options that act upon what it matches. */
#include <config.h>

#include "query/filter.h"

#include <regex.h>
#include <string.h>

#include "query/filter_tree.h"

/* Is the predicate true for any test of the node?  under_not: of those below a "not", too. */
static bool any_test(const struct filter_node *node,
		     bool (*is_wanted)(const struct filter_test *test, int32_t pid), int32_t pid,
		     bool under_not)
{
	bool is_any = false;

	switch (node->kind) {
	case NODE_TEST:
		return is_wanted(&node->test, pid);
	case NODE_NOT:
		return under_not && any_test(node->arg, is_wanted, pid, under_not);
	case NODE_AND:
	case NODE_OR:
		break;
	}
	for (size_t i = 0; i < node->args.n && !is_any; i++)
		is_any = any_test(node->args.list[i], is_wanted, pid, under_not);
	return is_any;
}

static bool is_of_connections(const struct filter_test *test, int32_t pid)
{
	(void)pid;
	return test->kind == TEST_STATE ||
	       ((test->kind == TEST_PORTS || test->kind == TEST_ADDRS) && test->ends == END_REMOTE);
}

bool filter_tests_connections(const struct filter *f)
{
	return f && f->root && any_test(f->root, is_of_connections, 0, true);
}

static bool names_pid(const struct filter_test *test, int32_t pid)
{
	if (test->kind != TEST_NUMBERS || test->op != OP_EQ || test->is_negated ||
	    strcmp(test->column->key, "owners.pid") != 0)
		return false;
	for (size_t i = 0; i < test->numbers.n; i++)
		if (!test->numbers.items[i].is_negated &&
		    test->numbers.items[i].number == (uint64_t)pid)
			return true;
	return false;
}

bool filter_names_pid(const struct filter *f, int32_t pid)
{
	return f && f->root && any_test(f->root, names_pid, pid, false);
}

static bool node_tests_column(const struct filter_node *node, const char *key)
{
	bool is_any = false;

	switch (node->kind) {
	case NODE_TEST:
		return node->test.kind >= TEST_NUMBERS && !strcmp(node->test.column->key, key);
	case NODE_NOT:
		return node_tests_column(node->arg, key);
	case NODE_AND:
	case NODE_OR:
		break;
	}
	for (size_t i = 0; i < node->args.n && !is_any; i++)
		is_any = node_tests_column(node->args.list[i], key);
	return is_any;
}

bool filter_tests_column(const struct filter *f, const char *key)
{
	return f && f->root && node_tests_column(f->root, key);
}

/* ---- every row ---- */

/* What a test, or a tree of them, matches of the rows that have a value for it. */
enum extent {
	EXTENT_NOTHING,
	EXTENT_SOME,
	EXTENT_ALL,
};

/* The protocols and families of the rows, as bits. */
struct selection {
	unsigned int protos;
	unsigned int families;
};

static enum extent extent_of_bits(const struct filter_test *test, unsigned int bits,
				  unsigned int all)
{
	if (test->is_negated)
		bits = ~bits;
	if (!(bits & all))
		return EXTENT_NOTHING;
	return (bits & all) == all ? EXTENT_ALL : EXTENT_SOME;
}

/* Nothing has port 0 but raw sockets, which no port test matches. */
static bool has_every_port(const struct port_list *ports)
{
	return ports->n == 1 && ports->ranges[0].first <= 1 && ports->ranges[0].last == PORT_MAX;
}

static bool has_every_addr(const struct filter_test *test, unsigned int families)
{
	unsigned int covered = 0;

	for (size_t i = 0; i < test->addrs.n; i++) {
		const struct addr_item *item = &test->addrs.items[i];

		if (item->is_negated || item->scope)
			return false;
		if (item->has_ports && !has_every_port(&item->ports))
			continue;
		if (item->is_any)
			covered |= FAMILY_ALL;
		else if (!item->prefix.len)
			covered |= FAMILY_BIT(item->prefix.family);
	}
	return (covered & families) == families;
}

static bool has_every_number(const struct filter_test *test)
{
	const struct number_item *item = test->numbers.items;
	/* Pids begin at 1. */
	uint64_t least = strcmp(test->column->key, "owners.pid") != 0 ? 0 : 1;

	if (test->numbers.n != 1 || item->is_negated)
		return false;
	return (test->op == OP_GE && item->number <= least) ||
	       (test->op == OP_GT && item->number < least) ||
	       (test->op == OP_EQ && !item->mask && !item->number);
}

static bool has_every_text(const struct filter_test *test)
{
	bool has_all = false;

	for (size_t i = 0; i < test->texts.n; i++) {
		const struct text_item *item = &test->texts.items[i];

		if (item->is_negated)
			return false;
		if (item->is_pattern && item->len && strspn(item->bytes, "*") >= item->len)
			has_all = true;
	}
	return has_all;
}

/* An expression that matches each of these matches, as far as people write them, every text. */
static bool matches_every_text(const regex_t *regex)
{
	static const char *const texts[] = { "a", "Z", "0", "-", "_", ".", "/", " ", "~" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (regexec(regex, texts[i], 0, NULL, 0))
			return false;
	return true;
}

static enum extent extent_of_test(const struct filter_test *test, const struct selection *rows)
{
	bool is_all = false;

	switch (test->kind) {
	case TEST_PORTS:
		is_all = test->ends != END_REMOTE && has_every_port(&test->ports.in) &&
			 !test->ports.out.n;
		break;
	case TEST_ADDRS:
		is_all = test->ends != END_REMOTE && has_every_addr(test, rows->families);
		break;
	case TEST_PROTO:
		return extent_of_bits(test, test->bits, rows->protos);
	case TEST_FAMILY:
		return extent_of_bits(test, test->bits, rows->families);
	case TEST_STATE:
		return extent_of_bits(test, test->bits, STATE_ALL);
	case TEST_NUMBERS:
		is_all = has_every_number(test);
		break;
	case TEST_TEXTS:
	case TEST_NAME:
		is_all = has_every_text(test);
		break;
	case TEST_REGEX:
		is_all = matches_every_text(test->regex.compiled);
		break;
	case TEST_TRUTH:
		break;
	}
	if (!is_all)
		return EXTENT_SOME;
	return test->is_negated ? EXTENT_NOTHING : EXTENT_ALL;
}

/* Do tests of one kind take everything together, as in "tcp or udp": as one test with all values? */
static bool is_every_bit(const struct filter_node * or, enum test_kind kind, unsigned int all)
{
	unsigned int bits = 0;

	for (size_t i = 0; i < or->args.n; i++) {
		const struct filter_node *node = or->args.list[i];

		if (node->kind == NODE_TEST && node->test.kind == kind)
			bits |= node->test.is_negated ? ~node->test.bits : node->test.bits;
	}
	return (bits & all) == all;
}

static bool is_every_port(const struct filter_node * or)
{
	struct port_list ports = { 0 };
	bool is_every;

	for (size_t i = 0; i < or->args.n; i++) {
		const struct filter_node *node = or->args.list[i];

		if (node->kind == NODE_TEST && node->test.kind == TEST_PORTS &&
		    node->test.ends != END_REMOTE && !node->test.is_negated &&
		    !node->test.ports.out.n)
			port_list_add_list(&ports, &node->test.ports.in);
	}
	is_every = has_every_port(&ports);
	port_list_fini(&ports);
	return is_every;
}

static bool is_everything_together(const struct filter_node * or, const struct selection *rows)
{
	return is_every_bit(or, TEST_PROTO, rows->protos) ||
	       is_every_bit(or, TEST_FAMILY, rows->families) ||
	       is_every_bit(or, TEST_STATE, STATE_ALL) || is_every_port(or);
}

static enum extent extent_of(const struct filter_node *node, const struct selection *rows)
{
	enum extent decisive, extent;

	switch (node->kind) {
	case NODE_TEST:
		return extent_of_test(&node->test, rows);
	case NODE_NOT:
		extent = extent_of(node->arg, rows);
		return (enum extent)(EXTENT_ALL - extent);
	case NODE_AND:
	case NODE_OR:
		break;
	}
	if (node->kind == NODE_OR && is_everything_together(node, rows))
		return EXTENT_ALL;
	decisive = node->kind == NODE_AND ? EXTENT_NOTHING : EXTENT_ALL;
	extent = (enum extent)(EXTENT_ALL - decisive);
	for (size_t i = 0; i < node->args.n; i++) {
		enum extent part = extent_of(node->args.list[i], rows);

		if (decisive == EXTENT_NOTHING ? part < extent : part > extent)
			extent = part;
	}
	return extent;
}

bool filter_takes_everything(const struct filter *f, unsigned int protos, unsigned int families)
{
	const struct selection rows = { protos, families };

	return !f || !f->root || extent_of(f->root, &rows) == EXTENT_ALL;
}
