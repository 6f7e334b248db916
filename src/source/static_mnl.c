/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions of libmnl that portstat calls, for a static build where no libmnl.a is installed:
 * Debian and Fedora package only the shared library.  <libmnl/libmnl.h> is their contract.
 */
#include <config.h>

#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct mnl_socket {
	int fd;
	struct sockaddr_nl addr;
};

/* ---- sockets ---------------------------------------------------------------------------------- */

/* Asks the kernel for the address of the socket.  False with errno if it is not a netlink socket. */
static bool read_address(struct mnl_socket *nl)
{
	socklen_t len = sizeof(nl->addr);

	if (getsockname(nl->fd, (struct sockaddr *)&nl->addr, &len))
		return false;
	if (len == sizeof(nl->addr) && nl->addr.nl_family == AF_NETLINK)
		return true;
	errno = EINVAL;
	return false;
}

struct mnl_socket *mnl_socket_fdopen(int fd)
{
	struct mnl_socket *nl = calloc(1, sizeof(*nl));

	if (!nl)
		return NULL;
	nl->fd = fd;
	if (read_address(nl))
		return nl;
	free(nl);
	return NULL;
}

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	struct mnl_socket *nl = calloc(1, sizeof(*nl));

	if (!nl)
		return NULL;
	nl->fd = socket(AF_NETLINK, SOCK_RAW | flags, bus);
	if (nl->fd >= 0)
		return nl;
	free(nl);
	return NULL;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	nl->addr = (struct sockaddr_nl){
		.nl_family = AF_NETLINK,
		.nl_groups = groups,
		.nl_pid = (uint32_t)pid,
	};
	if (bind(nl->fd, (const struct sockaddr *)&nl->addr, sizeof(nl->addr)))
		return -1;
	return read_address(nl) ? 0 : -1;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	int result = close(nl->fd);

	free(nl);
	return result;
}

int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	return nl->fd;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *nl)
{
	return nl->addr.nl_pid;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf, socklen_t len)
{
	return setsockopt(nl->fd, SOL_NETLINK, type, buf, len);
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t siz)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	return sendto(nl->fd, req, siz, 0, (const struct sockaddr *)&kernel, sizeof(kernel));
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t siz)
{
	struct sockaddr_nl from;
	struct iovec iov = { .iov_base = buf, .iov_len = siz };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	ssize_t n = recvmsg(nl->fd, &msg, 0);

	if (n < 0)
		return -1;
	if (msg.msg_flags & MSG_TRUNC)
		errno = ENOSPC;
	else if (msg.msg_namelen != sizeof(from))
		errno = EINVAL;
	else
		return n;
	return -1;
}

/* ---- messages --------------------------------------------------------------------------------- */

struct nlmsghdr *mnl_nlmsg_put_header(void *buf)
{
	struct nlmsghdr *nlh = buf;

	memset(buf, 0, MNL_NLMSG_HDRLEN);
	nlh->nlmsg_len = MNL_NLMSG_HDRLEN;
	return nlh;
}

void *mnl_nlmsg_put_extra_header(struct nlmsghdr *nlh, size_t size)
{
	char *at = (char *)nlh + nlh->nlmsg_len;

	memset(at, 0, MNL_ALIGN(size));
	nlh->nlmsg_len += (uint32_t)MNL_ALIGN(size);
	return at;
}

void *mnl_nlmsg_get_payload(const struct nlmsghdr *nlh)
{
	/* The contract drops const.  NOLINTNEXTLINE(performance-no-int-to-ptr) */
	return (void *)((uintptr_t)nlh + MNL_NLMSG_HDRLEN);
}

/* Checks whose answer to which request this is.  False with errno if it is another one's. */
static bool is_expected(const struct nlmsghdr *nlh, unsigned int seq, unsigned int portid)
{
	if (portid && nlh->nlmsg_pid && nlh->nlmsg_pid != portid)
		errno = ESRCH;
	else if (seq && nlh->nlmsg_seq && nlh->nlmsg_seq != seq)
		errno = EPROTO;
	else if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		errno = EINTR;
	else
		return true;
	return false;
}

/* The result of a control message.  With an error of the kernel, errno has it. */
static int take_control(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);

	switch (nlh->nlmsg_type) {
	case NLMSG_DONE:
		return MNL_CB_STOP;
	case NLMSG_ERROR:
		if (nlh->nlmsg_len < MNL_NLMSG_HDRLEN + sizeof(*err)) {
			errno = EBADMSG;
			return MNL_CB_ERROR;
		}
		errno = err->error < 0 ? -err->error : err->error;
		return err->error ? MNL_CB_ERROR : MNL_CB_STOP;
	default:
		return MNL_CB_OK;
	}
}

int mnl_cb_run(const void *buf, size_t numbytes, unsigned int seq, unsigned int portid,
	       mnl_cb_t cb_data, void *data)
{
	const char *at = buf;
	int result = MNL_CB_OK;

	while (numbytes >= sizeof(struct nlmsghdr) && result > MNL_CB_STOP) {
		const struct nlmsghdr *nlh = (const void *)at;
		size_t size = MNL_ALIGN((size_t)nlh->nlmsg_len);

		if (nlh->nlmsg_len < sizeof(*nlh) || nlh->nlmsg_len > numbytes)
			break;
		if (!is_expected(nlh, seq, portid))
			return MNL_CB_ERROR;
		if (nlh->nlmsg_type < NLMSG_MIN_TYPE)
			result = take_control(nlh);
		else if (cb_data)
			result = cb_data(nlh, data);
		at += size;
		numbytes -= size < numbytes ? size : numbytes;
	}
	return result;
}

/* ---- attributes ------------------------------------------------------------------------------- */

static struct nlattr *tail(struct nlmsghdr *nlh)
{
	return (struct nlattr *)((char *)nlh + MNL_ALIGN(nlh->nlmsg_len));
}

void mnl_attr_put(struct nlmsghdr *nlh, uint16_t type, size_t len, const void *data)
{
	size_t size = MNL_ATTR_HDRLEN + len;
	struct nlattr *attr = tail(nlh);

	attr->nla_type = type;
	attr->nla_len = (uint16_t)size;
	if (len)
		memcpy((char *)attr + MNL_ATTR_HDRLEN, data, len);
	memset((char *)attr + size, 0, MNL_ALIGN(size) - size);
	nlh->nlmsg_len += (uint32_t)MNL_ALIGN(size);
}

void mnl_attr_put_u32(struct nlmsghdr *nlh, uint16_t type, uint32_t data)
{
	mnl_attr_put(nlh, type, sizeof(data), &data);
}

void mnl_attr_put_strz(struct nlmsghdr *nlh, uint16_t type, const char *data)
{
	mnl_attr_put(nlh, type, strlen(data) + 1, data);
}

bool mnl_attr_put_strz_check(struct nlmsghdr *nlh, size_t buflen, uint16_t type, const char *data)
{
	if (nlh->nlmsg_len + MNL_ATTR_HDRLEN + MNL_ALIGN(strlen(data) + 1) > buflen)
		return false;
	mnl_attr_put_strz(nlh, type, data);
	return true;
}

struct nlattr *mnl_attr_nest_start(struct nlmsghdr *nlh, uint16_t type)
{
	struct nlattr *attr = tail(nlh);

	attr->nla_type = NLA_F_NESTED | type;
	nlh->nlmsg_len += (uint32_t)MNL_ALIGN(sizeof(*attr));
	return attr;
}

void mnl_attr_nest_end(struct nlmsghdr *nlh, struct nlattr *start)
{
	start->nla_len = (uint16_t)((char *)tail(nlh) - (char *)start);
}
