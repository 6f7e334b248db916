/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cells of rows that a document told of, where a table does not show the plain values. */
#include <config.h>

#include <string.h>

#include "base/buf.h"
#include "query/column_values.h"
#include "query/snapshot.h"
#include "query/told.h"

/* Adds value i; false if it is unknown. */
static bool add(enum told_key key, const struct snapshot *snap, const struct row *row, size_t i,
		struct buf *out)
{
	struct value value;

	told_get(snap, row->sk, key, i, &value);
	if (value.kind == VALUE_TEXT)
		buf_add(out, value.text.bytes, value.text.len);
	else if (value.kind == VALUE_NUMBER)
		buf_u64(out, value.number);
	return value.kind != VALUE_NULL;
}

/* Adds an address, in brackets if it is of IPv6; nothing if it is unknown. */
static void add_addr(enum told_key key, const struct snapshot *snap, const struct row *row,
		     size_t i, struct buf *out)
{
	struct value value;
	bool has_brackets;

	told_get(snap, row->sk, key, i, &value);
	if (value.kind != VALUE_ADDR)
		return;
	has_brackets = value.addr.family == ADDR_INET6;
	buf_str(out, has_brackets ? "[" : "");
	addr_text(out, value.addr.family, value.addr.addr);
	buf_str(out, has_brackets ? "]" : "");
}

static void add_port(enum told_key key, const struct snapshot *snap, const struct row *row,
		     size_t i, struct buf *out)
{
	buf_char(out, ':');
	if (!add(key, snap, row, i, out))
		buf_char(out, '*');
}

/* "nginx[812]" */
static void add_process(enum told_key name, enum told_key pid, const struct snapshot *snap,
			const struct row *row, size_t i, struct buf *out)
{
	add(name, snap, row, i, out);
	buf_char(out, '[');
	add(pid, snap, row, i, out);
	buf_char(out, ']');
}

/* "web:80", "10.0.0.1:80", or a range of them. */
static void add_target(const struct snapshot *snap, const struct row *row, size_t i,
		       struct buf *out)
{
	bool has_container = add(TOLD_LEAD_CONTAINER, snap, row, i, out);
	struct value range;
	const char *ports;

	told_get(snap, row->sk, TOLD_LEAD_TO, i, &range);
	if (range.kind == VALUE_TEXT && !has_container) {
		buf_add(out, range.text.bytes, range.text.len);
		return;
	}
	ports = range.kind == VALUE_TEXT ? memrchr(range.text.bytes, ':', range.text.len) : NULL;
	if (ports) {
		buf_add(out, ports, range.text.len - (size_t)(ports - range.text.bytes));
		return;
	}
	if (!has_container)
		add_addr(TOLD_LEAD_ADDR, snap, row, i, out);
	add_port(TOLD_LEAD_PORT, snap, row, i, out);
}

void told_text_leads(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	size_t n = told_count(snap, row->sk, TOLD_LEADS);

	for (size_t i = 0; i < n; i++) {
		size_t before;

		buf_str(out, i ? ", " : "");
		add_target(snap, row, i, out);
		before = out->len;
		buf_char(out, ' ');
		if (!add(TOLD_LEAD_PROCESS, snap, row, i, out))
			out->len = before;
	}
}

void told_text_published(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	size_t n = told_count(snap, row->sk, TOLD_PUBLISHED);

	for (size_t i = 0; i < n; i++) {
		buf_str(out, i ? "," : "");
		add_addr(TOLD_PUBLISHED_ADDR, snap, row, i, out);
		add_port(TOLD_PUBLISHED_PORT, snap, row, i, out);
	}
}

/* The name of a namespace of the row's host; NULL if that is the row's, or unknown. */
static const char *other_netns(const struct snapshot *snap, const struct row *row, uint64_t inode)
{
	const struct snapshot_netns *own = snapshot_netns_of(snap, row->sk);

	for (size_t i = 0; own && i < snap->n_namespaces && inode != own->inode; i++)
		if (snap->namespaces[i].host == own->host && snap->namespaces[i].inode == inode)
			return snap->namespaces[i].name;
	return NULL;
}

void told_text_peer_owners(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	size_t n = told_count(snap, row->sk, TOLD_PEER_OWNERS);
	const char *name = NULL;
	struct value netns;

	if (!n)
		return;
	if (add(TOLD_OTHER_HOST, snap, row, 0, out))
		buf_char(out, ' ');
	told_get(snap, row->sk, TOLD_PEER_OWNER_NETNS, 0, &netns);
	if (netns.kind == VALUE_NUMBER)
		name = other_netns(snap, row, netns.number);
	if (name)
		buf_printf(out, "%s ", name);
	for (size_t i = 0; i < n; i++) {
		buf_str(out, i ? "," : "");
		add_process(TOLD_PEER_OWNER_NAME, TOLD_PEER_OWNER_PID, snap, row, i, out);
	}
}

void told_text_candidates(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	size_t n = told_count(snap, row->sk, TOLD_CANDIDATES);

	for (size_t i = 0; i < n; i++) {
		buf_str(out, i ? "," : "");
		add_process(TOLD_CANDIDATE_NAME, TOLD_CANDIDATE_PID, snap, row, i, out);
	}
}

/* ": nginx", or ": sshd, ..." if not all have one name. */
static void add_names(const struct snapshot *snap, const struct row *row, size_t n, struct buf *out)
{
	struct value first, one;
	bool has_others = false;

	told_get(snap, row->sk, TOLD_CANDIDATE_NAME, 0, &first);
	for (size_t i = 1; i < n; i++) {
		told_get(snap, row->sk, TOLD_CANDIDATE_NAME, i, &one);
		has_others |= one.kind != first.kind || one.text.len != first.text.len ||
			      memcmp(one.text.bytes, first.text.bytes, one.text.len) != 0;
	}
	buf_str(out, ": ");
	add(TOLD_CANDIDATE_NAME, snap, row, 0, out);
	buf_str(out, has_others ? ", ..." : "");
}

bool told_text_likely(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	size_t n = told_count(snap, row->sk, TOLD_CANDIDATES);
	struct value fit, unit;

	told_get(snap, row->sk, TOLD_CANDIDATE_COUNT, 0, &fit);
	told_get(snap, row->sk, TOLD_UNIT, 0, &unit);
	if (row->owner_note != NOTE_HIDDEN || fit.kind != VALUE_NUMBER ||
	    (!fit.number && unit.kind != VALUE_TEXT))
		return false;
	buf_char(out, '~');
	if (fit.number > 1) {
		buf_str(out, "one of ");
		buf_u64(out, fit.number);
		if (n && snap->names_every_owner) {
			buf_str(out, ": ");
			told_text_candidates(snap, row, out);
		} else if (n) {
			add_names(snap, row, n, out);
		}
		return true;
	}
	if (n)
		told_text_candidates(snap, row, out);
	else if (unit.kind == VALUE_TEXT)
		buf_add(out, unit.text.bytes, unit.text.len);
	buf_char(out, '?');
	return true;
}
