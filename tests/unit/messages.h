/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds what the kernel says: inet_diag messages with attributes, netlink messages around them. */
#ifndef PORTSTAT_TESTS_UNIT_MESSAGES_H
#define PORTSTAT_TESTS_UNIT_MESSAGES_H

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "test.h"

/* A socket of the family between two addresses, with a cookie, uid 1000 and inode 4711. */
static inline struct inet_diag_msg message_of(uint8_t family, uint8_t state, const char *local,
					      uint16_t lport, const char *remote, uint16_t rport)
{
	struct inet_diag_msg m = {
		.idiag_family = family, .idiag_state = state, .idiag_uid = 1000, .idiag_inode = 4711
	};

	assert_int_equal(inet_pton(family, local, m.id.idiag_src), 1);
	assert_int_equal(inet_pton(family, remote, m.id.idiag_dst), 1);
	m.id.idiag_sport = htons(lport);
	m.id.idiag_dport = htons(rport);
	m.id.idiag_cookie[0] = lport;
	m.id.idiag_cookie[1] = 1;
	return m;
}

static inline void put_attr(struct buf *out, unsigned int type, const void *data, size_t len)
{
	struct nlattr head = { .nla_len = (uint16_t)(sizeof(head) + len),
			       .nla_type = (uint16_t)type };

	buf_add(out, (const char *)&head, sizeof(head));
	buf_add(out, data, len);
	buf_fill(out, 0, NLA_ALIGN(len) - len);
}

static inline void put_message(struct buf *out, unsigned int type, unsigned int flags, uint32_t pid,
			       const void *payload, size_t len)
{
	struct nlmsghdr head = { .nlmsg_len = (uint32_t)(sizeof(head) + len),
				 .nlmsg_type = (uint16_t)type,
				 .nlmsg_flags = (uint16_t)flags,
				 .nlmsg_seq = 1,
				 .nlmsg_pid = pid };

	buf_add(out, (const char *)&head, sizeof(head));
	buf_add(out, payload, len);
	buf_fill(out, 0, NLMSG_ALIGN(len) - len);
}

/* A dump's last message; error is 0 or -errno. */
static inline void put_done(struct buf *out, int error)
{
	put_message(out, NLMSG_DONE, NLM_F_MULTI, 1, &error, sizeof(error));
}

static inline void put_sock(struct buf *out, const struct inet_diag_msg *m)
{
	put_message(out, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, 1, m, sizeof(*m));
}

#endif
