/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader's side of a BPF ring buffer (BPF_MAP_TYPE_RINGBUF, kernel/bpf/ringbuf.c), which light
 * skeletons have no function for.  The program wakes nobody for a record, since that costs more than
 * the record: the reader looks now and then, and is woken once where the ring fills faster.
 */
#ifndef PORTSTAT_EVENTS_RING_H
#define PORTSTAT_EVENTS_RING_H

#include <stddef.h>
#include <stdint.h>

struct ring {
	unsigned long *consumer; /* how far we have read, in bytes; the kernel reads it */
	char *producer; /* a page with how far the kernel has written, and the data twice */
	unsigned long at; /* how far we have read, and maybe not told the kernel yet */
	size_t size; /* of the data: a power of two */
	int fd; /* readable when the program has woken us; -1: the ring is not open */
	uint32_t *is_woken;
};

/*
 * Maps the ring of a map's descriptor, of size bytes.  is_woken is the program's variable that it
 * sets when it wakes us, and that we set to 0 when we have read all.  Returns 0 or -errno; call
 * ring_close() in either case, which may also be called for a ring with fd -1 that was not opened.
 */
int ring_open(struct ring *ring, int map_fd, size_t size, uint32_t *is_woken);
void ring_close(struct ring *ring);

/* The descriptor is no longer readable because of what has woken us. */
void ring_hush(struct ring *ring);

/* The next record of this length; NULL if there is none now.  Valid until the next call. */
const void *ring_next(struct ring *ring, size_t len);

#endif
