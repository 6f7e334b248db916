/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What diff_compare() pairs: the rows of a snapshot by place and holder. */
#ifndef PORTSTAT_QUERY_DIFF_ITEMS_H
#define PORTSTAT_QUERY_DIFF_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "model/port_set.h"
#include "model/protos.h"

struct row;
struct snapshot;

/* Bytes in the text of struct diff_side. */
struct diff_text {
	size_t at;
	size_t len; /* 0: it has none, or it is not known */
};

/* The rows at one place that one holder has. */
struct diff_item {
	struct diff_text place; /* where it is, but for what is different after each start */
	struct diff_text port; /* only the host, namespace, protocol and port of that */
	struct diff_text unit; /* the holder: each of these that is known */
	struct diff_text container;
	struct diff_text names; /* of its owners: sorted, each once, each ended by NUL */
	size_t first; /* its rows in the rows of struct diff_side */
	size_t n;
};

/* What both sides have to agree on, so that one place has one text. */
struct diff_scope {
	bool has_hosts; /* rows of several hosts; or of one, which both sides know */
	bool has_netns; /* rows of several network namespaces */
	struct port_set listening[PROTO_COUNT]; /* local ports of listeners on either side */
};

struct diff_side {
	const struct snapshot *snap; /* borrowed */
	struct buf text;
	struct diff_item *items; /* by place, then by holder */
	size_t n;
	const struct row **rows;
};

void diff_scope_init(struct diff_scope *scope, const struct snapshot *was,
		     const struct snapshot *now);

void diff_side_init(struct diff_side *side, const struct snapshot *snap,
		    const struct diff_scope *scope);
void diff_side_fini(struct diff_side *side);

/* Less than, equal to or greater than 0: two texts, each of its side. */
int diff_text_compare(const struct diff_side *a, const struct diff_text *x,
		      const struct diff_side *b, const struct diff_text *y);

/* By place and holder, as strcmp(3): two items, each of its side. */
int diff_item_compare(const struct diff_side *a, const struct diff_item *x,
		      const struct diff_side *b, const struct diff_item *y);

/* May both have the same holder?  Also true where it is not known. */
bool diff_same_holder(const struct diff_side *a, const struct diff_item *x,
		      const struct diff_side *b, const struct diff_item *y);

#endif
