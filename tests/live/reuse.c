/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A helper of tests/live/reuse.sh: two processes, "first" and "second", whose sockets have the same
 * inode numbers.  The kernel takes these from a 32-bit counter (get_next_ino(), fs/inode.c) without
 * a check for numbers in use: so reuse takes 4,294,967,296 inodes, most of an hour.
 *
 * Prints PROTO PORT NAME for each socket with ports whose number is also another socket's, and
 * "ready"; exits at the end of standard input.
 */
#include <config.h>

#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	HELD = 256, /* listeners of the first process */
	LEAST = 16, /* of them with a number of another's: some may go to whoever else opens files
		     */
	STEPS = 1 << 12, /* between two looks at the number */
	MARGIN = 1 << 20, /* numbers that are left for the second process to go through */
	ENOUGH_BEYOND = 1 << 16, /* each core takes a thousand or so at a time */
};

struct held {
	uint32_t inode;
	uint16_t port;
	bool is_taken; /* the second process has a socket of that number */
};

/* Shared by all processes. */
static struct held *helds;

static uint32_t inode_of(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		err(EXIT_FAILURE, "fstat");
	return (uint32_t)st.st_ino;
}

static int open_socket(int family, int type)
{
	int fd = socket(family, type, 0);

	if (fd < 0)
		err(EXIT_FAILURE, "socket");
	return fd;
}

static uint16_t bind_somewhere(int fd)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);

	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    getsockname(fd, (struct sockaddr *)&addr, &len))
		err(EXIT_FAILURE, "bind");
	return ntohs(addr.sin_port);
}

static uint16_t listen_somewhere(int fd)
{
	uint16_t port = bind_somewhere(fd);

	if (listen(fd, 8))
		err(EXIT_FAILURE, "listen");
	return port;
}

static void connect_to(int fd, uint16_t port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		err(EXIT_FAILURE, "connect to port %u", port);
}

static void tell(const char *proto, uint16_t port, const char *name)
{
	printf("%s %u %s\n", proto, port, name);
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(EXIT_FAILURE, "sched_setaffinity");
}

/* Starts a child of this name, which ends with us; false in the child. */
static bool start(const char *name)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		err(EXIT_FAILURE, "fork");
	if (!pid) {
		prctl(PR_SET_NAME, name);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	}
	return pid;
}

static void tell_and_stay(int fd)
{
	fflush(stdout);
	if (write(fd, "", 1) != 1)
		err(EXIT_FAILURE, "write");
	for (;;)
		pause();
}

static void hold_first(int done)
{
	stay_on(sched_getcpu());
	for (int i = 0; i < HELD; i++) {
		int fd = open_socket(AF_INET, SOCK_STREAM);

		helds[i].inode = inode_of(fd);
		helds[i].port = listen_somewhere(fd);
	}
	tell_and_stay(done);
}

/*
 * Uses up numbers until few are left before those that are held.  A socket of a type that its
 * family does not have gets its inode before it is refused (__sock_create(), net/socket.c).
 */
static void use_up(int cpu)
{
	uint32_t inode;

	stay_on(cpu);
	do {
		int fd;

		for (int i = 0; i < STEPS; i++)
			if (socket(AF_UNIX, SOCK_RDM, 0) >= 0 || errno != ESOCKTNOSUPPORT)
				errx(EXIT_FAILURE, "such a socket is not refused");
		fd = open_socket(AF_UNIX, SOCK_STREAM);
		inode = inode_of(fd);
		close(fd);
	} while (helds[0].inode - inode > MARGIN);
}

static struct held *held_at(uint32_t inode)
{
	for (int i = 0; i < HELD; i++)
		if (helds[i].inode == inode)
			return &helds[i];
	return NULL;
}

/* What another socket may be, in turn. */
struct kind {
	int family;
	int type;
	void (*use)(int fd, uint16_t held_port);
};

static void use_listener(int fd, uint16_t held_port)
{
	(void)held_port;
	tell("tcp", listen_somewhere(fd), "second");
}

static void use_datagrams(int fd, uint16_t held_port)
{
	(void)held_port;
	tell("udp", bind_somewhere(fd), "second");
}

/* Nobody accepts: the other end is its listener's. */
static void use_connection(int fd, uint16_t held_port)
{
	uint16_t port = bind_somewhere(fd);

	connect_to(fd, held_port);
	tell("tcp", port, "second");
}

static void use_without_port(int fd, uint16_t held_port)
{
	(void)fd;
	(void)held_port;
}

static const struct kind kinds[] = {
	{ AF_INET, SOCK_STREAM, use_listener },
	{ AF_INET, SOCK_DGRAM, use_datagrams },
	{ AF_INET, SOCK_STREAM, use_connection },
	{ AF_UNIX, SOCK_STREAM, use_without_port },
};

static void hold_second(int done)
{
	uint32_t inode, beyond;
	size_t n = 0;

	stay_on(sched_getcpu());
	do {
		const struct kind *kind = &kinds[n % (sizeof(kinds) / sizeof(kinds[0]))];
		int fd = open_socket(kind->family, kind->type);
		struct held *held;

		inode = inode_of(fd);
		beyond = inode - helds[HELD - 1].inode;
		held = held_at(inode);
		if (!held || held->is_taken) {
			close(fd);
			continue;
		}
		kind->use(fd, held->port);
		held->is_taken = true;
		tell("tcp", held->port, "first");
		n++;
	} while (beyond < ENOUGH_BEYOND || beyond > INT32_MAX);
	if (n < LEAST)
		errx(EXIT_FAILURE, "only %zu of the numbers came again", n);
	tell_and_stay(done);
}

/* Starts a process that stays, and waits until it has done its part. */
static void run(const char *name, void (*part)(int done))
{
	int done[2];
	char byte;

	if (pipe(done))
		err(EXIT_FAILURE, "pipe");
	if (!start(name))
		part(done[1]);
	close(done[1]);
	if (read(done[0], &byte, 1) != 1)
		errx(EXIT_FAILURE, "the %s process failed", name);
	close(done[0]);
}

/* By one process on each core that is ours to use. */
static void use_up_most(void)
{
	cpu_set_t cpus;
	int status;

	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		err(EXIT_FAILURE, "sched_getaffinity");
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &cpus) && !start("use up")) {
			use_up(cpu);
			exit(EXIT_SUCCESS);
		}
	}
	for (int i = 0; i < CPU_COUNT(&cpus); i++)
		if (wait(&status) < 0 || status)
			errx(EXIT_FAILURE, "a process failed");
}

int main(void)
{
	char byte;

	helds = mmap(NULL, HELD * sizeof(*helds), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (helds == MAP_FAILED)
		err(EXIT_FAILURE, "mmap");
	run("first", hold_first);
	use_up_most();
	run("second", hold_second);
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return EXIT_SUCCESS;
}
