/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The series of one metric: a number for each set of labels. */
#ifndef PORTSTAT_FORMAT_METRICS_SERIES_H
#define PORTSTAT_FORMAT_METRICS_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"

struct one_series;

/* Zero-initialised is empty and ready. */
struct series {
	struct one_series *list;
	size_t n;
	size_t cap;
	struct buf text; /* the labels of all */
	struct map by_hash; /* of the labels, to the first series */
};

void series_fini(struct series *s);

/* Adds to the number of the series with these labels (name="value",...), which starts at 0. */
void series_add(struct series *s, const struct buf *labels, uint64_t number);
/* Sets it. */
void series_set(struct series *s, const struct buf *labels, uint64_t number);

/* Adds a line "NAME{LABELS} NUMBER" for each, sorted by labels. */
void series_print(struct series *s, const char *name, struct buf *out);

#endif
