/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random filters over random sockets: the filter, its canonical form, the condition for the kernel
 * and a naive evaluator, which shares nothing with them, agree.
 */
#include <config.h>

#include <net/if.h>
#include <string.h>

#include "base/buf.h"
#include "made_filter.h"
#include "model/cond.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/snapshot.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"
#include "test.h"

#define FILTERS 20000
#define SOCKS 60

static const uint16_t ports[] = { 0, 1, 22, 53, 80, 443, 1023, 1024, 32768, 40000, 50312, 65535 };
static const char *const addrs[] = { "0.0.0.0",	       "10.0.0.1", "10.0.0.2",	 "10.1.0.1",
				     "127.0.0.1",      "::",	   "::1",	 "::ffff:10.0.0.1",
				     "::ffff:0.0.0.0", "fe80::1",  "2001:db8::1" };
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct world {
	struct filter_maker maker;
	struct snapshot snap;
	struct resolver names;
	struct sock socks[SOCKS];
};

static void make_sock(struct filter_maker *m, struct sock *sk)
{
	static const uint8_t states[] = { 1, 2, 3, 6, 7, 8, 10, 13 };
	enum addr_family family, peer_family;

	*sk = (struct sock){ .proto = (uint8_t)maker_roll(m, PROTO_COUNT),
			     .known = SOCK_HAS_IFACE };
	maker_addr(m, &family, &sk->local.addr);
	sk->family = (uint8_t)family;
	sk->state = states[maker_roll(m, COUNT(states))];
	if (sk->state != SOCK_STATE_LISTEN && maker_roll(m, 3)) {
		do {
			maker_addr(m, &peer_family, &sk->remote.addr);
		} while (peer_family != family);
		sk->known |= SOCK_HAS_PEER;
	}
	if (sk->proto != PROTO_RAW) {
		sk->local.port = (uint16_t)ports[maker_roll(m, COUNT(ports))];
		if (sock_has(sk, SOCK_HAS_PEER))
			sk->remote.port = (uint16_t)ports[maker_roll(m, COUNT(ports))];
	}
	if (sk->state != SOCK_STATE_TIME_WAIT)
		sk->known |= SOCK_HAS_UID;
	if (maker_roll(m, 4))
		sk->known |= SOCK_HAS_MARK;
	if (!maker_roll(m, 4))
		sk->known &= (uint16_t)~SOCK_HAS_IFACE;
	sk->uid = maker_roll(m, m->n_numbers);
	sk->mark = maker_roll(m, m->n_numbers);
	sk->ifindex = maker_roll(m, 2) ? m->lo : 0;
}

static struct filter *parse(struct world *w, struct buf *text)
{
	struct filter_error error;
	struct filter *f;

	if (filter_parse(&f, text->data, text->len, &w->names, &error))
		fail_msg("\"%s\" at %zu: %s", buf_cstr(text), error.pos, error.message);
	return f;
}

static void check_rows(struct world *w, const struct filter *f, const struct made_filter *made,
		       struct buf *text)
{
	static const enum filter_result results[] = {
		[NAIVE_NO] = FILTER_NO,
		[NAIVE_YES] = FILTER_YES,
		[NAIVE_MAYBE] = FILTER_MAYBE,
		[NAIVE_UNTESTABLE] = FILTER_UNTESTABLE,
	};
	bool with_mark = maker_roll(&w->maker, 2), is_exact;
	struct cond cond;

	filter_cond(f, maker_roll(&w->maker, 2) ? &w->names : NULL, with_mark, &cond, &is_exact);
	for (size_t i = 0; i < SOCKS; i++) {
		const struct sock *sk = &w->socks[i];
		struct row row = { .sk = sk };
		enum naive_result expected = made_filter_naive(made, sk);
		bool holds;

		holds = cond_holds(&cond, sk);

		if (filter_match(f, &w->snap, &row) != results[expected])
			fail_msg("\"%s\" gives not %d for socket %zu", buf_cstr(text), expected, i);
		if (expected != NAIVE_NO && !holds)
			fail_msg("\"%s\" and the kernel without socket %zu", buf_cstr(text), i);
		/* A source that does not tell the device is not the kernel. */
		if (is_exact && sock_has(sk, SOCK_HAS_IFACE) && expected != NAIVE_UNTESTABLE &&
		    holds != (expected == NAIVE_YES))
			fail_msg("\"%s\" is not exact for socket %zu", buf_cstr(text), i);
	}
	cond_fini(&cond);
}

static void all_agree(void **state)
{
	struct world w = {
		.maker = {
			.seed = 3,
			.ports = ports,
			.n_ports = COUNT(ports),
			.addrs = addrs,
			.n_addrs = COUNT(addrs),
			.n_numbers = 3,
			.lo = if_nametoindex("lo"),
		},
	};
	size_t n_exact = 0;

	(void)state;
	w.names.ifaces = ifaces_new(true);
	w.snap.names = &w.names;
	w.snap.resolved = NEED_IFACES | NEED_NETNS;
	for (size_t i = 0; i < FILTERS; i++) {
		struct buf text = { 0 }, canonical = { 0 }, again = { 0 };
		struct made_filter *made = made_filter_new(&w.maker, &text);
		struct filter *f = parse(&w, &text);
		struct cond cond;
		bool is_exact;

		if (i % 100 == 0)
			for (size_t j = 0; j < SOCKS; j++)
				make_sock(&w.maker, &w.socks[j]);
		check_rows(&w, f, made, &text);
		filter_cond(f, &w.names, true, &cond, &is_exact);
		cond_fini(&cond);
		n_exact += is_exact;
		filter_print(f, &canonical);
		filter_free(f);
		f = parse(&w, &canonical);
		check_rows(&w, f, made, &text);
		filter_print(f, &again);
		assert_string_equal(buf_cstr(&canonical), buf_cstr(&again));
		filter_free(f);
		made_filter_free(made);
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
