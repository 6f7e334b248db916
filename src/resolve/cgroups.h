/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the number of a cgroup to its path and systemd unit. */
#ifndef PORTSTAT_RESOLVE_CGROUPS_H
#define PORTSTAT_RESOLVE_CGROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

struct cgroup {
	const char *path; /* from the hierarchy's top: /system.slice/ssh.service; outside bytes */
	const char *unit; /* the innermost unit, ssh.service; NULL for none */
};

struct cgroups;

/*
 * Where the cgroup v2 hierarchy is mounted; NULL: one of the usual places (/sys/fs/cgroup, or
 * "unified" below it beside version 1), or wherever /proc/self/mountinfo has it.  Never NULL;
 * without a hierarchy no cgroup is known.
 */
struct cgroups *cgroups_new(const char *mount);

/* Is there a hierarchy?  Without one the numbers that sockets have stand for nothing. */
bool cgroups_is_there(const struct cgroups *c);

/*
 * The next mount of a whole cgroup v2 hierarchy in the text of a mountinfo (proc_pid_mountinfo(5)):
 * *pos is 0 at first and moves on; its path is added to out.  False at the end.
 */
bool cgroups_next_mount(const char *mountinfo, size_t len, size_t *pos, struct buf *out);
void cgroups_free(struct cgroups *c);

/* Forgets what was read: cgroups come and go.  For the start of a refresh. */
void cgroups_clear(struct cgroups *c);

/*
 * The cgroup of this id, the inode of its folder (sock_diag: INET_DIAG_CGROUP_ID).  The hierarchy
 * is read once, at the first call; from then on several threads may call it at once.  Borrowed until cgroups_clear() or cgroups_free(); NULL where
 * there is none, or it is outside of the reader's cgroup namespace.
 */
const struct cgroup *cgroups_find(struct cgroups *c, uint64_t id);

/* The id of the cgroup that has this path now, without reading the hierarchy.  False for none. */
bool cgroups_id(const struct cgroups *c, const char *path, uint64_t *id);

#endif
