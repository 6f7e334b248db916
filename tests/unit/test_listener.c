/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which listener owns a connection: tables of listeners at one port, and the one that takes it. */
#include <config.h>

#include "test.h"

#include <arpa/inet.h>
#include <string.h>

#include "model/listener.h"

#define LO 1
#define DM0 2
#define MAX_LISTENERS 4

struct end {
	const char *addr; /* NULL: none */
	uint32_t ifindex;
};

static void set_addr(struct sock *sk, struct endpoint *out, const char *text)
{
	enum addr_family family;

	assert_int_equal(addr_parse(text, strlen(text), &family, &out->addr), 0);
	sk->family = (uint8_t)family;
}

static struct sock sock_at(const char *addr, uint32_t ifindex, enum sock_state state)
{
	struct sock sk = { .state = (uint8_t)state,
			   .local.port = 9000,
			   .ifindex = ifindex,
			   .known = SOCK_HAS_IFACE | SOCK_HAS_V6ONLY };

	set_addr(&sk, &sk.local, addr);
	return sk;
}

/* The index of the only one that fits best; -1: none fits, -2: several fit as well. */
static int best(const struct sock *listeners, size_t n, const struct sock *sk,
		unsigned int (*fit)(const struct sock *, const struct sock *))
{
	unsigned int best_fit = 0;
	int found = -1;

	for (size_t i = 0; i < n; i++) {
		unsigned int score = fit(&listeners[i], sk);

		if (score && score == best_fit)
			found = -2;
		if (score <= best_fit)
			continue;
		best_fit = score;
		found = (int)i;
	}
	return found;
}

struct owner_case {
	struct end listeners[MAX_LISTENERS];
	struct end connection;
	int owner;
};

static size_t add_listeners(const struct owner_case *c, enum sock_state state, struct sock *out)
{
	size_t n = 0;

	for (; n < MAX_LISTENERS && c->listeners[n].addr; n++)
		out[n] = sock_at(c->listeners[n].addr, c->listeners[n].ifindex, state);
	return n;
}

static void check_local(const struct owner_case *cases, size_t n, enum sock_state state)
{
	for (size_t i = 0; i < n; i++) {
		struct sock listeners[MAX_LISTENERS];
		struct sock sk = sock_at(cases[i].connection.addr, cases[i].connection.ifindex,
					 SOCK_STATE_ESTABLISHED);
		size_t n_listeners = add_listeners(&cases[i], state, listeners);
		int owner = best(listeners, n_listeners, &sk, listener_fit);

		if (owner != cases[i].owner)
			fail_msg("case %zu: %d instead of %d", i, owner, cases[i].owner);
	}
}

/* A connection has the device of its listener. */
static void test_connections(void **state)
{
	static const struct owner_case cases[] = {
		{ { { "0.0.0.0", 0 } }, { "127.0.0.1", 0 }, 0 },
		{ { { "0.0.0.0", LO }, { "0.0.0.0", DM0 } }, { "127.0.0.1", LO }, 0 },
		{ { { "0.0.0.0", LO }, { "0.0.0.0", DM0 } }, { "10.0.0.1", DM0 }, 1 },
		{ { { "0.0.0.0", LO }, { "0.0.0.0", DM0 } }, { "127.0.0.1", 0 }, -1 },
		{ { { "0.0.0.0", LO }, { "0.0.0.0", 0 } }, { "127.0.0.1", LO }, 0 },
		{ { { "0.0.0.0", LO }, { "0.0.0.0", 0 } }, { "127.0.0.1", 0 }, 1 },
		/* An exact address counts more than the device. */
		{ { { "0.0.0.0", DM0 }, { "10.0.0.1", 0 } }, { "10.0.0.1", DM0 }, 1 },
		{ { { "0.0.0.0", 0 }, { "10.0.0.1", 0 } }, { "10.0.0.2", 0 }, 0 },
		{ { { "10.0.0.1", 0 } }, { "10.0.0.2", 0 }, -1 },
		/* A listener on a dual-stack wildcard takes IPv4, in either way of writing it. */
		{ { { "::", 0 } }, { "127.0.0.1", 0 }, 0 },
		{ { { "::", 0 } }, { "::ffff:127.0.0.1", 0 }, 0 },
		{ { { "::", 0 }, { "0.0.0.0", 0 } }, { "127.0.0.1", 0 }, 1 },
		{ { { "::", 0 }, { "0.0.0.0", 0 } }, { "::ffff:127.0.0.1", 0 }, 0 },
		{ { { "::", LO }, { "0.0.0.0", LO } }, { "127.0.0.1", LO }, 1 },
		{ { { "::ffff:127.0.0.1", 0 }, { "0.0.0.0", 0 } }, { "127.0.0.1", 0 }, 0 },
		{ { { "0.0.0.0", 0 } }, { "::1", 0 }, -1 },
		{ { { "::1", 0 }, { "::", 0 } }, { "::1", 0 }, 0 },
		/* A SO_REUSEPORT group. */
		{ { { "0.0.0.0", LO }, { "0.0.0.0", LO } }, { "127.0.0.1", LO }, -2 },
	};

	(void)state;
	check_local(cases, sizeof(cases) / sizeof(*cases), SOCK_STATE_LISTEN);
}

/* A datagram socket has no device of another: its address may tell one. */
static void test_datagrams(void **state)
{
	static const struct owner_case cases[] = {
		{ { { "0.0.0.0", LO }, { "0.0.0.0", DM0 } }, { "127.0.0.1", 0 }, 0 },
		{ { { "0.0.0.0", LO }, { "0.0.0.0", 0 } }, { "127.0.0.1", 0 }, 0 },
		{ { { "0.0.0.0", DM0 }, { "0.0.0.0", 0 } }, { "10.0.0.1", 0 }, 1 },
		{ { { "0.0.0.0", DM0 } }, { "10.0.0.1", 0 }, 0 },
		{ { { "0.0.0.0", DM0 } }, { "127.0.0.1", 0 }, -1 },
		{ { { "0.0.0.0", DM0 } }, { "10.0.0.1", LO }, -1 },
	};

	(void)state;
	check_local(cases, sizeof(cases) / sizeof(*cases), SOCK_STATE_BOUND);
}

/* The other end: its device is lo, or the one that the sender is bound to. */
static void test_peers(void **state)
{
	static const struct owner_case cases[] = {
		{ { { "0.0.0.0", LO }, { "0.0.0.0", DM0 } }, { "127.0.0.1", 0 }, 0 },
		{ { { "0.0.0.0", DM0 } }, { "127.0.0.1", 0 }, -1 },
		/* Some device has the address, and which one does not show. */
		{ { { "0.0.0.0", LO }, { "0.0.0.0", DM0 } }, { "10.0.0.1", 0 }, -2 },
		{ { { "0.0.0.0", DM0 }, { "0.0.0.0", 0 } }, { "10.0.0.1", 0 }, 1 },
		{ { { "0.0.0.0", LO }, { "0.0.0.0", DM0 } }, { "10.0.0.1", DM0 }, 1 },
		{ { { "::", 0 } }, { "10.0.0.1", DM0 }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sock listeners[MAX_LISTENERS];
		struct sock sk = { .state = SOCK_STATE_ESTABLISHED,
				   .local.port = 50000,
				   .remote.port = 9000,
				   .ifindex = cases[i].connection.ifindex,
				   .known = SOCK_HAS_IFACE | SOCK_HAS_PEER };
		size_t n = add_listeners(&cases[i], SOCK_STATE_LISTEN, listeners);
		int owner;

		set_addr(&sk, &sk.remote, cases[i].connection.addr);
		owner = best(listeners, n, &sk, listener_fit_peer);
		if (owner != cases[i].owner)
			fail_msg("case %zu: %d instead of %d", i, owner, cases[i].owner);
		assert_int_equal(best(listeners, n, &sk, listener_fit), -1);
	}
}

/* What has to be equal, and what tells a listener from a socket that is only bound. */
static void test_kinds(void **state)
{
	struct sock sk = sock_at("127.0.0.1", 0, SOCK_STATE_ESTABLISHED);
	struct sock listener = sock_at("::", 0, SOCK_STATE_LISTEN), other = listener;

	(void)state;
	assert_true(listener_fit(&listener, &sk));
	other.v6only = true;
	assert_int_equal(listener_fit(&other, &sk), 0);
	other.known = 0;
	assert_true(listener_fit(&other, &sk));
	other = listener;
	other.netns = 1;
	assert_int_equal(listener_fit(&other, &sk), 0);
	other = listener;
	other.proto = PROTO_MPTCP;
	assert_int_equal(listener_fit(&other, &sk), 0);
	other = listener;
	other.local.port++;
	assert_int_equal(listener_fit(&other, &sk), 0);
	other = listener;
	other.state = SOCK_STATE_ESTABLISHED;
	assert_int_equal(listener_fit(&other, &sk), 0);
	other = sock_at("127.0.0.1", 0, SOCK_STATE_BOUND);
	assert_true(listener_fit(&other, &sk));
	assert_true(listener_fit(&other, &sk) < listener_fit(&listener, &sk));
	listener.proto = sk.proto = PROTO_RAW;
	listener.state = SOCK_STATE_BOUND;
	assert_int_equal(listener_fit(&listener, &sk), 0);
	listener = sock_at("0.0.0.0", 0, SOCK_STATE_BOUND);
	listener.proto = PROTO_RAW;
	assert_true(listener_fit(&listener, &sk));
	listener.ip_protocol = 1;
	assert_int_equal(listener_fit(&listener, &sk), 0);
}

/* Where the source tells no device, a loopback address still does. */
static void test_procfs(void **state)
{
	struct sock sk = sock_at("127.0.0.1", 0, SOCK_STATE_ESTABLISHED);
	struct sock lo = sock_at("0.0.0.0", LO, SOCK_STATE_LISTEN);
	struct sock dm0 = sock_at("0.0.0.0", DM0, SOCK_STATE_LISTEN);

	(void)state;
	sk.known = 0;
	assert_true(listener_fit(&lo, &sk));
	assert_int_equal(listener_fit(&dm0, &sk), 0);
	set_addr(&sk, &sk.local, "10.0.0.1");
	assert_int_equal(listener_fit(&lo, &sk), listener_fit(&dm0, &sk));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connections), cmocka_unit_test(test_datagrams),
		cmocka_unit_test(test_peers),	    cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_procfs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
