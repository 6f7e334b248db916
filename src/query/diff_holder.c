/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who holds a row, in words that a restart does not change. */
#include <config.h>

#include "query/diff_holder.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "query/columns.h"

/* The kernel's limit of owners is far above; their names differ rarely. */
#define NAMES_MAX 256U

/* Letters and digits of generated names in Kubernetes: no vowels, nothing easily confused. */
#define POD_LETTERS "bcdfghjklmnpqrstvwxz2456789"
#define POD_SUFFIX 5
#define POD_HASH_LEAST 8
#define POD_HASH_MOST 10

static void add_column(const char *key, const struct snapshot *snap, const struct row *row,
		       struct buf *out)
{
	column_plain(column_find(key, strlen(key)), snap, row, out);
}

static bool ends_with(const char *text, size_t len, const char *tail)
{
	size_t n = strlen(tail);

	return len >= n && !memcmp(text + len - n, tail, n);
}

void diff_add_unit(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	size_t start = out->len;

	add_column("unit", snap, row, out);
	if (out->len > start && ends_with(out->data + start, out->len - start, ".scope"))
		out->len = start;
}

/* The length without a last part of least to most generated characters; len if there is none. */
static size_t without_part(const char *name, size_t len, size_t least, size_t most)
{
	size_t n = 0;

	while (n < len && n <= most && name[len - 1 - n] && strchr(POD_LETTERS, name[len - 1 - n]))
		n++;
	return n >= least && n <= most && n + 1 < len && name[len - 1 - n] == '-' ? len - n - 1
										  : len;
}

size_t diff_pod_stem(const char *name, size_t len)
{
	size_t stem = without_part(name, len, POD_SUFFIX, POD_SUFFIX);

	return stem == len ? len : without_part(name, stem, POD_HASH_LEAST, POD_HASH_MOST);
}

void diff_add_container(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	struct buf name = { 0 }, id = { 0 };
	size_t start = out->len;

	add_column("pod", snap, row, out);
	if (out->len > start) {
		out->len = start + diff_pod_stem(out->data + start, out->len - start);
		buf_char(out, '/');
	}
	add_column("container", snap, row, &name);
	add_column("container_id", snap, row, &id);
	if (!(name.len && name.len <= id.len && !memcmp(name.data, id.data, name.len)))
		buf_add(out, name.data, name.len);
	buf_fini(&name);
	buf_fini(&id);
}

static int by_text(const void *a, const void *b)
{
	const struct value *x = a, *y = b;
	size_t least = x->text.len < y->text.len ? x->text.len : y->text.len;
	int order = memcmp(x->text.bytes, y->text.bytes, least);

	return order ? order : (x->text.len > y->text.len) - (x->text.len < y->text.len);
}

void diff_add_names(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	const struct column *c = column_find("owners.name", strlen("owners.name"));
	size_t n = column_count(c, snap, row), kept = 0;
	struct value *names;

	if (n > NAMES_MAX)
		n = NAMES_MAX;
	names = mem_calloc(n, sizeof(*names));
	for (size_t i = 0; i < n; i++) {
		column_value(c, snap, row, i, &names[kept]);
		kept += names[kept].kind == VALUE_TEXT && names[kept].text.len;
	}
	if (kept > 1)
		qsort(names, kept, sizeof(*names), by_text);
	for (size_t i = 0; i < kept; i++) {
		if (i && !by_text(&names[i - 1], &names[i]))
			continue;
		buf_add(out, names[i].text.bytes, names[i].text.len);
		buf_char(out, '\0');
	}
	free(names);
}
