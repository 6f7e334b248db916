/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocation that cannot fail: without memory the process reports that and exits. */
#ifndef PORTSTAT_BASE_MEM_H
#define PORTSTAT_BASE_MEM_H

#include <stddef.h>

/* The exit status when out of memory; the manual's "nothing could be read". */
#define MEM_EXIT_STATUS 4

/*
 * Call this once, before any allocation: large blocks can then grow without being copied, and are
 * returned to the system when they are freed.
 */
void mem_init(void);

/*
 * For a program that will soon end: freed blocks of up to 2 MB serve the next ones, which is faster, and takes
 * more memory where large arrays grow beside each other.
 */
void mem_reuse(void);

#define MEM_NEVER_NULL __attribute__((returns_nonnull))

/* Each returns memory that the caller frees with free(3); never NULL, also for a size of 0. */
MEM_NEVER_NULL void *mem_alloc(size_t size);
MEM_NEVER_NULL void *mem_calloc(size_t n, size_t size);
MEM_NEVER_NULL char *mem_strdup(const char *text);
MEM_NEVER_NULL char *mem_strndup(const char *text, size_t len);

/*
 * realloc(3) to n elements of size bytes; old may be NULL.  If the product overflows, the process
 * exits as when out of memory.
 */
MEM_NEVER_NULL void *mem_resize(void *old, size_t n, size_t size);

/* The next capacity for a full array with room for cap elements: twice as many. */
size_t mem_more(size_t cap);

/*
 * Makes room for one more element in an array that holds n elements of size bytes and has room for
 * *cap; updates *cap.  Returns the array, which may have moved.
 */
void *mem_grow(void *array, size_t n, size_t *cap, size_t size);

#endif
