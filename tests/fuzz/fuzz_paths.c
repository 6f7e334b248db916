/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as what the kernel says of tracked connections, interfaces and routes: the way of packets
 * from one socket to another.
 */
#include <config.h>

#include <stdlib.h>

#include "fuzz.h"
#include "resolve/conntrack.h"
#include "resolve/links.h"
#include "resolve/netlink_ask.h"
#include "resolve/routes.h"

struct heard {
	struct conntrack conntrack;
	struct links links;
};

static void take(void *data, const struct nlmsghdr *nlh)
{
	const struct route_question question = { .family = ADDR_INET6 };
	struct heard *heard = data;
	struct route route;

	conntrack_add(&heard->conntrack, nlh);
	links_add(&heard->links, nlh);
	route_parse(nlh, &question, &route);
}

static void check_conntrack(const struct conntrack *ct)
{
	for (size_t i = 0; i < ct->n; i++) {
		const struct nat_flow *known = &ct->list[i];
		enum nat_answer answer;
		struct flow out;

		answer = conntrack_follow(ct, &known->in, &out);
		CHECK(answer == (known->is_ambiguous ? NAT_UNKNOWN : NAT_REWRITES));
		CHECK(answer != NAT_REWRITES || flow_is_equal(&out, &known->out));
		CHECK(known->in.family == known->out.family);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct heard heard = { 0 };

	CHECK(netlink_take_datagram(data, size, take, &heard) <= 1);
	check_conntrack(&heard.conntrack);
	for (size_t i = 0; i < heard.links.n; i++)
		CHECK(heard.links.list[i].kind <= LINK_BRIDGE);
	conntrack_fini(&heard.conntrack);
	links_fini(&heard.links);
	return 0;
}
