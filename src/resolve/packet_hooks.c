/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sees packets that come in, besides the rules of nf_tables. */
#include <config.h>

#include "resolve/packet_hooks.h"

#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "resolve/netlink_ask.h"
#include "resolve/nf_loaded.h"
#include "resolve/nft_attrs.h"
#include "resolve/proc_dir.h"

/* The kernel's cap for one datagram of a dump (net/netlink/af_netlink.c). */
#define RECEIVE_SIZE 32768

static void add_name(struct buf *out, const char *name)
{
	buf_str(out, out->len ? ", " : "");
	buf_str(out, name);
}

static bool has_word(const struct buf *words, const char *word, size_t len)
{
	const char *at = words->data, *end = at ? at + words->len : NULL;

	while (at && (size_t)(end - at) >= len) {
		const char *space = memchr(at, ' ', (size_t)(end - at));
		size_t n = (size_t)((space ? space : end) - at);

		if (n == len && !memcmp(at, word, len))
			return true;
		at = space ? space + 1 : NULL;
	}
	return false;
}

/* Both families have tables of the same names. */
static void add_legacy(int folder, struct buf *out)
{
	struct buf names = { 0 }, all = { 0 };
	bool is_closed = folder < 0;

	for (int family = 0; family < ADDR_FAMILIES && folder >= 0; family++) {
		int n = nf_legacy_tables(folder, (enum addr_family)family, &names);

		is_closed = is_closed || (n < 0 && !proc_is_gone(n));
		buf_char(&names, ' ');
	}
	for (size_t at = 0, len; at < names.len; at += len + 1) {
		len = strcspn(buf_cstr(&names) + at, " ");
		if (len && !has_word(&all, names.data + at, len)) {
			buf_str(&all, all.len ? " " : "");
			buf_add(&all, names.data + at, len);
		}
	}
	if (is_closed || all.len)
		add_name(out, "iptables-legacy");
	if (all.len)
		buf_printf(out, " (%s)", buf_cstr(&all));
	buf_fini(&names);
	buf_fini(&all);
}

/* Behind three lines of headings, each line is a service or one of its servers. */
static void add_ipvs(int folder, struct buf *out)
{
	char text[4096];
	int fd = openat(folder, "net/ip_vs", O_RDONLY | O_CLOEXEC), n_lines = 0;
	ssize_t n;

	if (fd < 0) {
		if (!proc_is_gone(-errno))
			add_name(out, "IPVS");
		return;
	}
	while (n_lines <= 3 && (n = read(fd, text, sizeof(text))) > 0)
		for (ssize_t i = 0; i < n; i++)
			n_lines += text[i] == '\n';
	close(fd);
	if (n_lines > 3)
		add_name(out, "IPVS");
}

struct devices {
	bool has_xdp;
	bool has_tc;
};

/* A program of XDP may run in the device, its driver, or before the protocols. */
static bool has_xdp(struct nft_attr left)
{
	struct nft_attr attr;
	unsigned int type;
	bool has = false;

	while (nft_attr_next(&left, &type, &attr))
		if (type == IFLA_XDP_ATTACHED && attr.len)
			has |= *attr.data != XDP_ATTACHED_NONE;
	return has;
}

static bool is_kind(const struct nft_attr *attr, const char *kind)
{
	return attr->len == strlen(kind) + 1 && !memcmp(attr->data, kind, attr->len);
}

static int take_message(const struct nlmsghdr *nlh, void *data)
{
	bool is_link = nlh->nlmsg_type == RTM_NEWLINK;
	struct devices *found = data;
	struct nft_attr left, attr;
	unsigned int type;

	if (!is_link && nlh->nlmsg_type != RTM_NEWQDISC)
		return MNL_CB_OK;
	left.data = netlink_payload(nlh, is_link ? sizeof(struct ifinfomsg) : sizeof(struct tcmsg),
				    &left.len);
	while (left.data && nft_attr_next(&left, &type, &attr)) {
		if (is_link && type == IFLA_XDP)
			found->has_xdp |= has_xdp(attr);
		else if (!is_link && type == TCA_KIND)
			found->has_tc |= is_kind(&attr, "ingress") || is_kind(&attr, "clsact");
	}
	return MNL_CB_OK;
}

/* Both kinds of requests begin with as many zeros as the longer one has bytes. */
static int dump(int fd, uint16_t type, char *buffer, struct devices *found)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	int more = MNL_CB_OK;
	ssize_t n;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(nlh, type == RTM_GETLINK ? sizeof(struct ifinfomsg)
							    : sizeof(struct tcmsg));
	n = send(fd, nlh, nlh->nlmsg_len, 0);
	while (n >= 0 && more == MNL_CB_OK) {
		n = recv(fd, buffer, RECEIVE_SIZE, 0);
		if (n > 0)
			more = mnl_cb_run(buffer, (size_t)n, 0, 0, take_message, found);
	}
	return n < 0 || more < 0 ? -errno : 0;
}

/* A kernel without queueing disciplines has none of them. */
static void add_devices(int fd, struct buf *out)
{
	struct devices found = { 0 };
	char *buffer = mem_alloc(RECEIVE_SIZE);
	int links = fd < 0 ? fd : dump(fd, RTM_GETLINK, buffer, &found);
	int qdiscs = fd < 0 ? fd : dump(fd, RTM_GETQDISC, buffer, &found);

	if (links || found.has_xdp)
		add_name(out, "XDP");
	if ((qdiscs && qdiscs != -EOPNOTSUPP) || found.has_tc)
		add_name(out, "tc");
	free(buffer);
}

void packet_hooks_find(int folder, int route, struct buf *out)
{
	add_legacy(folder, out);
	add_ipvs(folder, out);
	add_devices(route, out);
}
