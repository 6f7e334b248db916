/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the sockets of a document: each key to its column, which takes the value. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "document/document.h"
#include "document/reading.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"

/* More keys than that are not remembered, but looked up each time. */
#define KEYS_MAX 256U
#define HEAD_MAX 64U

struct key {
	const struct column *column; /* NULL: not known here */
	struct shape *members; /* of a group */
	uint8_t len;
	char head[HEAD_MAX]; /* "key": as it stands in the document; empty if it is too long */
};

struct shape {
	struct key *keys;
	size_t n;
	size_t cap;
	const char *prefix; /* of the keys of its columns: "owners.", or "" */
};

static struct shape *shape_new(const char *prefix)
{
	struct shape *shape = mem_calloc(1, sizeof(*shape));

	shape->prefix = prefix;
	return shape;
}

void shape_free(struct shape *shape)
{
	if (!shape)
		return;
	for (size_t i = 0; i < shape->n; i++)
		shape_free(shape->keys[i].members);
	free(shape->keys);
	free(shape);
}

static const struct column *find_column(const char *prefix, const char *key, size_t len)
{
	char path[2 * HEAD_MAX];
	size_t start = strlen(prefix);

	if (start + len > sizeof(path))
		return NULL;
	/* No string: both lengths are known.  NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
	memcpy(path, prefix, start);
	memcpy(path + start, key, len);
	for (size_t i = 0; i < columns_n; i++)
		if (strlen(columns[i].key) == start + len &&
		    !memcmp(columns[i].key, path, start + len))
			return &columns[i];
	return NULL;
}

/* The prefix of the members of a group: columns follow it in the table. */
static const char *prefix_of(const struct column *group)
{
	static const char *const prefixes[] = { "owners.",    "candidates.",  "leads_to.",
						"published.", "peer_owners.", "timer.",
						"tcp.",	      "mptcp.",	      "memory." };
	size_t len = strlen(group->key);

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (!strncmp(prefixes[i], group->key, len) && prefixes[i][len] == '.')
			return prefixes[i];
	return NULL;
}

static void make_key(struct key *out, const char *prefix, const char *key, size_t len)
{
	const struct column *c = find_column(prefix, key, len);
	const char *members = c && c->shape == COLUMN_GROUP ? prefix_of(c) : NULL;

	*out = (struct key){ .column = c };
	if (members)
		out->members = shape_new(members);
	if (len + 3 > HEAD_MAX)
		return;
	out->head[0] = '"';
	memcpy(out->head + 1, key, len);
	memcpy(out->head + 1 + len, "\":", 2);
	out->len = (uint8_t)(len + 3);
}

static bool is_key(const struct key *k, const char *key, size_t len)
{
	return k->len == len + 3 && !memcmp(k->head + 1, key, len);
}

/* Reads the next key.  *at: its expected place among the keys; that of the next one when it returns. */
static const struct key *next_key(struct reading *r, struct shape *shape, size_t *at,
				  struct key *other)
{
	const char *key;
	size_t len;

	if (*at < shape->n && shape->keys[*at].len &&
	    json_has_key(&r->json, shape->keys[*at].head, shape->keys[*at].len))
		return &shape->keys[(*at)++];
	if (!json_key(&r->json, &key, &len))
		return NULL;
	for (size_t i = 0; i < shape->n; i++) {
		if (!is_key(&shape->keys[i], key, len))
			continue;
		*at = i + 1;
		return &shape->keys[i];
	}
	if (shape->n == KEYS_MAX) {
		make_key(other, shape->prefix, key, len);
		shape_free(other->members);
		if (other->members)
			other->column = NULL;
		other->members = NULL;
		return other;
	}
	shape->keys = mem_grow(shape->keys, shape->n, &shape->cap, sizeof(*shape->keys));
	make_key(&shape->keys[shape->n], shape->prefix, key, len);
	*at = ++shape->n;
	return &shape->keys[shape->n - 1];
}

/* More than a host can have; a socket of a few bytes takes a hundred here. */
#define SOCKETS_MAX (1U << 24)

void read_end(struct reading *r)
{
	telling_end(&r->telling);
	if (r->out->table.n >= SOCKETS_MAX)
		r->json.error = DOCUMENT_TOO_LARGE;
}

void read_bad(struct reading *r)
{
	json_skip(&r->json);
	r->telling.n_bad++;
}

/* An array of strings. */
static void read_list(struct reading *r, struct value *out)
{
	bool is_first = true;
	const char *text;
	size_t len;

	buf_clear(&r->list);
	json_enter(&r->json);
	while (json_next(&r->json, ']', &is_first)) {
		if (json_peek(&r->json) != JSON_TEXT) {
			read_bad(r);
			continue;
		}
		if (!json_text(&r->json, &text, &len))
			return;
		buf_add(&r->list, text, len);
		buf_char(&r->list, '\0');
	}
	if (!r->list.len)
		return;
	out->kind = VALUE_LIST;
	out->text.bytes = r->list.data;
	out->text.len = r->list.len;
}

static void read_ancestor(struct reading *r, struct ancestor *out)
{
	bool is_first = true, is_whole;
	const char *text;
	uint64_t number;
	size_t len;

	*out = (struct ancestor){ 0 };
	json_enter(&r->json);
	while (json_next(&r->json, '}', &is_first) && json_key(&r->json, &text, &len)) {
		bool is_pid = len == 3 && !memcmp(text, "pid", 3);
		bool is_name = len == 4 && !memcmp(text, "name", 4);
		enum json_kind kind = json_peek(&r->json);

		if (is_pid && kind == JSON_NUMBER) {
			if (json_number(&r->json, &number, &is_whole) && is_whole &&
			    number <= INT32_MAX)
				out->pid = (int32_t)number;
		} else if (is_name && kind == JSON_TEXT && json_text(&r->json, &text, &len)) {
			out->name_len =
				(uint32_t)(len < sizeof(out->name) ? len : sizeof(out->name));
			memcpy(out->name, text, out->name_len);
		} else {
			json_skip(&r->json);
		}
	}
}

/* An array of ancestors; list has room for ANCESTORS_MAX. */
static void read_ancestors(struct reading *r, struct ancestor *list, struct value *out)
{
	bool is_first = true;
	size_t n = 0;

	json_enter(&r->json);
	while (json_next(&r->json, ']', &is_first)) {
		if (json_peek(&r->json) != JSON_OBJECT || n == ANCESTORS_MAX)
			read_bad(r);
		else
			read_ancestor(r, &list[n++]);
	}
	out->kind = n ? VALUE_ANCESTORS : VALUE_NULL;
	out->ancestors.list = list;
	out->ancestors.n = n;
}

void read_value(struct reading *r, const struct column *c, struct ancestor *list, struct value *out)
{
	enum json_kind kind = json_peek(&r->json);
	bool is_whole;

	out->kind = VALUE_NULL;
	switch (kind) {
	case JSON_NOTHING:
		return;
	case JSON_NULL:
		json_skip(&r->json);
		return;
	case JSON_TRUE:
	case JSON_FALSE:
		json_skip(&r->json);
		out->kind = VALUE_BOOL;
		out->truth = kind == JSON_TRUE;
		break;
	case JSON_NUMBER:
		if (!json_number(&r->json, &out->number, &is_whole))
			return;
		if (!is_whole) {
			r->telling.n_bad++;
			return;
		}
		out->kind = VALUE_NUMBER;
		break;
	case JSON_TEXT:
		if (!json_text(&r->json, &out->text.bytes, &out->text.len))
			return;
		out->kind = VALUE_TEXT;
		break;
	case JSON_ARRAY:
		if (c->kind == VALUE_LIST)
			read_list(r, out);
		else if (c->kind == VALUE_ANCESTORS)
			read_ancestors(r, list, out);
		else
			read_bad(r);
		break;
	case JSON_OBJECT:
		read_bad(r);
		return;
	}
	if (r->json.error)
		out->kind = VALUE_NULL;
}

/* Value i of a column; r->json is at a value that is not null. */
static void tell_value(struct reading *r, const struct column *c, size_t i)
{
	struct ancestor ancestors[ANCESTORS_MAX];
	struct value value;

	read_value(r, c, ancestors, &value);
	telling_set(&r->telling, c, i, &value);
}

/* The members of a group's object, for value i. */
static void read_members(struct reading *r, struct shape *shape, size_t i)
{
	bool is_first = true;
	size_t at = 0;

	json_enter(&r->json);
	while (json_next(&r->json, '}', &is_first)) {
		struct key other;
		const struct key *key = next_key(r, shape, &at, &other);

		if (!key)
			return;
		if (json_null(&r->json))
			continue;
		if (key->column)
			tell_value(r, key->column, i);
		else
			json_skip(&r->json);
	}
}

/* An object, or an array of them. */
static void read_group(struct reading *r, const struct key *key)
{
	const struct column *c = key->column;
	enum json_kind kind = json_peek(&r->json);
	bool is_first = true;
	size_t n = 0;

	/* That it is there, and not null, is all that is known of a list without elements. */
	if (c->told_list)
		r->out->hosts[r->telling.host].lists |= 1U << (c->told_list - 1);
	if (kind == JSON_OBJECT) {
		read_members(r, key->members, 0);
		return;
	}
	if (kind != JSON_ARRAY) {
		read_bad(r);
		return;
	}
	json_enter(&r->json);
	while (json_next(&r->json, ']', &is_first)) {
		if (json_peek(&r->json) == JSON_OBJECT)
			read_members(r, key->members, n++);
		else
			read_bad(r);
	}
}

static void read_socket(struct reading *r)
{
	bool is_first = true;
	size_t at = 0;

	telling_begin(&r->telling, 0);
	json_enter(&r->json);
	while (json_next(&r->json, '}', &is_first)) {
		struct key other;
		const struct key *key = next_key(r, r->shape, &at, &other);

		if (!key)
			return;
		if (json_null(&r->json))
			continue;
		if (!key->column)
			json_skip(&r->json);
		else if (key->members)
			read_group(r, key);
		else
			tell_value(r, key->column, 0);
	}
	if (!r->json.error)
		read_end(r);
}

void read_sockets(struct reading *r)
{
	bool is_first = true;

	if (!r->shape)
		r->shape = shape_new("");
	r->has_sockets = true;
	json_enter(&r->json);
	while (json_next(&r->json, ']', &is_first)) {
		if (json_peek(&r->json) == JSON_OBJECT)
			read_socket(r);
		else
			read_bad(r);
	}
}
