/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the systemd unit and the container in the path of a cgroup. */
#ifndef PORTSTAT_RESOLVE_CGROUP_TEXT_H
#define PORTSTAT_RESOLVE_CGROUP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * The innermost systemd unit in the path (sshd.service, session-3.scope; no slices); *unit points
 * into the path.  False if there is none.
 */
bool cgroup_unit(const char *path, size_t len, const char **unit, size_t *unit_len);

/*
 * Adds the innermost container to out: for Docker, Podman, CRI-O and containerd the first 12 digits
 * of its ID, as their tools print it; for LXC, systemd-nspawn and virtual machines the name.
 * False, and out unchanged, if there is none.
 */
bool cgroup_container(const char *path, size_t len, struct buf *out);

#endif
