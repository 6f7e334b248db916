/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked for and was not selected when a document was made. */
#include <config.h>

#include <string.h>

#include "query/collect.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/host_columns.h"
#include "query/namespaces.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/take_told.h"
#include "query/told.h"

/* One host's document and what is asked of it. */
struct question {
	struct snapshot *snap;
	const struct plan *plan;
	const struct snapshot_host *host;
};

static void add(const struct question *q, enum problem_document lack, const char *what)
{
	struct problem problem = {
		.code = PROBLEM_DOCUMENT,
		.proto = PROBLEM_NO_PROTO,
		.document = lack,
		.host = q->host->name,
	};
	struct buf test = { 0 };

	if (what) {
		buf_str(&test, what);
		buf_cstr(&test);
		problem.test = test.data;
	}
	problems_add(&q->snap->problems, &problem);
	buf_fini(&test);
}

static void check_protos(const struct question *q)
{
	unsigned int lacking = q->plan->query.protos & ~q->host->head.selection.protos;
	struct buf names = { 0 };

	for (unsigned int i = 0; i < PROTO_COUNT; i++)
		if (lacking & PROTO_BIT(i))
			buf_printf(&names, "%s%s", names.len ? ", " : "",
				   proto_name((enum sock_proto)i));
	if (lacking)
		add(q, DOCUMENT_LACKS_PROTOCOLS, buf_cstr(&names));
	buf_fini(&names);
}

/* The filter of the document may only be made narrower. */
static void check_filter(const struct question *q)
{
	struct buf had = { 0 }, asked = { 0 };
	bool is_narrower;

	buf_add(&had, q->host->head.selection.filter.data, q->host->head.selection.filter.len);
	if (q->plan->request.filter)
		filter_print(q->plan->request.filter, &asked);
	is_narrower = asked.len >= had.len && !strncmp(buf_cstr(&asked), buf_cstr(&had), had.len) &&
		      (asked.len == had.len || (!strncmp(asked.data + had.len, " and ", 5) &&
						!strstr(buf_cstr(&asked), " or ")));
	if (had.len && !is_narrower)
		add(q, DOCUMENT_LACKS_MATCHES, buf_cstr(&had));
	buf_fini(&had);
	buf_fini(&asked);
}

static void check_columns(const struct question *q)
{
	const struct plan_request *request = &q->plan->request;
	struct buf names = { 0 };

	for (size_t i = 0; i < request->n_columns; i++) {
		const struct column *c = request->columns[i];

		if (!(c->needs & request->hidden) && !host_has_column(q->host, c))
			buf_printf(&names, "%s%s", names.len ? ", " : "", c->key);
	}
	if (names.len)
		add(q, DOCUMENT_LACKS_COLUMNS, buf_cstr(&names));
	buf_fini(&names);
}

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (list && *list) {
		size_t n = strcspn(list, ",");

		if (n == len && !memcmp(list, word, n))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

/* Are there sockets of a namespace with this name? */
static bool has_netns(const struct question *q, const char *name)
{
	for (size_t i = 0; i < q->snap->n_namespaces; i++) {
		const struct snapshot_netns *ns = &q->snap->namespaces[i];

		if (&q->snap->hosts[ns->host] == q->host && ns->name && !strcmp(ns->name, name))
			return true;
	}
	return false;
}

static void check_netns(const struct question *q, const struct sources *sources)
{
	const struct namespaces *asked = sources->namespaces;
	const char *had = q->host->head.selection.netns;

	if (!namespaces_are_chosen(asked) || (asked->are_all && has_word(had, "all")))
		return;
	for (size_t i = 0; i < asked->n_words; i++) {
		const char *word = asked->words[i];

		if (has_netns(q, word) || (has_word(had, word) && namespaces_have_all(asked, had)))
			continue;
		/* It may be one of those that the document has under another name. */
		add(q,
		    has_word(had, word) || !namespace_word_is_name(word) ? DOCUMENT_BLURS_NETNS
									 : DOCUMENT_LACKS_NETNS,
		    word);
	}
}

void told_add_lacking(struct snapshot *snap, const struct plan *plan, const struct sources *sources)
{
	for (size_t i = 0; i < snap->n_hosts; i++) {
		const struct selection *had = &snap->hosts[i].head.selection;
		const struct question q = { snap, plan, &snap->hosts[i] };

		check_protos(&q);
		if (plan->families & ~had->families)
			add(&q, DOCUMENT_LACKS_FAMILY, NULL);
		if (had->is_listening && !plan->request.is_listening)
			add(&q, DOCUMENT_LACKS_CONNECTIONS, NULL);
		check_filter(&q);
		check_netns(&q, sources);
		if (plan->request.has_forwards && !plan->request.forwards_are_optional &&
		    !had->has_forwards)
			add(&q, DOCUMENT_LACKS_FORWARDS, NULL);
		/* The live view asks for all that any of its views may show. */
		if (!plan->request.forwards_are_optional)
			check_columns(&q);
	}
}
