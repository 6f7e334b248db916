/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A question over netlink, and the messages of the answer. */
#include <config.h>

#include "resolve/netlink_ask.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"

/* The kernel's cap for one datagram of a dump (net/netlink/af_netlink.c). */
#define RECEIVE_SIZE 32768

/* The kernel makes the next datagram within recv(2), so silence is a fault. */
#define SILENCE_MS 4000

/* The end of a dump, or an acknowledgement: 0 or -errno. */
static int end_of_answer(const struct nlmsghdr *nlh)
{
	int32_t code = 0;

	if (nlh->nlmsg_len >= sizeof(*nlh) + sizeof(code))
		memcpy(&code, (const char *)nlh + sizeof(*nlh), sizeof(code));
	else if (nlh->nlmsg_type == NLMSG_ERROR)
		return -EBADMSG;
	return code < 0 && code > -4096 ? code : 0;
}

int netlink_take_datagram(const void *datagram, size_t len, netlink_take *take, void *data)
{
	const char *at = datagram;

	while (len) {
		const struct nlmsghdr *nlh = (const void *)at;
		size_t step;

		if (len < sizeof(*nlh) || nlh->nlmsg_len < sizeof(*nlh) || nlh->nlmsg_len > len)
			return -EBADMSG;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			return -EINTR;
		if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
			return end_of_answer(nlh);
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE)
			take(data, nlh);
		step = NLMSG_ALIGN((size_t)nlh->nlmsg_len);
		if (step > len)
			step = len;
		at += step;
		len -= step;
	}
	return 1;
}

const void *netlink_payload(const struct nlmsghdr *nlh, size_t head, size_t *len)
{
	size_t skip = sizeof(*nlh) + NLMSG_ALIGN(head);

	if (nlh->nlmsg_len < skip)
		return NULL;
	*len = nlh->nlmsg_len - skip;
	return (const char *)nlh + skip;
}

/* Waits for a datagram of the kernel: its length or -errno. */
static ssize_t receive(int fd, void *room)
{
	struct sockaddr_nl from = { 0 };
	ssize_t n = 0;

	do {
		struct pollfd answer = { .fd = fd, .events = POLLIN };
		socklen_t from_len = sizeof(from);
		int ready = poll(&answer, 1, SILENCE_MS);

		if (!ready)
			return -ETIMEDOUT;
		if (ready < 0) {
			n = -1;
			continue;
		}
		n = recvfrom(fd, room, RECEIVE_SIZE, MSG_TRUNC | MSG_DONTWAIT,
			     (struct sockaddr *)&from, &from_len);
	} while ((n < 0 && errno == EINTR) || (n >= 0 && from.nl_pid));
	if (n > RECEIVE_SIZE)
		return -EMSGSIZE;
	return n < 0 ? -errno : n;
}

int netlink_ask(int fd, struct nlmsghdr *request, netlink_take *take, void *data)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	char *room = mem_calloc(1, RECEIVE_SIZE);
	int more = 1;

	request->nlmsg_flags |= NLM_F_REQUEST;
	if (sendto(fd, request, request->nlmsg_len, 0, (const struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0)
		more = -errno;
	while (more > 0) {
		ssize_t n = receive(fd, room);

		more = n < 0 ? (int)n : netlink_take_datagram(room, (size_t)n, take, data);
	}
	free(room);
	return more;
}
