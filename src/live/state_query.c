/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the view asks for: the filter, and all that its columns, sort key and details need. */
#include <config.h>

#include "live/state_parts.h"

#include "query/columns.h"

bool state_set_filter(struct live_state *s, const char *text, size_t len, bool is_entered)
{
	struct filter *filter;

	s->filter_error = (struct filter_error){ 0 };
	/* A host name is looked up once it is whole, not for each of its letters. */
	if ((is_entered ? filter_parse : filter_parse_typed)(&filter, len ? text : "", len,
							     s->setup.names, &s->filter_error)) {
		if (!s->filter_error.message)
			s->filter_error.message = "";
		return false;
	}
	s->filter_error.message = NULL;
	filter_free(s->filter);
	s->filter = filter;
	buf_clear(&s->filter_text);
	buf_add(&s->filter_text, text, len);
	/* The collector parses it again: what names stood for is settled here. */
	buf_clear(&s->query_text);
	filter_print(filter, &s->query_text);
	state_rebuild(s);
	state_update_query(s, true);
	return true;
}

static void add_column(struct live_query *query, const char *key)
{
	const struct column *column = column_find(key, strlen(key));

	for (size_t i = 0; i < query->n_columns; i++)
		if (query->columns[i] == column)
			return;
	if (column && query->n_columns < sizeof(query->columns) / sizeof(*query->columns))
		query->columns[query->n_columns++] = column;
}

static void add_columns(struct live_state *s, struct live_query *query)
{
	static const char *const details[] = { "owners", "tcp", "memory", "cgroup" };
	const struct view_state *view = state_view(s);

	query->n_columns = 0;
	/* Groups go by owner, and the title counts them. */
	add_column(query, "process");
	for (size_t i = 0; i < view->n_shown; i++)
		if (view->shown[i]->column)
			add_column(query, view->shown[i]->column->key);
	if (view->sort && view->sort->column)
		add_column(query, view->sort->column->key);
	if (s->has_hosts)
		add_column(query, "peer_host");
	/* A recording shows what it has: what it was asked for later would come with the next dump. */
	for (size_t i = 0; (s->has_details || s->setup.is_replay) && i < sizeof(details) / sizeof(*details); i++)
		add_column(query, details[i]);
}

static unsigned int needs_of(const struct live_query *query)
{
	unsigned int needs = 0;

	for (size_t i = 0; i < query->n_columns; i++)
		needs |= query->columns[i]->needs;
	return needs & ~query->hidden;
}

void state_update_query(struct live_state *s, bool are_rows_changed)
{
	struct live_query *query = &s->query;
	unsigned int needs = needs_of(query);

	add_columns(s, query);
	/* A recording does not pass by because names are switched off for a while. */
	query->hidden = s->is_numeric && !s->setup.is_replay ? NEED_SERVICES | NEED_USERS : 0;
	query->filter = buf_cstr(&s->query_text);
	if (are_rows_changed)
		query->version++;
	if (are_rows_changed || needs_of(query) & ~needs)
		s->out.asks = true;
}
