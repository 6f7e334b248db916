/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running kernel's version, and whether a module is available. */
#include <config.h>

#include "base/kernel.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"

/* The modules.dep of a distribution's kernel is about 600 KiB long. */
#define LIST_MAX ((size_t)16 << 20)

bool kernel_release_is(const char *release, unsigned int major, unsigned int minor)
{
	unsigned long first, second;
	char *end;

	first = strtoul(release, &end, 10);
	if (end == release || *end != '.')
		return false;
	second = strtoul(end + 1, NULL, 10);
	return first > major || (first == major && second >= minor);
}

bool kernel_is(unsigned int major, unsigned int minor)
{
	struct utsname kernel;

	return !uname(&kernel) && kernel_release_is(kernel.release, major, minor);
}

static bool read_list(const char *folder, const char *file, struct buf *out)
{
	char path[512];
	int fd, err;

	if (snprintf(path, sizeof(path), "%s/%s", folder, file) >= (int)sizeof(path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	err = io_read_all(fd, LIST_MAX, out);
	close(fd);
	return !err;
}

/*
 * A line of modules.dep is the path of a module, a colon, and the modules that it needs:
 * "kernel/net/sctp/sctp_diag.ko.xz: kernel/net/sctp/sctp.ko.xz ...".  modules.builtin has only
 * paths.
 */
static bool has_module(const struct buf *list, const char *name)
{
	size_t len = strlen(name), at = 0;

	while (at < list->len) {
		const char *line = list->data + at;
		const char *newline = memchr(line, '\n', list->len - at);
		size_t line_len = newline ? (size_t)(newline - line) : list->len - at;
		const char *colon = memchr(line, ':', line_len);
		size_t path_len = colon ? (size_t)(colon - line) : line_len;
		const char *slash = memrchr(line, '/', path_len);
		const char *base = slash ? slash + 1 : line;
		size_t base_len = path_len - (size_t)(base - line);

		if (base_len >= len + 3 && !memcmp(base, name, len) &&
		    !memcmp(base + len, ".ko", 3) && (base_len == len + 3 || base[len + 3] == '.'))
			return true;
		at += line_len + 1;
	}
	return false;
}

enum kernel_module kernel_find_module(const char *folder, const char *name)
{
	static const char *const files[] = { "modules.dep", "modules.builtin" };
	enum kernel_module result = KERNEL_MODULE_UNKNOWN;
	struct utsname kernel;
	char own[128];

	if (!folder) {
		if (uname(&kernel))
			return KERNEL_MODULE_UNKNOWN;
		snprintf(own, sizeof(own), "/lib/modules/%s", kernel.release);
		folder = own;
	}
	for (size_t i = 0; i < 2 && result != KERNEL_MODULE_INSTALLED; i++) {
		struct buf list = { 0 };

		if (read_list(folder, files[i], &list))
			result = has_module(&list, name) ? KERNEL_MODULE_INSTALLED
							 : KERNEL_MODULE_MISSING;
		buf_fini(&list);
	}
	return result;
}
