/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches the ends of a socket against the ports and addresses of a filter. */
#include <config.h>

#include "query/filter_match_ends.h"

#include <string.h>

#include "base/number.h"
#include "model/vocab.h"
#include "query/filter_state.h"
#include "query/filter_tree.h"
#include "query/host_ports.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/told.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"

/* The ports of a test: what is in, but not what is out. */
struct ports {
	struct port_list in;
	struct port_list out;
	bool are_own; /* to be freed */
};

/* This host's, or those of the host that told of the socket. */
static struct ports ports_for(const struct port_list *in, const struct port_list *out,
			      const struct host_ports *by_host, const struct snapshot *snap,
			      const struct sock *sk)
{
	const struct snapshot_host *host = by_host ? snapshot_host_of(snap, sk) : NULL;
	struct ports ports = { .in = *in, .are_own = host };

	if (out)
		ports.out = *out;
	if (host)
		host_ports_at(by_host, host->head.ephemeral, &ports.in, &ports.out);
	return ports;
}

static void ports_fini(struct ports *ports)
{
	if (!ports->are_own)
		return;
	port_list_fini(&ports->in);
	port_list_fini(&ports->out);
}

bool filter_lacks_ephemeral(const struct filter_test *test, const struct snapshot *snap,
			    const struct sock *sk)
{
	const struct snapshot_host *host = snap->told ? snapshot_host_of(snap, sk) : NULL;
	bool asks = test->kind == TEST_PORTS && test->ports.by_host;

	if (!host || host->head.ephemeral.last)
		return false;
	for (size_t i = 0; test->kind == TEST_ADDRS && i < test->addrs.n; i++)
		asks |= test->addrs.items[i].by_host != NULL;
	return asks;
}

static void add_port(const struct ports *ports, uint16_t port, struct match_state *state)
{
	state->is_known = true;
	state->is_in |= port_list_has(&ports->in, port);
	state->is_out |= port_list_has(&ports->out, port);
}

/* A rule for several ports matches if one of them does, and is excluded if all of them are. */
static void add_forwarded(const struct ports *ports, const struct sock *sk,
			  struct match_state *state)
{
	struct port_range forwarded = { sk->local.port, sk->remote.port };

	state->is_known = true;
	state->is_in |= port_list_has_any(&ports->in, forwarded);
	state->is_out |= port_list_has_each(&ports->out, forwarded);
}

enum filter_result filter_match_ports(const struct filter_test *test, const struct snapshot *snap,
				      const struct sock *sk)
{
	struct match_state state = { 0 };
	struct ports ports;

	if (!proto_has_ports((enum sock_proto)sk->proto))
		return FILTER_NO;
	if (test->ports.by_host && filter_lacks_ephemeral(test, snap, sk))
		return FILTER_UNTESTABLE;
	ports = ports_for(&test->ports.in, &test->ports.out, test->ports.by_host, snap, sk);
	if ((test->ends & END_LOCAL) && sock_is_forward(sk))
		add_forwarded(&ports, sk, &state);
	else if (test->ends & END_LOCAL)
		add_port(&ports, sk->local.port, &state);
	if ((test->ends & END_REMOTE) && sock_has(sk, SOCK_HAS_PEER))
		add_port(&ports, sk->remote.port, &state);
	ports_fini(&ports);
	return match_state_result(&state, false);
}

static bool addr_is_of(const struct addr_item *item, const struct sock *sk,
		       const struct endpoint *end)
{
	return item->is_any || addr_in_prefix((enum addr_family)sk->family, &end->addr,
					      (enum addr_family)item->prefix.family,
					      &item->prefix.addr, item->prefix.len);
}

/* Does a rule for several addresses match one of these? */
static bool is_forwarded(const struct addr_item *item, const struct ports *match,
			 const struct sock *sk)
{
	enum addr_family family = (enum addr_family)sk->family;
	enum addr_family of = (enum addr_family)item->prefix.family;
	struct port_range ports = { sk->local.port, sk->remote.port };

	if (item->has_ports &&
	    (!port_list_has_any(&match->in, ports) || port_list_has_each(&match->out, ports)))
		return false;
	return addr_is_of(item, sk, &sk->local) || addr_is_of(item, sk, &sk->remote) ||
	       (addr_compare(family, &sk->local.addr, of, &item->prefix.addr) < 0 &&
		addr_compare(of, &item->prefix.addr, family, &sk->remote.addr) < 0);
}

static bool addr_item_holds(const struct addr_item *item, const struct snapshot *snap,
			    const struct sock *sk, const struct endpoint *end)
{
	struct ports ports = ports_for(&item->ports, NULL, item->by_host, snap, sk);
	bool holds;

	if (sock_is_forward(sk))
		holds = is_forwarded(item, &ports, sk);
	else
		holds = addr_is_of(item, sk, end) &&
			(!item->has_ports || (proto_has_ports((enum sock_proto)sk->proto) &&
					      port_list_has(&ports.in, end->port) &&
					      !port_list_has(&ports.out, end->port)));
	ports_fini(&ports);
	return holds;
}

/* Is the socket bound to the interface with this name or number (RFC 4007 section 11.2)? */
static enum filter_result scope_match(const struct addr_item *item, const struct snapshot *snap,
				      const struct sock *sk)
{
	uint64_t number;

	if (!item->scope)
		return FILTER_YES;
	if (sock_is_forward(sk))
		return FILTER_NO;
	if (!sock_has(sk, SOCK_HAS_IFACE))
		return FILTER_UNTESTABLE;
	if (!number_parse(item->scope, strlen(item->scope), UINT32_MAX, &number))
		return filter_yes_or_no(number == sk->ifindex);
	if (!(snap->resolved & NEED_IFACES))
		return FILTER_MAYBE;
	if (snap->told) {
		const char *name = told_text(snap, sk, TOLD_IFACE);

		return filter_yes_or_no(name && !strcmp(name, item->scope));
	}
	return filter_yes_or_no(
		sk->ifindex && snap->names->ifaces &&
		!strcmp(ifaces_name(snap->names->ifaces, sk->netns, sk->ifindex), item->scope));
}

static void add_end(const struct filter_test *test, const struct snapshot *snap,
		    const struct sock *sk, const struct endpoint *end, struct match_state *state)
{
	struct list_state list = { 0 };

	for (size_t i = 0; i < test->addrs.n; i++) {
		const struct addr_item *item = &test->addrs.items[i];
		enum filter_result result = filter_yes_or_no(addr_item_holds(item, snap, sk, end));

		if (result == FILTER_YES)
			result = scope_match(item, snap, sk);
		if (filter_is_doubt(result))
			match_state_add_doubt(state, item->is_negated, result);
		list_state_add(&list, item->is_negated, result == FILTER_YES);
	}
	match_state_add_list(state, &list);
}

enum filter_result filter_match_addrs(const struct filter_test *test, const struct snapshot *snap,
				      const struct sock *sk)
{
	struct match_state state = { 0 };

	if (filter_lacks_ephemeral(test, snap, sk))
		return FILTER_UNTESTABLE;
	if (test->ends & END_LOCAL)
		add_end(test, snap, sk, &sk->local, &state);
	if ((test->ends & END_REMOTE) && sock_has(sk, SOCK_HAS_PEER))
		add_end(test, snap, sk, &sk->remote, &state);
	return match_state_result(&state, test->is_negated);
}
