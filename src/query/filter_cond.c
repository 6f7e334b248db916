/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a filter a source can check.  Negation is carried down to the tests; there a test becomes a
 * condition that holds wherever the test does (or, negated, wherever it does not), exact where
 * the kernel sees a socket as the language does.  A test that no source knows becomes TRUE.
 */
#include <config.h>

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "query/filter.h"
#include "query/filter_tree.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"

struct builder {
	struct cond *c;
	const struct resolver *names;
	bool with_mark;
	bool is_exact;
};

/* a and b, or by De Morgan not (a and b); the arguments are negated already. */
static uint32_t both(struct builder *b, bool is_negated, uint32_t left, uint32_t right)
{
	return is_negated ? cond_or(b->c, left, right) : cond_and(b->c, left, right);
}

static uint32_t either(struct builder *b, bool is_negated, uint32_t left, uint32_t right)
{
	return both(b, !is_negated, left, right);
}

static uint32_t constant(bool truth)
{
	return truth ? COND_TRUE_AT : COND_FALSE_AT;
}

static uint32_t leaf(struct builder *b, struct cond_node node, bool is_negated)
{
	node.is_negated = is_negated;
	return cond_leaf(b->c, &node);
}

/* What the source cannot tell: whatever the answer, the condition has to hold. */
static uint32_t unknown(struct builder *b)
{
	b->is_exact = false;
	return COND_TRUE_AT;
}

static uint32_t has_ports(struct builder *b, bool is_negated)
{
	const struct cond_node raw = { .kind = COND_PROTO, .bits = PROTO_BIT(PROTO_RAW) };

	return leaf(b, raw, !is_negated);
}

/* The ranges as they are, whatever port 0 means. */
static uint32_t plain_ranges(struct builder *b, enum cond_kind kind, const struct port_list *list,
			     bool is_negated)
{
	uint32_t at = constant(is_negated);

	for (size_t i = 0; i < list->n; i++) {
		const struct cond_node node = { .kind = (uint8_t)kind, .ports = list->ranges[i] };
		bool is_all = node.ports.first == 0 && node.ports.last == PORT_MAX;
		uint32_t one = is_all ? constant(!is_negated) : leaf(b, node, is_negated);

		at = either(b, is_negated, at, one);
	}
	return at;
}

/*
 * "This end has a port out of the list."  A socket without a peer has the remote port 0 for the
 * kernel and none in the language: where the list holds 0, the condition has to hold in both cases.
 */
static uint32_t end_ranges(struct builder *b, enum filter_end end, const struct port_list *list,
			   bool is_negated)
{
	enum cond_kind kind = end == END_LOCAL ? COND_LOCAL_PORT : COND_REMOTE_PORT;
	const struct cond_node none = { .kind = COND_REMOTE_PORT, .ports = { 0, 0 } };
	bool has_zero = list->n && list->ranges[0].first == 0;
	struct port_list rest;
	uint32_t at;

	if (has_zero && list->n > 1 && list->ranges[list->n - 1].last == PORT_MAX) {
		/* Its gaps are fewer. */
		rest = port_list_rest(list);
		at = plain_ranges(b, kind, &rest, !is_negated);
		free(rest.ranges);
	} else {
		at = plain_ranges(b, kind, list, is_negated);
	}
	if (end == END_LOCAL || !has_zero)
		return at;
	b->is_exact = false;
	return is_negated ? cond_or(b->c, at, leaf(b, none, false)) : at;
}

static uint32_t ports_cond(struct builder *b, const struct filter_test *test, bool is_negated)
{
	uint32_t at = constant(is_negated != test->ports.in_is_rest);

	for (enum filter_end end = END_LOCAL; end <= END_REMOTE; end++)
		if ((test->ends & end) && !test->ports.in_is_rest)
			at = either(b, is_negated, at,
				    end_ranges(b, end, &test->ports.in, is_negated));
	for (enum filter_end end = END_LOCAL; end <= END_REMOTE; end++)
		if ((test->ends & end) && test->ports.out.n)
			at = both(b, is_negated, at,
				  end_ranges(b, end, &test->ports.out, !is_negated));
	return both(b, is_negated, has_ports(b, is_negated), at);
}

/* A list under construction: in any of some, and none of those that are taken away. */
struct list_cond {
	uint32_t in;
	uint32_t out;
	bool has_in;
	bool is_negated;
};

static struct list_cond list_start(bool is_negated)
{
	return (struct list_cond){ .in = constant(is_negated), .out = constant(!is_negated),
				   .is_negated = is_negated };
}

/* at: the item, negated as the list is, and once more where the item is taken away. */
static void list_add(struct builder *b, struct list_cond *list, bool is_taken, uint32_t at)
{
	list->has_in |= !is_taken;
	if (is_taken)
		list->out = both(b, list->is_negated, list->out, at);
	else
		list->in = either(b, list->is_negated, list->in, at);
}

/* known: that there is a value, negated as the list is. */
static uint32_t list_end(struct builder *b, const struct list_cond *list, uint32_t known)
{
	return both(b, list->is_negated, list->has_in ? list->in : known, list->out);
}

static uint32_t addr_cond(struct builder *b, const struct addr_item *item, enum filter_end end,
			  bool is_negated)
{
	bool is_remote = end == END_REMOTE;
	const struct cond_node prefix = {
		.kind = is_remote ? COND_REMOTE_ADDR : COND_LOCAL_ADDR,
		.prefix = item->prefix,
	};
	uint32_t at = item->is_any ? constant(!is_negated) : leaf(b, prefix, is_negated);

	if (item->has_ports) {
		at = both(b, is_negated, at, has_ports(b, is_negated));
		return both(b, is_negated, at, end_ranges(b, end, &item->ports, is_negated));
	}
	/* For the kernel what has no peer has the peer "::" or 0.0.0.0. */
	if (is_remote && (item->is_any || addr_is_any(&item->prefix.addr))) {
		b->is_exact = false;
		return is_negated ? COND_TRUE_AT : at;
	}
	return at;
}

static uint32_t has_end(struct builder *b, const struct filter_test *test, bool is_negated)
{
	return test->ends & END_LOCAL ? constant(!is_negated) : unknown(b);
}

static uint32_t addrs_cond(struct builder *b, const struct filter_test *test, bool is_negated)
{
	struct list_cond list = list_start(is_negated != test->is_negated);
	uint32_t at;

	for (enum filter_end end = END_LOCAL; end <= END_REMOTE; end++) {
		if (!(test->ends & end))
			continue;
		for (size_t i = 0; i < test->addrs.n; i++) {
			const struct addr_item *item = &test->addrs.items[i];

			at = addr_cond(b, item, end, list.is_negated != item->is_taken);
			list_add(b, &list, item->is_taken, at);
		}
	}
	at = list_end(b, &list, list.has_in ? 0 : has_end(b, test, list.is_negated));
	return test->is_negated ? both(b, is_negated, has_end(b, test, is_negated), at) : at;
}

/* The mark of a socket in time-wait is not always told, so "not" must let those through. */
static uint32_t mark_cond(struct builder *b, const struct filter_test *test, bool is_negated)
{
	const struct cond_node time_wait = { .kind = COND_STATE,
					     .bits = STATE_BIT(SOCK_STATE_TIME_WAIT) };
	struct list_cond list = list_start(is_negated != test->is_negated);
	uint32_t at;

	if (!b->with_mark || test->op != OP_EQ)
		return unknown(b);
	for (size_t i = 0; i < test->numbers.n; i++) {
		const struct number_item *item = &test->numbers.items[i];
		const struct cond_node node = { .kind = COND_MARK,
						.mark = { (uint32_t)item->number, UINT32_MAX } };
		bool is_not = list.is_negated != item->is_taken;

		at = item->number > UINT32_MAX ? constant(is_not) : leaf(b, node, is_not);
		list_add(b, &list, item->is_taken, at);
	}
	at = list_end(b, &list, constant(!list.is_negated));
	if (!is_negated)
		return at;
	b->is_exact = false;
	return cond_or(b->c, at, leaf(b, time_wait, false));
}

/* The number of the device of this name, as the resolver knows it; 0 for none. */
static uint32_t ifindex_of(const struct resolver *names, const struct text_item *item)
{
	uint32_t ifindex;
	const char *name;

	if (item->is_pattern || !names || !names->ifaces)
		return 0;
	ifindex = if_nametoindex(item->bytes);
	name = ifindex ? ifaces_name(names->ifaces, ifindex) : NULL;
	return name && strlen(name) == item->len && !memcmp(name, item->bytes, item->len) ? ifindex : 0;
}

static uint32_t iface_cond(struct builder *b, const struct filter_test *test, bool is_negated)
{
	const struct cond_node none = { .kind = COND_IFINDEX, .number = 0 };
	struct list_cond list = list_start(is_negated != test->is_negated);
	uint32_t at;

	for (size_t i = 0; i < test->texts.n; i++) {
		const struct text_item *item = &test->texts.items[i];
		struct cond_node node = { .kind = COND_IFINDEX };

		node.number = ifindex_of(b->names, item);
		if (!node.number)
			return unknown(b);
		list_add(b, &list, item->is_taken,
			 leaf(b, node, list.is_negated != item->is_taken));
	}
	at = list_end(b, &list, leaf(b, none, !list.is_negated));
	return test->is_negated ? both(b, is_negated, leaf(b, none, !is_negated), at) : at;
}

static uint32_t bits_leaf(struct builder *b, enum cond_kind kind, unsigned int bits, bool is_negated)
{
	return leaf(b, (struct cond_node){ .kind = (uint8_t)kind, .bits = bits }, is_negated);
}

static uint32_t test_cond(struct builder *b, const struct filter_test *test, bool is_negated)
{
	switch (test->kind) {
	case TEST_PORTS:
		return ports_cond(b, test, is_negated);
	case TEST_ADDRS:
		return addrs_cond(b, test, is_negated);
	case TEST_PROTO:
		return bits_leaf(b, COND_PROTO, test->bits, is_negated);
	case TEST_FAMILY:
		return bits_leaf(b, COND_FAMILY, test->bits, is_negated);
	case TEST_STATE:
		return bits_leaf(b, COND_STATE, test->bits, is_negated);
	case TEST_NUMBERS:
		if (!strcmp(test->column->key, "mark"))
			return mark_cond(b, test, is_negated);
		break;
	case TEST_TEXTS:
		if (!strcmp(test->column->key, "iface"))
			return iface_cond(b, test, is_negated);
		break;
	case TEST_REGEX:
	case TEST_TRUTH:
		break;
	}
	return unknown(b);
}

static uint32_t node_cond(struct builder *b, const struct filter_node *node, bool is_negated)
{
	uint32_t at;

	if (node->kind == NODE_TEST)
		return test_cond(b, &node->test, is_negated);
	if (node->kind == NODE_NOT)
		return node_cond(b, node->arg, !is_negated);
	at = constant((node->kind == NODE_AND) != is_negated);
	for (size_t i = 0; i < node->args.n; i++)
		at = both(b, (node->kind == NODE_OR) != is_negated, at,
			  node_cond(b, node->args.list[i], is_negated));
	return at;
}

void filter_cond(const struct filter *f, const struct resolver *names, bool with_mark,
		 struct cond *out, bool *is_exact)
{
	struct builder b = { .c = out, .names = names, .with_mark = with_mark, .is_exact = true };

	cond_init(out);
	if (f && f->root)
		out->root = node_cond(&b, f->root, false);
	*is_exact = b.is_exact;
}

static bool is_node_exact(struct builder *b, const struct filter_node *node)
{
	b->is_exact = true;
	node_cond(b, node, false);
	return b->is_exact;
}

void filter_print_rest(const struct filter *f, const struct resolver *names, bool with_mark,
		       struct buf *out)
{
	struct cond cond;
	struct builder b = { .c = &cond, .names = names, .with_mark = with_mark };
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
