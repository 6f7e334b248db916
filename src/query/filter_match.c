/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A filter over a row. */
#include <config.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/text.h"
#include "model/vocab.h"
#include "query/filter.h"
#include "query/filter_logic.h"
#include "query/filter_name.h"
#include "query/filter_tree.h"
#include "query/snapshot.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"

/* What a test says of the values of a row, one after the other. */
struct match_state {
	bool is_known; /* there is a value */
	bool is_in; /* one of them is in the list */
	bool is_out; /* one of them is excluded */
	enum filter_result in_doubt; /* of plain items that could not be judged; NO: of none */
	enum filter_result out_doubt; /* of negated ones */
};

static enum filter_result match_result(const struct match_state *state, bool is_negated)
{
	enum filter_result in = state->is_in ? FILTER_YES : state->in_doubt;
	enum filter_result out = state->is_out ? FILTER_YES : state->out_doubt;
	enum filter_result result = filter_join(FILTER_NO, in, filter_opposite(out));

	if (!state->is_known)
		return FILTER_NO;
	return is_negated ? filter_opposite(result) : result;
}

/* One value against the items of a list, one after the other. */
struct list_state {
	bool has_in; /* not all items are negated */
	bool is_in;
	bool is_out;
};

static void add_item(struct list_state *list, bool is_negated, bool holds)
{
	list->has_in |= !is_negated;
	list->is_in |= !is_negated && holds;
	list->is_out |= is_negated && holds;
}

static void add_list(struct match_state *state, const struct list_state *list)
{
	state->is_known = true;
	state->is_in |= list->is_in || !list->has_in;
	state->is_out |= list->is_out;
}

static void add_port(const struct filter_test *test, uint16_t port, struct match_state *state)
{
	state->is_known = true;
	state->is_in |= port_list_has(&test->ports.in, port);
	state->is_out |= port_list_has(&test->ports.out, port);
}

static enum filter_result ports_match(const struct filter_test *test, const struct sock *sk)
{
	struct match_state state = { 0 };

	if (!proto_has_ports((enum sock_proto)sk->proto))
		return FILTER_NO;
	if (test->ends & END_LOCAL)
		add_port(test, sk->local.port, &state);
	if ((test->ends & END_REMOTE) && sock_has(sk, SOCK_HAS_PEER))
		add_port(test, sk->remote.port, &state);
	return match_result(&state, false);
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

/* Is the socket on the device that the item names?  By its name, or as a number (RFC 4007 section 11.2). */
static enum filter_result scope_match(const struct addr_item *item, const struct snapshot *snap,
				      const struct sock *sk)
{
	uint64_t number;

	if (!item->scope)
		return FILTER_YES;
	if (!sock_has(sk, SOCK_HAS_IFACE))
		return FILTER_UNTESTABLE;
	if (!number_parse(item->scope, strlen(item->scope), UINT32_MAX, &number))
		return filter_yes_or_no(number == sk->ifindex);
	if (!(snap->resolved & NEED_IFACES))
		return FILTER_MAYBE;
	return filter_yes_or_no(
		sk->ifindex && snap->names->ifaces &&
		!strcmp(ifaces_name(snap->names->ifaces, sk->ifindex), item->scope));
}

static void add_doubt(enum filter_result *doubt, enum filter_result result)
{
	*doubt = *doubt ? filter_doubtful(*doubt, result) : result;
}

static void add_end(const struct filter_test *test, const struct snapshot *snap,
		    const struct sock *sk, const struct endpoint *end, struct match_state *state)
{
	struct list_state list = { 0 };

	for (size_t i = 0; i < test->addrs.n; i++) {
		const struct addr_item *item = &test->addrs.items[i];
		enum filter_result result = filter_yes_or_no(addr_item_holds(item, sk, end));

		if (result == FILTER_YES)
			result = scope_match(item, snap, sk);
		if (filter_is_doubt(result))
			add_doubt(item->is_negated ? &state->out_doubt : &state->in_doubt, result);
		add_item(&list, item->is_negated, result == FILTER_YES);
	}
	add_list(state, &list);
}

static enum filter_result addrs_match(const struct filter_test *test, const struct snapshot *snap,
				      const struct sock *sk)
{
	struct match_state state = { 0 };

	if (test->ends & END_LOCAL)
		add_end(test, snap, sk, &sk->local, &state);
	if ((test->ends & END_REMOTE) && sock_has(sk, SOCK_HAS_PEER))
		add_end(test, snap, sk, &sk->remote, &state);
	return match_result(&state, test->is_negated);
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

static void add_number(const struct filter_test *test, uint64_t value, struct match_state *state)
{
	struct list_state list = { 0 };

	value = value > UINT64_MAX / test->numbers.scale ? UINT64_MAX : value * test->numbers.scale;
	for (size_t i = 0; i < test->numbers.n; i++) {
		const struct number_item *item = &test->numbers.items[i];

		add_item(&list, item->is_negated,
			 number_in_order(test->op, value & item->mask, item->number));
	}
	add_list(state, &list);
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

static void add_text(const struct filter_test *test, const char *s, size_t n,
		     struct match_state *state)
{
	struct list_state list = { 0 };

	if (test->kind == TEST_REGEX)
		add_item(&list, false, regex_holds(test, s, n));
	for (size_t i = 0; test->kind == TEST_TEXTS && i < test->texts.n; i++) {
		const struct text_item *item = &test->texts.items[i];

		add_item(&list, item->is_negated, text_item_holds(item, s, n));
	}
	add_list(state, &list);
}

/* A command line: each of its words, and all of them with spaces between. */
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

static void add_value(const struct filter_test *test, const struct value *value,
		      struct match_state *state)
{
	struct buf digits = { 0 };

	switch (value->kind) {
	case VALUE_NULL:
	case VALUE_ADDR:
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
		/* The kind of a timer that is newer than its name: the kernel's number. */
		buf_u64(&digits, value->number);
		add_text(test, digits.data, digits.len, state);
		buf_fini(&digits);
		break;
	case VALUE_TEXT:
		add_text(test, value->text.bytes, value->text.len, state);
		break;
	case VALUE_LIST:
		add_words(test, value, state);
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
	return match_result(&state, test->is_negated) == FILTER_YES;
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
	return match_result(&state, test->is_negated);
}

static enum filter_result test_match(const struct filter_test *test, const struct snapshot *snap,
				     const struct row *row)
{
	const struct sock *sk = row->sk;

	switch (test->kind) {
	case TEST_PORTS:
		return ports_match(test, sk);
	case TEST_ADDRS:
		return addrs_match(test, snap, sk);
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

enum filter_result filter_match(const struct filter *f, const struct snapshot *snap,
				const struct row *row)
{
	return f && f->root ? node_match(f->root, snap, row) : FILTER_YES;
}

/* The first test to blame for a node that is untestable for the row: what is decided is not to blame. */
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

static const struct column *column_of(const char *key)
{
	return column_find(key, strlen(key));
}

struct filter_doubt filter_doubt(const struct filter *f, const struct snapshot *snap,
				 const struct row *row)
{
	struct filter_doubt doubt = { .test = find_doubt(f->root, snap, row) };

	/* A row is untestable because some test is. */
	assert(doubt.test);
	doubt.column = doubt.test->column;
	if (doubt.test->kind == TEST_NAME)
		doubt.column = column_of("owners.name");
	else if (doubt.test->kind == TEST_ADDRS)
		doubt.column = column_of("iface");
	doubt.lack = column_lack(doubt.column, snap, row);
	return doubt;
}
