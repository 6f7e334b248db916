/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains the names in a filter for which the listing has no row. */
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
#include "resolve/process_names.h"
#include "resolve/resolver.h"
#include "resolve/services.h"
#include "resolve/users.h"

/* The maximum number of words that are explained; the other limit is how much of each is shown. */
#define NOTES_MAX 5
#define SHOWN_MAX ((size_t)60)

/* Starts a line.  Returns the name made visible, in shown until that is freed. */
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

/* What notes depend on. */
struct notes {
	const struct snapshot *snap;
	struct buf processes; /* names of all processes, each NUL-terminated */
	size_t left; /* how many words may still be explained */
	const struct filter_hints *hints;
	struct buf *out;
};

static bool has_process(const struct text_item *item, const struct notes *notes)
{
	for (size_t at = 0; at < notes->processes.len;) {
		struct value name = { .kind = VALUE_TEXT };

		name.text.bytes = notes->processes.data + at;
		name.text.len = strlen(name.text.bytes);
		if (filter_name_fits(item, &name))
			return true;
		at += name.text.len + 1;
	}
	return false;
}

/* Does the name mean something known, although no row matches? */
static bool is_known(const struct text_item *item, const struct notes *notes)
{
	uint8_t ip_protocol;
	uint32_t uid;

	if (has_process(item, notes))
		return true;
	return !item->is_pattern &&
	       (item->ports.n || ip_protocol_parse(item->bytes, item->len, &ip_protocol) ||
		users_uid(notes->snap->names->users, item->bytes, item->len, &uid) ||
		(!notes->snap->is_replay && if_nametoindex(item->bytes)));
}

/* Words that users try, and what they are called here. */
/* clang-format off */
static const struct {
	const char *word;
	const char *meant;
} habits[] = {
	{ "localhost", "addr localhost" }, { "loopback", "reach host" },
	{ "ipv4", "family 4" },		   { "ip4", "family 4" },
	{ "inet", "family 4" },		   { "ipv6", "family 6" },
	{ "ip6", "family 6" },		   { "inet6", "family 6" },
	{ "tcp4", "tcp family 4" },	   { "tcp6", "tcp family 6" },
	{ "udp4", "udp family 4" },	   { "udp6", "udp family 6" },
	{ "est", "established" },
};
/* clang-format on */

/* Finds what was probably meant: a process, a key, or a word that has a meaning without a key. */
static void find_nearest(const struct text_item *item, const struct notes *notes,
			 struct nearest *nearest)
{
	const char *key = filter_key_nearest(item->bytes, item->len), *word;
	const struct services *services = notes->snap->names->services;

	nearest_start(nearest, item->bytes, item->len);
	for (size_t at = 0; at < notes->processes.len; at += strlen(notes->processes.data + at) + 1)
		nearest_try(nearest, notes->processes.data + at);
	for (unsigned int i = 0; i < PROTO_COUNT; i++)
		nearest_try(nearest, proto_name((enum sock_proto)i));
	for (size_t i = 0; (word = state_word(i)); i++)
		nearest_try(nearest, word);
	for (unsigned int class = 0; class < PORT_CLASS_COUNT; class ++)
		nearest_try(nearest, port_class_words[class]);
	nearest_try(nearest, "ephemeral");
	if (key)
		nearest_try(nearest, key);
	/* Among this many names, one is similar to almost any word: accept only a single typo. */
	nearest->best = nearest->best > 1 && !nearest->found ? 1 : nearest->best;
	if (services)
		services_nearest(services, nearest);
}

static void put_meant(const struct text_item *item, const struct notes *notes)
{
	struct nearest nearest;
	struct buf shown = { 0 };

	for (size_t i = 0; i < sizeof(habits) / sizeof(*habits); i++) {
		if (text_is(item->bytes, item->len, habits[i].word)) {
			buf_printf(notes->out, _("did you mean '%s'?"),
				   start_line(notes->out, habits[i].meant, strlen(habits[i].meant),
					      &shown));
			buf_fini(&shown);
			return;
		}
	}
	find_nearest(item, notes, &nearest);
	/* Do not suggest the word itself. */
	if (nearest.found && nearest.best)
		buf_printf(notes->out, _("did you mean '%s'?"),
			   start_line(notes->out, nearest.found, nearest.found_len, &shown));
	buf_fini(&shown);
}

/* Adds a line of the program; false if it knows nothing of the name. */
static bool put_hint(filter_hint *hint, const struct text_item *item, const struct notes *notes)
{
	struct buf line = { 0 };
	bool is_known = hint(notes->hints->data, item->bytes, item->len, &line);

	if (is_known && notes->out->len)
		buf_char(notes->out, '\n');
	buf_add(notes->out, line.data, line.len);
	buf_fini(&line);
	return is_known;
}

static void note_name(const struct text_item *item, const struct notes *notes)
{
	struct buf shown = { 0 };

	if (item->is_negated || notes->snap->n_rows)
		return;
	if (is_known(item, notes)) {
		put_hint(notes->hints->command, item, notes);
		return;
	}
	buf_printf(notes->out,
		   _("'%s' was interpreted as the name of a service, process, user, unit, "
		     "container, network namespace or interface"),
		   start_line(notes->out, item->bytes, item->len, &shown));
	if (!put_hint(notes->hints->name, item, notes))
		put_meant(item, notes);
	buf_fini(&shown);
}

static void note_iface(const struct text_item *item, const struct notes *notes)
{
	struct buf shown = { 0 };

	if (item->is_negated || item->is_pattern || notes->snap->is_replay ||
	    if_nametoindex(item->bytes))
		return;
	buf_printf(notes->out, _("this host has no interface '%s'"),
		   start_line(notes->out, item->bytes, item->len, &shown));
	buf_fini(&shown);
}

/* Containers, and namespaces by their names, are mostly others than the one that is listed. */
static void note_place(const struct text_item *item, const struct notes *notes)
{
	if (!item->is_negated && !notes->snap->n_rows)
		put_hint(notes->hints->place, item, notes);
}

static bool is_place(const struct column *c)
{
	static const char *const keys[] = { "container", "container_id", "pod", "netns_name" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!strcmp(c->key, keys[i]))
			return true;
	return false;
}

typedef void note(const struct text_item *item, const struct notes *notes);

/* What explains the items of a test; NULL: nothing does. */
static note *note_of(const struct filter_test *test)
{
	if (test->kind == TEST_NAME)
		return note_name;
	if (test->kind != TEST_TEXTS)
		return NULL;
	if (test->column->cond == COND_IFINDEX)
		return note_iface;
	return is_place(test->column) ? note_place : NULL;
}

/* A negated test is no reason for an empty listing. */
static void note_node(const struct filter_node *node, struct notes *notes)
{
	const struct filter_test *test = &node->test;
	note *note_item;

	if (node->kind == NODE_NOT)
		return;
	if (node->kind != NODE_TEST) {
		for (size_t i = 0; i < node->args.n; i++)
			note_node(node->args.list[i], notes);
		return;
	}
	note_item = note_of(test);
	for (size_t i = 0; note_item && i < test->texts.n && notes->left; i++, notes->left--)
		note_item(&test->texts.items[i], notes);
}

void filter_notes(const struct filter *f, const struct snapshot *snap, int proc_root,
		  const struct filter_hints *hints, struct buf *out)
{
	struct notes notes = { .snap = snap, .left = NOTES_MAX, .hints = hints, .out = out };

	if (!f || !f->root)
		return;
	if (!snap->n_rows && proc_root >= 0 && !snap->is_replay)
		process_names(proc_root, &notes.processes);
	note_node(f->root, &notes);
	buf_fini(&notes.processes);
}
