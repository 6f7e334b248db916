/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON document of --why: data/why-1.json is its schema. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "explain/explain.h"
#include "explain/url.h"
#include "format/format.h"
#include "format/json_text.h"
#include "format/output.h"
#include "model/vocab.h"
#include "query/columns.h"

/* What is told of a socket, in the order of listings. */
static const char *const socket_keys[] = {
	"proto",     "family",	    "dual_stack", "state",     "local_addr", "local_port",
	"peer_addr", "peer_port",   "iface",	  "uid",       "user",	     "inode",
	"cookie",    "cgroup",	    "unit",	  "container", "owners.pid", "owners.name",
	"owners.fd", "owners.user", "owner_note", "timer",     "leads_to",
};
#define N_SOCKET_KEYS (sizeof(socket_keys) / sizeof(*socket_keys))

static void put_text(struct buf *out, const char *key, const char *text)
{
	buf_printf(out, "\"%s\": ", key);
	if (text && *text)
		json_string(out, text, strlen(text));
	else
		buf_str(out, "null");
}

static void put_bool(struct buf *out, const char *key, bool truth)
{
	buf_printf(out, "\"%s\": %s", key, truth ? "true" : "false");
}

static void put_truth(struct buf *out, const char *key, enum truth truth)
{
	if (truth == TRUTH_UNKNOWN)
		buf_printf(out, "\"%s\": null", key);
	else
		put_bool(out, key, truth == TRUTH_YES);
}

static void put_number(struct buf *out, const char *key, uint64_t number)
{
	buf_printf(out, "\"%s\": ", key);
	if (number)
		buf_u64(out, number);
	else
		buf_str(out, "null");
}

static void put_place(struct buf *out, const struct bind_place *place)
{
	struct buf addr = { 0 };

	addr_text(&addr, place->family, &place->addr);
	buf_char(out, '{');
	put_text(out, "proto", proto_name(place->proto));
	buf_str(out, ", ");
	put_text(out, "family", family_name(place->family));
	buf_str(out, ", ");
	put_text(out, "addr", buf_cstr(&addr));
	buf_str(out, ", ");
	put_number(out, "port", place->port);
	buf_str(out, ", ");
	put_text(out, "device", place->device);
	buf_str(out, ", ");
	put_bool(out, "v6only", place->is_v6only);
	buf_char(out, '}');
	buf_fini(&addr);
}

/* The errors that bind(2) is known to have, by name. */
static const char *error_name(int error)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{ EADDRINUSE, "EADDRINUSE" },	    { EACCES, "EACCES" }, { EPERM, "EPERM" },
		{ EADDRNOTAVAIL, "EADDRNOTAVAIL" }, { EINVAL, "EINVAL" }, { ENODEV, "ENODEV" },
		{ EAFNOSUPPORT, "EAFNOSUPPORT" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].number == error)
			return names[i].name;
	return error ? "other" : NULL;
}

static void put_blocker(struct buf *out, const struct explanation *x, const struct blocker *b)
{
	const struct column *columns_of_socket[N_SOCKET_KEYS];
	const struct holder *holder = &x->facts.holders[b->row];

	for (size_t i = 0; i < N_SOCKET_KEYS; i++)
		columns_of_socket[i] = column_find(socket_keys[i], strlen(socket_keys[i]));
	buf_char(out, '{');
	put_text(out, "rule", rules[b->rule].key);
	buf_str(out, ", ");
	put_bool(out, "certain", b->is_certain);
	buf_str(out, ", ");
	put_truth(out, "reuse_addr", holder->reuse_addr);
	buf_str(out, ", ");
	put_truth(out, "reuse_port", holder->reuse_port);
	buf_str(out, ", \"socket\": ");
	json_row(out, &x->facts.snap, &x->facts.snap.rows[b->row], columns_of_socket,
		 N_SOCKET_KEYS);
	buf_char(out, '}');
}

static void put_url(struct buf *out, const struct explanation *x)
{
	struct buf url = { 0 };

	if (x->n_blockers)
		url_of_row(&x->facts.snap, &x->facts.snap.rows[x->blockers[0].row], &url);
	buf_str(out, ", ");
	put_text(out, "url", buf_cstr(&url));
	buf_fini(&url);
}

/* What is not read is null; what it depends on is a sentence in English. */
static void put_let_in(struct buf *out, const struct explanation *x)
{
	static const char *const names[] = {
		[LET_IN_UNKNOWN] = NULL,	[LET_IN_NOBODY] = NULL,
		[LET_IN_ALL] = "accepted",	[LET_IN_DROPPED] = "dropped",
		[LET_IN_REJECTED] = "rejected", [LET_IN_DEPENDS] = "depends",
	};
	struct buf by = { 0 };

	buf_add(&by, x->let_in_by.data, x->let_in_by.len);
	buf_str(out, ", ");
	put_text(out, "firewall", names[x->let_in]);
	buf_str(out, ", ");
	put_text(out, "firewall_by", buf_cstr(&by));
	buf_fini(&by);
}

static const char *verdict_name(enum why_verdict verdict)
{
	static const char *const names[] = {
		[WHY_FREE] = "free", [WHY_TAKEN] = "refused", [WHY_UNKNOWN] = "unknown"
	};

	return names[verdict];
}

int why_json_print(FILE *stream, const struct explanation *x, const struct format_options *opt)
{
	struct buf out = { 0 };
	int err;

	json_head(&out, &x->facts.snap, opt);
	buf_str(&out, "\"place\": ");
	put_place(&out, &x->place);
	buf_str(&out, ", ");
	buf_printf(&out, "\"binds_as\": %u, ", x->bind.uid);
	put_text(&out, "verdict", verdict_name(x->verdict));
	buf_str(&out, ", ");
	put_bool(&out, "tried", x->was_tried);
	buf_str(&out, ", ");
	put_text(&out, "error", error_name(x->error));
	buf_str(&out, ", ");
	put_text(&out, "rule", x->rule == RULES ? NULL : rules[x->rule].key);
	buf_str(&out, ", ");
	put_bool(&out, "needs_reuse_addr", x->needs_reuse);
	buf_str(&out, ", ");
	put_number(&out, "free_port", x->free_port);
	put_url(&out, x);
	put_let_in(&out, x);
	buf_str(&out, ", \"alternative\": ");
	if (x->has_alternative)
		put_place(&out, &x->alternative);
	else
		buf_str(&out, "null");
	buf_str(&out, ", \"in_the_way\": [");
	for (size_t i = 0; i < x->n_blockers; i++) {
		buf_str(&out, i ? ",\n  " : "\n  ");
		put_blocker(&out, x, &x->blockers[i]);
	}
	buf_str(&out, "]}\n");
	err = output_flush(stream, &out);
	buf_fini(&out);
	return err;
}
