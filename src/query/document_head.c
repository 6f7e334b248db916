/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a JSON document says of the host on which it is written. */
#include <config.h>

#include "query/document_head.h"

#include <fcntl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"

#define ID_FILE_MAX 64U

/* The first line of a short file; empty if it cannot be read. */
static void read_id(int root, const char *path, struct buf *out)
{
	int fd = openat(root, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	const char *newline;

	if (fd < 0)
		return;
	if (io_read_all(fd, ID_FILE_MAX, out))
		buf_clear(out);
	close(fd);
	newline = out->len ? memchr(out->data, '\n', out->len) : NULL;
	if (newline)
		out->len = (size_t)(newline - out->data);
}

/*
 * The id itself is not for everybody (machine-id(5)).  Half as many bits tell machines apart, and
 * whoever has them still lacks the other half.
 */
static void read_machine(struct document_head *head)
{
	struct buf id = { 0 }, hash = { .data = head->machine, .cap = sizeof(head->machine) };

	read_id(AT_FDCWD, "/etc/machine-id", &id);
	if (id.len)
		buf_hex(&hash, map_hash(0, id.data, id.len), 16);
	buf_fini(&id);
}

static void read_boot_id(struct document_head *head, int proc_root)
{
	struct buf id = { 0 };

	read_id(proc_root, "sys/kernel/random/boot_id", &id);
	if (id.len < sizeof(head->boot_id))
		memcpy(head->boot_id, id.data ? id.data : "", id.len);
	buf_fini(&id);
}

/* False if it is no address by which other hosts know this one. */
static bool take_addr(const struct sockaddr *from, struct head_addr *out)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	*out = (struct head_addr){ 0 };
	if (!from)
		return false;
	if (from->sa_family == AF_INET) {
		memcpy(&v4, from, sizeof(v4));
		memcpy(out->addr.bytes, &v4.sin_addr, sizeof(v4.sin_addr));
	} else if (from->sa_family == AF_INET6) {
		memcpy(&v6, from, sizeof(v6));
		memcpy(out->addr.bytes, &v6.sin6_addr, sizeof(v6.sin6_addr));
		out->family = ADDR_INET6;
	} else {
		return false;
	}
	return !addr_is_loopback(out->family, &out->addr) &&
	       !addr_is_link_local(out->family, &out->addr);
}

static int by_addr(const void *a, const void *b)
{
	const struct head_addr *x = a, *y = b;

	return addr_compare(x->family, &x->addr, y->family, &y->addr);
}

static void read_addrs(struct document_head *head)
{
	struct ifaddrs *list;
	size_t cap = 0;

	if (getifaddrs(&list))
		return;
	for (const struct ifaddrs *at = list; at; at = at->ifa_next) {
		struct head_addr addr;

		if (!take_addr(at->ifa_addr, &addr))
			continue;
		head->addrs = mem_grow(head->addrs, head->n_addrs, &cap, sizeof(*head->addrs));
		head->addrs[head->n_addrs++] = addr;
	}
	freeifaddrs(list);
	if (head->n_addrs)
		qsort(head->addrs, head->n_addrs, sizeof(*head->addrs), by_addr);
}

void document_head_here(struct document_head *head, int proc_root)
{
	read_machine(head);
	read_boot_id(head, proc_root);
	read_addrs(head);
	head->uid = geteuid();
	head->has_uid = true;
}

void document_head_fini(struct document_head *head)
{
	free(head->addrs);
	buf_fini(&head->selection.filter);
	*head = (struct document_head){ 0 };
}
