/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The owners of a socket, column by column. */
#include <config.h>

#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/number.h"
#include "base/text.h"
#include "query/column_values.h"
#include "query/snapshot.h"
#include "resolve/resolver.h"
#include "resolve/users.h"

static const struct process *process_at(const struct snapshot *snap, const struct row *row,
					size_t i)
{
	return snapshot_process(snap, row_owners(snap, row).list[i].process);
}

static void set_bytes(struct value *out, enum value_kind kind, const char *bytes, size_t len)
{
	out->kind = kind;
	out->text.bytes = bytes;
	out->text.len = len;
}

GETTER(get_owner_pid)
{
	(void)c;
	value_set_number(out, (uint64_t)process_at(snap, row, i)->pid);
}

GETTER(get_owner_name)
{
	const struct process *process = process_at(snap, row, i);

	(void)c;
	set_bytes(out, VALUE_TEXT, process->name, process->name_len);
}

GETTER(get_owner_fd)
{
	int32_t fd = row_owners(snap, row).list[i].fd;

	(void)c;
	if (fd >= 0)
		value_set_number(out, (uint64_t)fd);
}

GETTER(get_owner_uid)
{
	(void)c;
	value_set_number(out, process_at(snap, row, i)->uid);
}

GETTER(get_owner_user)
{
	const char *name;

	(void)c;
	if (!(snap->resolved & NEED_USERS))
		return;
	name = users_name(snap->names->users, process_at(snap, row, i)->uid);
	if (name)
		set_bytes(out, VALUE_TEXT, name, strlen(name));
}

GETTER(get_owner_cmdline)
{
	const struct process *process = process_at(snap, row, i);

	(void)c;
	if (process->cmdline)
		set_bytes(out, VALUE_LIST, process->cmdline, process->cmdline_len);
}

GETTER(get_owner_ppid)
{
	const struct process *process = process_at(snap, row, i);

	(void)c;
	if (process->parent)
		value_set_number(out, (uint64_t)process->parent);
}

GETTER(get_owner_started)
{
	time_t started = (time_t)process_at(snap, row, i)->started;
	struct tm tm;
	size_t len = 0;

	(void)c;
	/* RFC 3339: a year has four digits, and one of more, in a made-up /proc, does not fit. */
	if (started && gmtime_r(&started, &tm))
		len = strftime(out->room, sizeof("YYYY-MM-DDThh:mm:ssZ"), "%Y-%m-%dT%H:%M:%SZ",
			       &tm);
	if (len)
		set_bytes(out, VALUE_TEXT, out->room, len);
}

GETTER(get_owner_cwd)
{
	(void)c;
	value_set_text(out, process_at(snap, row, i)->cwd);
}

GETTER(get_owner_exe)
{
	(void)c;
	value_set_text(out, process_at(snap, row, i)->exe);
}

GETTER(get_owner_ancestors)
{
	const struct process *process = process_at(snap, row, i);

	(void)c;
	if (!process->n_ancestors)
		return;
	out->kind = VALUE_ANCESTORS;
	out->ancestors.list = process->ancestors;
	out->ancestors.n = process->n_ancestors;
}

GETTER(get_owner_via)
{
	unsigned int via = row->owner_note == NOTE_NOT_ACCEPTED ? OWNER_VIA_LISTENER
								: row_owners(snap, row).list[i].via;
	const char *word = owner_via_words[via];

	(void)c;
	set_bytes(out, VALUE_TEXT, word, strlen(word));
}

GETTER(get_owner_note)
{
	const char *note = owner_note_name((enum owner_note)row->owner_note);

	(void)c, (void)snap, (void)i;
	if (note)
		set_bytes(out, VALUE_TEXT, note, strlen(note));
}

bool has_owners(const struct column *c, const struct snapshot *snap, const struct row *row)
{
	(void)c;
	return row_owners(snap, row).n;
}

static void name_and_pid(const struct process *process, struct buf *out)
{
	buf_add(out, process->name, process->name_len);
	buf_char(out, '[');
	buf_i64(out, process->pid);
	buf_char(out, ']');
}

/* The owner at this position of the displayed order. */
static const struct process *shown_at(const struct snapshot *snap, const struct row *row,
				      struct owner_span owners, size_t at)
{
	size_t i = row_owner_shown(snap, row, owners, at);

	return snapshot_process(snap, owners.list[i].process);
}

static void note_text(const struct row *row, struct buf *out)
{
	const char *note = owner_note_name((enum owner_note)row->owner_note);

	if (!note) {
		buf_char(out, '-');
		return;
	}
	buf_char(out, '(');
	buf_str(out, note);
	buf_char(out, ')');
}

static void owners_text(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	struct owner_span owners = row_owners(snap, row);

	if (!owners.n) {
		if (!text_likely(snap, row, out))
			note_text(row, out);
		return;
	}
	name_and_pid(shown_at(snap, row, owners, 0), out);
	for (size_t i = 1; snap->names_every_owner && i < owners.n; i++) {
		buf_char(out, ',');
		name_and_pid(shown_at(snap, row, owners, i), out);
	}
	if (owners.n > 1 && !snap->names_every_owner) {
		buf_str(out, " +");
		buf_u64(out, owners.n - 1);
	}
	if (row->owner_note == NOTE_NOT_ACCEPTED) {
		buf_char(out, ' ');
		note_text(row, out);
	}
}

/* docker-proxy[19777] > web:80 httpd[19830]; a rule has no process, and its kind stands for it. */
void text_process(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	bool leads = count_leads(snap, row);

	if (leads && sock_is_forward(row->sk))
		text_lead_by(snap, row, out);
	else
		owners_text(snap, row, out);
	if (!leads)
		return;
	buf_str(out, " > ");
	text_leads(snap, row, out);
}

void text_owners(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	struct owner_span owners = row_owners(snap, row);

	for (size_t i = 0; i < owners.n; i++) {
		if (i)
			buf_char(out, ',');
		name_and_pid(process_at(snap, row, i), out);
	}
	if (!owners.n)
		note_text(row, out);
}

int compare_process(const struct snapshot *snap, const struct row *a, const struct row *b)
{
	struct owner_span x = row_owners(snap, a), y = row_owners(snap, b);
	const struct process *p, *q;
	int order;

	if (!x.n || !y.n)
		return x.n || y.n ? (x.n ? -1 : 1) : (int)a->owner_note - (int)b->owner_note;
	p = shown_at(snap, a, x, 0);
	q = shown_at(snap, b, y, 0);
	order = memcmp(p->name, q->name, p->name_len < q->name_len ? p->name_len : q->name_len);
	if (!order)
		order = (p->name_len > q->name_len) - (p->name_len < q->name_len);
	return order ? order : (p->pid > q->pid) - (p->pid < q->pid);
}
