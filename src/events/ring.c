/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Maps and reads a BPF ring buffer. */
#include <config.h>

#include "events/ring.h"

#include <errno.h>
#include <linux/bpf.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

/* What was read is given back in such pieces: each time costs the writers a miss of their cache. */
#define GIVE_BACK_SIZE (64U << 10)

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* The records are mapped twice in a row, so that none is cut at the end. */
static size_t producer_size(const struct ring *ring)
{
	return page_size() + 2 * ring->size;
}

static int map_pages(struct ring *ring, int map_fd)
{
	void *pages = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);

	if (pages == MAP_FAILED)
		return -errno;
	ring->consumer = pages;
	pages = mmap(NULL, producer_size(ring), PROT_READ, MAP_SHARED, map_fd, (off_t)page_size());
	if (pages == MAP_FAILED)
		return -errno;
	ring->producer = pages;
	return 0;
}

/* Edge-triggered, so that it is readable when we were woken, and not where there is a record. */
static int open_epoll(struct ring *ring, int map_fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };

	ring->fd = epoll_create1(EPOLL_CLOEXEC);
	if (ring->fd < 0 || epoll_ctl(ring->fd, EPOLL_CTL_ADD, map_fd, &event))
		return -errno;
	return 0;
}

int ring_open(struct ring *ring, int map_fd, size_t size, uint32_t *is_woken)
{
	int err;

	*ring = (struct ring){ .size = size, .fd = -1 };
	ring->is_woken = is_woken;
	err = map_pages(ring, map_fd);
	return err ? err : open_epoll(ring, map_fd);
}

void ring_close(struct ring *ring)
{
	if (ring->producer)
		munmap(ring->producer, producer_size(ring));
	if (ring->consumer)
		munmap(ring->consumer, page_size());
	if (ring->fd >= 0)
		close(ring->fd);
	*ring = (struct ring){ .fd = -1 };
}

static void give_back(struct ring *ring)
{
	__atomic_store_n(ring->consumer, ring->at, __ATOMIC_RELEASE);
}

static unsigned long written(const struct ring *ring)
{
	const void *position = ring->producer;

	return __atomic_load_n((const unsigned long *)position, __ATOMIC_ACQUIRE);
}

void ring_hush(struct ring *ring)
{
	struct epoll_event event;

	epoll_wait(ring->fd, &event, 1, 0);
}

const void *ring_next(struct ring *ring, size_t len)
{
	const char *data = ring->producer + page_size();

	if (ring->at - *ring->consumer >= GIVE_BACK_SIZE)
		give_back(ring);
	while (ring->at < written(ring)) {
		const void *record = data + (ring->at & (ring->size - 1));
		uint32_t head = __atomic_load_n((const uint32_t *)record, __ATOMIC_ACQUIRE);
		uint32_t n = head & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);

		/* Its writer, on another processor, is not done yet. */
		if (head & BPF_RINGBUF_BUSY_BIT)
			break;
		ring->at += (n + BPF_RINGBUF_HDR_SZ + 7) & ~7UL;
		if (n == len && !(head & BPF_RINGBUF_DISCARD_BIT))
			return (const char *)record + BPF_RINGBUF_HDR_SZ;
	}
	give_back(ring);
	/* Be ready to be woken again. */
	ring_hush(ring);
	__atomic_store_n(ring->is_woken, 0, __ATOMIC_RELAXED);
	return NULL;
}
