/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Brings the sockets of one moment together: the source, and /proc/net where it fails. */
#include <config.h>

#include "query/collect.h"

#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "query/namespaces.h"
#include "query/snapshot.h"

/* The families of proto that failed in a way in which nothing came, so that another source may serve. */
static unsigned int families_without(const struct source_outcome *outcome, unsigned int families,
				     enum sock_proto proto)
{
	unsigned int failed = 0;

	for (unsigned int family = 0; family < ADDR_FAMILIES; family++) {
		int error = outcome->error[proto][family];

		if (families & FAMILY_BIT(family) &&
		    (error == SOURCE_ERROR_UNSUPPORTED || error == SOURCE_ERROR_DENIED))
			failed |= FAMILY_BIT(family);
	}
	return failed;
}

static void note_cut_short(const struct source_outcome *outcome, enum sock_proto proto,
			   struct collected *out)
{
	for (unsigned int family = 0; family < ADDR_FAMILIES; family++) {
		int error = outcome->error[proto][family];

		if (error && error != SOURCE_ERROR_UNSUPPORTED && error != SOURCE_ERROR_DENIED)
			out->cut_short[proto] = error;
	}
}

/* One protocol from the fallback, for the families that the main source could not list. */
static void fall_back(const struct sources *sources, const struct source_query *query,
		      enum sock_proto proto, const struct source_outcome *main,
		      struct sock_table *table, struct collected *out)
{
	struct source_query part = *query;
	struct source_outcome outcome = { 0 };
	unsigned int still_failed;

	part.protos = PROTO_BIT(proto);
	part.families = families_without(main, query->families, proto);
	if (!part.families)
		return;
	for (unsigned int family = 0; family < ADDR_FAMILIES; family++)
		if (main->error[proto][family] == SOURCE_ERROR_DENIED)
			out->denied |= PROTO_BIT(proto);
	still_failed = part.families;
	if (sources->fallback) {
		source_list(sources->fallback, &part, table, &outcome);
		still_failed = families_without(&outcome, part.families, proto);
		note_cut_short(&outcome, proto, out);
		out->lacks_bound = out->lacks_bound || outcome.lacks_bound;
	}
	if (still_failed != part.families)
		out->fell_back |= PROTO_BIT(proto);
	/* A kernel without IPv6 has no IPv6 files; that is no fault of the protocol. */
	if (still_failed != query->families)
		return;
	out->unsupported |= PROTO_BIT(proto);
	if (out->denied & PROTO_BIT(proto))
		out->cut_short[proto] = SOURCE_ERROR_DENIED;
}

static enum problem_way way_of(const struct sources *sources)
{
	if (sources->is_replay)
		return PROBLEM_BY_RECORDING;
	if (sources->is_procfs)
		return PROBLEM_BY_PROCFS;
	return sources->fallback ? PROBLEM_EACH_WAY : PROBLEM_BY_NETLINK;
}

static void collect_one(const struct sources *sources, const struct source_query *query,
			struct sock_table *table, struct collected *out)
{
	struct source_outcome outcome = { 0 };

	*out = (struct collected){ .way = way_of(sources) };
	if (sources->main) {
		source_list(sources->main, query, table, &outcome);
	} else {
		for (unsigned int proto = 0; proto < PROTO_COUNT; proto++)
			for (unsigned int family = 0; family < ADDR_FAMILIES; family++)
				outcome.error[proto][family] = SOURCE_ERROR_DENIED;
	}
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++) {
		if (!(query->protos & PROTO_BIT(proto)))
			continue;
		note_cut_short(&outcome, (enum sock_proto)proto, out);
		fall_back(sources, query, (enum sock_proto)proto, &outcome, table, out);
	}
	out->lacks_bound = out->lacks_bound || outcome.lacks_bound;
	/*
	 * A question about an earlier answer has no problems of its own, and what is in use is only
	 * known of the caller's own namespace.
	 */
	if (out->unsupported && !query->is_aside && !query->netns)
		out->in_use = out->unsupported &
			      source_in_use(sources->main ? sources->main : sources->fallback,
					    query->families);
}

/* ---- other network namespaces ---- */

static bool is_gone(int err)
{
	return err == -ENOENT || err == -ESRCH;
}

/*
 * Opens the sources of another namespace, as those here are: the kernel, and if this user may not
 * enter, or with --source=procfs, the /proc/PID/net of a process there.  *folder is a descriptor
 * that they need, or -1.  Returns 0 or -errno.
 */
static int open_sources_of(const struct sources *here, uint16_t netns, struct sources *there,
			   int *folder)
{
	const struct namespaces *n = here->namespaces;
	struct namespace_at at = { n, netns };
	struct source **procfs = here->is_procfs ? &there->main : &there->fallback;
	int err = here->is_procfs ? -EPERM : 0;

	*there = (struct sources){ .is_procfs = here->is_procfs };
	*folder = -1;
	if (!here->is_procfs)
		err = there->main_error =
			source_netlink_open_in(&there->main, namespace_at_open_diag, &at);
	if (!err || is_gone(err) || !(here->is_procfs || here->fallback))
		return err;
	*folder = netns_open_folder(&n->found.list[netns], n->proc_root);
	return *folder >= 0 && !source_procfs_open(procfs, *folder) ? 0 : err;
}

/*
 * Adds the sockets of another namespace.  Closes everything again: an open netlink socket keeps its
 * namespace alive.  Returns 0, or -errno if nothing could be read.
 */
static int collect_there(const struct sources *here, uint16_t netns,
			 const struct source_query *query, struct sock_table *table,
			 struct collected *out)
{
	struct source_query query_there = *query;
	struct sources there;
	int folder, err = open_sources_of(here, netns, &there, &folder);

	query_there.netns = netns;
	if (!err)
		collect_one(&there, &query_there, table, out);
	source_free(there.main);
	source_free(there.fallback);
	if (folder >= 0)
		close(folder);
	return err;
}

static void add_collected(struct collected *sum, const struct collected *part, bool is_first)
{
	sum->fell_back |= part->fell_back;
	sum->denied |= part->denied;
	sum->in_use |= part->in_use;
	sum->unsupported = is_first ? part->unsupported : sum->unsupported & part->unsupported;
	sum->lacks_bound = sum->lacks_bound || part->lacks_bound;
	if (is_first)
		sum->way = part->way;
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++)
		if (part->cut_short[proto])
			sum->cut_short[proto] = part->cut_short[proto];
}

static void collect_chosen(const struct sources *sources, const struct source_query *query,
			   struct sock_table *table, struct collected *out)
{
	struct netns_list *found = &sources->namespaces->found;
	int error = -ENOENT;
	bool is_first = true;

	*out = (struct collected){ .way = way_of(sources) };
	for (size_t i = 0; i < found->n; i++) {
		struct netns *ns = &found->list[i];
		struct collected part = { 0 };

		if (!ns->is_chosen)
			continue;
		ns->error = 0;
		if (!i)
			collect_one(sources, query, table, &part);
		else
			ns->error = collect_there(sources, (uint16_t)i, query, table, &part);
		if (ns->error) {
			error = ns->error;
			continue;
		}
		add_collected(out, &part, is_first);
		is_first = false;
	}
	if (is_first)
		out->failure = error;
}

void collect(const struct sources *sources, const struct source_query *query,
	     struct sock_table *table, struct collected *out)
{
	if (namespaces_are_chosen(sources->namespaces))
		collect_chosen(sources, query, table, out);
	else
		collect_one(sources, query, table, out);
}

/*
 * Which namespaces could not be read: by name, or with --netns=all their number.  One that was
 * deleted meanwhile is not a problem.
 */
static void netns_problems(const struct namespaces *namespaces, struct problems *problems)
{
	struct problem many = { .code = PROBLEM_NETNS, .proto = PROBLEM_NO_PROTO };

	for (size_t i = 0; i < namespaces->found.n; i++) {
		const struct netns *ns = &namespaces->found.list[i];

		if (!ns->is_chosen || !ns->error || is_gone(ns->error))
			continue;
		many.error = -ns->error;
		many.count++;
		if (!namespaces->are_all)
			problems_add(problems, &(struct problem){ .code = PROBLEM_NETNS,
								  .proto = PROBLEM_NO_PROTO,
								  .error = -ns->error,
								  .test = ns->name });
	}
	if (many.count && namespaces->are_all)
		problems_add(problems, &many);
}

/* The protocols of which the fallback supplied a row that is shown. */
static unsigned int poor_protos(const struct snapshot *snap)
{
	unsigned int protos = 0;

	for (size_t i = 0; i < snap->n_rows; i++)
		if (sock_has(snap->rows[i].sk, SOCK_FROM_PROCFS))
			protos |= PROTO_BIT(snap->rows[i].sk->proto);
	return protos;
}

/* The problem of one protocol.  False where it has none. */
static bool proto_problem(const struct collected *collected, unsigned int missed, unsigned int poor,
			  struct problem *problem)
{
	unsigned int proto = (unsigned int)problem->proto, bit = PROTO_BIT(proto);

	problem->way = collected->way;
	if (collected->cut_short[proto]) {
		problem->code = PROBLEM_CUT_SHORT;
		problem->error = -collected->cut_short[proto];
	} else if (collected->unsupported & missed & bit) {
		problem->code = PROBLEM_UNSUPPORTED;
	} else if (poor & bit) {
		problem->code = PROBLEM_FALLBACK;
		problem->error = collected->denied & bit ? EPERM : 0;
	} else if (proto == PROTO_TCP && collected->lacks_bound) {
		problem->code = PROBLEM_BOUND;
	} else {
		return false;
	}
	return true;
}

void collect_problems(const struct sources *sources, const struct collected *collected,
		      unsigned int asked_protos, struct snapshot *snap)
{
	unsigned int poor = poor_protos(snap) | (collected->fell_back & asked_protos);
	unsigned int missed = asked_protos | collected->in_use;

	if (namespaces_are_chosen(sources->namespaces))
		netns_problems(sources->namespaces, &snap->problems);

	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++) {
		struct problem problem = { .proto = (int)proto };

		if (!proto_problem(collected, missed, poor, &problem))
			continue;
		if (problem.code == PROBLEM_FALLBACK && problem.error && sources->main_error)
			problem.error = -sources->main_error;
		/* A look at the kernel's modules takes long, and most often nothing is missing. */
		if (sources->remedy && !sources->is_replay &&
		    (problem.code == PROBLEM_UNSUPPORTED || problem.code == PROBLEM_FALLBACK))
			problem.remedy = sources->remedy((enum sock_proto)proto);
		problems_add(&snap->problems, &problem);
	}
}
