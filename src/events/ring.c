/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Maps and reads a BPF ring buffer. */
#include <config.h>

#include "events/ring.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* A record: its length with two flags, and an offset that only the kernel uses; then its bytes. */
#define HEADER_SIZE 8

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t producer_size(const struct ring *ring)
{
	return page_size() + 2 * ring->size;
}

int ring_open(struct ring *ring, int map_fd, size_t size)
{
	void *consumer = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
	void *producer;
	int err;

	if (consumer == MAP_FAILED)
		return -errno;
	*ring = (struct ring){ .consumer = consumer, .size = size };
	producer =
		mmap(NULL, producer_size(ring), PROT_READ, MAP_SHARED, map_fd, (off_t)page_size());
	if (producer == MAP_FAILED) {
		err = -errno;
		munmap(consumer, page_size());
		*ring = (struct ring){ 0 };
		return err;
	}
	ring->producer = producer;
	return 0;
}

void ring_close(struct ring *ring)
{
	if (!ring->consumer)
		return;
	munmap(ring->producer, producer_size(ring));
	munmap(ring->consumer, page_size());
	*ring = (struct ring){ 0 };
}

const void *ring_next(struct ring *ring, size_t *len)
{
	const char *data = ring->producer + page_size();
	unsigned long end =
		__atomic_load_n((const unsigned long *)ring->producer, __ATOMIC_ACQUIRE);

	while (ring->at < end) {
		const char *record = data + (ring->at & (ring->size - 1));
		uint32_t head = __atomic_load_n((const uint32_t *)record, __ATOMIC_ACQUIRE);
		uint32_t n = head & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);

		/* Its writer, on another processor, is not done yet. */
		if (head & BPF_RINGBUF_BUSY_BIT)
			return NULL;
		ring->at += (n + HEADER_SIZE + 7) & ~7UL;
		if (head & BPF_RINGBUF_DISCARD_BIT)
			continue;
		*len = n;
		return record + HEADER_SIZE;
	}
	return NULL;
}

void ring_release(struct ring *ring)
{
	__atomic_store_n(ring->consumer, ring->at, __ATOMIC_RELEASE);
}
