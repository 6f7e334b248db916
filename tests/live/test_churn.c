/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listeners that stay open while others open and close as fast as one process can: every listing
 * contains each of those that stay exactly once.
 */
#include <config.h>

#include "../unit/test.h"

#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/random.h"
#include "base/map.h"
#include "model/sock_table.h"
#include "source/source.h"

/* Few ports: what comes and goes stands among what stays, in the same chains of the kernel. */
#define N_STAYING 900
#define N_PASSING 300
#define N_PORTS 3
#define FIRST_PORT 8000
#define N_LISTINGS 200

struct staying {
	int fds[N_STAYING];
	uint64_t cookies[N_STAYING];
	pid_t churner;
};

/* -1 where the kernel has no room at the moment. */
static int open_listener(uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes)) ||
	    bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 5)) {
		close(fd);
		return -1;
	}
	return fd;
}

static _Noreturn void churn(void)
{
	int fds[N_PASSING];
	uint64_t seed = 11;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < N_PASSING; i++)
		fds[i] = -1;
	for (;;) {
		int *fd = &fds[random_below(&seed, N_PASSING)];

		if (*fd >= 0)
			close(*fd);
		*fd = open_listener((uint16_t)(FIRST_PORT + random_below(&seed, N_PORTS)));
	}
}

static int start(void **state)
{
	static struct staying staying;

	for (uint16_t i = 0; i < N_STAYING; i++) {
		socklen_t len = sizeof(staying.cookies[i]);

		staying.fds[i] = open_listener((uint16_t)(FIRST_PORT + i % N_PORTS));
		assert_true(staying.fds[i] >= 0);
		assert_int_equal(getsockopt(staying.fds[i], SOL_SOCKET, SO_COOKIE,
					    &staying.cookies[i], &len),
				 0);
	}
	staying.churner = fork();
	assert_true(staying.churner >= 0);
	if (!staying.churner) {
		for (size_t i = 0; i < N_STAYING; i++)
			close(staying.fds[i]);
		churn();
	}
	*state = &staying;
	return 0;
}

static int end(void **state)
{
	struct staying *staying = *state;

	kill(staying->churner, SIGKILL);
	waitpid(staying->churner, NULL, 0);
	for (size_t i = 0; i < N_STAYING; i++)
		close(staying->fds[i]);
	return 0;
}

/* Returns how many listeners are there that are not among those that stay. */
static size_t check_listing(const struct sock_table *t, const struct staying *staying)
{
	struct map cookies = { 0 };

	for (size_t i = 0; i < t->n; i++) {
		bool is_new;

		assert_true(sock_has(&t->socks[i], SOCK_HAS_COOKIE));
		map_add(&cookies, t->socks[i].cookie, (uint32_t)i, &is_new);
		assert_true(is_new);
	}
	for (size_t i = 0; i < N_STAYING; i++)
		assert_int_not_equal(map_get(&cookies, staying->cookies[i]), MAP_NONE);
	map_fini(&cookies);
	return t->n - N_STAYING;
}

static void test_churn(void **state)
{
	static const struct source_outcome whole;
	struct source_query query = { .protos = PROTO_BIT(PROTO_TCP),
				      .families = FAMILY_BIT(ADDR_INET),
				      .states = STATE_BIT(SOCK_STATE_LISTEN) };
	struct sock_table t = { 0 };
	struct source *src;
	size_t n_passing = 0;

	assert_int_equal(source_netlink_open(&src, NULL), 0);
	for (int i = 0; i < N_LISTINGS; i++) {
		struct source_outcome outcome;

		sock_table_clear(&t);
		source_list(src, &query, &t, &outcome);
		assert_memory_equal(&outcome, &whole, sizeof(whole));
		n_passing += check_listing(&t, *state);
	}
	/* Else there was no churn, and nothing was shown. */
	assert_true(n_passing > N_LISTINGS);
	sock_table_fini(&t);
	source_free(src);
}

/* A namespace where only our sockets are; without the right to make one the test is skipped. */
static bool enter_namespace(void)
{
	return !unshare(CLONE_NEWNET) || !unshare(CLONE_NEWUSER | CLONE_NEWNET);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_churn, start, end),
	};

	if (!enter_namespace()) {
		printf("1..0 # SKIP no network namespace of its own: %s\n", strerror(errno));
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
