/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of columns that a person wrote: --columns and --sort. */
#include <config.h>

#include "query/column_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/columns.h"

void column_list_fini(struct column_list *l)
{
	free(l->list);
	*l = (struct column_list){ 0 };
}

static size_t index_of(const struct column_list *l, const struct column *c)
{
	size_t i = 0;

	while (i < l->n && l->list[i] != c)
		i++;
	return i;
}

void column_list_add(struct column_list *l, const struct column *c)
{
	if (index_of(l, c) < l->n)
		return;
	l->list = mem_grow(l->list, l->n, &l->cap, sizeof(*l->list));
	l->list[l->n++] = c;
}

static void take_away(struct column_list *l, const struct column *c)
{
	size_t at = index_of(l, c);

	if (at == l->n)
		return;
	l->n--;
	memmove(l->list + at, l->list + at + 1, (l->n - at) * sizeof(*l->list));
}

void column_list_add_keys(struct column_list *l, const char *keys)
{
	while (*keys) {
		size_t len = strcspn(keys, " ");
		const struct column *c = column_find(keys, len);

		if (c)
			column_list_add(l, c);
		keys += len + (keys[len] == ' ');
	}
}

/* One item up to the comma: its sign (0 for none) and its column. */
struct item {
	const struct column *column;
	char sign;
};

static int next_item(const char *text, size_t *pos, struct item *item,
		     struct column_list_error *error)
{
	size_t start = *pos, len;

	item->sign = text[start] == '+' || text[start] == '-' ? text[start] : '\0';
	if (item->sign)
		start++;
	len = strcspn(text + start, ",");
	item->column = column_find(text + start, len);
	if (!item->column) {
		*error = (struct column_list_error){ .pos = start, .len = len };
		error->nearest = column_nearest(text + start, len);
		return -EINVAL;
	}
	*pos = start + len;
	return 0;
}

int column_list_parse(struct column_list *l, const char *text, struct column_list_error *error)
{
	bool is_change = *text == '+' || *text == '-';
	size_t pos = 0;

	if (!is_change)
		l->n = 0;
	for (;;) {
		struct item item;
		int err = next_item(text, &pos, &item, error);

		if (err)
			return err;
		if (item.sign == '-')
			take_away(l, item.column);
		else
			column_list_add(l, item.column);
		if (!text[pos])
			return 0;
		pos++;
	}
}

int sort_keys_parse(struct sort_key *keys, size_t max, size_t *n, const char *text,
		    struct column_list_error *error)
{
	size_t pos = 0;

	*n = 0;
	for (;;) {
		struct item item;
		int err = next_item(text, &pos, &item, error);

		if (err)
			return err;
		if (*n == max)
			return -E2BIG;
		keys[(*n)++] = (struct sort_key){ item.column, item.sign == '-' };
		if (!text[pos])
			return 0;
		pos++;
	}
}
