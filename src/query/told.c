/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What documents told of sockets that no struct sock carries. */
#include <config.h>

#include "query/told.h"

#include <stdlib.h>
#include <string.h>

#include "query/columns.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/telling.h"

void told_free(struct told *told)
{
	if (!told)
		return;
	free(told->rows);
	free(told->cells);
	free(told->owners);
	free(told->processes);
	free(told->ancestors);
	buf_fini(&told->texts);
	map_fini(&told->by_hash);
	free(told);
}

const struct told_row *told_row(const struct snapshot *snap, const struct sock *sk)
{
	uintptr_t at = (uintptr_t)sk - (uintptr_t)snap->table.socks;

	/* The live view has rows of sockets that are gone, which are in no table. */
	if (at >= snap->table.n * sizeof(*sk))
		return NULL;
	return &snap->told->rows[at / sizeof(*sk)];
}

struct owner_span told_owners(const struct snapshot *snap, const struct sock *sk)
{
	const struct told_row *row = told_row(snap, sk);

	if (!row)
		return (struct owner_span){ 0 };
	return (struct owner_span){ snap->told->owners + row->owners, row[1].owners - row->owners };
}

const char *told_bytes(const struct told *told, uint32_t place, uint32_t *len)
{
	if (len)
		*len = 0;
	if (!place)
		return NULL;
	if (len)
		memcpy(len, told->texts.data + place, sizeof(*len));
	return told->texts.data + place + sizeof(*len);
}

const char *told_user(const struct snapshot *snap, uint32_t process)
{
	return told_bytes(snap->told, snap->told->processes[process].user, NULL);
}

bool told_lacks(const struct column *c, const struct snapshot *snap, const struct sock *sk)
{
	const struct snapshot_host *host = snapshot_host_of(snap, sk);

	return host && !snapshot_host_has(host, c);
}

/* Element i of a column; NULL if it is unknown. */
static const struct told_cell *cell_of(const struct column *c, const struct snapshot *snap,
				       const struct sock *sk, size_t i)
{
	const struct told_row *row = told_row(snap, sk);

	if (!row)
		return NULL;
	for (uint32_t k = row->cells; k < row[1].cells; k++) {
		const struct told_cell *cell = &snap->told->cells[k];

		if (cell->column == c - columns && cell->element == i)
			return cell;
	}
	return NULL;
}

static void set_addr(const struct told *told, uint32_t place, struct value *out)
{
	const char *bytes = told_bytes(told, place, NULL);

	out->kind = VALUE_ADDR;
	out->addr.addr = (const void *)bytes;
	out->addr.family = (enum addr_family)bytes[sizeof(struct addr)];
}

void told_value(const struct column *c, const struct snapshot *snap, const struct row *row,
		size_t i, struct value *out)
{
	const struct told_cell *cell = cell_of(c, snap, row->sk, i);
	uint32_t len;

	if (!cell || (c->needs & ~snap->resolved))
		return;
	switch ((enum value_kind)cell->kind) {
	case VALUE_TEXT:
		out->kind = VALUE_TEXT;
		out->text.bytes = told_bytes(snap->told, cell->value, &len);
		out->text.len = len;
		return;
	case VALUE_NUMBER:
		out->kind = VALUE_NUMBER;
		out->number = cell->value;
		return;
	case VALUE_ADDR:
		set_addr(snap->told, cell->value, out);
		return;
	case VALUE_NULL:
	case VALUE_BOOL:
	case VALUE_LIST:
	case VALUE_ANCESTORS:
		return;
	}
}

size_t told_count(const struct column *c, const struct snapshot *snap, const struct row *row)
{
	const struct told_row *told = told_row(snap, row->sk);
	const char *dot = strchr(c->key, '.');
	size_t prefix = dot ? (size_t)(dot - c->key) : strlen(c->key), n = 0;

	if (!told || (c->needs & ~snap->resolved))
		return 0;
	for (uint32_t k = told->cells; k < told[1].cells; k++) {
		const struct told_cell *cell = &snap->told->cells[k];
		const char *key = columns[cell->column].key;

		if (!strncmp(key, c->key, prefix) && key[prefix] == '.' && cell->element >= n)
			n = cell->element + 1U;
	}
	return n;
}

const char *told_text(const struct column *c, const struct snapshot *snap, const struct sock *sk)
{
	const struct told_cell *cell = cell_of(c, snap, sk, 0);

	return cell && cell->kind == VALUE_TEXT ? told_bytes(snap->told, cell->value, NULL) : NULL;
}

/* Was a number in the middle of a block not told? */
static bool is_hole(const struct column *c, const struct snapshot *snap, const struct sock *sk)
{
	const struct told_cell *cell = c->field.size ? cell_of(c, snap, sk, 0) : NULL;

	return cell && cell->kind == VALUE_NULL;
}

void told_column_value(const struct column *c, const struct snapshot *snap, const struct row *row,
		       size_t i, struct value *out)
{
	if (told_lacks(c, snap, row->sk))
		return;
	if (c->set == set_cell)
		told_value(c, snap, row, i, out);
	else if (!is_hole(c, snap, row->sk))
		c->get(c, snap, row, i, out);
}
