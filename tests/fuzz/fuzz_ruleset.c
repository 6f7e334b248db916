/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as what nf_tables says of its rules: read, walked for the list of forwards, and on the
 * whole way of packets that come in and of those that stay here.
 */
#include <config.h>

#include <errno.h>
#include <stdlib.h>

#include "fuzz.h"
#include "resolve/firewall.h"
#include "resolve/forward_by.h"
#include "resolve/forwards.h"
#include "resolve/own_addrs.h"
#include "resolve/packets.h"
#include "resolve/ruleset.h"
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

static void check_answer(const struct firewall *fw, const struct judgement *j)
{
	const struct ruleset *rs = &fw->rules;
	struct buf text = { 0 };

	CHECK(!rs->is_cut || j->verdict == JUDGE_DEPENDS);
	CHECK((j->verdict == JUDGE_DEPENDS) == (j->why != FACT_NONE));
	CHECK(!j->is_rejected || j->verdict == JUDGE_DROPPED);
	CHECK(j->place.rule == NFT_NONE || j->place.rule < rs->n_rules);
	CHECK(j->verdict != JUDGE_DROPPED || j->place.n_chains);
	firewall_place_text(fw, &j->place, &text);
	firewall_place_text(fw, &j->sent_by, &text);
	firewall_reason_text(fw, j, &text);
	CHECK(text.len);
	buf_fini(&text);
}

static void check_firewall(const struct firewall *fw, enum addr_family family, bool is_from_here)
{
	struct own_addr list[] = { { ADDR_INET, { { 10, 0, 0, 1 } }, 0 },
				   { ADDR_INET, { { 10, 0, 0, 2 } }, 0 },
				   { ADDR_INET6, { { 0xfd, [15] = 1 } }, 0 } };
	struct own_addrs own = { list, 3, 3 };
	struct firewall_question q = { .family = family,
				       .is_dual_stack = true,
				       .is_from_here = is_from_here,
				       .proto = 6,
				       .port = 80 };
	struct judgement j;

	firewall_judge(fw, &own, &q, &j);
	check_answer(fw, &j);
	q.addr = list[0].addr;
	firewall_judge(fw, &own, &q, &j);
	check_answer(fw, &j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct firewall fw = { 0 };
	unsigned int seen = 0;
	int err;

	err = ruleset_take(&fw.rules, data, size, &seen);
	CHECK(err <= 1);
	ruleset_close(&fw.rules);
	check_forwards(&fw.rules);
	for (int family = 0; family < ADDR_FAMILIES; family++) {
		check_firewall(&fw, (enum addr_family)family, false);
		check_firewall(&fw, (enum addr_family)family, true);
	}
	firewall_fini(&fw);
	return 0;
}
