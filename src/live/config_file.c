/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds, reads and writes the configuration file of the live view. */
#include <config.h>

#include "live/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/output_file.h"
#include "live/config.h"

/* Longer than any configuration: the path names some other file. */
#define FILE_MAX 65536U

bool live_config_path(struct buf *out)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (getauxval(AT_SECURE))
		return false;
	if (base && *base == '/') {
		buf_printf(out, "%s/portstat/config", base);
		return true;
	}
	if (!home || *home != '/')
		return false;
	buf_printf(out, "%s/.config/portstat/config", home);
	return true;
}

/* The uid of the caller of sudo.  False if the program was not started by sudo. */
static bool sudo_caller(uid_t *uid)
{
	const char *text = getenv("SUDO_UID");
	uint64_t number;

	if (!text || number_parse(text, strlen(text), UINT32_MAX - 1, &number))
		return false;
	*uid = (uid_t)number;
	return true;
}

/* sudo and su can preserve HOME: root trusts only its own files and those of the caller. */
static bool may_read(const struct stat *st)
{
	uid_t caller;

	return geteuid() != 0 || st->st_uid == 0 || (sudo_caller(&caller) && st->st_uid == caller);
}

/* Adds the text of the file; nothing if there is none. */
static int read_file(const char *path, struct buf *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), err = 0;
	struct stat st;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	if (fstat(fd, &st))
		err = -errno;
	else if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX)
		err = -EINVAL;
	else if (!may_read(&st))
		err = -EPERM;
	while (!err && text->len <= FILE_MAX) {
		ssize_t n = read(fd, buf_reserve(text, 4096), 4096);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			err = -errno;
		if (n <= 0)
			break;
		text->len += (size_t)n;
	}
	close(fd);
	return err;
}

int live_config_load(struct live_config *config, const char *path, struct buf *complaints)
{
	struct buf text = { 0 };
	int err = read_file(path, &text);

	if (!err)
		live_config_parse(config, buf_cstr(&text), text.len, complaints);
	buf_fini(&text);
	return err;
}

/* Root writes only where no other user can replace a directory by a link. */
static bool may_write(const char *path)
{
	char *folder = mem_strdup(path), *slash;
	struct stat st = { .st_uid = (uid_t)-1 };

	while ((slash = strrchr(folder, '/')) && slash > folder) {
		*slash = '\0';
		if (!lstat(folder, &st))
			break;
	}
	free(folder);
	return geteuid() != 0 || st.st_uid == 0;
}

/* Creates the missing directories above the file. */
static int make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		int err;

		*slash = '\0';
		err = mkdir(path, 0700) && errno != EEXIST ? -errno : 0;
		*slash = '/';
		if (err)
			return err;
	}
	return 0;
}

/* Replaces the file by the text. */
static int replace_file(const char *path, const struct buf *text)
{
	struct buf folders = { 0 };
	struct output_file file;
	int err;

	if (!may_write(path))
		return -EPERM;
	buf_str(&folders, path);
	buf_cstr(&folders);
	err = make_folders(folders.data);
	buf_fini(&folders);
	if (!err)
		err = output_file_begin(&file, path, 0600);
	if (err)
		return err;
	if (fwrite(text->data, 1, text->len, file.stream) != text->len)
		err = -errno;
	return output_file_end(&file, err);
}

int live_config_save(const char *path, const struct buf *lines)
{
	/* A link stays: what it leads to is replaced. */
	char *real = realpath(path, NULL);
	struct buf old = { 0 }, text = { 0 };
	int err = read_file(real ? real : path, &old);

	if (!err) {
		live_config_edit(&old, lines, &text);
		err = replace_file(real ? real : path, &text);
	}
	buf_fini(&old);
	buf_fini(&text);
	free(real);
	return err;
}
