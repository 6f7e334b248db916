/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network namespace that a process keeps open to go into it. */
#include <config.h>

#include "resolve/held_netns.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/mem.h"
#include "resolve/proc_dir.h"

/* A path descriptor does not open the file: what is no namespace may block, or rewind a tape. */
static bool is_namespace(int folder, const char *entry)
{
	int fd = openat(folder, entry, O_PATH | O_CLOEXEC);
	struct statfs fs;
	bool is;

	if (fd < 0)
		return false;
	is = !fstatfs(fd, &fs) && fs.f_type == NSFS_MAGIC;
	close(fd);
	return is;
}

/* 0 for what is no network namespace. */
static uint64_t netns_at(int folder, const char *entry)
{
	struct stat st;
	uint64_t inode = 0;
	int fd;

	if (!is_namespace(folder, entry))
		return 0;
	fd = openat(folder, entry, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return 0;
	if (ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET && !fstat(fd, &st))
		inode = st.st_ino;
	close(fd);
	return inode;
}

uint64_t held_netns(int proc_root, int32_t pid)
{
	struct proc_dir dir = { 0 };
	uint64_t found = 0, inode;
	bool are_several = false;
	const char *entry;
	char path[32];

	snprintf(path, sizeof(path), "%d/fd", pid);
	dir.fd = proc_dir_open(proc_root, path);
	if (dir.fd < 0)
		return 0;
	dir.room = mem_alloc(PROC_DIR_ROOM);
	while ((entry = proc_dir_next(&dir))) {
		inode = netns_at(dir.fd, entry);
		are_several |= inode && found && inode != found;
		if (inode)
			found = inode;
	}
	free(dir.room);
	close(dir.fd);
	return are_several ? 0 : found;
}
