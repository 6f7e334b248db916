/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorts the owners of an index into buckets by inode number, and finds those of a socket. */
#include <config.h>

#include "resolve/owner_index.h"

#include <stdlib.h>

#include "base/mem.h"

/*
 * The kernel assigns inode numbers from a counter, so their low bits are evenly distributed and
 * serve as the hash.  The list is sorted by bucket.
 */
static uint32_t bucket_of(const struct owner_index *index, uint32_t inode)
{
	return inode & (((uint32_t)1 << index->bucket_bits) - 1);
}

/* A sort key that orders inodes by bucket, then by the remaining bits. */
static uint32_t order_of(const struct owner_index *index, uint32_t inode)
{
	return index->bucket_bits ? inode >> index->bucket_bits | inode << (32 - index->bucket_bits)
				  : inode;
}

#define DIGIT_BITS 11
#define DIGITS 3 /* of 32 bits */
#define DIGIT_VALUES (1U << DIGIT_BITS)

/* One pass of a radix sort, stable.  False if all have the same digit: then nothing was copied. */
static bool sort_by_digit(const struct owner_index *index, struct owner *to, unsigned int i)
{
	size_t starts[DIGIT_VALUES] = { 0 }, start = 0;
	unsigned int shift = i * DIGIT_BITS, digit = 0;

	for (size_t at = 0; at < index->n; at++) {
		digit = order_of(index, index->list[at].inode) >> shift & (DIGIT_VALUES - 1);
		starts[digit]++;
	}
	if (starts[digit] == index->n)
		return false;
	for (size_t value = 0; value < DIGIT_VALUES; value++) {
		size_t n_alike = starts[value];

		starts[value] = start;
		start += n_alike;
	}
	for (size_t at = 0; at < index->n; at++) {
		digit = order_of(index, index->list[at].inode) >> shift & (DIGIT_VALUES - 1);
		to[starts[digit]++] = index->list[at];
	}
	return true;
}

static void sort_by_bucket(struct owner_index *index)
{
	struct owner *to = mem_resize(NULL, index->n, sizeof(*to));

	for (unsigned int i = 0; i < DIGITS; i++) {
		struct owner *from = index->list;

		if (!sort_by_digit(index, to, i))
			continue;
		index->list = to;
		index->cap = index->n;
		to = from;
	}
	free(to);
}

/* Orders the sockets that share an inode number.  Usually there is only one per number. */
static void sort_by_socket(struct owner_index *index)
{
	for (size_t i = 1; i < index->n; i++) {
		struct owner owner = index->list[i];
		size_t at = i;

		while (at && index->list[at - 1].inode == owner.inode &&
		       index->list[at - 1].socket > owner.socket) {
			index->list[at] = index->list[at - 1];
			at--;
		}
		if (at < i)
			index->list[at] = owner;
	}
}

/* Keeps one owner for each process and socket, with its lowest descriptor. */
static void drop_repeats(struct owner_index *index)
{
	size_t n = 0;

	for (size_t i = 0; i < index->n; i++) {
		struct owner owner = index->list[i], *last = n ? &index->list[n - 1] : NULL;

		if (!last || last->inode != owner.inode || last->socket != owner.socket ||
		    last->process != owner.process)
			index->list[n++] = owner;
		else if (owner.fd < last->fd)
			last->fd = owner.fd;
	}
	index->n = n;
}

/* Records where each bucket starts. */
static void make_buckets(struct owner_index *index)
{
	size_t n = ((size_t)1 << index->bucket_bits) + 1, bucket = 0;

	if (n > index->buckets_cap) {
		index->buckets = mem_resize(index->buckets, n, sizeof(*index->buckets));
		index->buckets_cap = n;
	}
	for (size_t i = 0; i < index->n; i++)
		while (bucket <= bucket_of(index, index->list[i].inode))
			index->buckets[bucket++] = (uint32_t)i;
	while (bucket < n)
		index->buckets[bucket++] = (uint32_t)index->n;
}

void index_finish(struct owner_index *index)
{
	if (index->n == index->n_finished)
		return;
	/* At least as many buckets as owners, so that each has one or two of them. */
	index->bucket_bits = 0;
	while ((size_t)1 << index->bucket_bits < index->n && index->bucket_bits < 31)
		index->bucket_bits++;
	sort_by_bucket(index);
	sort_by_socket(index);
	drop_repeats(index);
	make_buckets(index);
	index->n_finished = index->n;
}

/* The owners of all sockets with this inode number. */
static struct owner_span owners_of_inode(const struct owner_index *index, uint32_t inode)
{
	uint32_t order = order_of(index, inode);
	size_t first = index->buckets[bucket_of(index, inode)],
	       end = index->buckets[bucket_of(index, inode) + 1];

	while (first < end && order_of(index, index->list[first].inode) < order)
		first++;
	while (end > first && index->list[end - 1].inode != inode)
		end--;
	return first < end ? (struct owner_span){ index->list + first, end - first }
			   : (struct owner_span){ 0 };
}

struct owner_span index_of(const struct owner_index *index, uint32_t inode, uint64_t cookie)
{
	struct owner_span all, found;

	if (!index->n_finished)
		return (struct owner_span){ 0 };
	all = owners_of_inode(index, inode);
	if (!cookie)
		return all;
	/* They are sorted by socket: cookies first, then addresses (task_file.h). */
	found = (struct owner_span){ all.list, 0 };
	for (size_t i = 0; i < all.n && all.list[i].socket <= cookie; i++) {
		if (all.list[i].socket < cookie)
			found.list++;
		else
			found.n++;
	}
	if (found.n)
		return found;
	while (all.n && TASK_FILE_IS_COOKIE(all.list->socket)) {
		all.list++;
		all.n--;
	}
	return all;
}
