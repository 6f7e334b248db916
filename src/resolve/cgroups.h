/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves the ID of a cgroup to its path and systemd unit. */
#ifndef PORTSTAT_RESOLVE_CGROUPS_H
#define PORTSTAT_RESOLVE_CGROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

struct cgroup {
	const char *path; /* absolute: /system.slice/ssh.service; bytes from outside */
	const char *unit; /* the innermost unit: ssh.service; NULL if there is none */
};

struct cgroups;

/*
 * mount: where the cgroup v2 hierarchy is mounted.  NULL: searches the usual places
 * (/sys/fs/cgroup, or "unified" below it beside version 1), then /proc/self/mountinfo.  Never
 * returns NULL; without a hierarchy no cgroup is found.
 */
struct cgroups *cgroups_new(const char *mount);

/* Is there a hierarchy?  Without one, the cgroup IDs of sockets have no meaning. */
bool cgroups_is_there(const struct cgroups *c);

/*
 * Iterates over the mounts of a whole cgroup v2 hierarchy in the text of a mountinfo file
 * (proc_pid_mountinfo(5)): set *pos to 0 before the first call.  Adds the path of the mount to out.
 * False at the end.
 */
bool cgroups_next_mount(const char *mountinfo, size_t len, size_t *pos, struct buf *out);
void cgroups_free(struct cgroups *c);

/*
 * Forgets all cgroups, so that the next call of cgroups_find() reads the hierarchy again.  For the
 * start of a refresh, because cgroups are created and removed.
 */
void cgroups_clear(struct cgroups *c);

/*
 * The cgroup with this ID, the inode number of its directory (sock_diag: INET_DIAG_CGROUP_ID).  The
 * first call reads the hierarchy; after that several threads may call it at once.  Returns NULL if
 * there is none, or if it is outside the reader's cgroup namespace.  Borrowed until cgroups_clear()
 * or cgroups_free().
 */
const struct cgroup *cgroups_find(struct cgroups *c, uint64_t id);

/* Is it the root, as far as this process sees the hierarchy? */
bool cgroup_is_root(const struct cgroup *cgroup);

/*
 * Adds the file cgroup.procs (cgroups(7)) of a cgroup as cgroups_find() returned it for this ID: the
 * pids of its processes, one a line; 0 for a process that has none in our pid namespace.  Returns 0,
 * or -errno; -ENOENT also if another cgroup has taken the path, and -EISDIR if there are cgroups
 * below this one, where its processes may be.
 */
int cgroups_procs(const struct cgroups *c, uint64_t id, const struct cgroup *cgroup,
		  struct buf *out);

/* The ID of the cgroup with this path, without reading the hierarchy.  False if there is none. */
bool cgroups_id(const struct cgroups *c, const char *path, uint64_t *id);

#endif
