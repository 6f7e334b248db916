/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader's side of a BPF ring buffer (BPF_MAP_TYPE_RINGBUF, kernel/bpf/ringbuf.c), which light
 * skeletons have no function for.
 */
#ifndef PORTSTAT_EVENTS_RING_H
#define PORTSTAT_EVENTS_RING_H

#include <stddef.h>

/* Zero-initialised: not open. */
struct ring {
	unsigned long *consumer; /* how far we have read, in bytes; the kernel reads it */
	char *producer; /* a page with how far the kernel has written, and the data twice */
	unsigned long at;
	size_t size; /* of the data: a power of two */
};

/* Maps the ring of a map's descriptor, of size bytes.  0 or -errno. */
int ring_open(struct ring *ring, int map_fd, size_t size);
void ring_close(struct ring *ring);

/*
 * The next record and its length, or NULL if there is none yet.  Borrowed until ring_release(),
 * which gives the room of all records so far back to the kernel.
 */
const void *ring_next(struct ring *ring, size_t *len);
void ring_release(struct ring *ring);

#endif
