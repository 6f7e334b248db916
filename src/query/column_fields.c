/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads fields of tcp_info, skmeminfo and mptcp_info, whose lengths depend on the kernel version.
 */
#include <config.h>

#include <string.h>

#include "model/sock_table.h"
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
 * For a listener, the kernel uses fields of tcp_info for other things than their names say
 * (tcp_get_info()), and a listener of MPTCP has neither a token nor subflows.
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

bool has_block(const struct column *c, const struct snapshot *snap, const struct row *row)
{
	size_t len;

	return (snap->resolved & c->needs) &&
	       block_of(snap, row, (enum sock_extra)c->field.extra, &len);
}
