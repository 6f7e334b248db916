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

#include "base/i18n.h"

#define HUGE_PAGE (2U << 20)
/* From here on a whole huge page is cheaper than the small ones that are needed. */
#define LARGE (256U << 10)

/* exit(), not abort(): the live view restores the terminal in an exit handler. */
static _Noreturn void out_of_memory(void)
{
	fprintf(stderr, "portstat: %s\n", _("out of memory"));
	exit(MEM_EXIT_STATUS);
}

/*
 * By itself malloc() would raise the threshold and put freed blocks on its heap, where aligned ones
 * never find a place again (glibc bug 14581, up to 2.37): the live view grew with every look.
 */
void mem_init(void)
{
	mallopt(M_MMAP_THRESHOLD, LARGE);
}

/*
 * Large arrays stand in huge pages where the kernel has them: on a virtual machine the first touch
 * of a small page can take 20 microseconds, so 16 MiB 70 ms, and 1 ms in huge ones.
 */
static void *resize_large(void *old, size_t bytes)
{
	size_t old_bytes = old ? malloc_usable_size(old) : 0;
	size_t rounded = (bytes + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
	void *p;

	if (old_bytes >= bytes)
		return old;
	p = aligned_alloc(HUGE_PAGE, rounded);
	if (!p)
		return realloc(old, bytes);
	madvise(p, rounded, MADV_HUGEPAGE);
	if (old)
		memcpy(p, old, old_bytes);
	free(old);
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

void *mem_grow(void *array, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return array;
	if (*cap > SIZE_MAX / 4)
		out_of_memory();
	*cap = *cap ? *cap * 2 : 16;
	/* Beyond the first huge page room that is not touched costs nothing, but moving does. */
	if (size && *cap >= LARGE / size)
		*cap = *cap < HUGE_PAGE / size ? HUGE_PAGE / size : *cap * 2;
	return mem_resize(array, *cap, size);
}
