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

/* ---- help ---- */

#define KEYS_WIDTH 12

/* How many columns of keys stand side by side. */
static int help_columns(const struct live_state *s)
{
	int n = s->width / 40;

	return n < 1 ? 1 : n;
}

/* What it takes to see the owners of all, where they are not all to be seen. */
static bool needs_hint(const struct live_state *s)
{
	return s->totals.with_owner < s->totals.could_have_owner;
}

int dialog_help_height(const struct live_state *s)
{
	int columns = help_columns(s);

	return 1 + ((int)key_bindings_n + columns - 1) / columns + (needs_hint(s) ? 1 : 0);
}

void dialog_open_help(struct live_state *s)
{
	dialog_close(s);
	s->mode = MODE_HELP;
}

void dialog_help_key(struct live_state *s, uint32_t key)
{
	enum live_action action = key_action(key);
	size_t last = key_bindings_n - 1;

	if (action == ACTION_DOWN || action == ACTION_PAGE_DOWN)
		s->dialog.top += s->dialog.top < last;
	else if (action == ACTION_UP || action == ACTION_PAGE_UP)
		s->dialog.top -= s->dialog.top > 0;
	else if (action == ACTION_CANCEL || action == ACTION_HELP || action == ACTION_QUIT ||
		 action == ACTION_ENTER)
		dialog_close(s);
}

static void help_entry(struct canvas *out, int y, int x, int width,
		       const struct key_binding *binding)
{
	struct buf keys = { 0 }, help = { 0 };

	for (size_t i = 0; i < KEYS_PER_BINDING && binding->keys[i]; i++) {
		char name[KEY_NAME_SIZE];

		if (binding->keys[i] == '\n')
			continue;
		if (i)
			buf_char(&keys, ' ');
		buf_str(&keys, key_label(binding->keys[i], name));
	}
	buf_str(&help, _(binding->help));
	canvas_to(out, y, STYLE_PLAIN, x + 1);
	canvas_cell(out, y, STYLE_KEY, keys.data, keys.len, KEYS_WIDTH, false);
	canvas_str(out, y, STYLE_PLAIN, " ");
	canvas_cell(out, y, STYLE_PLAIN, help.data, help.len, width - KEYS_WIDTH - 3, false);
	buf_fini(&keys);
	buf_fini(&help);
}

void dialog_help_draw(const struct live_state *s, struct canvas *out, int y, int n)
{
	int columns = help_columns(s), width = s->width / columns;
	int lines = ((int)key_bindings_n + columns - 1) / columns;
	int room = n - 1 - (needs_hint(s) ? 1 : 0), top = (int)s->dialog.top;

	if (top + room > lines)
		top = lines > room ? lines - room : 0;
	panel_rule(s, out, y, lines > room ? _("help: arrows scroll, Esc closes") :
					     _("help: Esc closes"));
	for (int line = 0; line < room && top + line < lines; line++) {
		for (int column = 0; column < columns; column++) {
			size_t at = (size_t)(column * lines + top + line);

			if (at < key_bindings_n)
				help_entry(out, y + 1 + line, column * width, width,
					   &key_bindings[at]);
		}
	}
	if (needs_hint(s))
		canvas_str(out, y + n - 1, STYLE_LABEL,
			   _(" Owners of other users' sockets show for root, or with CAP_SYS_PTRACE."));
}
