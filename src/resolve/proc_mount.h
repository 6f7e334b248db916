/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kind of /proc a directory is, and whether it shows every process. */
#ifndef PORTSTAT_RESOLVE_PROC_MOUNT_H
#define PORTSTAT_RESOLVE_PROC_MOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/problem.h"

/* Is it a procfs, and not a recorded tree? */
bool proc_is_procfs(int proc_root);

/* Does it count processes as the caller's own pid namespace does?  False for a recorded tree. */
bool proc_is_own_namespace(int proc_root);

/*
 * How many files this host has open (sys/fs/file-nr), a measure of what a walk over all descriptors
 * takes.  SIZE_MAX where it cannot be told.
 */
size_t proc_open_files(int proc_root);

/*
 * May there be processes that it does not list: by the hidepid option (proc(5)) without the
 * privilege to look through it, or because it shows a pid namespace that is not the host's?  A
 * recorded tree lists what it lists: false.
 */
bool proc_may_hide(int proc_root);

/* What the caller has, or lacks, that reading every process takes. */
enum problem_viewer proc_viewer(int proc_root);

/*
 * Has the mount of this number (first field of a line of /proc/PID/mountinfo) the option hidepid in
 * a form that hides processes?
 */
bool proc_mount_hides(const char *mountinfo, size_t len, unsigned long long mount);

#endif
