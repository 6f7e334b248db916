/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules of a network namespace do with a new packet to a port of it. */
#include <config.h>

#include "resolve/firewall.h"

#include <netinet/in.h> /* before the kernel's own of the same names */

#include <linux/netfilter.h>
#include <string.h>

#include "resolve/own_addrs.h"

/* With more addresses than this, or more steps for each, what holds for all of them is asked once. */
#define ADDRS_MAX 8
#define STEPS_MAX (WALK_STEPS_MAX / 16)

void firewall_fini(struct firewall *fw)
{
	ruleset_fini(&fw->rules);
	buf_fini(&fw->unread);
	*fw = (struct firewall){ 0 };
}

struct asking {
	const struct firewall *fw;
	const struct own_addrs *own;
	struct packets packets; /* but for the family and the addresses */
};

static struct judgement judge(const struct asking *a, enum addr_family family,
			      const struct addr *first, const struct addr *last, bool is_to_here)
{
	struct packets p = a->packets;
	struct judgement j;

	p.family = family;
	p.addr_first = *first;
	p.addr_last = *last;
	p.is_to_here = is_to_here;
	ruleset_judge(&a->fw->rules, a->own, a->fw->netns, &p, &j);
	return j;
}

/* Two answers, for packets that a fact tells apart, become one. */
static struct judgement join(struct judgement a, const struct judgement *b, enum fact fact)
{
	if (!a.is_sent_on && b->is_sent_on) {
		a.is_sent_on = true;
		a.target = b->target;
		a.sent_by = b->sent_by;
	}
	a.n_steps += b->n_steps;
	a.are_all_sent_on = a.are_all_sent_on && b->are_all_sent_on &&
			    nat_target_is_same(&a.target, &b->target);
	if (a.verdict == JUDGE_DEPENDS)
		return a;
	if (b->verdict == JUDGE_DEPENDS) {
		a.verdict = JUDGE_DEPENDS;
		a.why = b->why;
		a.name = b->name;
		a.place = b->place;
	}
	if (a.verdict != b->verdict) {
		a.verdict = JUDGE_DEPENDS;
		a.why = fact;
	}
	a.is_rejected = a.verdict == JUDGE_DROPPED && a.is_rejected && b->is_rejected;
	return a;
}

static bool is_own(const struct asking *a, size_t i, enum addr_family family)
{
	return a->own->list[i].netns == a->fw->netns && a->own->list[i].family == family;
}

static size_t count_own(const struct asking *a, enum addr_family family)
{
	size_t n = 0;

	for (size_t i = 0; i < a->own->n; i++)
		n += is_own(a, i, family);
	return n;
}

/* For each of the namespace's addresses, where it matters which one it is. */
static struct judgement judge_every_addr(const struct asking *a, enum addr_family family)
{
	struct addr first = { 0 }, last = { 0 };
	size_t n = count_own(a, family), n_asked = 0;
	struct judgement all;

	memset(&last, UINT8_MAX, family == ADDR_INET ? 4 : 16);
	all = judge(a, family, &first, &last, true);
	if (all.verdict != JUDGE_DEPENDS || n > ADDRS_MAX || all.n_steps > STEPS_MAX)
		return all;
	for (size_t i = 0; i < a->own->n; i++) {
		const struct addr *addr = &a->own->list[i].addr;
		struct judgement one;

		if (!is_own(a, i, family))
			continue;
		one = judge(a, family, addr, addr, true);
		all = n_asked++ ? join(all, &one, FACT_ADDR) : one;
	}
	return all;
}

static struct judgement judge_both_families(const struct asking *a)
{
	bool has_v4 = count_own(a, ADDR_INET), has_v6 = count_own(a, ADDR_INET6);
	struct judgement v4, v6;

	/* Where there is no address of a family none of its packets come. */
	if (has_v4 != has_v6)
		return judge_every_addr(a, has_v4 ? ADDR_INET : ADDR_INET6);
	v4 = judge_every_addr(a, ADDR_INET);
	v6 = judge_every_addr(a, ADDR_INET6);
	return join(v4, &v6, FACT_FAMILY);
}

static struct judgement judge_loopback(const struct asking *a, enum addr_family family)
{
	struct addr addr = { .bytes = { 127, 0, 0, 1 } };

	if (family == ADDR_INET6)
		addr = (struct addr){ .bytes = { [15] = 1 } };
	return judge(a, family, &addr, &addr, true);
}

void firewall_judge(const struct firewall *fw, const struct own_addrs *own,
		    const struct firewall_question *q, struct judgement *out)
{
	const struct asking a = {
		.fw = fw,
		.own = own,
		.packets = { .proto_first = q->proto,
			     .proto_last = q->proto,
			     .port_first = q->port,
			     .port_last = q->port,
			     .is_from_here = q->is_from_here,
			     .hook = q->is_from_here ? NF_INET_LOCAL_OUT : NF_INET_PRE_ROUTING },
	};

	if (!addr_is_any(&q->addr))
		*out = judge(&a, q->family, &q->addr, &q->addr,
			     own_addrs_has(own, fw->netns, q->family, &q->addr));
	else if (q->is_from_here)
		*out = judge_loopback(&a, q->family);
	else if (q->is_dual_stack)
		*out = judge_both_families(&a);
	else
		*out = judge_every_addr(&a, q->family);
	if (!fw->unread.len)
		return;
	out->verdict = JUDGE_DEPENDS;
	out->is_rejected = false;
	out->why = FACT_UNREAD;
}

void firewall_place_text(const struct firewall *fw, const struct rule_place *place, struct buf *out)
{
	walk_path_text(&fw->rules, place->chains, place->n_chains, out);
}

void firewall_reason_text(const struct firewall *fw, const struct judgement *j, struct buf *out)
{
	buf_str(out, fact_text(j->why));
	if (j->why == FACT_UNREAD) {
		buf_char(out, ' ');
		buf_add(out, fw->unread.data, fw->unread.len);
	} else if (j->name.len) {
		buf_char(out, ' ');
		buf_add(out, (const char *)ruleset_bytes(&fw->rules, j->name), j->name.len);
	}
}
