/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the path of a cgroup says of the unit and the container that it belongs to. */
#ifndef PORTSTAT_RESOLVE_CGROUP_TEXT_H
#define PORTSTAT_RESOLVE_CGROUP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * The innermost systemd unit of the path (sshd.service, session-3.scope; no slices), as a part of
 * it.  False where there is none.
 */
bool cgroup_unit(const char *path, size_t len, const char **unit, size_t *unit_len);

/*
 * Adds the innermost container: of Docker, Podman, CRI-O and containerd the first 12 digits of its
 * id, as their tools show it; of LXC, systemd-nspawn and virtual machines the name.  False, and
 * nothing added, where there is none.
 */
bool cgroup_container(const char *path, size_t len, struct buf *out);

#endif
