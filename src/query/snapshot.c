/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One moment: sockets joined with the names of what holds, serves and made them. */
#include <config.h>

#include "query/snapshot.h"

#include <stdlib.h>

#include "model/vocab.h"
#include "query/columns.h"
#include "query/serving.h"
#include "resolve/resolver.h"
#include "resolve/services.h"

const char *owner_note_name(enum owner_note note)
{
	switch (note) {
	case NOTE_TIME_WAIT:
		return "time-wait";
	case NOTE_NOT_ACCEPTED:
		return "not-accepted";
	case NOTE_HIDDEN:
		return "hidden";
	case NOTE_UNHELD:
		return "unheld";
	case NOTE_GONE:
		return "gone";
	case NOTE_NONE:
	case NOTE_NOT_ASKED:
		break;
	}
	return NULL;
}

void snapshot_fini(struct snapshot *snap)
{
	sock_table_fini(&snap->table);
	sock_table_fini(&snap->listeners);
	serving_free(snap->serving);
	problems_fini(&snap->problems);
	free(snap->rows);
	*snap = (struct snapshot){ 0 };
}

struct owner_span row_owners(const struct snapshot *snap, const struct row *row)
{
	if (!row->inode || !snap->names->owners || !(snap->resolved & NEED_OWNERS))
		return (struct owner_span){ 0 };
	if (row->namesake)
		return owners_of_namesake(snap->names->owners, row->namesake);
	return owners_of(snap->names->owners, row->inode);
}

size_t row_owner_shown(const struct snapshot *snap, const struct row *row, struct owner_span owners,
		       size_t at)
{
	/* By pid it is the first.  It opens sockets for others, so it says least of who serves. */
	bool has_init = owners.n > 1 && snapshot_process(snap, owners.list[0].process)->pid == 1;
	size_t first = has_init, i = at - 1;

	if (row->named && row->named <= owners.n)
		first = row->named - 1U;
	if (!at)
		return first;
	if (has_init && first) {
		if (at + 1 == owners.n)
			return 0;
		i++;
	}
	return i < first ? i : i + 1;
}

const struct process *snapshot_process(const struct snapshot *snap, uint32_t index)
{
	return owners_process(snap->names->owners, index);
}

const char *row_service(const struct snapshot *snap, const struct row *row)
{
	enum sock_proto proto = (enum sock_proto)row->sk->proto;

	if (!(snap->resolved & NEED_SERVICES) || !proto_has_ports(proto))
		return NULL;
	return services_name(snap->names->services, proto,
			     serving_port(snap->serving, snap->names, row->sk));
}
