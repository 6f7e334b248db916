/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers out of tcp_info, skmeminfo and mptcp_info, whose length depends on the kernel. */
#include <config.h>

#include <string.h>

#include "base/buf.h"
#include "query/column_values.h"
#include "query/snapshot.h"

static uint64_t read_number(const unsigned char *at, size_t size)
{
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (size) {
	case 1:
		return *at;
	case 2:
		memcpy(&u16, at, sizeof(u16));
		return u16;
	case 4:
		memcpy(&u32, at, sizeof(u32));
		return u32;
	}
	memcpy(&u64, at, sizeof(u64));
	return u64;
}

/*
 * The kernel fills tcp_info of a listener with other things than its names say (tcp_get_info()), and
 * a listener of MPTCP has neither token nor subflows.
 */
static const unsigned char *block_of(const struct snapshot *snap, const struct row *row,
				     enum sock_extra extra, size_t *len)
{
	if (extra != SOCK_EXTRA_MEMORY && row->sk->state == SOCK_STATE_LISTEN)
		return NULL;
	return sock_table_extra(&snap->table, row->sk, extra, len);
}

void get_field(const struct column *c, const struct snapshot *snap, const struct row *row, size_t i,
	       struct value *out)
{
	const struct column_field *field = &c->field;
	const unsigned char *block;
	uint64_t number;
	size_t len;

	(void)i;
	if (!(snap->resolved & c->needs))
		return;
	block = block_of(snap, row, (enum sock_extra)field->extra, &len);
	if (!block || len < (size_t)field->offset + field->size)
		return;
	number = read_number(block + field->offset, field->size);
	if (field->unset && number == field->unset)
		return;
	out->kind = VALUE_NUMBER;
	out->number = number * (field->scale ? field->scale : 1);
}

void get_congestion(const struct column *c, const struct snapshot *snap, const struct row *row,
		    size_t i, struct value *out)
{
	const char *name;
	size_t len;

	(void)i;
	if (!(snap->resolved & c->needs) || row->sk->state == SOCK_STATE_LISTEN)
		return;
	name = sock_table_extra(&snap->table, row->sk, SOCK_EXTRA_CONGESTION, &len);
	if (!name)
		return;
	out->kind = VALUE_TEXT;
	out->text.bytes = name;
	out->text.len = len;
}

bool column_has_group(const char *key, const struct snapshot *snap, const struct row *row)
{
	static const struct {
		const char *key;
		enum sock_extra extra;
		unsigned int needs;
	} groups[] = {
		{ "tcp", SOCK_EXTRA_TCP_INFO, NEED_TCP_INFO },
		{ "memory", SOCK_EXTRA_MEMORY, NEED_MEMORY },
		{ "mptcp", SOCK_EXTRA_MPTCP, NEED_MPTCP },
	};
	size_t len;

	if (!strcmp(key, "timer"))
		return sock_has(row->sk, SOCK_HAS_TIMER) && row->sk->timer != SOCK_TIMER_NONE;
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		if (!strcmp(key, groups[i].key))
			return (snap->resolved & groups[i].needs) &&
			       block_of(snap, row, groups[i].extra, &len);
	return false;
}

/* name=value for each column of the group that is known. */
static void group_text(const char *key, const struct snapshot *snap, const struct row *row,
		       struct buf *out)
{
	size_t prefix = strlen(key), start = out->len;

	for (size_t i = 0; i < columns_n; i++) {
		const struct column *c = &columns[i];
		struct value value;

		if (strncmp(c->key, key, prefix) || c->key[prefix] != '.')
			continue;
		column_value(c, snap, row, 0, &value);
		if (value.kind == VALUE_NULL)
			continue;
		if (out->len > start)
			buf_char(out, ',');
		buf_str(out, c->key + prefix + 1);
		buf_char(out, '=');
		if (value.kind == VALUE_NUMBER)
			buf_u64(out, value.number);
		else
			buf_add(out, value.text.bytes, value.text.len);
	}
	if (out->len == start)
		buf_char(out, '-');
}

void text_group_tcp(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	group_text("tcp", snap, row, out);
}

void text_group_memory(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	group_text("memory", snap, row, out);
}

void text_group_mptcp(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	group_text("mptcp", snap, row, out);
}
