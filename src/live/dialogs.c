/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all dialogs share, and the help screen, which lists the table of keys. */
#include <config.h>

#include "live/state_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/text.h"
#include "live/jobs.h"

void dialog_close(struct live_state *s)
{
	s->mode = MODE_TABLE;
	job_free(s->dialog.job);
	free(s->dialog.columns);
	s->dialog = (struct live_dialog){ 0 };
}

int dialog_height(const struct live_state *s)
{
	switch (s->mode) {
	case MODE_HELP:
		return dialog_help_height(s);
	case MODE_SORT:
	case MODE_COLUMNS:
		return dialog_columns_height(s);
	case MODE_KILL:
		return dialog_kill_height(s);
	case MODE_CLOSE:
		return dialog_close_height(s);
	case MODE_TABLE:
	case MODE_FILTER:
	case MODE_SEARCH:
		break;
	}
	return 0;
}

void dialog_draw(const struct live_state *s, struct canvas *out, int y, int n)
{
	if (n <= 0)
		return;
	switch (s->mode) {
	case MODE_HELP:
		dialog_help_draw(s, out, y, n);
		return;
	case MODE_SORT:
	case MODE_COLUMNS:
		dialog_columns_draw(s, out, y, n);
		return;
	case MODE_KILL:
		dialog_kill_draw(s, out, y, n);
		return;
	case MODE_CLOSE:
		dialog_close_draw(s, out, y, n);
		return;
	case MODE_TABLE:
	case MODE_FILTER:
	case MODE_SEARCH:
		return;
	}
}

/* The bytes of a line: up to the last gap that is within the room. */
static size_t line_length(const char *text, size_t n, size_t room)
{
	size_t fits = text_fit(text, n, room, NULL);

	if (fits == n)
		return n;
	for (size_t at = fits; at; at--)
		if (text[at] == ' ')
			return at;
	return fits ? fits : n;
}

int panel_text(const struct live_state *s, struct canvas *out, int y, int n, enum style style,
	       const char *text)
{
	size_t indent = strspn(text, " "), width = (size_t)s->width;
	size_t room = width > indent ? width - indent : 1;
	int lines = 0;

	while (lines < n && *(text += strspn(text, " "))) {
		size_t left = strlen(text);
		/* What is left over stands in the last line, and is cut there. */
		size_t len = lines + 1 < n ? line_length(text, left, room) : left;

		if (out) {
			canvas_to(out, y + lines, style, (int)indent);
			canvas_put(out, y + lines, style, text, len);
		}
		text += len;
		lines++;
	}
	return lines;
}

/* ---- help ---- */

#define KEYS_WIDTH 13
#define ENTRY_WIDTH 40

static bool is_entry(const struct live_state *s, const struct key_binding *binding)
{
	return binding->help && state_has_action(s, binding->action);
}

static size_t help_entries(const struct live_state *s)
{
	size_t n = 0;

	for (size_t i = 0; i < key_bindings_n; i++)
		n += is_entry(s, &key_bindings[i]);
	return n;
}

/* Below the keys, as panel_text(): marks, and what it takes to see all owners. */
static int draw_notes(const struct live_state *s, struct canvas *out, int y, int n)
{
	int lines = panel_text(s, out, y, n, STYLE_LABEL,
			       _(" Marks: > cursor  * tagged  + new  ~ changed  x closed  v > fold"));

	if (s->totals.with_owner < s->totals.could_have_owner)
		lines += panel_text(
			s, out, y + lines, n - lines, STYLE_LABEL,
			_(" Owners of others' sockets show for root, or with CAP_SYS_PTRACE."));
	return lines;
}

/* More than there are. */
#define ALL_NOTES 10

/* How many columns of keys stand side by side, and how many lines that makes. */
static int help_columns(const struct live_state *s)
{
	return s->width < 2 * ENTRY_WIDTH ? 1 : 2;
}

static int help_lines(const struct live_state *s)
{
	int columns = help_columns(s);

	return ((int)help_entries(s) + columns - 1) / columns;
}

int dialog_help_height(const struct live_state *s)
{
	return 1 + help_lines(s) + draw_notes(s, NULL, 0, ALL_NOTES);
}

void dialog_open_help(struct live_state *s)
{
	dialog_close(s);
	s->mode = MODE_HELP;
}

/* Where it is scrolled to the end. */
static int help_last(const struct live_state *s)
{
	int hidden = dialog_help_height(s) - state_layout(s).panel_n;

	return hidden > 0 ? hidden : 0;
}

void dialog_help_key(struct live_state *s, uint32_t key)
{
	enum live_action action = key_action(key);
	size_t last = (size_t)help_last(s);

	if (s->dialog.top > last)
		s->dialog.top = last;
	if (action == ACTION_DOWN || action == ACTION_PAGE_DOWN)
		s->dialog.top += s->dialog.top < last;
	else if (action == ACTION_UP || action == ACTION_PAGE_UP)
		s->dialog.top -= s->dialog.top > 0;
	else if (action == ACTION_CANCEL || action == ACTION_HELP || action == ACTION_QUIT ||
		 action == ACTION_ENTER)
		dialog_close(s);
}

static void add_keys(const struct key_binding *binding, struct buf *out)
{
	for (size_t i = 0; i < KEYS_PER_BINDING && binding->keys[i]; i++) {
		char name[KEY_NAME_SIZE];

		if (binding->keys[i] == '\n')
			continue;
		if (out->len)
			buf_char(out, ' ');
		buf_str(out, key_label(binding->keys[i], name));
	}
}

static void draw_entry(const struct live_state *s, struct canvas *out, int y, int x, int width,
		       size_t entry)
{
	const struct key_binding *binding = key_bindings, *end = key_bindings + key_bindings_n;
	const char *help;
	struct buf keys = { 0 };

	while (!is_entry(s, binding) || entry--)
		binding++;
	help = _(binding->help);
	do
		add_keys(binding++, &keys);
	while (binding < end && !binding->help);
	canvas_to(out, y, STYLE_PLAIN, x + 1);
	canvas_cell(out, y, STYLE_KEY, keys.data, keys.len, KEYS_WIDTH, false);
	canvas_str(out, y, STYLE_PLAIN, " ");
	canvas_cell(out, y, STYLE_PLAIN, help, strlen(help), width - KEYS_WIDTH - 3, false);
	buf_fini(&keys);
}

void dialog_help_draw(const struct live_state *s, struct canvas *out, int y, int n)
{
	int columns = help_columns(s), width = s->width / columns, lines = help_lines(s);
	int notes = draw_notes(s, NULL, 0, ALL_NOTES), room = n - 1 - notes, last = help_last(s), top = (int)s->dialog.top;

	if (top > last)
		top = last;
	panel_rule(s, out, y, lines > room ? _("help: arrows scroll, Esc closes") :
					     _("help: Esc closes"));
	for (int line = 0; line < room && top + line < lines; line++) {
		for (int column = 0; column < columns; column++) {
			size_t entry = (size_t)column * (size_t)lines + (size_t)(top + line);

			if (entry < help_entries(s))
				draw_entry(s, out, y + 1 + line, column * width, width, entry);
		}
	}
	draw_notes(s, out, y + n - notes, notes);
}
