/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Binds that are tried, in a network namespace of their own: the answer is that of bind(2), nothing
 * stays bound, and neither a connection nor a datagram of anybody else is taken.
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
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "explain/place.h"
#include "explain/trial.h"

#define PORT 8080
#define PRIVILEGED_PORT 80
#define N_TRIALS 200
#define PATIENCE_MS 10000
#define NOBODY 65534

static const struct trial_scope here;

static struct bind_place place(enum sock_proto proto, const char *text, uint16_t port)
{
	struct bind_place p = { .proto = proto, .port = port, .reuse_addr = true };

	assert_int_equal(addr_parse(text, strlen(text), &p.family, &p.addr), 0);
	return p;
}

static void expect_as(const struct bind_place *p, const struct trial_scope *scope,
		      enum trial_step step, int error)
{
	struct trial_result result = trial_bind(p, scope);

	assert_int_equal(result.step, step);
	assert_int_equal(result.error, error);
}

static void expect(const struct bind_place *p, enum trial_step step, int error)
{
	expect_as(p, &here, step, error);
}

static int open_socket(int type, uint32_t addr, uint16_t port, int reuse_option)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(addr) };
	int fd = socket(AF_INET, type, 0), yes = 1;

	assert_true(fd >= 0);
	if (reuse_option)
		assert_int_equal(setsockopt(fd, SOL_SOCKET, reuse_option, &yes, sizeof(yes)), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void test_free_port(void **state)
{
	struct bind_place p = place(PROTO_TCP, "::", PORT);

	(void)state;
	expect(&p, TRIAL_BIND, 0);
	/* It was undone. */
	expect(&p, TRIAL_BIND, 0);
	p = place(PROTO_UDP, "0.0.0.0", PORT);
	expect(&p, TRIAL_BIND, 0);
	assert_true(trial_is_free(&p));
}

static void test_taken(void **state)
{
	struct bind_place p = place(PROTO_TCP, "::", PORT);
	int fd = open_socket(SOCK_STREAM, INADDR_LOOPBACK, PORT, SO_REUSEADDR);

	(void)state;
	/* Both have SO_REUSEADDR, and nobody listens. */
	expect(&p, TRIAL_BIND, 0);
	p.reuse_addr = false;
	expect(&p, TRIAL_BIND, EADDRINUSE);
	p.reuse_addr = true;
	assert_int_equal(listen(fd, 1), 0);
	expect(&p, TRIAL_BIND, EADDRINUSE);
	assert_false(trial_is_free(&p));
	/* The IPv6 wildcard alone is another place, as is another address. */
	p.is_v6only = true;
	expect(&p, TRIAL_BIND, 0);
	p = place(PROTO_TCP, "127.0.0.2", PORT);
	expect(&p, TRIAL_BIND, 0);
	close(fd);
}

static void test_impossible(void **state)
{
	struct bind_place p = place(PROTO_TCP, "192.0.2.1", PORT);

	(void)state;
	expect(&p, TRIAL_BIND, EADDRNOTAVAIL);
	p = place(PROTO_TCP, "fe80::1", PORT);
	expect(&p, TRIAL_BIND, EINVAL);
	strcpy(p.device, "nowhere");
	expect(&p, TRIAL_DEVICE, ENODEV);
	p = place(PROTO_TCP, "0.0.0.0", PORT);
	strcpy(p.device, "nowhere");
	expect(&p, TRIAL_DEVICE, ENODEV);
}

static void test_device(void **state)
{
	struct bind_place p = place(PROTO_TCP, "0.0.0.0", PORT);
	int fd = open_socket(SOCK_STREAM, INADDR_ANY, PORT, 0);

	(void)state;
	strcpy(p.device, "lo");
	expect(&p, TRIAL_BIND, EADDRINUSE);
	close(fd);
	expect(&p, TRIAL_BIND, 0);
}

/* Every connection arrives at the listener of a SO_REUSEPORT group beside which binds are tried. */
static void test_takes_no_connection(void **state)
{
	struct bind_place p = place(PROTO_TCP, "127.0.0.1", PORT);
	int fd = open_socket(SOCK_STREAM, INADDR_LOOPBACK, PORT, SO_REUSEPORT);
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons(PORT),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	(void)state;
	p.reuse_port = true;
	assert_int_equal(listen(fd, N_TRIALS), 0);
	for (int i = 0; i < N_TRIALS; i++) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		int client = socket(AF_INET, SOCK_STREAM, 0), server;

		expect(&p, TRIAL_BIND, 0);
		assert_int_equal(connect(client, (struct sockaddr *)&a, sizeof(a)), 0);
		assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
		server = accept(fd, NULL, NULL);
		assert_true(server >= 0);
		close(client);
		close(server);
	}
	close(fd);
}

/* A UDP socket that shares its port would lose datagrams to one that sets the same option. */
static void test_takes_no_datagram(void **state)
{
	static const int options[] = { SO_REUSEADDR, SO_REUSEPORT };
	struct bind_place p = place(PROTO_UDP, "127.0.0.1", PORT);

	(void)state;
	p.reuse_port = true;
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		int fd = open_socket(SOCK_DGRAM, INADDR_LOOPBACK, PORT, options[i]);

		expect(&p, TRIAL_BIND, EADDRINUSE);
		close(fd);
	}
}

static void test_as_user(void **state)
{
	struct trial_user user = { NOBODY, NOBODY }, root = { 0, 0 };
	struct trial_scope scope = { .user = &user };
	struct bind_place p = place(PROTO_TCP, "0.0.0.0", PRIVILEGED_PORT);
	bool is_root = !getuid();
	int fd;

	(void)state;
	/* Without the right to change the user there is no answer. */
	if (setegid(NOBODY) || setegid(getgid())) {
		expect_as(&p, &scope, TRIAL_USER, EPERM);
		return;
	}
	expect_as(&p, &scope, TRIAL_BIND, EACCES);
	scope.user = &root;
	expect_as(&p, &scope, TRIAL_BIND, 0);
	/* The socket is that user's: a SO_REUSEPORT group is of one user. */
	fd = open_socket(SOCK_STREAM, INADDR_ANY, PORT, SO_REUSEPORT);
	p.port = PORT;
	p.reuse_port = true;
	p.reuse_addr = false;
	expect_as(&p, &scope, TRIAL_BIND, 0);
	scope.user = &user;
	expect_as(&p, &scope, TRIAL_BIND, EADDRINUSE);
	close(fd);
	expect_as(&p, &scope, TRIAL_BIND, 0);
	/* Nothing of it stays with us. */
	assert_int_equal(!getuid(), is_root);
	p.port = PRIVILEGED_PORT;
	expect(&p, TRIAL_BIND, 0);
}

static int refuse(void *data, int domain, int type, int protocol)
{
	(void)domain;
	(void)type;
	(void)protocol;
	return *(int *)data;
}

static int open_here(void *data, int domain, int type, int protocol)
{
	(void)data;
	return socket(domain, type, protocol);
}

static void test_socket_of_elsewhere(void **state)
{
	struct bind_place p = place(PROTO_TCP, "0.0.0.0", PORT);
	int error = -EPERM;
	struct trial_scope scope = { .open_socket = refuse, .data = &error };

	(void)state;
	expect_as(&p, &scope, TRIAL_SOCKET, EPERM);
	scope.open_socket = open_here;
	expect_as(&p, &scope, TRIAL_BIND, 0);
}

static bool bring_up_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	bool is_up = !ioctl(fd, SIOCSIFFLAGS, &request);

	close(fd);
	return is_up;
}

/* A namespace where only our sockets are; without the right to make one the tests are skipped. */
static bool enter_namespace(void)
{
	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return false;
	return bring_up_loopback();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_free_port),
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_impossible),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_takes_no_connection),
		cmocka_unit_test(test_takes_no_datagram),
		cmocka_unit_test(test_as_user),
		cmocka_unit_test(test_socket_of_elsewhere),
	};

	if (!enter_namespace()) {
		printf("1..0 # SKIP no network namespace of its own: %s\n", strerror(errno));
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
