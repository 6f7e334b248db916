/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What network namespaces are called. */
#include <config.h>

#include "resolve/netns_name.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "resolve/cgroup_text.h"
#include "resolve/containers.h"
#include "resolve/netns.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_text.h"

/* More than any process's list of cgroups. */
#define CGROUP_MAX (64U << 10)

const char *const netns_folders[] = { "/run/netns/", "/var/run/netns/", NULL };

bool netns_is_named(const char *path)
{
	return path && !strncmp(path, netns_folders[0], strlen(netns_folders[0]));
}

static char *name_of_mount(const struct netns *ns)
{
	for (size_t i = 0; ns->mount && netns_folders[i]; i++) {
		size_t len = strlen(netns_folders[i]);

		if (!strncmp(ns->mount, netns_folders[i], len) && ns->mount[len] &&
		    !strchr(ns->mount + len, '/'))
			return mem_strdup(ns->mount + len);
	}
	return NULL;
}

/* The path of a process's cgroup, in text; false where it has none, or is gone. */
static bool cgroup_of(int proc_root, int32_t pid, struct buf *text, const char **path, size_t *len)
{
	char file[32];

	snprintf(file, sizeof(file), "%d/cgroup", pid);
	buf_clear(text);
	return !proc_file_read(proc_root, file, CGROUP_MAX, text) && text->len &&
	       proc_cgroup_path(text->data, text->len, path, len);
}

static char *name_of_container(struct netns *ns, int proc_root, struct containers *containers)
{
	const struct container *container = NULL;
	struct buf text = { 0 };
	const char *path;
	char *name = NULL;
	size_t len;

	for (size_t i = 0; containers && !container && i < NETNS_PIDS && ns->pids[i]; i++)
		if (cgroup_of(proc_root, ns->pids[i], &text, &path, &len))
			container = containers_find(containers, path, len);
	if (container)
		name = mem_strdup(container->name);
	if (container && container->id)
		ns->container_id = mem_strdup(container->id);
	buf_fini(&text);
	return name;
}

static char *name_of_unit(const struct netns *ns, int proc_root)
{
	struct buf text = { 0 };
	const char *path, *unit;
	size_t len, unit_len;
	char *name = NULL;

	if (cgroup_of(proc_root, ns->pid, &text, &path, &len) &&
	    cgroup_unit(path, len, &unit, &unit_len))
		name = mem_strndup(unit, unit_len);
	buf_fini(&text);
	return name;
}

/* holder: it does not live there, but has a socket there; NULL: it lives there. */
static char *name_of_process(int proc_root, int32_t pid, const struct netns_holder *holder)
{
	struct buf text = { 0 }, name = { 0 };
	struct proc_stat stat = { 0 };
	char file[32], *result;

	snprintf(file, sizeof(file), "%d/stat", pid);
	if (!proc_file_read(proc_root, file, CGROUP_MAX, &text) && text.len &&
	    !proc_stat_parse(text.data, text.len, &stat))
		buf_add(&name, stat.name, stat.name_len);
	buf_printf(&name, "[%d]", pid);
	if (holder)
		buf_printf(&name, "/fd/%d", holder->fd);
	result = mem_strndup(name.data, name.len);
	buf_fini(&text);
	buf_fini(&name);
	return result;
}

char *netns_find_name(struct netns *ns, int proc_root, struct containers *containers)
{
	char *name = ns->is_host ? mem_strdup("host") : name_of_mount(ns);

	if (!name && ns->pid)
		name = name_of_container(ns, proc_root, containers);
	if (!name && ns->pid)
		name = name_of_unit(ns, proc_root);
	if (!name && ns->pid)
		name = name_of_process(proc_root, ns->pid, NULL);
	if (!name && ns->holder.pid && !ns->mount)
		name = name_of_process(proc_root, ns->holder.pid, &ns->holder);
	return name ? name : mem_strdup(ns->mount ? ns->mount : "?");
}
