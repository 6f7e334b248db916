/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolves the ID of a cgroup to its path and systemd unit. */
#include <config.h>

#include "resolve/cgroups.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "resolve/cgroup_text.h"
#include "resolve/mountinfo.h"
#include "resolve/proc_dir.h"

#define NO_TEXT SIZE_MAX

/* More than any host's list of mounts. */
#define MOUNTINFO_MAX (16U << 20)

/* A directory without subdirectories: its entry in the parent, and ".". */
#define LINKS_OF_A_LEAF 2

/* The pids of more processes than anybody wants to look at. */
#define PROCS_MAX_BYTES (64U << 10)

/* Offsets of a cgroup's texts in the buffer, which moves as it grows. */
struct place {
	size_t path;
	size_t path_len;
	size_t unit;
};

struct cgroups {
	int dir; /* root of the hierarchy; -1 if there is none */
	bool is_read;
	struct place *places;
	size_t n;
	size_t places_cap;
	struct cgroup *list;
	struct buf text;
	struct map by_id;
};

static int open_mount(const char *path, bool must_be_cgroup2)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0 || !must_be_cgroup2)
		return fd;
	if (!fstatfs(fd, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC)
		return fd;
	close(fd);
	return -1;
}

bool cgroups_next_mount(const char *mountinfo, size_t len, size_t *pos, struct buf *out)
{
	struct mountinfo_entry entry;

	while (mountinfo_next(mountinfo, len, pos, &entry)) {
		if (!mountinfo_is(&entry.root, "/") || !mountinfo_is(&entry.type, "cgroup2"))
			continue;
		mountinfo_unescape(&entry.point, out);
		return true;
	}
	return false;
}

static int find_mount(void)
{
	struct buf mountinfo = { 0 }, path = { 0 };
	size_t pos = 0;
	int fd = -1;

	if (!proc_file_read(AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_MAX, &mountinfo))
		while (fd < 0 && cgroups_next_mount(mountinfo.data, mountinfo.len, &pos, &path)) {
			fd = open_mount(buf_cstr(&path), true);
			buf_clear(&path);
		}
	buf_fini(&path);
	buf_fini(&mountinfo);
	return fd;
}

struct cgroups *cgroups_new(const char *mount)
{
	struct cgroups *c = mem_calloc(1, sizeof(*c));

	c->dir = mount ? open_mount(mount, false) : open_mount("/sys/fs/cgroup", true);
	if (!mount && c->dir < 0)
		c->dir = open_mount("/sys/fs/cgroup/unified", true);
	if (!mount && c->dir < 0)
		c->dir = find_mount();
	return c;
}

bool cgroups_is_there(const struct cgroups *c)
{
	return c->dir >= 0;
}

void cgroups_clear(struct cgroups *c)
{
	c->n = 0;
	c->is_read = false;
	buf_clear(&c->text);
	map_clear(&c->by_id);
}

void cgroups_free(struct cgroups *c)
{
	if (!c)
		return;
	if (c->dir >= 0)
		close(c->dir);
	free(c->places);
	free(c->list);
	buf_fini(&c->text);
	map_fini(&c->by_id);
	free(c);
}

/* Adds a cgroup whose path, NUL-terminated, is at the end of the buffer. */
static void add(struct cgroups *c, uint64_t id, size_t path)
{
	struct place place = {
		.path = path,
		.path_len = c->text.len - path - 1,
		.unit = NO_TEXT,
	};
	const char *unit;
	size_t unit_len;
	bool is_new;

	if (c->n == MAP_NONE)
		return;
	map_add(&c->by_id, id, (uint32_t)c->n, &is_new);
	if (!is_new)
		return;
	if (cgroup_unit(c->text.data + path, place.path_len, &unit, &unit_len)) {
		size_t from = (size_t)(unit - c->text.data);

		place.unit = c->text.len;
		buf_reserve(&c->text, unit_len + 1);
		buf_add(&c->text, c->text.data + from, unit_len);
		buf_char(&c->text, '\0');
	}
	c->places = mem_grow(c->places, c->n, &c->places_cap, sizeof(*c->places));
	c->places[c->n++] = place;
}

/* Adds the direct children of this cgroup. */
static void read_children(struct cgroups *c, DIR *dir, size_t parent)
{
	const struct dirent *entry;

	while ((entry = readdir(dir))) {
		size_t path = c->text.len, parent_len = c->places[parent].path_len;

		if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") ||
		    !strcmp(entry->d_name, ".."))
			continue;
		/* The path of the root is just "/". */
		parent_len = parent_len > 1 ? parent_len : 0;
		buf_reserve(&c->text, parent_len + 1);
		buf_add(&c->text, c->text.data + c->places[parent].path, parent_len);
		buf_char(&c->text, '/');
		buf_add(&c->text, entry->d_name, strlen(entry->d_name) + 1);
		add(c, entry->d_ino, path);
	}
}

/* Breadth first: the list of cgroups found is also the queue of those still to be read. */
static void read_hierarchy(struct cgroups *c)
{
	struct stat st;

	if (c->dir < 0 || fstat(c->dir, &st))
		return;
	buf_add(&c->text, "/", 2);
	add(c, st.st_ino, 0);
	for (size_t i = 0; i < c->n; i++) {
		const char *path = c->text.data + c->places[i].path;
		int fd = openat(c->dir, i ? path + 1 : ".",
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		DIR *dir = fd < 0 ? NULL : fdopendir(fd);

		if (dir) {
			read_children(c, dir, i);
			closedir(dir);
		} else if (fd >= 0) {
			close(fd);
		}
	}
}

static const char *text_at(const struct cgroups *c, size_t place)
{
	return place == NO_TEXT ? NULL : c->text.data + place;
}

const struct cgroup *cgroups_find(struct cgroups *c, uint64_t id)
{
	uint32_t index;

	if (!c->is_read) {
		c->is_read = true;
		read_hierarchy(c);
		c->list = mem_resize(c->list, c->n, sizeof(*c->list));
		for (size_t i = 0; i < c->n; i++)
			c->list[i] = (struct cgroup){
				.path = text_at(c, c->places[i].path),
				.unit = text_at(c, c->places[i].unit),
			};
	}
	index = map_get(&c->by_id, id);
	return index == MAP_NONE ? NULL : &c->list[index];
}

bool cgroup_is_root(const struct cgroup *cgroup)
{
	return !cgroup->path[1];
}

int cgroups_procs(const struct cgroups *c, uint64_t id, const struct cgroup *cgroup,
		  struct buf *out)
{
	int dir = cgroup_is_root(cgroup) ? -EISDIR : proc_dir_open(c->dir, cgroup->path + 1);
	struct stat st;
	int err;

	if (dir < 0)
		return dir;
	if (fstat(dir, &st))
		err = -errno;
	else if (st.st_ino != id)
		err = -ENOENT;
	else if (st.st_nlink > LINKS_OF_A_LEAF)
		err = -EISDIR;
	else
		err = proc_file_read(dir, "cgroup.procs", PROCS_MAX_BYTES, out);
	close(dir);
	return err;
}

/* Is the path as cgroups_find() returns it: absolute, with no empty component, "." or ".."? */
static bool is_canonical(const char *path)
{
	if (!strcmp(path, "/"))
		return true;
	do {
		size_t len;

		if (*path++ != '/')
			return false;
		len = strcspn(path, "/");
		if (!len || (len == 1 && *path == '.') || (len == 2 && !memcmp(path, "..", 2)))
			return false;
		path += len;
	} while (*path);
	return true;
}

bool cgroups_id(const struct cgroups *c, const char *path, uint64_t *id)
{
	struct stat st;

	if (c->dir < 0 || !is_canonical(path) ||
	    fstatat(c->dir, path[1] ? path + 1 : ".", &st, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISDIR(st.st_mode))
		return false;
	*id = st.st_ino;
	return true;
}
