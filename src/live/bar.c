/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bottom line: the most important keys. */
#include <config.h>

#include "live/bar.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "live/canvas.h"
#include "live/input.h"

static int width_of(const char *text)
{
	return (int)text_width(text, strlen(text));
}

static bool is_in_bar(const struct key_list *keys, const struct key_binding *binding)
{
	return binding->label && key_is_bound(keys, binding);
}

void bar_draw(const struct key_list *keys, struct canvas *out, int y)
{
	for (size_t i = 0; i < keys->n; i++) {
		const struct key_binding *binding = &keys->bindings[i];
		char name[KEY_NAME_SIZE];
		int end = canvas_column(out, y);

		if (!is_in_bar(keys, binding))
			continue;
		end += width_of(key_label(binding->keys[0], name)) + width_of(_(binding->label));
		if (end > out->width)
			return;
		canvas_str(out, y, STYLE_KEY, key_label(binding->keys[0], name));
		canvas_str(out, y, STYLE_KEY_LABEL, _(binding->label));
		canvas_str(out, y, STYLE_PLAIN, " ");
	}
}

const struct key_binding *bar_at(const struct key_list *keys, int width, int x)
{
	int end = 0;

	for (size_t i = 0; i < keys->n; i++) {
		const struct key_binding *binding = &keys->bindings[i];
		char name[KEY_NAME_SIZE];

		if (!is_in_bar(keys, binding))
			continue;
		end += width_of(key_label(binding->keys[0], name));
		end += width_of(_(binding->label));
		if (end > width)
			return NULL;
		if (x <= end)
			return binding;
		end++;
	}
	return NULL;
}
