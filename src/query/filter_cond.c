/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns a filter into a condition on the socket alone, for the source to test. */
#include <config.h>

#include "query/filter_cond.h"

#include "query/filter.h"

static uint32_t bits_leaf(struct cond_builder *b, enum cond_kind kind, unsigned int bits,
			  bool is_negated)
{
	return build_leaf(b, (struct cond_node){ .kind = (uint8_t)kind, .bits = bits }, is_negated);
}

static uint32_t test_cond(struct cond_builder *b, const struct filter_test *test, bool is_negated)
{
	switch (test->kind) {
	case TEST_PORTS:
		return build_ports(b, test, is_negated);
	case TEST_ADDRS:
		return build_addrs(b, test, is_negated);
	case TEST_PROTO:
		return bits_leaf(b, COND_PROTO, test->bits, is_negated);
	case TEST_FAMILY:
		return bits_leaf(b, COND_FAMILY, test->bits, is_negated);
	case TEST_STATE:
		return bits_leaf(b, COND_STATE, test->bits, is_negated);
	case TEST_NUMBERS:
		return test->column->cond == COND_MARK ? build_mark(b, test, is_negated)
						       : build_unknown(b);
	case TEST_TEXTS:
		return test->column->cond != COND_FALSE ? build_named(b, test, is_negated)
							: build_unknown(b);
	case TEST_NAME:
	case TEST_REGEX:
	case TEST_TRUTH:
		break;
	}
	return build_unknown(b);
}

static uint32_t node_cond(struct cond_builder *b, const struct filter_node *node, bool is_negated)
{
	uint32_t at;

	if (node->kind == NODE_TEST)
		return test_cond(b, &node->test, is_negated);
	if (node->kind == NODE_NOT)
		return node_cond(b, node->arg, !is_negated);
	at = build_constant((node->kind == NODE_AND) != is_negated);
	for (size_t i = 0; i < node->args.n; i++)
		at = build_both(b, (node->kind == NODE_OR) != is_negated, at,
				node_cond(b, node->args.list[i], is_negated));
	return at;
}

void filter_cond(const struct filter *f, const struct resolver *names, bool with_mark,
		 struct cond *out, bool *is_exact)
{
	struct cond_builder b = {
		.c = out, .names = names, .with_mark = with_mark, .is_exact = true
	};

	cond_init(out);
	if (f && f->root)
		out->root = node_cond(&b, f->root, false);
	*is_exact = b.is_exact;
}

static bool is_node_exact(struct cond_builder *b, const struct filter_node *node)
{
	b->is_exact = true;
	node_cond(b, node, false);
	return b->is_exact;
}

void filter_print_rest(const struct filter *f, const struct resolver *names, bool with_mark,
		       struct buf *out)
{
	struct cond cond;
	struct cond_builder b = { .c = &cond, .names = names, .with_mark = with_mark };
	size_t start = out->len, n;

	if (!f || !f->root)
		return;
	cond_init(&cond);
	n = f->root->kind == NODE_AND ? f->root->args.n : 1;
	for (size_t i = 0; i < n; i++) {
		struct filter part = {
			.root = f->root->kind == NODE_AND ? f->root->args.list[i] : f->root,
		};

		if (is_node_exact(&b, part.root))
			continue;
		if (out->len > start)
			buf_str(out, " and ");
		if (n > 1 && part.root->kind == NODE_OR) {
			buf_char(out, '(');
			filter_print(&part, out);
			buf_char(out, ')');
		} else {
			filter_print(&part, out);
		}
	}
	cond_fini(&cond);
}
