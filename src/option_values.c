/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words after an option that were meant as its optional value, which has to follow "=". */
#include <config.h>

#include "option_values.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "action/signal_names.h"
#include "base/i18n.h"
#include "events/event.h"
#include "option_hints.h"
#include "option_table.h"
#include "query/columns.h"
#include "query/filter_bare_kind.h"

static bool are_columns(const char *word)
{
	for (const char *at = word;; at++) {
		size_t len = strcspn(at, ",");

		if (!column_find(at, len))
			return false;
		at += len;
		if (!*at)
			return true;
	}
}

/* A key without a value is no test: it is the last word, or an option follows. */
static bool is_summary(const char *word, const char *after)
{
	return (strchr(word, ',') || !after || *after == '-') && are_columns(word);
}

/* The name of a state is a test as well. */
static bool is_kinds(const char *word)
{
	unsigned int kinds;
	size_t pos, len;

	return (strchr(word, ',') || !bare_is_keyword(word, strlen(word))) &&
	       !event_kinds_parse(word, &kinds, &pos, &len);
}

/* "30s", "500ms": a number with a unit. */
static bool is_time(const char *word)
{
	static const char *const units[] = { "s",  "sec", "secs", "second", "seconds",
					     "ms", "m",	  "min",  "h" };
	size_t digits = strspn(word, "0123456789.");

	for (size_t i = 0; digits && i < sizeof(units) / sizeof(*units); i++)
		if (!strcmp(word + digits, units[i]))
			return true;
	return false;
}

int option_check_next(const struct option_def *def, const char *word, const char *after,
		      struct buf *error)
{
	bool is_value = false;
	int number;

	if (!word)
		return 0;
	switch (def->id) {
	case OPTION_SIGNAL:
		is_value = signal_parse(word, &number);
		break;
	case OPTION_EVENTS:
		is_value = is_kinds(word);
		break;
	case 's':
		is_value = is_summary(word, after);
		break;
	case OPTION_WATCH:
	case OPTION_WAIT:
	case OPTION_WAIT_NONE:
		if (is_time(word))
			return option_fail(
				error,
				_("'%s' after '--%s' looks like its value; write it as a "
				  "number of seconds: '--%s=%s'"),
				word, def->name, def->name, _(def->arg));
		return 0;
	default:
		return 0;
	}
	if (!is_value)
		return 0;
	return option_fail(error,
			   _("'%s' after '--%s' looks like its value; write '--%s=%s', or put it "
			     "before '--%s' if it belongs to the filter"),
			   word, def->name, def->name, word, def->name);
}
