/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocation that cannot fail: without memory the process reports that and exits. */
#include <config.h>

#include "base/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

/* Blocks of this size and more get their own mapping, which mremap(2) enlarges without copying. */
#define LARGE (256U << 10)

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

void *mem_resize(void *old, size_t n, size_t size)
{
	void *p;

	if (size && n > SIZE_MAX / size)
		out_of_memory();
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
	/* Growing a large array is cheap (see LARGE), so waste less memory on it. */
	return size && cap >= LARGE / size ? cap + cap / 8 : cap * 2;
}

void *mem_grow(void *array, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return array;
	*cap = mem_more(*cap, size);
	return mem_resize(array, *cap, size);
}
