/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may hold a socket whose owners are hidden, column by column. */
#include <config.h>

#include <string.h>

#include "base/buf.h"
#include "query/column_values.h"
#include "query/snapshot.h"
#include "query/told.h"
#include "resolve/candidates.h"
#include "resolve/resolver.h"

const char *const confidence_words[] = { "likely", "one-of", NULL };

/* NULL for a row that has none. */
static const struct candidate_set *set_of(const struct snapshot *snap, const struct row *row)
{
	return row->candidates && (snap->resolved & NEED_CANDIDATES)
		       ? candidates_set(snap->names->candidates, row->candidates)
		       : NULL;
}

size_t count_candidates(const struct snapshot *snap, const struct row *row)
{
	const struct candidate_set *set;

	if (snap->told)
		return snap->resolved & NEED_CANDIDATES ? told_count(snap, row->sk, TOLD_CANDIDATES)
							: 0;
	set = set_of(snap, row);
	return set ? set->n : 0;
}

bool knows_candidates(const struct snapshot *snap, const struct row *row)
{
	if (snap->told)
		return (snap->resolved & NEED_CANDIDATES) &&
		       told_knows(snap, row->sk, TOLD_CANDIDATES);
	return (snap->resolved & NEED_CANDIDATES) && snap->names->candidates;
}

bool has_candidates(const struct column *c, const struct snapshot *snap, const struct row *row)
{
	return c->count(snap, row);
}

GETTER(get_candidate_pid)
{
	(void)c;
	value_set_number(out,
			 (uint64_t)candidates_at(snap->names->candidates, row->candidates, i).pid);
}

GETTER(get_candidate_name)
{
	struct candidate one = candidates_at(snap->names->candidates, row->candidates, i);

	(void)c;
	out->kind = VALUE_TEXT;
	out->text.bytes = one.name;
	out->text.len = one.name_len;
}

GETTER(get_candidate_uid)
{
	(void)c;
	value_set_number(out, candidates_at(snap->names->candidates, row->candidates, i).uid);
}

GETTER(get_candidate_count)
{
	const struct candidate_set *set = set_of(snap, row);

	(void)c, (void)i;
	if (knows_candidates(snap, row))
		value_set_number(out, set ? set->n_fit : 0);
}

GETTER(get_confidence)
{
	const struct candidate_set *set = set_of(snap, row);

	(void)c, (void)i;
	if (set && set->n_fit)
		value_set_text(out, confidence_words[set->n_fit > 1]);
}

static void name_and_pid(const struct candidate *one, struct buf *out)
{
	buf_add(out, one->name, one->name_len);
	buf_char(out, '[');
	buf_i64(out, one->pid);
	buf_char(out, ']');
}

void text_candidates(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	size_t n = snap->told ? 0 : count_candidates(snap, row);

	if (snap->told)
		told_text_candidates(snap, row, out);
	for (size_t i = 0; i < n; i++) {
		struct candidate one = candidates_at(snap->names->candidates, row->candidates, i);

		buf_str(out, i ? "," : "");
		name_and_pid(&one, out);
	}
}

static bool is_one_name(const struct candidate *a, const struct candidate *b)
{
	return a->name_len == b->name_len && !memcmp(a->name, b->name, a->name_len);
}

/* ": nginx" is the parent's name, or that of all; ": sshd, ..." if there are others. */
static void names_text(const struct snapshot *snap, const struct row *row,
		       const struct candidate_set *set, struct buf *out)
{
	struct candidate first = candidates_at(snap->names->candidates, row->candidates, 0);
	bool has_others = false;

	for (size_t i = 1; i < set->n && !set->has_parent; i++) {
		struct candidate one = candidates_at(snap->names->candidates, row->candidates, i);

		has_others |= !is_one_name(&first, &one);
	}
	buf_str(out, ": ");
	buf_add(out, first.name, first.name_len);
	buf_str(out, has_others ? ", ..." : "");
}

bool text_likely(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	const struct candidate_set *set;

	if (snap->told)
		return told_text_likely(snap, row, out);
	set = set_of(snap, row);
	if (!set || (!set->n_fit && !set->unit))
		return false;
	buf_char(out, '~');
	if (set->n_fit > 1) {
		buf_str(out, "one of ");
		buf_u64(out, set->n_fit);
		if (set->n && snap->names_every_owner) {
			buf_str(out, ": ");
			text_candidates(snap, row, out);
		} else if (set->n) {
			names_text(snap, row, set, out);
		}
		return true;
	}
	if (set->n)
		text_candidates(snap, row, out);
	else
		buf_str(out, set->unit);
	buf_char(out, '?');
	return true;
}
