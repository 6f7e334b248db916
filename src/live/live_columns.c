/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of the live view: those of the list, and some for groups and rates. */
#include <config.h>

#include "live/live_columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "query/columns.h"

static const struct {
	const char *name;
	const char *title;
	const char *columns;
	const char *sort;
} views[LIVE_VIEWS] = {
	[VIEW_PORTS] = { "ports", N_("Ports"),
			 "local_port,service,proto,reach,end,state,conn,rx,tx,history,user,process",
			 "local_port" },
	[VIEW_CONNECTIONS] = { "connections", N_("Connections"),
			       "proto,state,local,peer,service,rx,tx,history,user,process",
			       "local_port" },
	[VIEW_PROCESSES] = { "processes", N_("Processes"),
			     "tree,conn,proto,state,peer,service,rx,tx,history,user", "tree" },
	[VIEW_CHANGES] = { "changes", N_("Changes"),
			   "time,change,proto,local,peer,process,lived,bytes", "-time" },
	[VIEW_PEERS] = { "peers", N_("Peers"),
			 "tree,conn,proto,state,local,service,rx,tx,history,process", "-conn" },
};

const char *live_view_name(enum live_view view)
{
	return views[view].name;
}

const char *live_view_title(enum live_view view)
{
	return _(views[view].title);
}

const char *live_view_columns(enum live_view view)
{
	return views[view].columns;
}

const char *live_view_sort(enum live_view view)
{
	return views[view].sort;
}

/* An IPv4 address with its port, and a short word. */
#define LEAST_ADDRESS 21
#define LEAST_WORD 8
/* A line that is shorter tells nothing. */
#define LEAST_HISTORY 12

/* clang-format off */
static const struct {
	struct live_column column;
	const char *needs; /* key of the column whose data it shows */
} specials[] = {
	{ { .key = "tree", .title = N_("NAME"), .special = SPECIAL_TREE, .is_flexible = true,
	    .is_address = true, .weight = 9, .least = LEAST_ADDRESS + 3,
	    .help = N_("the process or peer, and the sockets below it") },
	  "process" },
	{ { .key = "end", .title = N_("LOCAL / PEER"), .special = SPECIAL_END, .is_flexible = true,
	    .is_address = true, .weight = 9, .least = LEAST_ADDRESS,
	    .help = N_("a listener's address, and the peers below it") },
	  "local" },
	{ { .key = "conn", .title = N_("CONN"), .special = SPECIAL_CONN, .is_right = true,
	    .is_amount = true, .weight = 5, .help = N_("number of live connections below the row") },
	  NULL },
	{ { .key = "rx", .title = N_("RX/s"), .special = SPECIAL_RX, .is_right = true,
	    .is_amount = true, .weight = 4, .help = N_("bytes received per second") },
	  NULL },
	{ { .key = "tx", .title = N_("TX/s"), .special = SPECIAL_TX, .is_right = true,
	    .is_amount = true, .weight = 4, .help = N_("bytes sent per second") },
	  NULL },
	{ { .key = "traffic", .title = N_("RX+TX"), .special = SPECIAL_TRAFFIC, .is_right = true,
	    .is_amount = true, .weight = 3, .help = N_("bytes received and sent per second") },
	  NULL },
	{ { .key = "time", .title = N_("TIME"), .special = SPECIAL_TIME, .weight = 9,
	    .help = N_("of a change: when it was seen") },
	  NULL },
	{ { .key = "change", .title = N_("CHANGE"), .special = SPECIAL_CHANGE, .weight = 9,
	    .help = N_("of a change: what happened") },
	  NULL },
	{ { .key = "lived", .title = N_("LIVED"), .special = SPECIAL_LIVED, .is_right = true,
	    .weight = 7, .help = N_("of a change: how long it was seen") },
	  NULL },
	{ { .key = "bytes", .title = N_("BYTES"), .special = SPECIAL_BYTES, .is_right = true,
	    .weight = 5, .help = N_("of a change: bytes received and sent") },
	  NULL },
	{ { .key = "history", .title = N_("HISTORY"), .special = SPECIAL_HISTORY,
	    .is_right = true, .is_flexible = true, .is_amount = true, .weight = 1,
	    .least = LEAST_HISTORY,
	    .help = N_("the last rates of both directions") },
	  NULL },
};
/* clang-format on */
#define SPECIALS_N (sizeof(specials) / sizeof(*specials))

/* The columns that stay longest on a narrow screen. */
/* clang-format off */
static const struct live_column heavy[] = {
	{ .key = "local_port", .weight = 9, .is_listeners = true },
	{ .key = "process", .weight = 8, .is_flexible = true, .least = 16 },
	{ .key = "state", .weight = 7 },
	{ .key = "local", .weight = 7, .is_flexible = true, .is_address = true,
	  .least = LEAST_ADDRESS },
	{ .key = "peer", .weight = 8, .is_flexible = true, .is_address = true,
	  .least = LEAST_ADDRESS },
	{ .key = "proto", .weight = 6, .is_listeners = true },
	{ .key = "service", .weight = 5, .is_flexible = true, .is_listeners = true,
	  .least = LEAST_WORD },
	{ .key = "user", .weight = 3, .is_flexible = true, .is_listeners = true,
	  .least = LEAST_WORD },
	{ .key = "reach", .weight = 2, .is_listeners = true },
	{ .key = "netns_name", .weight = 8, .is_flexible = true, .is_listeners = true,
	  .least = LEAST_WORD },
	{ .key = "host", .weight = 8, .is_flexible = true, .is_listeners = true,
	  .least = LEAST_WORD },
};
/* clang-format on */

static struct live_column from_listing(const struct column *column)
{
	return (struct live_column){
		.key = column->key,
		.title = column->title,
		.help = column->help,
		.column = column,
		.is_right = column->is_right,
		.is_flexible = !column->is_right && column->kind != VALUE_BOOL,
		.is_address = column->keeps_port,
		/* What the kernel counts or measures; ports, uids and the like are names. */
		.is_amount = column->kind == VALUE_NUMBER && (column->unit || column->field.size),
		.weight = 1,
		.least = column->keeps_port ? LEAST_ADDRESS : LEAST_WORD,
	};
}

static const struct column *list_column(const char *key)
{
	return column_find(key, strlen(key));
}

void live_column_title(const struct live_column *column, struct buf *out)
{
	if (column->special == SPECIAL_NONE)
		column_title(column->column, out);
	else
		buf_str(out, _(column->title));
}

void live_columns_init(struct live_columns *columns_out)
{
	columns_out->n = SPECIALS_N + columns_n;
	columns_out->list = mem_calloc(columns_out->n, sizeof(*columns_out->list));
	for (size_t i = 0; i < SPECIALS_N; i++) {
		const char *needs = specials[i].needs;

		columns_out->list[i] = specials[i].column;
		if (needs)
			columns_out->list[i].column = list_column(needs);
	}
	for (size_t i = 0; i < columns_n; i++)
		columns_out->list[SPECIALS_N + i] = from_listing(&columns[i]);
	for (size_t i = 0; i < sizeof(heavy) / sizeof(*heavy); i++) {
		const struct column *column = list_column(heavy[i].key);
		struct live_column *at =
			&columns_out->list[SPECIALS_N + (size_t)(column - columns)];

		at->weight = heavy[i].weight;
		at->is_flexible = heavy[i].is_flexible;
		at->is_listeners = heavy[i].is_listeners;
		at->is_address = heavy[i].is_address;
		at->least = heavy[i].least;
	}
	columns_out->local = list_column("local");
	columns_out->peer = list_column("peer");
	columns_out->peer_addr = list_column("peer_addr");
	columns_out->peer_host = list_column("peer_host");
	columns_out->peer_owners = list_column("peer_owners");
	columns_out->process = list_column("process");
	columns_out->reach = list_column("reach");
	columns_out->state = list_column("state");
	columns_out->host = list_column("host");
	columns_out->user = list_column("user");
	columns_out->owner_user = list_column("owners.user");
	columns_out->owner_name = list_column("owners.name");
	columns_out->owner_pid = list_column("owners.pid");
}

void live_columns_fini(struct live_columns *columns_in)
{
	free(columns_in->list);
	*columns_in = (struct live_columns){ 0 };
}

const struct live_column *live_columns_find(const struct live_columns *columns_in, const char *key,
					    size_t len)
{
	const struct column *listed;

	for (size_t i = 0; i < columns_in->n; i++)
		if (strlen(columns_in->list[i].key) == len &&
		    !memcmp(columns_in->list[i].key, key, len))
			return &columns_in->list[i];
	listed = column_find(key, len);
	return listed ? &columns_in->list[SPECIALS_N + (size_t)(listed - columns)] : NULL;
}

static bool is_among(const struct live_column *const *list, size_t n, const struct live_column *c)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == c)
			return true;
	return false;
}

size_t live_columns_parse(const struct live_columns *columns_in, const char *text, size_t len,
			  const struct live_column **out, const char **bad, size_t *bad_len)
{
	size_t n = 0;

	for (size_t from = 0; from <= len;) {
		const char *comma = from < len ? memchr(text + from, ',', len - from) : NULL;
		size_t end = comma ? (size_t)(comma - text) : len, name = from, name_end = end;
		const struct live_column *c;

		while (name < name_end && text[name] == ' ')
			name++;
		while (name_end > name && text[name_end - 1] == ' ')
			name_end--;
		c = live_columns_find(columns_in, text + name, name_end - name);
		if (!c || n == LIVE_COLUMNS_MAX || is_among(out, n, c)) {
			*bad = text + name;
			*bad_len = name_end - name;
			return 0;
		}
		out[n++] = c;
		from = end + 1;
	}
	return n;
}
