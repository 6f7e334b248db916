/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A helper of the live tests: listeners that stay open, while other sockets open and close as fast
 * as possible and processes exit and have their pids reused.
 *
 * usage: churn LISTENERS
 *
 * Prints the cookie of each listener that stays, as portstat prints it, and "ready"; at the end of
 * standard input prints how many sockets were opened and how many pids reused, and exits.  Process
 * names tell what a process owns: "stable", "coming", and "pPORT" for the only owner of the UDP
 * socket of PORT, from FIRST_PORT up.  Needs a pid namespace of its own: it writes ns_last_pid.
 */
#include <config.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	GROUP_PORT = 8000, /* listeners that stay, and others that do not, share these */
	GROUPS = 4,
	SERVER_PORT = 7000,
	FIRST_PORT = 20000, /* UDP, each the sign of its process */
	LAST_PORT = 59999,
	OPEN_AT_ONCE = 64,
	SLOTS = 32, /* process numbers that are taken again and again */
	DESCRIPTORS = 512, /* of each of these processes: it may die while they are read */
};

/* Shared by all processes. */
struct counts {
	atomic_ulong sockets;
	atomic_ulong numbers;
};

static void bind_loopback(int fd, uint16_t port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		err(EXIT_FAILURE, "bind to port %u", port);
}

static int open_socket(int type)
{
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		err(EXIT_FAILURE, "socket");
	return fd;
}

static int open_listener(uint16_t port)
{
	const int on = 1;
	int fd = open_socket(SOCK_STREAM);

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)))
		err(EXIT_FAILURE, "SO_REUSEPORT");
	bind_loopback(fd, port);
	if (listen(fd, 1))
		err(EXIT_FAILURE, "listen");
	return fd;
}

/* A connection whose ends go without a trace: a reset leaves no TIME-WAIT behind. */
static void connect_once(int listener)
{
	const struct linger at_once = { .l_onoff = 1 };
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(SERVER_PORT),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = open_socket(SOCK_STREAM), accepted;

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		err(EXIT_FAILURE, "connect");
	accepted = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (accepted < 0)
		err(EXIT_FAILURE, "accept");
	close(fd);
	close(accepted);
}

/*
 * All open, then all close, so that what the kernel counts while it lists goes up and down: where it
 * takes a listing up again, it has a number and no more to know the place by.
 */
static void come_and_go(struct counts *counts)
{
	int listener = open_listener(SERVER_PORT), open[OPEN_AT_ONCE];

	for (unsigned int group = 0;; group = (group + 1) % GROUPS) {
		for (unsigned int i = 0; i < OPEN_AT_ONCE; i++) {
			if (i % 4) {
				open[i] = open_listener((uint16_t)(GROUP_PORT + group));
				continue;
			}
			open[i] = open_socket(SOCK_DGRAM);
			bind_loopback(open[i], 0);
			connect_once(listener);
			atomic_fetch_add(&counts->sockets, 2);
		}
		for (unsigned int i = 0; i < OPEN_AT_ONCE; i++)
			close(open[i]);
		atomic_fetch_add(&counts->sockets, OPEN_AT_ONCE);
	}
}

/* Dies with its parent, and is called so from before it has a socket until after. */
static void start_process(const char *name)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || prctl(PR_SET_NAME, name))
		err(EXIT_FAILURE, "prctl");
}

/* Forks a process with the number behind last, where nobody else is quicker. */
static pid_t fork_behind(int last_pid, pid_t last, uint16_t port)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%d", last), fd;
	pid_t pid;

	if (last && pwrite(last_pid, text, (size_t)n, 0) != n)
		err(EXIT_FAILURE, "ns_last_pid");
	pid = fork();
	if (pid < 0)
		err(EXIT_FAILURE, "fork");
	if (pid)
		return pid;
	snprintf(text, sizeof(text), "p%u", port);
	start_process(text);
	fd = open_socket(SOCK_DGRAM);
	bind_loopback(fd, port);
	for (int i = 1; i < DESCRIPTORS; i++)
		if (dup(fd) < 0)
			err(EXIT_FAILURE, "dup");
	for (;;)
		pause();
}

static void reuse_numbers(struct counts *counts)
{
	int last_pid = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
	uint16_t port = FIRST_PORT;
	pid_t pids[SLOTS] = { 0 };

	if (last_pid < 0)
		err(EXIT_FAILURE, "ns_last_pid");
	for (unsigned int i = 0;; i = (i + 1) % SLOTS) {
		pid_t before = pids[i];

		if (before) {
			kill(before, SIGKILL);
			waitpid(before, NULL, 0);
		}
		pids[i] = fork_behind(last_pid, before ? before - 1 : 0, port);
		atomic_fetch_add(&counts->sockets, 1);
		atomic_fetch_add(&counts->numbers, pids[i] == before);
		port = port < LAST_PORT ? port + 1 : FIRST_PORT;
	}
}

static void start(void (*run)(struct counts *counts), struct counts *counts, pid_t *pid)
{
	*pid = fork();
	if (*pid < 0)
		err(EXIT_FAILURE, "fork");
	if (*pid)
		return;
	start_process("coming");
	run(counts);
}

static void open_stable(unsigned long n)
{
	for (unsigned long i = 0; i < n; i++) {
		uint64_t cookie;
		socklen_t size = sizeof(cookie);
		int fd = open_listener((uint16_t)(GROUP_PORT + i % GROUPS));

		if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size))
			err(EXIT_FAILURE, "SO_COOKIE");
		printf("%016" PRIx64 "\n", cookie);
	}
}

int main(int argc, char **argv)
{
	unsigned long n = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	const struct rlimit limit = { n + DESCRIPTORS + 64, n + DESCRIPTORS + 64 };
	struct counts *counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t children[2];
	char byte;

	if (!n)
		errx(EXIT_FAILURE, "usage: churn LISTENERS");
	if (counts == MAP_FAILED || setrlimit(RLIMIT_NOFILE, &limit))
		err(EXIT_FAILURE, "churn");
	/* They must not inherit what stays. */
	start(come_and_go, counts, &children[0]);
	start(reuse_numbers, counts, &children[1]);
	if (prctl(PR_SET_NAME, "stable"))
		err(EXIT_FAILURE, "prctl");
	open_stable(n);
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	for (size_t i = 0; i < 2; i++) {
		/* One that ended by itself said why, and nothing came any more. */
		if (waitpid(children[i], NULL, WNOHANG))
			return EXIT_FAILURE;
		kill(children[i], SIGKILL);
	}
	printf("%lu sockets came and went, %lu process numbers were taken again\n",
	       atomic_load(&counts->sockets), atomic_load(&counts->numbers));
	return 0;
}
