/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why bind(2) says what it says, as one table. */
#include <config.h>

#include "explain/rules.h"

#include <errno.h>
#include <string.h>

#include "base/i18n.h"
#include "explain/place.h"
#include "model/sock.h"

static bool lacks_family(const struct bind_case *c)
{
	return c->place->family == ADDR_INET6 && !c->has_ipv6;
}

static bool lacks_device(const struct bind_case *c)
{
	return !c->has_device;
}

static bool lacks_scope(const struct bind_case *c)
{
	return addr_is_link_local(c->place->family, &c->place->addr) && !*c->place->device;
}

static bool lacks_address(const struct bind_case *c)
{
	return !c->has_address;
}

static bool has_ipv6_disabled(const struct bind_case *c)
{
	return c->place->family == ADDR_INET6 && c->is_ipv6_disabled && !c->has_address;
}

static bool lacks_privilege(const struct bind_case *c)
{
	return c->place->port && c->place->port < c->first_unprivileged && !c->is_privileged;
}

/* clang-format off */
const struct rule rules[RULES] = {
	[RULE_NO_FAMILY] = { "no-family", EAFNOSUPPORT,
		N_("this kernel has no IPv6"), RULE_WORD_NONE,
		N_("bind an IPv4 address"), RULE_WORD_NONE, lacks_family },
	[RULE_NO_DEVICE] = { "no-device", ENODEV,
		N_("there is no device %s here"), RULE_WORD_DEVICE,
		N_("name another device (ip link lists them), or none"), RULE_WORD_NONE, lacks_device },
	[RULE_PROGRAM] = { "bind-program", EPERM,
		N_("a BPF program of the control group %s refuses it"), RULE_WORD_CGROUP,
		N_("allow the port in its unit: SocketBindAllow=%s"), RULE_WORD_PORT, NULL },
	[RULE_NO_SCOPE] = { "no-scope", EINVAL,
		N_("a link-local address belongs to a device, and none is named"), RULE_WORD_NONE,
		N_("add the device to the address: ADDR%DEVICE"), RULE_WORD_NONE, lacks_scope },
	[RULE_IPV6_DISABLED] = { "ipv6-disabled", EADDRNOTAVAIL,
		N_("IPv6 is disabled here (net.ipv6.conf.all.disable_ipv6)"), RULE_WORD_NONE,
		N_("sysctl net.ipv6.conf.all.disable_ipv6=0, or bind an IPv4 address"), RULE_WORD_NONE, has_ipv6_disabled },
	[RULE_NO_ADDRESS] = { "no-address", EADDRNOTAVAIL,
		N_("the address %s is not one of this host, or not yet"), RULE_WORD_ADDR,
		N_("add it (ip address add), start the server when it is there "
		   "(After=network-online.target), or set net.ipv4.ip_nonlocal_bind=1"), RULE_WORD_NONE, lacks_address },
	[RULE_PRIVILEGED] = { "privileged", EACCES,
		N_("ports below %s need CAP_NET_BIND_SERVICE"), RULE_WORD_UNPRIVILEGED,
		N_("AmbientCapabilities=CAP_NET_BIND_SERVICE in its unit, "
		   "setcap cap_net_bind_service=+ep PROGRAM, "
		   "or sysctl net.ipv4.ip_unprivileged_port_start=%s"), RULE_WORD_PORT, lacks_privilege },
	[RULE_SANDBOX] = { "sandbox", EACCES,
		N_("a security module refuses it (Landlock, SELinux, AppArmor)"), RULE_WORD_NONE,
		N_("look into the audit log: ausearch -m avc, or journalctl -k"), RULE_WORD_NONE, NULL },
	[RULE_LISTEN] = { "listen", EADDRINUSE, NULL, RULE_WORD_NONE, "%s", RULE_WORD_STOP, NULL },
	[RULE_SERVES] = { "serves", EADDRINUSE, NULL, RULE_WORD_NONE, "%s", RULE_WORD_STOP, NULL },
	[RULE_BOUND] = { "bound", EADDRINUSE,
		N_("the socket is bound, and never listened: the port is taken all the same"), RULE_WORD_NONE,
		"%s", RULE_WORD_STOP, NULL },
	[RULE_TIME_WAIT] = { "time-wait", EADDRINUSE,
		N_("connections of a server that ended are in TIME-WAIT"), RULE_WORD_NONE,
		N_("wait %s; SO_REUSEADDR helps only if the server that ended had set it, too"),
		RULE_WORD_TIME, NULL },
	[RULE_CLOSE_WAIT] = { "close-wait", EADDRINUSE,
		N_("the peer closed the connection, and the process did not"), RULE_WORD_NONE,
		N_("restart %s, which leaves it open"), RULE_WORD_HOLDERS, NULL },
	[RULE_CLOSING] = { "closing", EADDRINUSE,
		N_("the kernel has not ended the connection yet"), RULE_WORD_NONE,
		N_("wait for the peer to answer, a minute or two"), RULE_WORD_NONE, NULL },
	[RULE_OUTGOING] = { "outgoing", EADDRINUSE,
		"%s", RULE_WORD_EPHEMERAL,
		"%s", RULE_WORD_FREE, NULL },
	[RULE_ACCEPTED] = { "accepted", EADDRINUSE,
		N_("a connection that the server accepted is still open"), RULE_WORD_NONE, "%s", RULE_WORD_STOP, NULL },
};
/* clang-format on */

/* The IPv4 part of a local address: of 0.0.0.0, :: without v6only and v4-mapped ones. */
struct parts {
	bool has_v4;
	bool has_v6;
	uint8_t v4[4];
};

static struct parts parts_of(enum addr_family family, const struct addr *addr, bool is_v6only)
{
	struct parts parts = { .has_v4 = family == ADDR_INET };

	if (family == ADDR_INET) {
		memcpy(parts.v4, addr->bytes, sizeof(parts.v4));
	} else if (addr_is_v4_mapped(addr)) {
		parts.has_v4 = !is_v6only;
		memcpy(parts.v4, addr->bytes + 12, sizeof(parts.v4));
	} else {
		parts.has_v6 = true;
		parts.has_v4 = addr_is_any(addr) && !is_v6only;
	}
	return parts;
}

static bool is_any_v4(const struct parts *parts)
{
	static const uint8_t any[4];

	return !memcmp(parts->v4, any, sizeof(any));
}

static bool is_v4_wildcard(const struct bind_place *place)
{
	return place->family == ADDR_INET && addr_is_any(&place->addr);
}

static enum overlap overlap_of(const struct bind_place *place, const struct sock *sk,
			       bool is_v6only)
{
	struct parts a = parts_of(place->family, &place->addr, place->is_v6only);
	struct parts b = parts_of((enum addr_family)sk->family, &sk->local.addr, is_v6only);

	if (a.has_v6 && b.has_v6) {
		if (!memcmp(&place->addr, &sk->local.addr, sizeof(place->addr)))
			return OVERLAP_SAME;
		if (addr_is_any(&sk->local.addr))
			return OVERLAP_WILDCARD;
		if (addr_is_any(&place->addr))
			return OVERLAP_COVERED;
	}
	/* bind(2) to an IPv6 address sets IPV6_V6ONLY, accept(2) and connect(2) do not. */
	if (b.has_v6 && !b.has_v4 && !is_v6only && is_v4_wildcard(place))
		return OVERLAP_CONNECTION;
	if (!a.has_v4 || !b.has_v4)
		return OVERLAP_NONE;
	if (memcmp(a.v4, b.v4, sizeof(a.v4)) != 0 && !is_any_v4(&a) && !is_any_v4(&b))
		return OVERLAP_NONE;
	if (!is_any_v4(&a) && is_any_v4(&b))
		return OVERLAP_WILDCARD;
	if (is_any_v4(&a) && !is_any_v4(&b))
		return OVERLAP_COVERED;
	return a.has_v6 == b.has_v6 ? OVERLAP_SAME : OVERLAP_DUAL_STACK;
}

enum overlap rule_overlap(const struct bind_place *place, const struct holder *holder)
{
	return overlap_of(place, holder->sk, holder->v6only == TRUTH_YES);
}

static enum truth both(bool ours, enum truth theirs)
{
	return ours ? theirs : TRUTH_NO;
}

static enum truth neither(enum truth a, enum truth b)
{
	if (a == TRUTH_YES || b == TRUTH_YES)
		return TRUTH_NO;
	return a == TRUTH_NO && b == TRUTH_NO ? TRUTH_YES : TRUTH_UNKNOWN;
}

static enum truth addresses_meet(const struct bind_place *place, const struct holder *holder)
{
	if (rule_overlap(place, holder) == OVERLAP_NONE)
		return TRUTH_NO;
	if (holder->v6only == TRUTH_UNKNOWN && overlap_of(place, holder->sk, true) == OVERLAP_NONE)
		return TRUTH_UNKNOWN;
	return TRUTH_YES;
}

static enum truth same_user(const struct bind_case *c, const struct sock *sk)
{
	if (sk->proto == PROTO_TCP && sk->state == SOCK_STATE_TIME_WAIT)
		return TRUTH_YES;
	if (!sock_has(sk, SOCK_HAS_UID))
		return TRUTH_UNKNOWN;
	return sk->uid == c->uid ? TRUTH_YES : TRUTH_NO;
}

enum truth rule_conflicts(const struct bind_case *c, const struct holder *holder)
{
	const struct sock *sk = holder->sk;
	enum truth meets = addresses_meet(c->place, holder), shares_addr, shares_port, user;

	/* Half-open connections stand in no table of ports, only their listener does. */
	if (meets == TRUTH_NO || sk->state == SOCK_STATE_SYN_RECV || sock_is_forward(sk))
		return TRUTH_NO;
	if (c->ifindex && sock_has(sk, SOCK_HAS_IFACE) && sk->ifindex && sk->ifindex != c->ifindex)
		return TRUTH_NO;
	shares_addr = both(c->place->reuse_addr, holder->reuse_addr);
	if (sk->state == SOCK_STATE_LISTEN)
		shares_addr = TRUTH_NO;
	shares_port = both(c->place->reuse_port, holder->reuse_port);
	user = same_user(c, sk);
	if (shares_port > user)
		shares_port = user;
	if (neither(shares_addr, shares_port) == TRUTH_NO)
		return TRUTH_NO;
	return meets < neither(shares_addr, shares_port) ? meets
							 : neither(shares_addr, shares_port);
}

enum rule_id rule_of_holder(const struct holder *holder)
{
	const struct sock *sk = holder->sk;

	switch ((enum sock_state)sk->state) {
	case SOCK_STATE_LISTEN:
		return RULE_LISTEN;
	case SOCK_STATE_CLOSE:
	case SOCK_STATE_BOUND:
		return sk->proto == PROTO_TCP ? RULE_BOUND : RULE_SERVES;
	case SOCK_STATE_TIME_WAIT:
		return holder->is_accepted ? RULE_TIME_WAIT : RULE_OUTGOING;
	case SOCK_STATE_CLOSE_WAIT:
		return RULE_CLOSE_WAIT;
	case SOCK_STATE_FIN_WAIT_1:
	case SOCK_STATE_FIN_WAIT_2:
	case SOCK_STATE_LAST_ACK:
	case SOCK_STATE_CLOSING:
		return RULE_CLOSING;
	case SOCK_STATE_ESTABLISHED:
	case SOCK_STATE_SYN_SENT:
	case SOCK_STATE_SYN_RECV:
	case SOCK_STATE_FORWARD:
		break;
	}
	return holder->is_accepted ? RULE_ACCEPTED : RULE_OUTGOING;
}

enum rule_id rule_of_place(const struct bind_case *c)
{
	for (enum rule_id id = 0; id < RULE_LISTEN; id++)
		if (rules[id].hinders && rules[id].hinders(c))
			return id;
	return RULES;
}

enum rule_id rule_of_error(const struct bind_case *c, int error)
{
	for (enum rule_id id = 0; id < RULE_LISTEN; id++)
		if (rules[id].error == error && rules[id].hinders && rules[id].hinders(c))
			return id;
	if (error == EPERM)
		return RULE_PROGRAM;
	if (error == EADDRNOTAVAIL)
		return RULE_NO_ADDRESS;
	return error == EACCES ? RULE_SANDBOX : RULES;
}
