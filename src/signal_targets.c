/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes or sockets --signal and --close act upon. */
#include <config.h>

#include "signal_targets.h"

#include <stdlib.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "action/jobs.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/map.h"
#include "base/mem.h"
#include "program.h"
#include "query/filter.h"
#include "query/labels.h"
#include "query/namespaces.h"
#include "query/snapshot.h"
#include "resolve/ancestors.h"
#include "resolve/proc_process.h"
#include "resolve/task_file.h"

/* A job under construction. */
struct gathering {
	const struct program *p;
	const struct snapshot *snap;
	struct job *job;
	struct map places; /* pid to the index of its target in the job */
	struct map spared; /* pids that only "pid N" gives up; their values: 1 if that was said */
	struct label_ends ends;
	bool is_ascii;
};

static void spare(struct gathering *g, int32_t pid)
{
	map_add(&g->spared, (uint64_t)pid, 0, NULL);
}

/* Who would lose his shell, or the host its first process. */
static void find_spared(struct gathering *g)
{
	struct ancestor ancestors[ANCESTORS_MAX];
	struct task_file_task self;
	int32_t pid = getpid();
	char folder[16];
	size_t n = 0;

	snprintf(folder, sizeof(folder), "%d", pid);
	if (!proc_process_read(g->p->proc_root, folder, &self))
		ancestors_read(g->p->proc_root, pid, self.start_time, ancestors, &n);
	for (size_t i = 0; i < n; i++)
		spare(g, ancestors[i].pid);
	spare(g, getppid());
	spare(g, pid);
	spare(g, 1);
}

static bool is_spared(struct gathering *g, const struct process *process)
{
	uint32_t said = map_get(&g->spared, (uint64_t)process->pid);
	struct buf text = { 0 };

	if (said == MAP_NONE || filter_names_pid(g->p->filter, process->pid))
		return false;
	if (!said && !g->p->opt.is_quiet) {
		label_process(process, g->is_ascii, &text);
		complain(
			_("%s is left out: process 1, portstat and its ancestors are only signalled "
			  "if the filter has \"pid %d\""),
			buf_cstr(&text), process->pid);
		buf_fini(&text);
		*map_add(&g->spared, (uint64_t)process->pid, 0, NULL) = 1;
	}
	return true;
}

static void add_process(struct gathering *g, const struct row *row, size_t i)
{
	const struct owner_span owners = row_owners(g->snap, row);
	const struct owner *owner = &owners.list[i];
	const struct process *process = snapshot_process(g->snap, owner->process);
	const struct held held = { owner->inode,
				   owner->via == OWNER_VIA_IO_URING ? owner->fd : -1 };
	struct buf text = { 0 };
	struct job_target *target;
	bool is_new;
	uint32_t at = *map_add(&g->places, (uint64_t)process->pid, (uint32_t)g->job->n, &is_new);

	if (is_new) {
		label_process(process, g->is_ascii, &text);
		target = job_add(g->job, text.data, text.len);
		target->pid = process->pid;
		target->start_time = process->start_time;
		buf_clear(&text);
		label_user(g->snap, row, i, g->is_ascii, &text);
		target->user = mem_strdup(buf_cstr(&text));
		buf_fini(&text);
	}
	target = &g->job->targets[at];
	target->n_socks++;
	job_target_hold(target, &held);
}

static bool names_an_owner(const struct gathering *g, struct owner_span owners)
{
	for (size_t i = 0; i < owners.n; i++)
		if (filter_names_pid(g->p->filter,
				     snapshot_process(g->snap, owners.list[i].process)->pid))
			return true;
	return false;
}

/* Returns whether the row has a target. */
static bool add_owners(struct gathering *g, const struct row *row)
{
	struct owner_span owners = row_owners(g->snap, row);
	bool are_named = names_an_owner(g, owners), has_target = false;

	for (size_t i = 0; i < owners.n; i++) {
		const struct process *process = snapshot_process(g->snap, owners.list[i].process);

		/* A process without a pid is in a namespace outside of this one. */
		if (process->pid <= 0 || is_spared(g, process) ||
		    (are_named && !filter_names_pid(g->p->filter, process->pid)))
			continue;
		add_process(g, row, i);
		has_target = true;
	}
	return has_target;
}

static void add_socket(struct gathering *g, const struct row *row, const struct buf *label)
{
	struct job_target *target = job_add(g->job, label->data, label->len);

	target->sk = *row->sk;
	target->n_socks = 1;
}

static void tell_why_none(const struct gathering *g, const struct row *row, const char *label)
{
	if (g->p->opt.is_quiet)
		return;
	if (sock_is_forward(row->sk))
		complain(_("%s is no socket: a rule forwards the port"), label);
	else if (row->owner_note == NOTE_HIDDEN)
		complain(_("%s: its owner is hidden from this user"), label);
	else
		complain(_("%s: there is no process to signal"), label);
}

/* Returns whether the row has a target, after saying why it has none. */
static bool add_row(struct gathering *g, const struct row *row)
{
	struct buf label = { 0 };
	bool has_target;

	label_socket(&g->ends, g->snap, row, g->is_ascii, &label);
	buf_cstr(&label);
	if (g->job->kind == JOB_SIGNAL) {
		has_target = add_owners(g, row);
	} else {
		has_target = !sock_is_forward(row->sk);
		if (has_target)
			add_socket(g, row, &label);
	}
	if (!has_target)
		tell_why_none(g, row, label.data);
	buf_fini(&label);
	return has_target;
}

static int open_diag(void *data, uint16_t netns)
{
	return namespaces_socket(data, netns, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
				 NETLINK_SOCK_DIAG);
}

struct job *act_targets(struct program *p, const struct snapshot *snap, size_t *n_without)
{
	struct gathering g = {
		.p = p,
		.snap = snap,
		.job = job_new(p->opt.is_close ? JOB_CLOSE : JOB_SIGNAL),
		.ends = label_ends(),
		.is_ascii = wants_ascii(&p->opt),
	};

	g.job->signal = p->opt.signal;
	g.job->open_diag = open_diag;
	g.job->data = &p->namespaces;
	find_spared(&g);
	*n_without = 0;
	for (size_t i = 0; i < snap->n_rows; i++)
		*n_without += !add_row(&g, &snap->rows[i]);
	map_fini(&g.places);
	map_fini(&g.spared);
	return g.job;
}
