/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves addresses to host names in the background, in a few threads. */
#include <config.h>

#include "resolve/hosts.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/thread.h"

/* Limits the memory of a live view that runs for weeks, at about 100 bytes per entry. */
#define ENTRIES_MAX (1U << 20)

struct entry {
	struct addr addr;
	uint8_t family; /* enum addr_family */
	uint8_t answer; /* enum host_answer */
	uint32_t next; /* next entry with the same hash; MAP_NONE at the end */
	char *name;
};

struct hosts {
	pthread_mutex_t lock; /* protects everything below */
	pthread_cond_t work; /* there is an entry to look up, or is_closing is set */
	pthread_cond_t done; /* an answer has arrived */
	struct entry *entries; /* in the order of their lookups */
	size_t n;
	size_t cap;
	size_t n_started; /* entries before this one are looked up or being looked up */
	struct map by_hash; /* hash to index of its first entry */
	size_t pending;
	size_t failed;
	uint64_t generation;
	unsigned int threads;
	unsigned int threads_max;
	unsigned int idle;
	bool is_closing;
	host_lookup *lookup;
};

struct hosts *hosts_new(unsigned int threads, host_lookup *lookup)
{
	struct hosts *h = mem_calloc(1, sizeof(*h));
	pthread_condattr_t attr;

	h->threads_max = threads;
	h->lookup = lookup;
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->work, NULL);
	/* The wall clock may be set while hosts_wait() waits. */
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&h->done, &attr);
	pthread_condattr_destroy(&attr);
	return h;
}

static void destroy(struct hosts *h)
{
	for (size_t i = 0; i < h->n; i++)
		free(h->entries[i].name);
	free(h->entries);
	map_fini(&h->by_hash);
	pthread_cond_destroy(&h->done);
	pthread_cond_destroy(&h->work);
	pthread_mutex_destroy(&h->lock);
	free(h);
}

void hosts_free(struct hosts *h)
{
	bool is_last;

	if (!h)
		return;
	pthread_mutex_lock(&h->lock);
	h->is_closing = true;
	is_last = !h->threads;
	pthread_cond_broadcast(&h->work);
	pthread_mutex_unlock(&h->lock);
	/* Otherwise the last thread frees it when its lookup returns. */
	if (is_last)
		destroy(h);
}

/* Converts a v4-mapped address to IPv4, so that both forms are one entry. */
static enum addr_family normalise(enum addr_family family, const struct addr *addr,
				  struct addr *out)
{
	*out = (struct addr){ 0 };
	if (family == ADDR_INET) {
		memcpy(out->bytes, addr->bytes, 4);
		return ADDR_INET;
	}
	if (addr_is_v4_mapped(addr)) {
		memcpy(out->bytes, addr->bytes + 12, 4);
		return ADDR_INET;
	}
	*out = *addr;
	return ADDR_INET6;
}

static uint64_t hash(enum addr_family family, const struct addr *addr)
{
	uint64_t high, low;

	memcpy(&high, addr->bytes, sizeof(high));
	memcpy(&low, addr->bytes + 8, sizeof(low));
	return (high ^ (uint64_t)family) * 0x9e3779b97f4a7c15U ^ low;
}

/* The entry of a normalised address; NULL if there is none. */
static const struct entry *find(const struct hosts *h, enum addr_family family,
				const struct addr *addr)
{
	uint32_t i = map_get(&h->by_hash, hash(family, addr));

	for (; i != MAP_NONE; i = h->entries[i].next) {
		const struct entry *e = &h->entries[i];

		if (e->family == family && !memcmp(&e->addr, addr, sizeof(*addr)))
			return e;
	}
	return NULL;
}

/* Stores an answer.  The lock is held. */
static void answer(struct hosts *h, size_t index, enum host_answer result, const char *name)
{
	h->entries[index].answer = (uint8_t)result;
	if (result == HOST_NAMED)
		h->entries[index].name = mem_strdup(name);
	h->failed += result == HOST_FAILED;
	h->pending--;
	h->generation++;
	pthread_cond_broadcast(&h->done);
}

static void *look_up(void *data)
{
	struct hosts *h = data;
	bool is_last;

	pthread_mutex_lock(&h->lock);
	for (;;) {
		enum host_answer result;
		char name[NI_MAXHOST];
		struct entry entry;
		size_t index;

		while (!h->is_closing && h->n_started == h->n) {
			h->idle++;
			pthread_cond_wait(&h->work, &h->lock);
			h->idle--;
		}
		if (h->is_closing)
			break;
		index = h->n_started++;
		entry = h->entries[index];
		pthread_mutex_unlock(&h->lock);
		result = h->lookup((enum addr_family)entry.family, &entry.addr, name, sizeof(name));
		pthread_mutex_lock(&h->lock);
		answer(h, index, result, name);
	}
	is_last = !--h->threads;
	pthread_mutex_unlock(&h->lock);
	if (is_last)
		destroy(h);
	return NULL;
}

/* Adds a normalised address that has no entry yet.  The lock is held. */
static void add(struct hosts *h, enum addr_family family, const struct addr *addr)
{
	struct entry *e;
	uint32_t *first;

	first = map_add(&h->by_hash, hash(family, addr), (uint32_t)h->n, NULL);
	h->entries = mem_grow(h->entries, h->n, &h->cap, sizeof(*h->entries));
	e = &h->entries[h->n];
	*e = (struct entry){ .addr = *addr, .family = (uint8_t)family, .answer = HOST_PENDING };
	e->next = *first == h->n ? MAP_NONE : *first;
	*first = (uint32_t)h->n++;
	h->pending++;
}

void hosts_ask(struct hosts *h, enum addr_family family, const struct addr *addr)
{
	struct addr normal;
	pthread_t thread;

	family = normalise(family, addr, &normal);
	if (addr_is_any(&normal))
		return;
	pthread_mutex_lock(&h->lock);
	if (h->n < ENTRIES_MAX && !find(h, family, &normal)) {
		add(h, family, &normal);
		/* Idle threads may not have woken up yet: they will take as many entries. */
		if (h->n - h->n_started > h->idle && h->threads < h->threads_max &&
		    !thread_start(&thread, look_up, h)) {
			pthread_detach(thread);
			h->threads++;
		}
		pthread_cond_signal(&h->work);
	}
	pthread_mutex_unlock(&h->lock);
}

size_t hosts_wait(struct hosts *h, unsigned int timeout_ms)
{
	struct timespec until;
	size_t missing;
	int err = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&h->lock);
	/* Without threads there will be no answer. */
	while (h->pending && h->threads && !err)
		err = pthread_cond_timedwait(&h->done, &h->lock, &until);
	missing = h->pending + h->failed;
	pthread_mutex_unlock(&h->lock);
	return missing;
}

enum host_answer hosts_name(struct hosts *h, enum addr_family family, const struct addr *addr,
			    const char **name)
{
	enum host_answer result = HOST_NOT_ASKED;
	const struct entry *e;
	struct addr normal;

	family = normalise(family, addr, &normal);
	if (addr_is_any(&normal))
		return HOST_NAMELESS;
	pthread_mutex_lock(&h->lock);
	e = find(h, family, &normal);
	if (e) {
		result = (enum host_answer)e->answer;
		*name = e->name;
	} else if (h->n >= ENTRIES_MAX) {
		result = HOST_FAILED;
	}
	pthread_mutex_unlock(&h->lock);
	return result;
}

uint64_t hosts_generation(struct hosts *h)
{
	uint64_t generation;

	pthread_mutex_lock(&h->lock);
	generation = h->generation;
	pthread_mutex_unlock(&h->lock);
	return generation;
}
