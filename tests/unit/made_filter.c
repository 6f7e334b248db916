/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters made up at random, and a naive evaluator that shares nothing with the real one. */
#include <config.h>

#include "made_filter.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "model/sock.h"
#include "model/vocab.h"
#include "random.h"
#include "test.h"

#define ITEMS 4
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

enum sort {
	SORT_PORTS,
	SORT_ADDRS,
	SORT_PROTO,
	SORT_FAMILY,
	SORT_STATE,
	SORT_UID,
	SORT_MARK,
	SORT_IFACE,
	SORT_UNRESOLVED,
	SORTS
};
enum order { IS, IS_NOT, BELOW, BELOW_OR_IS, ABOVE, ABOVE_OR_IS };

struct item {
	bool is_taken;
	uint32_t first; /* ports, numbers, bits of words */
	uint32_t last;
	enum addr_family family;
	struct addr addr;
	unsigned int len;
	bool is_any;
	bool has_ports;
};

/* What was made up: a leaf, or and/or/not of others. */
struct made_filter {
	char kind; /* 't' 'a' 'o' 'n' */
	struct made_filter *left;
	struct made_filter *right;
	enum sort sort;
	unsigned int ends; /* 1 local, 2 remote */
	enum order order;
	struct item items[ITEMS];
	size_t n;
	bool is_bare; /* written without its key: "(80 443)" */
};

uint32_t maker_roll(struct filter_maker *m, uint64_t n)
{
	return (uint32_t)random_below(&m->seed, n);
}

void maker_addr(struct filter_maker *m, enum addr_family *family, struct addr *addr)
{
	const char *text = m->addrs[maker_roll(m, m->n_addrs)];

	assert_int_equal(addr_parse(text, strlen(text), family, addr), 0);
}

static bool port_in(const struct item *item, uint32_t port)
{
	return port >= item->first && port <= item->last;
}

static bool bit_of(const struct addr *addr, unsigned int i)
{
	return addr->bytes[i / 8] >> (7 - i % 8) & 1;
}

static bool addr_in(const struct item *item, const struct sock *sk, const struct endpoint *end)
{
	struct addr addr = end->addr;
	enum addr_family family = (enum addr_family)sk->family;

	if (item->has_ports && (sk->proto == PROTO_RAW || !port_in(item, end->port)))
		return false;
	if (item->is_any)
		return true;
	if (item->family == ADDR_INET && family == ADDR_INET6) {
		static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

		if (memcmp(addr.bytes, mapped, sizeof(mapped)))
			return false;
		memmove(addr.bytes, addr.bytes + 12, 4);
		family = ADDR_INET;
	}
	if (family != item->family)
		return false;
	for (unsigned int i = 0; i < item->len; i++)
		if (bit_of(&addr, i) != bit_of(&item->addr, i))
			return false;
	return true;
}

static bool item_holds(const struct made_filter *t, const struct item *item, const struct sock *sk,
		       const struct endpoint *end)
{
	switch (t->sort) {
	case SORT_PORTS:
		return port_in(item, end->port);
	case SORT_ADDRS:
		return addr_in(item, sk, end);
	case SORT_PROTO:
		return item->first == sk->proto;
	case SORT_FAMILY:
		return item->first == sk->family;
	case SORT_STATE:
		return item->first == sk->state;
	case SORT_UID:
		return item->first == sk->uid;
	case SORT_MARK:
		return item->first == sk->mark;
	case SORT_IFACE:
		return sk->ifindex != 0;
	case SORT_UNRESOLVED:
	case SORTS:
		break;
	}
	return false;
}

static bool is_known(const struct made_filter *t, const struct sock *sk, unsigned int end)
{
	if ((t->sort == SORT_PORTS || t->sort == SORT_ADDRS) && end == 2 &&
	    !sock_has(sk, SOCK_HAS_PEER))
		return false;
	if (t->sort == SORT_PORTS)
		return sk->proto != PROTO_RAW;
	if (t->sort == SORT_UID)
		return sock_has(sk, SOCK_HAS_UID);
	if (t->sort == SORT_MARK)
		return sock_has(sk, SOCK_HAS_MARK);
	return t->sort != SORT_IFACE || (sock_has(sk, SOCK_HAS_IFACE) && sk->ifindex);
}

static bool in_order(enum order order, uint32_t value, uint32_t bound)
{
	switch (order) {
	case BELOW:
		return value < bound;
	case BELOW_OR_IS:
		return value <= bound;
	case ABOVE:
		return value > bound;
	case ABOVE_OR_IS:
		return value >= bound;
	case IS:
	case IS_NOT:
		break;
	}
	return false;
}

/* Every socket has a device or none, and a mark: where it is not told, nobody knows. */
static bool is_untold(const struct made_filter *t, const struct sock *sk)
{
	return (t->sort == SORT_MARK && !sock_has(sk, SOCK_HAS_MARK)) ||
	       (t->sort == SORT_IFACE && !sock_has(sk, SOCK_HAS_IFACE));
}

static enum naive_result naive_test(const struct made_filter *t, const struct sock *sk)
{
	bool known = false, in = false, out = false, only_taken = true;

	if (t->sort == SORT_UNRESOLVED)
		return NAIVE_MAYBE;
	if (is_untold(t, sk))
		return NAIVE_UNTESTABLE;
	for (size_t i = 0; i < t->n; i++)
		only_taken = only_taken && t->items[i].is_taken;
	for (unsigned int end = 1; end <= 2; end++) {
		const struct endpoint *at = end == 1 ? &sk->local : &sk->remote;
		uint32_t value = t->sort == SORT_UID ? sk->uid : at->port;

		if (!(t->ends & end) || !is_known(t, sk, end))
			continue;
		known = true;
		if (t->order > IS_NOT) {
			in |= in_order(t->order, value, t->items[0].first);
			continue;
		}
		in |= only_taken;
		for (size_t i = 0; i < t->n; i++)
			*(t->items[i].is_taken ? &out : &in) |= item_holds(t, &t->items[i], sk, at);
	}
	return known && (in && !out) != (t->order == IS_NOT) ? NAIVE_YES : NAIVE_NO;
}

enum naive_result made_filter_naive(const struct made_filter *t, const struct sock *sk)
{
	enum naive_result left, right, decisive;

	if (t->kind == 't')
		return naive_test(t, sk);
	left = made_filter_naive(t->left, sk);
	if (t->kind == 'n' && left <= NAIVE_YES)
		return left == NAIVE_NO ? NAIVE_YES : NAIVE_NO;
	if (t->kind == 'n')
		return left;
	right = made_filter_naive(t->right, sk);
	decisive = t->kind == 'a' ? NAIVE_NO : NAIVE_YES;
	if (left == decisive || right == decisive)
		return decisive;
	if (left == NAIVE_MAYBE || right == NAIVE_MAYBE)
		return NAIVE_MAYBE;
	return left == NAIVE_UNTESTABLE ? left : right;
}

static void write_ports(struct filter_maker *m, const struct item *item, struct buf *out)
{
	if (item->first == item->last && maker_roll(m, 4))
		buf_printf(out, "%u", item->first);
	else if (item->last == 65535 && maker_roll(m, 2))
		buf_printf(out, "%u-", item->first);
	else
		buf_printf(out, "%u-%u", item->first, item->last);
}

static void make_ports(struct filter_maker *m, struct item *item)
{
	uint32_t a = m->ports[maker_roll(m, m->n_ports)], b = m->ports[maker_roll(m, m->n_ports)];

	item->first = a < b ? a : b;
	item->last = maker_roll(m, 2) ? item->first : a < b ? b : a;
}

static void make_addr_item(struct filter_maker *m, struct item *item, struct buf *out)
{
	unsigned int bits;

	maker_addr(m, &item->family, &item->addr);
	bits = item->family == ADDR_INET ? 32 : 128;
	item->len = maker_roll(m, 2) ? bits : maker_roll(m, bits + 1);
	item->is_any = !maker_roll(m, 5);
	item->has_ports = !maker_roll(m, 3);
	if (item->is_any) {
		buf_str(out, item->has_ports && maker_roll(m, 2) ? "" : "*");
	} else {
		bool has_brackets =
			item->family == ADDR_INET6 && (item->has_ports || maker_roll(m, 2));

		buf_str(out, has_brackets ? "[" : "");
		addr_text(out, item->family, &item->addr);
		buf_str(out, has_brackets ? "]" : "");
		if (item->len < bits || !maker_roll(m, 4))
			buf_printf(out, "/%u", item->len);
	}
	if (item->has_ports) {
		make_ports(m, item);
		buf_char(out, ':');
		write_ports(m, item, out);
	}
}

static void make_item(struct filter_maker *m, const struct made_filter *t, struct item *item,
		      struct buf *out)
{
	static const uint32_t states[] = { 1, 2, 3, 6, 7, 8, 10, 13 };

	switch (t->sort) {
	case SORT_PORTS:
		make_ports(m, item);
		if (t->order > IS_NOT)
			item->last = item->first;
		write_ports(m, item, out);
		break;
	case SORT_ADDRS:
		make_addr_item(m, item, out);
		break;
	case SORT_PROTO:
		item->first = maker_roll(m, PROTO_COUNT);
		buf_str(out, proto_name((enum sock_proto)item->first));
		break;
	case SORT_FAMILY:
		item->first = maker_roll(m, 2);
		buf_str(out, item->first ? "6" : "inet");
		break;
	case SORT_STATE:
		item->first = states[maker_roll(m, COUNT(states))];
		buf_str(out, state_name((enum sock_state)item->first));
		break;
	case SORT_UID:
	case SORT_MARK:
		item->first = maker_roll(m, m->n_numbers);
		buf_printf(out, maker_roll(m, 2) ? "%u" : "0x%x", item->first);
		break;
	case SORT_IFACE:
		buf_str(out, maker_roll(m, 2) ? "lo" : "l?");
		break;
	case SORT_UNRESOLVED:
	case SORTS:
		buf_str(out, "1");
		break;
	}
}

static void write_key(struct filter_maker *m, struct made_filter *t, struct buf *out)
{
	static const char *const ends[2][4][2] = {
		{ { "" }, { "lport", "sport" }, { "rport", "dport" }, { "port", "PORT" } },
		{ { "" }, { "laddr", "src" }, { "raddr", "dst" }, { "addr", "addr" } },
	};
	static const char *const keys[SORTS] = { NULL,	NULL,	"proto", "family",    "state",
						 "uid", "mark", "iface", "owners.pid" };

	t->ends = 1;
	if (keys[t->sort]) {
		buf_str(out, keys[t->sort]);
		return;
	}
	t->ends = 1 + maker_roll(m, 3);
	buf_str(out, ends[t->sort == SORT_ADDRS][t->ends][maker_roll(m, 2)]);
}

static void write_order(struct filter_maker *m, const struct made_filter *t, struct buf *out)
{
	static const char *const orders[][3] = {
		[IS] = { "", "=", "eq" },     [IS_NOT] = { "!=", "!=", "ne" },
		[BELOW] = { "<", "<", "lt" }, [BELOW_OR_IS] = { "<=", "<=", "le" },
		[ABOVE] = { ">", ">", "gt" }, [ABOVE_OR_IS] = { ">=", ">=", "ge" },
	};

	if (t->order == IS && !maker_roll(m, 5))
		buf_char(out, ':');
	else
		buf_printf(out, " %s ", orders[t->order][maker_roll(m, 3)]);
}

static struct made_filter *make_test(struct filter_maker *m, struct buf *out)
{
	struct made_filter *t = calloc(1, sizeof(*t));

	t->kind = 't';
	t->sort = (enum sort)maker_roll(m, SORTS);
	t->order = maker_roll(m, 3) ? IS : IS_NOT;
	if ((t->sort == SORT_PORTS || t->sort == SORT_UID) && !maker_roll(m, 4))
		t->order = (enum order)(BELOW + maker_roll(m, 4));
	t->n = t->order > IS_NOT ? 1 : 1 + maker_roll(m, ITEMS);
	t->is_bare = t->order == IS && !maker_roll(m, 2) &&
		     (t->sort == SORT_PORTS || t->sort == SORT_PROTO || t->sort == SORT_STATE);
	if (t->is_bare) {
		/* Parentheses keep what stands beside it from joining the list. */
		t->ends = t->sort == SORT_PORTS ? 3 : 1;
		buf_char(out, '(');
	} else {
		write_key(m, t, out);
		write_order(m, t, out);
	}
	for (size_t i = 0; i < t->n; i++) {
		bool has_comma = !t->is_bare || (t->sort == SORT_PORTS && maker_roll(m, 2));

		t->items[i].is_taken = t->order <= IS_NOT && !maker_roll(m, 3);
		buf_str(out, !i ? "" : !has_comma ? " " : maker_roll(m, 5) ? "," : " , ");
		buf_str(out, t->items[i].is_taken ? "!" : "");
		make_item(m, t, &t->items[i], out);
	}
	buf_str(out, t->is_bare ? ")" : "");
	return t;
}

/* Writes what needs no parentheses around it where level is 0: or 0, and 1, not and a test 2. */
static struct made_filter *make(struct filter_maker *m, int depth, unsigned int level,
				struct buf *out)
{
	static const char *const ors[] = { " or ", " || ", " | " };
	static const char *const ands[] = { " and ", " && ", " & ", " " };
	static const char *const nots[] = { "not ", "! ", "NOT " };
	unsigned int what = depth ? maker_roll(m, 4) : 3;
	bool has_parentheses = what < level || !maker_roll(m, 8);
	struct made_filter *t;

	buf_str(out, has_parentheses ? "(" : "");
	if (what == 3) {
		t = make_test(m, out);
	} else {
		t = calloc(1, sizeof(*t));
		t->kind = "oan"[what];
		if (what == 2)
			buf_str(out, nots[maker_roll(m, 3)]);
		t->left = make(m, depth - 1, what, out);
		if (what == 0)
			buf_str(out, ors[maker_roll(m, 3)]);
		if (what == 1)
			buf_str(out, ands[maker_roll(m, 4)]);
		if (what < 2)
			t->right = make(m, depth - 1, what, out);
	}
	buf_str(out, has_parentheses ? ")" : "");
	return t;
}

void made_filter_free(struct made_filter *t)
{
	if (!t)
		return;
	made_filter_free(t->left);
	made_filter_free(t->right);
	free(t);
}

struct made_filter *made_filter_new(struct filter_maker *m, struct buf *text)
{
	return make(m, (int)maker_roll(m, 5), 0, text);
}
