/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that container runtimes and users wrote, read by somebody who may be root. */
#include <config.h>

#include "resolve/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/caller.h"
#include "base/io.h"

/* openat2(2) has no wrapper in the C library.  A descriptor or -errno. */
static int open_below(int dir, const char *path, int flags, uint64_t resolve)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = resolve | RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};
	long fd;

	while (*path == '/')
		path++;
	fd = syscall(SYS_openat2, dir, *path ? path : ".", &how, sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

static int read_below(int dir, const char *path, uint64_t resolve, struct buf *out)
{
	/* O_NONBLOCK: a FIFO would wait for its writer. */
	int fd = open_below(dir, path, O_RDONLY | O_NOCTTY | O_NONBLOCK, resolve), err = 0;
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st))
		err = -errno;
	else if (!S_ISREG(st.st_mode))
		err = -EINVAL;
	else if (st.st_size > (off_t)STORE_FILE_MAX)
		err = -EFBIG;
	else
		err = io_read_all(fd, out->len + STORE_FILE_MAX, out);
	close(fd);
	return err;
}

int store_file_read(int root, const char *path, struct buf *out)
{
	return read_below(root, path, 0, out);
}

int store_user_file_read(int root, const struct store_user *user, const char *path, struct buf *out)
{
	struct caller_scope scope;
	int home, err = caller_enter_user(&scope, user->uid, user->gid);

	if (err)
		return err;
	home = open_below(root, user->home, O_PATH | O_DIRECTORY, 0);
	err = home < 0 ? home : read_below(home, path, RESOLVE_NO_XDEV, out);
	if (home >= 0)
		close(home);
	caller_leave(&scope);
	return err;
}
