/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Error messages for invalid filters and unknown columns. */
#include <config.h>

#include "query_errors.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "program.h"
#include "query/column_list.h"
#include "query/columns.h"
#include "query/filter.h"

/* Bytes of the text shown before and after the wrong word. */
#define SHOWN_MAX 60

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Prints the line, or the part around the error, with a caret under the word that does not parse.
 */
static void show_place(const struct bad_text *bad, const struct filter_error *error)
{
	const char *data = bad->text->data;
	struct buf before = { 0 }, all = { 0 };
	size_t from =
		error->pos - bad->line.start > SHOWN_MAX ? error->pos - SHOWN_MAX : bad->line.start;
	size_t left = least(bad->line.end > error->pos ? bad->line.end - error->pos : 0, SHOWN_MAX);
	bool is_cut = from > bad->line.start;

	/* A filter may be megabytes long: show only the text around the word. */
	while (is_cut && from < error->pos && (data[from] & 0xc0) == 0x80)
		from++;
	buf_str(&before, is_cut ? "..." : bad->shown_as);
	if (error->pos > from)
		text_visible(&before, data + from, error->pos - from, false);
	buf_add(&all, before.data, before.len);
	if (left)
		text_visible(&all, data + error->pos, left, false);
	if (error->pos + left < bad->line.end)
		buf_str(&all, "...");
	fprintf(stderr, "  %s\n  %*s^\n", buf_cstr(&all), (int)text_width(before.data, before.len),
		"");
	buf_fini(&before);
	buf_fini(&all);
}

static void complain_of_values(const struct filter_error *error)
{
	struct buf values = { 0 };

	filter_error_values(error, &values);
	complain(_("filter: valid values are: %s"), buf_cstr(&values));
	buf_fini(&values);
}

void complain_filter(const struct bad_text *bad, const struct filter_error *error)
{
	const struct filter_line *line = &bad->line;
	struct buf word = { 0 }, path = { 0 }, message = { 0 };

	filter_error_text(error, &message);
	if (error->len)
		text_visible(&word, bad->text->data + error->pos, least(error->len, SHOWN_MAX),
			     false);
	if (line->path)
		text_visible(&path, line->path, strlen(line->path), false);
	if (line->path && word.len)
		complain(_("filter: %s:%zu: '%s': %s"), buf_cstr(&path), line->number,
			 buf_cstr(&word), buf_cstr(&message));
	else if (line->path)
		complain(_("filter: %s:%zu: at the end: %s"), buf_cstr(&path), line->number,
			 buf_cstr(&message));
	else if (word.len)
		complain(_("filter: '%s': %s"), buf_cstr(&word), buf_cstr(&message));
	else
		complain(_("filter: at the end: %s"), buf_cstr(&message));
	show_place(bad, error);
	if (error->valid || error->lists_states)
		complain_of_values(error);
	if (error->nearest)
		complain(_("filter: did you mean '%s'?"), error->nearest);
	buf_fini(&word);
	buf_fini(&path);
	buf_fini(&message);
}

/* Common other names for columns, and the columns they mean; the second may be NULL. */
static const struct {
	const char *word;
	const char *names[2];
} called[] = {
	{ "port", { "local_port", "peer_port" } },
	{ "addr", { "local_addr", "peer_addr" } },
	{ "address", { "local_addr", "peer_addr" } },
	{ "ip", { "local_addr", "peer_addr" } },
	{ "host", { "local_host", "peer_host" } },
	{ "pid", { "owners.pid", NULL } },
	{ "proc", { "process", NULL } },
	{ "program", { "process", NULL } },
	{ "name", { "owners.name", NULL } },
	{ "command", { "owners.cmdline", NULL } },
	{ "cmd", { "owners.cmdline", NULL } },
	{ "cmdline", { "owners.cmdline", NULL } },
	{ "fd", { "owners.fd", NULL } },
	{ "remote", { "peer", NULL } },
	{ "foreign", { "peer", NULL } },
	{ "dst", { "peer", NULL } },
	{ "src", { "local", NULL } },
	{ "lport", { "local_port", NULL } },
	{ "sport", { "local_port", NULL } },
	{ "rport", { "peer_port", NULL } },
	{ "dport", { "peer_port", NULL } },
	{ "laddr", { "local_addr", NULL } },
	{ "raddr", { "peer_addr", NULL } },
	{ "protocol", { "proto", NULL } },
	{ "dev", { "iface", NULL } },
	{ "interface", { "iface", NULL } },
	{ "rx", { "tcp.bytes_received", "recv_q" } },
	{ "tx", { "tcp.bytes_sent", "send_q" } },
	{ "received", { "tcp.bytes_received", NULL } },
	{ "sent", { "tcp.bytes_sent", NULL } },
	{ "recv-q", { "recv_q", NULL } },
	{ "recvq", { "recv_q", NULL } },
	{ "send-q", { "send_q", NULL } },
	{ "sendq", { "send_q", NULL } },
	{ "rtt", { "tcp.rtt_us", NULL } },
	{ "cwnd", { "tcp.cwnd", NULL } },
	{ "retrans", { "tcp.retrans_total", NULL } },
	{ "timers", { "timer", NULL } },
	{ "owner", { "process", NULL } },
};

/* Is it a heading of the list, with or without its unit, such as RTT(us)? */
static bool is_heading(const char *word, size_t len, const char *title)
{
	size_t unit = strcspn(title, "(");

	if (text_is(word, len, title))
		return true;
	for (size_t i = 0; i < len && len == unit; i++)
		if (text_lower(word[i]) != text_lower(title[i]))
			return false;
	return len == unit;
}

/* Sets the column names that were probably meant; NULL if there are fewer. */
static void meant_columns(const char *word, size_t len, const struct column *nearest,
			  const char *names[2])
{
	names[0] = nearest ? nearest->key : NULL;
	names[1] = NULL;
	for (size_t i = 0; i < columns_n; i++) {
		if (text_is(word, len, columns[i].key)) {
			names[0] = columns[i].key;
			return;
		}
	}
	for (size_t i = 0; i < sizeof(called) / sizeof(*called); i++) {
		if (text_is(word, len, called[i].word)) {
			memcpy(names, called[i].names, sizeof(called[i].names));
			return;
		}
	}
	for (size_t i = 0; i < columns_n; i++) {
		if (is_heading(word, len, columns[i].title)) {
			names[0] = columns[i].key;
			return;
		}
	}
}

int complain_column(const char *option, const char *text, const struct column_list_error *error)
{
	const char *start = text + error->pos, *names[2];
	size_t sign = error->len && *start == '+';
	struct buf word = { 0 };

	text_visible(&word, start, least(error->len, SHOWN_MAX), false);
	meant_columns(start + sign, error->len - sign, error->nearest, names);
	if (!error->len)
		complain(_("%s: empty name in the list (stray comma)"), option);
	else if (names[0] && names[1])
		complain(_("%s: there is no column '%s'; did you mean '%s' or '%s'?"), option,
			 buf_cstr(&word), names[0], names[1]);
	else if (names[0])
		complain(_("%s: there is no column '%s'; did you mean '%s'?"), option,
			 buf_cstr(&word), names[0]);
	else
		complain(_("%s: there is no column '%s'; --columns=help lists them"), option,
			 buf_cstr(&word));
	buf_fini(&word);
	return EXIT_USAGE;
}
