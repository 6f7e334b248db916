/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sockets of one listing, without duplicates, in one array. */
#include <config.h>

#include "model/sock_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A block in extra: this head, len bytes, padding to 4.  The blocks of a socket are adjacent. */
struct extra_head {
	uint16_t kind;
	uint16_t is_last;
	uint32_t len;
};

/* Offset 0 means "none", so the first block starts after some padding. */
#define EXTRA_START 4

/* Attributes that take less are not worth the holes that they leave when they are freed. */
#define EXTRA_WORTH_FREEING (256U << 10)

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

void sock_table_fini(struct sock_table *t)
{
	free(t->socks);
	map_fini(&t->seen);
	buf_fini(&t->extra);
	*t = (struct sock_table){ 0 };
}

void sock_table_clear(struct sock_table *t)
{
	t->n = 0;
	map_clear(&t->seen);
	/* Unless there were far more attributes before. */
	if (t->extra.cap >= EXTRA_WORTH_FREEING && t->extra.cap / 4 > t->extra.len)
		buf_fini(&t->extra);
	buf_clear(&t->extra);
}

void sock_table_reserve(struct sock_table *t, size_t n)
{
	if (n <= t->cap)
		return;
	t->socks = mem_resize(t->socks, n, sizeof(*t->socks));
	t->cap = n;
}

void sock_table_forget_extras(struct sock_table *t)
{
	t->extra_before = t->extra.len;
	if (t->extra.cap >= EXTRA_WORTH_FREEING)
		buf_fini(&t->extra);
	buf_clear(&t->extra);
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	return (h ^ v) * 0x9e3779b97f4a7c15U;
}

static uint64_t mix_endpoint(uint64_t h, const struct endpoint *e)
{
	uint64_t halves[2];

	memcpy(halves, e->addr.bytes, sizeof(halves));
	return mix(mix(mix(h, halves[0]), halves[1]), e->port);
}

/*
 * Cookies are assigned from a counter: one map entry is a bitmap of 16 consecutive ones, so that
 * the map fits better into the cache.  Keys of other identities have the top bit set, to be
 * distinct.
 */
#define COOKIE_BITS 4
#define NO_COOKIE (1ULL << 63)

static bool is_new_cookie(struct sock_table *t, uint64_t cookie)
{
	uint32_t bit = 1U << (cookie & ((1U << COOKIE_BITS) - 1));
	bool added;
	uint32_t *bits = map_add(&t->seen, cookie >> COOKIE_BITS, bit, &added);

	if (!added && (*bits & bit))
		return false;
	*bits |= bit;
	return true;
}

static uint64_t identity_hash(const struct sock *sk)
{
	uint64_t h;

	h = mix(sk->inode, (uint64_t)sk->proto << 16 | (uint64_t)sk->family << 8 | sk->state);
	h = mix(h, (uint64_t)sk->netns << 8 | sk->ip_protocol);
	h = mix_endpoint(mix_endpoint(h, &sk->local), &sk->remote);
	return h | NO_COOKIE;
}

static bool is_same(const struct sock *a, const struct sock *b)
{
	return a->inode == b->inode && a->proto == b->proto && a->family == b->family &&
	       a->state == b->state && a->netns == b->netns && a->ip_protocol == b->ip_protocol &&
	       !memcmp(&a->local, &b->local, sizeof(a->local)) &&
	       !memcmp(&a->remote, &b->remote, sizeof(a->remote));
}

/* If different sockets have the same hash, the next one takes the next key. */
static bool is_new_identity(struct sock_table *t, const struct sock *sk)
{
	for (uint64_t key = identity_hash(sk);; key = (key + 1) | NO_COOKIE) {
		bool added;
		uint32_t at = *map_add(&t->seen, key, (uint32_t)t->n, &added);

		if (added)
			return true;
		if (is_same(&t->socks[at], sk))
			return false;
	}
}

static inline struct sock *append(struct sock_table *t, const struct sock *sk)
{
	t->socks = mem_grow(t->socks, t->n, &t->cap, sizeof(*t->socks));
	t->socks[t->n] = *sk;
	t->socks[t->n].extra = 0;
	return &t->socks[t->n++];
}

struct sock *sock_table_add(struct sock_table *t, const struct sock *sk)
{
	bool is_new = sock_has(sk, SOCK_HAS_COOKIE) ? is_new_cookie(t, sk->cookie)
						    : is_new_identity(t, sk);

	return is_new ? append(t, sk) : NULL;
}

struct sock *sock_table_append(struct sock_table *t, const struct sock *sk)
{
	return append(t, sk);
}

/* All at once: to enlarge the memory again and again moves it as often. */
static void start_extras(struct sock_table *t)
{
	buf_reserve(&t->extra, EXTRA_START + t->extra_before);
	buf_fill(&t->extra, 0, EXTRA_START);
}

bool sock_table_join_extras(struct sock_table *t, const struct sock_table *from, uint32_t *shift)
{
	if (!t->extra.len)
		start_extras(t);
	if (t->extra.len + from->extra.len > UINT32_MAX)
		return false;
	*shift = (uint32_t)t->extra.len - EXTRA_START;
	if (from->extra.len)
		buf_add(&t->extra, from->extra.data + EXTRA_START, from->extra.len - EXTRA_START);
	return true;
}

void sock_table_attach(struct sock_table *t, enum sock_extra kind, const void *data, size_t len)
{
	struct extra_head head = { .kind = (uint16_t)kind, .is_last = 1, .len = (uint32_t)len };
	struct sock *sk = &t->socks[t->n - 1];
	size_t at = sk->extra, gap = padded(len) - len;
	char *to;

	if (!t->extra.len)
		start_extras(t);
	if (t->extra.len + sizeof(head) + padded(len) > UINT32_MAX)
		return;
	while (at) {
		struct extra_head before;

		memcpy(&before, t->extra.data + at, sizeof(before));
		if (before.is_last) {
			before.is_last = 0;
			memcpy(t->extra.data + at, &before, sizeof(before));
			break;
		}
		at += sizeof(before) + padded(before.len);
	}
	if (!sk->extra)
		sk->extra = (uint32_t)t->extra.len;
	to = buf_reserve(&t->extra, sizeof(head) + len + gap);
	memcpy(to, &head, sizeof(head));
	if (len)
		memcpy(to + sizeof(head), data, len);
	memset(to + sizeof(head) + len, 0, gap);
	t->extra.len += sizeof(head) + len + gap;
}

const void *sock_table_extra(const struct sock_table *t, const struct sock *sk,
			     enum sock_extra kind, size_t *len)
{
	size_t at = t->extra.len ? sk->extra : 0;

	while (at) {
		struct extra_head head;

		memcpy(&head, t->extra.data + at, sizeof(head));
		if (head.kind == kind) {
			*len = head.len;
			return t->extra.data + at + sizeof(head);
		}
		at = head.is_last ? 0 : at + sizeof(head) + padded(head.len);
	}
	return NULL;
}
