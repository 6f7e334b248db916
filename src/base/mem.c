/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocation that cannot fail. */
#include <config.h>

#include "base/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/i18n.h"

/* Blocks from here on are mappings of their own: mremap(2) makes them larger without a copy. */
#define LARGE (256U << 10)

/* And those from here on stand in huge pages, as far as whole ones fit into them. */
#define HUGE (4U << 20)

/* linux/mman.h, since 5.14 */
#ifndef MADV_POPULATE_WRITE
#	define MADV_POPULATE_WRITE 23
#endif

/* exit(), not abort(): the live view restores the terminal in an exit handler. */
static _Noreturn void out_of_memory(void)
{
	fprintf(stderr, "portstat: %s\n", _("out of memory"));
	exit(MEM_EXIT_STATUS);
}

/*
 * By itself glibc's malloc() would raise the threshold as soon as a large block is freed, and then copy
 * the next ones from place to place on its heap as they grow.
 */
void mem_init(void)
{
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, LARGE);
#endif
}

/*
 * madvise(2) for the pages of a block behind its first bytes, also for the one that has the heap's own
 * word about it: mremap(2) enlarges no mapping of which one page is of another kind.
 */
static void advise(char *block, size_t from, int advice)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *start = block + from, *end = block + malloc_usable_size(block);

	start -= (uintptr_t)start % page;
	end -= (uintptr_t)end % page;
	if (start < end)
		madvise(start, (size_t)(end - start), advice);
}

/*
 * What is new of a large block is about to be used, and to have it mapped at once takes a fraction
 * of a fault for each of its pages, on a virtual machine above all.  A kernel that does not know the
 * advice refuses it, and then they fault.
 */
static void *resize_large(void *old, size_t bytes)
{
	size_t old_bytes = old ? malloc_usable_size(old) : 0;
	void *p = realloc(old, bytes);

	if (!p || old_bytes >= bytes)
		return p;
	if (bytes >= HUGE)
		advise(p, 0, MADV_HUGEPAGE);
	advise(p, old_bytes, MADV_POPULATE_WRITE);
	return p;
}

void *mem_resize(void *old, size_t n, size_t size)
{
	void *p;

	if (size && n > SIZE_MAX / size)
		out_of_memory();
	if (n * size >= LARGE && n * size <= SIZE_MAX / 2)
		p = resize_large(old, n * size);
	else
		p = realloc(old, n && size ? n * size : 1);
	if (!p)
		out_of_memory();
	return p;
}

void *mem_alloc(size_t size)
{
	return mem_resize(NULL, 1, size);
}

void *mem_calloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

char *mem_strndup(const char *text, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		out_of_memory();
	copy = mem_alloc(len + 1);
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *mem_strdup(const char *text)
{
	return mem_strndup(text, strlen(text));
}

size_t mem_more(size_t cap, size_t size)
{
	if (cap > SIZE_MAX / 4)
		out_of_memory();
	if (!cap)
		return 16;
	/* A large one moves at no cost: what it has too much of is all that counts. */
	return size && cap >= LARGE / size ? cap + cap / 8 : cap * 2;
}

void *mem_grow(void *array, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return array;
	*cap = mem_more(*cap, size);
	return mem_resize(array, *cap, size);
}
