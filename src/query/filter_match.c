/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches a row against a filter. */
#include <config.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/vocab.h"
#include "query/filter.h"
#include "query/filter_logic.h"
#include "query/filter_match_ends.h"
#include "query/filter_name.h"
#include "query/filter_state.h"
#include "query/filter_tree.h"
#include "query/host_columns.h"
#include "query/snapshot.h"

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

static void add_number(const struct filter_test *test, uint64_t value, struct match_state *state)
{
	struct list_state list = { 0 };

	value = value > UINT64_MAX / test->numbers.scale ? UINT64_MAX : value * test->numbers.scale;
	for (size_t i = 0; i < test->numbers.n; i++) {
		const struct number_item *item = &test->numbers.items[i];

		list_state_add(&list, item->is_negated,
			       number_in_order(test->op, value & item->mask, item->number));
	}
	match_state_add_list(state, &list);
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

	/* regexec(3) needs a NUL after the text, which bytes from outside need not have. */
	memcpy(text, s, n);
	text[n] = '\0';
	holds = !regexec(test->regex.compiled, text, 0, NULL, 0);
	if (text != room)
		free(text);
	return holds;
}

static void add_text(const struct filter_test *test, const char *s, size_t n,
		     struct match_state *state)
{
	struct list_state list = { 0 };

	if (test->kind == TEST_REGEX)
		list_state_add(&list, false, regex_holds(test, s, n));
	for (size_t i = 0; test->kind == TEST_TEXTS && i < test->texts.n; i++) {
		const struct text_item *item = &test->texts.items[i];

		list_state_add(&list, item->is_negated, text_item_holds(item, s, n));
	}
	match_state_add_list(state, &list);
}

/* A command line: each of its arguments, and all of them joined with spaces. */
static void add_words(const struct filter_test *test, const struct value *value,
		      struct match_state *state)
{
	const char *s = value->text.bytes, *end = s + value->text.len;
	char *line;

	while (s < end) {
		const char *stop = memchr(s, '\0', (size_t)(end - s));

		stop = stop ? stop : end;
		add_text(test, s, (size_t)(stop - s), state);
		s = stop + 1;
	}
	if (!value->text.len)
		return;
	line = mem_strndup(value->text.bytes, value->text.len);
	for (size_t i = 0; i < value->text.len; i++)
		line[i] = line[i] ? line[i] : ' ';
	add_text(test, line, value->text.len - (end[-1] == '\0'), state);
	free(line);
}

/* Ancestors: the name of each, also with its pid, and all of them as they are shown. */
static void add_ancestors(const struct filter_test *test, const struct value *value,
			  struct match_state *state)
{
	struct buf text = { 0 };

	for (size_t i = 0; i < value->ancestors.n; i++) {
		const struct ancestor *one = &value->ancestors.list[i];

		add_text(test, one->name, one->name_len, state);
		for (size_t k = 0; test->kind == TEST_TEXTS && k < test->texts.n; k++) {
			const struct text_item *item = &test->texts.items[k];

			if (filter_names_process(item, one->name, one->name_len, one->pid))
				*(item->is_negated ? &state->is_out : &state->is_in) = true;
		}
	}
	ancestors_text(value->ancestors.list, value->ancestors.n, &text);
	add_text(test, buf_cstr(&text), text.len, state);
	buf_fini(&text);
}

static void add_value(const struct filter_test *test, const struct value *value,
		      struct match_state *state)
{
	struct buf text = { 0 };

	switch (value->kind) {
	case VALUE_NULL:
		break;
	case VALUE_ADDR:
		/* The ends of the row have tests of their own. */
		addr_text(&text, value->addr.family, value->addr.addr);
		add_text(test, text.data, text.len, state);
		buf_fini(&text);
		break;
	case VALUE_BOOL:
		state->is_known = true;
		state->is_in |= value->truth == test->truth;
		break;
	case VALUE_NUMBER:
		if (test->kind == TEST_NUMBERS) {
			add_number(test, value->number, state);
			break;
		}
		/* A timer kind that we have no name for: the kernel's number, as text. */
		buf_u64(&text, value->number);
		add_text(test, text.data, text.len, state);
		buf_fini(&text);
		break;
	case VALUE_TEXT:
		add_text(test, value->text.bytes, value->text.len, state);
		break;
	case VALUE_LIST:
		add_words(test, value, state);
		break;
	case VALUE_ANCESTORS:
		add_ancestors(test, value, state);
		break;
	}
}

static void add_named(const struct filter_test *test, const struct snapshot *snap,
		      const struct row *row, size_t owner, struct match_state *state)
{
	for (size_t i = 0; i < test->texts.n; i++) {
		const struct text_item *item = &test->texts.items[i];

		if (filter_names_owner(item, snap, row, owner))
			*(item->is_negated ? &state->is_out : &state->is_in) = true;
	}
}

bool test_takes_owner(const struct filter_test *test, const struct snapshot *snap,
		      const struct row *row, size_t owner)
{
	struct match_state state = { 0 };
	struct value value;

	column_value(test->column, snap, row, owner, &value);
	add_value(test, &value, &state);
	if (test->kind == TEST_TEXTS && test->column->is_name)
		add_named(test, snap, row, owner, &state);
	return match_state_result(&state, test->is_negated) == FILTER_YES;
}

static enum filter_result column_match(const struct filter_test *test, const struct snapshot *snap,
				       const struct row *row)
{
	const struct column *c = test->column;
	struct match_state state = { 0 };
	size_t n;

	if (c->needs & ~snap->resolved)
		return FILTER_MAYBE;
	n = column_count(c, snap, row);
	for (size_t i = 0; i < n; i++) {
		struct value value;

		column_value(c, snap, row, i, &value);
		add_value(test, &value, &state);
		if (test->kind == TEST_TEXTS && c->is_name && c->shape == COLUMN_LIST)
			add_named(test, snap, row, i, &state);
	}
	if (!state.is_known && column_lack(c, snap, row))
		return FILTER_UNTESTABLE;
	return match_state_result(&state, test->is_negated);
}

static const struct column *column_of(const char *key)
{
	return column_find(key, strlen(key));
}

/* What of a test about the socket itself a document left out; NULL: nothing. */
static const struct column *column_lacked(const struct filter_test *test,
					  const struct snapshot *snap, const struct row *row)
{
	static const char *const ends[][2] = { { "local_port", "peer_port" },
					       { "local_addr", "peer_addr" } };
	const struct column *c = test->column;

	if (test->kind == TEST_PROTO || test->kind == TEST_FAMILY || test->kind == TEST_STATE)
		c = column_of(test->kind == TEST_PROTO	  ? "proto"
			      : test->kind == TEST_FAMILY ? "family"
							  : "state");
	if (test->kind != TEST_PORTS && test->kind != TEST_ADDRS)
		return c && told_lacks(c, snap, row->sk) ? c : NULL;
	for (unsigned int i = 0; i < 2; i++) {
		c = column_of(ends[test->kind == TEST_ADDRS][i]);
		if ((test->ends & (i ? END_REMOTE : END_LOCAL)) && told_lacks(c, snap, row->sk))
			return c;
	}
	return NULL;
}

static enum filter_result test_match(const struct filter_test *test, const struct snapshot *snap,
				     const struct row *row)
{
	const struct sock *sk = row->sk;

	if (snap->told && column_lacked(test, snap, row))
		return FILTER_UNTESTABLE;
	switch (test->kind) {
	case TEST_PORTS:
		return filter_match_ports(test, snap, sk);
	case TEST_ADDRS:
		return filter_match_addrs(test, snap, sk);
	case TEST_PROTO:
		return filter_yes_or_no(test->bits & PROTO_BIT(sk->proto));
	case TEST_FAMILY:
		return filter_yes_or_no(test->bits & FAMILY_BIT(sk->family));
	case TEST_STATE:
		return filter_yes_or_no(test->bits & STATE_BIT(sk->state));
	case TEST_NAME:
		return filter_match_names(test, snap, row);
	case TEST_NUMBERS:
	case TEST_TEXTS:
	case TEST_REGEX:
	case TEST_TRUTH:
		break;
	}
	return column_match(test, snap, row);
}

static enum filter_result node_match(const struct filter_node *node, const struct snapshot *snap,
				     const struct row *row)
{
	enum filter_result decisive, result;

	switch (node->kind) {
	case NODE_TEST:
		return test_match(&node->test, snap, row);
	case NODE_NOT:
		return filter_opposite(node_match(node->arg, snap, row));
	case NODE_AND:
	case NODE_OR:
		break;
	}
	decisive = node->kind == NODE_AND ? FILTER_NO : FILTER_YES;
	result = filter_opposite(decisive);
	for (size_t i = 0; i < node->args.n && result != decisive; i++)
		result = filter_join(decisive, result, node_match(node->args.list[i], snap, row));
	return result;
}

bool filter_matches_all(const struct filter *f)
{
	return !f || !f->root;
}

enum filter_result filter_match(const struct filter *f, const struct snapshot *snap,
				const struct row *row)
{
	return f && f->root ? node_match(f->root, snap, row) : FILTER_YES;
}

/* The first test that makes a node untestable for the row; NULL if the node is not untestable. */
static const struct filter_test *find_doubt(const struct filter_node *node,
					    const struct snapshot *snap, const struct row *row)
{
	const struct filter_test *found = NULL;

	if (node_match(node, snap, row) != FILTER_UNTESTABLE)
		return NULL;
	if (node->kind == NODE_NOT)
		return find_doubt(node->arg, snap, row);
	if (node->kind == NODE_TEST)
		return &node->test;
	for (size_t i = 0; i < node->args.n && !found; i++)
		found = find_doubt(node->args.list[i], snap, row);
	return found;
}

struct filter_doubt filter_doubt(const struct filter *f, const struct snapshot *snap,
				 const struct row *row)
{
	struct filter_doubt doubt = { .test = find_doubt(f->root, snap, row) };
	const struct column *column;

	/* A row is only untestable if one of the tests is. */
	assert(doubt.test);
	column = snap->told ? column_lacked(doubt.test, snap, row) : NULL;
	if (column || filter_lacks_ephemeral(doubt.test, snap, row->sk)) {
		doubt.lack = LACK_DOCUMENT;
		doubt.key = column ? column->key : "ephemeral";
		return doubt;
	}
	column = doubt.test->column;
	if (doubt.test->kind == TEST_NAME)
		column = column_of("owners.name");
	else if (doubt.test->kind == TEST_ADDRS)
		column = column_of("iface");
	doubt.key = column->key;
	doubt.lack = column_lack(column, snap, row);
	return doubt;
}
