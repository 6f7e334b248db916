/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter in force: as it was typed, as it parsed, and where the last text has its mistake. */
#ifndef PORTSTAT_LIVE_LIVE_FILTER_H
#define PORTSTAT_LIVE_LIVE_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "query/filter.h"

struct resolver;

/* Zero-initialised: none has been set yet. */
struct live_filter {
	struct filter *parsed;
	struct buf text; /* as it was typed */
	struct buf canonical; /* for the collector: what names stood for is settled in it */
	unsigned int version; /* counts up with every filter that is set */
	struct filter_error error; /* message NULL: the last text parsed */
};

void live_filter_fini(struct live_filter *f);

/*
 * Takes a filter text, entered or still being typed; on a mistake the filter stays and error says
 * where.  True when it parsed.  names is for the host names in it.
 */
bool live_filter_set(struct live_filter *f, const char *text, size_t len, bool is_entered,
		     const struct resolver *names);

/* Puts a filter back that was in force before: its text, and its canonical form. */
void live_filter_restore(struct live_filter *f, const struct buf *text, const struct buf *canonical,
			 const struct resolver *names);

#endif
