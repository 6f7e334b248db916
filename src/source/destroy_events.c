/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Receives the kernel's notifications of closed sockets, to count those that no listing saw. */
#include <config.h>

#include "source/source.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "model/sock_table.h"
#include "source/diag.h"

#define MESSAGE_SIZE 4096
/* At most so many notifications are taken at once. */
#define TAKEN_MAX (1 << 14)

/* Not all kernels send the protocol in the message, so each protocol has a socket of its own. */
static const struct {
	enum sock_proto proto;
	int groups[2];
} announced[] = {
	{ PROTO_TCP, { SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET6_TCP_DESTROY } },
	{ PROTO_UDP, { SKNLGRP_INET_UDP_DESTROY, SKNLGRP_INET6_UDP_DESTROY } },
};
#define ANNOUNCED_N (sizeof(announced) / sizeof(*announced))

struct destroy_events {
	struct mnl_socket *sockets[ANNOUNCED_N];
};

_Static_assert(ANNOUNCED_N == DESTROY_EVENTS_FDS, "each protocol has a descriptor");

/* Without CAP_NET_ADMIN net.core.rmem_max limits the room. */
static int join(struct mnl_socket *socket, const int groups[2], int room)
{
	int fd = mnl_socket_get_fd(socket);

	if (room && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	for (size_t i = 0; i < 2; i++) {
		int group = groups[i];

		if (mnl_socket_setsockopt(socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) <
		    0)
			return -errno;
	}
	return 0;
}

int destroy_events_open(struct destroy_events **out, unsigned int protos, int room)
{
	struct destroy_events *c = mem_calloc(1, sizeof(*c));

	for (size_t i = 0; i < ANNOUNCED_N; i++) {
		int err;

		if (!(protos & PROTO_BIT(announced[i].proto)))
			continue;
		c->sockets[i] = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC | SOCK_NONBLOCK);
		err = c->sockets[i] ? join(c->sockets[i], announced[i].groups, room) : -errno;
		if (err) {
			destroy_events_free(c);
			return err;
		}
	}
	*out = c;
	return 0;
}

void destroy_events_free(struct destroy_events *c)
{
	for (size_t i = 0; c && i < ANNOUNCED_N; i++)
		if (c->sockets[i])
			mnl_socket_close(c->sockets[i]);
	free(c);
}

static int fd_of(const struct destroy_events *c, size_t i)
{
	return c->sockets[i] ? mnl_socket_get_fd(c->sockets[i]) : -1;
}

/* A datagram is one message. */
static void take(const void *data, size_t n, const struct diag_wanted *wanted,
		 struct sock_table *table)
{
	const struct nlmsghdr *nlh = data;

	if (n < sizeof(*nlh) || nlh->nlmsg_len < sizeof(*nlh) || nlh->nlmsg_len > n)
		return;
	/* Ignore damaged messages: these sockets are only counted, not listed. */
	diag_add(table, wanted, (const char *)data + NLMSG_HDRLEN, nlh->nlmsg_len - NLMSG_HDRLEN);
}

bool destroy_events_drain(struct destroy_events *c, unsigned int extras, struct sock_table *table)
{
	_Alignas(struct nlmsghdr) char message[MESSAGE_SIZE];
	bool is_whole = true;

	for (size_t i = 0; i < ANNOUNCED_N; i++) {
		int fd = fd_of(c, i);
		const struct diag_wanted wanted = { .proto = announced[i].proto,
						    .families = FAMILY_ALL,
						    .states = STATE_ALL,
						    .extras = extras };

		/* Bounded: a host may close sockets faster than we read notifications. */
		for (size_t taken = 0; fd >= 0 && taken < TAKEN_MAX; taken++) {
			ssize_t n = recv(fd, message, sizeof(message), MSG_DONTWAIT);

			if (n < 0 && errno == ENOBUFS) {
				is_whole = false;
				continue;
			}
			if (n < 0 && errno == EINTR)
				continue;
			if (n <= 0)
				break;
			take(message, (size_t)n, &wanted, table);
		}
	}
	return is_whole;
}

void destroy_events_fds(const struct destroy_events *c, int fds[static DESTROY_EVENTS_FDS])
{
	for (size_t i = 0; i < ANNOUNCED_N; i++)
		fds[i] = fd_of(c, i);
}
