/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Splits a command line into options and operands. */
#include <config.h>

#include "option_scan.h"

#include <errno.h>
#include <string.h>

#include "action/signal_names.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "option_hints.h"
#include "option_table.h"
#include "option_values.h"

void option_scan_init(struct option_scan *s, int argc, char **argv)
{
	*s = (struct option_scan){ .argc = argc, .argv = argv, .next = 1 };
}

static const char *peek(const struct option_scan *s)
{
	return s->next < s->argc ? s->argv[s->next] : NULL;
}

/* Is it a decimal number, with or without a fraction? */
static bool is_number(const char *word)
{
	return strpbrk(word, "0123456789") && !word[strspn(word, "0123456789.")];
}

const char *option_scan_number(const struct option_scan *s)
{
	const char *word = peek(s);

	return !s->at && word && is_number(word) ? word : NULL;
}

/*
 * A number after an option with an optional value is ambiguous: the value, or a port.  Reports how
 * to write either; and how to write other words that look like the value.
 */
static int check_optional(const struct option_scan *s, const struct option_def *def,
			  struct buf *error)
{
	const char *number = option_scan_number(s), *word = s->at ? NULL : peek(s);
	int signal;

	if (!number || !def->arg_is_number)
		return option_check_next(def, word, word ? s->argv[s->next + 1] : NULL, error);
	if (def->id == OPTION_SIGNAL && !signal_parse(number, &signal))
		return option_fail(error,
				   _("'%s' after '--%s' is no signal; put the port before it: "
				     "portstat %s --%s"),
				   number, def->name, number, def->name);
	return option_fail(error,
			   _("'%s' after '--%s' could be its value or a port; write '--%s=%s', or "
			     "put the port before '--%s'"),
			   number, def->name, def->name, number, def->name);
}

static int missing_value(const char *option, const struct option_def *def, struct buf *error)
{
	return option_fail(error, _("'%s' requires a value: --%s=%s"), option, def->name,
			   _(def->arg));
}

/* "--tcp=4": the option takes no value. */
static int needless_value(const struct option_def *def, const char *value, struct buf *error)
{
	if (!strcmp(value, "4") || !strcmp(value, "6"))
		return option_fail(error, _("'--%s' takes no value; did you mean '--%s --ipv%s'?"),
				   def->name, def->name, value);
	if (*value >= '0' && *value <= '9')
		return option_fail(error, _("'--%s' takes no value; did you mean '--%s %s'?"),
				   def->name, def->name, value);
	return option_fail(error, _("'--%s' takes no value, but was given '%s'"), def->name, value);
}

static int read_name(struct option_scan *s, const char *word, struct option_item *out,
		     struct buf *error)
{
	const char *name = word + 2;
	size_t len = strcspn(name, "=");
	const struct option_def *def = option_by_name(name, len);
	const char *value = name[len] ? name + len + 1 : NULL;

	if (!def)
		return option_unknown_name(word, name, len, peek(s), error);
	if (value && !def->arg)
		return needless_value(def, value, error);
	if (!value && def->arg && !def->arg_is_optional) {
		value = peek(s);
		if (!value)
			return missing_value(word, def, error);
		s->next++;
	}
	*out = (struct option_item){ def, value };
	return !value && def->arg_is_optional ? check_optional(s, def, error) : 0;
}

/* Three digits in a row are a number, although 4, 6 and 0 are options. */
static bool is_number_in(const char *word, size_t at)
{
	return strspn(word + at, "0123456789") >= 3;
}

static int read_letter(struct option_scan *s, struct option_item *out, struct buf *error)
{
	const char *word = s->argv[s->next - 1];
	const struct option_def *def = option_by_letter(word[s->at]);
	size_t at = s->at;
	int err;

	if (!def || is_number_in(word, at))
		return option_unknown_letter(word, at, error);
	err = option_of_lsof(word, at, error);
	if (err)
		return err;
	s->at = word[at + 1] ? at + 1 : 0;
	*out = (struct option_item){ .def = def };
	/* An optional value needs the long name and "=": -s never has one. */
	if (!def->arg || def->arg_is_optional)
		return def->arg ? check_optional(s, def, error) : 0;
	/* The value is the rest of the word, or the next word. */
	out->value = s->at ? word + s->at : peek(s);
	if (!out->value)
		return missing_value(word, def, error);
	s->next += !s->at;
	s->at = 0;
	return 0;
}

/* The text after a typographic dash, into which word processors turn "-" or "--"; NULL if none. */
static const char *behind_other_dash(const char *word)
{
	static const char *const dashes[] = { "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x88\x92" };

	for (size_t i = 0; i < sizeof(dashes) / sizeof(*dashes); i++)
		if (!strncmp(word, dashes[i], 3))
			return word + 3 + strspn(word + 3, "-");
	return NULL;
}

int option_scan_next(struct option_scan *s, struct option_item *out, struct buf *error)
{
	const char *word;
	int err;

	if (s->at) {
		err = read_letter(s, out, error);
		return err ? err : 1;
	}
	word = peek(s);
	if (!word)
		return 0;
	s->next++;
	if (!s->is_over && !strcmp(word, "--")) {
		s->is_over = true;
		return option_scan_next(s, out, error);
	}
	if (!s->is_over && behind_other_dash(word))
		return option_fail(
			error,
			_("'%s' begins with a character that only looks like '-'; did you mean "
			  "'--%s'?"),
			word, behind_other_dash(word));
	if (s->is_over || *word != '-' || !word[1]) {
		*out = (struct option_item){ .value = word };
		return 1;
	}
	s->at = 1;
	if (word[1] == '-') {
		s->at = 0;
		err = read_name(s, word, out, error);
	} else {
		err = read_letter(s, out, error);
	}
	return err ? err : 1;
}
