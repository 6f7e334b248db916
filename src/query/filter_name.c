/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches rows against names: of services, owners, users, units, containers, namespaces, interfaces. */
#include <config.h>

#include "query/filter_name.h"

#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/ip_protocol.h"
#include "model/vocab.h"
#include "query/columns.h"
#include "query/filter_logic.h"
#include "query/snapshot.h"
#include "resolve/resolver.h"
#include "resolve/services.h"

bool filter_names_process(const struct text_item *item, const char *name, size_t len, int32_t pid)
{
	if (!item->name_len || (uint64_t)pid != item->pid || len != item->name_len)
		return false;
	for (size_t k = 0; k < len; k++)
		if (text_lower(name[k]) != text_lower(item->bytes[k]))
			return false;
	return true;
}

bool filter_names_owner(const struct text_item *item, const struct snapshot *snap,
			const struct row *row, size_t i)
{
	const struct process *process =
		snapshot_process(snap, row_owners(snap, row).list[i].process);

	return filter_names_process(item, process->name, process->name_len, process->pid);
}

bool filter_name_fits(const struct text_item *item, const struct value *value)
{
	char room[256], *text = room;
	bool holds;

	if (value->kind != VALUE_TEXT)
		return false;
	if (value->text.len > sizeof(room))
		text = mem_alloc(value->text.len);
	for (size_t i = 0; i < value->text.len; i++)
		text[i] = text_lower(value->text.bytes[i]);
	if (item->is_pattern)
		holds = glob_matches(item->bytes, item->len, text, value->text.len);
	else
		holds = memmem(text, value->text.len, item->bytes, item->len);
	if (text != room)
		free(text);
	return holds;
}

/* Does the pattern match the name of the service at this port? */
static bool service_fits(const struct text_item *item, const struct snapshot *snap,
			 const struct sock *sk, uint16_t port)
{
	const struct services *services = snap->names->services;
	struct value name = { .kind = VALUE_TEXT };

	name.text.bytes =
		services ? services_name(services, (enum sock_proto)sk->proto, port) : NULL;
	if (!name.text.bytes)
		return false;
	name.text.len = strlen(name.text.bytes);
	return filter_name_fits(item, &name);
}

static bool port_serves(const struct text_item *item, const struct snapshot *snap,
			const struct sock *sk, uint16_t port)
{
	return item->is_pattern ? service_fits(item, snap, sk, port)
				: port_list_has(&item->ports, port);
}

/* Does the item name the service of either end or, for a raw socket, the protocol it receives? */
static bool serves_name(const struct text_item *item, const struct snapshot *snap,
			const struct sock *sk)
{
	const char *ip_protocol = sk->proto == PROTO_RAW ? ip_protocol_name(sk->ip_protocol) : NULL;

	if (ip_protocol && text_is(item->bytes, item->len, ip_protocol))
		return true;
	if (!proto_has_ports((enum sock_proto)sk->proto))
		return false;
	return port_serves(item, snap, sk, sk->local.port) ||
	       (sock_has(sk, SOCK_HAS_PEER) && port_serves(item, snap, sk, sk->remote.port));
}

static bool is_owner_lacking(enum problem_lack lack)
{
	return lack == LACK_OWNERS || lack == LACK_LISTENER;
}

/* Is it the name of the row in this column, one of several there? */
static bool is_named_in(const struct text_item *item, const struct snapshot *snap,
			const struct row *row, const struct column *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct value value;

		column_value(c, snap, row, i, &value);
		if (filter_name_fits(item, &value) ||
		    (c->shape == COLUMN_LIST && filter_names_owner(item, snap, row, i)))
			return true;
	}
	return false;
}

/* Only hidden owners leave a name undecided: a socket can be named in many other ways. */
static enum filter_result match_columns(const struct text_item *item, const struct snapshot *snap,
					const struct row *row)
{
	enum filter_result doubt = FILTER_NO;

	for (const struct column *c = columns; c < columns + columns_n; c++) {
		size_t n;

		if (!c->is_name)
			continue;
		if (c->needs & ~snap->resolved) {
			doubt = FILTER_MAYBE;
			continue;
		}
		n = column_count(c, snap, row);
		if (is_named_in(item, snap, row, c, n))
			return FILTER_YES;
		if (!n && !doubt && is_owner_lacking(column_lack(c, snap, row)))
			doubt = FILTER_UNTESTABLE;
	}
	return doubt;
}

/* ---- many rows have the same names ---- */

static size_t memo_place(const struct name_key *key)
{
	return (key->process + key->uid + key->note + (uintptr_t)key->item / 32) % NAME_MEMO_PLACES;
}

/* What decides the names of a row but those of its ports.  False if there is more to it. */
static bool memo_key(const struct text_item *item, const struct snapshot *snap,
		     const struct row *row, struct name_key *key)
{
	const struct sock *sk = row->sk;
	struct owner_span owners;

	if (!snap->memo || snap->told || snap->past || sock_is_forward(sk) ||
	    !(snap->resolved & NEED_OWNERS))
		return false;
	memset(key, 0, sizeof(*key));
	key->process = row_process(row) + 1U;
	if (!key->process) {
		owners = row_owners(snap, row);
		if (owners.n > 1)
			return false;
		key->process = owners.n ? owners.list[0].process + 1U : 0;
	}
	key->item = item;
	key->cgroup = sk->cgroup;
	key->uid = sk->uid;
	key->ifindex = sk->ifindex;
	key->netns = sk->netns;
	key->known = sk->known;
	key->note = row->owner_note;
	key->proto = sk->proto;
	key->state = sk->state;
	return true;
}

static enum filter_result name_match(const struct text_item *item, const struct snapshot *snap,
				     const struct row *row)
{
	struct name_key key;
	size_t place;

	if (serves_name(item, snap, row->sk))
		return FILTER_YES;
	if (!memo_key(item, snap, row, &key))
		return match_columns(item, snap, row);
	place = memo_place(&key);
	if (memcmp(&snap->memo->places[place].key, &key, sizeof(key)) != 0) {
		snap->memo->places[place].key = key;
		snap->memo->places[place].result = match_columns(item, snap, row);
	}
	return snap->memo->places[place].result;
}

enum filter_result filter_match_names(const struct filter_test *test, const struct snapshot *snap,
				      const struct row *row)
{
	enum filter_result in = FILTER_NO, out = FILTER_NO;
	bool has_in = false;

	for (size_t i = 0; i < test->texts.n; i++) {
		const struct text_item *item = &test->texts.items[i];
		enum filter_result *side = item->is_negated ? &out : &in;

		has_in |= !item->is_negated;
		*side = filter_join(FILTER_YES, *side, name_match(item, snap, row));
	}
	return filter_join(FILTER_NO, has_in ? in : FILTER_YES, filter_opposite(out));
}

/* ---- why a row matches ---- */

struct naming {
	const struct snapshot *snap;
	const struct row *row;
	bool (*is_shown)(const struct column *column, void *data);
	void *data;
	const struct column **out;
	size_t n;
	size_t max;
};

static void add_naming(struct naming *naming, const struct column *column)
{
	for (size_t i = 0; i < naming->n; i++)
		if (naming->out[i] == column)
			return;
	if (naming->n < naming->max)
		naming->out[naming->n++] = column;
}

/* The service is told by the port. */
static void find_naming(struct naming *naming, const struct text_item *item)
{
	const struct snapshot *snap = naming->snap;
	const struct column *first = NULL;

	if (item->is_negated || serves_name(item, snap, naming->row->sk))
		return;
	for (const struct column *c = columns; c < columns + columns_n; c++) {
		if (!c->is_name || (c->needs & ~snap->resolved) ||
		    !is_named_in(item, snap, naming->row, c, column_count(c, snap, naming->row)))
			continue;
		if (naming->is_shown(c, naming->data))
			return;
		if (!first)
			first = c;
	}
	if (first)
		add_naming(naming, first);
}

static void find_namings(struct naming *naming, const struct filter_node *node)
{
	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
		for (size_t i = 0; i < node->args.n; i++)
			find_namings(naming, node->args.list[i]);
		return;
	case NODE_NOT:
		return;
	case NODE_TEST:
		break;
	}
	for (size_t i = 0; node->test.kind == TEST_NAME && i < node->test.texts.n; i++)
		find_naming(naming, &node->test.texts.items[i]);
}

size_t filter_named_by(const struct filter *f, const struct snapshot *snap, const struct row *row,
		       bool (*is_shown)(const struct column *column, void *data), void *data,
		       const struct column **out, size_t n, size_t max)
{
	struct naming naming = { snap, row, is_shown, data, out, n, max };

	if (f && f->root)
		find_namings(&naming, f->root);
	return naming.n;
}
