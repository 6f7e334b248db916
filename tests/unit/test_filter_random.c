/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random filters over random sockets: the filter, its canonical form, the condition for the kernel
 * and a naive evaluator, which shares nothing with them, agree.
 */
#include <config.h>

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "model/cond.h"
#include "model/vocab.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/snapshot.h"
#include "random.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"
#include "test.h"

#define FILTERS 20000
#define SOCKS 60
#define ITEMS 4

/* Few of each, so that tests hit often. */
static const uint32_t ports[] = { 0, 1, 22, 53, 80, 443, 1023, 1024, 32768, 40000, 50312, 65535 };
static const char *const addrs[] = { "0.0.0.0",	       "10.0.0.1", "10.0.0.2",	 "10.1.0.1",
				     "127.0.0.1",      "::",	   "::1",	 "::ffff:10.0.0.1",
				     "::ffff:0.0.0.0", "fe80::1",  "2001:db8::1" };
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
struct term {
	char kind; /* 't' 'a' 'o' 'n' */
	struct term *left;
	struct term *right;
	enum sort sort;
	unsigned int ends; /* 1 local, 2 remote */
	enum order order;
	struct item items[ITEMS];
	size_t n;
};

struct world {
	uint64_t seed;
	struct snapshot snap;
	struct resolver names;
	struct sock socks[SOCKS];
	unsigned int lo;
};

static uint32_t roll(struct world *w, uint64_t n)
{
	return (uint32_t)random_below(&w->seed, n);
}

static void make_addr(struct world *w, enum addr_family *family, struct addr *addr)
{
	const char *text = addrs[roll(w, COUNT(addrs))];

	assert_int_equal(addr_parse(text, strlen(text), family, addr), 0);
}

static void make_sock(struct world *w, struct sock *sk)
{
	static const uint8_t states[] = { 1, 2, 3, 6, 7, 8, 10, 13 };
	enum addr_family family, peer_family;

	*sk = (struct sock){ .proto = (uint8_t)roll(w, PROTO_COUNT), .known = SOCK_HAS_IFACE };
	make_addr(w, &family, &sk->local.addr);
	sk->family = (uint8_t)family;
	sk->state = states[roll(w, COUNT(states))];
	if (sk->state != SOCK_STATE_LISTEN && roll(w, 3)) {
		do {
			make_addr(w, &peer_family, &sk->remote.addr);
		} while (peer_family != family);
		sk->known |= SOCK_HAS_PEER;
	}
	if (sk->proto != PROTO_RAW) {
		sk->local.port = (uint16_t)ports[roll(w, COUNT(ports))];
		if (sock_has(sk, SOCK_HAS_PEER))
			sk->remote.port = (uint16_t)ports[roll(w, COUNT(ports))];
	}
	if (sk->state != SOCK_STATE_TIME_WAIT)
		sk->known |= SOCK_HAS_UID | SOCK_HAS_MARK;
	sk->uid = roll(w, 3);
	sk->mark = roll(w, 3);
	sk->ifindex = roll(w, 2) ? w->lo : 0;
}

/* The naive evaluator: 0 no, 1 yes, 2 not yet known. */
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

static bool item_holds(const struct term *t, const struct item *item, const struct sock *sk,
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

static bool is_known(const struct term *t, const struct sock *sk, unsigned int end)
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
	return t->sort != SORT_IFACE || sk->ifindex;
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

static int naive_test(const struct term *t, const struct sock *sk)
{
	bool known = false, in = false, out = false, only_taken = true;

	if (t->sort == SORT_UNRESOLVED)
		return 2;
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
	return known && (in && !out) != (t->order == IS_NOT);
}

static int naive(const struct term *t, const struct sock *sk)
{
	int left, right;

	if (t->kind == 't')
		return naive_test(t, sk);
	left = naive(t->left, sk);
	if (t->kind == 'n')
		return left == 2 ? 2 : !left;
	right = naive(t->right, sk);
	if (t->kind == 'a')
		return !left || !right ? 0 : left == 2 || right == 2 ? 2 : 1;
	return left == 1 || right == 1 ? 1 : left == 2 || right == 2 ? 2 : 0;
}

static void write_ports(struct world *w, const struct item *item, struct buf *out)
{
	if (item->first == item->last && roll(w, 4))
		buf_printf(out, "%u", item->first);
	else if (item->last == 65535 && roll(w, 2))
		buf_printf(out, "%u-", item->first);
	else
		buf_printf(out, "%u-%u", item->first, item->last);
}

static void make_ports(struct world *w, struct item *item)
{
	uint32_t a = ports[roll(w, COUNT(ports))], b = ports[roll(w, COUNT(ports))];

	item->first = a < b ? a : b;
	item->last = roll(w, 2) ? item->first : a < b ? b : a;
}

static void make_addr_item(struct world *w, struct item *item, struct buf *out)
{
	unsigned int bits;

	make_addr(w, &item->family, &item->addr);
	bits = item->family == ADDR_INET ? 32 : 128;
	item->len = roll(w, 2) ? bits : roll(w, bits + 1);
	item->is_any = !roll(w, 5);
	item->has_ports = !roll(w, 3);
	if (item->is_any) {
		buf_str(out, item->has_ports && roll(w, 2) ? "" : "*");
	} else {
		bool has_brackets = item->family == ADDR_INET6 && (item->has_ports || roll(w, 2));

		buf_str(out, has_brackets ? "[" : "");
		addr_text(out, item->family, &item->addr);
		buf_str(out, has_brackets ? "]" : "");
		if (item->len < bits || !roll(w, 4))
			buf_printf(out, "/%u", item->len);
	}
	if (item->has_ports) {
		make_ports(w, item);
		buf_char(out, ':');
		write_ports(w, item, out);
	}
}

static void make_item(struct world *w, const struct term *t, struct item *item, struct buf *out)
{
	static const uint32_t states[] = { 1, 2, 3, 6, 7, 8, 10, 13 };

	switch (t->sort) {
	case SORT_PORTS:
		make_ports(w, item);
		if (t->order > IS_NOT)
			item->last = item->first;
		write_ports(w, item, out);
		break;
	case SORT_ADDRS:
		make_addr_item(w, item, out);
		break;
	case SORT_PROTO:
		item->first = roll(w, PROTO_COUNT);
		buf_str(out, proto_name((enum sock_proto)item->first));
		break;
	case SORT_FAMILY:
		item->first = roll(w, 2);
		buf_str(out, item->first ? "6" : "inet");
		break;
	case SORT_STATE:
		item->first = states[roll(w, COUNT(states))];
		buf_str(out, state_name((enum sock_state)item->first));
		break;
	case SORT_UID:
	case SORT_MARK:
		item->first = roll(w, 3);
		buf_printf(out, roll(w, 2) ? "%u" : "0x%x", item->first);
		break;
	case SORT_IFACE:
		buf_str(out, roll(w, 2) ? "lo" : "l?");
		break;
	case SORT_UNRESOLVED:
	case SORTS:
		buf_str(out, "1");
		break;
	}
}

static void write_key(struct world *w, struct term *t, struct buf *out)
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
	t->ends = 1 + roll(w, 3);
	buf_str(out, ends[t->sort == SORT_ADDRS][t->ends][roll(w, 2)]);
}

static void write_order(struct world *w, const struct term *t, struct buf *out)
{
	static const char *const orders[][3] = {
		[IS] = { "", "=", "eq" },     [IS_NOT] = { "!=", "!=", "ne" },
		[BELOW] = { "<", "<", "lt" }, [BELOW_OR_IS] = { "<=", "<=", "le" },
		[ABOVE] = { ">", ">", "gt" }, [ABOVE_OR_IS] = { ">=", ">=", "ge" },
	};

	if (t->order == IS && !roll(w, 5))
		buf_char(out, ':');
	else
		buf_printf(out, " %s ", orders[t->order][roll(w, 3)]);
}

static struct term *make_test(struct world *w, struct buf *out)
{
	struct term *t = calloc(1, sizeof(*t));

	t->kind = 't';
	t->sort = (enum sort)roll(w, SORTS);
	t->order = roll(w, 3) ? IS : IS_NOT;
	if ((t->sort == SORT_PORTS || t->sort == SORT_UID) && !roll(w, 4))
		t->order = (enum order)(BELOW + roll(w, 4));
	t->n = t->order > IS_NOT ? 1 : 1 + roll(w, ITEMS);
	write_key(w, t, out);
	write_order(w, t, out);
	for (size_t i = 0; i < t->n; i++) {
		t->items[i].is_taken = t->order <= IS_NOT && !roll(w, 3);
		buf_str(out, !i ? "" : roll(w, 5) ? "," : " , ");
		buf_str(out, t->items[i].is_taken ? "!" : "");
		make_item(w, t, &t->items[i], out);
	}
	return t;
}

/* Writes what needs no parentheses around it where level is 0: or 0, and 1, not and a test 2. */
static struct term *make_term(struct world *w, int depth, unsigned int level, struct buf *out)
{
	static const char *const ors[] = { " or ", " || ", " | " };
	static const char *const ands[] = { " and ", " && ", " & ", " " };
	static const char *const nots[] = { "not ", "! ", "NOT " };
	unsigned int what = depth ? roll(w, 4) : 3;
	bool has_parentheses = what < level || !roll(w, 8);
	struct term *t;

	buf_str(out, has_parentheses ? "(" : "");
	if (what == 3) {
		t = make_test(w, out);
	} else {
		t = calloc(1, sizeof(*t));
		t->kind = "oan"[what];
		if (what == 2)
			buf_str(out, nots[roll(w, 3)]);
		t->left = make_term(w, depth - 1, what, out);
		if (what == 0)
			buf_str(out, ors[roll(w, 3)]);
		if (what == 1)
			buf_str(out, ands[roll(w, 4)]);
		if (what < 2)
			t->right = make_term(w, depth - 1, what, out);
	}
	buf_str(out, has_parentheses ? ")" : "");
	return t;
}

static void free_term(struct term *t)
{
	if (!t)
		return;
	free_term(t->left);
	free_term(t->right);
	free(t);
}

static struct filter *parse(struct world *w, struct buf *text)
{
	struct filter_error error;
	struct filter *f;

	if (filter_parse(&f, text->data, text->len, &w->names, &error))
		fail_msg("\"%s\" at %zu: %s", buf_cstr(text), error.pos, error.message);
	return f;
}

static void check_rows(struct world *w, const struct filter *f, const struct term *t,
		       struct buf *text)
{
	static const enum filter_result results[] = { FILTER_NO, FILTER_YES, FILTER_MAYBE };
	bool with_mark = roll(w, 2), is_exact;
	struct cond cond;

	filter_cond(f, roll(w, 2) ? &w->names : NULL, with_mark, &cond, &is_exact);
	for (size_t i = 0; i < SOCKS; i++) {
		const struct sock *sk = &w->socks[i];
		struct row row = { .sk = sk };
		struct sock kernel = *sk;
		int expected = naive(t, sk);
		bool holds;

		/* The kernel sees marks that it does not tell of. */
		kernel.known |= SOCK_HAS_MARK;
		holds = cond_holds(&cond, &kernel);

		if (filter_match(f, &w->snap, &row) != results[expected])
			fail_msg("\"%s\" gives not %d for socket %zu", buf_cstr(text), expected, i);
		if (expected && !holds)
			fail_msg("\"%s\" and the kernel without socket %zu", buf_cstr(text), i);
		if (is_exact && holds != (expected == 1))
			fail_msg("\"%s\" is not exact for socket %zu", buf_cstr(text), i);
	}
	cond_fini(&cond);
}

static void all_agree(void **state)
{
	struct world w = { .seed = 3 };
	size_t n_exact = 0;

	(void)state;
	w.lo = if_nametoindex("lo");
	w.names.ifaces = ifaces_new();
	w.snap.names = &w.names;
	w.snap.resolved = NEED_IFACES;
	for (size_t i = 0; i < FILTERS; i++) {
		struct buf text = { 0 }, canonical = { 0 }, again = { 0 };
		struct term *t = make_term(&w, (int)roll(&w, 5), 0, &text);
		struct filter *f = parse(&w, &text);
		struct cond cond;
		bool is_exact;

		if (i % 100 == 0)
			for (size_t j = 0; j < SOCKS; j++)
				make_sock(&w, &w.socks[j]);
		check_rows(&w, f, t, &text);
		filter_cond(f, &w.names, true, &cond, &is_exact);
		cond_fini(&cond);
		n_exact += is_exact;
		filter_print(f, &canonical);
		filter_free(f);
		f = parse(&w, &canonical);
		check_rows(&w, f, t, &text);
		filter_print(f, &again);
		assert_string_equal(buf_cstr(&canonical), buf_cstr(&again));
		filter_free(f);
		free_term(t);
		buf_fini(&text);
		buf_fini(&canonical);
		buf_fini(&again);
	}
	/* The condition would be of no use if it were never exact. */
	assert_true(n_exact > FILTERS / 5);
	ifaces_free(w.names.ifaces);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(all_agree) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
