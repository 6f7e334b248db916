/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control group whose BPF program may have refused a bind(2). */
#include <config.h>

#include "explain/bind_program.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"

#define CGROUP_MAX_BYTES (64U << 10)

/* Where version 2 is mounted, also beside version 1. */
static const char *const roots[] = { "/sys/fs/cgroup/unified", "/sys/fs/cgroup" };

/* The path in the line "0::/path". */
static void own_path(int proc_root, struct buf *out)
{
	struct buf text = { 0 };
	const char *line;
	int fd = openat(proc_root, "self/cgroup", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (!io_read_all(fd, CGROUP_MAX_BYTES, &text)) {
		line = strstr(buf_cstr(&text), "0::/");
		if (line && (line == text.data || line[-1] == '\n'))
			buf_add(out, line + 3, strcspn(line + 3, "\n"));
	}
	close(fd);
	buf_fini(&text);
}

static int open_group(const char *root, const struct buf *path)
{
	struct buf whole = { 0 };
	int fd;

	buf_str(&whole, root);
	buf_add(&whole, path->data, path->len);
	fd = open(buf_cstr(&whole), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	buf_fini(&whole);
	return fd;
}

/* Is a program attached to this very group? */
static bool has_program(int group, enum addr_family family)
{
	union bpf_attr attr = { 0 };

	attr.query.target_fd = (uint32_t)group;
	attr.query.attach_type =
		family == ADDR_INET6 ? BPF_CGROUP_INET6_BIND : BPF_CGROUP_INET4_BIND;
	return !syscall(SYS_bpf, BPF_PROG_QUERY, &attr, sizeof(attr)) && attr.query.prog_cnt;
}

/* Shortens the path to the nearest group with a program; false where none is found. */
static bool find_group(const char *root, enum addr_family family, struct buf *path)
{
	for (;;) {
		int fd = open_group(root, path);
		bool is_found = fd >= 0 && has_program(fd, family);

		if (fd >= 0)
			close(fd);
		if (is_found || path->len <= 1)
			return is_found;
		while (path->len > 1 && path->data[path->len - 1] != '/')
			path->len--;
		if (path->len > 1)
			path->len--;
	}
}

void bind_program_cgroup(int proc_root, enum addr_family family, struct buf *out)
{
	struct buf own = { 0 }, path = { 0 };
	bool is_found = false;

	own_path(proc_root, &own);
	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots) && own.len && !is_found; i++) {
		buf_clear(&path);
		buf_add(&path, own.data, own.len);
		is_found = find_group(roots[i], family, &path);
	}
	if (is_found)
		buf_add(out, path.data, path.len);
	else
		buf_add(out, own.data, own.len);
	buf_fini(&own);
	buf_fini(&path);
}
