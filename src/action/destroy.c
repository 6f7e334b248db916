/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closes a socket in the kernel, whichever process has it open. */
#include <config.h>

#include "action/destroy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "model/sock.h"
#include "model/vocab.h"

/* How long to wait for the kernel's reply. */
#define ANSWER_SECONDS 2

static void fill_id(struct inet_diag_sockid *id, const struct sock *sk)
{
	id->idiag_sport = htons(sk->local.port);
	id->idiag_dport = htons(sk->remote.port);
	memcpy(id->idiag_src, &sk->local.addr, sizeof(id->idiag_src));
	if (sock_has(sk, SOCK_HAS_PEER))
		memcpy(id->idiag_dst, &sk->remote.addr, sizeof(id->idiag_dst));
	id->idiag_if = sock_has(sk, SOCK_HAS_IFACE) ? sk->ifindex : 0;
	id->idiag_cookie[0] = (uint32_t)sk->cookie;
	id->idiag_cookie[1] = (uint32_t)(sk->cookie >> 32);
}

static struct nlmsghdr *build(char *buf, const struct sock *sk, uint16_t type, uint32_t seq)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct inet_diag_req_v2 *req;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = seq;
	req = mnl_nlmsg_put_extra_header(nlh, sizeof(*req));
	req->sdiag_family = sk->family == ADDR_INET6 ? AF_INET6 : AF_INET;
	req->sdiag_protocol = (uint8_t)proto_rows[sk->proto].number;
	req->idiag_states = STATE_BIT(sk->state);
	fill_id(&req->id, sk);
	return nlh;
}

/* Sends the request and waits for the reply.  Returns its errno value, or 0. */
static int send_request(struct mnl_socket *nl, const struct nlmsghdr *request)
{
	_Alignas(struct nlmsghdr) char buf[8192] = { 0 };
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)(const void *)buf;
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	ssize_t n;

	if (mnl_socket_sendto(nl, request, request->nlmsg_len) < 0)
		return errno;
	do {
		n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (n < 0 && errno != EINTR)
			return errno == EAGAIN ? ETIMEDOUT : errno;
	} while (n < 0);
	if ((size_t)n < sizeof(*nlh) + sizeof(err->error) || nlh->nlmsg_seq != request->nlmsg_seq)
		return EPROTO;
	/* The one reply is an error, which may be 0, or the socket itself. */
	return nlh->nlmsg_type == NLMSG_ERROR ? -err->error : 0;
}

static enum action_outcome outcome_of(int err, const struct sock *sk, int *error)
{
	switch (err) {
	case 0:
		return OUTCOME_DONE;
	case EPERM:
	case EACCES:
		return OUTCOME_NOT_PERMITTED;
	case ENOENT:
		return OUTCOME_GONE;
	case ESTALE:
		/* Another socket has this address: one of its group, or its successor. */
		return sock_is_serving(sk) ? OUTCOME_ONE_OF_GROUP : OUTCOME_GONE;
	case EOPNOTSUPP:
	case EINVAL:
		return OUTCOME_NOT_SUPPORTED;
	}
	*error = err;
	return OUTCOME_FAILED;
}

/* Sends the request and returns an errno value, or 0.  nl is NULL if it could not be opened. */
static int destroy(struct mnl_socket *nl, const struct sock *sk)
{
	/* aligned for struct nlmsghdr */
	_Alignas(struct nlmsghdr) char buf[256];
	struct timeval patience = { .tv_sec = ANSWER_SECONDS };

	if (!nl ||
	    setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)) ||
	    mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return errno;
	return send_request(nl, build(buf, sk, SOCK_DESTROY, 1));
}

enum action_outcome action_destroy(const struct sock *sk, int diag, int *error)
{
	bool is_supported = sock_has(sk, SOCK_HAS_COOKIE) && sk->cookie &&
			    proto_has_ports((enum sock_proto)sk->proto) && !sock_is_forward(sk);
	struct mnl_socket *nl;
	int err;

	if (!is_supported) {
		if (diag >= 0)
			close(diag);
		return OUTCOME_NOT_SUPPORTED;
	}
	nl = diag < 0 ? mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC) : mnl_socket_fdopen(diag);
	err = destroy(nl, sk);
	if (nl)
		mnl_socket_close(nl);
	return outcome_of(err, sk, error);
}
