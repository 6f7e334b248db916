/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The series of one metric: a number for each set of labels. */
#include <config.h>

#include "format/metrics_series.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct one_series {
	size_t at; /* its labels, in the text of all */
	size_t len;
	uint64_t number;
	uint32_t next; /* the next with the same hash; MAP_NONE: none */
};

void series_fini(struct series *s)
{
	free(s->list);
	buf_fini(&s->text);
	map_fini(&s->by_hash);
	*s = (struct series){ 0 };
}

static uint64_t *number_of(struct series *s, const struct buf *labels)
{
	bool is_first;
	uint32_t *head = map_add(&s->by_hash, map_hash(0, labels->data, labels->len),
				 (uint32_t)s->n, &is_first);
	struct one_series new = { .at = s->text.len, .len = labels->len, .next = MAP_NONE };

	for (uint32_t i = is_first ? MAP_NONE : *head; i != MAP_NONE; i = s->list[i].next)
		if (s->list[i].len == labels->len &&
		    !memcmp(s->text.data + s->list[i].at, labels->data, labels->len))
			return &s->list[i].number;
	if (!is_first) {
		new.next = *head;
		*head = (uint32_t)s->n;
	}
	buf_add(&s->text, labels->data, labels->len);
	s->list = mem_grow(s->list, s->n, &s->cap, sizeof(*s->list));
	s->list[s->n] = new;
	return &s->list[s->n++].number;
}

void series_add(struct series *s, const struct buf *labels, uint64_t number)
{
	*number_of(s, labels) += number;
}

void series_set(struct series *s, const struct buf *labels, uint64_t number)
{
	*number_of(s, labels) = number;
}

static int by_labels(const void *a, const void *b, void *data)
{
	const struct series *s = data;
	const struct one_series *x = &s->list[*(const uint32_t *)a];
	const struct one_series *y = &s->list[*(const uint32_t *)b];
	int order = memcmp(s->text.data + x->at, s->text.data + y->at,
			   x->len < y->len ? x->len : y->len);

	return order ? order : (x->len > y->len) - (x->len < y->len);
}

void series_print(struct series *s, const char *name, struct buf *out)
{
	uint32_t *order = mem_resize(NULL, s->n, sizeof(*order));

	for (size_t i = 0; i < s->n; i++)
		order[i] = (uint32_t)i;
	if (s->n)
		qsort_r(order, s->n, sizeof(*order), by_labels, s);
	for (size_t i = 0; i < s->n; i++) {
		const struct one_series *one = &s->list[order[i]];

		buf_printf(out, "%s{%.*s} ", name, (int)one->len, s->text.data + one->at);
		buf_u64(out, one->number);
		buf_char(out, '\n');
	}
	free(order);
}
