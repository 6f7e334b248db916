/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keyboard and mouse input, decoded: an action, and the key itself for prompts. */
#include <config.h>

#include "live/input.h"

#include <stdio.h>

bool key_is_bound(const struct key_list *keys, const struct key_binding *binding)
{
	return !keys->is_read_only || !binding->changes_host;
}

static const struct key_binding *with_action(const struct key_binding *rows, size_t n,
					     enum live_action action)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].action == action)
			return &rows[i];
	return NULL;
}

static const struct key_binding *bound_to(const struct key_list *keys, uint32_t key)
{
	for (size_t i = 0; key && i < keys->n; i++)
		for (size_t j = 0; j < KEYS_PER_BINDING && keys->bindings[i].keys[j]; j++)
			if (keys->bindings[i].keys[j] == key)
				return &keys->bindings[i];
	return NULL;
}

struct live_input binding_input(const struct key_binding *binding, uint32_t key)
{
	if (!binding)
		return (struct live_input){ .key = key };
	return (struct live_input){
		.binding = binding, .action = binding->action, .what = binding->what, .key = key
	};
}

struct live_input key_input(const struct key_list *keys, uint32_t key)
{
	return binding_input(bound_to(keys, key), key);
}

struct live_input action_input(const struct key_list *keys, enum live_action action, int what)
{
	const struct key_binding *binding = with_action(keys->bindings, keys->n, action);
	struct live_input in;

	if (!binding)
		binding = with_action(keys->clicks, keys->n_clicks, action);
	in = binding_input(binding, KEY_CODE_NONE);
	in.what = what;
	return in;
}

/* clang-format off */
static const struct {
	uint32_t key;
	const char *name;
} names[] = {
	{ KEY_CODE_UP, "Up" },		    { KEY_CODE_DOWN, "Down" },
	{ KEY_CODE_LEFT, "Left" },	    { KEY_CODE_RIGHT, "Right" },
	{ KEY_CODE_PAGE_UP, "PgUp" },	    { KEY_CODE_PAGE_DOWN, "PgDn" },
	{ KEY_CODE_HOME, "Home" },	    { KEY_CODE_END, "End" },
	{ KEY_CODE_DELETE, "Del" },	    { KEY_CODE_BACKTAB, "Shift-Tab" },
	{ KEY_CODE_TAB, "Tab" },	    { KEY_CODE_ENTER, "Enter" },
	{ KEY_CODE_ESC, "Esc" },	    { ' ', "Space" },
	{ KEY_CODE_BACKSPACE, "Backspace" },
};
/* clang-format on */

const char *key_label(uint32_t key, char name[static KEY_NAME_SIZE])
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].key == key)
			return names[i].name;
	if (key > KEY_CODE_F)
		snprintf(name, KEY_NAME_SIZE, "F%u", key - KEY_CODE_F);
	else if (key < ' ')
		snprintf(name, KEY_NAME_SIZE, "Ctrl-%c", (char)(key | 0x40));
	else
		snprintf(name, KEY_NAME_SIZE, "%c", (char)key);
	return name;
}
