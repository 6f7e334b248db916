/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other end of a connection, column by column: who is there, and how far away it is. */
#include <config.h>

#include "base/buf.h"
#include "query/column_values.h"
#include "query/snapshot.h"
#include "query/told.h"

/* ---- peer_scope ---- */

const char *const peer_scope_words[] = { "host", "link", "private", "global", NULL };

/* Addresses that are not global: RFC 3927, 5771, 919; 1918, 6598, 2365; 4291; 4193. */
static const struct {
	const char *scope;
	enum addr_family family;
	struct addr prefix;
	unsigned int len;
} scopes[] = {
	{ "link", ADDR_INET, { { 169, 254 } }, 16 },
	{ "link", ADDR_INET, { { 224 } }, 24 },
	{ "link", ADDR_INET, { { 255, 255, 255, 255 } }, 32 },
	{ "private", ADDR_INET, { { 10 } }, 8 },
	{ "private", ADDR_INET, { { 172, 16 } }, 12 },
	{ "private", ADDR_INET, { { 192, 168 } }, 16 },
	{ "private", ADDR_INET, { { 100, 64 } }, 10 },
	{ "private", ADDR_INET, { { 239 } }, 8 },
	{ "link", ADDR_INET6, { { 0xfe, 0x80 } }, 10 },
	{ "link", ADDR_INET6, { { 0xff, 0x02 } }, 16 },
	{ "private", ADDR_INET6, { { 0xfc } }, 7 },
};

static const char *scope_of_addr(enum addr_family family, const struct addr *addr)
{
	for (size_t i = 0; i < sizeof(scopes) / sizeof(*scopes); i++)
		if (addr_in_prefix(family, addr, scopes[i].family, &scopes[i].prefix,
				   scopes[i].len))
			return scopes[i].scope;
	return "global";
}

static bool is_own(const struct snapshot *snap, const struct sock *sk, const struct endpoint *end)
{
	return own_addrs_has(&snap->own_addrs, sk->netns, (enum addr_family)sk->family, &end->addr);
}

/* NULL if it is not known whether the peer's address is this host's. */
static const char *scope_of_peer(const struct snapshot *snap, const struct sock *sk)
{
	enum addr_family family = (enum addr_family)sk->family;

	if (is_own(snap, sk, &sk->remote) ||
	    !addr_compare(family, &sk->local.addr, family, &sk->remote.addr))
		return "host";
	/* The local address is one of this host's: if it is not known, neither are the others. */
	return is_own(snap, sk, &sk->local) ? scope_of_addr(family, &sk->remote.addr) : NULL;
}

GETTER(get_peer_scope)
{
	(void)c, (void)i;
	if (sock_has(row->sk, SOCK_HAS_PEER))
		value_set_text(out, scope_of_peer(snap, row->sk));
}

/* ---- peer_owners ---- */

static struct owner_span peer_owners(const struct snapshot *snap, const struct row *row)
{
	const struct row *other = ends_other(snap, row);

	return other ? row_owners(snap, other) : (struct owner_span){ 0 };
}

size_t count_peer_owners(const struct snapshot *snap, const struct row *row)
{
	if (snap->told)
		return snap->resolved & NEED_PEERS ? told_count(snap, row->sk, TOLD_PEER_OWNERS)
						   : 0;
	return peer_owners(snap, row).n;
}

bool has_peer_owners(const struct column *c, const struct snapshot *snap, const struct row *row)
{
	(void)c;
	return count_peer_owners(snap, row);
}

bool knows_peer_owners(const struct snapshot *snap, const struct row *row)
{
	if (snap->told)
		return (snap->resolved & NEED_PEERS) && told_knows(snap, row->sk, TOLD_PEER_OWNERS);
	return snap->resolved & NEED_PEERS;
}

GETTER(get_peer_owner_pid)
{
	get_owner_pid(c, snap, ends_other(snap, row), i, out);
}

GETTER(get_peer_owner_name)
{
	get_owner_name(c, snap, ends_other(snap, row), i, out);
}

GETTER(get_peer_owner_host)
{
	get_host(c, snap, ends_other(snap, row), i, out);
}

GETTER(get_peer_owner_netns)
{
	get_netns(c, snap, ends_other(snap, row), i, out);
}

/* Nothing of other hosts is read here. */
GETTER(get_other_host)
{
	(void)c, (void)snap, (void)row, (void)i, (void)out;
}

/* "web1 nginx[812]": the namespace only where it is another one than the row's. */
void text_peer_owners(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	const struct row *other = ends_other(snap, row);
	struct value name = { .kind = VALUE_NULL };

	if (snap->told)
		told_text_peer_owners(snap, row, out);
	if (!other)
		return;
	if (other->sk->netns != row->sk->netns)
		get_netns_name(NULL, snap, other, 0, &name);
	if (name.kind == VALUE_TEXT) {
		buf_add(out, name.text.bytes, name.text.len);
		buf_char(out, ' ');
	}
	text_owners(snap, other, out);
}

enum problem_lack lack_peer_owners(const struct column *c, const struct snapshot *snap,
				   const struct row *row)
{
	const struct row *other = ends_other(snap, row);

	return other ? lack_owners(c, snap, other) : LACK_NOTHING;
}
