/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may change of a row that stays. */
#include <config.h>

#include "query/diff_facts.h"

#include <string.h>

#include "base/buf.h"
#include "query/columns.h"
#include "query/diff.h"
#include "query/diff_holder.h"

/* Of a group of rows that are one, so many are compared. */
#define ROWS_MAX 64U

enum fact_kind {
	FACT_VALUE,
	FACT_KNOWN, /* where either has no value, nothing is compared */
	FACT_PLACE, /* compared only of a row that has moved */
	FACT_SET, /* all values together */
};

typedef void fact_text(const struct snapshot *snap, const struct row *row, struct buf *out);

/* clang-format off */
static const struct fact {
	const char *column;
	enum fact_kind kind;
	fact_text *text; /* NULL: the value of the column */
	const char *same; /* a column that decides where both sides have it; NULL: none */
} facts[] = {
	{ "local_addr", FACT_PLACE, NULL, NULL },
	{ "iface", FACT_PLACE, NULL, NULL },
	{ "peer_addr", FACT_PLACE, NULL, NULL },
	{ "reach", FACT_VALUE, NULL, NULL },
	{ "state", FACT_VALUE, NULL, NULL },
	{ "user", FACT_KNOWN, NULL, "uid" }, /* a recording may lack the names */
	{ "dual_stack", FACT_KNOWN, NULL, NULL }, /* IPv4 has none */
	{ "unit", FACT_VALUE, diff_add_unit, NULL },
	{ "container", FACT_VALUE, diff_add_container, NULL },
	{ "owners.name", FACT_SET, diff_add_names, NULL },
};
/* clang-format on */
#define N_FACTS (sizeof(facts) / sizeof(*facts))

static const struct column *find(const char *key)
{
	return column_find(key, strlen(key));
}

const struct column *diff_column(unsigned int i)
{
	return i < N_FACTS ? find(facts[i].column) : NULL;
}

void diff_value(unsigned int i, const struct snapshot *snap, const struct row *row, struct buf *out)
{
	size_t start = out->len;

	if (facts[i].kind != FACT_SET) {
		column_text(find(facts[i].column), snap, row, out);
		return;
	}
	facts[i].text(snap, row, out);
	for (size_t at = start; at < out->len; at++)
		if (!out->data[at])
			out->data[at] = ',';
	if (out->len > start)
		out->len--;
	else
		buf_char(out, '-');
}

unsigned int diff_needs(void)
{
	/* And what tells places and containers apart. */
	unsigned int needs = find("netns_name")->needs | find("pod")->needs;

	for (size_t i = 0; i < N_FACTS; i++)
		needs |= find(facts[i].column)->needs;
	return needs;
}

/* Adds the value; false if it is not known, so that nothing can be said. */
static bool add_value(const struct fact *fact, const char *column, const struct snapshot *snap,
		      const struct row *row, struct buf *out)
{
	const struct column *c = find(column);
	size_t start = out->len;

	if (column_lack(c, snap, row) != LACK_NOTHING)
		return false;
	if (fact->text)
		fact->text(snap, row, out);
	else
		column_plain(c, snap, row, out);
	return fact->kind != FACT_KNOWN || out->len > start;
}

static bool is_equal(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->data, b->data, a->len));
}

enum verdict {
	SAME,
	DIFFERENT,
	UNKNOWN,
};

static enum verdict compare_rows(const struct fact *fact, const char *column,
				 const struct diff_rows *was, size_t i, const struct diff_rows *now,
				 size_t k, struct buf room[2])
{
	buf_clear(&room[0]);
	buf_clear(&room[1]);
	if (!add_value(fact, column, was->snap, was->list[i], &room[0]) ||
	    !add_value(fact, column, now->snap, now->list[k], &room[1]))
		return UNKNOWN;
	return is_equal(&room[0], &room[1]) ? SAME : DIFFERENT;
}

/* SAME if any two rows agree. */
static enum verdict compare_each(const struct fact *fact, const char *column,
				 const struct diff_rows *was, const struct diff_rows *now,
				 struct buf room[2])
{
	enum verdict all = UNKNOWN;

	for (size_t i = 0; i < was->n && i < ROWS_MAX; i++) {
		for (size_t k = 0; k < now->n && k < ROWS_MAX; k++) {
			enum verdict one = compare_rows(fact, column, was, i, now, k, room);

			if (one == SAME)
				return SAME;
			all = one == DIFFERENT ? DIFFERENT : all;
		}
	}
	return all;
}

static bool has_name(const struct buf *names, const char *name)
{
	for (size_t at = 0; at < names->len; at += strlen(names->data + at) + 1)
		if (!strcmp(names->data + at, name))
			return true;
	return false;
}

static bool has_all(const struct buf *names, const struct buf *of)
{
	for (size_t at = 0; at < of->len; at += strlen(of->data + at) + 1)
		if (!has_name(names, of->data + at))
			return false;
	return true;
}

/* Adds the values of all rows; false if one has none that is known. */
static bool add_all(const struct fact *fact, const struct diff_rows *rows, struct buf *out)
{
	for (size_t i = 0; i < rows->n && i < ROWS_MAX; i++) {
		size_t start = out->len;

		if (!add_value(fact, fact->column, rows->snap, rows->list[i], out) ||
		    out->len == start)
			return false;
	}
	return true;
}

static enum verdict compare_sets(const struct fact *fact, const struct diff_rows *was,
				 const struct diff_rows *now, struct buf room[2])
{
	buf_clear(&room[0]);
	buf_clear(&room[1]);
	if (!add_all(fact, was, &room[0]) || !add_all(fact, now, &room[1]))
		return UNKNOWN;
	return has_all(&room[0], &room[1]) && has_all(&room[1], &room[0]) ? SAME : DIFFERENT;
}

static enum verdict compare_fact(const struct fact *fact, const struct diff_rows *was,
				 const struct diff_rows *now, struct buf room[2])
{
	enum verdict verdict = UNKNOWN;

	if (fact->kind == FACT_SET)
		return compare_sets(fact, was, now, room);
	if (fact->same)
		verdict = compare_each(fact, fact->same, was, now, room);
	return verdict == UNKNOWN ? compare_each(fact, fact->column, was, now, room) : verdict;
}

unsigned int diff_changed(const struct diff_rows *was, const struct diff_rows *now, bool has_moved)
{
	struct buf room[2] = { 0 };
	unsigned int changed = 0;

	for (size_t i = 0; i < N_FACTS; i++)
		if ((has_moved || facts[i].kind != FACT_PLACE) &&
		    compare_fact(&facts[i], was, now, room) == DIFFERENT)
			changed |= 1U << i;
	buf_fini(&room[0]);
	buf_fini(&room[1]);
	return changed;
}
