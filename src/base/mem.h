/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocation that cannot fail: when memory is out the process says so and exits with status 4. */
#ifndef PORTSTAT_BASE_MEM_H
#define PORTSTAT_BASE_MEM_H

#include <stddef.h>

/* The exit status when memory is out: "nothing could be read" in the contract with users. */
#define MEM_EXIT_STATUS 4

/*
 * To be called before all others, once: large blocks then grow where they are and go back to the
 * system when they are freed.
 */
void mem_init(void);

#define MEM_NEVER_NULL __attribute__((returns_nonnull))

/* Each returns memory that the caller frees with free(3); never NULL, also for a size of 0. */
MEM_NEVER_NULL void *mem_alloc(size_t size);
MEM_NEVER_NULL void *mem_calloc(size_t n, size_t size);
MEM_NEVER_NULL char *mem_strdup(const char *text);
MEM_NEVER_NULL char *mem_strndup(const char *text, size_t len);

/* Resizes to n elements of size bytes; the product is checked for overflow. */
MEM_NEVER_NULL void *mem_resize(void *old, size_t n, size_t size);

/*
 * The capacity in elements of size bytes that an array should have next when it is full: twice what
 * it has, or an eighth more where it is large.
 */
size_t mem_more(size_t cap, size_t size);

/*
 * Makes room for one element more behind the n that an array holds, enlarging *cap when it is full.
 * Returns the array, perhaps moved.
 */
void *mem_grow(void *array, size_t n, size_t *cap, size_t size);

#endif
