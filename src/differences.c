/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --diff: what is not as it was in a document. */
#include <config.h>

#include "differences.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "document/moments.h"
#include "format/format.h"
#include "from_files.h"
#include "listing.h"
#include "listing_notes.h"
#include "program.h"
#include "query/diff.h"
#include "query/filter.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/take.h"
#include "query_options.h"

/* Of both: what was asked for here, where the document has it. */
static unsigned int narrowed(unsigned int asked, unsigned int had)
{
	return asked & had ? asked & had : asked ? asked : had;
}

static void select_as_before(struct options *opt, const struct selection *had)
{
	opt->protos = narrowed(opt->protos, had->protos);
	/* The default protocols, of which this kernel need not have all. */
	if (opt->protos == (PROTO_ALL & ~protos_where(proto_is_on_request)))
		opt->protos = 0;
	opt->families = narrowed(opt->families, had->families);
	opt->has_forwards |= had->has_forwards;
	if (!opt->netns)
		opt->netns = had->netns;
	if (!had->is_listening)
		return;
	opt->is_listening = true;
	opt->is_all = false;
}

int open_earlier(struct program *p)
{
	int status;

	if (!p->opt.diff)
		return 0;
	status = read_earlier(p->opt.diff, p->opt.n_from ? NULL : p->opt.at, &p->earlier);
	if (!status)
		select_as_before(&p->opt, &moments_first(p->earlier)->head.selection);
	return status;
}

int parse_earlier_filter(struct program *p)
{
	const struct buf *text = &moments_first(p->earlier)->head.selection.filter;
	struct filter_error error;
	struct filter *filter;
	struct buf shown = { 0 };

	if (!text->len)
		return 0;
	if (!filter_parse(&filter, text->data, text->len, &p->names, &error)) {
		p->filter = filter_and(filter, p->filter);
		return 0;
	}
	text_visible(&shown, text->data, text->len, false);
	complain(_("the filter of the document is not understood: %s"), buf_cstr(&shown));
	buf_fini(&shown);
	return EXIT_FAILED;
}

/* The document's rows, selected and sorted as those of now. */
static int take_earlier(const struct program *p, struct snapshot *snap)
{
	const struct told_source told = { .tell = moments_tell, .data = p->earlier };
	struct sources sources = { .told = &told, .namespaces = p->sources.namespaces };
	struct plan plan;
	int err;

	make_plan(p, PLAN_LISTING, &plan);
	err = snapshot_take(snap, &plan, &sources, &p->names, 0);
	plan_fini(&plan);
	return err;
}

/* Is a problem of this sentence there? */
static bool has_problem(const struct problems *problems, const struct buf *sentence)
{
	struct buf text = { 0 };
	bool is_found = false;

	for (size_t i = 0; i < problems->n && !is_found; i++) {
		buf_clear(&text);
		problem_text(&problems->list[i], false, &text);
		is_found =
			text.len == sentence->len && !memcmp(text.data, sentence->data, text.len);
	}
	buf_fini(&text);
	return is_found;
}

/* What is missing on either side makes the comparison incomplete; each sentence is said once. */
static void add_problems(struct problems *to, const struct problems *from)
{
	struct buf sentence = { 0 };

	for (size_t i = 0; i < from->n; i++) {
		buf_clear(&sentence);
		problem_text(&from->list[i], false, &sentence);
		if (!has_problem(to, &sentence))
			problems_add(to, &from->list[i]);
	}
	buf_fini(&sentence);
}

static int print_differences(FILE *stream, const struct program *p, const void *shown)
{
	struct format_options view;

	listing_format(p, &view);
	switch (p->opt.format) {
	case FORMAT_JSON:
		return diff_json_print(stream, shown, &view);
	case FORMAT_JSON_LINES:
		return diff_json_lines_print(stream, shown, &view);
	case FORMAT_CSV:
		return diff_csv_print(stream, shown, &view);
	case FORMAT_TABLE:
	case FORMAT_METRICS:
	case FORMAT_FILTERS:
		break;
	}
	return diff_print(stream, shown, &view);
}

static int show(struct program *p, struct snapshot *was, struct snapshot *now)
{
	struct diff diff = { 0 };
	int status, err = 0;

	diff_compare(&diff, was, now);
	add_problems(&now->problems, &was->problems);
	status = diff.n ? EXIT_NO_ROW : EXIT_ROWS;
	if (p->opt.is_strict && now->problems.n)
		status = EXIT_INCOMPLETE;
	if (!p->opt.is_quiet) {
		listing_tell_problems(p, now);
		err = listing_write(p, print_differences, &diff);
		if (!was->n_rows)
			listing_tell_names(p, now);
	}
	diff_fini(&diff);
	return listing_written(p, err, status);
}

int run_differences(struct program *p)
{
	struct snapshot was = { 0 }, now;
	int status, read_error, err;

	listing_init(p, &now);
	err = take_earlier(p, &was);
	status = listing_take(p, &now, &read_error);
	if (err) {
		complain(_("cannot read '%s': %s"), p->opt.diff, strerror(-err));
		status = EXIT_FAILED;
	} else if (read_error) {
		listing_show(p, &now, read_error);
	} else {
		status = show(p, &was, &now);
	}
	snapshot_fini(&was);
	snapshot_fini(&now);
	return status;
}
