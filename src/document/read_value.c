/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the value of a column, and keeps it for the sockets that repeat it. */
#include <config.h>

#include "document/reading.h"

#include <string.h>

#include "document/document.h"
#include "query/columns.h"
#include "query/snapshot.h"

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

/* ---- values that rows repeat ---- */

void place_repeat(struct reading *r, struct place *place, size_t i)
{
	struct value *last = &place->last;

	if (last->kind == VALUE_TEXT || last->kind == VALUE_LIST)
		last->text.bytes = buf_cstr(&place->text);
	telling_set_again(&r->telling, place->column, i, last, &place->told);
}

void place_read(struct reading *r, struct place *place, size_t i)
{
	struct ancestor ancestors[ANCESTORS_MAX];
	struct value *last = &place->last;

	read_value(r, place->column, ancestors, last);
	place->told = 0;
	telling_set_again(&r->telling, place->column, i, last, &place->told);
	buf_clear(&place->text);
	if (last->kind == VALUE_TEXT || last->kind == VALUE_LIST)
		buf_add(&place->text, last->text.bytes, last->text.len);
	else if (last->kind == VALUE_ANCESTORS)
		last->kind = VALUE_NULL; /* always told again */
}

/* More than a host can have; a socket of a few bytes takes a hundred here. */
#define SOCKETS_MAX (1U << 24)

void read_end(struct reading *r)
{
	telling_end(&r->telling);
	if (r->out->table.n >= SOCKETS_MAX)
		r->json.error = DOCUMENT_TOO_LARGE;
}
