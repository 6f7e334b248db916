/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a process still hold a socket? */
#include <config.h>

#include "action/holds.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"

static const char socket_link[] = "socket:[";
static const char ring_link[] = "anon_inode:[io_uring]";

/* What is looked for. */
struct search {
	const struct held *list;
	size_t n;
};

/* Is a descriptor with this number and link one of those? */
static bool is_one(const struct search *s, const char *name, const char *link, size_t len)
{
	const size_t before = sizeof(socket_link) - 1;
	bool is_ring = len == sizeof(ring_link) - 1 && !memcmp(link, ring_link, len);
	uint64_t inode, fd;

	if (is_ring && number_parse(name, strlen(name), INT32_MAX, &fd))
		return false;
	if (!is_ring && (len <= before || memcmp(link, socket_link, before) != 0 ||
			 number_parse(link + before, len - before - 1, UINT64_MAX, &inode)))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		if (is_ring ? s->list[i].ring == (int32_t)fd
			    : s->list[i].ring < 0 && s->list[i].inode == (uint32_t)inode)
			return true;
	}
	return false;
}

/* The directory below at, or NULL. */
static DIR *open_folder(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !folder)
		close(fd);
	return folder;
}

static bool has_table_one(const struct search *s, int at, const char *path)
{
	DIR *folder = open_folder(at, path);
	const struct dirent *entry;
	bool is_found = false;

	while (folder && !is_found && (entry = readdir(folder))) {
		char link[64];
		ssize_t n = readlinkat(dirfd(folder), entry->d_name, link, sizeof(link));

		is_found = n > 0 && is_one(s, entry->d_name, link, (size_t)n);
	}
	if (folder)
		closedir(folder);
	return is_found;
}

bool action_still_holds(int proc_root, int32_t pid, const struct held *list, size_t n)
{
	const struct search s = { list, n };
	const struct dirent *entry;
	char path[32], table[sizeof(entry->d_name) + 4];
	bool is_found;
	DIR *threads;

	snprintf(path, sizeof(path), "%d/fd", (int)pid);
	is_found = has_table_one(&s, proc_root, path);
	if (is_found)
		return true;
	snprintf(path, sizeof(path), "%d/task", (int)pid);
	threads = open_folder(proc_root, path);
	while (threads && !is_found && (entry = readdir(threads))) {
		snprintf(table, sizeof(table), "%s/fd", entry->d_name);
		is_found = entry->d_name[0] != '.' && has_table_one(&s, dirfd(threads), table);
	}
	if (threads)
		closedir(threads);
	return is_found;
}
