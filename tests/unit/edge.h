/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that ends where an unmapped page begins: a parser that reads one byte too far dies. */
#ifndef PORTSTAT_TESTS_UNIT_EDGE_H
#define PORTSTAT_TESTS_UNIT_EDGE_H

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"

struct edge {
	char *map;
	size_t size; /* of what is readable */
	size_t page;
};

/* Room for copies of up to size bytes. */
static inline void edge_init(struct edge *e, size_t size)
{
	e->page = (size_t)sysconf(_SC_PAGESIZE);
	e->size = (size / e->page + 1) * e->page;
	e->map = mmap(NULL, e->size + e->page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);
	assert_ptr_not_equal(e->map, MAP_FAILED);
	assert_int_equal(mprotect(e->map + e->size, e->page, PROT_NONE), 0);
}

static inline void edge_fini(struct edge *e)
{
	assert_int_equal(munmap(e->map, e->size + e->page), 0);
}

/* A copy of n bytes that ends at the unmapped page; valid until the next call. */
static inline char *edge_copy(struct edge *e, const void *bytes, size_t n)
{
	char *at = e->map + e->size - n;

	assert_true(n <= e->size);
	if (n)
		memcpy(at, bytes, n);
	return at;
}

#endif
