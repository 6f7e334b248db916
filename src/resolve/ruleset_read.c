/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the nftables rules of a network namespace. */
#include <config.h>

#include "resolve/ruleset_read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/mem.h"
#include "resolve/netlink_ask.h"
#include "resolve/nf_loaded.h"
#include "resolve/nft_attrs.h"
#include "resolve/ruleset.h"
#include "resolve/ruleset_parse.h"

/* The kernel's cap for one datagram of a dump (net/netlink/af_netlink.c). */
#define RECEIVE_SIZE 32768

/* The kernel makes the next datagram within recv(2), so silence is a fault. */
#define SILENCE_S 4

#define TRIES_MAX 3

/* More sets than this are not asked for, each a dump of its own. */
#define SETS_MAX 65536

/* Above all generations, which are sent as 16 bits, so that 0 stays "none yet". */
#define GENERATION_IS_SEEN 0x10000U

struct reader {
	struct mnl_socket *socket;
	struct ruleset *rs;
	int (*open)(void *data, int protocol);
	void *data;
	unsigned int seen;
	uint32_t seq;
	char request[512];
	char buffer[RECEIVE_SIZE];
};

static bool fits(const struct nlmsghdr *nlh, size_t left)
{
	return left >= sizeof(*nlh) && nlh->nlmsg_len >= sizeof(*nlh) && nlh->nlmsg_len <= left;
}

static int end_of_dump(const struct nlmsghdr *nlh)
{
	int32_t code = 0;

	if (nlh->nlmsg_len >= sizeof(*nlh) + sizeof(code))
		memcpy(&code, (const char *)nlh + sizeof(*nlh), sizeof(code));
	else if (nlh->nlmsg_type == NLMSG_ERROR)
		return -EBADMSG;
	return code < 0 && code > -4096 ? code : 0;
}

static bool is_same_generation(const struct nlmsghdr *nlh, unsigned int *seen)
{
	const struct nfgenmsg *nfg;
	unsigned int generation;

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		return false;
	if (nlh->nlmsg_len < MNL_ALIGN(sizeof(*nlh)) + sizeof(*nfg))
		return true;
	nfg = mnl_nlmsg_get_payload(nlh);
	generation = GENERATION_IS_SEEN | ntohs(nfg->res_id);
	if (!*seen)
		*seen = generation;
	return *seen == generation;
}

int ruleset_take(struct ruleset *rs, const void *data, size_t len, unsigned int *seen)
{
	const char *at = data;

	while (len) {
		const struct nlmsghdr *nlh = (const void *)at;
		size_t step;

		if (!fits(nlh, len))
			return -EBADMSG;
		if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
			return nlh->nlmsg_flags & NLM_F_DUMP_INTR ? -EAGAIN : end_of_dump(nlh);
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE) {
			if (!is_same_generation(nlh, seen))
				return -EAGAIN;
			/* A message that is not understood spoils its rule or set alone. */
			if (ruleset_parse(rs, nlh) == -EBADMSG)
				rs->is_cut = true;
		}
		step = MNL_ALIGN(nlh->nlmsg_len);
		if (step > len)
			step = len;
		at += step;
		len -= step;
	}
	return 1;
}

static int receive(struct reader *r)
{
	struct sockaddr_nl from = { 0 };
	socklen_t from_len = sizeof(from);
	ssize_t n;

	do
		n = recvfrom(mnl_socket_get_fd(r->socket), r->buffer, RECEIVE_SIZE, MSG_TRUNC,
			     (struct sockaddr *)&from, &from_len);
	while ((n < 0 && errno == EINTR) || (n >= 0 && from.nl_pid));
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ? -ETIMEDOUT : -errno;
	if (n > RECEIVE_SIZE)
		return -EMSGSIZE;
	return ruleset_take(r->rs, r->buffer, (size_t)n, &r->seen);
}

static struct nlmsghdr *begin(struct reader *r, uint16_t type, uint8_t family)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(r->request);
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type);
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = ++r->seq;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = family;
	nfg->version = NFNETLINK_V0;
	return nlh;
}

static int dump(struct reader *r, const struct nlmsghdr *nlh)
{
	int more = 1;

	if (mnl_socket_sendto(r->socket, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	while (more > 0)
		more = receive(r);
	return more;
}

/* One dump a set; NUL-terminated names are what the kernel wants. */
static int dump_set(struct reader *r, const struct nft_set *set)
{
	struct nlmsghdr *nlh = begin(r, NFT_MSG_GETSETELEM, set->family);
	char table[NFT_NAME_MAXLEN], name[NFT_NAME_MAXLEN];

	if (set->table.len >= sizeof(table) || set->name.len >= sizeof(name))
		return -ENAMETOOLONG;
	memcpy(table, ruleset_bytes(r->rs, set->table), set->table.len);
	table[set->table.len] = '\0';
	memcpy(name, ruleset_bytes(r->rs, set->name), set->name.len);
	name[set->name.len] = '\0';
	if (!mnl_attr_put_strz_check(nlh, sizeof(r->request), NFTA_SET_ELEM_LIST_TABLE, table) ||
	    !mnl_attr_put_strz_check(nlh, sizeof(r->request), NFTA_SET_ELEM_LIST_SET, name))
		return -ENAMETOOLONG;
	return dump(r, nlh);
}

static int dump_sets(struct reader *r)
{
	for (size_t i = 0; i < r->rs->n_sets; i++) {
		int err = i < SETS_MAX && r->rs->n_elems < RULESET_ELEMS_MAX
				  ? dump_set(r, &r->rs->sets[i])
				  : -E2BIG;

		if (err == -E2BIG || err == -ENAMETOOLONG) {
			r->rs->sets[i].is_whole = false;
			r->rs->is_cut = true;
		} else if (err) {
			/* It went away meanwhile. */
			return err == -ENOENT ? -EAGAIN : err;
		}
	}
	return 0;
}

static int dump_all(struct reader *r)
{
	static const uint16_t before[] = { NFT_MSG_GETTABLE, NFT_MSG_GETCHAIN, NFT_MSG_GETSET };
	int err = 0;

	for (size_t i = 0; i < sizeof(before) / sizeof(*before) && !err; i++)
		err = dump(r, begin(r, before[i], AF_UNSPEC));
	if (!err)
		err = dump_sets(r);
	if (!err)
		err = dump(r, begin(r, NFT_MSG_GETRULE, AF_UNSPEC));
	return err;
}

int netlink_open_here(void *data, int protocol)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	(void)data;
	return fd < 0 ? -errno : fd;
}

static int open_socket(struct reader *r)
{
	struct timeval silence = { .tv_sec = SILENCE_S };
	int fd = r->open(r->data, NETLINK_NETFILTER), err = 0;

	if (fd < 0)
		return fd;
	r->socket = mnl_socket_fdopen(fd);
	if (!r->socket)
		return -errno;
	if (mnl_socket_bind(r->socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof(silence)) < 0)
		err = -errno;
	if (err)
		mnl_socket_close(r->socket);
	return err;
}

/* The rest of a dump that was broken off may still come, so each try has its own socket. */
static int try_once(struct reader *r)
{
	int err = open_socket(r);

	if (err)
		return err;
	err = dump_all(r);
	mnl_socket_close(r->socket);
	return err;
}

static struct reader *new_reader(struct ruleset *rs, int (*open)(void *data, int protocol),
				 void *data)
{
	struct reader *r = mem_calloc(1, sizeof(*r));

	r->rs = rs;
	r->open = open;
	r->data = data;
	return r;
}

int ruleset_read_in(struct ruleset *rs, int (*open)(void *data, int protocol), void *data)
{
	struct reader *r = new_reader(rs, open, data);
	int err = -EAGAIN;

	for (int i = 0; i < TRIES_MAX && err == -EAGAIN; i++) {
		ruleset_fini(rs);
		r->seen = 0;
		err = try_once(r);
	}
	free(r);
	if (err == -EAGAIN) {
		rs->is_cut = true;
		err = 0;
	}
	ruleset_close(rs);
	return err;
}

static int take_generation(const struct nlmsghdr *nlh, void *data)
{
	struct nft_attr body;
	struct nft_attrs attrs;

	body.data = netlink_payload(nlh, sizeof(struct nfgenmsg), &body.len);
	if (!body.data)
		return MNL_CB_OK;
	nft_attrs_parse(&attrs, body);
	*(uint32_t *)data = nft_attr_u32(&attrs, NFTA_GEN_ID);
	return MNL_CB_OK;
}

int ruleset_generation(int (*open)(void *data, int protocol), void *data, uint32_t *generation)
{
	struct reader *r = new_reader(NULL, open, data);
	int err = open_socket(r);

	*generation = 0;
	if (!err) {
		struct nlmsghdr *nlh = begin(r, NFT_MSG_GETGEN, AF_UNSPEC);
		ssize_t n = -1;

		nlh->nlmsg_flags = NLM_F_REQUEST;
		if (mnl_socket_sendto(r->socket, nlh, nlh->nlmsg_len) > 0)
			n = mnl_socket_recvfrom(r->socket, r->buffer, RECEIVE_SIZE);
		if (n < 0 ||
		    mnl_cb_run(r->buffer, (size_t)n, 0, 0, take_generation, generation) < 0)
			err = -errno;
		mnl_socket_close(r->socket);
	}
	free(r);
	return err;
}

int ruleset_read(struct ruleset *rs, int proc_root)
{
	return nf_tables_is_loaded(proc_root, NULL) ? ruleset_read_in(rs, netlink_open_here, NULL)
						    : 0;
}
