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

/* Of so many objects one is the model for those that follow: portstat sorts rows, so they are alike. */
#define MODEL_EACH 64U

struct key {
	struct place place; /* its column: NULL if it is not known here; its value in the model */
	struct shape *members; /* of a group */
	/* Where it begins in the model, and ends with its value. */
	size_t start;
	size_t end;
	uint32_t lists; /* its list is there, and empty: see told_knows() */
	bool can_repeat; /* place and lists are all that the value tells */
	uint8_t len;
	char head[HEAD_MAX]; /* "key": as it stands in the document; empty if it is too long */
};

struct shape {
	struct key *keys;
	size_t n;
	size_t cap;
	const char *prefix; /* of the keys of its columns: "owners.", or "" */
	/* An object as it stands in the document, from its first key to its end. */
	struct buf model;
	size_t n_model; /* keys that it has: the first ones, in their order */
	size_t n_read; /* objects since the model */
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
	for (size_t i = 0; i < shape->n; i++) {
		shape_free(shape->keys[i].members);
		buf_fini(&shape->keys[i].place.text);
	}
	free(shape->keys);
	buf_fini(&shape->model);
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

	*out = (struct key){ .place.column = c };
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
static struct key *next_key(struct reading *r, struct shape *shape, size_t *at, struct key *other)
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
			other->place.column = NULL;
		other->members = NULL;
		return other;
	}
	shape->keys = mem_grow(shape->keys, shape->n, &shape->cap, sizeof(*shape->keys));
	make_key(&shape->keys[shape->n], shape->prefix, key, len);
	*at = ++shape->n;
	return &shape->keys[shape->n - 1];
}

/* ---- the model ---- */

static uint32_t list_bit(const struct column *c)
{
	return c->told_list ? 1U << (c->told_list - 1) : 0;
}

/* That it is there, and not null, is all that is known of a list without elements. */
static void tell_lists(struct reading *r, uint32_t lists)
{
	r->out->hosts[r->telling.host].lists |= lists;
}

/* What is known of it belongs to one snapshot. */
static void forget_model(struct shape *shape)
{
	shape->n_model = shape->n_read = 0;
	for (size_t i = 0; i < shape->n; i++)
		if (shape->keys[i].members)
			forget_model(shape->keys[i].members);
}

/* How many bytes are the same at the start of both, of n. */
static size_t same_len(const char *a, const char *b, size_t n)
{
	uint64_t x, y;
	size_t at = 0;

	for (; n - at >= sizeof(x); at += sizeof(x)) {
		memcpy(&x, a + at, sizeof(x));
		memcpy(&y, b + at, sizeof(y));
		if (x != y)
			break;
	}
	while (at < n && a[at] == b[at])
		at++;
	return at;
}

/*
 * Reads over all members that stand in the model as they do here, and tells their values, as number i of
 * their columns; at is the next one's place among the keys.  Returns the place behind them.  A value that
 * is longer here differs in the byte behind it.
 */
static size_t repeat_members(struct reading *r, struct shape *shape, size_t at, size_t i)
{
	struct key *keys = shape->keys;
	size_t left = (size_t)(r->json.end - r->json.at), start, same, first = at;

	if (at >= shape->n_model)
		return at;
	start = keys[at].start;
	if (left > shape->model.len - start)
		left = shape->model.len - start;
	same = start + same_len(shape->model.data + start, r->json.at, left);
	for (; at < shape->n_model && keys[at].end < same && keys[at].can_repeat; at++) {
		if (keys[at].place.last.kind != VALUE_NULL)
			place_repeat(r, &keys[at].place, i);
		tell_lists(r, keys[at].lists);
	}
	if (at > first)
		r->json.at += keys[at - 1].end - start;
	return at;
}

/* ---- objects ---- */

static void read_object(struct reading *r, struct shape *shape, size_t i);

/* An object, or an array of them.  Returns whether there is any. */
static bool read_group(struct reading *r, const struct key *key)
{
	enum json_kind kind = json_peek(&r->json);
	bool is_first = true, is_empty = true;
	size_t n = 0;

	tell_lists(r, list_bit(key->place.column));
	if (kind == JSON_OBJECT) {
		read_object(r, key->members, 0);
		return true;
	}
	if (kind != JSON_ARRAY) {
		read_bad(r);
		return true;
	}
	json_enter(&r->json);
	while (json_next(&r->json, ']', &is_first)) {
		is_empty = false;
		if (json_peek(&r->json) == JSON_OBJECT)
			read_object(r, key->members, n++);
		else
			read_bad(r);
	}
	return !is_empty;
}

/* The value of a key, as number i of its column. */
static void read_member(struct reading *r, const struct key *key, size_t i)
{
	const struct column *c = key->place.column;
	struct ancestor ancestors[ANCESTORS_MAX];
	struct value value;

	if (json_null(&r->json))
		return;
	if (!c) {
		json_skip(&r->json);
	} else if (key->members) {
		read_group(r, key);
	} else {
		read_value(r, c, ancestors, &value);
		telling_set(&r->telling, c, i, &value);
	}
}

/* The same of a model, which keeps the value.  Bad ones are counted each time that they come. */
static void read_model_member(struct reading *r, struct key *key, size_t i)
{
	const struct column *c = key->place.column;
	size_t n_bad = r->telling.n_bad;

	key->place.last.kind = VALUE_NULL;
	key->lists = 0;
	key->can_repeat = true;
	if (json_null(&r->json))
		return;
	if (!c) {
		json_skip(&r->json);
	} else if (key->members) {
		key->can_repeat = !read_group(r, key);
		key->lists = list_bit(c);
	} else {
		place_read(r, &key->place, i);
		key->can_repeat = key->place.last.kind != VALUE_NULL;
	}
	if (r->telling.n_bad != n_bad)
		key->can_repeat = false;
}

/*
 * Reads the members of an object, and makes it the model, as far as its keys stand in their order and all of
 * it is in the room of the reader.
 */
static void read_model(struct reading *r, struct shape *shape, size_t i)
{
	bool is_first = true, is_model = true;
	size_t n_filled = 0, at = 0, n = 0;
	const char *start = NULL;

	shape->n_model = shape->n_read = 0;
	while (json_next(&r->json, '}', &is_first)) {
		const char *begin = r->json.at;
		struct key other, *key;

		if (!start) {
			start = begin;
			n_filled = r->json.n_filled;
		}
		key = next_key(r, shape, &at, &other);
		if (!key)
			return;
		is_model = is_model && key == &shape->keys[n];
		if (!is_model) {
			read_member(r, key, i);
			continue;
		}
		read_model_member(r, key, i);
		key->start = (size_t)(begin - start);
		key->end = (size_t)(r->json.at - start);
		n++;
	}
	if (!start || r->json.error || n_filled != r->json.n_filled)
		return;
	shape->n_model = n;
	buf_clear(&shape->model);
	buf_add(&shape->model, start, (size_t)(r->json.at - start));
}

/* An object, whose values are number i of their columns. */
static void read_object(struct reading *r, struct shape *shape, size_t i)
{
	bool is_first = true;
	size_t at = 0;

	json_enter(&r->json);
	if (!shape->n_model || shape->n_read++ == MODEL_EACH) {
		read_model(r, shape, i);
		return;
	}
	while (json_next(&r->json, '}', &is_first)) {
		size_t before = at;
		struct key other, *key;

		at = repeat_members(r, shape, at, i);
		if (at > before)
			continue;
		key = next_key(r, shape, &at, &other);
		if (!key)
			return;
		read_member(r, key, i);
	}
}

void read_sockets(struct reading *r)
{
	bool is_first = true;

	if (!r->shape)
		r->shape = shape_new("");
	forget_model(r->shape);
	r->has_sockets = true;
	json_enter(&r->json);
	while (json_next(&r->json, ']', &is_first)) {
		if (json_peek(&r->json) != JSON_OBJECT) {
			read_bad(r);
			continue;
		}
		telling_begin(&r->telling, 0);
		read_object(r, r->shape, 0);
		if (!r->json.error)
			read_end(r);
	}
}
