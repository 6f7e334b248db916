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

#include "base/i18n.h"

/* Blocks of this size and more get their own mapping, which mremap(2) enlarges without copying. */
#define LARGE (256U << 10)

/* An array of this size and more is worth huge pages, of which it may leave half of one unused. */
#define HUGE_WORTH (8U << 20)
#define HUGE_PAGE (2U << 20)

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

/* One page fault for each of them instead of 512, where the administrator lets programs ask (madvise(2)). */
static void ask_for_huge_pages(char *p, size_t len)
{
	size_t before = -(uintptr_t)p % HUGE_PAGE;

	madvise(p + before, (len - before) / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
}

void *mem_resize(void *old, size_t n, size_t size)
{
	void *p;

	if (size && n > SIZE_MAX / size)
		out_of_memory();
	p = realloc(old, n && size ? n * size : 1);
	if (!p)
		out_of_memory();
	if (size && n >= HUGE_WORTH / size)
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
