/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what a document says besides its sockets: hosts, selection, problems. */
#include <config.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rfc3339.h"
#include "document/document.h"
#include "document/reading.h"
#include "model/vocab.h"
#include "query/host_columns.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"

/* Of one document. */
#define HOSTS_MAX 4096U
#define ADDRS_MAX 65536U
#define PROBLEMS_MAX 4096U

/* ---- single values; what is of another type is skipped ---- */

static bool text(struct reading *r, const char **s, size_t *n)
{
	if (json_peek(&r->json) == JSON_TEXT)
		return json_text(&r->json, s, n);
	json_skip(&r->json);
	return false;
}

/* A text without NUL, to be freed; what *out had is. */
/* A longer one than max bytes is passed over. */
static void copy_text(struct reading *r, size_t max, char **out)
{
	const char *s;
	size_t n;

	if (!text(r, &s, &n) || n > max || memchr(s, '\0', n))
		return;
	free(*out);
	*out = mem_strndup(s, n);
}

static void fixed_text(struct reading *r, char *out, size_t size)
{
	const char *s;
	size_t n;

	if (!text(r, &s, &n) || n >= size)
		return;
	memcpy(out, s, n);
	out[n] = '\0';
}

static bool number(struct reading *r, uint64_t max, uint64_t *out)
{
	bool is_whole;

	if (json_peek(&r->json) == JSON_NUMBER)
		return json_number(&r->json, out, &is_whole) && is_whole && *out <= max;
	json_skip(&r->json);
	return false;
}

static bool truth(struct reading *r)
{
	bool is_true = json_peek(&r->json) == JSON_TRUE;

	json_skip(&r->json);
	return is_true;
}

/* ---- arrays ---- */

/* Goes into an array; false, and reads over it, if it is something else. */
static bool enter_array(struct reading *r)
{
	if (json_peek(&r->json) == JSON_ARRAY) {
		json_enter(&r->json);
		return true;
	}
	json_skip(&r->json);
	return false;
}

static void read_addrs(struct reading *r, struct document_head *head)
{
	bool is_first = true;
	size_t cap = 0, n;
	const char *s;

	if (!enter_array(r))
		return;
	free(head->addrs);
	head->addrs = NULL;
	head->n_addrs = 0;
	while (json_next(&r->json, ']', &is_first)) {
		struct head_addr addr = { 0 };

		if (!text(r, &s, &n) || addr_parse(s, n, &addr.family, &addr.addr) ||
		    head->n_addrs == ADDRS_MAX)
			continue;
		head->addrs = mem_grow(head->addrs, head->n_addrs, &cap, sizeof(*head->addrs));
		head->addrs[head->n_addrs++] = addr;
	}
}

static void read_ephemeral(struct reading *r, struct document_head *head)
{
	bool is_first = true;
	uint64_t ports[2] = { 0 };
	size_t n = 0;

	if (!enter_array(r))
		return;
	while (json_next(&r->json, ']', &is_first)) {
		uint64_t port = 0;

		number(r, PORT_MAX, &port);
		if (n < 2)
			ports[n++] = port;
	}
	if (n == 2 && ports[0] <= ports[1])
		head->ephemeral = (struct port_range){ (uint16_t)ports[0], (uint16_t)ports[1] };
}

/* Words as bits: those that name(i) gives. */
static unsigned int read_bits(struct reading *r, unsigned int count,
			      const char *(*name)(unsigned int))
{
	bool is_first = true;
	unsigned int bits = 0;
	const char *s;
	size_t n;

	if (!enter_array(r))
		return 0;
	while (json_next(&r->json, ']', &is_first)) {
		if (!text(r, &s, &n))
			continue;
		for (unsigned int i = 0; i < count; i++)
			if (strlen(name(i)) == n && !memcmp(name(i), s, n))
				bits |= 1U << i;
	}
	return bits;
}

static const char *proto_at(unsigned int i)
{
	return proto_name((enum sock_proto)i);
}

static const char *family_at(unsigned int i)
{
	return family_name((enum addr_family)i);
}

/* ---- the selection ---- */

static void read_columns(struct reading *r, struct snapshot_host *host)
{
	bool is_first = true;
	const struct column *c;
	size_t cap = 0, n;
	const char *s;

	if (!enter_array(r))
		return;
	memset(host->columns, 0, sizeof(host->columns));
	host->head.selection.n_columns = 0;
	r->has_unknown_columns = false;
	while (json_next(&r->json, ']', &is_first)) {
		c = text(r, &s, &n) ? column_find(s, n) : NULL;
		if (!c || host->head.selection.n_columns == columns_n) {
			r->has_unknown_columns = true;
			continue;
		}
		host_set_column(host, c, true);
		host->selected = mem_grow(host->selected, host->head.selection.n_columns, &cap,
					  sizeof(*host->selected));
		host->selected[host->head.selection.n_columns++] = c;
	}
}

static void read_unread(struct reading *r, struct snapshot_host *host)
{
	bool is_first = true;
	const char *s;
	size_t n;

	if (!enter_array(r))
		return;
	while (json_next(&r->json, ']', &is_first)) {
		const struct column *c;

		if (!text(r, &s, &n))
			continue;
		c = column_find(s, n);
		if (c)
			host_set_column(host, c, false);
	}
}

/* Names, joined with commas as --netns has them. */
static void read_netns(struct reading *r, struct snapshot_host *host)
{
	struct buf names = { 0 };
	bool is_first = true;
	const char *s;
	size_t n;

	if (!enter_array(r))
		return;
	while (json_next(&r->json, ']', &is_first)) {
		if (!text(r, &s, &n))
			continue;
		buf_str(&names, names.len ? "," : "");
		buf_add(&names, s, n);
	}
	free(host->netns);
	host->netns = names.len ? mem_strndup(names.data, names.len) : NULL;
	buf_fini(&names);
}

static bool is_key(const char *key, size_t len, const char *word)
{
	return strlen(word) == len && !memcmp(key, word, len);
}

static void read_selection(struct reading *r, struct snapshot_host *host)
{
	struct selection *selection = &host->head.selection;
	bool is_first = true;
	const char *key;
	size_t len;

	if (json_peek(&r->json) != JSON_OBJECT) {
		json_skip(&r->json);
		return;
	}
	json_enter(&r->json);
	while (json_next(&r->json, '}', &is_first) && json_key(&r->json, &key, &len)) {
		if (is_key(key, len, "protocols")) {
			selection->protos = read_bits(r, PROTO_COUNT, proto_at);
		} else if (is_key(key, len, "families")) {
			selection->families = read_bits(r, ADDR_FAMILIES, family_at);
		} else if (is_key(key, len, "listening")) {
			selection->is_listening = truth(r);
		} else if (is_key(key, len, "forwards")) {
			selection->has_forwards = truth(r);
		} else if (is_key(key, len, "netns")) {
			read_netns(r, host);
		} else if (is_key(key, len, "columns")) {
			read_columns(r, host);
		} else if (is_key(key, len, "unread")) {
			read_unread(r, host);
		} else if (is_key(key, len, "filter") && text(r, &key, &len)) {
			buf_clear(&selection->filter);
			buf_add(&selection->filter, key, len);
		} else if (!is_key(key, len, "filter")) {
			json_skip(&r->json);
		}
	}
	/* Before the sockets, whose facts follow from what may be missing. */
	host_finish_columns(host);
}

/* ---- problems ---- */

static void read_fields(struct reading *r, char **first)
{
	bool is_first = true;

	if (!enter_array(r))
		return;
	while (json_next(&r->json, ']', &is_first)) {
		if (*first)
			json_skip(&r->json);
		else
			copy_text(r, SIZE_MAX, first);
	}
}

static void read_problem(struct reading *r)
{
	struct problem problem = { .code = PROBLEM_TOLD, .proto = PROBLEM_NO_PROTO };
	struct problems one = { .list = &problem, .n = 1 };
	enum sock_proto proto;
	bool is_first = true;
	const char *key;
	size_t len;

	json_enter(&r->json);
	while (json_next(&r->json, '}', &is_first) && json_key(&r->json, &key, &len)) {
		if (is_key(key, len, "code"))
			copy_text(r, SIZE_MAX, &problem.told.code);
		else if (is_key(key, len, "host"))
			copy_text(r, SIZE_MAX, &problem.host);
		else if (is_key(key, len, "netns"))
			copy_text(r, SIZE_MAX, &problem.told.netns);
		else if (is_key(key, len, "message"))
			copy_text(r, SIZE_MAX, &problem.test);
		else if (is_key(key, len, "fields"))
			read_fields(r, &problem.told.field);
		else if (!is_key(key, len, "proto"))
			json_skip(&r->json);
		else if (text(r, &key, &len) && proto_parse(key, len, &proto))
			problem.proto = (int)proto;
	}
	if (problem.test && problem.told.code && r->out->problems.n < PROBLEMS_MAX)
		problems_add(&r->out->problems, &problem);
	problems_clear(&one);
}

static void read_problems(struct reading *r)
{
	bool is_first = true;

	if (!enter_array(r))
		return;
	while (json_next(&r->json, ']', &is_first)) {
		if (json_peek(&r->json) == JSON_OBJECT)
			read_problem(r);
		else
			json_skip(&r->json);
	}
}

/* ---- hosts ---- */

static void read_hosts(struct reading *r)
{
	struct snapshot *snap = r->out;
	bool is_first = true;
	size_t n = 0;

	if (!enter_array(r))
		return;
	while (json_next(&r->json, ']', &is_first)) {
		bool is_first_key = true;
		const char *key;
		size_t len;

		if (json_peek(&r->json) != JSON_OBJECT || n == HOSTS_MAX) {
			json_skip(&r->json);
			continue;
		}
		/* The first one exists; all have the selection of the document. */
		if (n) {
			snap->hosts = mem_resize(snap->hosts, n + 1, sizeof(*snap->hosts));
			snap->hosts[n] = (struct snapshot_host){ 0 };
			snap->n_hosts = n + 1;
		}
		json_enter(&r->json);
		while (json_next(&r->json, '}', &is_first_key) && json_key(&r->json, &key, &len))
			read_head(r, key, len, n);
		n++;
	}
}

void read_head(struct reading *r, const char *key, size_t len, size_t at)
{
	struct snapshot_host *host = &r->out->hosts[at];
	struct document_head *head = &host->head;
	uint64_t value = 0;

	if (is_key(key, len, "schema")) {
		r->has_schema = true;
		if ((!number(r, UINT32_MAX, &value) || value != 1) && !r->json.error)
			r->json.error = DOCUMENT_OTHER_SCHEMA;
	} else if (is_key(key, len, "host")) {
		copy_text(r, NAME_MAX, &host->name);
	} else if (is_key(key, len, "machine")) {
		fixed_text(r, head->machine, sizeof(head->machine));
	} else if (is_key(key, len, "boot_id")) {
		fixed_text(r, head->boot_id, sizeof(head->boot_id));
	} else if (is_key(key, len, "addresses")) {
		read_addrs(r, head);
	} else if (is_key(key, len, "ephemeral")) {
		read_ephemeral(r, head);
	} else if (is_key(key, len, "uid")) {
		head->has_uid = number(r, UINT32_MAX, &value);
		head->uid = (uint32_t)value;
	} else if (is_key(key, len, "time")) {
		if (text(r, &key, &len) && !rfc3339_parse(key, len, &host->time_ms))
			r->telling.n_bad++;
	} else if (is_key(key, len, "selection")) {
		read_selection(r, host);
	} else if (is_key(key, len, "hosts") && !at) {
		read_hosts(r);
	} else if (is_key(key, len, "problems") && !at) {
		read_problems(r);
	} else if (is_key(key, len, "sockets") && !at && !r->has_sockets &&
		   json_peek(&r->json) == JSON_ARRAY) {
		read_sockets(r);
	} else if (is_key(key, len, "rows") && !at && !r->has_sockets &&
		   json_peek(&r->json) == JSON_ARRAY) {
		read_rows(r);
	} else {
		r->has_summary |= is_key(key, len, "summary");
		json_skip(&r->json);
	}
}

/* What all hosts of a document share, and what follows from its columns and problems. */
static void finish_host(struct snapshot *snap, struct snapshot_host *host)
{
	const struct snapshot_host *first = &snap->hosts[0];

	if (host != first) {
		const struct selection *from = &first->head.selection;
		struct selection *to = &host->head.selection;

		*to = *from;
		to->filter = (struct buf){ 0 };
		buf_add(&to->filter, from->filter.data, from->filter.len);
		free(host->netns);
		host->netns = first->netns ? mem_strdup(first->netns) : NULL;
		free(host->selected);
		host->selected = NULL;
		if (first->selected) {
			host->selected = mem_resize(NULL, from->n_columns, sizeof(*host->selected));
			memcpy(host->selected, first->selected,
			       from->n_columns * sizeof(*host->selected));
		}
		for (size_t i = 0; i < HOST_COLUMN_WORDS; i++)
			host->columns[i] |= first->columns[i];
		if (!host->time_ms)
			host->time_ms = first->time_ms;
	}
	snapshot_host_link(host);
	host_finish_columns(host);
}

static void finish_problem(struct reading *r, struct problem *problem)
{
	struct snapshot *snap = r->out;

	if (!problem->host && snap->n_hosts == 1 && snap->hosts[0].name)
		problem->host = mem_strdup(snap->hosts[0].name);
	for (size_t i = 0; i < snap->n_hosts; i++) {
		struct snapshot_host *host = &snap->hosts[i];

		if (problem->host && (!host->name || strcmp(problem->host, host->name) != 0))
			continue;
		host->hides_processes |= is_key(problem->told.code, strlen(problem->told.code),
						problem_code_name(PROBLEM_PROCESSES));
		host->lacks_names |= is_key(problem->told.code, strlen(problem->told.code),
					    problem_code_name(PROBLEM_HOSTS));
	}
}

static void add_count(struct reading *r, enum problem_document what, size_t count)
{
	struct problem problem = {
		.code = PROBLEM_DOCUMENT,
		.proto = PROBLEM_NO_PROTO,
		.document = what,
		.count = count,
		.host = r->out->hosts[0].name,
	};

	if (count)
		problems_add(&r->out->problems, &problem);
}

void finish_head(struct reading *r)
{
	for (size_t i = 0; i < r->out->problems.n; i++)
		finish_problem(r, &r->out->problems.list[i]);
	for (size_t i = r->out->n_hosts; i-- > 0;)
		finish_host(r->out, &r->out->hosts[i]);
	add_count(r, DOCUMENT_HAS_BAD_VALUES, r->telling.n_bad);
	add_count(r, DOCUMENT_HAS_BAD_SOCKETS, r->telling.n_unlistable);
}
