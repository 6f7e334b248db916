/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter in force, as text and parsed, and the error in the text that was typed last. */
#ifndef PORTSTAT_LIVE_LIVE_FILTER_H
#define PORTSTAT_LIVE_LIVE_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "query/filter.h"

struct resolver;

/* Zero-initialised: no filter. */
struct live_filter {
	struct filter *parsed;
	struct buf text; /* as it was typed */
	struct buf canonical; /* for the collector: host names are replaced by addresses */
	unsigned int version; /* incremented with every new filter */
	/*
	 * The one before, which rows go by until there is what the new one tests: rows that cannot be
	 * judged yet would all be shown.
	 */
	struct filter *before;
	unsigned int before_version;
	bool has_before;
	struct filter_error error; /* message is NULL if the last text parsed */
};

void live_filter_fini(struct live_filter *f);

/*
 * Sets the filter from a text that was entered or is still being typed.  On a mistake the filter
 * stays, and error describes it.  True if the text parsed.  names resolves host names.
 */
bool live_filter_set(struct live_filter *f, const char *text, size_t len, bool is_entered,
		     const struct resolver *names);

/*
 * The filter that rows go by, now that these need bits (enum need) are known, and its version.  Forgets
 * the one before where it is not needed any more: then rows are selected anew.
 */
const struct filter *live_filter_in_force(struct live_filter *f, unsigned int known,
					  unsigned int *version);

/* Restores a previous filter from its text and its canonical form. */
void live_filter_restore(struct live_filter *f, const struct buf *text, const struct buf *canonical,
			 const struct resolver *names);

#endif
