/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the path of a cgroup to the container that it belongs to. */
#ifndef PORTSTAT_RESOLVE_CONTAINERS_H
#define PORTSTAT_RESOLVE_CONTAINERS_H

#include <stddef.h>

#include "resolve/cgroup_text.h"

/* Texts are bytes that others chose, ended by NUL. */
struct container {
	enum container_runtime runtime;
	const char
		*name; /* that the runtime gave, else the first 12 digits of the id; never NULL */
	const char *id; /* CONTAINER_ID_DIGITS digits; NULL where the runtime has names alone */
	const char *pod; /* Kubernetes: "namespace/pod"; NULL for none */
};

struct containers;

/*
 * root: path of a folder like "/", in which the runtimes' files stand (container_stores.h), from the
 * folder at on; opened when the first file is wanted.  Both are borrowed until containers_free().
 * NULL for none: all that is known then is what the paths of cgroups say.  Never NULL.
 */
struct containers *containers_new(int at, const char *root);
void containers_free(struct containers *c);

/* Forgets what was read: containers come, go and are renamed.  For the start of a refresh. */
void containers_clear(struct containers *c);

/*
 * The innermost container of the path.  Files about it are read at the first call that needs them,
 * never those about others, but for lists.  Several threads may call it at once.  Borrowed until
 * containers_clear() or containers_free(); NULL where the path leads to none.
 */
const struct container *containers_find(struct containers *c, const char *path, size_t len);

#endif
