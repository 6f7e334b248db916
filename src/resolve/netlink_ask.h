/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A question over netlink, and the messages of the answer. */
#ifndef PORTSTAT_RESOLVE_NETLINK_ASK_H
#define PORTSTAT_RESOLVE_NETLINK_ASK_H

#include <linux/netlink.h>
#include <stddef.h>

/* A message of the answer; its length was checked.  Payload as netlink_payload() has it. */
typedef void netlink_take(void *data, const struct nlmsghdr *nlh);

/*
 * Sends a request to the kernel and passes each message of the answer to take(), up to its end: that
 * of a dump (NLM_F_DUMP), or the acknowledgement of a single answer (NLM_F_ACK).  fd is a netlink
 * socket.  Returns 0, -errno as the kernel says it, -EINTR if what is dumped changed meanwhile,
 * -ETIMEDOUT if the kernel does not answer, or -EBADMSG for an answer that is not one.
 */
int netlink_ask(int fd, struct nlmsghdr *request, netlink_take *take, void *data);

/* The same for one datagram of the answer.  1 if more are to come, else as netlink_ask(). */
int netlink_take_datagram(const void *datagram, size_t len, netlink_take *take, void *data);

/*
 * What follows the header of head bytes in a message, and its length.  NULL for a message that is
 * shorter than that.
 */
const void *netlink_payload(const struct nlmsghdr *nlh, size_t head, size_t *len);

#endif
