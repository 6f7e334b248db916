/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves users, each once. */
#include <config.h>

#include "resolve/users.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "resolve/system_names.h"

struct user {
	uint32_t uid;
	char *name; /* NULL if it has none */
};

struct users {
	bool is_here;
	bool is_of_documents;
	bool is_shared;
	pthread_mutex_t lock; /* for all below */
	struct map seen; /* uid, of documents the hash of uid and name, to index in list */
	struct user *list;
	size_t n;
	size_t cap;
};

struct users *users_new(bool is_here)
{
	struct users *u = mem_calloc(1, sizeof(*u));

	u->is_here = is_here;
	pthread_mutex_init(&u->lock, NULL);
	return u;
}

struct users *users_new_of_documents(void)
{
	struct users *u = users_new(false);

	u->is_of_documents = true;
	return u;
}

bool users_are_of_documents(const struct users *u)
{
	return u && u->is_of_documents;
}

void users_share(struct users *u)
{
	u->is_shared = true;
}

void users_free(struct users *u)
{
	if (!u)
		return;
	for (size_t i = 0; i < u->n; i++)
		free(u->list[i].name);
	free(u->list);
	map_fini(&u->seen);
	pthread_mutex_destroy(&u->lock);
	free(u);
}

/* The entry of a key; *is_new: it was just added, without a name. */
static struct user *find_user(struct users *u, uint64_t key, uint32_t uid, bool *is_new)
{
	uint32_t index = *map_add(&u->seen, key, (uint32_t)u->n, is_new);

	if (*is_new) {
		u->list = mem_grow(u->list, u->n, &u->cap, sizeof(*u->list));
		u->list[u->n++] = (struct user){ .uid = uid };
	}
	return &u->list[index];
}

void users_tell(struct users *u, uint32_t uid, const char *name)
{
	uint64_t key = u->is_of_documents ? map_hash(uid, name, strlen(name)) : uid;
	bool is_new;
	struct user *user = find_user(u, key, uid, &is_new);

	if (is_new && *name)
		user->name = mem_strdup(name);
}

/* The caller holds the lock, if there is more than one thread. */
static const char *ask_name(struct users *u, uint32_t uid)
{
	struct system_user found = { 0 };
	struct user *user;
	uint32_t index;
	bool is_new;

	if (!u->is_here) {
		index = map_get(&u->seen, uid);
		return index == MAP_NONE ? NULL : u->list[index].name;
	}
	user = find_user(u, uid, uid, &is_new);
	if (!is_new)
		return user->name;
	if (system_user(NULL, uid, &found) && *found.name)
		user->name = found.name;
	else
		free(found.name);
	return user->name;
}

const char *users_name(struct users *u, uint32_t uid)
{
	const char *name;

	if (!u || u->is_of_documents)
		return NULL;
	if (!u->is_shared)
		return ask_name(u, uid);
	pthread_mutex_lock(&u->lock);
	name = ask_name(u, uid);
	pthread_mutex_unlock(&u->lock);
	return name;
}

const char *users_next(const struct users *u, size_t *at, uint32_t *uid)
{
	while (u && *at < u->n) {
		const struct user *user = &u->list[(*at)++];

		*uid = user->uid;
		if (user->name)
			return user->name;
	}
	return NULL;
}

/* Only where one uid has the name. */
static bool uid_told(const struct users *u, const char *name, size_t len, uint32_t *uid)
{
	bool is_found = false;

	for (size_t i = 0; i < u->n; i++) {
		const char *known = u->list[i].name;

		if (!known || strlen(known) != len || memcmp(known, name, len))
			continue;
		if (is_found && *uid != u->list[i].uid)
			return false;
		*uid = u->list[i].uid;
		is_found = true;
	}
	return is_found;
}

bool users_uid(const struct users *u, const char *name, size_t len, uint32_t *uid)
{
	struct system_user found;
	bool is_user;
	char *text;

	if (!u || !len || memchr(name, '\0', len))
		return false;
	if (!u->is_here)
		return uid_told(u, name, len, uid);
	text = mem_strndup(name, len);
	is_user = system_user(text, 0, &found);
	if (is_user) {
		*uid = found.uid;
		free(found.name);
	}
	free(text);
	return is_user;
}
