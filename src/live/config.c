/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration of the live view: lines of "key = value", parsed and printed. */
#include <config.h>

#include "live/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "live/groups.h"

void live_config_init(struct live_config *config)
{
	*config = (struct live_config){ .has_mouse = true, .has_names = true };
}

void live_config_fini(struct live_config *config)
{
	for (size_t i = 0; i < LIVE_VIEWS; i++) {
		free(config->columns[i]);
		free(config->sort[i]);
	}
	free(config->expected);
	*config = (struct live_config){ 0 };
}

struct word {
	const char *s;
	size_t n;
};

static bool is(struct word word, const char *text)
{
	return word.n == strlen(text) && !memcmp(word.s, text, word.n);
}

static struct word trim(const char *s, size_t n)
{
	while (n && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r'))
		n--;
	return (struct word){ s, n };
}

static bool parse_bool(struct word value, bool *out)
{
	if (!is(value, "yes") && !is(value, "no"))
		return false;
	*out = is(value, "yes");
	return true;
}

static bool parse_view(struct word value, enum live_view *out)
{
	for (unsigned int view = 0; view < LIVE_VIEWS; view++) {
		if (is(value, live_view_name((enum live_view)view))) {
			*out = (enum live_view)view;
			return true;
		}
	}
	return false;
}

static bool parse_theme(struct word value, enum theme *out)
{
	for (unsigned int i = 0; theme_words[i]; i++) {
		if (is(value, theme_words[i])) {
			*out = (enum theme)(THEME_AUTO + i);
			return true;
		}
	}
	return false;
}

static bool parse_grouping(struct word value, unsigned int *out)
{
	for (unsigned int i = 0; grouping_words[i]; i++) {
		if (is(value, grouping_words[i])) {
			*out = i;
			return true;
		}
	}
	return false;
}

static void replace(char **where, struct word value)
{
	free(*where);
	*where = mem_strndup(value.s, value.n);
}

static bool parse_columns(struct live_config *config, const struct live_columns *columns,
			  enum live_view view, struct word value)
{
	const struct live_column *list[LIVE_COLUMNS_MAX];
	struct word bad;

	if (!live_columns_parse(columns, value.s, value.n, list, &bad.s, &bad.n))
		return false;
	replace(&config->columns[view], value);
	return true;
}

static bool parse_sort(struct live_config *config, const struct live_columns *columns,
		       enum live_view view, struct word value)
{
	size_t sign = value.n && *value.s == '-';

	if (!live_columns_find(columns, value.s + sign, value.n - sign))
		return false;
	replace(&config->sort[view], value);
	return true;
}

static bool parse_pair(struct live_config *config, const struct live_columns *columns,
		       struct word key, struct word value)
{
	const char *dot = memchr(key.s, '.', key.n);
	struct word last = { dot ? dot + 1 : key.s, dot ? key.n - (size_t)(dot + 1 - key.s) : 0 };
	enum live_view view;

	if (is(key, "view"))
		return parse_view(value, &config->view);
	if (is(key, "group"))
		return parse_grouping(value, &config->grouping);
	if (is(key, "theme"))
		return parse_theme(value, &config->theme);
	if (is(key, "mouse"))
		return parse_bool(value, &config->has_mouse);
	if (is(key, "names"))
		return parse_bool(value, &config->has_names);
	if (is(key, "details"))
		return parse_bool(value, &config->has_details);
	if (is(key, "bell"))
		return parse_bool(value, &config->has_bell);
	if (is(key, "trouble"))
		return parse_bool(value, &config->is_troubled);
	if (is(key, "expected") && value.n) {
		replace(&config->expected, value);
		return true;
	}
	if (!dot || !parse_view(last, &view))
		return false;
	key.n = (size_t)(dot - key.s);
	if (is(key, "columns"))
		return parse_columns(config, columns, view, value);
	return is(key, "sort") && parse_sort(config, columns, view, value);
}

static bool parse_line(struct live_config *config, const struct live_columns *columns,
		       struct word line)
{
	const char *equals;

	line = trim(line.s, line.n);
	if (!line.n || *line.s == '#')
		return true;
	equals = memchr(line.s, '=', line.n);
	if (!equals || memchr(line.s, '\0', line.n))
		return false;
	return parse_pair(config, columns, trim(line.s, (size_t)(equals - line.s)),
			  trim(equals + 1, line.n - (size_t)(equals + 1 - line.s)));
}

void live_config_parse(struct live_config *config, const char *text, size_t len,
		       struct buf *complaints)
{
	struct live_columns columns;
	unsigned int number = 0;

	live_columns_init(&columns);
	for (size_t from = 0; from < len;) {
		const char *newline = memchr(text + from, '\n', len - from);
		size_t end = newline ? (size_t)(newline - text) : len;
		struct buf visible = { 0 };

		number++;
		if (!parse_line(config, &columns, (struct word){ text + from, end - from })) {
			text_visible(&visible, text + from, end - from, false);
			buf_printf(complaints, _("line %u was skipped: %s\n"), number,
				   buf_cstr(&visible));
		}
		buf_fini(&visible);
		from = end + 1;
	}
	live_columns_fini(&columns);
}

void live_config_sum_up(const struct buf *complaints, const char *path, struct buf *out)
{
	struct buf where = { 0 }, first = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < complaints->len; i++) {
		if (complaints->data[i] != '\n')
			continue;
		if (!n++)
			buf_add(&first, complaints->data, i);
	}
	text_visible(&where, path, strlen(path), false);
	buf_printf(out, P_("%s has %zu invalid line: %s", "%s has %zu invalid lines: %s", n),
		   buf_cstr(&where), n, buf_cstr(&first));
	buf_fini(&where);
	buf_fini(&first);
}

void live_config_print(const struct live_config *config, struct buf *out)
{
	buf_printf(out, "view = %s\n", live_view_name(config->view));
	if (config->theme != THEME_UNSET)
		buf_printf(out, "theme = %s\n", theme_words[config->theme - THEME_AUTO]);
	buf_printf(out, "mouse = %s\n", config->has_mouse ? "yes" : "no");
	buf_printf(out, "names = %s\n", config->has_names ? "yes" : "no");
	buf_printf(out, "details = %s\n", config->has_details ? "yes" : "no");
	buf_printf(out, "bell = %s\n", config->has_bell ? "yes" : "no");
	buf_printf(out, "trouble = %s\n", config->is_troubled ? "yes" : "no");
	buf_printf(out, "group = %s\n", grouping_words[config->grouping]);
	if (config->expected)
		buf_printf(out, "expected = %s\n", config->expected);
	for (unsigned int view = 0; view < LIVE_VIEWS; view++) {
		const char *name = live_view_name((enum live_view)view);

		if (config->columns[view])
			buf_printf(out, "columns.%s = %s\n", name, config->columns[view]);
		if (config->sort[view])
			buf_printf(out, "sort.%s = %s\n", name, config->sort[view]);
	}
}

/* An empty text has no bytes at all. */
static const char *end_of(const struct buf *text)
{
	return text->len ? text->data + text->len : text->data;
}

/* The next line of a text, without its end. */
static struct word next_line(const char **text, const char *end)
{
	const char *newline = memchr(*text, '\n', (size_t)(end - *text));
	struct word line = { *text, (size_t)((newline ? newline : end) - *text) };

	*text = newline ? newline + 1 : end;
	return line;
}

static struct word key_of(struct word line)
{
	const char *equals = line.n ? memchr(line.s, '=', line.n) : NULL;

	return trim(line.s, equals ? (size_t)(equals - line.s) : 0);
}

/* The line with this key; .n is 0 if there is none. */
static struct word find_line(const struct buf *lines, struct word key)
{
	const char *at = lines->data, *end = end_of(lines);

	while (key.n && at < end) {
		struct word line = next_line(&at, end), other = key_of(line);

		if (other.n == key.n && !memcmp(other.s, key.s, key.n))
			return line;
	}
	return (struct word){ NULL, 0 };
}

void live_config_changes(const struct buf *before, const struct buf *after, struct buf *out)
{
	const char *at = after->data, *end = end_of(after);

	while (at < end) {
		struct word line = next_line(&at, end), old = find_line(before, key_of(line));

		if (!old.s || old.n != line.n || memcmp(old.s, line.s, line.n) != 0) {
			buf_add(out, line.s, line.n);
			buf_char(out, '\n');
		}
	}
}

void live_config_edit(const struct buf *old, const struct buf *lines, struct buf *out)
{
	const char *at = old->data, *end = end_of(old);

	while (at < end) {
		struct word line = next_line(&at, end), new = find_line(lines, key_of(line));

		buf_add(out, new.n ? new.s : line.s, new.n ? new.n : line.n);
		buf_char(out, '\n');
	}
	at = lines->data;
	end = end_of(lines);
	while (at < end) {
		struct word line = next_line(&at, end);

		if (find_line(old, key_of(line)).n)
			continue;
		buf_add(out, line.s, line.n);
		buf_char(out, '\n');
	}
}
