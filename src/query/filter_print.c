/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the canonical form of a filter, which parses to the same filter. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/vocab.h"
#include "query/filter.h"
#include "query/filter_parse.h"
#include "query/host_ports.h"

/*
 * A set that includes 0 and 65535 is shorter as a list of its gaps; an empty set has no other form.
 */
static void print_set(const struct port_list *list, struct buf *out)
{
	struct port_list rest;

	if (list->n == 1 ||
	    (list->n && (list->ranges[0].first > 0 || list->ranges[list->n - 1].last < PORT_MAX))) {
		port_list_print(list, "", out);
		return;
	}
	rest = port_list_rest(list);
	port_list_print(&rest, "!", out);
	port_list_fini(&rest);
}

static void print_ports(const struct filter_test *test, struct buf *out)
{
	if (test->ports.by_host) {
		host_ports_print(test->ports.by_host, out);
		return;
	}
	if (test->ends != END_EITHER) {
		print_set(&test->ports.in, out);
		return;
	}
	if (!test->ports.in_is_rest || !test->ports.out.n)
		port_list_print(&test->ports.in, "", out);
	if (!test->ports.in_is_rest && test->ports.out.n)
		buf_char(out, ',');
	port_list_print(&test->ports.out, "!", out);
}

static void print_addr(const struct addr_item *item, struct buf *out)
{
	enum addr_family family = (enum addr_family)item->prefix.family;
	bool has_brackets = !item->is_any && item->has_ports && family == ADDR_INET6;

	if (item->is_negated)
		buf_char(out, '!');
	if (has_brackets)
		buf_char(out, '[');
	if (item->is_any)
		buf_char(out, '*');
	else
		addr_text(out, family, &item->prefix.addr);
	if (has_brackets)
		buf_char(out, ']');
	if (item->scope) {
		out->len -= has_brackets;
		buf_char(out, '%');
		buf_str(out, item->scope);
		buf_str(out, has_brackets ? "]" : "");
	}
	if (!item->is_any && item->prefix.len < (family == ADDR_INET ? 32 : 128)) {
		buf_char(out, '/');
		buf_u64(out, item->prefix.len);
	}
	if (item->has_ports) {
		buf_char(out, ':');
		if (item->by_host)
			host_ports_print(item->by_host, out);
		else
			print_set(&item->ports, out);
	}
}

static void print_bit(const char *name, bool is_in, bool has_most, struct buf *out)
{
	if (is_in == has_most)
		return;
	buf_str(out, has_most ? "!" : "");
	buf_str(out, name);
	buf_char(out, ',');
}

/* Prints the names of the bits, or those of the other bits with "!" if that list is shorter. */
static void print_bits(unsigned int bits, unsigned int all, const char *(*name)(unsigned int),
		       struct buf *out)
{
	unsigned int set = 0, unset = 0;

	for (unsigned int i = 0; i < SOCK_STATE_COUNT; i++) {
		set += bits >> i & 1;
		unset += (all & ~bits) >> i & 1;
	}
	for (unsigned int i = 0; i < SOCK_STATE_COUNT; i++)
		if (all >> i & 1)
			print_bit(name(i), bits >> i & 1, unset && (unset < set || !set), out);
	out->len--;
}

static const char *proto_bit(unsigned int i)
{
	return proto_name((enum sock_proto)i);
}

static const char *family_bit(unsigned int i)
{
	return family_name((enum addr_family)i);
}

static const char *state_bit(unsigned int i)
{
	return state_name((enum sock_state)i);
}

static void print_number(uint64_t number, enum column_unit unit, struct buf *out)
{
	static const struct {
		bool is_time;
		const char *suffix;
		uint64_t times;
	} units[] = {
		{ false, "G", 1ULL << 30 }, { false, "M", 1ULL << 20 }, { false, "K", 1ULL << 10 },
		{ true, "s", 1000000 },	    { true, "ms", 1000 },	{ true, "us", 1 },
	};

	for (size_t i = 0; unit != UNIT_NONE && i < sizeof(units) / sizeof(*units); i++) {
		if (units[i].is_time == (unit != UNIT_BYTES) && number &&
		    number % units[i].times == 0) {
			buf_u64(out, number / units[i].times);
			buf_str(out, units[i].suffix);
			return;
		}
	}
	buf_u64(out, number);
}

static bool is_plain_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_./@%+*?-", c));
}

/* A word that could be read as an operator needs quotation marks as well. */
static bool needs_quotes(const char *s, size_t n)
{
	static const char *const ops[] = {
		"eq", "ne", "neq", "lt", "le", "leq", "gt", "ge", "geq"
	};

	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		if (text_is(s, n, ops[i]))
			return true;
	for (size_t i = 0; i < n; i++)
		if (!is_plain_char(s[i]))
			return true;
	return !n;
}

/* A pattern is already escaped; in a plain text, escape everything that is special. */
static void print_word(const char *bytes, size_t len, bool is_pattern, struct buf *out)
{
	bool is_quoted = needs_quotes(bytes, len);

	if (is_quoted)
		buf_char(out, '"');
	for (size_t i = 0; i < len; i++) {
		char c = bytes[i];

		if (c == '"' || (c && !is_pattern && strchr("*?[\\", c)))
			buf_char(out, '\\');
		buf_char(out, c);
	}
	if (is_quoted)
		buf_char(out, '"');
}

void filter_print_word(const char *text, size_t len, struct buf *out)
{
	print_word(text, len, false, out);
}

static void print_text(const struct text_item *item, struct buf *out)
{
	if (item->is_negated)
		buf_char(out, '!');
	print_word(item->bytes, item->len, item->is_pattern, out);
}

static void print_regex(const char *pattern, struct buf *out)
{
	if (pattern_is_bare(pattern, strlen(pattern))) {
		buf_str(out, pattern);
		return;
	}
	buf_char(out, '"');
	for (const char *s = pattern; *s; s++) {
		if (*s == '"')
			buf_char(out, '\\');
		buf_char(out, *s);
		if (*s == '\\' && s[1])
			buf_char(out, *++s);
	}
	buf_char(out, '"');
}

static void print_value(const struct filter_test *test, struct buf *out)
{
	switch (test->kind) {
	case TEST_PORTS:
		print_ports(test, out);
		break;
	case TEST_ADDRS:
		for (size_t i = 0; i < test->addrs.n; i++) {
			buf_str(out, i ? "," : "");
			print_addr(&test->addrs.items[i], out);
		}
		break;
	case TEST_PROTO:
		print_bits(test->bits, PROTO_ALL, proto_bit, out);
		break;
	case TEST_FAMILY:
		print_bits(test->bits, FAMILY_ALL, family_bit, out);
		break;
	case TEST_STATE:
		if (test->bits == STATE_ANY)
			buf_str(out, "all");
		else
			print_bits(test->bits, STATE_ANY, state_bit, out);
		break;
	case TEST_NUMBERS:
		for (size_t i = 0; i < test->numbers.n; i++) {
			buf_str(out, i ? "," : "");
			buf_str(out, test->numbers.items[i].is_negated ? "!" : "");
			print_number(test->numbers.items[i].number, test->column->unit, out);
			if (test->numbers.items[i].mask != UINT64_MAX) {
				buf_char(out, '/');
				buf_u64(out, test->numbers.items[i].mask);
			}
		}
		break;
	case TEST_NAME:
	case TEST_TEXTS:
		for (size_t i = 0; i < test->texts.n; i++) {
			buf_str(out, i ? "," : "");
			print_text(&test->texts.items[i], out);
		}
		break;
	case TEST_REGEX:
		print_regex(test->regex.pattern, out);
		break;
	case TEST_TRUTH:
		buf_str(out, test->truth ? "true" : "false");
		break;
	}
}

void filter_print_test(const struct filter_test *test, struct buf *out)
{
	static const char *const orders[] = {
		[OP_EQ] = "", [OP_LT] = "< ", [OP_LE] = "<= ", [OP_GT] = "> ", [OP_GE] = ">= ",
	};

	buf_str(out, test->key);
	buf_char(out, ' ');
	if (test->kind == TEST_REGEX)
		buf_str(out, test->is_negated ? "!~ " : "~ ");
	else if (test->is_negated)
		buf_str(out, "!= ");
	else
		buf_str(out, orders[test->op]);
	print_value(test, out);
}

static void print_node(const struct filter_node *node, bool is_inner, struct buf *out)
{
	bool has_parentheses = is_inner && (node->kind == NODE_OR || node->kind == NODE_AND);

	if (has_parentheses)
		buf_char(out, '(');
	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
		for (size_t i = 0; i < node->args.n; i++) {
			const struct filter_node *arg = node->args.list[i];

			if (i)
				buf_str(out, node->kind == NODE_AND ? " and " : " or ");
			print_node(arg, node->kind == NODE_AND || arg->kind == NODE_OR, out);
		}
		break;
	case NODE_NOT:
		buf_str(out, "not ");
		print_node(node->arg, true, out);
		break;
	case NODE_TEST:
		filter_print_test(&node->test, out);
		break;
	}
	if (has_parentheses)
		buf_char(out, ')');
}

void filter_print(const struct filter *f, struct buf *out)
{
	if (f && f->root)
		print_node(f->root, false, out);
}
