/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that is replaced as a whole. */
#include <config.h>

#include "base/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/caller.h"
#include "base/mem.h"

/* How often another name is tried if there is a file with the random one. */
#define TRIES 16

/* Opens the folder of path, and finds the file's name in path. */
static int open_folder(struct output_file *file, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mem_strndup(path, (size_t)(slash - path) + 1) : mem_strdup(".");
	int err = 0;

	file->name = slash ? slash + 1 : path;
	file->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (file->folder < 0)
		err = -errno;
	else if (!*file->name)
		err = slash ? -EISDIR : -ENOENT;
	free(folder);
	return err;
}

/* The mode of the file that is to be replaced; 0 if there is none. */
static int old_mode(const struct output_file *file, mode_t *mode)
{
	struct stat old;

	*mode = 0;
	if (fstatat(file->folder, file->name, &old, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISREG(old.st_mode))
		return -EMEDIUMTYPE;
	*mode = old.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
	return 0;
}

/* Creates a file that nobody else has: a descriptor or -errno. */
static int create_temporary(struct output_file *file, mode_t mode)
{
	struct buf name = { 0 };
	int fd = -1;

	for (int i = 0; i < TRIES && fd < 0; i++) {
		uint64_t number;

		if (getrandom(&number, sizeof(number), 0) != sizeof(number))
			break;
		buf_clear(&name);
		buf_printf(&name, ".%s.", file->name);
		buf_hex(&name, number, 16);
		fd = openat(file->folder, buf_cstr(&name),
			    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, mode);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd < 0)
		fd = -errno;
	else
		file->temporary = mem_strdup(buf_cstr(&name));
	buf_fini(&name);
	return fd;
}

static int begin(struct output_file *file, const char *path, mode_t mode)
{
	mode_t old = 0;
	int fd, err = open_folder(file, path);

	if (!err)
		err = old_mode(file, &old);
	if (err)
		return err;
	fd = create_temporary(file, mode);
	if (fd < 0)
		return fd;
	if (old && fchmod(fd, old))
		err = -errno;
	if (!err)
		file->stream = fdopen(fd, "w");
	if (!err && file->stream)
		return 0;
	err = err ? err : -errno;
	close(fd);
	unlinkat(file->folder, file->temporary, 0);
	return err;
}

static void fini(struct output_file *file)
{
	if (file->folder >= 0)
		close(file->folder);
	free(file->temporary);
}

int output_file_begin(struct output_file *file, const char *path, mode_t mode)
{
	struct caller_scope scope;
	int err = caller_enter(&scope);

	*file = (struct output_file){ .folder = -1 };
	if (err)
		return err;
	err = begin(file, path, mode);
	caller_leave(&scope);
	if (err)
		fini(file);
	return err;
}

/* After a crash of the host the name leads to the old content or to the new one. */
static int replace(struct output_file *file)
{
	int folder;

	if (renameat(file->folder, file->temporary, file->folder, file->name))
		return -errno;
	folder = openat(file->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return 0;
	/* The content is in place; some file systems cannot sync a folder. */
	(void)fsync(folder);
	close(folder);
	return 0;
}

int output_file_end(struct output_file *file, int err)
{
	struct caller_scope scope;
	int denied;

	if (!err && (fflush(file->stream) || fsync(fileno(file->stream))))
		err = -errno;
	if (fclose(file->stream) && !err)
		err = -errno;
	denied = caller_enter(&scope);
	if (!err)
		err = denied ? denied : replace(file);
	if (err)
		unlinkat(file->folder, file->temporary, 0);
	if (!denied)
		caller_leave(&scope);
	fini(file);
	return err;
}
