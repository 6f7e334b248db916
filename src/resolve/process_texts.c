/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the command lines and cgroups of owners from /proc. */
#include <config.h>

#include "resolve/process_texts.h"

#include <errno.h>

#include "base/buf.h"
#include "resolve/owner_index.h"
#include "resolve/proc_process.h"
#include "resolve/proc_text.h"

#define CMDLINE_MAX_BYTES (64U << 10)
/* PATH_MAX for each of the hierarchies of version 1, of which there are about a dozen. */
#define CGROUP_MAX_BYTES (64U << 10)

static void note_failure(struct process_text_failures *failures, int err)
{
	if (!err || err == -EACCES || err == -EPERM)
		return;
	failures->n++;
	failures->error = err;
}

static void read_cmdline(struct index_process *owner, int proc_root, struct buf *texts,
			 struct process_text_failures *failures)
{
	size_t start = texts->len;

	note_failure(failures, proc_process_file(proc_root, &owner->process, "cmdline",
						 CMDLINE_MAX_BYTES, texts));
	/* A process that has overwritten its arguments may have left no NUL at the end. */
	if (texts->len > start && texts->data[texts->len - 1])
		buf_char(texts, '\0');
	owner->cmdline = start;
	owner->process.cmdline_len = (uint32_t)(texts->len - start);
}

static void read_cgroup(struct index_process *owner, int proc_root, struct buf *texts,
			struct process_text_failures *failures)
{
	struct buf file = { 0 };
	const char *path;
	size_t len;

	note_failure(failures, proc_process_file(proc_root, &owner->process, "cgroup",
						 CGROUP_MAX_BYTES, &file));
	if (proc_cgroup_path(file.data, file.len, &path, &len)) {
		owner->cgroup = texts->len;
		owner->process.cgroup_len = (uint32_t)len;
		buf_add(texts, path, len);
		buf_char(texts, '\0');
	}
	buf_fini(&file);
}

/* Sets the pointers last: the buffers that they point into may move while they grow. */
static void point_at_texts(struct index_process *owner, const struct buf *texts)
{
	struct process *process = &owner->process;

	process->name = owner->name;
	if (process->cmdline_len)
		process->cmdline = texts->data + owner->cmdline;
	if (process->cgroup_len)
		process->cgroup = texts->data + owner->cgroup;
}

void process_texts_read(struct owner_index *found, int proc_root, const struct owner_key *keys,
			size_t n, unsigned int flags, struct buf *texts,
			struct process_text_failures *failures)
{
	*failures = (struct process_text_failures){ 0 };
	buf_clear(texts);
	for (size_t i = 0; i < n && flags & (OWNERS_WITH_CMDLINES | OWNERS_WITH_CGROUPS); i++) {
		struct owner_span span = index_of(found, keys[i].inode, keys[i].cookie);

		for (size_t j = 0; j < span.n; j++) {
			struct index_process *owner = &found->processes[span.list[j].process];

			if (owner->has_texts)
				continue;
			owner->has_texts = true;
			if (flags & OWNERS_WITH_CMDLINES)
				read_cmdline(owner, proc_root, texts, failures);
			if (flags & OWNERS_WITH_CGROUPS)
				read_cgroup(owner, proc_root, texts, failures);
		}
	}
	for (size_t i = 0; i < found->n_processes; i++)
		point_at_texts(&found->processes[i], texts);
}
