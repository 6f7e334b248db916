/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses values that are fixed words or numbers: protocols, states, truth, sizes, times, users. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/text.h"
#include "model/ip_protocol.h"
#include "model/vocab.h"
#include "query/filter.h"
#include "query/filter_parse.h"
#include "resolve/resolver.h"
#include "resolve/users.h"

/* Collects the words of proto, family and state as bits. */
struct bit_list {
	enum test_kind kind;
	unsigned int in;
	unsigned int out;
	bool has_in;
	const char *expected;
};

static unsigned int word_bits(enum test_kind kind, const char *s, size_t n)
{
	enum sock_proto proto;
	enum addr_family family;
	unsigned int states;

	if (kind == TEST_PROTO && proto_parse(s, n, &proto))
		return PROTO_BIT(proto);
	if (kind == TEST_FAMILY && family_parse(s, n, &family))
		return FAMILY_BIT(family);
	if (kind == TEST_STATE && state_parse(s, n, &states))
		return states;
	return 0;
}

/* The name of protocol, family or state number i; NULL after the last. */
static const char *word_at(enum test_kind kind, size_t i)
{
	if (kind == TEST_STATE)
		return state_word(i);
	if (kind == TEST_PROTO)
		return i < PROTO_COUNT ? proto_name((enum sock_proto)i) : NULL;
	return i < ADDR_FAMILIES ? family_name((enum addr_family)i) : NULL;
}

static int fail_word_of(struct filter_parser *p, const struct filter_word *word,
			const struct bit_list *list)
{
	struct nearest nearest;
	const char *one;

	nearest_start(&nearest, p->plain.data, p->plain.len);
	for (size_t i = 0; (one = word_at(list->kind, i)); i++)
		nearest_try(&nearest, one);
	parse_fail_word(p, word, list->expected);
	p->error->nearest = nearest.found;
	p->error->lists_states = list->kind == TEST_STATE && !nearest.found;
	return -EINVAL;
}

static int read_bits(struct filter_parser *p, const struct filter_word *word, void *context)
{
	struct bit_list *list = context;
	unsigned int bits = p->plain.len ? word_bits(list->kind, p->plain.data, p->plain.len) : 0;

	if (!bits)
		return fail_word_of(p, word, list);
	*(word->is_negated ? &list->out : &list->in) |= bits;
	list->has_in |= !word->is_negated;
	return 0;
}

int parse_bits(struct filter_parser *p, struct filter_test *test)
{
	struct bit_list list = { .kind = test->kind };
	unsigned int all;
	int err;

	if (test->kind == TEST_PROTO) {
		all = PROTO_ALL;
		list.expected = _("Expected a protocol: %s.");
	} else if (test->kind == TEST_FAMILY) {
		all = FAMILY_ALL;
		list.expected = _("Expected an address family: inet or inet6.");
	} else {
		all = STATE_ANY;
		list.expected = _("Expected a state, such as listen, established, time-wait or "
				  "connected.");
	}
	err = parse_list(p, read_bits, &list, list.expected);
	if (err && test->kind == TEST_PROTO && p->error->message == list.expected)
		p->error->protos = PROTO_ALL;
	if (err && test->kind == TEST_STATE && !p->error->len)
		p->error->lists_states = true;
	test->bits = (list.has_in ? list.in : all) & ~list.out;
	if (test->is_negated)
		test->bits = all & ~test->bits;
	test->is_negated = false;
	return err;
}

static const struct {
	enum column_unit unit;
	char suffix[3];
	uint64_t times;
} units[] = {
	{ UNIT_BYTES, "K", 1ULL << 10 },
	{ UNIT_BYTES, "M", 1ULL << 20 },
	{ UNIT_BYTES, "G", 1ULL << 30 },
	{ UNIT_US, "us", 1 },
	{ UNIT_US, "ms", 1000 },
	{ UNIT_US, "s", 1000000 },
	{ UNIT_MS, "us", 1 },
	{ UNIT_MS, "ms", 1000 },
	{ UNIT_MS, "s", 1000000 },
};

struct number_list {
	struct filter_test *test;
	size_t cap;
	const char *expected;
};

/* Reads digits and a unit.  Times become microseconds, whatever the unit of the column. */
static int read_number(const struct column *c, const char *s, size_t n, uint64_t *number)
{
	uint64_t times = c->unit == UNIT_MS ? 1000 : 1;
	size_t digits = n;
	int err;

	if (n > 2 && s[0] == '0' && (s[1] | 0x20) == 'x')
		return number_parse_hex(s + 2, n - 2, UINT64_MAX, number);
	while (digits && (s[digits - 1] < '0' || s[digits - 1] > '9'))
		digits--;
	if (digits < n)
		times = 0;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (units[i].unit == c->unit && text_is(s + digits, n - digits, units[i].suffix))
			times = units[i].times;
	}
	if (!times)
		return -EINVAL;
	err = number_parse(s, digits, UINT64_MAX / times, number);
	*number = err ? 0 : *number * times;
	return err;
}

/* Only the bits of a mark have individual meanings: 0x1/0xff, as in ss(8). */
static bool has_masks(const struct filter_test *test)
{
	return test->op == OP_EQ && test->column->input == INPUT_MASK;
}

static int read_masked(const struct filter_test *test, const char *s, size_t n,
		       struct number_item *item)
{
	const char *slash = has_masks(test) ? memchr(s, '/', n) : NULL;
	size_t first = slash ? (size_t)(slash - s) : n;
	uint8_t ip_protocol;

	if (test->column->input == INPUT_IP_PROTOCOL && ip_protocol_parse(s, n, &ip_protocol)) {
		item->number = ip_protocol;
		return 0;
	}
	if (read_number(test->column, s, first, &item->number))
		return -EINVAL;
	return slash ? read_number(test->column, slash + 1, n - first - 1, &item->mask) : 0;
}

static void add_number(struct number_list *list, const struct number_item *item)
{
	struct filter_test *test = list->test;

	test->numbers.items =
		mem_grow(test->numbers.items, test->numbers.n, &list->cap, sizeof(*item));
	test->numbers.items[test->numbers.n++] = *item;
}

static int read_number_item(struct filter_parser *p, const struct filter_word *word, void *context)
{
	struct number_list *list = context;
	struct filter_test *test = list->test;
	struct number_item item = { .mask = UINT64_MAX, .is_negated = word->is_negated };

	if (!p->plain.len || read_masked(test, p->plain.data, p->plain.len, &item))
		return parse_fail_word(p, word, list->expected);
	add_number(list, &item);
	return 0;
}

int parse_numbers(struct filter_parser *p, struct filter_test *test)
{
	struct number_list list = { .test = test, .expected = _("Expected a number.") };
	struct filter_word word;
	int err;

	if (test->column->unit == UNIT_BYTES)
		list.expected = _("Expected a number of bytes; K, M or G may follow it.");
	else if (test->column->unit != UNIT_NONE)
		list.expected = _("Expected a time; us, ms or s may follow the number.");
	else if (test->column->expected && (test->column->input != INPUT_MASK || has_masks(test)))
		list.expected = _(test->column->expected);
	test->numbers.items = NULL;
	test->numbers.n = 0;
	test->numbers.scale = test->column->unit == UNIT_MS ? 1000 : 1;
	if (test->op == OP_EQ) {
		err = parse_list(p, read_number_item, &list, list.expected);
	} else {
		err = parse_word(p, &word, list.expected);
		if (!err && word.is_negated)
			err = parse_fail_word(p, &word, list.expected);
		if (!err)
			err = read_number_item(p, &word, &list);
	}
	if (err)
		test_fini(test);
	return err;
}

int parse_truth(struct filter_parser *p, struct filter_test *test)
{
	static const char *const words[] = { "false", "true", "no", "yes", "0", "1" };
	const char *expected = _("Expected true or false.");
	struct filter_word word;
	int err = parse_word(p, &word, expected);

	if (err)
		return err;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (text_is(p->plain.data, p->plain.len, words[i])) {
			test->truth = (i % 2) != (test->is_negated != word.is_negated);
			test->is_negated = false;
			return 0;
		}
	}
	return parse_fail_word(p, &word, expected);
}

/*
 * False for a recording without names: its uids are those of another host, so our user names do not
 * apply.
 */
static bool knows_users(const struct filter_parser *p)
{
	return p->names && p->names->users;
}

static int read_user(struct filter_parser *p, const struct filter_word *word, void *context)
{
	struct number_list *list = context;
	struct number_item item = { .mask = UINT64_MAX, .is_negated = word->is_negated };
	uint32_t uid;

	if (!p->plain.len)
		return parse_fail_word(p, word, list->expected);
	if (number_parse(p->plain.data, p->plain.len, UINT32_MAX, &item.number)) {
		if (!knows_users(p) ||
		    !users_uid(p->names->users, p->plain.data, p->plain.len, &uid))
			return parse_fail_word(p, word, list->expected);
		item.number = uid;
	}
	add_number(list, &item);
	return 0;
}

/* A name that documents do not have, or have for several uids, is compared as a text. */
static bool is_only_name(const struct filter_parser *p)
{
	const struct users *users = p->names ? p->names->users : NULL;
	uint64_t number;
	uint32_t uid;

	return users_are_of_documents(users) && p->plain.len &&
	       number_parse(p->plain.data, p->plain.len, UINT32_MAX, &number) &&
	       !users_uid(users, p->plain.data, p->plain.len, &uid);
}

static int note_pattern(struct filter_parser *p, const struct filter_word *word, void *context)
{
	bool *has_pattern = context;

	(void)word;
	*has_pattern |= glob_is_pattern(p->pattern.data, p->pattern.len) || is_only_name(p);
	return 0;
}

int parse_users(struct filter_parser *p, struct filter_test *test)
{
	struct number_list list = { .test = test };
	bool has_pattern = false;
	size_t pos = p->pos;
	int err;

	list.expected = knows_users(p)
				? _("Expected the name of a user, a uid or a shell pattern.")
				: _("Expected a uid: this recording does not contain user names.");
	err = parse_list(p, note_pattern, &has_pattern, list.expected);
	if (err)
		return err;
	p->pos = pos;
	if (has_pattern)
		return parse_texts(p, test);
	test->kind = TEST_NUMBERS;
	test->key = "uid";
	test->column = column_find("uid", 3);
	test->numbers.items = NULL;
	test->numbers.n = 0;
	test->numbers.scale = 1;
	err = parse_list(p, read_user, &list, list.expected);
	if (err)
		test_fini(test);
	return err;
}
