/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as /proc/PID/stat, as a descriptor's link, as fdinfo of a ring and as a cgroup's path. */
#include <config.h>

#include <string.h>

#include "base/buf.h"
#include "fuzz.h"
#include "resolve/cgroup_text.h"
#include "resolve/cgroups.h"
#include "resolve/proc_text.h"

static bool is_inside(const char *part, size_t len, const char *text, size_t size)
{
	return part >= text && len <= size && (size_t)(part - text) <= size - len;
}

static void read_stat(const char *text, size_t size)
{
	struct proc_stat stat;

	if (proc_stat_parse(text, size, &stat))
		return;
	CHECK(is_inside(stat.name, stat.name_len, text, size));
	CHECK(stat.name[-1] == '(' && stat.name[stat.name_len] == ')');
	CHECK(stat.parent >= 0);
}

static void read_ring(const char *text, size_t size)
{
	size_t pos = 0, before = 0;
	uint64_t inode;

	while (proc_ring_inode(text, size, &pos, &inode)) {
		CHECK(pos > before && pos <= size);
		before = pos;
	}
	CHECK(pos == size);
}

static void read_cgroup(const char *text, size_t size)
{
	struct cgroup_container container;
	struct buf name = { 0 };
	const char *unit;
	size_t len;

	if (cgroup_unit(text, size, &unit, &len))
		CHECK(len && is_inside(unit, len, text, size));
	if (!cgroup_container(text, size, &container))
		return;
	if (container.id)
		CHECK(is_inside(container.id, CONTAINER_ID_DIGITS, text, size));
	else
		CHECK(container.name_len &&
		      is_inside(container.name, container.name_len, text, size));
	cgroup_container_name(&container, &name);
	CHECK(name.len);
	buf_fini(&name);
}

static void read_mounts(const char *text, size_t size)
{
	struct buf path = { 0 };
	const char *cgroup;
	size_t pos = 0, len;

	while (cgroups_next_mount(text, size, &pos, &path))
		CHECK(pos <= size + 1);
	buf_fini(&path);
	if (proc_cgroup_path(text, size, &cgroup, &len))
		CHECK(len && *cgroup == '/' && is_inside(cgroup, len, text, size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct buf name = { 0 };
	uint64_t inode, seconds;

	read_stat(text, size);
	CHECK(proc_boot_time_parse(text, size, &seconds) || seconds <= UINT32_MAX);
	CHECK(!proc_link_inode(text, size, &inode) || !proc_link_is_ring(text, size));
	read_ring(text, size);
	read_cgroup(text, size);
	read_mounts(text, size);
	buf_add(&name, text, size);
	CHECK(proc_entry_number(buf_cstr(&name)) >= -1);
	buf_fini(&name);
	return 0;
}
