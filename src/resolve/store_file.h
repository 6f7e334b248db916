/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that container runtimes and users wrote, read by somebody who may be root. */
#ifndef PORTSTAT_RESOLVE_STORE_FILE_H
#define PORTSTAT_RESOLVE_STORE_FILE_H

#include <stdint.h>
#include <sys/types.h>

struct buf;

#define STORE_FILE_MAX (4U << 20)

/*
 * Adds the whole file at path, which begins below the folder root; a slash in front counts for
 * nothing.  0 or -errno: -ELOOP where a link stands on the way, -EXDEV where the way leads out of
 * root, -EINVAL where it is no regular file, -EFBIG above STORE_FILE_MAX, -ENOSYS before Linux 5.6,
 * where nothing is read because links on the way could not be refused.
 */
int store_file_read(int root, const char *path, struct buf *out);

/* A user of the host below root, as its /etc/passwd has it. */
struct store_user {
	uid_t uid;
	gid_t gid;
	const char *home; /* ended by NUL; borrowed */
};

/*
 * The same below the user's home and with no more than the user's permissions.  What the user can
 * mount there is not entered: it could block for ever.  -EPERM where we may not act for the user.
 */
int store_user_file_read(int root, const struct store_user *user, const char *path,
			 struct buf *out);

#endif
