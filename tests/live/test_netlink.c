/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The netlink source with the running kernel, in a network namespace of its own: it lists the
 * sockets that were opened, agrees with /proc/net, and the kernel's filter agrees with
 * cond_holds().
 */
#include <config.h>

#include "../unit/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "model/cond.h"
#include "model/sock_table.h"
#include "source/source.h"
#include "../unit/random.h"

#define N_LISTENERS 400
#define N_CONNECTIONS 150
#define N_WAITING 30
#define N_CLOSED ((N_CONNECTIONS - N_WAITING) / 6)
#define FIRST_PORT 2000
#define N_CONDITIONS 600

static void bring_up_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
	close(fd);
}

static struct sockaddr_in6 address(const char *text, uint16_t port)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	assert_int_equal(inet_pton(AF_INET6, text, &a.sin6_addr), 1);
	return a;
}

/* An IPv6 socket; with a mapped address it speaks IPv4. */
static int open_bound(int type, const char *addr, uint16_t port)
{
	struct sockaddr_in6 a = address(addr, port);
	int fd = socket(AF_INET6, type, 0), yes = 1;

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static int open_bound4(int type, uint32_t addr, uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(addr) };
	int fd = socket(AF_INET, type, 0), yes = 1;

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static int connect_to(const char *addr, uint16_t port)
{
	struct sockaddr_in6 to = address(addr, port);
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

/* Of the connections some are half closed, some leave time-wait behind, the last ones wait. */
static void open_connections(void)
{
	int listener = open_bound(SOCK_STREAM, "::", FIRST_PORT - 1);

	assert_int_equal(listen(listener, N_CONNECTIONS), 0);
	for (int i = 0; i < N_CONNECTIONS; i++) {
		int fd = connect_to(i & 1 ? "::1" : "::ffff:127.0.0.1", FIRST_PORT - 1);
		int accepted;

		if (i >= N_CONNECTIONS - N_WAITING)
			continue;
		accepted = accept(listener, NULL, NULL);
		assert_true(accepted >= 0);
		if (i % 6 == 1)
			shutdown(fd, SHUT_WR);
		if (i % 6 == 2) {
			close(fd);
			close(accepted);
		}
	}
}

/* All are left open: they go with the process. */
static int open_sockets(void **state)
{
	uint32_t mark = 5;

	(void)state;
	bring_up_loopback();
	for (uint16_t i = 0; i < N_LISTENERS; i++) {
		uint16_t port = (uint16_t)(FIRST_PORT + i);
		int fd = i & 1 ? open_bound(SOCK_STREAM, "::1", port)
			       : open_bound4(SOCK_STREAM, 0x7f000001 + i, port);

		assert_int_equal(listen(fd, 5), 0);
		if (i < 200)
			open_bound4(SOCK_DGRAM, 0x7f000001, port);
		if (i < 50)
			assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)),
					 0);
		if (i >= 50 && i < 60)
			open_bound4(SOCK_STREAM, 0x7f000002, (uint16_t)(port + 1000));
		if (i >= 60 && i < 70)
			assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3), 0);
	}
	open_connections();
	return 0;
}

static const struct source_query everything = { .protos =
							PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_UDP),
						.families = FAMILY_ALL,
						.states = STATE_ALL };

/* Lists, and nothing may be missing for a reason that is told. */
static void list(struct source *src, const struct source_query *query, struct sock_table *table)
{
	static const struct source_outcome whole;
	struct source_outcome outcome;

	sock_table_clear(table);
	source_list(src, query, table, &outcome);
	assert_memory_equal(&outcome, &whole, sizeof(whole));
}

static size_t count(const struct sock_table *t, enum sock_proto proto, enum sock_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->socks[i].proto == proto && t->socks[i].state == state;
	return n;
}

/* The states that connections come to rest in, which on a busy machine takes a moment. */
static bool is_settled(const struct sock_table *t)
{
	return count(t, PROTO_TCP, SOCK_STATE_TIME_WAIT) == N_CLOSED &&
	       count(t, PROTO_TCP, SOCK_STATE_CLOSE_WAIT) == N_CLOSED &&
	       count(t, PROTO_TCP, SOCK_STATE_FIN_WAIT_2) == N_CLOSED &&
	       count(t, PROTO_TCP, SOCK_STATE_ESTABLISHED) == 2 * (N_CONNECTIONS - 2 * N_CLOSED);
}

static void test_counts(void **state)
{
	struct sock_table t = { 0 };
	struct source *src;
	size_t not_accepted = 0;

	(void)state;
	assert_int_equal(source_netlink_open(&src, NULL), 0);
	for (int i = 0; i < 300; i++) {
		list(src, &everything, &t);
		if (is_settled(&t))
			break;
	}
	assert_true(is_settled(&t));
	assert_int_equal(count(&t, PROTO_TCP, SOCK_STATE_LISTEN), N_LISTENERS + 1);
	assert_int_equal(count(&t, PROTO_TCP, SOCK_STATE_BOUND), 10);
	assert_int_equal(count(&t, PROTO_UDP, SOCK_STATE_BOUND), 200);
	for (size_t i = 0; i < t.n; i++)
		not_accepted += sock_has(&t.socks[i], SOCK_NOT_ACCEPTED);
	assert_int_equal(not_accepted, N_WAITING);
	sock_table_fini(&t);
	source_free(src);
}

static int compare_socks(const void *left, const void *right)
{
	const struct sock *a = left, *b = right;
	int order = (int)a->proto - b->proto;

	order = order ? order : (int)a->family - b->family;
	order = order ? order : memcmp(&a->local, &b->local, sizeof(a->local));
	return order ? order : memcmp(&a->remote, &b->remote, sizeof(a->remote));
}

/* /proc/net says the same, but for bound TCP sockets, which it lacks. */
static void test_procfs(void **state)
{
	struct source_query query = everything;
	struct sock_table told = { 0 }, read = { 0 };
	int proc = open("/proc", O_RDONLY | O_DIRECTORY);
	struct source *netlink, *procfs;

	(void)state;
	assert_true(proc >= 0);
	assert_int_equal(source_netlink_open(&netlink, NULL), 0);
	assert_int_equal(source_procfs_open(&procfs, proc), 0);
	query.states = STATE_ALL & ~STATE_BIT(SOCK_STATE_BOUND);
	list(netlink, &query, &told);
	list(procfs, &query, &read);
	assert_int_equal(told.n, read.n);
	qsort(told.socks, told.n, sizeof(*told.socks), compare_socks);
	qsort(read.socks, read.n, sizeof(*read.socks), compare_socks);
	for (size_t i = 0; i < told.n; i++) {
		const struct sock *a = &told.socks[i], *b = &read.socks[i];
		unsigned int shared = SOCK_HAS_UID | SOCK_HAS_INODE | SOCK_HAS_QUEUES |
				      SOCK_HAS_TIMER | SOCK_HAS_PEER | SOCK_NOT_ACCEPTED;

		assert_int_equal(compare_socks(a, b), 0);
		assert_int_equal(a->state, b->state);
		assert_int_equal(a->known & shared, b->known & shared);
		assert_int_equal(a->inode, b->inode);
		assert_int_equal(a->uid, b->uid);
		assert_int_equal(a->recv_q, b->recv_q);
	}
	sock_table_fini(&told);
	sock_table_fini(&read);
	source_free(netlink);
	source_free(procfs);
	close(proc);
}

/* ---- what the kernel filters --------------------------------------------------------------------
 */

/* The range is for its ports. */
static struct cond_node random_leaf(uint64_t *seed, const struct sock_table *all,
				    struct port_range *range)
{
	static const uint8_t kinds[] = { COND_LOCAL_PORT, COND_REMOTE_PORT, COND_LOCAL_PORT,
					 COND_LOCAL_ADDR, COND_REMOTE_ADDR, COND_IFINDEX,
					 COND_MARK,	  COND_CGROUP,	    COND_STATE,
					 COND_PROTO,	  COND_FAMILY };
	const struct sock *sk = &all->socks[random_below(seed, all->n)];
	struct cond_node leaf = { .kind = kinds[random_below(seed, sizeof(kinds))],
				  .is_negated = random_below(seed, 3) == 0 };
	bool is_local = leaf.kind == COND_LOCAL_PORT || leaf.kind == COND_LOCAL_ADDR;
	const struct endpoint *end = is_local ? &sk->local : &sk->remote;

	if (leaf.kind == COND_LOCAL_PORT || leaf.kind == COND_REMOTE_PORT) {
		*range = (struct port_range){ end->port, end->port };
		if (random_below(seed, 2) && end->port < 60000)
			range->last = (uint16_t)(end->port + random_below(seed, 200));
		leaf.ports = (struct port_list){ range, 1, 0 };
	} else if (leaf.kind == COND_LOCAL_ADDR || leaf.kind == COND_REMOTE_ADDR) {
		leaf.prefix.addr = end->addr;
		leaf.prefix.family = sk->family;
		leaf.prefix.len = (uint8_t)random_below(seed, sk->family == ADDR_INET ? 33 : 129);
	} else if (leaf.kind == COND_IFINDEX) {
		leaf.number = sk->ifindex;
	} else if (leaf.kind == COND_MARK) {
		leaf.mark.mask = random_below(seed, 2) ? UINT32_MAX : 4;
		leaf.mark.value = sk->mark & leaf.mark.mask;
	} else if (leaf.kind == COND_CGROUP) {
		leaf.cgroup = random_below(seed, 2) ? sk->cgroup : sk->cgroup + 1;
	} else {
		leaf.bits = (uint32_t)random_next(seed);
	}
	return leaf;
}

static void random_cond(uint64_t *seed, const struct sock_table *all, struct cond *c)
{
	uint32_t roots[12];
	size_t n = 1 + random_below(seed, sizeof(roots) / sizeof(*roots));

	cond_init(c);
	for (size_t i = 0; i < n; i++) {
		struct port_range range;
		struct cond_node leaf = random_leaf(seed, all, &range);

		roots[i] = cond_leaf(c, &leaf);
	}
	for (; n > 1; n--) {
		size_t at = random_below(seed, n - 1);

		roots[at] = random_below(seed, 2) ? cond_and(c, roots[at], roots[n - 1])
						  : cond_or(c, roots[at], roots[n - 1]);
	}
	c->root = roots[0];
}

/* Is the condition checked on this socket to the letter? */
static bool is_exact(const struct cond *c, const struct sock *sk)
{
	/* Asked for several states at once, the kernel is not told which leaf is of which state. */
	for (size_t i = 0; i < c->n; i++)
		if (c->nodes[i].kind == COND_STATE && sk->state != SOCK_STATE_LISTEN)
			return false;
	/* Where there are minisockets a mark of 0 counts as not known. */
	return sk->proto == PROTO_UDP || sk->state == SOCK_STATE_LISTEN;
}

/*
 * None that meets the condition stays behind, and where it is exact no other comes.  Returns how
 * many the kernel kept back.
 */
static size_t check_filtered(const struct sock_table *all, const struct source_query *query,
			     const struct sock_table *some)
{
	const struct cond *c = query->cond;
	size_t wanted = 0, got = 0, asked = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct sock *sk = &all->socks[i];

		if (!(query->protos & PROTO_BIT(sk->proto)) ||
		    !(query->states & STATE_BIT(sk->state)))
			continue;
		asked++;
		wanted += cond_holds(c, sk);
	}
	for (size_t i = 0; i < some->n; i++) {
		bool holds = cond_holds(c, &some->socks[i]);

		got += holds;
		assert_true(holds || !is_exact(c, &some->socks[i]));
	}
	assert_int_equal(got, wanted);
	return asked - some->n;
}

static void test_filters(void **state)
{
	struct source_query query = everything;
	struct sock_table all = { 0 }, some = { 0 };
	struct source *src;
	uint64_t seed = 10;
	size_t spared = 0;

	(void)state;
	assert_int_equal(source_netlink_open(&src, NULL), 0);
	list(src, &everything, &all);
	for (int i = 0; i < N_CONDITIONS; i++) {
		struct cond c;

		/* Connections take the kernel long, so they are asked for now and then. */
		query.states = i % 20 ? STATE_BIT(SOCK_STATE_LISTEN) : STATE_ALL;
		query.protos = i % 20 < 10 ? everything.protos : PROTO_BIT(PROTO_UDP);
		query.states |= i % 20 < 10 ? 0 : STATE_BIT(SOCK_STATE_BOUND);
		random_cond(&seed, &all, &c);
		query.cond = &c;
		list(src, &query, &some);
		spared += check_filtered(&all, &query, &some);
		cond_fini(&c);
	}
	/* A kernel that refused all of them would have sent everything. */
	assert_true(spared > N_CONDITIONS * N_LISTENERS / 4);
	sock_table_fini(&all);
	sock_table_fini(&some);
	source_free(src);
}

/* What is recorded is what was listed. */
static void test_recording(void **state)
{
	struct sock_table told = { 0 }, played = { 0 };
	char path[] = "recording-XXXXXX";
	struct source_record record = { .stream = fdopen(mkstemp(path), "w") };
	struct source *netlink, *replay;

	(void)state;
	assert_non_null(record.stream);
	assert_int_equal(source_netlink_open(&netlink, &record), 0);
	list(netlink, &everything, &told);
	assert_int_equal(record.error, 0);
	assert_int_equal(source_replay_open(&replay, path), 0);
	list(replay, &everything, &played);
	assert_int_equal(told.n, played.n);
	for (size_t i = 0; i < told.n; i++)
		assert_memory_equal(&told.socks[i], &played.socks[i], sizeof(struct sock));
	sock_table_fini(&told);
	sock_table_fini(&played);
	source_free(netlink);
	source_free(replay);
	fclose(record.stream);
	unlink(path);
}

/* The first failure stays, whatever comes later. */
static void test_recording_on_a_full_disk(void **state)
{
	struct source_record record = { .stream = fopen("/dev/full", "w") };
	struct sock_table told = { 0 };
	struct source *netlink;

	(void)state;
	assert_non_null(record.stream);
	assert_int_equal(source_netlink_open(&netlink, &record), 0);
	for (int i = 0; i < 2; i++) {
		list(netlink, &everything, &told);
		assert_true(told.n);
		assert_int_equal(record.error, -ENOSPC);
	}
	sock_table_fini(&told);
	source_free(netlink);
	fclose(record.stream);
}

/* From now on without the right to filter by mark, as all who are not root. */
static void drop_net_admin(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	assert_int_equal(syscall(SYS_capget, &head, data), 0);
	data[CAP_NET_ADMIN / 32].effective &= ~(1U << (CAP_NET_ADMIN % 32));
	assert_int_equal(syscall(SYS_capset, &head, data), 0);
}

/* A condition that the kernel refuses is not asked for: everything comes. */
static void test_refused(void **state)
{
	struct source_query query = everything;
	struct sock_table all = { 0 }, some = { 0 };
	struct cond_node leaf = { .kind = COND_MARK, .mark = { 5, UINT32_MAX } };
	struct source *src;
	struct cond c;

	(void)state;
	query.states = STATE_BIT(SOCK_STATE_LISTEN);
	cond_init(&c);
	c.root = cond_leaf(&c, &leaf);
	assert_int_equal(source_netlink_open(&src, NULL), 0);
	list(src, &query, &all);
	query.cond = &c;
	list(src, &query, &some);
	assert_int_equal(some.n, 50);
	source_free(src);
	drop_net_admin();
	assert_int_equal(source_netlink_open(&src, NULL), 0);
	list(src, &query, &some);
	assert_int_equal(some.n, all.n);
	assert_false(sock_has(&some.socks[0], SOCK_HAS_MARK));
	source_free(src);
	sock_table_fini(&all);
	sock_table_fini(&some);
	cond_fini(&c);
}

/* A namespace where only our sockets are; without the right to make one the tests are skipped. */
static bool enter_namespace(void)
{
	if (!unshare(CLONE_NEWNET))
		return true;
	return !unshare(CLONE_NEWUSER | CLONE_NEWNET);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_procfs),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_recording),
		cmocka_unit_test(test_recording_on_a_full_disk),
		/* The last: it gives up a capability. */
		cmocka_unit_test(test_refused),
	};

	if (!enter_namespace()) {
		printf("1..0 # SKIP no network namespace of its own: %s\n", strerror(errno));
		return 0;
	}
	return cmocka_run_group_tests(tests, open_sockets, NULL);
}
