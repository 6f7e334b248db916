/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which network namespaces the processes of a container live in. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "resolve/containers.h"
#include "resolve/netns.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_text.h"

/* More than any process's list of cgroups. */
#define CGROUP_MAX (64U << 10)

static bool is_in_container(int proc_root, int32_t pid, struct containers *containers,
			    const char *word, struct buf *text)
{
	const struct container *container = NULL;
	const char *path;
	char file[32];
	size_t len;

	snprintf(file, sizeof(file), "%d/cgroup", pid);
	buf_clear(text);
	if (!proc_file_read(proc_root, file, CGROUP_MAX, text) && text->len &&
	    proc_cgroup_path(text->data, text->len, &path, &len))
		container = containers_find(containers, path, len);
	return container && (!strcmp(container->name, word) || netns_is_id(container->id, word));
}

size_t netns_choose_container(struct netns_list *l, int proc_root, struct containers *containers,
			      const char *word)
{
	struct proc_dir dir = { .fd = proc_dir_open(proc_root, ".") };
	struct buf text = { 0 };
	const char *entry;
	size_t n = 0;

	if (dir.fd < 0)
		return 0;
	dir.room = mem_alloc(PROC_DIR_ROOM);
	while ((entry = proc_dir_next(&dir))) {
		int32_t pid = proc_entry_number(entry);
		struct netns *ns = NULL;
		char name[16];

		if (pid > 0 && is_in_container(proc_root, pid, containers, word, &text)) {
			snprintf(name, sizeof(name), "pid:%d", pid);
			ns = netns_by_word(l, proc_root, name);
		}
		if (ns) {
			ns->is_chosen = true;
			n++;
		}
	}
	free(dir.room);
	close(dir.fd);
	buf_fini(&text);
	return n;
}
