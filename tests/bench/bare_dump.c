/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's floor: sends the requests of a portstat listing without names and receives the
 * replies without looking at them.  usage: bare_dump
 */
#include <config.h>

#include <errno.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "model/cond.h"
#include "source/request.h"
#include "source/source.h"

#define RECEIVE_SIZE 32768

static int fail(const char *what)
{
	fprintf(stderr, "bare_dump: %s: %s\n", what, strerror(errno));
	return 1;
}

/* Does the datagram end its dump?  The end comes in a message of its own, or last. */
static bool is_end(const char *data, size_t len)
{
	while (len >= sizeof(struct nlmsghdr)) {
		struct nlmsghdr head;
		size_t step;

		memcpy(&head, data, sizeof(head));
		if (head.nlmsg_type == NLMSG_DONE || head.nlmsg_type == NLMSG_ERROR)
			return true;
		/* The first message tells: a kernel puts sockets and the end in datagrams of their own, or
		 * the end behind few sockets. */
		step = NLMSG_ALIGN(head.nlmsg_len);
		if (!step || step > len)
			return false;
		data += step;
		len -= step;
	}
	return false;
}

static int dump(int fd, const struct request *r, uint32_t seq)
{
	static char room[RECEIVE_SIZE];
	struct buf none = { 0 }, message = { 0 };
	struct request_params params = { .seq = seq, .bytecode = &none };
	ssize_t n;

	request_encode(r, &params, &message);
	n = send(fd, message.data, message.len, 0);
	buf_fini(&message);
	if (n < 0)
		return fail("send");
	do {
		n = recv(fd, room, sizeof(room), 0);
		if (n < 0)
			return fail("recv");
	} while (!is_end(room, (size_t)n));
	return 0;
}

int main(void)
{
	struct request requests[REQUESTS_MAX];
	struct cond all;
	struct source_query query = {
		.protos = PROTO_ALL & ~PROTO_BIT(PROTO_MPTCP),
		.families = FAMILY_ALL,
		.states = STATE_ALL,
		.cond = &all,
	};
	size_t n;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	int status = 0;

	if (fd < 0)
		return fail("socket");
	cond_init(&all);
	n = request_plan(&query, 0, requests);
	for (size_t i = 0; !status && i < n; i++)
		status = dump(fd, &requests[i], (uint32_t)i + 1);
	cond_fini(&all);
	close(fd);
	return status;
}
