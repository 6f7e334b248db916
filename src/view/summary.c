/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts by protocol, family and state instead of rows. */
#include <config.h>

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/vocab.h"
#include "query/snapshot.h"
#include "view/json_text.h"
#include "view/output.h"
#include "view/view.h"

struct counts {
	size_t n[PROTO_COUNT][ADDR_FAMILIES][SOCK_STATE_COUNT];
};

struct count {
	enum sock_proto proto;
	enum addr_family family;
	enum sock_state state;
	size_t n;
};

static void count_rows(const struct snapshot *snap, struct counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	for (size_t i = 0; i < snap->n_rows; i++) {
		const struct sock *sk = snap->rows[i].sk;

		counts->n[sk->proto][sk->family][sk->state]++;
	}
}

/* The count behind *at that is not 0; false where there is none.  Start with *at = 0. */
static bool next(const struct counts *counts, size_t *at, struct count *out)
{
	for (; *at < (size_t)PROTO_COUNT * ADDR_FAMILIES * SOCK_STATE_COUNT; ++*at) {
		size_t state = *at % SOCK_STATE_COUNT;
		size_t family = *at / SOCK_STATE_COUNT % ADDR_FAMILIES;
		size_t proto = *at / SOCK_STATE_COUNT / ADDR_FAMILIES;
		size_t n = counts->n[proto][family][state];

		if (!n)
			continue;
		*out = (struct count){ (enum sock_proto)proto, (enum addr_family)family,
				       (enum sock_state)state, n };
		++*at;
		return true;
	}
	return false;
}

static void pad(struct buf *out, const char *text, size_t width)
{
	size_t used = text_width(text, strlen(text));

	buf_str(out, text);
	buf_fill(out, ' ', used < width ? width - used : 1);
}

int summary_print(FILE *stream, const struct snapshot *snap, const struct view_options *opt)
{
	struct buf out = { 0 };
	struct counts counts;
	struct count count;
	int err;

	count_rows(snap, &counts);
	if (opt->has_header) {
		pad(&out, _("PROTO"), 9);
		pad(&out, _("FAMILY"), 8);
		pad(&out, _("STATE"), 12);
		buf_str(&out, _("COUNT"));
		buf_char(&out, '\n');
	}
	for (size_t at = 0; next(&counts, &at, &count);) {
		pad(&out, proto_name(count.proto), 9);
		pad(&out, family_name(count.family), 8);
		pad(&out, state_title(count.state), 12);
		buf_u64(&out, count.n);
		buf_char(&out, '\n');
	}
	err = output_flush(stream, &out);
	buf_fini(&out);
	return err;
}

int summary_csv_print(FILE *stream, const struct snapshot *snap, const struct view_options *opt)
{
	struct buf out = { 0 };
	struct counts counts;
	struct count count;
	int err;

	count_rows(snap, &counts);
	if (opt->has_header)
		buf_str(&out, "proto,family,state,count\r\n");
	for (size_t at = 0; next(&counts, &at, &count);)
		buf_printf(&out, "%s,%s,%s,%zu\r\n", proto_name(count.proto),
			   family_name(count.family), state_name(count.state), count.n);
	err = output_flush(stream, &out);
	buf_fini(&out);
	return err;
}

int summary_json_print(FILE *stream, const struct snapshot *snap, const struct view_options *opt)
{
	struct buf out = { 0 };
	struct counts counts;
	struct count count;
	int err;

	count_rows(snap, &counts);
	json_head(&out, snap, opt);
	buf_str(&out, "\"summary\": [");
	for (size_t at = 0, n = 0; next(&counts, &at, &count); n++)
		buf_printf(&out, "%s{\"proto\": \"%s\", \"family\": \"%s\", \"state\": \"%s\", \"count\": %zu}",
			   n ? ", " : "", proto_name(count.proto), family_name(count.family),
			   state_name(count.state), count.n);
	buf_str(&out, "]}\n");
	err = output_flush(stream, &out);
	buf_fini(&out);
	return err;
}
