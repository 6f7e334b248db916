/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes a snapshot of what documents told: selects, filters and sorts. */
#include <config.h>

#include "query/take_told.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/collect.h"
#include "query/columns.h"
#include "query/ends_hosts.h"
#include "query/filter.h"
#include "query/host_columns.h"
#include "query/namespaces.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/sort.h"
#include "query/take.h"
#include "query/told.h"
#include "query/told_source.h"

static bool is_word_of(const struct snapshot_netns *ns, const char *word)
{
	return ns->name && !strcmp(ns->name, word);
}

bool told_netns_is_chosen(const struct snapshot *snap, size_t netns, const struct sources *sources)
{
	const struct namespaces *chosen = sources->namespaces;
	const struct snapshot_host *host = &snap->hosts[snap->namespaces[netns].host];

	if (!namespaces_are_chosen(chosen) || chosen->are_all)
		return true;
	/* A pid or a path has no meaning here: what was selected by it there stays selected. */
	if (namespaces_have_all(chosen, host->netns))
		return true;
	for (size_t i = 0; i < chosen->n_words; i++)
		if (is_word_of(&snap->namespaces[netns], chosen->words[i]))
			return true;
	return false;
}

static struct row row_of(const struct snapshot *snap, size_t i)
{
	const struct told_row *told = &snap->told->rows[i];
	const struct sock *sk = &snap->table.socks[i];

	return (struct row){
		.sk = sk,
		.held = told[1].owners > told->owners ? ROW_HELD_ITSELF : ROW_HELD_NONE,
		.owner_note = told->note & 7,
		.serves = sock_is_serving(sk) || sock_is_forward(sk),
		.firewall = told->firewall & 3,
	};
}

/*
 * What the document does not tell of the socket is as it was selected there, if that is not more than
 * what is asked for.
 */
static bool is_selected(const struct snapshot *snap, const struct plan *plan, const struct sock *sk)
{
	const struct snapshot_host *host = snapshot_host_of(snap, sk);
	const struct selection *had = &host->head.selection;
	struct sock as_if = *sk;

	if (host->has_kinds)
		return plan_selects(plan, sk);
	if (!host_has_column(host, column_find("proto", 5)) && !(had->protos & ~plan->query.protos))
		for (as_if.proto = 0; !(plan->query.protos & PROTO_BIT(as_if.proto));)
			as_if.proto++;
	if (!host_has_column(host, column_find("local_addr", 10)) &&
	    !(had->families & ~plan->families))
		as_if.family = plan->families & FAMILY_BIT(ADDR_INET) ? ADDR_INET : ADDR_INET6;
	if (!host_has_column(host, column_find("state", 5)) && had->is_listening)
		as_if.state = SOCK_STATE_LISTEN;
	return plan_selects(plan, &as_if);
}

static void select_rows(struct snapshot *snap, const struct plan *plan,
			const struct sources *sources)
{
	const struct filter *filter = plan->request.filter;
	bool *netns_is_chosen = mem_calloc(snap->n_namespaces, sizeof(*netns_is_chosen));

	for (size_t i = 0; i < snap->n_namespaces; i++)
		netns_is_chosen[i] = told_netns_is_chosen(snap, i, sources);
	if (!filter && snap->rows_cap < snap->table.n) {
		snap->rows = mem_resize(snap->rows, snap->table.n, sizeof(*snap->rows));
		snap->rows_cap = snap->table.n;
	}
	for (size_t i = 0; i < snap->table.n; i++) {
		struct row row = row_of(snap, i);
		enum filter_result result;

		if (!is_selected(snap, plan, row.sk) || !netns_is_chosen[row.sk->netns] ||
		    (sock_is_forward(row.sk) && !plan->request.has_forwards))
			continue;
		result = filter_match(filter, snap, &row);
		if (result == FILTER_UNTESTABLE)
			problems_add_untested(&snap->problems, snap, filter, &row);
		if (result != FILTER_YES)
			continue;
		row_name_owner(&row, snap, filter);
		snap->rows =
			mem_grow(snap->rows, snap->n_rows, &snap->rows_cap, sizeof(*snap->rows));
		snap->rows[snap->n_rows++] = row;
	}
	free(netns_is_chosen);
}

/* "all", or several names with commas between them. */
static bool has_namespaces(const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->n_hosts; i++) {
		const char *netns = snap->hosts[i].netns;

		if (netns && (!strcmp(netns, "all") || strchr(netns, ',')))
			return true;
	}
	return false;
}

static bool shows_proto(const struct snapshot *snap, int proto)
{
	for (size_t i = 0; i < snap->n_rows; i++)
		if (snap->rows[i].sk->proto == proto)
			return true;
	return false;
}

/* Does a problem that a document has matter for the rows that are listed of it? */
static bool matters(const struct snapshot *snap, const struct plan *plan,
		    const struct problem *problem)
{
	const char *code = problem->told.code;

	if (problem->proto >= 0 && !(plan->query.protos & PROTO_BIT(problem->proto)))
		return false;
	if (!strcmp(code, problem_code_name(PROBLEM_FALLBACK)) && problem->proto >= 0)
		return (plan->request.protos & PROTO_BIT(problem->proto)) ||
		       shows_proto(snap, problem->proto);
	if (!strcmp(code, problem_code_name(PROBLEM_HOSTS)))
		return plan->shown & NEED_HOSTS;
	if (!strcmp(code, problem_code_name(PROBLEM_FIREWALL)))
		return plan->shown & (problem->told.field ? NEED_FIREWALL : NEED_FORWARDS);
	if (strcmp(code, problem_code_name(PROBLEM_PROCESSES)) != 0)
		return true;
	for (size_t i = 0; i < snap->problems.n; i++)
		if (snap->problems.list[i].code == PROBLEM_UNTESTED &&
		    snap->problems.list[i].lack == LACK_OWNERS)
			return true;
	for (size_t i = 0; (plan->shown & NEED_OWNERS) && i < snap->n_rows; i++) {
		const struct row *row = &snap->rows[i];
		const char *host = snapshot_host_name(snap, row->sk);

		if (row->owner_note == NOTE_HIDDEN &&
		    (!problem->host || (host && !strcmp(problem->host, host))))
			return true;
	}
	return false;
}

static void drop_what_does_not_matter(struct snapshot *snap, const struct plan *plan)
{
	struct problems kept = { 0 };

	for (size_t i = 0; i < snap->problems.n; i++) {
		const struct problem *problem = &snap->problems.list[i];

		if (problem->code != PROBLEM_TOLD || !problem->told.code ||
		    matters(snap, plan, problem))
			problems_add(&kept, problem);
	}
	problems_fini(&snap->problems);
	snap->problems = kept;
}

/* Is known what the usual order goes by?  Otherwise rows stay as they stand in the document. */
static bool can_sort(const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->n_hosts; i++)
		if (!snap->hosts[i].has_kinds || !snap->hosts[i].has_ports)
			return false;
	return true;
}

int snapshot_take_told(struct snapshot *snap, const struct plan *plan,
		       const struct sources *sources)
{
	int err;

	/* That of the documents, and not when they are listed. */
	snap->time_ms = 0;
	err = sources->told->tell(sources->told->data, snap);
	if (err)
		return err;
	told_add_lacking(snap, plan, sources);
	if (plan->needs & NEED_PEERS)
		ends_find_on_hosts(snap);
	told_seal(snap->told);
	/* What a document does not have reads as unknown. */
	snap->resolved = ~0U;
	snap->is_replay = true;
	snap->has_namespaces = has_namespaces(snap);
	select_rows(snap, plan, sources);
	snapshot_compare_expected(snap, plan);
	if (!plan->request.is_order_free && (plan->request.n_sort || can_sort(snap)))
		sort_rows(snap, plan->request.sort, plan->request.n_sort);
	drop_what_does_not_matter(snap, plan);
	snap->resolved = plan->needs & ~plan->request.hidden;
	return 0;
}
