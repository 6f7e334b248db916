/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the systemd unit and the container in the path of a cgroup. */
#ifndef PORTSTAT_RESOLVE_CGROUP_TEXT_H
#define PORTSTAT_RESOLVE_CGROUP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

#define CONTAINER_ID_DIGITS 64U

/* Who made a container, as far as the path of its cgroup tells. */
enum container_runtime {
	CONTAINER_DOCKER,
	CONTAINER_PODMAN,
	CONTAINER_CONTAINERD,
	CONTAINER_CRIO,
	CONTAINER_ANY, /* an id without a word: containerd, CRI-O or Docker below kubepods */
	CONTAINER_LXC, /* LXC, LXD, Incus */
	CONTAINER_MACHINE, /* systemd-nspawn, and virtual machines of systemd-machined */
};

/* A container as the path of its cgroup has it.  Texts are borrowed from the path. */
struct cgroup_container {
	enum container_runtime runtime;
	const char *id; /* CONTAINER_ID_DIGITS lower-case hexadecimal digits; NULL: it has none */
	const char *name; /* without NUL; NULL if there is an id; see cgroup_container_name() */
	size_t name_len;
	bool is_nested; /* inside another container, so that this host has no files about it */
	uint32_t uid; /* whose it is: 0, or the user below whose slice it runs */
};

/*
 * The innermost systemd unit in the path (sshd.service, session-3.scope; no slices); *unit points
 * into the path.  False if there is none.
 */
bool cgroup_unit(const char *path, size_t len, const char **unit, size_t *unit_len);

/* The innermost container of the path.  False where there is none, and *out is undefined. */
bool cgroup_container(const char *path, size_t len, struct cgroup_container *out);

/*
 * Adds what a container is called by its path alone: the name, with the escapes of a unit's name
 * turned back (systemd.unit(5)), or the first 12 digits of the id, as its runtime's tools show it.
 */
void cgroup_container_name(const struct cgroup_container *container, struct buf *out);

#endif
