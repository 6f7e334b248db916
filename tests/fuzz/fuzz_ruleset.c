/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as what nf_tables says of its rules: read, walked for the list of forwards and for each
 * hook.
 */
#include <config.h>

#include <errno.h>
#include <linux/netfilter.h>
#include <stdlib.h>

#include "fuzz.h"
#include "resolve/forward_by.h"
#include "resolve/forwards.h"
#include "resolve/packets.h"
#include "resolve/ruleset.h"
#include "resolve/ruleset_judge.h"
#include "resolve/ruleset_read.h"

static void check_forwards(const struct ruleset *rs)
{
	struct forwards f = { 0 };

	forwards_add_rules(&f, rs, 0);
	for (size_t i = 0; i < f.n; i++) {
		const struct forward *fw = &f.list[i];

		CHECK(fw->from_outside || fw->from_here);
		CHECK(fw->port_first <= fw->port_last);
		CHECK(forward_by_words[fw->by]);
		CHECK(*forwards_text(&f, fw->rule) || rs->n_chains);
		CHECK(fact_text((enum fact)fw->why));
	}
	forwards_fini(&f);
}

static void check_hooks(const struct ruleset *rs, enum addr_family family)
{
	struct packets p = { .family = family,
			     .proto_first = 6,
			     .proto_last = 6,
			     .addr_first = { { 10, 0, 0, 1 } },
			     .addr_last = { { 10, 0, 0, 1 } },
			     .port_first = 80,
			     .port_last = 80,
			     .is_to_here = true };

	for (unsigned int hook = 0; hook < NF_INET_NUMHOOKS; hook++) {
		struct judgement j;

		ruleset_judge(rs, hook, &p, &j);
		CHECK(j.possible);
		CHECK(!rs->is_cut || j.verdict == JUDGE_DEPENDS);
		CHECK(j.rule == NFT_NONE || j.rule < rs->n_rules);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ruleset rs = { 0 };
	unsigned int seen = 0;
	int err;

	err = ruleset_take(&rs, data, size, &seen);
	CHECK(err <= 1);
	ruleset_close(&rs);
	check_forwards(&rs);
	check_hooks(&rs, ADDR_INET);
	check_hooks(&rs, ADDR_INET6);
	ruleset_fini(&rs);
	return 0;
}
