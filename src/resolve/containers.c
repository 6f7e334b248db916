/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the path of a cgroup to the container that it belongs to. */
#include <config.h>

#include "resolve/containers.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "resolve/container_stores.h"

/* On the heap by itself: what was handed out stays where it is. */
struct entry {
	struct container container;
	char *key; /* see set_key() */
	size_t key_len;
	char *name;
	char *id;
	char *pod;
	uint32_t next; /* of the same hash; MAP_NONE ends */
};

struct containers {
	int at;
	const char *path; /* of root; NULL for none */
	pthread_mutex_t lock; /* for all below */
	int root; /* -1: not opened */
	struct entry **entries;
	size_t n;
	size_t cap;
	struct map by_hash; /* to the last entry of a hash */
	struct buf key; /* of the container that is looked for, or added */
};

struct containers *containers_new(int at, const char *root)
{
	struct containers *c = mem_calloc(1, sizeof(*c));

	c->at = at;
	c->path = root;
	c->root = -1;
	pthread_mutex_init(&c->lock, NULL);
	return c;
}

static void entry_free(struct entry *entry)
{
	free(entry->key);
	free(entry->name);
	free(entry->id);
	free(entry->pod);
	free(entry);
}

void containers_clear(struct containers *c)
{
	for (size_t i = 0; i < c->n; i++)
		entry_free(c->entries[i]);
	c->n = 0;
	map_clear(&c->by_hash);
}

void containers_free(struct containers *c)
{
	if (!c)
		return;
	containers_clear(c);
	if (c->root >= 0)
		close(c->root);
	free(c->entries);
	map_fini(&c->by_hash);
	buf_fini(&c->key);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

/*
 * Who may call a container so, and what it is called: an id in the cgroups of a user, or inside
 * another container, is not the same one's among those of the system.
 */
static void set_key(struct containers *c, const struct cgroup_container *where, const char *id,
		    size_t len)
{
	const char head[] = { (char)where->runtime, (char)where->is_nested };

	buf_clear(&c->key);
	buf_add(&c->key, head, sizeof(head));
	buf_add(&c->key, (const char *)&where->uid, sizeof(where->uid));
	buf_add(&c->key, id, len);
}

/* As FNV-1a, eight bytes at a time: it is asked for each cell of a table. */
static uint64_t hash(const struct buf *key)
{
	uint64_t h = 0xcbf29ce484222325U;

	for (size_t at = 0; at < key->len; at += sizeof(uint64_t)) {
		size_t left = key->len - at;
		uint64_t word = 0;

		memcpy(&word, key->data + at, left < sizeof(word) ? left : sizeof(word));
		h = (h ^ word) * 0x100000001b3U;
		h ^= h >> 32;
	}
	return h;
}

/* The entry of the key, NULL where there is none. */
static struct entry *find(const struct containers *c)
{
	uint32_t i = map_get(&c->by_hash, hash(&c->key));

	for (; i != MAP_NONE; i = c->entries[i]->next) {
		struct entry *e = c->entries[i];

		if (e->key_len == c->key.len && !memcmp(e->key, c->key.data, e->key_len))
			return e;
	}
	return NULL;
}

/* Adds an entry of the key, which has none yet. */
static struct entry *add(struct containers *c)
{
	uint32_t *last = map_add(&c->by_hash, hash(&c->key), (uint32_t)c->n, NULL);
	struct entry *e = mem_calloc(1, sizeof(*e));

	e->key = mem_strndup(c->key.data, c->key.len);
	e->key_len = c->key.len;
	e->next = *last == c->n ? MAP_NONE : *last;
	*last = (uint32_t)c->n;
	c->entries = mem_grow(c->entries, c->n, &c->cap, sizeof(*c->entries));
	c->entries[c->n++] = e;
	return e;
}

/* Takes over name and pod. */
static struct entry *add_container(struct containers *c, const struct cgroup_container *where,
				   const char *id, char *name, char *pod)
{
	struct entry *e = add(c);

	e->name = name;
	e->pod = pod;
	e->id = id ? mem_strndup(id, CONTAINER_ID_DIGITS) : NULL;
	e->container = (struct container){
		.runtime = where->runtime,
		.name = e->name,
		.id = e->id,
		.pod = e->pod,
	};
	return e;
}

static char *path_name(const struct cgroup_container *where)
{
	struct buf name = { 0 };
	char *text;

	cgroup_container_name(where, &name);
	text = mem_strndup(name.data, name.len);
	buf_fini(&name);
	return text;
}

static char *pod_name(const struct container_record *record)
{
	struct buf pod = { 0 };
	char *text;

	if (!record->kube_pod)
		return NULL;
	buf_printf(&pod, "%s/%s", record->kube_namespace, record->kube_pod);
	text = mem_strdup(buf_cstr(&pod));
	buf_fini(&pod);
	return text;
}

struct reading {
	struct containers *c;
	const struct cgroup_container *where;
};

static void on_record(void *data, const struct container_record *record)
{
	const struct reading *reading = data;
	struct cgroup_container one = *reading->where;

	one.id = record->id;
	set_key(reading->c, &one, record->id, CONTAINER_ID_DIGITS);
	if (!find(reading->c))
		add_container(reading->c, &one, record->id,
			      record->name ? mem_strdup(record->name) : path_name(&one),
			      pod_name(record));
}

/* Is this the first container for which the lists of its runtime would be read? */
static bool is_first(struct containers *c, const struct cgroup_container *where)
{
	if (where->runtime != CONTAINER_PODMAN)
		return true;
	set_key(c, where, NULL, 0);
	if (find(c))
		return false;
	add(c);
	return true;
}

static bool has_root(struct containers *c)
{
	if (c->root < 0 && c->path)
		c->root = openat(c->at, c->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return c->root >= 0;
}

static const struct container *find_or_read(struct containers *c,
					    const struct cgroup_container *where)
{
	const char *text = where->id ? where->id : where->name;
	size_t len = where->id ? CONTAINER_ID_DIGITS : where->name_len;
	struct reading reading = { c, where };
	struct entry *e;

	set_key(c, where, text, len);
	e = find(c);
	if (!e && where->id && !where->is_nested && has_root(c) && is_first(c, where))
		container_stores_read(c->root, where, on_record, &reading);
	set_key(c, where, text, len);
	e = e ? e : find(c);
	e = e ? e : add_container(c, where, where->id, path_name(where), NULL);
	return &e->container;
}

const struct container *containers_find(struct containers *c, const char *path, size_t len)
{
	const struct container *container;
	struct cgroup_container where;

	if (!cgroup_container(path, len, &where))
		return NULL;
	pthread_mutex_lock(&c->lock);
	container = find_or_read(c, &where);
	pthread_mutex_unlock(&c->lock);
	return container;
}
