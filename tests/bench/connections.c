/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections as fast as they go: what --events costs them.
 *
 * usage: connections N
 *
 * A pre-forked server of four workers listens on *, a client connects to it over IPv4 and IPv6, sends
 * and receives a few bytes, and closes.  Prints how long N connections took, and how many a second.
 * Needs a network namespace of its own: it connects to all of 127.0.0.0/8.
 */
#include <config.h>

#include <err.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORKERS = 4, BACKLOG = 1024, REQUEST = 100, ANSWER = 500 };

/* Lets ports of connections that are in TIME-WAIT alone: there are enough addresses. */
#define ADDRESSES 64U

static int start_server(struct sockaddr_in6 *at)
{
	int fd = socket(AF_INET6, SOCK_STREAM, 0), off = 0;
	socklen_t len = sizeof(*at);

	*at = (struct sockaddr_in6){ .sin6_family = AF_INET6 };
	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) ||
	    bind(fd, (struct sockaddr *)at, len) || listen(fd, BACKLOG) ||
	    getsockname(fd, (struct sockaddr *)at, &len))
		err(1, "server");
	return fd;
}

static void serve(int listener)
{
	char bytes[ANSWER] = { 0 };

	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			err(1, "accept");
		if (recv(fd, bytes, REQUEST, MSG_WAITALL) != REQUEST ||
		    send(fd, bytes, ANSWER, 0) != ANSWER)
			err(1, "worker");
		recv(fd, bytes, 1, 0);
		close(fd);
	}
}

/* Of every four connections one goes over IPv6. */
static int connect_once(const struct sockaddr_in6 *server, unsigned int i)
{
	struct sockaddr_in6 v6 = *server;
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = server->sin6_port };
	int fd;

	if (i % 4 == 3) {
		v6.sin6_addr = in6addr_loopback;
		fd = socket(AF_INET6, SOCK_STREAM, 0);
		return connect(fd, (struct sockaddr *)&v6, sizeof(v6)) ? -1 : fd;
	}
	v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK + i % ADDRESSES);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	return connect(fd, (struct sockaddr *)&v4, sizeof(v4)) ? -1 : fd;
}

static void talk(int fd)
{
	char bytes[ANSWER] = { 0 };

	if (send(fd, bytes, REQUEST, 0) != REQUEST ||
	    recv(fd, bytes, ANSWER, MSG_WAITALL) != ANSWER)
		err(1, "client");
	close(fd);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	unsigned int n = argc == 2 ? (unsigned int)strtoul(argv[1], NULL, 10) : 0;
	struct sockaddr_in6 server;
	pid_t workers[WORKERS];
	int listener = start_server(&server);
	double begun, seconds;

	if (!n)
		errx(1, "usage: connections N");
	for (int i = 0; i < WORKERS; i++) {
		workers[i] = fork();
		if (!workers[i])
			serve(listener);
	}
	begun = now();
	for (unsigned int i = 0; i < n; i++) {
		int fd = connect_once(&server, i);

		if (fd < 0)
			err(1, "connect");
		talk(fd);
	}
	seconds = now() - begun;
	for (int i = 0; i < WORKERS; i++) {
		kill(workers[i], SIGKILL);
		waitpid(workers[i], NULL, 0);
	}
	printf("%u connections in %.3f s, %.0f a second\n", n, seconds, n / seconds);
	return 0;
}
