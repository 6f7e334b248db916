/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc tells of the processes that hold sockets, beyond who they are. */
#include <config.h>

#include "resolve/holder_texts.h"

#include <errno.h>

#include "base/buf.h"
#include "resolve/cgroup_text.h"
#include "resolve/holdings.h"
#include "resolve/proc_process.h"
#include "resolve/proc_text.h"

#define CMDLINE_MAX_BYTES (64U << 10)
/* PATH_MAX for each of the hierarchies of version 1, which are a dozen. */
#define CGROUP_MAX_BYTES (64U << 10)

static void note_failure(struct holder_failures *failures, int err)
{
	if (!err || err == -EACCES || err == -EPERM)
		return;
	failures->n++;
	failures->error = err;
}

static void read_cmdline(struct holder *holder, int proc_root, struct buf *texts,
			 struct holder_failures *failures)
{
	size_t start = texts->len;

	note_failure(failures, proc_process_file(proc_root, &holder->process, "cmdline",
						 CMDLINE_MAX_BYTES, texts));
	/* A process that rewrote its arguments may have left the last NUL out. */
	if (texts->len > start && texts->data[texts->len - 1])
		buf_char(texts, '\0');
	holder->cmdline = start;
	holder->process.cmdline_len = (uint32_t)(texts->len - start);
}

/* The path and, behind it, the container, each ended by NUL. */
static void read_cgroup(struct holder *holder, int proc_root, struct buf *texts,
			struct holder_failures *failures)
{
	struct buf file = { 0 }, container = { 0 };
	const char *path;
	size_t len;

	note_failure(failures, proc_process_file(proc_root, &holder->process, "cgroup",
						 CGROUP_MAX_BYTES, &file));
	if (proc_cgroup_path(file.data, file.len, &path, &len)) {
		holder->cgroup = texts->len;
		holder->process.cgroup_len = (uint32_t)len;
		buf_add(texts, path, len);
		buf_char(texts, '\0');
		if (cgroup_container(path, len, &container)) {
			holder->container = texts->len;
			holder->process.container_len = (uint32_t)container.len;
			buf_add(texts, container.data, container.len);
			buf_char(texts, '\0');
		}
	}
	buf_fini(&container);
	buf_fini(&file);
}

/* Names and texts stand where they stay only now. */
static void point_at_texts(struct holder *holder, const struct buf *texts)
{
	struct process *process = &holder->process;

	process->name = holder->name;
	if (process->cmdline_len)
		process->cmdline = texts->data + holder->cmdline;
	if (process->cgroup_len)
		process->cgroup = texts->data + holder->cgroup;
	if (process->container_len)
		process->container = texts->data + holder->container;
}

void holder_texts_read(struct holdings *found, int proc_root, const uint32_t *inodes, size_t n,
		       unsigned int flags, struct buf *texts, struct holder_failures *failures)
{
	*failures = (struct holder_failures){ 0 };
	buf_clear(texts);
	for (size_t i = 0; i < n && flags & (OWNERS_WITH_CMDLINES | OWNERS_WITH_CGROUPS); i++) {
		struct owner_span span = holdings_of(found, inodes[i]);

		for (size_t j = 0; j < span.n; j++) {
			struct holder *holder = &found->holders[span.list[j].process];

			if (holder->has_texts)
				continue;
			holder->has_texts = true;
			if (flags & OWNERS_WITH_CMDLINES)
				read_cmdline(holder, proc_root, texts, failures);
			if (flags & OWNERS_WITH_CGROUPS)
				read_cgroup(holder, proc_root, texts, failures);
		}
	}
	for (size_t i = 0; i < found->n_holders; i++)
		point_at_texts(&found->holders[i], texts);
}
