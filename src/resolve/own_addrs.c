/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which addresses are this host's own: those of its network namespaces, as far as they are listed. */
#include <config.h>

#include "resolve/own_addrs.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/mem.h"
#include "resolve/netlink_ask.h"
#include "resolve/nft_attrs.h"
#include "resolve/proc_dir.h"

/* The routes of a namespace with a full table of the Internet have more, and are not read then. */
#define FILE_MAX (16U << 20)

/* The kernel's cap for one datagram of a dump (net/netlink/af_netlink.c). */
#define RECEIVE_SIZE 32768

void own_addrs_fini(struct own_addrs *own)
{
	free(own->list);
	*own = (struct own_addrs){ 0 };
}

void own_addrs_clear(struct own_addrs *own)
{
	own->n = 0;
}

void own_addrs_add(struct own_addrs *own, uint16_t netns, enum addr_family family,
		   const struct addr *addr)
{
	if (addr_is_loopback(family, addr))
		return;
	own->list = mem_grow(own->list, own->n, &own->cap, sizeof(*own->list));
	own->list[own->n++] = (struct own_addr){ family, *addr, netns };
}

void own_addrs_copy(struct own_addrs *own, const struct own_addrs *from)
{
	own_addrs_clear(own);
	for (size_t i = 0; i < from->n; i++)
		own_addrs_add(own, from->list[i].netns, from->list[i].family, &from->list[i].addr);
}

/* ---- rtnetlink ---- */

struct answer {
	struct own_addrs *own;
	uint16_t netns;
};

/* Of a point-to-point device IFA_ADDRESS is the other end (rtnetlink(7)). */
static int take_message(const struct nlmsghdr *nlh, void *data)
{
	const struct ifaddrmsg *message = mnl_nlmsg_get_payload(nlh);
	const struct answer *answer = data;
	struct nft_attr left, attr, best = { 0 };
	struct addr addr = { { 0 } };
	unsigned int type;
	size_t len;

	left.data = netlink_payload(nlh, sizeof(*message), &left.len);
	if (nlh->nlmsg_type != RTM_NEWADDR || !left.data)
		return MNL_CB_OK;
	while (nft_attr_next(&left, &type, &attr))
		if (type == IFA_LOCAL || (type == IFA_ADDRESS && !best.data))
			best = attr;
	len = message->ifa_family == AF_INET ? 4 : 16;
	if ((message->ifa_family != AF_INET && message->ifa_family != AF_INET6) || best.len != len)
		return MNL_CB_OK;
	memcpy(addr.bytes, best.data, len);
	own_addrs_add(answer->own, answer->netns, len == 4 ? ADDR_INET : ADDR_INET6, &addr);
	return MNL_CB_OK;
}

int own_addrs_ask(struct own_addrs *own, uint16_t netns, int fd)
{
	struct answer answer = { own, netns };
	char *buffer = mem_alloc(RECEIVE_SIZE);
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	ssize_t n;
	int more = MNL_CB_OK;

	nlh->nlmsg_type = RTM_GETADDR;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifaddrmsg));
	n = send(fd, nlh, nlh->nlmsg_len, 0);
	while (n >= 0 && more == MNL_CB_OK) {
		n = recv(fd, buffer, RECEIVE_SIZE, 0);
		if (n > 0)
			more = mnl_cb_run(buffer, (size_t)n, 0, 0, take_message, &answer);
	}
	free(buffer);
	return n < 0 || more < 0 ? -errno : 0;
}

/* ---- /proc/PID/net ---- */

/*
 * The routes to this host's own addresses: "   |-- 10.0.0.1", and below it "      /32 host LOCAL".
 * What is routed to us as a whole, like 127.0.0.0/8, is no address.
 */
static void parse_fib_trie(struct own_addrs *own, uint16_t netns, char *text)
{
	static const char leaf[] = "|-- ", local[] = "/32 host LOCAL";
	enum addr_family family = ADDR_INET;
	struct addr addr = { { 0 } };
	bool has_addr = false;

	for (char *line; (line = strsep(&text, "\n"));) {
		line += strspn(line, " ");
		if (!strncmp(line, leaf, strlen(leaf)))
			has_addr = !addr_parse(line + strlen(leaf), strlen(line) - strlen(leaf),
					       &family, &addr);
		else if (has_addr && !strcmp(line, local))
			own_addrs_add(own, netns, family, &addr);
	}
}

/* "20010db8000000000000000000000001 02 40 00 80 eth0": 32 digits are the address. */
static void parse_if_inet6(struct own_addrs *own, uint16_t netns, char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (char *line; (line = strsep(&text, "\n"));) {
		struct addr addr = { { 0 } };

		if (strspn(line, digits) != 2 * sizeof(addr.bytes))
			continue;
		for (size_t i = 0; i < 2 * sizeof(addr.bytes); i++)
			addr.bytes[i / 2] = (uint8_t)(addr.bytes[i / 2] << 4 |
						      (strchr(digits, line[i]) - digits));
		own_addrs_add(own, netns, ADDR_INET6, &addr);
	}
}

int own_addrs_read(struct own_addrs *own, uint16_t netns, int folder)
{
	struct buf text = { 0 };
	int err = proc_file_read(folder, "net/fib_trie", FILE_MAX, &text), err6;

	if (!err)
		parse_fib_trie(own, netns, (buf_cstr(&text), text.data));
	buf_clear(&text);
	err6 = proc_file_read(folder, "net/if_inet6", FILE_MAX, &text);
	if (!err6)
		parse_if_inet6(own, netns, (buf_cstr(&text), text.data));
	buf_fini(&text);
	return err6 ? err : 0;
}

/* ---- */

static int by_addr(const void *a, const void *b)
{
	const struct own_addr *x = a, *y = b;
	int order = addr_compare(x->family, &x->addr, y->family, &y->addr);

	return order ? order : (int)x->netns - (int)y->netns;
}

void own_addrs_sort(struct own_addrs *own)
{
	size_t n = 0;

	if (own->n)
		qsort(own->list, own->n, sizeof(*own->list), by_addr);
	for (size_t i = 0; i < own->n; i++)
		if (!n || by_addr(&own->list[n - 1], &own->list[i]))
			own->list[n++] = own->list[i];
	own->n = n;
}

const struct own_addr *own_addrs_find(const struct own_addrs *own, enum addr_family family,
				      const struct addr *addr, size_t *n)
{
	size_t low = 0, high = own->n, end;

	*n = 0;
	if (!own->n)
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct own_addr *at = &own->list[middle];

		if (addr_compare(at->family, &at->addr, family, addr) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < own->n; end++)
		if (addr_compare(own->list[end].family, &own->list[end].addr, family, addr))
			break;
	*n = end - low;
	return *n ? own->list + low : NULL;
}

bool own_addrs_has(const struct own_addrs *own, uint16_t netns, enum addr_family family,
		   const struct addr *addr)
{
	const struct own_addr *at;
	size_t n;

	if (addr_is_loopback(family, addr))
		return true;
	at = own_addrs_find(own, family, addr, &n);
	for (size_t i = 0; i < n; i++)
		if (at[i].netns == netns)
			return true;
	return false;
}
