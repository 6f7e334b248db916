/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the grammar of filters: and, or, not, parentheses, and the tests between them. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "query/filter.h"
#include "query/filter_bare.h"
#include "query/filter_bare_kind.h"
#include "query/filter_parse.h"
#include "resolve/resolver.h"

/* The time for all host name lookups of a filter together. */
#define HOST_WAIT_MS 2000

static bool at_word(const struct filter_parser *p, const char *word)
{
	return text_is(p->text + p->pos, parse_word_len(p, p->pos), word);
}

/* The length of a sign at the position, which may be doubled ("||"); 0 if there is none. */
static size_t sign_len(const struct filter_parser *p, char sign)
{
	size_t n = 0;

	while (n < 2 && p->pos + n < p->len && p->text[p->pos + n] == sign)
		n++;
	return n;
}

/* Each returns the length of its operator at the position, or 0. */
static size_t at_or(const struct filter_parser *p)
{
	return at_word(p, "or") ? strlen("or") : sign_len(p, '|');
}

static size_t at_and(const struct filter_parser *p)
{
	return at_word(p, "and") ? strlen("and") : sign_len(p, '&');
}

/* A "!" directly before a word negates this item of a list; before a key it negates the test. */
static size_t at_not(const struct filter_parser *p)
{
	struct filter_parser behind = *p;

	behind.pos++;
	if (parse_is_at(p, "!"))
		return behind.pos == p->len || parse_is_space(p->text[behind.pos]) ||
		       strchr("(!", p->text[behind.pos]) || parse_is_key(&behind);
	return at_word(p, "not") ? strlen("not") : 0;
}

static bool at_end(const struct filter_parser *p)
{
	return p->pos == p->len || p->text[p->pos] == ')';
}

static bool is_bare_next(const struct filter_parser *p)
{
	return !at_end(p) && p->text[p->pos] != '(' && !at_not(p) && !at_and(p) && !at_or(p) &&
	       !parse_is_key(p);
}

static int parse_or(struct filter_parser *p, struct filter_node **out);

static int parse_group(struct filter_parser *p, struct filter_node **out)
{
	size_t open = p->pos++;
	int err;

	if (p->depth == FILTER_DEPTH_MAX)
		return parse_fail(
			p, open, 1,
			_("Parentheses are nested too deeply: at most 100 levels are possible."));
	p->depth++;
	err = parse_or(p, out);
	p->depth--;
	if (err)
		return err;
	if (!parse_is_at(p, ")")) {
		node_free(*out);
		return parse_fail(p, p->pos, 0, _("Expected a closing parenthesis."));
	}
	p->pos++;
	return 0;
}

/* "not" applies to the following bare words of one kind: "not 80 443" is neither port. */
static int parse_negated_run(struct filter_parser *p, struct bare_run *run)
{
	enum bare_kind kind = parse_bare_kind(p);
	struct bare_run inner = { 0 };
	int err;

	do {
		err = parse_bare(p, &inner);
	} while (!err && kind < BARE_GROUPS && is_bare_next(p) && parse_bare_kind(p) == kind);
	if (err)
		bare_run_fini(&inner);
	else
		bare_run_add(run, node_not(bare_run_finish(&inner)));
	return err;
}

/* Would a bare word of this kind continue the list of the keyed test if a comma preceded it? */
static bool is_same_list(const struct filter_node *node, enum bare_kind kind)
{
	const struct filter_test *test = &node->test;

	if (node->kind != NODE_TEST)
		return false;
	return (test->kind == TEST_PORTS && test->op == OP_EQ && kind == BARE_PORTS) ||
	       (test->kind == TEST_PROTO && kind == BARE_PROTO) ||
	       (test->kind == TEST_STATE && kind == BARE_STATE);
}

static int parse_keyed(struct filter_parser *p, struct filter_node **out)
{
	bool is_order = false;
	int err;

	*out = NULL;
	err = parse_test(p, out, &is_order);
	if (err)
		return err;
	parse_skip_space(p);
	if (is_order || !is_bare_next(p) || !is_same_list(*out, parse_bare_kind(p)))
		return 0;
	node_free(*out);
	return parse_fail(p, p->pos, parse_word_len(p, p->pos),
			  _("Expected a comma before this item: the items of a list are "
			    "separated by commas."));
}

static int parse_factor(struct filter_parser *p, struct bare_run *run)
{
	struct filter_node *node = NULL;
	bool is_negated = false;
	size_t n;
	int err;

	parse_skip_space(p);
	while ((n = at_not(p))) {
		is_negated = !is_negated;
		p->pos += n;
		parse_skip_space(p);
	}
	if (at_end(p) || at_and(p) || at_or(p))
		return parse_fail(p, p->pos, at_end(p) ? 0 : parse_word_len(p, p->pos),
				  _("Expected a test here: ports, an address, a name, or a key and "
				    "its value."));
	if (p->text[p->pos] != '(' && !parse_is_key(p))
		return is_negated ? parse_negated_run(p, run) : parse_bare(p, run);
	err = p->text[p->pos] == '(' ? parse_group(p, &node) : parse_keyed(p, &node);
	if (!err)
		bare_run_add(run, is_negated ? node_not(node) : node);
	parse_skip_space(p);
	return err;
}

/* Adjacent tests, up to an operator. */
static int parse_run(struct filter_parser *p, struct filter_node **out)
{
	struct bare_run run = { 0 };
	int err;

	do {
		err = parse_factor(p, &run);
	} while (!err && !at_end(p) && !at_and(p) && !at_or(p) && !parse_is_at(p, ","));
	if (err)
		bare_run_fini(&run);
	else
		*out = bare_run_finish(&run);
	return err;
}

static int parse_and(struct filter_parser *p, struct filter_node **out)
{
	struct filter_node *all = NULL, *one = NULL;

	do {
		int err;

		p->pos += all ? at_and(p) : 0;
		err = parse_run(p, &one);
		if (err) {
			node_free(all);
			return err;
		}
		all = node_join(NODE_AND, all, one);
	} while (at_and(p));
	*out = all;
	return 0;
}

static int parse_or(struct filter_parser *p, struct filter_node **out)
{
	struct filter_node *any = NULL, *one = NULL;

	do {
		int err;

		p->pos += any ? at_or(p) : 0;
		err = parse_and(p, &one);
		if (err) {
			node_free(any);
			return err;
		}
		any = node_join(NODE_OR, any, one);
	} while (at_or(p));
	*out = any;
	return 0;
}

static int parse_whole(struct filter_parser *p, struct filter **out)
{
	struct filter_node *root = NULL;
	int err = 0;

	*p->error = (struct filter_error){ 0 };
	/* Gives an empty word, "", an address too. */
	buf_reserve(&p->plain, 1);
	buf_reserve(&p->pattern, 1);
	if (p->len > FILTER_LENGTH_MAX)
		err = parse_fail(p, FILTER_LENGTH_MAX, 1, _("The filter is too long."));
	parse_skip_space(p);
	if (!err && p->pos < p->len)
		err = parse_or(p, &root);
	if (!err && p->pos < p->len) {
		node_free(root);
		err = parse_fail(p, p->pos, parse_word_len(p, p->pos),
				 p->text[p->pos] == ')'
					 ? _("Unmatched closing parenthesis.")
					 : _("Unexpected comma: commas separate only the values "
					     "of one key."));
	}
	buf_fini(&p->plain);
	buf_fini(&p->pattern);
	host_finder_fini(&p->hosts);
	if (err)
		return err;
	*out = mem_calloc(1, sizeof(**out));
	(*out)->root = root;
	return 0;
}

int filter_parse(struct filter **out, const char *text, size_t len, const struct resolver *names,
		 struct filter_error *error)
{
	struct filter_parser p = {
		.text = text,
		.len = len,
		.names = names,
		.finds_addrs = names && names->finds_addrs,
		.hosts = { .left_ms = HOST_WAIT_MS },
		.error = error,
	};

	return parse_whole(&p, out);
}

int filter_parse_typed(struct filter **out, const char *text, size_t len,
		       const struct resolver *names, struct filter_error *error)
{
	struct filter_parser p = {
		.text = text,
		.len = len,
		.names = names,
		.is_typed = names && names->finds_addrs,
		.error = error,
	};

	return parse_whole(&p, out);
}
