/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flows written as text. */
#ifndef PORTSTAT_TESTS_UNIT_FLOWS_H
#define PORTSTAT_TESTS_UNIT_FLOWS_H

#include <netinet/in.h>
#include <string.h>

#include "base/addr.h"
#include "resolve/flow.h"
#include "test.h"

static inline struct flow tcp_flow(const char *from, uint16_t from_port, const char *to,
				   uint16_t to_port)
{
	struct flow flow = { .from.port = from_port, .to.port = to_port, .proto = IPPROTO_TCP };
	enum addr_family family;

	assert_int_equal(addr_parse(from, strlen(from), &family, &flow.from.addr), 0);
	assert_int_equal(addr_parse(to, strlen(to), &family, &flow.to.addr), 0);
	flow.family = (uint8_t)family;
	return flow;
}

static inline void expect_flow(const struct flow *got, const struct flow *want)
{
	if (!flow_is_equal(got, want))
		fail_msg("another flow than expected: ports %u to %u instead of %u to %u",
			 got->from.port, got->to.port, want->from.port, want->to.port);
}

#endif
