/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A filter over a row. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/mem.h"
#include "model/vocab.h"
#include "query/filter.h"
#include "query/filter_tree.h"
#include "query/snapshot.h"

/* What a test says of the values of a row, one after the other. */
struct tally {
	bool is_known; /* there is a value */
	bool is_in;    /* one of them is in the list */
	bool is_out;   /* one of them was taken away */
};

static bool tally_holds(const struct tally *tally, bool is_negated)
{
	return tally->is_known && (tally->is_in && !tally->is_out) != is_negated;
}

/* One value against the items of a list, one after the other. */
struct list_look {
	bool has_in; /* not all items are taken away */
	bool is_in;
	bool is_out;
};

static void look_at(struct list_look *look, bool is_taken, bool holds)
{
	look->has_in |= !is_taken;
	look->is_in |= !is_taken && holds;
	look->is_out |= is_taken && holds;
}

static void tally_look(struct tally *tally, const struct list_look *look)
{
	tally->is_known = true;
	tally->is_in |= look->is_in || !look->has_in;
	tally->is_out |= look->is_out;
}

static void tally_port(const struct filter_test *test, uint16_t port, struct tally *tally)
{
	tally->is_known = true;
	tally->is_in |= port_list_has(&test->ports.in, port);
	tally->is_out |= port_list_has(&test->ports.out, port);
}

static bool ports_hold(const struct filter_test *test, const struct sock *sk)
{
	struct tally tally = { 0 };

	if (!proto_has_ports((enum sock_proto)sk->proto))
		return false;
	if (test->ends & END_LOCAL)
		tally_port(test, sk->local.port, &tally);
	if ((test->ends & END_REMOTE) && sock_has(sk, SOCK_HAS_PEER))
		tally_port(test, sk->remote.port, &tally);
	return tally_holds(&tally, false);
}

static bool addr_item_holds(const struct addr_item *item, const struct sock *sk,
			    const struct endpoint *end)
{
	if (!item->is_any && !addr_in_prefix((enum addr_family)sk->family, &end->addr,
					     (enum addr_family)item->prefix.family,
					     &item->prefix.addr, item->prefix.len))
		return false;
	return !item->has_ports || (proto_has_ports((enum sock_proto)sk->proto) &&
				    port_list_has(&item->ports, end->port));
}

static void tally_end(const struct filter_test *test, const struct sock *sk,
		      const struct endpoint *end, struct tally *tally)
{
	struct list_look look = { 0 };

	for (size_t i = 0; i < test->addrs.n; i++) {
		const struct addr_item *item = &test->addrs.items[i];

		look_at(&look, item->is_taken, addr_item_holds(item, sk, end));
	}
	tally_look(tally, &look);
}

static bool addrs_hold(const struct filter_test *test, const struct sock *sk)
{
	struct tally tally = { 0 };

	if (test->ends & END_LOCAL)
		tally_end(test, sk, &sk->local, &tally);
	if ((test->ends & END_REMOTE) && sock_has(sk, SOCK_HAS_PEER))
		tally_end(test, sk, &sk->remote, &tally);
	return tally_holds(&tally, test->is_negated);
}

static bool number_in_order(enum filter_op op, uint64_t value, uint64_t bound)
{
	switch (op) {
	case OP_LT:
		return value < bound;
	case OP_LE:
		return value <= bound;
	case OP_GT:
		return value > bound;
	case OP_GE:
		return value >= bound;
	case OP_EQ:
	case OP_NE:
	case OP_LIKE:
	case OP_UNLIKE:
		break;
	}
	return value == bound;
}

static void tally_number(const struct filter_test *test, uint64_t value, struct tally *tally)
{
	struct list_look look = { 0 };

	value = value > UINT64_MAX / test->numbers.scale ? UINT64_MAX : value * test->numbers.scale;
	for (size_t i = 0; i < test->numbers.n; i++) {
		const struct number_item *item = &test->numbers.items[i];

		look_at(&look, item->is_taken, number_in_order(test->op, value, item->number));
	}
	tally_look(tally, &look);
}

static bool text_item_holds(const struct text_item *item, const char *s, size_t n)
{
	if (item->is_pattern)
		return glob_matches(item->bytes, item->len, s, n);
	return item->len == n && !memcmp(item->bytes, s, n);
}

static bool regex_holds(const struct filter_test *test, const char *s, size_t n)
{
	char room[256], *text = n < sizeof(room) ? room : mem_alloc(n + 1);
	bool holds;

	/* regexec(3) wants a NUL behind the text, which outside bytes do not have. */
	memcpy(text, s, n);
	text[n] = '\0';
	holds = !regexec(test->regex.compiled, text, 0, NULL, 0);
	if (text != room)
		free(text);
	return holds;
}

static void tally_text(const struct filter_test *test, const char *s, size_t n, struct tally *tally)
{
	struct list_look look = { 0 };

	if (test->kind == TEST_REGEX)
		look_at(&look, false, regex_holds(test, s, n));
	for (size_t i = 0; test->kind == TEST_TEXTS && i < test->texts.n; i++) {
		const struct text_item *item = &test->texts.items[i];

		look_at(&look, item->is_taken, text_item_holds(item, s, n));
	}
	tally_look(tally, &look);
}

/* A command line: each of its words, and all of them with spaces between. */
static void tally_words(const struct filter_test *test, const struct value *value,
			struct tally *tally)
{
	const char *s = value->text.bytes, *end = s + value->text.len;
	char *line;

	while (s < end) {
		const char *stop = memchr(s, '\0', (size_t)(end - s));

		stop = stop ? stop : end;
		tally_text(test, s, (size_t)(stop - s), tally);
		s = stop + 1;
	}
	if (!value->text.len)
		return;
	line = mem_strndup(value->text.bytes, value->text.len);
	for (size_t i = 0; i < value->text.len; i++)
		line[i] = line[i] ? line[i] : ' ';
	tally_text(test, line, value->text.len - (end[-1] == '\0'), tally);
	free(line);
}

static void tally_value(const struct filter_test *test, const struct value *value,
			struct tally *tally)
{
	struct buf digits = { 0 };

	switch (value->kind) {
	case VALUE_NULL:
	case VALUE_ADDR:
		break;
	case VALUE_BOOL:
		tally->is_known = true;
		tally->is_in |= value->truth == test->truth;
		break;
	case VALUE_NUMBER:
		if (test->kind == TEST_NUMBERS) {
			tally_number(test, value->number, tally);
			break;
		}
		/* The kind of a timer that is newer than its name: the kernel's number. */
		buf_u64(&digits, value->number);
		tally_text(test, digits.data, digits.len, tally);
		buf_fini(&digits);
		break;
	case VALUE_TEXT:
		tally_text(test, value->text.bytes, value->text.len, tally);
		break;
	case VALUE_LIST:
		tally_words(test, value, tally);
		break;
	}
}

static enum filter_result column_holds(const struct filter_test *test, const struct snapshot *snap,
				       const struct row *row)
{
	struct tally tally = { 0 };
	size_t n;

	if (test->column->needs & ~snap->resolved)
		return FILTER_MAYBE;
	n = column_count(test->column, snap, row);
	for (size_t i = 0; i < n; i++) {
		struct value value;

		column_value(test->column, snap, row, i, &value);
		tally_value(test, &value, &tally);
	}
	return tally_holds(&tally, test->is_negated) ? FILTER_YES : FILTER_NO;
}

static enum filter_result test_match(const struct filter_test *test, const struct snapshot *snap,
				     const struct row *row)
{
	const struct sock *sk = row->sk;
	bool holds = false;

	switch (test->kind) {
	case TEST_PORTS:
		holds = ports_hold(test, sk);
		break;
	case TEST_ADDRS:
		holds = addrs_hold(test, sk);
		break;
	case TEST_PROTO:
		holds = test->bits & PROTO_BIT(sk->proto);
		break;
	case TEST_FAMILY:
		holds = test->bits & FAMILY_BIT(sk->family);
		break;
	case TEST_STATE:
		holds = test->bits & STATE_BIT(sk->state);
		break;
	case TEST_NUMBERS:
	case TEST_TEXTS:
	case TEST_REGEX:
	case TEST_TRUTH:
		return column_holds(test, snap, row);
	}
	return holds ? FILTER_YES : FILTER_NO;
}

static enum filter_result node_match(const struct filter_node *node, const struct snapshot *snap,
				     const struct row *row)
{
	enum filter_result decisive, result, one;

	switch (node->kind) {
	case NODE_TEST:
		return test_match(&node->test, snap, row);
	case NODE_NOT:
		one = node_match(node->arg, snap, row);
		if (one == FILTER_MAYBE)
			return one;
		return one == FILTER_YES ? FILTER_NO : FILTER_YES;
	case NODE_AND:
	case NODE_OR:
		break;
	}
	decisive = node->kind == NODE_AND ? FILTER_NO : FILTER_YES;
	result = node->kind == NODE_AND ? FILTER_YES : FILTER_NO;
	for (size_t i = 0; i < node->args.n; i++) {
		one = node_match(node->args.list[i], snap, row);
		if (one == decisive)
			return one;
		if (one == FILTER_MAYBE)
			result = one;
	}
	return result;
}

enum filter_result filter_match(const struct filter *f, const struct snapshot *snap,
				const struct row *row)
{
	return f && f->root ? node_match(f->root, snap, row) : FILTER_YES;
}
