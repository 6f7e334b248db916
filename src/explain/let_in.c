/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the firewall does with a new packet from outside to the port. */
#include <config.h>

#include "explain/let_in.h"

#include <netinet/in.h>

#include "explain/explain.h"
#include "query/listening.h"
#include "resolve/firewall.h"
#include "resolve/forward_rules.h"
#include "resolve/resolver.h"

/* The place of the listener that is there, or where one would be. */
static struct firewall_question question_of(const struct explanation *x)
{
	const struct sock *sk = x->n_blockers ? x->facts.holders[x->blockers[0].row].sk : NULL;
	struct firewall_question q = { .family = x->place.family,
				       .addr = x->place.addr,
				       .is_dual_stack = !x->place.is_v6only };

	if (sk && is_listening(sk)) {
		q.family = (enum addr_family)sk->family;
		q.addr = sk->local.addr;
		q.is_dual_stack = sock_is_dual_stack(sk);
	}
	q.family = addr_unmap(q.family, &q.addr, &q.addr);
	q.proto = x->question.proto == PROTO_UDP ? IPPROTO_UDP : IPPROTO_TCP;
	q.port = x->question.port;
	return q;
}

void let_in_judge(struct explanation *x)
{
	const struct forward_rules *forwards = x->facts.snap.names->forwards;
	const struct firewall *fw =
		forwards ? forward_rules_firewall(forwards, x->facts.netns) : NULL;
	const struct firewall_question q = question_of(x);
	struct judgement j;

	if (addr_is_loopback(q.family, &q.addr)) {
		x->let_in = LET_IN_NOBODY;
		return;
	}
	if (!fw || fw->error) {
		x->let_in = LET_IN_UNKNOWN;
		x->let_in_error = fw ? -fw->error : 0;
		return;
	}
	firewall_judge(fw, &x->facts.own, &q, &j);
	x->let_in = LET_IN_DEPENDS;
	if (j.verdict == JUDGE_ACCEPTED)
		x->let_in = LET_IN_ALL;
	else if (j.verdict == JUDGE_DROPPED)
		x->let_in = j.is_rejected ? LET_IN_REJECTED : LET_IN_DROPPED;
	if (j.verdict == JUDGE_DEPENDS)
		firewall_reason_text(fw, &j, &x->let_in_by);
	else if (j.place.n_chains)
		firewall_place_text(fw, &j.place, &x->let_in_by);
}
