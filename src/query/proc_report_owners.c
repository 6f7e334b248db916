/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the processes that hold the sockets of a host without portstat, and tells what is known of them. */
#include <config.h>

#include "query/proc_report_owners.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/proc_report.h"
#include "query/telling.h"
#include "resolve/cgroup_text.h"
#include "resolve/proc_text.h"

/* What /proc/PID/stat counts in on every architecture but alpha and ia64 (asm/param.h). */
#define USER_HZ 100U

/* Of all sockets together: a report of few lines can give each socket every process. */
#define OWNERS_MAX ((size_t)4 << 20)

/* What is told of a process, and of the sockets that it holds. */
struct known_process {
	struct told_process told; /* without a name: it is not known yet */
	const char *cgroup; /* path; NULL: unknown */
	uint32_t cgroup_len;
	bool is_manager; /* of services */
	bool has_places; /* of these texts, which are told with each socket; 0: it has none */
	uint32_t cgroup_place;
	uint32_t unit;
	uint32_t container;
	uint32_t container_id;
};

void report_owners_init(struct report_owners *o, const struct proc_report *report,
			struct telling *telling)
{
	*o = (struct report_owners){ .report = report, .telling = telling };
	o->processes = mem_calloc(report->n_processes, sizeof(*o->processes));
}

void report_owners_fini(struct report_owners *o)
{
	free(o->processes);
	buf_fini(&o->text);
}

/* A name as /proc/PID/status has it: the kernel escapes newlines and backslashes (proc_task_name()). */
static uint32_t tell_name(struct report_owners *o, const struct report_process *process)
{
	const char *at = process->name, *end = at + process->name_len;

	buf_clear(&o->text);
	for (; at < end; at++) {
		bool is_escaped = *at == '\\' && at + 1 < end;

		at += is_escaped;
		buf_char(&o->text, is_escaped && *at == 'n' ? '\n' : *at);
	}
	return telling_text(o->telling, buf_cstr(&o->text), o->text.len);
}

static uint32_t tell_cmdline(struct report_owners *o, const struct report_text *cmdline)
{
	buf_clear(&o->text);
	for (uint32_t i = 0; i < cmdline->len; i++) {
		char c = cmdline->bytes[i];

		if (c == '\1' || c == '\2')
			c = c == '\1' ? '\0' : '\n';
		buf_char(&o->text, c);
	}
	/* The last argument may be cut, and a process may have overwritten all of them. */
	if (o->text.data[o->text.len - 1])
		buf_char(&o->text, '\0');
	return telling_text(o->telling, o->text.data, o->text.len);
}

/* A service manager, system or user, holds sockets on behalf of others. */
static bool is_managers(const char *cgroup, size_t cgroup_len)
{
	static const char scope[] = "init.scope";
	const char *unit;
	size_t len;

	return cgroup_unit(cgroup, cgroup_len, &unit, &len) && len == strlen(scope) &&
	       !memcmp(unit, scope, len);
}

/* Finds the path among the lines of /proc/PID/cgroup; it is borrowed from the report. */
static void find_cgroup(struct report_owners *o, const struct report_text *lines,
			struct known_process *known)
{
	const char *path;
	size_t len;

	buf_clear(&o->text);
	buf_add(&o->text, lines->bytes, lines->len);
	for (size_t i = 0; i < o->text.len; i++)
		if (o->text.data[i] == '\1')
			o->text.data[i] = '\n';
	if (!proc_cgroup_path(o->text.data, o->text.len, &path, &len))
		return;
	known->cgroup = lines->bytes + (path - o->text.data);
	known->cgroup_len = (uint32_t)len;
	known->is_manager = is_managers(path, len);
}

/* Each process is told the same each time. */
static struct known_process *know(struct report_owners *o, const struct report_process *process)
{
	const struct proc_report *r = o->report;
	const struct report_text *cmdline, *cgroups, *user;
	uint64_t started = r->boot_s + process->start_ticks / USER_HZ;
	struct known_process *known = &o->processes[process - r->processes];

	if (known->told.name)
		return known;
	cmdline = proc_report_cmdline(r, process->pid);
	cgroups = proc_report_cgroups(r, process->pid);
	user = proc_report_user(r, process->uid);
	known->told.process.pid = process->pid;
	known->told.process.uid = process->uid;
	known->told.process.parent = process->parent;
	if (r->boot_s && started < UINT32_MAX)
		known->told.process.started = started;
	known->told.name = tell_name(o, process);
	if (cmdline)
		known->told.cmdline = tell_cmdline(o, cmdline);
	if (cgroups)
		find_cgroup(o, cgroups, known);
	if (user)
		known->told.user = telling_text(o->telling, user->bytes, user->len);
	return known;
}

/* All that follows from the path of a control group, which may be long and have thousands of sockets. */
static void find_places(struct report_owners *o, struct known_process *known)
{
	struct cgroup_container container;
	const char *unit;
	size_t len;

	known->has_places = true;
	known->cgroup_place = telling_text(o->telling, known->cgroup, known->cgroup_len);
	if (cgroup_unit(known->cgroup, known->cgroup_len, &unit, &len))
		known->unit = telling_text(o->telling, unit, len);
	if (!cgroup_container(known->cgroup, known->cgroup_len, &container))
		return;
	buf_clear(&o->text);
	cgroup_container_name(&container, &o->text);
	known->container = telling_text(o->telling, buf_cstr(&o->text), o->text.len);
	if (container.id)
		known->container_id = telling_text(o->telling, container.id, CONTAINER_ID_DIGITS);
}

static void tell_text(struct report_owners *o, enum told_key key, uint32_t place)
{
	if (place)
		telling_cell(o->telling, key, 0, VALUE_TEXT, place);
}

/* The control group of a socket is that of its owner. */
static void tell_cgroup(struct report_owners *o, struct known_process *owner)
{
	if (!owner->has_places)
		find_places(o, owner);
	tell_text(o, TOLD_CGROUP, owner->cgroup_place);
	tell_text(o, TOLD_UNIT, owner->unit);
	tell_text(o, TOLD_CONTAINER, owner->container);
	tell_text(o, TOLD_CONTAINER_ID, owner->container_id);
}

size_t report_owners_tell(struct report_owners *o, uint32_t inode)
{
	const struct proc_report *r = o->report;
	struct known_process *known, *best = NULL;
	size_t n = 0;

	for (size_t i = proc_report_descriptor(r, inode);
	     i < r->n_descriptors && r->descriptors[i].inode == inode; i++) {
		const struct report_descriptor *d = &r->descriptors[i];

		o->is_endless |= n + o->telling->row.owners >= OWNERS_MAX;
		if (o->is_endless)
			break;
		known = know(o, proc_report_process(r, d->pid));
		if (known->cgroup && (!best || best->is_manager))
			best = known;
		*telling_owner(o->telling, n++) = known->told;
		o->telling->owner.inode = inode;
		o->telling->owner.fd = d->fd;
		o->telling->owner.via = OWNER_VIA_FD;
	}
	if (best)
		tell_cgroup(o, best);
	return n;
}
