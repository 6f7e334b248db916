/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds where ports lead to: the sockets of rules and proxies, and who serves at the other end. */
#include <config.h>

#include "query/leads_find.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "query/lead_targets.h"
#include "query/listening.h"
#include "query/snapshot.h"
#include "resolve/forward_by.h"
#include "resolve/forward_rules.h"
#include "resolve/held_netns.h"
#include "resolve/proxies.h"
#include "resolve/resolver.h"

/* Where a rule takes every protocol, the two that people have ports of stand for it. */
static bool is_of_proto(const struct forward *fw, enum sock_proto proto)
{
	if (!fw->proto)
		return proto == PROTO_TCP || proto == PROTO_UDP;
	return proto_has_ports(proto) && proto_rows[proto].number == fw->proto;
}

static bool is_every_addr(const struct forward *fw)
{
	static const uint8_t highest[16] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	return addr_is_any(&fw->addr) &&
	       !memcmp(fw->addr_last.bytes, highest, fw->family == ADDR_INET ? 4 : 16);
}

static struct sock sock_of(const struct forward *fw, enum sock_proto proto)
{
	return (struct sock){
		.proto = (uint8_t)proto,
		.netns = fw->netns,
		.family = fw->family,
		.state = SOCK_STATE_FORWARD,
		.local = { fw->addr, fw->port_first },
		.remote = { is_every_addr(fw) ? fw->addr : fw->addr_last, fw->port_last },
	};
}

/* A rule and a protocol: rules for the same ends become one row, which leads to several places. */
struct rule_sock {
	struct sock sk;
	uint32_t forward;
};

static int compare_ends(const struct sock *a, const struct sock *b)
{
	int order = (int)a->netns - (int)b->netns;

	if (!order)
		order = memcmp(&a->local.addr, &b->local.addr, sizeof(a->local.addr));
	if (!order)
		order = memcmp(&a->remote.addr, &b->remote.addr, sizeof(a->remote.addr));
	if (!order)
		order = (int)a->local.port - (int)b->local.port;
	if (!order)
		order = (int)a->remote.port - (int)b->remote.port;
	if (!order)
		order = (int)a->proto - (int)b->proto;
	return order ? order : (int)a->family - (int)b->family;
}

static int by_ends(const void *a, const void *b)
{
	const struct rule_sock *x = a, *y = b;
	int order = compare_ends(&x->sk, &y->sk);

	return order ? order : (x->forward > y->forward) - (x->forward < y->forward);
}

static void add(struct leads *leads, uint32_t forward)
{
	leads->list = mem_grow(leads->list, leads->n, &leads->cap, sizeof(*leads->list));
	leads->list[leads->n++] = (struct lead){ .forward = forward };
}

/* The table moves while sockets are added, so that leads get theirs afterwards. */
static void add_rules(struct leads *leads, struct sock_table *table, const struct rule_sock *socks,
		      size_t n)
{
	size_t at = table->n;

	for (size_t i = 0; i < n; i++) {
		sock_table_add(table, &socks[i].sk);
		add(leads, socks[i].forward);
	}
	for (size_t i = 0; i < n; i++) {
		if (i && compare_ends(&socks[i - 1].sk, &socks[i].sk))
			at++;
		leads->list[i].from = &table->socks[at];
	}
}

void leads_add_rules(struct snapshot *snap, bool is_listed)
{
	const struct forwards *forwards = &snap->names->forwards->forwards;
	/* At most two protocols of each. */
	struct rule_sock *socks = mem_resize(NULL, 2 * forwards->n, sizeof(*socks));
	size_t n = 0;

	for (size_t i = 0; i < forwards->n; i++) {
		const struct forward *fw = &forwards->list[i];

		for (unsigned int proto = 0; proto < PROTO_COUNT; proto++)
			if (is_of_proto(fw, (enum sock_proto)proto))
				socks[n++] =
					(struct rule_sock){ sock_of(fw, (enum sock_proto)proto),
							    (uint32_t)i };
	}
	if (n)
		qsort(socks, n, sizeof(*socks), by_ends);
	add_rules(&snap->leads, is_listed ? &snap->table : &snap->leads.unlisted, socks, n);
	free(socks);
	lead_targets_set_ports(snap, 0);
}

size_t leads_owner_keys(const struct leads *leads, struct owner_key *keys)
{
	size_t n = 0;

	for (size_t i = 0; i < leads->n; i++)
		if (leads->list[i].to)
			keys[n++] = (struct owner_key){ leads->list[i].to->cookie,
							leads->list[i].to->inode };
	return n;
}

/* Is this the socket at which the proxy waits? */
static bool is_at(const struct forward *fw, const struct sock *sk)
{
	return is_of_proto(fw, (enum sock_proto)sk->proto) && sk->local.port >= fw->port_first &&
	       sk->local.port <= fw->port_last &&
	       (addr_is_any(&fw->addr) ||
		!addr_compare((enum addr_family)fw->family, &fw->addr, (enum addr_family)sk->family,
			      &sk->local.addr));
}

/* What a process that does not say where to sends on, as far as that is seen from outside. */
static void add_proxy_into(struct snapshot *snap, const struct process *process)
{
	struct forward_rules *rules = snap->names->forwards;
	uint64_t netns = held_netns(rules->proc_root, process->pid);

	if (netns)
		forwards_add_proxy_into(&rules->forwards, FORWARD_BY_ROOTLESSPORT,
					(uint32_t)process->pid, netns);
}

/* What a process sends on from a socket that it holds, where it is a proxy. */
static void add_proxy(struct snapshot *snap, const struct process *process, const struct sock *sk)
{
	struct forwards *forwards = &snap->names->forwards->forwards;
	size_t first = forwards->n;
	struct proxy proxy;

	if (!process->cmdline || !proxy_parse(process->name, process->name_len, process->cmdline,
					      process->cmdline_len, &proxy))
		return;
	forwards_add_proxy(forwards, &proxy, (uint32_t)process->pid);
	/* Podman tells it over a pipe; it goes into the namespace of the container. */
	if (!proxy.n && proxy.by == FORWARD_BY_ROOTLESSPORT)
		add_proxy_into(snap, process);
	proxy_fini(&proxy);
	for (size_t i = first; i < forwards->n; i++) {
		if (!is_at(&forwards->list[i], sk))
			continue;
		add(&snap->leads, (uint32_t)i);
		snap->leads.list[snap->leads.n - 1].from = sk;
	}
}

static int by_from(const void *a, const void *b)
{
	const struct lead *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->forward > y->forward) - (x->forward < y->forward);
}

bool leads_add_proxies(struct snapshot *snap)
{
	struct leads *leads = &snap->leads;
	size_t n_rules = leads->n;

	for (size_t i = 0; snap->names->forwards && i < snap->n_rows; i++) {
		const struct row *row = &snap->rows[i];
		struct owner_span owners = { 0 };

		if (is_listening(row->sk))
			owners = row_owners(snap, row);
		for (size_t k = 0; k < owners.n; k++)
			add_proxy(snap, snapshot_process(snap, owners.list[k].process), row->sk);
	}
	if (leads->n == n_rules)
		return false;
	lead_targets_set_ports(snap, n_rules);
	qsort(leads->list, leads->n, sizeof(*leads->list), by_from);
	return true;
}

bool leads_lack_owners(const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->leads.n; i++) {
		struct row to = { .sk = snap->leads.list[i].to, .held = ROW_HELD_ITSELF };

		if (to.sk && !row_owners(snap, &to).n)
			return true;
	}
	return false;
}

/* Keeps what was added to the texts from start on, and says where; "" stands at 0. */
static uint32_t keep_text(struct buf *texts, size_t start)
{
	if (texts->len == start)
		return 0;
	buf_char(texts, '\0');
	return (uint32_t)start;
}

static void name_process(struct snapshot *snap, struct lead *lead)
{
	struct row row = { .sk = lead->to, .held = ROW_HELD_ITSELF };
	const struct process *process = lead->to ? row_first_process(snap, &row) : NULL;
	struct buf *texts = &snap->leads.texts;
	size_t start = texts->len;

	if (process) {
		buf_add(texts, process->name, process->name_len);
		buf_printf(texts, "[%d]", process->pid);
	}
	lead->process = keep_text(texts, start);
}

/* "0.0.0.0:8000-8010", as the column local has it. */
static void write_range(struct snapshot *snap, struct lead *lead)
{
	const struct sock *from = lead->from;
	enum addr_family family = (enum addr_family)from->family;
	struct buf *texts = &snap->leads.texts;
	size_t start = texts->len;

	lead->range = 0;
	if (sock_has_one_addr(from) && sock_has_one_port(from))
		return;
	buf_str(texts, family == ADDR_INET6 ? "[" : "");
	addr_text(texts, family, &from->local.addr);
	if (!sock_has_one_addr(from)) {
		buf_char(texts, '-');
		addr_text(texts, family, &from->remote.addr);
	}
	buf_printf(texts, family == ADDR_INET6 ? "]:%u" : ":%u", from->local.port);
	if (!sock_has_one_port(from))
		buf_printf(texts, "-%u", from->remote.port);
	lead->range = keep_text(texts, start);
}

/* "192.0.2.7:8000-8010", as the column leads_to has it. */
static void write_to_range(struct snapshot *snap, struct lead *lead)
{
	const struct nat_target *to = &lead_forward(snap, lead)->leads_to;
	struct buf *texts = &snap->leads.texts;
	size_t start = texts->len;
	bool has_ports = lead->ports.first && lead->ports.last > lead->ports.first;

	lead->to_range = 0;
	if (!has_ports && (!to->has_addr || nat_target_has_one_addr(to)))
		return;
	lead_addr_text(to, texts);
	lead_ports_text(lead->ports, texts);
	lead->to_range = keep_text(texts, start);
}

void leads_finish(struct snapshot *snap)
{
	struct leads *leads = &snap->leads;

	buf_char(&leads->texts, '\0');
	for (size_t i = 0; i < leads->n; i++) {
		name_process(snap, &leads->list[i]);
		write_range(snap, &leads->list[i]);
		write_to_range(snap, &leads->list[i]);
	}
}

static bool is_denied(int error)
{
	return error == -EPERM || error == -EACCES;
}

void leads_problems(struct snapshot *snap, bool is_optional)
{
	const struct problem firewall = {
		.code = PROBLEM_FIREWALL,
		.proto = PROBLEM_NO_PROTO,
		.viewer = geteuid() ? VIEWER_USER : VIEWER_WITHOUT_CAPS,
	};
	struct forward_rules *rules = snap->names->forwards;
	struct problem problem = firewall;

	if (!rules)
		return;
	problem.error = -rules->error;
	if (rules->error ? !(is_optional && is_denied(rules->error)) : rules->forwards.is_cut)
		problems_add(&snap->problems, &problem);
	problem.error = -rules->legacy_error;
	problem.way = PROBLEM_BY_IPTABLES_LEGACY;
	if (rules->legacy_error && !rules->error &&
	    !(is_optional && is_denied(rules->legacy_error)))
		problems_add(&snap->problems, &problem);
	problem = firewall;
	problem.way = PROBLEM_BY_SK_LOOKUP;
	problem.count = !is_optional;
	if (forward_rules_have_sk_lookup(rules))
		problems_add(&snap->problems, &problem);
	problem = firewall;
	problem.test = rules->legacy.len ? (buf_cstr(&rules->legacy), rules->legacy.data) : NULL;
	if (problem.test)
		problems_add(&snap->problems, &problem);
}
