/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random populations of a port against bind(2), in a network namespace of its own: the rules predict
 * what it says, the verdict is what it says to the same user, and once the sockets that are named as
 * in the way are gone it succeeds.
 */
#include <config.h>

#include "../unit/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "action/destroy.h"
#include "base/mem.h"
#include "explain/explain.h"
#include "query/collect.h"
#include "resolve/owners.h"
#include "resolve/resolver.h"
#include "../unit/random.h"

/* WHY_TRIALS in the environment says otherwise. */
#define TRIALS 300
/* Of 1000 predictions so many may be wrong. */
#define WRONG_MAX 5
#define FIRST_PORT 10000
#define PORTS 10000
#define SERVER_PORT 9
#define SOCKS_MAX 32
#define POPULATION_MAX 5
#define PATIENCE_MS 10000
#define OTHER_USER 1000
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *const addrs[] = { "0.0.0.0", "127.0.0.1",	    "127.0.0.2",     "::",
				     "::1",	"::ffff:127.0.0.1", "::ffff:0.0.0.0" };

enum kind {
	KIND_BOUND,
	KIND_LISTEN,
	KIND_ACCEPTED, /* beside its listener */
	KIND_ORPHAN, /* accepted, and the listener is gone */
	KIND_PENDING, /* not accepted yet */
	KIND_CLOSE_WAIT,
	KIND_TIME_WAIT,
	KIND_CONNECTED, /* UDP with a peer */
	KINDS,
};

struct world {
	uint64_t random;
	const char *devices[3]; /* "", "lo" and another one where that can be made */
	size_t n_devices;
	bool has_users;
	struct sources sources;
	struct resolver names;
	int proc_root;
	int server; /* for outgoing connections */
	int fds[SOCKS_MAX]; /* of the population */
	size_t n_fds;
	/* What came of it. */
	size_t n_bound, n_refused, n_unknown, n_wrong, n_named;
};

static uint64_t below(struct world *w, uint64_t n)
{
	return random_below(&w->random, n);
}

static struct bind_place random_place(struct world *w, enum sock_proto proto, uint16_t port)
{
	const char *text = addrs[below(w, COUNT(addrs))];
	struct bind_place place = { .proto = proto,
				    .port = port,
				    .is_v6only = !below(w, 4),
				    .reuse_addr = below(w, 2),
				    .reuse_port = !below(w, 3) };

	assert_int_equal(addr_parse(text, strlen(text), &place.family, &place.addr), 0);
	/* The kernel refuses to bind a v4-mapped address to a socket for IPv6 alone. */
	if (addr_is_v4_mapped(&place.addr))
		place.is_v6only = false;
	if (!below(w, 4))
		strcpy(place.device, w->devices[below(w, w->n_devices)]);
	return place;
}

static socklen_t fill_address(const struct bind_place *place, struct sockaddr_storage *out)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(place->port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(place->port) };

	memcpy(&in.sin_addr, &place->addr, sizeof(in.sin_addr));
	memcpy(&in6.sin6_addr, &place->addr, sizeof(in6.sin6_addr));
	if (place->family == ADDR_INET)
		memcpy(out, &in, sizeof(in));
	else
		memcpy(out, &in6, sizeof(in6));
	return place->family == ADDR_INET ? sizeof(in) : sizeof(in6);
}

/* A socket of this user that is bound; or -errno of bind(2). */
static int open_bound(const struct bind_place *place, uid_t uid)
{
	int domain = place->family == ADDR_INET ? AF_INET : AF_INET6, fd, value = 1;
	struct linger abort = { .l_onoff = 1 };
	struct sockaddr_storage addr;
	socklen_t len = fill_address(place, &addr);

	setfsuid(uid);
	fd = socket(domain, (place->proto == PROTO_TCP ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC,
		    0);
	setfsuid(0);
	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort));
	if (place->reuse_addr)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, sizeof(value));
	if (place->reuse_port)
		setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &value, sizeof(value));
	value = place->is_v6only;
	if (domain == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &value, sizeof(value));
	if (*place->device)
		assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, place->device,
					    (socklen_t)strlen(place->device)),
				 0);
	if (!bind(fd, (const struct sockaddr *)&addr, len))
		return fd;
	value = -errno;
	close(fd);
	return value;
}

static void keep(struct world *w, int fd)
{
	assert_true(w->n_fds < SOCKS_MAX);
	w->fds[w->n_fds++] = fd;
}

static void drop_last(struct world *w)
{
	close(w->fds[--w->n_fds]);
}

/* A client of the place, at an address that reaches it; -1 where none does. */
static int connect_to(const struct bind_place *place)
{
	static const char loopback[] = "127.0.0.1", loopback6[] = "::1",
			  mapped[] = "::ffff:127.0.0.1";
	struct bind_place to = *place;
	struct sockaddr_storage addr;
	const char *text = place->family == ADDR_INET	     ? loopback
			   : addr_is_v4_mapped(&place->addr) ? mapped
							     : loopback6;
	static const uint8_t any_mapped[16] = { [10] = 0xff, [11] = 0xff };
	struct linger abort = { .l_onoff = 1 };
	socklen_t len;
	int fd;

	if (addr_is_any(&to.addr) || !memcmp(to.addr.bytes, any_mapped, sizeof(any_mapped)))
		assert_int_equal(addr_parse(text, strlen(text), &to.family, &to.addr), 0);
	len = fill_address(&to, &addr);
	fd = socket(to.family == ADDR_INET ? AF_INET : AF_INET6,
		    (place->proto == PROTO_TCP ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK |
			    SOCK_CLOEXEC,
		    0);
	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort));
	if (!connect(fd, (const struct sockaddr *)&addr, len) || errno == EINPROGRESS)
		return fd;
	close(fd);
	return -1;
}

/* The connection that the last listener was sent; -1 where another socket got it. */
static int accept_one(struct world *w, int listener)
{
	struct pollfd ready = { .fd = listener, .events = POLLIN };
	struct linger abort = { .l_onoff = 1 };
	int fd;

	/* On loopback the handshake is over within connect(2). */
	if (poll(&ready, 1, 0) != 1)
		return -1;
	fd = accept(listener, NULL, NULL);
	assert_true(fd >= 0);
	(void)w;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort));
	return fd;
}

static void close_normally(int fd)
{
	struct linger normal = { 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &normal, sizeof(normal));
	close(fd);
}

/* Makes of a listener what the kind says; where its connections go elsewhere it stays a listener. */
static void serve(struct world *w, const struct bind_place *place, enum kind kind)
{
	int listener = w->fds[w->n_fds - 1], client, accepted;

	if (listen(listener, 4) || kind == KIND_LISTEN)
		return;
	client = connect_to(place);
	if (client < 0)
		return;
	accepted = kind == KIND_PENDING ? -1 : accept_one(w, listener);
	if (accepted < 0) {
		keep(w, client);
		return;
	}
	if (kind != KIND_ACCEPTED)
		drop_last(w);
	if (kind == KIND_TIME_WAIT) {
		close_normally(accepted);
		close_normally(client);
		return;
	}
	keep(w, accepted);
	if (kind == KIND_CLOSE_WAIT)
		close_normally(client);
	else
		keep(w, client);
}

static void add_socket(struct world *w, enum sock_proto proto, uint16_t port)
{
	struct bind_place place = random_place(w, proto, port);
	uid_t uid = w->has_users && !below(w, 3) ? OTHER_USER : 0;
	enum kind kind = (enum kind)below(w, KINDS);
	struct sockaddr_storage to;
	int fd = open_bound(&place, uid);

	if (fd < 0)
		return;
	keep(w, fd);
	if (proto == PROTO_TCP && kind != KIND_BOUND)
		serve(w, &place, kind);
	if (proto == PROTO_UDP && kind == KIND_CONNECTED) {
		struct bind_place peer = place;

		peer.port = SERVER_PORT;
		if (!addr_is_any(&peer.addr))
			(void)!connect(fd, (const struct sockaddr *)&to, fill_address(&peer, &to));
	}
}

/* A connection whose port the kernel chose; its port. */
static uint16_t add_outgoing(struct world *w)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_port = htons(SERVER_PORT),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct linger abort = { .l_onoff = 1 };
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), accepted;

	assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	accepted = accept(w->server, NULL, NULL);
	assert_true(accepted >= 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &len), 0);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort));
	setsockopt(accepted, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort));
	keep(w, fd);
	keep(w, accepted);
	return ntohs(addr.sin_port);
}

static uint64_t cookie_of(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len);
	return cookie;
}

/* Takes one socket away: our own by closing it, what nobody holds in the kernel. */
static void take_away(struct world *w, const struct sock *sk)
{
	int error;

	for (size_t i = 0; i < w->n_fds; i++) {
		if (w->fds[i] < 0 || cookie_of(w->fds[i]) != sk->cookie)
			continue;
		close(w->fds[i]);
		w->fds[i] = -1;
		return;
	}
	action_destroy(sk, -1, &error);
}

static struct why_scene scene_of(const struct world *w)
{
	return (struct why_scene){ .sources = &w->sources,
				   .names = &w->names,
				   .proc_root = w->proc_root,
				   .host = "here" };
}

/* Also what is not in the population any more, as TIME-WAIT. */
static void clear_port(struct world *w, enum sock_proto proto, uint16_t port)
{
	struct why_scene scene = scene_of(w);
	struct facts facts;
	int error;

	for (size_t i = 0; i < w->n_fds; i++)
		if (w->fds[i] >= 0)
			close(w->fds[i]);
	w->n_fds = 0;
	assert_int_equal(facts_take(&facts, &scene, proto, port), 0);
	for (size_t i = 0; i < facts.snap.n_rows; i++)
		action_destroy(facts.holders[i].sk, -1, &error);
	facts_fini(&facts);
}

/* What bind(2) says to this user: 0 or errno. */
static int bind_really(const struct bind_place *place, uid_t uid)
{
	int fd = open_bound(place, uid);

	if (fd < 0)
		return -fd;
	close(fd);
	return 0;
}

/* The rules alone, for any options. */
static void check_rules(struct world *w, enum sock_proto proto, uint16_t port)
{
	struct why_scene scene = scene_of(w);
	struct bind_place place = random_place(w, proto, port);
	uid_t other = w->has_users && !below(w, 3) ? OTHER_USER : 0;
	/* In a user namespace without a map we are nobody, as the sockets' users are. */
	struct trial_user user = { other ? other : geteuid(), 0 };
	struct bind_case c = { .place = &place };
	enum truth predicted = TRUTH_NO;
	struct facts facts;
	int error;

	assert_int_equal(facts_take(&facts, &scene, proto, port), 0);
	facts_fill_case(&facts, &user, &c);
	assert_int_equal(rule_of_place(&c), RULES);
	for (size_t i = 0; i < facts.snap.n_rows; i++) {
		enum truth conflicts = rule_conflicts(&c, &facts.holders[i]);

		predicted = conflicts > predicted ? conflicts : predicted;
	}
	error = bind_really(&place, other);
	assert_true(!error || error == EADDRINUSE);
	w->n_refused += error != 0;
	w->n_bound += !error;
	w->n_unknown += predicted == TRUTH_UNKNOWN;
	if (predicted != TRUTH_UNKNOWN && (predicted == TRUTH_YES) != (error != 0))
		w->n_wrong++;
	facts_fini(&facts);
}

/* The whole answer: the verdict, and what is named. */
static void check_answer(struct world *w, enum sock_proto proto, uint16_t port)
{
	struct why_scene scene = scene_of(w);
	struct bind_place place = random_place(w, proto, port);
	struct why_question question = { .proto = proto,
					 .port = port,
					 .has_addr = true,
					 .family = place.family,
					 .addr = place.addr };
	uid_t uid = w->has_users && !below(w, 3) ? OTHER_USER : 0;
	struct explanation x;
	int error;

	place.is_v6only = false;
	place.reuse_port = false;
	place.reuse_addr = proto == PROTO_TCP;
	memcpy(question.device, place.device, sizeof(question.device));
	question.has_user = uid;
	question.user = (struct trial_user){ uid, uid };
	error = bind_really(&place, uid);
	assert_int_equal(explain(&x, &question, &scene), 0);
	assert_int_equal(x.verdict, error ? WHY_TAKEN : WHY_FREE);
	if (error) {
		assert_int_equal(x.error, error);
		assert_true(x.n_blockers);
		for (size_t i = 0; i < x.n_blockers; i++)
			take_away(w, x.facts.holders[x.blockers[i].row].sk);
		assert_int_equal(bind_really(&place, uid), 0);
		w->n_named += x.n_blockers;
	}
	explanation_fini(&x);
}

static void test_random_populations(void **state)
{
	struct world *w = *state;
	const char *wanted = getenv("WHY_TRIALS");
	size_t trials = wanted ? strtoul(wanted, NULL, 10) : TRIALS, judged;

	for (size_t i = 0; i < trials; i++) {
		enum sock_proto proto = below(w, 4) ? PROTO_TCP : PROTO_UDP;
		uint16_t port = (uint16_t)(FIRST_PORT + i % PORTS);
		size_t n = below(w, POPULATION_MAX);

		if (proto == PROTO_TCP && !below(w, 6))
			port = add_outgoing(w);
		for (size_t k = 0; k < n; k++)
			add_socket(w, proto, port);
		check_rules(w, proto, port);
		check_answer(w, proto, port);
		clear_port(w, proto, port);
	}
	judged = trials - w->n_unknown;
	print_message("%zu trials: %zu bound, %zu refused; rules: %zu not to be told, %zu wrong; "
		      "%zu sockets named and taken away\n",
		      trials, w->n_bound, w->n_refused, w->n_unknown, w->n_wrong, w->n_named);
	assert_true(w->n_wrong * 1000 <= judged * WRONG_MAX);
	/* Each of them is there often enough to mean something. */
	assert_true(w->n_bound > trials / 10 && w->n_refused > trials / 10);
	assert_true(w->n_unknown * 5 < trials);
}

static bool bring_up(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	bool is_up;

	strncpy(request.ifr_name, name, sizeof(request.ifr_name) - 1);
	is_up = !ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
	return is_up;
}

static int open_world(void **state)
{
	struct bind_place server = { .proto = PROTO_TCP, .family = ADDR_INET, .port = SERVER_PORT };
	struct world *w = mem_calloc(1, sizeof(*w));

	w->random = 20;
	w->devices[w->n_devices++] = "lo";
	/* Where there is no such device all of them are bound to lo or to none. */
	if (!system("ip link add why0 type dummy >/dev/null 2>&1") && bring_up("why0"))
		w->devices[w->n_devices++] = "why0";
	setfsuid(OTHER_USER);
	w->has_users = setfsuid(0) == OTHER_USER;
	w->proc_root = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(source_netlink_open(&w->sources.main, NULL), 0);
	w->names.owners = owners_new(w->proc_root, OWNERS_AUTO);
	w->names.ephemeral = (struct port_range){ 32768, 60999 };
	w->server = open_bound(&server, 0);
	assert_true(w->server >= 0 && !listen(w->server, 64));
	*state = w;
	return 0;
}

static int close_world(void **state)
{
	struct world *w = *state;

	close(w->server);
	owners_free(w->names.owners);
	source_free(w->sources.main);
	close(w->proc_root);
	free(w);
	return 0;
}

/* A namespace where only our sockets are; without the right to make one the test is skipped. */
static bool enter_namespace(void)
{
	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return false;
	return bring_up("lo");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_populations),
	};

	if (!enter_namespace()) {
		printf("1..0 # SKIP no network namespace of its own: %s\n", strerror(errno));
		return 0;
	}
	return cmocka_run_group_tests(tests, open_world, close_world);
}
