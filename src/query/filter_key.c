/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of the filter language: the columns, and a few that are not columns. */
#include <config.h>

#include "query/filter_key.h"

#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "query/columns.h"
#include "query/filter.h"

/* Keys that are not columns. */
static const struct {
	const char *name;
	struct filter_key key;
} keys[] = {
	{ "port", { "port", TEST_PORTS, END_EITHER, NULL } },
	{ "addr", { "addr", TEST_ADDRS, END_EITHER, NULL } },
	{ "name",
	  { "name", TEST_NAME, 0, NULL } }, /* the key of bare words that are nothing else */
	{ "exclude", { "state", TEST_STATE, 0, NULL } }, /* ss: exclude STATE */
};

/* The kind of test for the column's values. */
static enum test_kind value_kind(const struct column *c)
{
	switch (c->kind) {
	case VALUE_BOOL:
		return TEST_TRUTH;
	case VALUE_NUMBER:
		return TEST_NUMBERS;
	/* The addresses of both ends are told by their conditions; any other one is a text. */
	case VALUE_ADDR:
	case VALUE_NULL:
	case VALUE_TEXT:
	case VALUE_LIST:
	case VALUE_ANCESTORS:
		break;
	}
	return TEST_TEXTS;
}

static struct filter_key column_key(const struct column *c)
{
	const char *key = c->canonical ? c->canonical : c->key;

	switch (c->cond) {
	case COND_PROTO:
		return (struct filter_key){ key, TEST_PROTO, 0, NULL };
	case COND_FAMILY:
		return (struct filter_key){ key, TEST_FAMILY, 0, NULL };
	case COND_STATE:
		return (struct filter_key){ key, TEST_STATE, 0, NULL };
	case COND_LOCAL_PORT:
		return (struct filter_key){ key, TEST_PORTS, END_LOCAL, NULL };
	case COND_REMOTE_PORT:
		return (struct filter_key){ key, TEST_PORTS, END_REMOTE, NULL };
	case COND_LOCAL_ADDR:
		return (struct filter_key){ key, TEST_ADDRS, END_LOCAL, NULL };
	case COND_REMOTE_ADDR:
		return (struct filter_key){ key, TEST_ADDRS, END_REMOTE, NULL };
	case COND_FALSE:
	case COND_TRUE:
	case COND_AND:
	case COND_OR:
	case COND_IFINDEX:
	case COND_MARK:
	case COND_CGROUP:
		break;
	}
	return (struct filter_key){ key, value_kind(c), 0, c };
}

bool filter_key_find(const char *name, size_t len, struct filter_key *out)
{
	const struct column *c;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (text_is(name, len, keys[i].name)) {
			*out = keys[i].key;
			return true;
		}
	}
	c = column_find_any_case(name, len);
	if (c && c->filter_column)
		c = column_find(c->filter_column, strlen(c->filter_column));
	if (c)
		*out = column_key(c);
	return c;
}

const char *filter_word(size_t i)
{
	return i < sizeof(keys) / sizeof(*keys) ? keys[i].name : NULL;
}

const char *filter_key_nearest(const char *word, size_t len)
{
	struct nearest nearest;

	nearest_start(&nearest, word, len);
	for (size_t i = 0; filter_word(i); i++)
		nearest_try(&nearest, filter_word(i));
	columns_try_nearest(&nearest);
	return nearest.found;
}
