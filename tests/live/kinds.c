/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens each kind of socket that the live tests use and brings it to the state in its name. */
#include <config.h>

#include "opensock.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef IPPROTO_UDPLITE
#	define IPPROTO_UDPLITE 136
#endif

/* How long a condition may take before the helper gives up: a test that hangs says less. */
enum { WAIT_TRIES = 5000, WAIT_STEP_MS = 1 };

static socklen_t addr_len(const struct sockaddr_storage *sa)
{
	return sa->ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

static int family_of(int fd)
{
	int domain = 0;
	socklen_t len = sizeof(domain);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len))
		die("SO_DOMAIN: %s", strerror(errno));
	return domain;
}

static bool is_v6_wildcard(const struct sockaddr_storage *sa)
{
	struct sockaddr_in6 v6;

	memcpy(&v6, sa, sizeof(v6));
	return sa->ss_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr);
}

static void set_int(int fd, int level, int option, int value, const struct spec *spec)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)))
		die("%s: setsockopt %d %d: %s", spec->text, level, option, strerror(errno));
}

/* A socket of ours, as it is now; what comes after it does not change the row. */
static struct opened *add(struct socks *out, int fd, const char *state)
{
	struct opened *o = &out->list[out->n];
	socklen_t len = sizeof(o->local);
	struct stat st;

	if (out->n == SPEC_MAX_FDS)
		die("more than %d sockets in one spec", SPEC_MAX_FDS);
	*o = (struct opened){
		.fd = fd, .listener = -1, .state = state, .v6only = -1, .recv_q = -1
	};
	if (getsockname(fd, (struct sockaddr *)&o->local, &len) || fstat(fd, &st))
		die("descriptor %d: %s", fd, strerror(errno));
	o->inode = st.st_ino;
	len = sizeof(o->cookie);
	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &o->cookie, &len))
		die("SO_COOKIE: %s", strerror(errno));
	len = sizeof(o->peer);
	if (getpeername(fd, (struct sockaddr *)&o->peer, &len))
		o->peer.ss_family = 0;
	len = sizeof(o->v6only);
	if (is_v6_wildcard(&o->local) &&
	    getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &o->v6only, &len))
		die("IPV6_V6ONLY: %s", strerror(errno));
	out->n++;
	return o;
}

static void map_v4(struct sockaddr_storage *sa)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	memcpy(&v4, sa, sizeof(v4));
	v6.sin6_port = v4.sin_port;
	v6.sin6_addr.s6_addr[10] = v6.sin6_addr.s6_addr[11] = 0xff;
	memcpy(v6.sin6_addr.s6_addr + 12, &v4.sin_addr, 4);
	memcpy(sa, &v6, sizeof(v6));
}

/* The other end of a client's connection, which its listener has not handed out. */
static void add_waiting(struct socks *out, const struct opened *client, int listener,
			const char *state)
{
	struct opened *o = &out->list[out->n++];

	if (out->n > SPEC_MAX_FDS)
		die("more than %d sockets in one spec", SPEC_MAX_FDS);
	*o = (struct opened){
		.fd = -1,
		.listener = listener,
		.state = state,
		.note = "not-accepted",
		.local = client->peer,
		.peer = client->local,
		.v6only = -1,
		.recv_q = -1,
	};
	if (family_of(listener) == AF_INET6 && o->local.ss_family == AF_INET) {
		map_v4(&o->local);
		map_v4(&o->peer);
	}
}

static int open_socket(const struct spec *spec, int family)
{
	int protocol = spec->kind->type == SOCK_RAW ? spec->protocol : spec->kind->protocol;
	int fd = socket(family, spec->kind->type | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		die("%s: socket: %s", spec->text, strerror(errno));
	return fd;
}

static int open_bound(const struct spec *spec)
{
	int fd = open_socket(spec, spec->addr.ss_family);

	if (spec->v6only >= 0)
		set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, spec->v6only, spec);
	if (spec->is_reuseport)
		set_int(fd, SOL_SOCKET, SO_REUSEPORT, 1, spec);
	if (spec->dev &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, spec->dev, (socklen_t)strlen(spec->dev)))
		die("%s: device %s: %s", spec->text, spec->dev, strerror(errno));
	if (bind(fd, (const struct sockaddr *)&spec->addr, addr_len(&spec->addr)))
		die("%s: bind: %s", spec->text, strerror(errno));
	return fd;
}

static void open_tcp_bound(const struct spec *spec, struct socks *out)
{
	for (int i = 0; i < spec->count; i++)
		add(out, open_bound(spec), "bound");
}

static void open_datagram(const struct spec *spec, struct socks *out)
{
	for (int i = 0; i < spec->count; i++) {
		int fd = open_bound(spec);

		if (!spec->to.ss_family) {
			add(out, fd, "bound");
			continue;
		}
		if (connect(fd, (const struct sockaddr *)&spec->to, addr_len(&spec->to)))
			die("%s: connect: %s", spec->text, strerror(errno));
		add(out, fd, "established");
	}
}

static int tcp_state(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		die("TCP_INFO: %s", strerror(errno));
	return info.tcpi_state;
}

static void wait_state(const struct spec *spec, int fd, int state)
{
	for (int i = 0; tcp_state(fd) != state; i++) {
		if (i == WAIT_TRIES)
			die("%s: state %d did not come, it is %d", spec->text, state,
			    tcp_state(fd));
		poll(NULL, 0, WAIT_STEP_MS);
	}
}

/* Where a client finds a listener: at the address asked for, else where the listener is. */
static void target_of(const struct spec *spec, int listener, struct sockaddr_storage *to)
{
	struct sockaddr_storage at = { 0 };
	socklen_t len = sizeof(at);
	struct sockaddr_in6 *at6 = (struct sockaddr_in6 *)&at;
	struct sockaddr_in *at4 = (struct sockaddr_in *)&at;

	if (getsockname(listener, (struct sockaddr *)&at, &len))
		die("%s: getsockname: %s", spec->text, strerror(errno));
	*to = spec->to.ss_family ? spec->to : at;
	if (!spec->to.ss_family && at.ss_family == AF_INET &&
	    at4->sin_addr.s_addr == htonl(INADDR_ANY))
		((struct sockaddr_in *)to)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!spec->to.ss_family && at.ss_family == AF_INET6 &&
	    IN6_IS_ADDR_UNSPECIFIED(&at6->sin6_addr))
		((struct sockaddr_in6 *)to)->sin6_addr = in6addr_loopback;
	/* The port is at the same place in both. */
	((struct sockaddr_in *)to)->sin_port = at4->sin_port;
}

static int start_client(const struct spec *spec, int listener, bool is_blocking)
{
	struct sockaddr_storage to;
	int fd;

	target_of(spec, listener, &to);
	fd = open_socket(spec, to.ss_family);
	/* So little room that what fill() writes cannot all arrive. */
	set_int(fd, SOL_SOCKET, SO_RCVBUF, 4096, spec);
	if (!is_blocking && fcntl(fd, F_SETFL, O_NONBLOCK))
		die("O_NONBLOCK: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)&to, addr_len(&to)) && errno != EINPROGRESS)
		die("%s: connect: %s", spec->text, strerror(errno));
	return fd;
}

static int open_listener(const struct spec *spec)
{
	int fd = open_bound(spec);

	set_int(fd, SOL_SOCKET, SO_RCVBUF, 4096, spec);
	if (spec->half_open)
		set_int(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, 600, spec);
	if (listen(fd, spec->backlog))
		die("%s: listen: %s", spec->text, strerror(errno));
	return fd;
}

/* A listener's queue is full only once the connection that fills it has gone in. */
static void wait_queue(const struct spec *spec, int listener)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	/* For a listener tcpi_unacked is the length of its accept queue (tcp_get_info()). */
	for (int i = 0; i < WAIT_TRIES; i++) {
		if (getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &len))
			die("TCP_INFO: %s", strerror(errno));
		if (info.tcpi_unacked == (unsigned int)spec->pending)
			return;
		poll(NULL, 0, WAIT_STEP_MS);
	}
	die("%s: the queue did not fill", spec->text);
}

static void open_client(const struct spec *spec, int listener, const char *waits_as,
			struct socks *out)
{
	const struct opened *client;

	client = add(out, start_client(spec, listener, true), "established");
	add_waiting(out, client, listener, waits_as);
}

/* A connection for which the queue has no room: its SYN is dropped, and sent again and again. */
static void open_overflow(const struct spec *spec, int listener, struct socks *out)
{
	int fd = start_client(spec, listener, false);
	struct opened *o;

	wait_state(spec, fd, TCP_SYN_SENT);
	o = add(out, fd, "syn-sent");
	target_of(spec, listener, &o->peer);
}

static void open_tcp_listen(const struct spec *spec, struct socks *out)
{
	for (int i = 0; i < spec->count; i++) {
		int fd = open_listener(spec);
		struct opened *o = add(out, fd, "listen");

		o->recv_q = spec->pending;
		o->send_q = spec->backlog;
		for (int k = 0; k < spec->pending; k++)
			open_client(spec, fd, "established", out);
		for (int k = 0; k < spec->half_open; k++)
			open_client(spec, fd, "syn-recv", out);
		wait_queue(spec, fd);
		for (int k = 0; k < spec->overflow; k++)
			open_overflow(spec, fd, out);
	}
}

/* Writes until nothing more fits: a FIN then waits behind what the peer does not read. */
static void fill(const struct spec *spec, int fd)
{
	static const char zeros[65536];
	ssize_t n;

	do
		n = send(fd, zeros, sizeof(zeros), MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n > 0);
	if (errno != EAGAIN)
		die("%s: send: %s", spec->text, strerror(errno));
}

static void end_write(const struct spec *spec, int fd)
{
	if (shutdown(fd, SHUT_WR))
		die("%s: shutdown: %s", spec->text, strerror(errno));
}

struct pair {
	int client;
	int server;
};

static void end_established(const struct spec *spec, struct pair p, struct socks *out)
{
	wait_state(spec, p.client, TCP_ESTABLISHED);
	add(out, p.client, "established");
	add(out, p.server, "established");
}

static void half_close(const struct spec *spec, struct pair p)
{
	end_write(spec, p.client);
	wait_state(spec, p.client, TCP_FIN_WAIT2);
	wait_state(spec, p.server, TCP_CLOSE_WAIT);
}

static void end_close_wait(const struct spec *spec, struct pair p, struct socks *out)
{
	half_close(spec, p);
	add(out, p.client, "fin-wait-2");
	add(out, p.server, "close-wait");
}

static void end_fin_wait_1(const struct spec *spec, struct pair p, struct socks *out)
{
	fill(spec, p.client);
	end_write(spec, p.client);
	wait_state(spec, p.client, TCP_FIN_WAIT1);
	add(out, p.client, "fin-wait-1");
	add(out, p.server, "established");
}

static void end_last_ack(const struct spec *spec, struct pair p, struct socks *out)
{
	fill(spec, p.server);
	end_write(spec, p.client);
	wait_state(spec, p.client, TCP_FIN_WAIT2);
	end_write(spec, p.server);
	wait_state(spec, p.server, TCP_LAST_ACK);
	add(out, p.client, "fin-wait-2");
	add(out, p.server, "last-ack");
}

static void end_closing(const struct spec *spec, struct pair p, struct socks *out)
{
	fill(spec, p.client);
	end_write(spec, p.client);
	wait_state(spec, p.client, TCP_FIN_WAIT1);
	end_write(spec, p.server);
	wait_state(spec, p.client, TCP_CLOSING);
	wait_state(spec, p.server, TCP_FIN_WAIT2);
	add(out, p.client, "closing");
	add(out, p.server, "fin-wait-2");
}

/* What stays is the kernel's: no descriptor, no inode, no cookie. */
static void abandon(struct opened *o, const char *note)
{
	o->fd = -1;
	o->inode = 0;
	o->cookie = 0;
	o->note = note;
}

/* The client's descriptor says when the state has come: its socket is replaced, and closed. */
static void end_time_wait(const struct spec *spec, struct pair p, struct socks *out)
{
	half_close(spec, p);
	abandon(add(out, p.client, "time-wait"), "time-wait");
	close(p.server);
	wait_state(spec, p.client, TCP_CLOSE);
	close(p.client);
}

/* Closed with data that cannot leave: a whole socket, which no process holds any more. */
static void end_orphan(const struct spec *spec, struct pair p, struct socks *out)
{
	fill(spec, p.client);
	end_write(spec, p.client);
	wait_state(spec, p.client, TCP_FIN_WAIT1);
	abandon(add(out, p.client, "fin-wait-1"), "gone");
	add(out, p.server, "established");
	close(p.client);
}

static const struct {
	const char *name;
	void (*end)(const struct spec *spec, struct pair p, struct socks *out);
} ends[] = {
	{ "established", end_established }, { "close-wait", end_close_wait },
	{ "fin-wait-1", end_fin_wait_1 },   { "last-ack", end_last_ack },
	{ "closing", end_closing },	    { "time-wait", end_time_wait },
	{ "orphan", end_orphan },
};

static void end_pair(const struct spec *spec, struct pair p, struct socks *out)
{
	const char *name = spec->end ? spec->end : "established";

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		if (!strcmp(name, ends[i].name)) {
			ends[i].end(spec, p, out);
			return;
		}
	}
	die("%s: no such end: %s", spec->text, name);
}

static void open_tcp_pair(const struct spec *spec, struct socks *out)
{
	int listener = open_listener(spec);

	for (int i = 0; i < spec->count; i++) {
		struct pair p = { .client = start_client(spec, listener, true) };

		p.server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (p.server < 0)
			die("%s: accept: %s", spec->text, strerror(errno));
		end_pair(spec, p, out);
	}
	if (spec->is_quiet)
		close(listener);
	else
		add(out, listener, "listen");
}

static const struct kind kinds[] = {
	{ "tcp-listen", "tcp", SOCK_STREAM, IPPROTO_TCP, open_tcp_listen },
	{ "tcp-bound", "tcp", SOCK_STREAM, IPPROTO_TCP, open_tcp_bound },
	{ "tcp-pair", "tcp", SOCK_STREAM, IPPROTO_TCP, open_tcp_pair },
	{ "udp", "udp", SOCK_DGRAM, IPPROTO_UDP, open_datagram },
	{ "udplite", "udplite", SOCK_DGRAM, IPPROTO_UDPLITE, open_datagram },
	{ "raw", "raw", SOCK_RAW, IPPROTO_RAW, open_datagram },
};

const struct kind *kind_find(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strlen(kinds[i].name) == n && !memcmp(name, kinds[i].name, n))
			return &kinds[i];
	return NULL;
}
