/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses one test of a filter: its key, its operator and its value. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "base/i18n.h"
#include "base/text.h"
#include "model/vocab.h"
#include "query/filter.h"
#include "query/filter_key.h"
#include "query/filter_parse.h"

static const struct {
	const char *word;
	enum filter_op op;
} ops[] = {
	/* A longer operator precedes its prefixes. */
	{ "==", OP_EQ },    { "!=", OP_NE },	 { "!~", OP_UNLIKE }, { "<=", OP_LE }, { ">=", OP_GE },
	{ "=", OP_EQ },	    { "<", OP_LT },	 { ">", OP_GT },      { "~", OP_LIKE },
}, op_words[] = {
	{ "eq", OP_EQ }, { "ne", OP_NE },  { "neq", OP_NE }, { "lt", OP_LT }, { "le", OP_LE },
	{ "leq", OP_LE }, { "gt", OP_GT }, { "ge", OP_GE },  { "geq", OP_GE },
};

static bool is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
}

/* How many characters at the position can be part of a key. */
static size_t key_len(const struct filter_parser *p)
{
	size_t end = p->pos;

	while (end < p->len && is_key_char(p->text[end]))
		end++;
	return end - p->pos;
}

static bool ends_key(char c)
{
	return c && (parse_is_space(c) || strchr("=<>!~:,()\"", c));
}

bool parse_at_operator(const struct filter_parser *p)
{
	size_t word = parse_word_len(p, p->pos);

	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		if (parse_is_at(p, ops[i].word))
			return true;
	for (size_t i = 0; i < sizeof(op_words) / sizeof(*op_words); i++)
		if (text_is(p->text + p->pos, word, op_words[i].word))
			return true;
	return false;
}

bool parse_is_key(const struct filter_parser *p)
{
	const char *s = p->text + p->pos;
	size_t n = key_len(p), end = p->pos + n;
	struct filter_key key;
	enum sock_proto proto;

	/* A word that continues like the name of a service is one: "proc-mon". */
	if (!n || (end < p->len && !ends_key(p->text[end])))
		return false;
	/* A protocol takes precedence over a group of keys with the same name. */
	if (proto_parse(s, n, &proto))
		return false;
	return filter_key_find(s, n, &key);
}

/* Reads the operator at the position, if there is one; *at is its position. */
static enum filter_op read_op(struct filter_parser *p, size_t *at)
{
	size_t word;

	if (parse_is_at(p, ":")) {
		p->pos++;
		return OP_EQ;
	}
	parse_skip_space(p);
	*at = p->pos;
	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++) {
		if (parse_is_at(p, ops[i].word)) {
			p->pos += strlen(ops[i].word);
			return ops[i].op;
		}
	}
	word = parse_word_len(p, p->pos);
	for (size_t i = 0; i < sizeof(op_words) / sizeof(*op_words); i++) {
		if (text_is(p->text + p->pos, word, op_words[i].word)) {
			p->pos += word;
			return op_words[i].op;
		}
	}
	return OP_EQ;
}

/* Rejects operators that the kind of test does not have. */
static int check_op(struct filter_parser *p, const struct filter_test *test, size_t pos)
{
	bool is_list = test->op == OP_EQ || test->op == OP_NE;
	bool is_like = test->op == OP_LIKE || test->op == OP_UNLIKE;
	const char *expected = NULL;

	switch (test->kind) {
	case TEST_PORTS:
	case TEST_NUMBERS:
		if (is_like)
			expected = _("Expected one of the operators = != < <= > >= for this key.");
		break;
	case TEST_TEXTS:
	case TEST_REGEX:
		if (!is_list && !is_like)
			expected = _("Expected one of the operators = != ~ !~ for this key.");
		break;
	case TEST_ADDRS:
	case TEST_PROTO:
	case TEST_FAMILY:
	case TEST_STATE:
	case TEST_NAME:
	case TEST_TRUTH:
		if (!is_list)
			expected = _("Expected one of the operators = != for this key.");
		break;
	}
	return expected ? parse_fail(p, pos, p->pos - pos, expected) : 0;
}

/* Reads the key of n bytes at the position as a test without a value; op is the operator. */
static int read_key(struct filter_parser *p, size_t n, struct filter_test *test)
{
	const char *s = p->text + p->pos;
	struct filter_key key = { 0 };

	/* parse_is_key() has found one here. */
	filter_key_find(s, n, &key);
	*test = (struct filter_test){
		.kind = key.kind, .key = key.key, .ends = key.ends, .column = key.column
	};
	if (test->column && test->column->kind == VALUE_NULL)
		return parse_fail(p, p->pos, n,
				  _("Expected a key with a value: this is a group of keys."));
	p->pos += n;
	return 0;
}

static int read_value(struct filter_parser *p, struct filter_test *test)
{
	switch (test->kind) {
	case TEST_PORTS:
		break;
	case TEST_ADDRS:
		return parse_addrs(p, test);
	case TEST_PROTO:
	case TEST_FAMILY:
	case TEST_STATE:
		return parse_bits(p, test);
	case TEST_NUMBERS:
		return parse_numbers(p, test);
	case TEST_NAME:
		return parse_texts(p, test);
	case TEST_TEXTS:
		return test->column->input == INPUT_USER ? parse_users(p, test)
							 : parse_texts(p, test);
	case TEST_REGEX:
		return parse_regex(p, test);
	case TEST_TRUTH:
		return parse_truth(p, test);
	}
	return -EINVAL;
}

/* Is there an operator where the value should be: "proc and nginx", "proc : nginx"? */
static bool at_operator_word(const struct filter_parser *p)
{
	static const char *const words[] = { "and", "or", "not", "|", "||", "&", "&&", ":" };
	size_t n = parse_word_len(p, p->pos);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (text_is(p->text + p->pos, n, words[i]))
			return true;
	return false;
}

/* tcpdump's "host 10.0.0.1". */
static bool at_addr(const struct filter_parser *p)
{
	enum addr_family family;
	struct addr addr;

	return !addr_parse(p->text + p->pos, parse_word_len(p, p->pos), &family, &addr);
}

/* tcpdump's "src host" and "dst port". */
static bool at_word_of(const struct filter_parser *p, const char *word)
{
	return text_is(p->text + p->pos, parse_word_len(p, p->pos), word);
}

int parse_test(struct filter_parser *p, struct filter_node **out, bool *is_order)
{
	size_t n = key_len(p), at;
	bool is_excluded = text_is(p->text + p->pos, n, "exclude");
	struct filter_test test;
	int err = read_key(p, n, &test);

	if (err)
		return err;
	at = p->pos;
	test.op = read_op(p, &at);
	err = check_op(p, &test, at);
	if (err)
		return err;
	parse_skip_space(p);
	if (at_operator_word(p))
		return parse_fail(p, p->pos, parse_word_len(p, p->pos),
				  _("Expected a value: to use this word as one, put it in "
				    "quotation marks."));
	*is_order = test.op >= OP_LT && test.op <= OP_GE;
	if (test.kind == TEST_ADDRS && at_word_of(p, "port"))
		return parse_fail(
			p, p->pos, strlen("port"),
			_("Expected an address: ports have keys of their own, lport and rport."));
	if (test.column && test.column->input == INPUT_HOST && at_addr(p))
		return parse_fail(
			p, p->pos, parse_word_len(p, p->pos),
			_("Expected the name of a host; for an address use the key \"addr\"."));
	if (test.kind == TEST_ADDRS && at_word_of(p, "host"))
		return parse_fail(p, p->pos, strlen("host"),
				  _("Expected an address: remove this word."));
	if (test.kind == TEST_PORTS)
		return parse_ports(p, &test, out);
	test.is_negated = test.op == OP_NE || test.op == OP_UNLIKE;
	if (test.op == OP_LIKE || test.op == OP_UNLIKE)
		test.kind = TEST_REGEX;
	if (test.op == OP_NE)
		test.op = OP_EQ;
	err = read_value(p, &test);
	if (err)
		return err;
	if (test.kind == TEST_NAME && test.is_negated) {
		test.is_negated = false;
		is_excluded = true;
	}
	*out = node_test(&test);
	if (is_excluded)
		*out = node_not(*out);
	return 0;
}
