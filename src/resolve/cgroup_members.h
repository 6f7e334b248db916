/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes of cgroups that may hold sockets, as far as every user may know. */
#ifndef PORTSTAT_RESOLVE_CGROUP_MEMBERS_H
#define PORTSTAT_RESOLVE_CGROUP_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct cgroup;
struct cgroups;

struct cgroup_member {
	uint64_t netns; /* inode of its net/tcp, which tells namespaces apart; 0: unknown */
	int32_t pid;
	uint32_t uid; /* effective */
	/* Once cgroup_member_name() has returned true: */
	bool has_name;
	int32_t parent; /* pid; 0 for none in our pid namespace */
	size_t name; /* where it starts in texts; bytes from outside */
	size_t name_len;
};

/* Zero-initialised is ready, once proc_root is set. */
struct cgroup_members {
	int proc_root; /* borrowed */
	struct cgroup_member *list;
	size_t n;
	size_t cap;
	size_t n_read; /* processes read, whether or not they are in the list */
	bool is_ready; /* the next two are known */
	bool is_other_namespace; /* the pids in this /proc are not ours */
	bool counts_descriptors; /* the size of /proc/PID/fd is their number (Linux 6.2) */
	struct buf texts;
};

void cgroup_members_fini(struct cgroup_members *m);
/* Empties it and keeps its memory. */
void cgroup_members_clear(struct cgroup_members *m);

/*
 * Adds the processes of a cgroup, found in cgroups by this ID, sorted by pid.  Those that cannot
 * hold a socket of somebody else are left out: without descriptors, or readable by this user.
 * Returns how many it added; 0 also where one of them cannot be judged: because of hidepid (proc(5)),
 * in another pid namespace, in cgroups below this one, or after the first two thousand in all.
 */
size_t cgroup_members_read(struct cgroup_members *m, const struct cgroups *cgroups, uint64_t id,
			   const struct cgroup *cgroup);

/* Reads the name and the parent of a process.  False if it has exited. */
bool cgroup_member_name(struct cgroup_members *m, struct cgroup_member *member);

/*
 * Replaces the content of out by the arguments of a process, each NUL-terminated; nothing if it has
 * exited.  What goes beyond some KiB is left out.
 */
void cgroup_member_cmdline(const struct cgroup_members *m, const struct cgroup_member *member,
			   struct buf *out);

#endif
