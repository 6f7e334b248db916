/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves users, each once. */
#include <config.h>

#include "resolve/users.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"

/* Larger than any entry of a password database: where to stop growing the buffer. */
#define ENTRY_MAX_BYTES (1U << 20)

struct told_user {
	uint32_t uid;
	char *name;
};

struct users {
	bool is_told;
	struct told_user *told;
	size_t n_told;
	size_t told_cap;
	struct map seen; /* uid to index in names */
	char **names; /* NULL where the uid has none */
	size_t n;
	size_t cap;
};

struct users *users_new(void)
{
	return mem_calloc(1, sizeof(struct users));
}

struct users *users_new_told(void)
{
	struct users *u = users_new();

	u->is_told = true;
	return u;
}

bool users_are_told(const struct users *u)
{
	return u && u->is_told;
}

void users_tell(struct users *u, uint32_t uid, const char *name)
{
	uint64_t key = map_hash(uid, name, strlen(name));
	bool is_new;

	map_add(&u->seen, key, 0, &is_new);
	if (!is_new)
		return;
	u->told = mem_grow(u->told, u->n_told, &u->told_cap, sizeof(*u->told));
	u->told[u->n_told++] = (struct told_user){ uid, mem_strdup(name) };
}

void users_free(struct users *u)
{
	if (!u)
		return;
	for (size_t i = 0; i < u->n_told; i++)
		free(u->told[i].name);
	free(u->told);
	for (size_t i = 0; i < u->n; i++)
		free(u->names[i]);
	free(u->names);
	map_fini(&u->seen);
	free(u);
}

/*
 * Finds the entry of name or, if name is NULL, of uid.  Its strings are in *room, which the caller
 * frees.  Returns NULL if there is none.
 */
static const struct passwd *find(const char *name, uid_t uid, struct passwd *entry, char **room)
{
	struct passwd *found = NULL;
	size_t size = 1024;
	int err;

	*room = mem_alloc(size);
	for (;;) {
		err = name ? getpwnam_r(name, entry, *room, size, &found)
			   : getpwuid_r(uid, entry, *room, size, &found);
		if (err != ERANGE || size >= ENTRY_MAX_BYTES)
			break;
		size *= 2;
		*room = mem_resize(*room, size, 1);
	}
	return err ? NULL : found;
}

const char *users_name(struct users *u, uint32_t uid)
{
	const struct passwd *found;
	struct passwd entry;
	uint32_t *index;
	bool is_new;
	char *room;

	if (!u || u->is_told)
		return NULL;
	index = map_add(&u->seen, uid, (uint32_t)u->n, &is_new);
	if (!is_new)
		return u->names[*index];
	found = find(NULL, uid, &entry, &room);
	u->names = mem_grow(u->names, u->n, &u->cap, sizeof(*u->names));
	u->names[u->n] = found && *found->pw_name ? mem_strdup(found->pw_name) : NULL;
	free(room);
	return u->names[u->n++];
}

bool users_uid(const char *name, size_t len, uint32_t *uid)
{
	const struct passwd *found;
	struct passwd entry;
	char *text, *room;

	if (!len || memchr(name, '\0', len))
		return false;
	text = mem_strndup(name, len);
	found = find(text, 0, &entry, &room);
	if (found)
		*uid = found->pw_uid;
	free(room);
	free(text);
	return found;
}

bool users_find(const struct users *u, const char *name, size_t len, uint32_t *uid)
{
	bool is_found = false;

	if (!users_are_told(u))
		return users_uid(name, len, uid);
	for (size_t i = 0; i < u->n_told; i++) {
		const struct told_user *told = &u->told[i];

		if (strlen(told->name) != len || memcmp(told->name, name, len) != 0)
			continue;
		if (is_found && *uid != told->uid)
			return false;
		*uid = told->uid;
		is_found = true;
	}
	return is_found;
}
