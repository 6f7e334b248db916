/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of control groups and hosts, column by column. */
#include <config.h>

#include <string.h>

#include "base/buf.h"
#include "query/column_values.h"
#include "query/snapshot.h"
#include "resolve/cgroups.h"
#include "resolve/hosts.h"
#include "resolve/resolver.h"

static void set_text(struct value *out, const char *text)
{
	if (!text)
		return;
	out->kind = VALUE_TEXT;
	out->text.bytes = text;
	out->text.len = strlen(text);
}

static const struct cgroup *cgroup_of(const struct snapshot *snap, const struct row *row)
{
	if (!sock_has(row->sk, SOCK_HAS_CGROUP) || !(snap->resolved & NEED_CGROUPS) ||
	    !snap->names->cgroups)
		return NULL;
	return cgroups_find(snap->names->cgroups, row->sk->cgroup);
}

#define GETTER(name)                                                                               \
	void name(const struct column *c, const struct snapshot *snap, const struct row *row,      \
		  size_t i, struct value *out)

GETTER(get_cgroup)
{
	const struct cgroup *cgroup = cgroup_of(snap, row);

	(void)c, (void)i;
	set_text(out, cgroup ? cgroup->path : NULL);
}

GETTER(get_unit)
{
	const struct cgroup *cgroup = cgroup_of(snap, row);

	(void)c, (void)i;
	set_text(out, cgroup ? cgroup->unit : NULL);
}

GETTER(get_container)
{
	const struct cgroup *cgroup = cgroup_of(snap, row);

	(void)c, (void)i;
	set_text(out, cgroup ? cgroup->container : NULL);
}

/* NULL where there is no name (yet); *answer says why. */
static const char *host_of(const struct snapshot *snap, const struct row *row,
			   const struct endpoint *end, enum host_answer *answer)
{
	const char *name = NULL;

	*answer = HOST_NOT_ASKED;
	if (!(snap->resolved & NEED_HOSTS) || !snap->names->hosts)
		return NULL;
	if (end == &row->sk->remote && !sock_has(row->sk, SOCK_HAS_PEER))
		return NULL;
	*answer = hosts_name(snap->names->hosts, (enum addr_family)row->sk->family, &end->addr, &name);
	return *answer == HOST_NAMED ? name : NULL;
}

GETTER(get_local_host)
{
	enum host_answer answer;

	(void)c, (void)i;
	set_text(out, host_of(snap, row, &row->sk->local, &answer));
}

GETTER(get_peer_host)
{
	enum host_answer answer;

	(void)c, (void)i;
	set_text(out, host_of(snap, row, &row->sk->remote, &answer));
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
