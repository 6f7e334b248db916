/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves users, each once. */
#include <config.h>

#include "resolve/users.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "resolve/system_names.h"

struct users {
	struct map seen; /* uid to index in names */
	char **names; /* NULL where the uid has none */
	size_t n;
	size_t cap;
};

struct users *users_new(void)
{
	return mem_calloc(1, sizeof(struct users));
}

void users_free(struct users *u)
{
	if (!u)
		return;
	for (size_t i = 0; i < u->n; i++)
		free(u->names[i]);
	free(u->names);
	map_fini(&u->seen);
	free(u);
}

const char *users_name(struct users *u, uint32_t uid)
{
	struct system_user found = { 0 };
	uint32_t *index;
	bool is_new;

	if (!u)
		return NULL;
	index = map_add(&u->seen, uid, (uint32_t)u->n, &is_new);
	if (!is_new)
		return u->names[*index];
	system_user(NULL, uid, &found);
	u->names = mem_grow(u->names, u->n, &u->cap, sizeof(*u->names));
	u->names[u->n] = found.name;
	return u->names[u->n++];
}

bool users_uid(const char *name, size_t len, uint32_t *uid)
{
	struct system_user found;
	bool is_user;
	char *text;

	if (!len || memchr(name, '\0', len))
		return false;
	text = mem_strndup(name, len);
	is_user = system_user(text, 0, &found);
	if (is_user) {
		*uid = found.uid;
		free(found.name);
	}
	free(text);
	return is_user;
}
