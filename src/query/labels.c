/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What messages and dialogs call a process or a socket. */
#include <config.h>

#include "query/labels.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "model/vocab.h"
#include "query/columns.h"
#include "query/snapshot.h"

static const struct column *column_of(const char *key)
{
	return column_find(key, strlen(key));
}

void label_process(const struct process *process, bool ascii_only, struct buf *out)
{
	text_visible(out, process->name, process->name_len, ascii_only);
	buf_printf(out, "[%d]", process->pid);
}

void label_user(const struct snapshot *snap, const struct row *row, size_t owner, bool ascii_only,
		struct buf *out)
{
	const struct process *p = snapshot_process(snap, row_owners(snap, row).list[owner].process);
	struct value user = { .kind = VALUE_NULL };

	column_value(column_of("owners.user"), snap, row, owner, &user);
	if (user.kind == VALUE_TEXT)
		text_visible(out, user.text.bytes, user.text.len, ascii_only);
	else
		buf_u64(out, p->uid);
}

struct label_ends label_ends(void)
{
	return (struct label_ends){ .local = column_of("local"), .peer = column_of("peer") };
}

void label_socket(const struct label_ends *ends, const struct snapshot *snap, const struct row *row,
		  bool ascii_only, struct buf *out)
{
	struct buf raw = { 0 };

	buf_str(&raw, proto_name((enum sock_proto)row->sk->proto));
	buf_char(&raw, ' ');
	column_text(ends->local, snap, row, &raw);
	if (sock_has(row->sk, SOCK_HAS_PEER)) {
		buf_str(&raw, " > ");
		column_text(ends->peer, snap, row, &raw);
	}
	text_visible(out, raw.data, raw.len, ascii_only);
	buf_fini(&raw);
}
