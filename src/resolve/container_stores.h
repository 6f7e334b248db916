/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What container runtimes keep on disk about their containers. */
#ifndef PORTSTAT_RESOLVE_CONTAINER_STORES_H
#define PORTSTAT_RESOLVE_CONTAINER_STORES_H

#include <stddef.h>

struct cgroup_container;

/* Texts are bytes that others chose, borrowed for the call and ended by NUL. */
struct container_record {
	const char *id; /* CONTAINER_ID_DIGITS digits */
	const char *name; /* NULL: the runtime gave none */
	const char *kube_namespace; /* both NULL where it is not one of Kubernetes */
	const char *kube_pod;
};

typedef void container_record_fn(void *data, const struct container_record *record);

/*
 * Reads the files below root, a folder like "/", in which the runtime of this container, which has
 * an id, would have written about it, and calls fn for each container found.  That may be several
 * and not this one: Podman keeps a list.  A file that is missing, not readable, or not what it
 * should be has none.
 *
 * Docker: config.v2.json in its data root (moby's container.Container).  Podman: containers.json
 * (c/storage).  containerd and CRI-O: the annotations in the bundle's config.json, as the CRI
 * plugin and CRI-O name them (OCI runtime-spec).
 */
void container_stores_read(int root, const struct cgroup_container *container,
			   container_record_fn *fn, void *data);

#endif
