/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves host names to addresses, each in a thread that is abandoned if it takes too long. */
#include <config.h>

#include "resolve/host_addrs.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/thread.h"
#include "resolve/system_names.h"

/* RFC 1035 section 2.3.4, written with dots. */
#define NAME_MAX_LEN 253

/* Shared by the caller and the lookup thread; the last of them to finish frees it. */
struct lookup {
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool is_done;
	bool is_abandoned; /* the caller has given up */
	char name[NAME_MAX_LEN + 1];
	struct host_addr list[HOST_ADDRS_MAX];
	size_t n;
};

bool host_is_name(const char *name, size_t len)
{
	bool has_letter = false;

	if (!len || len > NAME_MAX_LEN || *name == '-' || *name == '.')
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = name[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!is_letter && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_')
			return false;
		if (c == '.' && i + 1 < len)
			has_letter = false;
		has_letter |= is_letter;
	}
	return has_letter;
}

static void lookup_free(struct lookup *l)
{
	pthread_cond_destroy(&l->done);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

static void *look_up(void *data)
{
	struct lookup *l = data;
	bool is_abandoned;

	l->n = system_host_addrs(l->name, l->list);
	pthread_mutex_lock(&l->lock);
	l->is_done = true;
	is_abandoned = l->is_abandoned;
	pthread_cond_signal(&l->done);
	pthread_mutex_unlock(&l->lock);
	if (is_abandoned)
		lookup_free(l);
	return NULL;
}

/* A resolved name; n is 0 if it has no address or the lookup was abandoned. */
struct host_found {
	struct host_found *next;
	char name[NAME_MAX_LEN + 1];
	struct host_addr list[HOST_ADDRS_MAX];
	size_t n;
};

static struct lookup *lookup_new(const char *name, size_t len)
{
	struct lookup *l = mem_calloc(1, sizeof(*l));
	pthread_condattr_t monotonic;

	pthread_mutex_init(&l->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&l->done, &monotonic);
	pthread_condattr_destroy(&monotonic);
	memcpy(l->name, name, len);
	return l;
}

static struct timespec after(unsigned int ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	return until;
}

static unsigned int left_until(const struct timespec *until)
{
	struct timespec now;
	int64_t ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (int64_t)(until->tv_sec - now.tv_sec) * 1000 +
	     (until->tv_nsec - now.tv_nsec) / 1000000;
	return ms > 0 ? (unsigned int)ms : 0;
}

/* Waits for the answer until then and copies it to out. */
static void await(struct lookup *l, const struct timespec *until, struct host_found *out)
{
	bool is_done;

	pthread_mutex_lock(&l->lock);
	while (!l->is_done && !pthread_cond_timedwait(&l->done, &l->lock, until))
		;
	is_done = l->is_done;
	l->is_abandoned = !is_done;
	if (is_done) {
		out->n = l->n;
		memcpy(out->list, l->list, sizeof(out->list));
	}
	pthread_mutex_unlock(&l->lock);
	/* The lookup thread has unlocked it before we could lock it, so it is done with l. */
	if (is_done)
		lookup_free(l);
}

static void find(struct host_finder *f, struct host_found *found, size_t len)
{
	struct timespec until = after(f->left_ms);
	struct lookup *l = lookup_new(found->name, len);
	pthread_t thread;

	if (thread_start(&thread, look_up, l)) {
		lookup_free(l);
		return;
	}
	pthread_detach(thread);
	await(l, &until, found);
	f->left_ms = left_until(&until);
}

size_t host_finder_addrs(struct host_finder *f, const char *name, size_t len,
			 const struct host_addr **list)
{
	struct host_found *found = f->found;

	if (!host_is_name(name, len))
		return 0;
	while (found && !text_is(name, len, found->name))
		found = found->next;
	if (!found) {
		found = mem_calloc(1, sizeof(*found));
		memcpy(found->name, name, len);
		found->next = f->found;
		f->found = found;
		if (f->left_ms)
			find(f, found, len);
	}
	*list = found->list;
	return found->n;
}

void host_finder_fini(struct host_finder *f)
{
	while (f->found) {
		struct host_found *next = f->found->next;

		free(f->found);
		f->found = next;
	}
}
