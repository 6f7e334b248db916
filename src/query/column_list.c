/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of columns that the user wrote: --columns and --sort. */
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

static void insert(struct column_list *l, size_t at, const struct column *c)
{
	l->list = mem_grow(l->list, l->n, &l->cap, sizeof(*l->list));
	memmove(l->list + at + 1, l->list + at, (l->n - at) * sizeof(*l->list));
	l->list[at] = c;
	l->n++;
}

static void remove_at(struct column_list *l, size_t at)
{
	l->n--;
	memmove(l->list + at, l->list + at + 1, (l->n - at) * sizeof(*l->list));
}

void column_list_add(struct column_list *l, const struct column *c)
{
	const char *const *part = l->is_of_keys ? c->parts : NULL;

	for (; part && *part; part++)
		column_list_add(l, column_find(*part, strlen(*part)));
	if ((!l->is_of_keys || !c->parts) && index_of(l, c) == l->n)
		insert(l, l->n, c);
}

/* Replaces a group by its members, if it is in the list. */
static void open_group(struct column_list *l, const struct column *group)
{
	size_t at = index_of(l, group), len = strlen(group->key);

	if (at == l->n)
		return;
	remove_at(l, at);
	for (size_t i = 0; i < columns_n; i++)
		if (!strncmp(columns[i].key, group->key, len) && columns[i].key[len] == '.' &&
		    !columns[i].is_chosen_alone && index_of(l, &columns[i]) == l->n)
			insert(l, at++, &columns[i]);
}

void column_list_name_owners(struct column_list *l)
{
	size_t at = index_of(l, column_find("owners", 6));

	if (at == l->n)
		return;
	remove_at(l, at);
	if (index_of(l, column_find("owners.pid", 10)) == l->n)
		insert(l, at++, column_find("owners.pid", 10));
	if (index_of(l, column_find("owners.name", 11)) == l->n)
		insert(l, at, column_find("owners.name", 11));
}

static void take_away(struct column_list *l, const struct column *c)
{
	const char *const *part = l->is_of_keys ? c->parts : NULL;
	const char *dot = strchr(c->key, '.');
	size_t at;

	for (; part && *part; part++)
		take_away(l, column_find(*part, strlen(*part)));
	if (l->is_of_keys && dot)
		open_group(l, column_find(c->key, (size_t)(dot - c->key)));
	at = index_of(l, c);
	if (at < l->n)
		remove_at(l, at);
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

/* An item, up to the comma: its sign (0: none) and its column. */
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
	l->named_needs = 0;
	for (;;) {
		struct item item;
		int err = next_item(text, &pos, &item, error);

		if (err)
			return err;
		if (item.sign == '-') {
			take_away(l, item.column);
		} else {
			column_list_add(l, item.column);
			l->named_needs |= item.column->needs;
		}
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
