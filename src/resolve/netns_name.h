/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What network namespaces are called. */
#ifndef PORTSTAT_RESOLVE_NETNS_NAME_H
#define PORTSTAT_RESOLVE_NETNS_NAME_H

#include <stdbool.h>

struct containers;
struct netns;

/* Where ip-netns(8) mounts namespaces, each called by the last part of its path; then NULL. */
extern const char *const netns_folders[];

/* Is this where ip-netns(8) mounts namespaces?  path: NULL is nowhere. */
bool netns_is_named(const char *path);

/*
 * The name of a namespace by its other fields, as netns_find() describes it, to be freed with
 * free(3); never NULL.  Sets its container_id.
 */
char *netns_find_name(struct netns *ns, int proc_root, struct containers *containers);

#endif
