/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Acting with no more than the caller's own privileges.  The program's file may carry capabilities
 * or a set-user-ID bit (setcap(8)): they are for looking at sockets and processes, not for opening
 * files that the caller names.
 */
#ifndef PORTSTAT_BASE_CALLER_H
#define PORTSTAT_BASE_CALLER_H

#include <linux/capability.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct buf;

/* Do we run with privileges that the caller lacks (AT_SECURE, getauxval(3))? */
bool caller_lacks_privileges(void);

struct caller_scope {
	bool is_limited;
	uid_t fsuid;
	gid_t fsgid;
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];
};

/*
 * Between these two calls the calling thread has only the caller's permissions.  This must include
 * reading, because some files in /proc check permissions at each read(2).  If the caller has all
 * our privileges, both do nothing.  caller_enter() returns 0, or -errno if the privileges cannot
 * be dropped; then do not open anything.
 */
int caller_enter(struct caller_scope *scope);
void caller_leave(const struct caller_scope *scope);

/*
 * As caller_enter(), with no more than the permissions of that user; supplementary groups stay.
 * -EPERM if we may not act for this user.
 */
int caller_enter_user(struct caller_scope *scope, uid_t uid, gid_t gid);

/* open(2) within such a scope.  A descriptor, or -errno. */
int caller_open(const char *path, int flags, mode_t mode);

/* Adds a whole file, opened and read within such a scope; -EFBIG beyond max bytes.  0 or -errno. */
int caller_read_file(const char *path, size_t max, struct buf *out);

/*
 * Drops the privileges permanently; call it before starting threads.  Returns 0 or -errno.
 */
int caller_become(void);

#endif
