/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of a filter: creates, combines and frees nodes, and collects what they need. */
#include <config.h>

#include "query/filter_tree.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/filter.h"
#include "query/host_ports.h"

void test_fini(struct filter_test *test)
{
	switch (test->kind) {
	case TEST_PORTS:
		port_list_fini(&test->ports.in);
		port_list_fini(&test->ports.out);
		host_ports_free(test->ports.by_host);
		break;
	case TEST_ADDRS:
		for (size_t i = 0; i < test->addrs.n; i++) {
			port_list_fini(&test->addrs.items[i].ports);
			host_ports_free(test->addrs.items[i].by_host);
			free(test->addrs.items[i].scope);
		}
		free(test->addrs.items);
		break;
	case TEST_NUMBERS:
		free(test->numbers.items);
		break;
	case TEST_TEXTS:
	case TEST_NAME:
		for (size_t i = 0; i < test->texts.n; i++) {
			free(test->texts.items[i].bytes);
			port_list_fini(&test->texts.items[i].ports);
		}
		free(test->texts.items);
		break;
	case TEST_REGEX:
		if (test->regex.compiled)
			regfree(test->regex.compiled);
		free(test->regex.compiled);
		free(test->regex.pattern);
		break;
	case TEST_PROTO:
	case TEST_FAMILY:
	case TEST_STATE:
	case TEST_TRUTH:
		break;
	}
}

static struct filter_node *node_new(enum node_kind kind)
{
	struct filter_node *node = mem_calloc(1, sizeof(*node));

	node->kind = kind;
	return node;
}

struct filter_node *node_test(const struct filter_test *test)
{
	struct filter_node *node = node_new(NODE_TEST);

	node->test = *test;
	return node;
}

struct filter_node *node_not(struct filter_node *arg)
{
	struct filter_node *node = arg;

	if (arg->kind == NODE_NOT) {
		node = arg->arg;
		free(arg);
		return node;
	}
	node = node_new(NODE_NOT);
	node->arg = arg;
	return node;
}

/* Adds an argument or, if it is of the same kind, its arguments. */
static void add_args(struct filter_node *node, struct filter_node *arg)
{
	if (arg->kind != node->kind) {
		node->args.list = mem_grow(node->args.list, node->args.n, &node->args.cap,
					   sizeof(struct filter_node *));
		node->args.list[node->args.n++] = arg;
		return;
	}
	for (size_t i = 0; i < arg->args.n; i++)
		add_args(node, arg->args.list[i]);
	free(arg->args.list);
	free(arg);
}

struct filter_node *node_join(enum node_kind kind, struct filter_node *left,
			      struct filter_node *right)
{
	struct filter_node *node = left;

	if (!left || !right)
		return left ? left : right;
	if (left->kind != kind) {
		node = node_new(kind);
		add_args(node, left);
	}
	add_args(node, right);
	return node;
}

void node_free(struct filter_node *node)
{
	if (!node)
		return;
	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
		for (size_t i = 0; i < node->args.n; i++)
			node_free(node->args.list[i]);
		free(node->args.list);
		break;
	case NODE_NOT:
		node_free(node->arg);
		break;
	case NODE_TEST:
		test_fini(&node->test);
		break;
	}
	free(node);
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	node_free(f->root);
	free(f);
}

struct filter *filter_and(struct filter *left, struct filter *right)
{
	if (!left || !right)
		return left ? left : right;
	left->root = node_join(NODE_AND, left->root, right->root);
	free(right);
	return left;
}

static unsigned int test_needs(const struct filter_test *test)
{
	unsigned int needs = test->column ? test->column->needs : 0;

	for (size_t i = 0; test->kind == TEST_ADDRS && i < test->addrs.n; i++)
		needs |= test->addrs.items[i].scope ? NEED_IFACES : 0;
	for (const struct column *c = columns; test->kind == TEST_NAME && c < columns + columns_n;
	     c++)
		needs |= c->is_name ? c->needs : 0;
	return needs;
}

static unsigned int node_needs(const struct filter_node *node)
{
	unsigned int needs = 0;

	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
		for (size_t i = 0; i < node->args.n; i++)
			needs |= node_needs(node->args.list[i]);
		break;
	case NODE_NOT:
		return node_needs(node->arg);
	case NODE_TEST:
		return test_needs(&node->test);
	}
	return needs;
}

static size_t add_columns(const struct filter_node *node, const struct column **out, size_t n,
			  size_t max)
{
	const struct column *column;

	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
		for (size_t i = 0; i < node->args.n; i++)
			n = add_columns(node->args.list[i], out, n, max);
		return n;
	case NODE_NOT:
		return add_columns(node->arg, out, n, max);
	case NODE_TEST:
		break;
	}
	column = node->test.column;
	for (size_t i = 0; i < n; i++)
		if (out[i] == column)
			return n;
	if (column && n < max)
		out[n++] = column;
	return n;
}

size_t filter_columns(const struct filter *f, const struct column **out, size_t max)
{
	return f && f->root ? add_columns(f->root, out, 0, max) : 0;
}

unsigned int filter_needs(const struct filter *f)
{
	return f && f->root ? node_needs(f->root) : 0;
}
