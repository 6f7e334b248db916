/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads directories and files of /proc, relative to a descriptor, without an allocation per entry.
 */
#include <config.h>

#include "resolve/proc_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"

#define READ_BYTES 4096U

const char *proc_dir_next(struct proc_dir *d)
{
	const struct dirent *entry;

	if (d->pos == d->len) {
		/* With 64-bit file offsets, which we use, libc's struct dirent is the kernel's. */
		ssize_t n = syscall(SYS_getdents64, d->fd, d->room, PROC_DIR_ROOM);

		if (n < 0)
			d->error = -errno;
		if (n <= 0)
			return NULL;
		d->len = (size_t)n;
		d->pos = 0;
	}
	entry = (const struct dirent *)(const void *)(d->room + d->pos);
	d->pos += entry->d_reclen;
	return entry->d_name;
}

int proc_dir_open(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int proc_file_read(int at, const char *path, size_t max, struct buf *out)
{
	int fd = openat(at, path, O_RDONLY | O_CLOEXEC);
	size_t start = out->len;
	ssize_t n;
	int err;

	if (fd < 0)
		return -errno;
	do {
		n = read(fd, buf_reserve(out, READ_BYTES), READ_BYTES);
		if (n > 0)
			out->len += (size_t)n;
	} while (n > 0 && out->len - start < max);
	err = n < 0 ? -errno : 0;
	close(fd);
	return err;
}

int proc_link_read(int at, const char *path, struct buf *out)
{
	ssize_t n = readlinkat(at, path, buf_reserve(out, PATH_MAX), PATH_MAX);

	if (n < 0)
		return -errno;
	if (n == PATH_MAX)
		return -ENAMETOOLONG;
	out->len += (size_t)n;
	return 0;
}

bool proc_is_gone(int err)
{
	return err == -ENOENT || err == -ESRCH;
}
