/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads from /proc what a scan requests of owners in addition: command lines, cgroups, parents ... */
#include <config.h>

#include "resolve/process_texts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "resolve/ancestors.h"
#include "resolve/owner_index.h"
#include "resolve/owners_search.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_process.h"
#include "resolve/proc_text.h"

#define CMDLINE_MAX_BYTES (64U << 10)
/* PATH_MAX for each of the hierarchies of version 1, of which there are about a dozen. */
#define CGROUP_MAX_BYTES (64U << 10)
/* Of /proc/stat: a line for each processor, and a number for each interrupt. */
#define STAT_MAX_BYTES (4U << 20)

#define PER_PROCESS                                                                             \
	(OWNERS_WITH_CMDLINES | OWNERS_WITH_CGROUPS | OWNERS_WITH_LINKS | OWNERS_WITH_PARENTS | \
	 OWNERS_WITH_ANCESTORS)

/* The position of what is unknown or was not requested. */
#define NOWHERE SIZE_MAX

void process_texts_fini(struct process_texts *texts)
{
	buf_fini(&texts->bytes);
	free(texts->ancestors);
}

static bool is_denied(int err)
{
	return err == -EACCES || err == -EPERM;
}

static void note_failure(struct process_texts *texts, int err)
{
	if (!err || is_denied(err) || proc_is_gone(err))
		return;
	texts->n_unread++;
	texts->error = err;
}

/* Adds a file of a process, up to max bytes; nothing if it cannot be read. */
static void add_file(struct process_texts *texts, int dir, const char *file, size_t max,
		     struct buf *out)
{
	size_t start = out->len;
	int err = proc_file_read(dir, file, max, out);

	note_failure(texts, err);
	if (err)
		out->len = start;
	else if (out->len - start > max)
		out->len = start + max;
}

static void read_cmdline(struct index_process *owner, int dir, struct process_texts *texts)
{
	struct buf *bytes = &texts->bytes;
	size_t start = bytes->len;

	add_file(texts, dir, "cmdline", CMDLINE_MAX_BYTES, bytes);
	if (bytes->len == start)
		return;
	/* A process that has overwritten its arguments may have left no NUL at the end. */
	if (bytes->data[bytes->len - 1])
		buf_char(bytes, '\0');
	owner->cmdline = start;
	owner->process.cmdline_len = (uint32_t)(bytes->len - start);
}

static void read_cgroup(struct index_process *owner, int dir, struct process_texts *texts)
{
	struct buf file = { 0 };
	const char *path;
	size_t len;

	add_file(texts, dir, "cgroup", CGROUP_MAX_BYTES, &file);
	if (proc_cgroup_path(file.data, file.len, &path, &len)) {
		owner->cgroup = texts->bytes.len;
		owner->process.cgroup_len = (uint32_t)len;
		buf_add(&texts->bytes, path, len);
		buf_char(&texts->bytes, '\0');
	}
	buf_fini(&file);
}

/* Kernel threads have neither link; those of others may be hidden although their sockets are not. */
static size_t read_link(struct index_process *owner, int dir, const char *link,
			struct process_texts *texts)
{
	size_t start = texts->bytes.len;
	int err = proc_link_read(dir, link, &texts->bytes);

	note_failure(texts, err);
	owner->process.hides_links |= is_denied(err);
	if (err)
		return NOWHERE;
	buf_char(&texts->bytes, '\0');
	return start;
}

static void read_links(struct index_process *owner, int dir, struct process_texts *texts)
{
	owner->cwd = read_link(owner, dir, "cwd", texts);
	owner->exe = read_link(owner, dir, "exe", texts);
	texts->n_unread += owner->process.hides_links;
}

static void read_ancestors(struct index_process *owner, int proc_root, struct process_texts *texts)
{
	struct ancestor list[ANCESTORS_MAX];
	struct process *process = &owner->process;
	size_t n;

	if (ancestors_read(proc_root, process->pid, process->start_time, list, &n) || !n)
		return;
	owner->ancestors = texts->n_ancestors;
	process->n_ancestors = (uint16_t)n;
	for (size_t i = 0; i < n; i++) {
		texts->ancestors = mem_grow(texts->ancestors, texts->n_ancestors,
					    &texts->ancestors_cap, sizeof(*texts->ancestors));
		texts->ancestors[texts->n_ancestors++] = list[i];
	}
}

static void read_process(struct index_process *owner, int proc_root, unsigned int flags,
			 struct process_texts *texts)
{
	struct process *process = &owner->process;
	int dir;

	owner->has_texts = true;
	owner->cmdline = owner->cgroup = owner->cwd = owner->exe = owner->ancestors = NOWHERE;
	dir = proc_process_open(proc_root, process->pid, process->start_time, &process->parent);
	if (dir < 0) {
		note_failure(texts, dir);
		return;
	}
	if (flags & OWNERS_WITH_CMDLINES)
		read_cmdline(owner, dir, texts);
	if (flags & OWNERS_WITH_CGROUPS)
		read_cgroup(owner, dir, texts);
	if (flags & OWNERS_WITH_LINKS)
		read_links(owner, dir, texts);
	if (flags & OWNERS_WITH_ANCESTORS)
		read_ancestors(owner, proc_root, texts);
	close(dir);
}

/* The Unix time of boot in seconds; 0 if it is unknown. */
static uint64_t boot_time(int proc_root, struct process_texts *texts)
{
	struct buf file = { 0 };
	uint64_t seconds = 0;

	note_failure(texts, proc_file_read(proc_root, "stat", STAT_MAX_BYTES, &file));
	if (proc_boot_time_parse(file.data, file.len, &seconds))
		seconds = 0;
	buf_fini(&file);
	return seconds;
}

static void set_starts(struct owner_index *found, uint64_t boot_seconds)
{
	long ticks = sysconf(_SC_CLK_TCK);

	if (!boot_seconds || ticks <= 0)
		return;
	for (size_t i = 0; i < found->n_processes; i++) {
		struct process *process = &found->processes[i].process;

		process->started = boot_seconds + process->start_time / (uint64_t)ticks;
	}
}

static const char *text_at(const struct process_texts *texts, size_t position)
{
	return position == NOWHERE ? NULL : texts->bytes.data + position;
}

/* Sets the pointers last: the buffers that they point into may move while they grow. */
static void point_at_texts(struct index_process *owner, const struct process_texts *texts)
{
	struct process *process = &owner->process;

	process->name = owner->name;
	if (!owner->has_texts)
		return;
	process->cmdline = text_at(texts, owner->cmdline);
	process->cgroup = text_at(texts, owner->cgroup);
	process->cwd = text_at(texts, owner->cwd);
	process->exe = text_at(texts, owner->exe);
	if (process->n_ancestors)
		process->ancestors = texts->ancestors + owner->ancestors;
}

void process_texts_read(struct process_texts *texts, struct owner_index *found, int proc_root,
			const struct wanted *wanted)
{
	buf_clear(&texts->bytes);
	texts->n_ancestors = texts->n_unread = 0;
	texts->error = 0;
	for (size_t i = 0; i < wanted->n && wanted->flags & PER_PROCESS; i++) {
		struct owner_span span =
			index_of(found, wanted->keys[i].inode, wanted->keys[i].cookie);

		for (size_t j = 0; j < span.n; j++) {
			struct index_process *owner = &found->processes[span.list[j].process];

			if (!owner->has_texts)
				read_process(owner, proc_root, wanted->flags, texts);
		}
	}
	if (wanted->flags & OWNERS_WITH_STARTS && found->n_processes)
		set_starts(found, boot_time(proc_root, texts));
	for (size_t i = 0; i < found->n_processes; i++)
		point_at_texts(&found->processes[i], texts);
}
