/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter in force, as text and parsed, and the error in the text that was typed last. */
#include <config.h>

#include "live/live_filter.h"

void live_filter_fini(struct live_filter *f)
{
	filter_free(f->parsed);
	filter_free(f->before);
	buf_fini(&f->text);
	buf_fini(&f->canonical);
}

static void take(struct live_filter *f, struct filter *filter, const char *text, size_t len)
{
	if (f->has_before) {
		filter_free(f->parsed);
	} else {
		f->before = f->parsed;
		f->before_version = f->version;
		f->has_before = true;
	}
	f->parsed = filter;
	buf_clear(&f->text);
	buf_add(&f->text, text, len);
	buf_clear(&f->canonical);
	filter_print(filter, &f->canonical);
	f->version++;
}

bool live_filter_set(struct live_filter *f, const char *text, size_t len, bool is_entered,
		     const struct resolver *names)
{
	struct filter *filter;
	int err;

	f->error = (struct filter_error){ 0 };
	text = len ? text : "";
	/* Host names are resolved only when the filter is entered, not at each key. */
	if (is_entered)
		err = filter_parse(&filter, text, len, names, &f->error);
	else
		err = filter_parse_typed(&filter, text, len, names, &f->error);
	if (err) {
		if (!f->error.message)
			f->error.message = "";
		return false;
	}
	f->error.message = NULL;
	take(f, filter, text, len);
	return true;
}

const struct filter *live_filter_in_force(struct live_filter *f, unsigned int known,
					  unsigned int *version)
{
	unsigned int needs = f->parsed ? filter_needs(f->parsed) : 0;

	if (f->has_before && (needs & ~known)) {
		*version = f->before_version;
		return f->before;
	}
	filter_free(f->before);
	f->before = NULL;
	f->has_before = false;
	*version = f->version;
	return f->parsed;
}

void live_filter_restore(struct live_filter *f, const struct buf *text, const struct buf *canonical,
			 const struct resolver *names)
{
	const char *form = canonical->len ? canonical->data : "";
	struct filter *filter;

	f->error = (struct filter_error){ 0 };
	if (!filter_parse_typed(&filter, form, canonical->len, names, &f->error))
		take(f, filter, text->len ? text->data : "", text->len);
	f->error.message = NULL;
}
