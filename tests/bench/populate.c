/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fills the network namespace that it runs in with sockets, spread evenly over processes, prints
 * "ready" and holds them until its standard input ends.
 *
 * usage: populate [-c CONNECTIONS] [-s CONNECTIONS6] [-l LISTENERS] [-b FIRST-PORT] [-u UDP]
 *                 [-p PROCESSES] [-f FILES]
 *
 * A connection is two sockets, both ends are here; -s are further ones, over IPv6.  Listeners take
 * ports from FIRST-PORT (8000) up, UDP sockets those from 20000 up.  FILES are descriptors that are
 * no sockets.  Numbers are of all processes together.
 */
#include <config.h>

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	/* Connections to one listener: well below the 28,232 ports that a client may be given,
	 * since looking for a free one among few takes long. */
	BLOCK = 8000,
	/* Connections on their way at once: below what somaxconn lets wait (4096 since Linux 5.4).
	 */
	BATCH = 1024,
	SERVER_PORT = 1024,
	UDP_PORT = 20000,
	MAX_PORT = 32767, /* ephemeral ports begin behind it */
};

struct counts {
	unsigned long connections;
	unsigned long connections6;
	unsigned long listeners;
	unsigned long udp;
	unsigned long files;
};

struct plan {
	struct counts total;
	unsigned long processes;
	unsigned int first_port;
};

/* What falls to one process: from first up to the end of it. */
struct share {
	unsigned long first;
	unsigned long end;
};

/* An address of either family, for bind() and connect(). */
union address {
	struct sockaddr sa;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static _Noreturn void __attribute__((format(printf, 1, 2))) die(const char *format, ...)
{
	int err = errno;
	va_list ap;

	fputs("populate: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fprintf(stderr, ": %s\n", strerror(err));
	exit(1);
}

static struct share share_of(unsigned long total, unsigned long process, unsigned long processes)
{
	return (struct share){ .first = total * process / processes,
			       .end = total * (process + 1) / processes };
}

static socklen_t address_len(const union address *a)
{
	return a->sa.sa_family == AF_INET ? sizeof(a->v4) : sizeof(a->v6);
}

static union address address_v4(in_addr_t addr, unsigned long port)
{
	return (union address){ .v4 = { .sin_family = AF_INET,
					.sin_addr.s_addr = htonl(addr),
					.sin_port = htons((uint16_t)port) } };
}

static union address address_v6(unsigned long port)
{
	return (union address){ .v6 = { .sin6_family = AF_INET6,
					.sin6_addr = IN6ADDR_LOOPBACK_INIT,
					.sin6_port = htons((uint16_t)port) } };
}

static int open_bound(int type, const union address *at)
{
	int fd = socket(at->sa.sa_family, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	if (bind(fd, &at->sa, address_len(at)))
		die("bind to port %u", ntohs(at->v4.sin_port));
	return fd;
}

static int open_listener(const union address *at, int flags)
{
	int fd = open_bound(SOCK_STREAM | flags, at);

	if (listen(fd, 4096))
		die("listen");
	return fd;
}

static void start_client(const union address *to)
{
	int fd = socket(to->sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		die("socket");
	if (connect(fd, &to->sa, address_len(to)) && errno != EINPROGRESS)
		die("connect");
}

/* Takes n connections out of the queue; the descriptors are left to the end of the process. */
static void accept_all(int listener, unsigned long n)
{
	struct pollfd ready = { .fd = listener, .events = POLLIN };

	while (n) {
		if (accept4(listener, NULL, NULL, SOCK_CLOEXEC) >= 0)
			n--;
		else if (errno != EAGAIN)
			die("accept");
		else if (poll(&ready, 1, 30000) <= 0)
			die("a connection did not come");
	}
}

static void connect_block(const union address *at, unsigned long n)
{
	int listener = open_listener(at, SOCK_NONBLOCK);

	while (n) {
		unsigned long batch = n < BATCH ? n : BATCH;

		for (unsigned long i = 0; i < batch; i++)
			start_client(at);
		accept_all(listener, batch);
		n -= batch;
	}
	close(listener);
}

/* Every block has its own server port, so that no process waits for the port of another's. */
static void connect_all(const struct plan *plan, unsigned long process, bool is_v6)
{
	unsigned long total = is_v6 ? plan->total.connections6 : plan->total.connections;
	struct share share = share_of(total, process, plan->processes);
	unsigned long blocks = (total / plan->processes + BLOCK) / BLOCK;
	unsigned long port = SERVER_PORT + process * blocks;

	while (share.first < share.end) {
		unsigned long left = share.end - share.first;
		unsigned long n = left < BLOCK ? left : BLOCK;
		union address at = is_v6 ? address_v6(port) : address_v4(INADDR_LOOPBACK, port);

		connect_block(&at, n);
		share.first += n;
		port++;
	}
}

/* The first listeners and UDP sockets serve all addresses, those for which no port is left one. */
static union address serving_address(unsigned int first_port, unsigned long i)
{
	unsigned long ports = MAX_PORT + 1 - first_port;
	unsigned long round = i / ports;
	unsigned long port = first_port + i % ports;

	if (!round)
		return address_v4(INADDR_ANY, port);
	return address_v4(INADDR_LOOPBACK + (in_addr_t)(round << 8), port);
}

static void open_serving(const struct plan *plan, unsigned long process)
{
	struct share share = share_of(plan->total.listeners, process, plan->processes);
	union address at;

	for (unsigned long i = share.first; i < share.end; i++) {
		at = serving_address(plan->first_port, i);
		open_listener(&at, 0);
	}
	share = share_of(plan->total.udp, process, plan->processes);
	for (unsigned long i = share.first; i < share.end; i++) {
		at = serving_address(UDP_PORT, i);
		open_bound(SOCK_DGRAM, &at);
	}
	share = share_of(plan->total.files, process, plan->processes);
	for (unsigned long i = share.first; i < share.end; i++)
		if (dup(STDERR_FILENO) < 0)
			die("dup");
}

static _Noreturn void run_process(const struct plan *plan, unsigned long process, int ready_fd)
{
	open_serving(plan, process);
	connect_all(plan, process, false);
	connect_all(plan, process, true);
	if (write(ready_fd, "k", 1) != 1)
		die("ready");
	for (;;)
		pause();
}

static void start_process(const struct plan *plan, unsigned long process, int ready_fd)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		die("PR_SET_PDEATHSIG");
	if (getppid() != parent)
		exit(1);
	run_process(plan, process, ready_fd);
}

/* Root may have as many as the system allows, others as many as they were given. */
static void raise_descriptor_limit(const struct plan *plan)
{
	const struct counts *c = &plan->total;
	unsigned long all =
		2 * (c->connections + c->connections6) + c->listeners + c->udp + c->files;
	rlim_t needed = all / plan->processes + 64;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		die("RLIMIT_NOFILE");
	if (limit.rlim_cur >= needed)
		return;
	limit.rlim_cur = needed;
	if (limit.rlim_max < needed)
		limit.rlim_max = needed;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("%lu descriptors a process", (unsigned long)needed);
}

static unsigned long parse_count(const char *text)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (*end || end == text || errno || n > 10000000) {
		errno = EINVAL;
		die("not a number: %s", text);
	}
	return n;
}

static void parse_arguments(int argc, char **argv, struct plan *plan)
{
	int option;

	while ((option = getopt(argc, argv, "b:c:f:l:p:s:u:")) != -1) {
		switch (option) {
		case 'b':
			plan->first_port = (unsigned int)parse_count(optarg);
			break;
		case 'c':
			plan->total.connections = parse_count(optarg);
			break;
		case 'f':
			plan->total.files = parse_count(optarg);
			break;
		case 'l':
			plan->total.listeners = parse_count(optarg);
			break;
		case 'p':
			plan->processes = parse_count(optarg);
			break;
		case 's':
			plan->total.connections6 = parse_count(optarg);
			break;
		case 'u':
			plan->total.udp = parse_count(optarg);
			break;
		default:
			exit(2);
		}
	}
	if (optind < argc || !plan->processes || plan->first_port > MAX_PORT) {
		errno = EINVAL;
		die("usage");
	}
}

int main(int argc, char **argv)
{
	struct plan plan = { .processes = 1, .first_port = 8000 };
	unsigned long n_ready = 0;
	int ready[2];
	char c;

	parse_arguments(argc, argv, &plan);
	raise_descriptor_limit(&plan);
	if (pipe(ready))
		die("pipe");
	for (unsigned long i = 0; i < plan.processes; i++)
		start_process(&plan, i, ready[1]);
	close(ready[1]);
	while (n_ready < plan.processes && read(ready[0], &c, 1) == 1)
		n_ready++;
	if (n_ready < plan.processes) {
		errno = ECHILD;
		die("a process failed");
	}
	if (puts("ready") < 0 || fflush(stdout))
		die("standard output");
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}
