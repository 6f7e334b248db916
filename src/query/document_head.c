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
void document_head_set_machine(struct document_head *head, const char *id, size_t n)
{
	struct buf hash = { .data = head->machine, .cap = sizeof(head->machine) };

	buf_hex(&hash, map_hash(0, id, n), 16);
}

static void read_machine(struct document_head *head)
{
	struct buf id = { 0 };

	read_id(AT_FDCWD, "/etc/machine-id", &id);
	if (id.len)
		document_head_set_machine(head, id.data, id.len);
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

void document_head_add_addr(struct document_head *head, enum addr_family family,
			    const struct addr *addr)
{
	if (addr_is_loopback(family, addr) || addr_is_link_local(family, addr))
		return;
	head->addrs = mem_grow(head->addrs, head->n_addrs, &head->addrs_cap, sizeof(*head->addrs));
	head->addrs[head->n_addrs++] = (struct head_addr){ family, *addr };
}

static int by_addr(const void *a, const void *b)
{
	const struct head_addr *x = a, *y = b;

	return addr_compare(x->family, &x->addr, y->family, &y->addr);
}

void document_head_sort_addrs(struct document_head *head)
{
	if (head->n_addrs)
		qsort(head->addrs, head->n_addrs, sizeof(*head->addrs), by_addr);
}

static void read_addrs(struct document_head *head)
{
	struct ifaddrs *list;

	if (getifaddrs(&list))
		return;
	for (const struct ifaddrs *at = list; at; at = at->ifa_next) {
		const struct sockaddr *from = at->ifa_addr;
		struct addr addr = { 0 };
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;

		if (from && from->sa_family == AF_INET) {
			memcpy(&v4, from, sizeof(v4));
			memcpy(addr.bytes, &v4.sin_addr, sizeof(v4.sin_addr));
			document_head_add_addr(head, ADDR_INET, &addr);
		} else if (from && from->sa_family == AF_INET6) {
			memcpy(&v6, from, sizeof(v6));
			memcpy(addr.bytes, &v6.sin6_addr, sizeof(v6.sin6_addr));
			document_head_add_addr(head, ADDR_INET6, &addr);
		}
	}
	freeifaddrs(list);
	document_head_sort_addrs(head);
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
