/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ports and addresses as the kernel compares them: it has neither "no port" nor "no peer". */
#include <config.h>

#include "query/filter_cond.h"

static uint32_t has_ports(struct cond_builder *b, bool is_negated)
{
	const struct cond_node node = { .kind = COND_PROTO,
					.bits = PROTO_ALL & ~protos_where(proto_has_ports) };

	return build_leaf(b, node, !is_negated);
}

/*
 * "The port of this end is in the list."  For a socket without a peer, the kernel has the remote
 * port 0 and the filter language none: if the list contains 0, the condition has to hold in both
 * cases.
 */
static uint32_t end_ports(struct cond_builder *b, enum filter_end end, const struct port_list *list,
			  bool is_negated)
{
	uint8_t kind = end == END_LOCAL ? COND_LOCAL_PORT : COND_REMOTE_PORT;
	struct port_range zero = { 0, 0 };
	const struct cond_node none = { .kind = COND_REMOTE_PORT, .ports = { &zero, 1, 0 } };
	uint32_t at = build_leaf(b, (struct cond_node){ .kind = kind, .ports = *list }, is_negated);

	if (end == END_LOCAL || !port_list_has(list, 0))
		return at;
	b->is_exact = false;
	return is_negated ? cond_or(b->c, at, build_leaf(b, none, false)) : at;
}

uint32_t build_ports(struct cond_builder *b, const struct filter_test *test, bool is_negated)
{
	uint32_t at = build_constant(is_negated != test->ports.in_is_rest);

	for (enum filter_end end = END_LOCAL; end <= END_REMOTE; end++)
		if ((test->ends & end) && !test->ports.in_is_rest)
			at = build_either(b, is_negated, at,
					  end_ports(b, end, &test->ports.in, is_negated));
	for (enum filter_end end = END_LOCAL; end <= END_REMOTE; end++)
		if ((test->ends & end) && test->ports.out.n)
			at = build_both(b, is_negated, at,
					end_ports(b, end, &test->ports.out, !is_negated));
	return build_both(b, is_negated, has_ports(b, is_negated), at);
}

static uint32_t addr_cond(struct cond_builder *b, const struct addr_item *item, enum filter_end end,
			  bool is_negated)
{
	bool is_remote = end == END_REMOTE;
	const struct cond_node prefix = {
		.kind = is_remote ? COND_REMOTE_ADDR : COND_LOCAL_ADDR,
		.prefix = item->prefix,
	};
	uint32_t at =
		item->is_any ? build_constant(!is_negated) : build_leaf(b, prefix, is_negated);

	/* The interface is tested in user space. */
	if (item->scope) {
		b->is_exact = false;
		if (is_negated)
			return COND_TRUE_AT;
	}
	if (item->has_ports) {
		at = build_both(b, is_negated, at, has_ports(b, is_negated));
		return build_both(b, is_negated, at, end_ports(b, end, &item->ports, is_negated));
	}
	/* For the kernel, a socket without a peer has the peer "::" or 0.0.0.0. */
	if (is_remote && (item->is_any || addr_is_any(&item->prefix.addr))) {
		b->is_exact = false;
		return is_negated ? COND_TRUE_AT : at;
	}
	return at;
}

static uint32_t has_end(struct cond_builder *b, const struct filter_test *test, bool is_negated)
{
	return test->ends & END_LOCAL ? build_constant(!is_negated) : build_unknown(b);
}

uint32_t build_addrs(struct cond_builder *b, const struct filter_test *test, bool is_negated)
{
	struct build_list list = build_list_start(is_negated != test->is_negated);
	uint32_t at;

	for (enum filter_end end = END_LOCAL; end <= END_REMOTE; end++) {
		if (!(test->ends & end))
			continue;
		for (size_t i = 0; i < test->addrs.n; i++) {
			const struct addr_item *item = &test->addrs.items[i];

			at = addr_cond(b, item, end, list.is_negated != item->is_negated);
			build_list_add(b, &list, item->is_negated, at);
		}
	}
	at = build_list_end(b, &list, list.has_in ? 0 : has_end(b, test, list.is_negated));
	return test->is_negated ? build_both(b, is_negated, has_end(b, test, is_negated), at) : at;
}
