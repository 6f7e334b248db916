/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kind of /proc a directory is, and whether it shows every process.  proc_root is a descriptor
 * of the directory.
 */
#ifndef PORTSTAT_RESOLVE_PROC_MOUNT_H
#define PORTSTAT_RESOLVE_PROC_MOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/problem.h"

/* Is it a procfs rather than a recorded tree? */
bool proc_is_procfs(int proc_root);

/* Are its pids those of the caller's own pid namespace?  False for a recorded tree. */
bool proc_is_own_namespace(int proc_root);

/*
 * How many files are open on this host (sys/fs/file-nr): an estimate of how long a walk over all
 * descriptors takes.  SIZE_MAX if unknown.
 */
size_t proc_open_files(int proc_root);

/*
 * May there be processes that it does not list: because of the hidepid option (proc(5)) without the
 * privilege to bypass it, or because it shows a pid namespace other than the host's?  False for a
 * recorded tree, which is complete by definition.
 */
bool proc_may_hide(int proc_root);

/* Which of the privileges needed to read every process the caller has. */
enum problem_viewer proc_viewer(int proc_root);

/*
 * Has the mount with this ID (the first field of a line of /proc/PID/mountinfo) the option hidepid
 * with a value that hides processes?
 */
bool proc_mount_hides(const char *mountinfo, size_t len, unsigned long long mount);

#endif
