/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a row leads to, and what leads to it, column by column. */
#include <config.h>

#include <string.h>

#include "base/buf.h"
#include "model/vocab.h"
#include "query/column_values.h"
#include "query/leads.h"
#include "query/snapshot.h"
#include "query/told.h"
#include "resolve/forward_by.h"
#include "resolve/forward_rules.h"
#include "resolve/resolver.h"

static void set_text(struct value *out, const char *text)
{
	if (!*text)
		return;
	out->kind = VALUE_TEXT;
	out->text.bytes = text;
	out->text.len = strlen(text);
}

static void set_port(struct value *out, struct port_range ports)
{
	if (!ports.first || ports.first != ports.last)
		return;
	out->kind = VALUE_NUMBER;
	out->number = ports.first;
}

size_t count_leads(const struct snapshot *snap, const struct row *row)
{
	size_t n;

	if (snap->told)
		return snap->resolved & NEED_FORWARDS ? told_count(snap, row->sk, TOLD_LEADS) : 0;
	leads_of(snap, row, &n);
	return n;
}

size_t count_published(const struct snapshot *snap, const struct row *row)
{
	size_t n;

	if (snap->told)
		return snap->resolved & NEED_FORWARDS ? told_count(snap, row->sk, TOLD_PUBLISHED)
						      : 0;
	leads_to(snap, row, &n);
	return n;
}

bool has_leads(const struct column *c, const struct snapshot *snap, const struct row *row)
{
	return c->count(snap, row);
}

bool knows_leads(const struct snapshot *snap, const struct row *row)
{
	if (snap->told)
		return (snap->resolved & NEED_FORWARDS) && told_knows(snap, row->sk, TOLD_LEADS);
	return (snap->resolved & NEED_FORWARDS) && snap->names->forwards;
}

bool knows_published(const struct snapshot *snap, const struct row *row)
{
	if (snap->told)
		return (snap->resolved & NEED_FORWARDS) &&
		       told_knows(snap, row->sk, TOLD_PUBLISHED);
	return knows_leads(snap, row) && !snap->names->forwards->error;
}

static const struct lead *lead_at(const struct snapshot *snap, const struct row *row, size_t i)
{
	size_t n;

	return leads_of(snap, row, &n) + i;
}

static const struct lead *published_at(const struct snapshot *snap, const struct row *row, size_t i)
{
	size_t n;

	return &snap->leads.list[leads_to(snap, row, &n)[i].lead];
}

static void get_by(const struct snapshot *snap, const struct lead *lead, struct value *out)
{
	set_text(out, forward_by_words[lead_forward(snap, lead)->by]);
}

/* Where the address stays as it was it is the row's. */
static const struct addr *target_addr(const struct snapshot *snap, const struct lead *lead,
				      enum addr_family *family)
{
	const struct nat_target *to = &lead_forward(snap, lead)->leads_to;

	*family = to->family;
	return nat_target_has_one_addr(to) ? &to->addr : NULL;
}

GETTER(get_lead_addr)
{
	enum addr_family family;
	const struct addr *addr = target_addr(snap, lead_at(snap, row, i), &family);

	(void)c;
	if (!addr)
		return;
	out->kind = VALUE_ADDR;
	out->addr.addr = addr;
	out->addr.family = family;
}

GETTER(get_lead_port)
{
	(void)c;
	set_port(out, lead_at(snap, row, i)->ports);
}

GETTER(get_lead_by)
{
	(void)c;
	get_by(snap, lead_at(snap, row, i), out);
}

GETTER(get_lead_rule)
{
	const struct lead *lead = lead_at(snap, row, i);

	(void)c;
	set_text(out,
		 forwards_text(&snap->names->forwards->forwards, lead_forward(snap, lead)->rule));
}

GETTER(get_lead_from)
{
	(void)c;
	set_text(out, snap->leads.texts.data + lead_at(snap, row, i)->range);
}

GETTER(get_lead_to)
{
	(void)c;
	set_text(out, snap->leads.texts.data + lead_at(snap, row, i)->to_range);
}

GETTER(get_lead_process)
{
	(void)c;
	set_text(out, snap->leads.texts.data + lead_at(snap, row, i)->process);
}

/* What a column says of the listener at the other end, as of a row of its own. */
static void get_of_target(column_get *get, const struct snapshot *snap, const struct lead *lead,
			  struct value *out)
{
	const struct row target = { .sk = lead->to, .held = ROW_HELD_ITSELF };

	if (lead->to)
		get(NULL, snap, &target, 0, out);
}

GETTER(get_lead_netns)
{
	const struct lead *lead = lead_at(snap, row, i);
	uint64_t into = lead_forward(snap, lead)->into;

	(void)c;
	if (into)
		value_set_number(out, into);
	else
		get_of_target(get_netns, snap, lead, out);
}

/* The namespace that a proxy goes into; NULL where it is not known. */
static const struct snapshot_netns *netns_led_to(const struct snapshot *snap,
						 const struct lead *lead)
{
	uint64_t into = lead_forward(snap, lead)->into;

	return into ? snapshot_netns_by_inode(snap, into) : NULL;
}

GETTER(get_lead_container)
{
	const struct lead *lead = lead_at(snap, row, i);
	const struct snapshot_netns *into = netns_led_to(snap, lead);

	(void)c;
	if (into && into->is_container)
		value_set_text(out, into->name);
	else
		get_of_target(get_container, snap, lead, out);
}

GETTER(get_published_addr)
{
	const struct row from = { .sk = published_at(snap, row, i)->from };

	get_local_addr(c, snap, &from, 0, out);
}

GETTER(get_published_port)
{
	const struct row from = { .sk = published_at(snap, row, i)->from };

	get_local_port(c, snap, &from, 0, out);
}

GETTER(get_published_by)
{
	(void)c;
	get_by(snap, published_at(snap, row, i), out);
}

static void add_value(const struct value *value, struct buf *out)
{
	if (value->kind == VALUE_TEXT)
		buf_add(out, value->text.bytes, value->text.len);
}

/* "web:80 httpd[19830]", or as much of it as is known. */
static void lead_text(const struct snapshot *snap, const struct lead *lead, struct buf *out)
{
	const char *process = snap->leads.texts.data + lead->process;
	const struct snapshot_netns *into = netns_led_to(snap, lead);
	struct value container = { .kind = VALUE_NULL };

	if (into)
		value_set_text(&container, into->name);
	else
		get_of_target(get_container, snap, lead, &container);
	add_value(&container, out);
	if (container.kind == VALUE_NULL)
		lead_addr_text(&lead_forward(snap, lead)->leads_to, out);
	lead_ports_text(lead->ports, out);
	if (*process)
		buf_printf(out, " %s", process);
}

void text_leads(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	const struct lead *list;
	size_t n;

	if (snap->told) {
		told_text_leads(snap, row, out);
		return;
	}
	list = leads_of(snap, row, &n);
	for (size_t i = 0; i < n; i++) {
		buf_str(out, i ? ", " : "");
		lead_text(snap, &list[i], out);
	}
}

void text_lead_by(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	struct value by = { .kind = VALUE_NULL };

	if (snap->told)
		told_get(snap, row->sk, TOLD_LEAD_BY, 0, &by);
	else if (count_leads(snap, row))
		get_lead_by(NULL, snap, row, 0, &by);
	add_value(&by, out);
}

void text_published(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	const struct published *list;
	size_t n;

	if (snap->told) {
		told_text_published(snap, row, out);
		return;
	}
	list = leads_to(snap, row, &n);
	for (size_t i = 0; i < n; i++) {
		const struct row from = { .sk = snap->leads.list[list[i].lead].from };

		buf_str(out, i ? "," : "");
		exact_local(snap, &from, out);
	}
}
