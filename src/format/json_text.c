/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of JSON (RFC 8259) that rows and summaries share: strings, times, the document's head. */
#include <config.h>

#include "format/json_text.h"

#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/text.h"
#include "model/protos.h"
#include "model/vocab.h"
#include "query/columns.h"
#include "query/document_head.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "format/format.h"

static void put_escape(struct buf *out, uint32_t cp)
{
	static const char short_escapes[] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'
	};

	buf_char(out, '\\');
	if (cp < sizeof(short_escapes) && short_escapes[cp]) {
		buf_char(out, short_escapes[cp]);
		return;
	}
	buf_char(out, 'u');
	if (cp < 0x10000) {
		buf_hex(out, cp, 4);
		return;
	}
	/* A surrogate pair. */
	buf_hex(out, 0xd800 + ((cp - 0x10000) >> 10), 4);
	buf_str(out, "\\u");
	buf_hex(out, 0xdc00 + ((cp - 0x10000) & 0x3ff), 4);
}

/* The number of leading bytes that need no escape. */
static size_t plain_run(const char *s, size_t n)
{
	size_t run = text_ascii_run(s, n), i = 0;

	while (i < run && s[i] != '"' && s[i] != '\\')
		i++;
	return i;
}

/* Adds the character at s, escaped, and returns its length in bytes. */
static size_t put_char(struct buf *out, const char *s, size_t n)
{
	uint32_t cp;
	size_t len = text_decode(s, n, &cp);

	if (!len) {
		buf_str(out, "\xef\xbf\xbd");
		return 1;
	}
	if (cp == '"' || cp == '\\') {
		buf_char(out, '\\');
		buf_char(out, (char)cp);
	} else if (text_is_plain(s, len, false)) {
		buf_add(out, s, len);
	} else {
		put_escape(out, cp);
	}
	return len;
}

void json_string(struct buf *out, const char *s, size_t n)
{
	buf_char(out, '"');
	for (size_t i = 0; i < n;) {
		size_t run = plain_run(s + i, n - i);

		buf_add(out, s + i, run);
		i += run;
		if (i < n)
			i += put_char(out, s + i, n - i);
	}
	buf_char(out, '"');
}

/* Two digits, after a character. */
static void put_two(struct buf *out, char before, int number)
{
	const char text[] = { before, (char)('0' + number / 10 % 10), (char)('0' + number % 10) };

	buf_add(out, text, sizeof(text));
}

/* Each event has one, so strftime() would be a tenth of the work. */
void json_time(struct buf *out, uint64_t time_ms)
{
	time_t seconds = (time_t)(time_ms / 1000);
	int ms = (int)(time_ms % 1000);
	struct tm tm = { 0 };

	if (!time_ms) {
		buf_str(out, "null");
		return;
	}
	gmtime_r(&seconds, &tm);
	buf_char(out, '"');
	buf_i64(out, (int64_t)tm.tm_year + 1900);
	put_two(out, '-', tm.tm_mon + 1);
	put_two(out, '-', tm.tm_mday);
	put_two(out, 'T', tm.tm_hour);
	put_two(out, ':', tm.tm_min);
	put_two(out, ':', tm.tm_sec);
	put_two(out, '.', ms / 10);
	buf_char(out, (char)('0' + ms % 10));
	buf_str(out, "Z\"");
}

static void put_text(struct buf *out, const char *text)
{
	if (text && *text)
		json_string(out, text, strlen(text));
	else
		buf_str(out, "null");
}

static void put_key(struct buf *out, const char *key)
{
	buf_str(out, ", \"");
	buf_str(out, key);
	buf_str(out, "\": ");
}

/* Hosts are named where there are several. */
static void put_problem(struct buf *out, const struct problem *problem, bool has_hosts)
{
	const char *code = problem_word(problem);
	const char *netns = problem->code == PROBLEM_NETNS ? problem->test : problem->told.netns;
	const char *field = problem->key ? problem->key : problem->told.field;
	struct buf message = { 0 };

	buf_str(out, "{\"code\": ");
	json_string(out, code, strlen(code));
	buf_str(out, ", \"proto\": ");
	if (problem->proto < 0) {
		buf_str(out, "null");
	} else {
		const char *proto = proto_name((enum sock_proto)problem->proto);

		json_string(out, proto, strlen(proto));
	}
	put_key(out, "host");
	put_text(out, has_hosts ? problem->host : NULL);
	put_key(out, "netns");
	if (netns)
		json_string(out, netns, strlen(netns));
	else
		buf_str(out, "null");
	buf_str(out, ", \"fields\": [");
	if (field)
		json_string(out, field, strlen(field));
	buf_str(out, "], \"message\": ");
	problem_text(problem, false, &message);
	json_string(out, message.data, message.len);
	buf_char(out, '}');
	buf_fini(&message);
}

/* Adds the names of the bits as a list. */
static void put_bits(struct buf *out, unsigned int bits, unsigned int n,
		     const char *(*name)(unsigned int))
{
	bool is_first = true;

	buf_char(out, '[');
	for (unsigned int i = 0; i < n; i++) {
		if (!(bits >> i & 1))
			continue;
		buf_str(out, is_first ? "" : ", ");
		put_text(out, name(i));
		is_first = false;
	}
	buf_char(out, ']');
}

static const char *proto_bit(unsigned int i)
{
	return proto_name((enum sock_proto)i);
}

static const char *family_bit(unsigned int i)
{
	return family_name((enum addr_family)i);
}

/* A list with commas, as an array. */
static void put_words(struct buf *out, const char *list)
{
	bool is_first = true;

	buf_char(out, '[');
	while (list && *list) {
		size_t len = strcspn(list, ",");

		if (len) {
			buf_str(out, is_first ? "" : ", ");
			json_string(out, list, len);
			is_first = false;
		}
		list += len + (list[len] == ',');
	}
	buf_char(out, ']');
}

/* Is every member of the group hidden? */
static bool hides_group(const struct column *group, unsigned int hidden)
{
	size_t len = strlen(group->key);

	for (size_t i = 0; i < columns_n; i++)
		if (!strncmp(columns[i].key, group->key, len) && columns[i].key[len] == '.' &&
		    !(columns[i].needs & hidden))
			return false;
	return true;
}

/* The keys that are null because nobody asked for their values: groups, or single columns. */
static void put_unread(struct buf *out, unsigned int hidden)
{
	const char *group = NULL;
	bool is_first = true;

	buf_char(out, '[');
	for (size_t i = 0; i < columns_n; i++) {
		const struct column *c = &columns[i];

		if (c->shape == COLUMN_COMPOSITE || !(c->needs & hidden) ||
		    (group && !strncmp(c->key, group, strlen(group)) &&
		     c->key[strlen(group)] == '.'))
			continue;
		if (c->shape == COLUMN_GROUP && !hides_group(c, hidden))
			continue;
		if (c->shape == COLUMN_GROUP)
			group = c->key;
		buf_str(out, is_first ? "" : ", ");
		put_text(out, c->key);
		is_first = false;
	}
	buf_char(out, ']');
}

static void put_selection(struct buf *out, const struct selection *s)
{
	buf_str(out, "{\"protocols\": ");
	put_bits(out, s->protos, PROTO_COUNT, proto_bit);
	put_key(out, "families");
	put_bits(out, s->families, ADDR_FAMILIES, family_bit);
	put_key(out, "listening");
	buf_str(out, s->is_listening ? "true" : "false");
	put_key(out, "filter");
	json_string(out, s->filter.data, s->filter.len);
	put_key(out, "netns");
	put_words(out, s->netns);
	put_key(out, "forwards");
	buf_str(out, s->has_forwards ? "true" : "false");
	put_key(out, "unread");
	put_unread(out, s->hidden);
	put_key(out, "columns");
	if (!s->columns) {
		buf_str(out, "null}");
		return;
	}
	buf_char(out, '[');
	for (size_t i = 0; i < s->n_columns; i++) {
		buf_str(out, i ? ", " : "");
		put_text(out, s->columns[i]->key);
	}
	buf_str(out, "]}");
}

static void put_addresses(struct buf *out, const struct document_head *head)
{
	buf_char(out, '[');
	for (size_t i = 0; i < head->n_addrs; i++) {
		buf_str(out, i ? ", \"" : "\"");
		addr_text(out, head->addrs[i].family, &head->addrs[i].addr);
		buf_char(out, '"');
	}
	buf_char(out, ']');
}

static void put_host(struct buf *out, const struct document_head *head, uint64_t time_ms)
{
	buf_str(out, "\"host\": ");
	put_text(out, head->host);
	put_key(out, "machine");
	put_text(out, head->machine);
	put_key(out, "boot_id");
	put_text(out, head->boot_id);
	put_key(out, "addresses");
	put_addresses(out, head);
	put_key(out, "ephemeral");
	if (head->ephemeral.last)
		buf_printf(out, "[%u, %u]", head->ephemeral.first, head->ephemeral.last);
	else
		buf_str(out, "null");
	put_key(out, "uid");
	if (head->has_uid)
		buf_u64(out, head->uid);
	else
		buf_str(out, "null");
	put_key(out, "time");
	json_time(out, time_ms);
}

/* Several hosts stand in a list of their own. */
static void put_hosts(struct buf *out, const struct snapshot *snap)
{
	buf_str(out, "\"host\": null, \"machine\": null, \"boot_id\": null, \"addresses\": null, "
		     "\"ephemeral\": null, \"uid\": null, \"time\": null, \"hosts\": [");
	for (size_t i = 0; i < snap->n_hosts; i++) {
		buf_str(out, i ? ", {" : "{");
		put_host(out, &snap->hosts[i].head, snap->hosts[i].time_ms);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

static void put_head(struct buf *out, const struct snapshot *snap, const struct document_head *head)
{
	buf_str(out, ", ");
	if (snap->n_hosts > 1)
		put_hosts(out, snap);
	else if (snap->n_hosts)
		put_host(out, &snap->hosts[0].head, snap->hosts[0].time_ms);
	else
		put_host(out, head, snap->time_ms);
}

void json_head(struct buf *out, const struct snapshot *snap, const struct format_options *opt)
{
	buf_str(out, "{\"schema\": 1, \"portstat\": ");
	put_text(out, PACKAGE_VERSION);
	put_head(out, snap, opt->head);
	put_key(out, "selection");
	put_selection(out, &opt->head->selection);
	put_key(out, "complete");
	buf_str(out, snap->problems.n ? "false" : "true");
	put_key(out, "problems");
	buf_char(out, '[');
	for (size_t i = 0; i < snap->problems.n; i++) {
		buf_str(out, i ? ", " : "");
		put_problem(out, &snap->problems.list[i], snap->n_hosts > 1);
	}
	buf_str(out, "], ");
}
