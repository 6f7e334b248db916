/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the kernel which socket gets a packet, by the look-up that a packet itself would start. */
#include <config.h>

#include "source/source.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/mem.h"
#include "model/sock_table.h"
#include "source/diag.h"
#include "source/sock_normalize.h"

/* How long to wait for the kernel's reply. */
#define ANSWER_SECONDS 2

/* INET_DIAG_NOCOOKIE: whichever socket it is. */
#define ANY_COOKIE UINT32_MAX

static struct nlmsghdr *build(char *buf, enum sock_proto proto, enum addr_family family,
			      const struct endpoint *to)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct inet_diag_req_v2 *req;

	nlh->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	nlh->nlmsg_seq = 1;
	req = mnl_nlmsg_put_extra_header(nlh, sizeof(*req));
	req->sdiag_family = family == ADDR_INET6 ? AF_INET6 : AF_INET;
	req->sdiag_protocol = (uint8_t)proto_rows[proto].number;
	req->idiag_states = STATE_ALL;
	req->id.idiag_cookie[0] = req->id.idiag_cookie[1] = ANY_COOKIE;
	/* udp_dump_one() has the two ends swapped. */
	if (proto_rows[proto].is_datagram) {
		req->id.idiag_dport = htons(to->port);
		memcpy(req->id.idiag_dst, &to->addr, sizeof(req->id.idiag_dst));
	} else {
		req->id.idiag_sport = htons(to->port);
		memcpy(req->id.idiag_src, &to->addr, sizeof(req->id.idiag_src));
	}
	return nlh;
}

/* Reads the one reply: an error, or the socket. */
static int take_reply(struct mnl_socket *nl, enum sock_proto proto, struct sock_table *table)
{
	_Alignas(struct nlmsghdr) char buf[8192];
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)(const void *)buf;
	const struct diag_wanted wanted = { .proto = proto,
					    .families = FAMILY_ALL,
					    .states = STATE_ALL,
					    .orphans_have_uid = kernel_orphans_have_uid() };
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	ssize_t n;

	do {
		n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	if ((size_t)n < sizeof(*nlh) + sizeof(err->error) || nlh->nlmsg_len > (size_t)n ||
	    nlh->nlmsg_len < sizeof(*nlh))
		return -EPROTO;
	if (nlh->nlmsg_type == NLMSG_ERROR)
		return err->error;
	return diag_add(table, &wanted, buf + sizeof(*nlh), nlh->nlmsg_len - sizeof(*nlh));
}

struct lookup {
	struct mnl_socket *nl;
};

int lookup_open(struct lookup **out, int (*open_socket)(void *data), void *data)
{
	struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	int err, fd = open_socket ? open_socket(data)
				  : socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	struct mnl_socket *nl;

	if (fd < 0)
		return open_socket ? fd : -errno;
	nl = mnl_socket_fdopen(fd);
	if (!nl) {
		close(fd);
		return -EBADF;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0) {
		err = -errno;
		mnl_socket_close(nl);
		return err;
	}
	*out = mem_calloc(1, sizeof(**out));
	(*out)->nl = nl;
	return 0;
}

void lookup_free(struct lookup *lookup)
{
	if (!lookup)
		return;
	mnl_socket_close(lookup->nl);
	free(lookup);
}

int lookup_ask(const struct lookup *lookup, enum sock_proto proto, enum addr_family family,
	       const struct endpoint *to, struct sock_table *table)
{
	_Alignas(struct nlmsghdr) char buf[256];
	const struct nlmsghdr *request = build(buf, proto, family, to);

	if (mnl_socket_sendto(lookup->nl, request, request->nlmsg_len) < 0)
		return -errno;
	return take_reply(lookup->nl, proto, table);
}
