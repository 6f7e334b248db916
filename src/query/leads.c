/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where ports lead to, once it was found. */
#include <config.h>

#include "query/leads.h"

#include <stdlib.h>
#include <string.h>

#include "query/snapshot.h"
#include "resolve/nat_target.h"
#include "resolve/forward_rules.h"
#include "resolve/resolver.h"

void leads_fini(struct leads *leads)
{
	free(leads->list);
	free(leads->published);
	sock_table_fini(&leads->unlisted);
	sock_table_fini(&leads->asked);
	buf_fini(&leads->texts);
	*leads = (struct leads){ 0 };
}

void leads_clear(struct leads *leads)
{
	leads->n = leads->n_published = 0;
	leads->knows_every_netns = false;
	sock_table_clear(&leads->unlisted);
	sock_table_clear(&leads->asked);
	buf_clear(&leads->texts);
}

bool leads_have_targets(const struct leads *leads)
{
	for (size_t i = 0; i < leads->n; i++)
		if (leads->list[i].to)
			return true;
	return false;
}

const struct forward *lead_forward(const struct snapshot *snap, const struct lead *lead)
{
	return &snap->names->forwards->forwards.list[lead->forward];
}

const struct lead *leads_of(const struct snapshot *snap, const struct row *row, size_t *n)
{
	const struct leads *leads = &snap->leads;
	size_t low = 0, high = leads->n, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (leads->list[middle].from < row->sk)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < leads->n && leads->list[end].from == row->sk;)
		end++;
	*n = end - low;
	return *n ? leads->list + low : NULL;
}

const struct published *leads_to(const struct snapshot *snap, const struct row *row, size_t *n)
{
	const struct leads *leads = &snap->leads;
	size_t low = 0, high = leads->n_published, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (leads->published[middle].sk < row->sk)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < leads->n_published && leads->published[end].sk == row->sk;)
		end++;
	*n = end - low;
	return *n ? leads->published + low : NULL;
}

/* 172.17.0.2, [2001:db8::2], 10.0.0.1-10.0.0.9; nothing where it stays on this host. */
void lead_addr_text(const struct nat_target *to, struct buf *out)
{
	bool has_brackets = to->family == ADDR_INET6;

	if (!to->has_addr || to->is_unknown)
		return;
	if (has_brackets)
		buf_char(out, '[');
	addr_text(out, to->family, &to->addr);
	if (memcmp(&to->addr, &to->addr_last, sizeof(to->addr)) != 0) {
		buf_char(out, '-');
		addr_text(out, to->family, &to->addr_last);
	}
	if (has_brackets)
		buf_char(out, ']');
}

void lead_ports_text(struct port_range ports, struct buf *out)
{
	buf_char(out, ':');
	if (!ports.last || (!ports.first && ports.last == PORT_MAX))
		buf_char(out, '*');
	else
		buf_u64(out, ports.first);
	if (ports.first && ports.last > ports.first)
		buf_printf(out, "-%u", ports.last);
}
