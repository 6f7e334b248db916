/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What documents told of sockets that no struct sock carries. */
#include <config.h>

#include "query/told.h"

#include <stdlib.h>
#include <string.h>

#include "query/columns.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"

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

	if (!row || row[1].owners == row->owners)
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
	if (process == PAST_PROCESS)
		return NULL;
	return told_bytes(snap->told, snap->told->processes[process].user, NULL);
}

static const struct told_cell *cell_of(const struct snapshot *snap, const struct sock *sk,
				       enum told_key key, size_t i)
{
	const struct told_row *row = told_row(snap, sk);

	for (uint32_t k = row ? row->cells : 0; row && k < row[1].cells; k++) {
		const struct told_cell *cell = &snap->told->cells[k];

		if (cell->key == key && cell->element == i)
			return cell;
	}
	return NULL;
}

static void set_addr(const struct told *told, uint32_t place, struct value *out)
{
	const char *bytes = told_bytes(told, place, NULL);

	if (!bytes)
		return;
	out->kind = VALUE_ADDR;
	out->addr.addr = (const void *)bytes;
	out->addr.family = (enum addr_family)bytes[sizeof(struct addr)];
}

void told_get(const struct snapshot *snap, const struct sock *sk, enum told_key key, size_t i,
	      struct value *out)
{
	const struct told_cell *cell = cell_of(snap, sk, key, i);
	uint32_t len;

	out->kind = VALUE_NULL;
	if (!cell)
		return;
	if (cell->kind == VALUE_NUMBER) {
		out->kind = VALUE_NUMBER;
		out->number = cell->value;
	} else if (cell->kind == VALUE_ADDR) {
		set_addr(snap->told, cell->value, out);
	} else {
		out->kind = VALUE_TEXT;
		out->text.bytes = told_bytes(snap->told, cell->value, &len);
		out->text.len = len;
	}
}

const char *told_text(const struct snapshot *snap, const struct sock *sk, enum told_key key)
{
	const struct told_cell *cell = cell_of(snap, sk, key, 0);

	return cell && cell->kind == VALUE_TEXT ? told_bytes(snap->told, cell->value, NULL) : NULL;
}

size_t told_count(const struct snapshot *snap, const struct sock *sk, enum told_list list)
{
	static const struct {
		enum told_key first, last;
	} keys[] = {
		[TOLD_CANDIDATES] = { TOLD_CANDIDATE_PID, TOLD_CANDIDATE_UID },
		[TOLD_LEADS] = { TOLD_LEAD_ADDR, TOLD_LEAD_PROCESS },
		[TOLD_PUBLISHED] = { TOLD_PUBLISHED_ADDR, TOLD_PUBLISHED_BY },
		[TOLD_PEER_OWNERS] = { TOLD_PEER_OWNER_PID, TOLD_PEER_OWNER_NETNS },
	};
	const struct told_row *row = told_row(snap, sk);
	size_t n = 0;

	for (uint32_t k = row ? row->cells : 0; row && k < row[1].cells; k++) {
		const struct told_cell *cell = &snap->told->cells[k];

		if (cell->key >= keys[list].first && cell->key <= keys[list].last &&
		    cell->element >= n)
			n = cell->element + 1U;
	}
	return n;
}

bool told_knows(const struct snapshot *snap, const struct sock *sk, enum told_list list)
{
	const struct snapshot_host *host = snapshot_host_of(snap, sk);

	return host && host->lists >> list & 1;
}

bool told_is_hole(const struct snapshot *snap, const struct sock *sk, size_t column)
{
	return cell_of(snap, sk, TOLD_HOLE, column);
}
