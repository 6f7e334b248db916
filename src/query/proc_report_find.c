/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what the script for hosts without portstat tells of a process, a socket or a user. */
#include <config.h>

#include "query/proc_report.h"

#include <stdlib.h>
#include <string.h>

static int by_pid(const void *a, const void *b)
{
	const struct report_process *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static int by_id(const void *a, const void *b)
{
	const struct report_text *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int by_inode(const void *a, const void *b)
{
	const struct report_descriptor *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return (x->fd > y->fd) - (x->fd < y->fd);
}

static void sort(void *list, size_t n, size_t size, int (*compare)(const void *, const void *))
{
	if (n)
		qsort(list, n, size, compare);
}

static int by_number(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_end(const struct endpoint *a, const struct endpoint *b)
{
	int order = memcmp(&a->addr, &b->addr, sizeof(a->addr));

	return order ? order : by_number(a->port, b->port);
}

static int by_identity(const void *a, const void *b)
{
	const struct sock *x = a, *y = b;
	int order = by_number((uint64_t)x->proto << 32 | (uint64_t)x->family << 24 |
				      (uint64_t)x->state << 16 | x->ip_protocol,
			      (uint64_t)y->proto << 32 | (uint64_t)y->family << 24 |
				      (uint64_t)y->state << 16 | y->ip_protocol);

	order = order ? order : by_end(&x->local, &y->local);
	order = order ? order : by_end(&x->remote, &y->remote);
	return order ? order : by_number(x->inode, y->inode);
}

/* The kernel may list a socket again where it goes on with the next part of a file. */
static void drop_duplicates(struct sock_table *table)
{
	size_t n = 0;

	sort(table->socks, table->n, sizeof(*table->socks), by_identity);
	for (size_t i = 0; i < table->n; i++)
		if (!n || by_identity(&table->socks[n - 1], &table->socks[i]))
			table->socks[n++] = table->socks[i];
	table->n = n;
}

/*
 * Keeps the lowest descriptor of each socket and process.  A process that ended before it was looked at
 * holds nothing any more.
 */
static void drop_descriptors(struct proc_report *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_descriptors; i++) {
		const struct report_descriptor *d = &r->descriptors[i];
		const struct report_descriptor *last = n ? &r->descriptors[n - 1] : NULL;

		if ((!last || last->inode != d->inode || last->pid != d->pid) &&
		    proc_report_process(r, d->pid))
			r->descriptors[n++] = *d;
	}
	r->n_descriptors = n;
}

void proc_report_sort(struct proc_report *r)
{
	drop_duplicates(&r->table);
	sort(r->processes, r->n_processes, sizeof(*r->processes), by_pid);
	sort(r->descriptors, r->n_descriptors, sizeof(*r->descriptors), by_inode);
	sort(r->cmdlines, r->n_cmdlines, sizeof(*r->cmdlines), by_id);
	sort(r->cgroups, r->n_cgroups, sizeof(*r->cgroups), by_id);
	sort(r->users, r->n_users, sizeof(*r->users), by_id);
	drop_descriptors(r);
}

const struct report_process *proc_report_process(const struct proc_report *r, int32_t pid)
{
	const struct report_process key = { .pid = pid };

	return r->n_processes ? bsearch(&key, r->processes, r->n_processes, sizeof(key), by_pid)
			      : NULL;
}

static const struct report_text *find_text(const struct report_text *list, size_t n, uint32_t id)
{
	const struct report_text key = { .id = id };

	return n ? bsearch(&key, list, n, sizeof(key), by_id) : NULL;
}

const struct report_text *proc_report_cmdline(const struct proc_report *r, int32_t pid)
{
	return find_text(r->cmdlines, r->n_cmdlines, (uint32_t)pid);
}

const struct report_text *proc_report_cgroups(const struct proc_report *r, int32_t pid)
{
	return find_text(r->cgroups, r->n_cgroups, (uint32_t)pid);
}

const struct report_text *proc_report_user(const struct proc_report *r, uint32_t uid)
{
	return find_text(r->users, r->n_users, uid);
}

size_t proc_report_descriptor(const struct proc_report *r, uint32_t inode)
{
	size_t low = 0, high = r->n_descriptors;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->descriptors[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
