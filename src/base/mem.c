/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocation that cannot fail: without memory the process reports that and exits. */
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

/* Blocks of this size and more get their own mapping, which mremap(2) enlarges without copying. */
#define LARGE (256U << 10)

/*
 * Blocks of this size and more are asked to have huge pages, if the kernel leaves that to the program: what a
 * million sockets take is filled and gone over in half the time.  Of smaller ones they could waste much.
 */
#define HUGE_BLOCK (8U << 20)

/* exit(), not abort(): the live view restores the terminal in an exit handler. */
static _Noreturn void out_of_memory(void)
{
	fprintf(stderr, "portstat: %s\n", _("out of memory"));
	exit(MEM_EXIT_STATUS);
}

/*
 * Without this, glibc's malloc() raises its threshold when a large block is freed, and then copies
 * later large blocks around its heap as they grow (mallopt(3)).
 */
void mem_init(void)
{
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, LARGE);
#endif
}

/*
 * What a listing of ten thousand sockets needs at once.  Each block that is mapped anew is cleared by the
 * kernel page by page: one that was in use before is there already.
 */
#define REUSED (2U << 20)

void mem_reuse(void)
{
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, REUSED);
	mallopt(M_TRIM_THRESHOLD, 2 * REUSED);
#endif
}

/*
 * Such a block has a mapping of its own, all of which is asked for: mremap(2) enlarges no mapping of which a
 * part is another one.
 */
static void ask_for_huge_pages(void *block, size_t size)
{
#ifdef MADV_HUGEPAGE
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), before = (uintptr_t)block % page;

	madvise((char *)block - before, size + before, MADV_HUGEPAGE);
#endif
}

void *mem_resize(void *old, size_t n, size_t size)
{
	void *p;

	if (size && n > SIZE_MAX / size)
		out_of_memory();
	p = realloc(old, n && size ? n * size : 1);
	if (!p)
		out_of_memory();
	if (size && n >= HUGE_BLOCK / size)
		ask_for_huge_pages(p, n * size);
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

/* What is not touched yet takes no memory, but each mremap(2) of a large array costs page tables. */
size_t mem_more(size_t cap)
{
	if (cap > SIZE_MAX / 4)
		out_of_memory();
	return cap ? cap * 2 : 16;
}

void *mem_grow(void *array, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return array;
	*cap = mem_more(*cap);
	return mem_resize(array, *cap, size);
}
