/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules of its network namespace do with new packets to a listener: the column firewall. */
#include <config.h>

#include "query/row_firewall.h"

#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "query/column_values.h"
#include "query/listening.h"
#include "query/snapshot.h"
#include "resolve/firewall.h"
#include "resolve/forward_rules.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"

const char *const firewall_words[] = {
	[JUDGE_ACCEPTED] = "accepted",
	[JUDGE_DROPPED] = "dropped",
	[JUDGE_DEPENDS] = "depends",
	NULL,
};

/* No packet from outside comes to these, whatever the rules say. */
static bool is_local_only(const struct snapshot *snap, const struct sock *sk)
{
	return addr_is_loopback((enum addr_family)sk->family, &sk->local.addr) ||
	       (sk->ifindex && snap->names->ifaces &&
		ifaces_is_loopback(snap->names->ifaces, sk->netns, sk->ifindex));
}

static bool is_judged(const struct snapshot *snap, const struct sock *sk)
{
	return proto_has_ports((enum sock_proto)sk->proto) && is_listening(sk) &&
	       !sock_is_forward(sk) && !is_local_only(snap, sk);
}

/* The packets of MPTCP are those of TCP. */
static uint8_t ip_protocol_of(const struct sock *sk)
{
	return sk->proto == PROTO_MPTCP ? IPPROTO_TCP : (uint8_t)proto_rows[sk->proto].number;
}

/* What is not known to be of IPv6 alone may serve IPv4 as well. */
static struct firewall_question question_of(const struct sock *sk)
{
	struct firewall_question q = {
		.family = (enum addr_family)sk->family,
		.addr = sk->local.addr,
		.is_dual_stack = !(sock_has(sk, SOCK_HAS_V6ONLY) && sk->v6only),
		.proto = ip_protocol_of(sk),
		.port = sk->local.port,
	};

	if (q.family == ADDR_INET6 && addr_is_v4_mapped(&q.addr)) {
		q.family = ADDR_INET;
		memmove(q.addr.bytes, q.addr.bytes + 12, 4);
		memset(q.addr.bytes + 4, 0, 12);
	}
	return q;
}

/* Of a snapshot, in steps of judgements; with more listeners or rules the rest is not followed. */
#define STEPS_MAX (2 * WALK_STEPS_MAX)

static void judge(struct snapshot *snap, struct row *row, size_t *n_steps)
{
	const struct firewall *fw = forward_rules_firewall(snap->names->forwards, row->sk->netns);
	struct firewall_question q = question_of(row->sk);
	struct judgement j = { .verdict = JUDGE_DEPENDS };

	if (!fw || fw->error)
		return;
	if (*n_steps < STEPS_MAX)
		firewall_judge(fw, &snap->own_addrs, &q, &j);
	*n_steps += j.n_steps;
	row->firewall = (j.verdict + 1U) & 3U;
}

static void add_problems(struct snapshot *snap)
{
	const struct forward_rules *rules = snap->names->forwards;
	struct problem problem = { .code = PROBLEM_FIREWALL,
				   .proto = PROBLEM_NO_PROTO,
				   .key = "firewall",
				   .error = -rules->error,
				   .viewer = geteuid() ? VIEWER_USER : VIEWER_WITHOUT_CAPS };
	struct buf names = { 0 };

	if (problem.error)
		problems_add(&snap->problems, &problem);
	for (size_t i = 0; i < rules->n_firewalls; i++) {
		const struct firewall *fw = &rules->firewalls[i];

		if (fw->error || !fw->unread.len)
			continue;
		buf_clear(&names);
		buf_add(&names, fw->unread.data, fw->unread.len);
		buf_cstr(&names);
		problem.test = names.data;
		problems_add(&snap->problems, &problem);
	}
	buf_fini(&names);
}

void row_firewall_find(struct snapshot *snap)
{
	bool is_asked = false;
	size_t n_steps = 0;

	for (size_t i = 0; i < snap->n_rows; i++) {
		if (!is_judged(snap, snap->rows[i].sk))
			continue;
		is_asked = true;
		judge(snap, &snap->rows[i], &n_steps);
	}
	if (is_asked)
		add_problems(snap);
}

GETTER(get_firewall)
{
	(void)c, (void)i;
	if ((snap->resolved & NEED_FIREWALL) && row->firewall)
		value_set_text(out, firewall_words[row->firewall - 1]);
}

enum problem_lack lack_firewall(const struct column *c, const struct snapshot *snap,
				const struct row *row)
{
	(void)c;
	if (row->firewall || !is_judged(snap, row->sk))
		return LACK_NOTHING;
	if (snap->names->forwards)
		return LACK_PRIVILEGE;
	if (snap->told)
		return LACK_DOCUMENT;
	return snap->is_replay ? LACK_RECORDING : LACK_KERNEL;
}
