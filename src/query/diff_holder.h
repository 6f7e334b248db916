/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who holds a row, in words that a restart does not change. */
#ifndef PORTSTAT_QUERY_DIFF_HOLDER_H
#define PORTSTAT_QUERY_DIFF_HOLDER_H

#include <stddef.h>

struct buf;
struct row;
struct snapshot;

/* Adds the unit; nothing for a scope, whose name is different after each start. */
void diff_add_unit(const struct snapshot *snap, const struct row *row, struct buf *out);

/*
 * Adds the pod without its random suffix and the container's name, or only that; nothing for a
 * container that is known by its id alone.
 */
void diff_add_container(const struct snapshot *snap, const struct row *row, struct buf *out);

/* Adds the names of the owners, sorted, each once, each ended by NUL. */
void diff_add_names(const struct snapshot *snap, const struct row *row, struct buf *out);

/*
 * The length of a pod's name without the suffix that Kubernetes adds: web-5d4f8c7b9d-x2x7k is web of a
 * deployment, log-x2x7k log of a daemon set.
 */
size_t diff_pod_stem(const char *name, size_t len);

#endif
