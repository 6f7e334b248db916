/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cgroups and host names of a socket, column by column. */
#include <config.h>

#include <string.h>

#include "base/buf.h"
#include "query/column_values.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/told.h"
#include "resolve/cgroup_text.h"
#include "resolve/cgroups.h"
#include "resolve/containers.h"
#include "resolve/owners.h"
#include "resolve/hosts.h"
#include "resolve/resolver.h"

static const struct cgroup *cgroup_of(const struct snapshot *snap, const struct row *row)
{
	if (!sock_has(row->sk, SOCK_HAS_CGROUP) || !(snap->resolved & NEED_CGROUPS) ||
	    !snap->names->cgroups)
		return NULL;
	return cgroups_find(snap->names->cgroups, row->sk->cgroup);
}

static const struct process *owner_at(const struct snapshot *snap, const struct owner_span *owners,
				      size_t i)
{
	return snapshot_process(snap, owners->list[i].process);
}

/* The owners, if their cgroups have been read. */
static struct owner_span owners_with_cgroups(const struct snapshot *snap, const struct row *row)
{
	return snap->resolved & NEED_UNITS ? row_owners(snap, row) : (struct owner_span){ 0 };
}

/* The unit of a process; false if it has none. */
static bool unit_of(const struct process *process, const char **unit, size_t *len)
{
	return process->cgroup && cgroup_unit(process->cgroup, process->cgroup_len, unit, len);
}

static bool is_unit(const char *unit, size_t len, const char *name)
{
	return len == strlen(name) && !memcmp(unit, name, len);
}

/* A service manager, system or user, holds sockets on behalf of others. */
static bool is_manager(const char *unit, size_t len)
{
	return is_unit(unit, len, "init.scope");
}

GETTER(get_cgroup)
{
	const struct cgroup *cgroup = cgroup_of(snap, row);
	struct owner_span owners = { 0 };
	const char *path = cgroup ? cgroup->path : NULL, *unit;
	size_t len;

	(void)c, (void)i;
	/* If the kernel does not report the socket's cgroup, use its owner's. */
	if (!sock_has(row->sk, SOCK_HAS_CGROUP))
		owners = owners_with_cgroups(snap, row);
	for (size_t k = 0; k < owners.n; k++) {
		const struct process *process = owner_at(snap, &owners, k);

		path = path ? path : process->cgroup;
		if (unit_of(process, &unit, &len) && !is_manager(unit, len)) {
			path = process->cgroup;
			break;
		}
	}
	value_set_text(out, path);
}

/*
 * The unit of an owner, because a socket created by a .socket unit belongs to the service that
 * received it.  If one of several owners is in the unit that created the socket, that unit.
 */
GETTER(get_unit)
{
	const struct cgroup *cgroup = cgroup_of(snap, row);
	struct owner_span owners = owners_with_cgroups(snap, row);
	const char *made = cgroup ? cgroup->unit : NULL, *unit;
	size_t len;

	(void)c, (void)i;
	for (size_t k = 0; k < owners.n; k++) {
		bool is_better =
			out->kind != VALUE_TEXT || is_manager(out->text.bytes, out->text.len);

		if (!unit_of(owner_at(snap, &owners, k), &unit, &len))
			continue;
		if (made && is_unit(unit, len, made)) {
			value_set_text(out, made);
			return;
		}
		if (!is_better || (made && is_manager(unit, len)))
			continue;
		out->kind = VALUE_TEXT;
		out->text.bytes = unit;
		out->text.len = len;
	}
	if (out->kind != VALUE_TEXT)
		value_set_text(out, made);
}

static bool is_in(const struct process *process, const struct cgroup *cgroup)
{
	return strlen(cgroup->path) == process->cgroup_len &&
	       !memcmp(cgroup->path, process->cgroup, process->cgroup_len);
}

/* The container in which the socket was created or, if none is known, that of its first owner. */
static const struct container *container_of(const struct snapshot *snap, const struct row *row)
{
	struct containers *containers = snap->names->containers;
	const struct cgroup *cgroup = cgroup_of(snap, row);
	struct owner_span owners = owners_with_cgroups(snap, row);
	const struct container *container = NULL;

	if (!containers)
		return NULL;
	if (cgroup)
		container = containers_find(containers, cgroup->path, strlen(cgroup->path));
	for (size_t k = 0; k < owners.n && !container; k++) {
		const struct process *process = owner_at(snap, &owners, k);

		/* Most are in the control group in which their sockets were made. */
		if (process->cgroup && !(cgroup && is_in(process, cgroup)))
			container =
				containers_find(containers, process->cgroup, process->cgroup_len);
	}
	return container;
}

GETTER(get_container)
{
	const struct container *container = container_of(snap, row);

	(void)c, (void)i;
	value_set_text(out, container ? container->name : NULL);
}

GETTER(get_container_id)
{
	const struct container *container = container_of(snap, row);

	(void)c, (void)i;
	value_set_text(out, container ? container->id : NULL);
}

GETTER(get_pod)
{
	const struct container *container = container_of(snap, row);

	(void)c, (void)i;
	value_set_text(out, container ? container->pod : NULL);
}

static const char *told_host_of(const struct snapshot *snap, const struct row *row,
				const struct endpoint *end, enum host_answer *answer)
{
	const struct snapshot_host *host = snapshot_host_of(snap, row->sk);
	enum told_key key = end == &row->sk->local ? TOLD_LOCAL_HOST : TOLD_PEER_HOST;
	const char *name = NULL;

	if (snap->resolved & NEED_HOSTS)
		name = told_text(snap, row->sk, key);
	if (!name && host && host->lacks_names && (snap->resolved & NEED_HOSTS) &&
	    (end == &row->sk->local || sock_has(row->sk, SOCK_HAS_PEER)) &&
	    !addr_is_any(&end->addr))
		*answer = HOST_PENDING;
	return name;
}

/* NULL if there is no name (yet); *answer is the reason. */
static const char *host_of(const struct snapshot *snap, const struct row *row,
			   const struct endpoint *end, enum host_answer *answer)
{
	const char *name = NULL;

	*answer = HOST_NOT_ASKED;
	if (snap->told)
		return told_host_of(snap, row, end, answer);
	if (!(snap->resolved & NEED_HOSTS) || !snap->names->hosts)
		return NULL;
	if (end == &row->sk->remote && !sock_has(row->sk, SOCK_HAS_PEER))
		return NULL;
	*answer = hosts_name(snap->names->hosts, (enum addr_family)row->sk->family, &end->addr,
			     &name);
	return *answer == HOST_NAMED ? name : NULL;
}

GETTER(get_local_host)
{
	enum host_answer answer;

	(void)c, (void)i;
	value_set_text(out, host_of(snap, row, &row->sk->local, &answer));
}

GETTER(get_peer_host)
{
	enum host_answer answer;

	(void)c, (void)i;
	value_set_text(out, host_of(snap, row, &row->sk->remote, &answer));
}

static void host_text(const struct snapshot *snap, const struct row *row,
		      const struct endpoint *end, struct buf *out)
{
	enum host_answer answer;
	const char *name = host_of(snap, row, end, &answer);

	if (name)
		buf_str(out, name);
	else
		buf_char(out, answer == HOST_PENDING || answer == HOST_FAILED ? '?' : '-');
}

void text_local_host(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	host_text(snap, row, &row->sk->local, out);
}

void text_peer_host(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	host_text(snap, row, &row->sk->remote, out);
}
