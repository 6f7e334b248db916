/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is expected: filters, one on each line of a text. */
#include <config.h>

#include "query/expected.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/snapshot.h"

void expected_fini(struct expected *e)
{
	for (size_t i = 0; i < e->n; i++)
		filter_free(e->list[i].filter);
	free(e->list);
	*e = (struct expected){ 0 };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Where the filter of a line ends: before its comment, which is not in quotation marks. */
static size_t without_comment(const char *line, size_t len)
{
	bool is_quoted = false;
	size_t end = 0;

	while (end < len && (line[end] != '#' || is_quoted || (end && !is_blank(line[end - 1])))) {
		if (line[end] == '"' && (!end || line[end - 1] != '\\'))
			is_quoted = !is_quoted;
		end++;
	}
	while (end && is_blank(line[end - 1]))
		end--;
	return end;
}

int expected_parse(struct expected *e, const char *text, size_t len, const struct resolver *names,
		   struct filter_error *error, size_t *number)
{
	size_t start = 0;

	for (*number = 1; start < len; ++*number) {
		const char *newline = memchr(text + start, '\n', len - start);
		size_t end = newline ? (size_t)(newline - text) : len;
		struct expected_line line = { .start = start };

		while (line.start < end && is_blank(text[line.start]))
			line.start++;
		line.len = without_comment(text + line.start, end - line.start);
		start = end + 1;
		if (!line.len)
			continue;
		if (filter_parse(&line.filter, text + line.start, line.len, names, error)) {
			error->pos += line.start;
			return -EINVAL;
		}
		e->list = mem_grow(e->list, e->n, &e->cap, sizeof(*e->list));
		e->list[e->n++] = line;
	}
	return 0;
}

unsigned int expected_needs(const struct expected *e)
{
	unsigned int needs = 0;

	for (size_t i = 0; i < e->n; i++)
		needs |= filter_needs(e->list[i].filter);
	return needs;
}

bool expected_has(const struct expected *e, const struct snapshot *snap, const struct row *row)
{
	for (size_t i = 0; i < e->n; i++)
		if (filter_match(e->list[i].filter, snap, row) == FILTER_YES)
			return true;
	return false;
}

enum filter_result expected_match(const struct expected_line *line, const struct snapshot *snap,
				  const struct row **doubtful)
{
	enum filter_result all = FILTER_NO;

	for (size_t i = 0; i < snap->n_rows; i++) {
		enum filter_result one = filter_match(line->filter, snap, &snap->rows[i]);

		if (one == FILTER_YES)
			return FILTER_YES;
		if (one == FILTER_NO || all != FILTER_NO)
			continue;
		all = FILTER_UNTESTABLE;
		if (doubtful)
			*doubtful = &snap->rows[i];
	}
	return all;
}

size_t expected_missing(const struct expected *e, const struct snapshot *snap)
{
	size_t n = 0;

	for (size_t i = 0; i < e->n; i++)
		n += expected_match(&e->list[i], snap, NULL) == FILTER_NO;
	return n;
}
