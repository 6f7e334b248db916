/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a filter's names were taken for, where no row came of them. */
#include <config.h>

#include <net/if.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/nearest.h"
#include "base/text.h"
#include "model/ip_protocol.h"
#include "model/port_set.h"
#include "model/vocab.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/filter_key.h"
#include "query/filter_name.h"
#include "query/filter_parse.h"
#include "query/filter_tree.h"
#include "query/snapshot.h"
#include "resolve/resolver.h"
#include "resolve/services.h"
#include "resolve/users.h"

/* More words than these are not explained, and no more of each is shown, in columns. */
#define NOTES_MAX 5
#define SHOWN_MAX ((size_t)60)

/* Starts a line; returns the name made visible, in shown until that is freed. */
static const char *start_line(struct buf *out, const char *name, size_t len, struct buf *shown)
{
	buf_clear(shown);
	text_visible(shown, name, len < 4 * SHOWN_MAX ? len : 4 * SHOWN_MAX, false);
	if (text_width(shown->data, shown->len) > SHOWN_MAX)
		text_shorten(shown, 0, SHOWN_MAX, "...", 0);
	if (out->len)
		buf_char(out, '\n');
	return buf_cstr(shown);
}

static size_t count_processes(const struct snapshot *snap)
{
	const struct owners *owners = snap->names->owners;

	return owners && (snap->resolved & NEED_OWNERS) ? owners_processes(owners) : 0;
}

static bool has_process(const struct text_item *item, const struct snapshot *snap)
{
	for (size_t i = 0; i < count_processes(snap); i++) {
		const struct process *process = snapshot_process(snap, (uint32_t)i);
		struct value name = { .kind = VALUE_TEXT };

		name.text.bytes = process->name;
		name.text.len = process->name_len;
		if (filter_name_fits(item, &name))
			return true;
	}
	return false;
}

/* Is it clear what the name stands for, although no row came of it? */
static bool is_known(const struct text_item *item, const struct snapshot *snap)
{
	uint8_t ip_protocol;
	uint32_t uid;

	if (has_process(item, snap))
		return true;
	return !item->is_pattern &&
	       (item->ports.n || ip_protocol_parse(item->bytes, item->len, &ip_protocol) ||
		users_uid(item->bytes, item->len, &uid) ||
		(!snap->is_replay && if_nametoindex(item->bytes)));
}

/* What may have been meant: a process, a key, or a word that means something without a key. */
static void find_nearest(const struct text_item *item, const struct snapshot *snap,
			 struct nearest *nearest)
{
	const char *key = filter_key_nearest(item->bytes, item->len), *word;

	nearest_start(nearest, item->bytes, item->len);
	for (size_t i = 0; i < count_processes(snap); i++) {
		const struct process *process = snapshot_process(snap, (uint32_t)i);

		nearest_try_bytes(nearest, process->name, process->name_len);
	}
	for (unsigned int i = 0; i < PROTO_COUNT; i++)
		nearest_try(nearest, proto_name((enum sock_proto)i));
	for (size_t i = 0; (word = state_word(i)); i++)
		nearest_try(nearest, word);
	for (unsigned int class = 0; class < PORT_CLASS_COUNT; class ++)
		nearest_try(nearest, port_class_name((enum port_class) class));
	nearest_try(nearest, "ephemeral");
	if (key)
		nearest_try(nearest, key);
	if (snap->names->services)
		services_nearest(snap->names->services, nearest);
}

static void note_name(const struct text_item *item, const struct snapshot *snap, struct buf *out)
{
	struct nearest nearest;
	struct buf shown = { 0 };

	if (item->is_negated || snap->n_rows || is_known(item, snap))
		return;
	buf_printf(out,
		   _("'%s' was interpreted as the name of a service, process, user, unit, "
		     "container or interface"),
		   start_line(out, item->bytes, item->len, &shown));
	find_nearest(item, snap, &nearest);
	/* The word itself is no hint. */
	if (nearest.found && (nearest.found_len != item->len || nearest.best))
		buf_printf(out, _("did you mean '%s'?"),
			   start_line(out, nearest.found, nearest.found_len, &shown));
	buf_fini(&shown);
}

static void note_iface(const struct text_item *item, const struct snapshot *snap, struct buf *out)
{
	struct buf shown = { 0 };

	if (item->is_negated || item->is_pattern || snap->is_replay || if_nametoindex(item->bytes))
		return;
	buf_printf(out, _("this host has no interface '%s'"),
		   start_line(out, item->bytes, item->len, &shown));
	buf_fini(&shown);
}

static void note_node(const struct filter_node *node, const struct snapshot *snap, size_t *left,
		      struct buf *out)
{
	const struct filter_test *test = &node->test;

	if (node->kind == NODE_NOT) {
		note_node(node->arg, snap, left, out);
		return;
	}
	if (node->kind != NODE_TEST) {
		for (size_t i = 0; i < node->args.n; i++)
			note_node(node->args.list[i], snap, left, out);
		return;
	}
	if (test->kind != TEST_NAME &&
	    (test->kind != TEST_TEXTS || strcmp(test->column->key, "iface") != 0))
		return;
	for (size_t i = 0; i < test->texts.n && *left; i++, --*left)
		(test->kind == TEST_NAME ? note_name : note_iface)(&test->texts.items[i], snap, out);
}

void filter_notes(const struct filter *f, const struct snapshot *snap, struct buf *out)
{
	size_t left = NOTES_MAX;

	if (f && f->root)
		note_node(f->root, snap, &left, out);
}
