/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes a snapshot: asks the sources, joins names, filters and sorts. */
#include <config.h>

#include "query/take.h"

#include <errno.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "query/collect.h"
#include "query/columns.h"
#include "query/expected.h"
#include "query/ends_find.h"
#include "query/filter.h"
#include "query/namespaces.h"
#include "query/lead_targets.h"
#include "query/leads.h"
#include "query/leads_chosen.h"
#include "query/leads_find.h"
#include "query/leads_read.h"
#include "query/row_candidates.h"
#include "query/row_firewall.h"
#include "query/row_owners.h"
#include "query/plan.h"
#include "query/serving.h"
#include "query/snapshot.h"
#include "query/sort.h"
#include "query/take_told.h"
#include "resolve/candidates.h"
#include "resolve/cgroups.h"
#include "resolve/containers.h"
#include "resolve/hosts.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"
#include "resolve/users.h"

/* What the socket brings along or a table answers: there as soon as the sockets are. */
#define NEEDS_AT_ONCE                                                                            \
	(NEED_SERVICES | NEED_USERS | NEED_IFACES | NEED_CGROUPS | NEED_TCP_INFO | NEED_MEMORY | \
	 NEED_TRAFFIC | NEED_DROPS | NEED_MPTCP | NEED_NETNS | NEED_ADDRS)

#define NEEDS_OWN_ADDRS (NEED_FORWARDS | NEED_FIREWALL | NEED_PEERS | NEED_ADDRS)

/* What takes time for each row: looked up for rows that do match, if the filter does not need it. */
#define NEEDS_LATE (NEED_HOSTS | NEED_CANDIDATES)

/* What only the host itself could tell: a recording will never have more of it than it has now. */
#define NEEDS_OF_THE_HOST                                                             \
	(NEED_OWNERS | NEEDS_OF_EACH_OWNER | NEED_UNITS | NEED_CGROUPS | NEED_USERS | \
	 NEED_IFACES | NEED_SERVICES | NEED_CANDIDATES)

static void clear(struct snapshot *snap, const struct resolver *names, uint64_t time_ms)
{
	sock_table_clear(&snap->table);
	sock_table_clear(&snap->listeners);
	serving_free(snap->serving);
	snap->serving = NULL;
	leads_clear(&snap->leads);
	ends_clear(&snap->ends);
	own_addrs_clear(&snap->own_addrs);
	problems_clear(&snap->problems);
	snapshot_forget_told(snap);
	snap->n_rows = 0;
	snap->names = names;
	snap->time_ms = time_ms;
	if (names->ifaces)
		ifaces_clear(names->ifaces);
	if (names->cgroups)
		cgroups_clear(names->cgroups);
	if (names->candidates)
		candidates_clear(names->candidates);
	if (names->containers)
		containers_clear(names->containers);
}

/* Rows for what can still match, before anything is looked up that takes time. */
static void select_rows(struct snapshot *snap, const struct plan *plan)
{
	const struct filter *filter = plan->request.filter;

	if (!filter && snap->rows_cap < snap->table.n) {
		snap->rows = mem_resize(snap->rows, snap->table.n, sizeof(*snap->rows));
		snap->rows_cap = snap->table.n;
	}
	for (size_t i = 0; i < snap->table.n; i++) {
		const struct sock *sk = &snap->table.socks[i];
		struct row row = { .sk = sk,
				   .owner_note = NOTE_NOT_ASKED,
				   .serves = sock_is_serving(sk) || sock_is_forward(sk) };
		enum filter_result result;

		if (!plan_selects(plan, sk))
			continue;
		result = filter_match(filter, snap, &row);
		if (result == FILTER_UNTESTABLE)
			problems_add_untested(&snap->problems, snap, filter, &row);
		if (result == FILTER_NO || result == FILTER_UNTESTABLE)
			continue;
		snap->rows =
			mem_grow(snap->rows, snap->n_rows, &snap->rows_cap, sizeof(*snap->rows));
		snap->rows[snap->n_rows++] = row;
	}
}

/* Rows that do match, now that all is resolved. */
static void filter_again(struct snapshot *snap, const struct filter *filter)
{
	size_t n = 0;

	for (size_t i = 0; i < snap->n_rows; i++) {
		enum filter_result result = filter_match(filter, snap, &snap->rows[i]);

		if (result == FILTER_YES)
			snap->rows[n++] = snap->rows[i];
		else if (result == FILTER_UNTESTABLE)
			problems_add_untested(&snap->problems, snap, filter, &snap->rows[i]);
	}
	snap->n_rows = n;
}

/* Looks up every name that a row may show, so that views only read. */
static void find_names(struct snapshot *snap)
{
	const struct resolver *names = snap->names;
	bool finds_users = (snap->resolved & NEED_USERS) && names->users;
	bool finds_ifaces = (snap->resolved & NEED_IFACES) && names->ifaces;
	uint32_t n_processes = 0;

	for (size_t i = 0; i < snap->n_rows && (finds_users || finds_ifaces); i++) {
		const struct sock *sk = snap->rows[i].sk;

		if (finds_users)
			users_name(names->users, sk->uid);
		if (finds_ifaces && sk->ifindex)
			ifaces_name(names->ifaces, sk->netns, sk->ifindex);
	}
	if (names->owners && (snap->resolved & NEED_OWNERS))
		n_processes = (uint32_t)owners_processes(names->owners);
	for (uint32_t i = 0; i < n_processes && finds_users; i++)
		users_name(names->users, owners_process(names->owners, i)->uid);
	if ((snap->resolved & NEED_CGROUPS) && names->cgroups)
		cgroups_find(names->cgroups, 0);
}

/* Are there rows that could not be tested because their owners are hidden? */
static bool lacks_owners(const struct problems *problems)
{
	for (size_t i = 0; i < problems->n; i++)
		if (problems->list[i].code == PROBLEM_UNTESTED &&
		    problems->list[i].lack == LACK_OWNERS)
			return true;
	return false;
}

static void owner_problems(struct snapshot *snap, const struct plan *plan, int scan_error)
{
	struct problem problem = { .code = PROBLEM_PROCESSES, .proto = PROBLEM_NO_PROTO };
	int failure = scan_error ? scan_error : owners_failure(snap->names->owners);
	size_t i = 0;

	/* Where owners are not shown, a row that the filter could judge lacks nothing. */
	if (!(plan->shown & NEED_OWNERS))
		i = snap->n_rows;
	while (i < snap->n_rows && snap->rows[i].owner_note != NOTE_HIDDEN)
		i++;
	if (i == snap->n_rows && !(failure && snap->n_rows) && !lacks_owners(&snap->problems))
		return;
	problem.error = -failure;
	problem.viewer = owners_viewer(snap->names->owners);
	if (scan_error && owners_lack_bpf(snap->names->owners, &problem.bpf))
		problem.way = PROBLEM_BY_BPF;
	problem.count = scan_error ? 0 : owners_denied(snap->names->owners);
	problems_add(&snap->problems, &problem);
}

/* -errno where no protocol that was asked for could be read. */
static int total_failure(const struct collected *collected, unsigned int protos)
{
	int err = collected->failure;

	for (unsigned int proto = 0; !collected->failure && proto < PROTO_COUNT; proto++) {
		if (!(protos & PROTO_BIT(proto)) ||
		    (collected->unsupported & PROTO_BIT(proto) && !collected->cut_short[proto]))
			continue;
		if (!collected->cut_short[proto])
			return 0;
		err = collected->cut_short[proto];
	}
	return err;
}

/* Host names of both ends of all rows, as far as they come in time. */
static void find_hosts(struct snapshot *snap, const struct plan *plan)
{
	struct problem problem = { .code = PROBLEM_HOSTS, .proto = PROBLEM_NO_PROTO };
	struct hosts *hosts = snap->names->hosts;

	for (size_t i = 0; i < snap->n_rows; i++) {
		const struct sock *sk = snap->rows[i].sk;

		hosts_ask(hosts, (enum addr_family)sk->family, &sk->local.addr);
		if (sock_has(sk, SOCK_HAS_PEER))
			hosts_ask(hosts, (enum addr_family)sk->family, &sk->remote.addr);
	}
	problem.count = hosts_wait(hosts, plan->request.hosts_wait_ms);
	if (problem.count && plan->request.hosts_wait_ms)
		problems_add(&snap->problems, &problem);
	snap->resolved |= NEED_HOSTS;
}

/*
 * Does the kernel not tell the cgroups of sockets, so that those of their owners stand for them
 * (before Linux 5.8)?  Without a hierarchy of version 2 it tells the number of a top that nobody can
 * see.
 */
static bool lacks_cgroups(struct snapshot *snap)
{
	const struct cgroups *cgroups = snap->names->cgroups;
	bool lacks = false;

	if (!(snap->resolved & NEED_CGROUPS) || !cgroups)
		return false;
	for (size_t i = 0; i < snap->table.n; i++) {
		struct sock *sk = &snap->table.socks[i];

		if (!cgroups_is_there(cgroups))
			sk->known &= (uint16_t)~SOCK_HAS_CGROUP;
		/* What has no inode has no owner either. */
		if (!sock_has(sk, SOCK_HAS_CGROUP) && sock_has(sk, SOCK_HAS_INODE))
			lacks = true;
	}
	return lacks;
}

/* With all namespaces the search for owners begins first: it finds those that only sockets are in. */
static bool owners_find_netns(const struct sources *sources, const struct resolver *names)
{
	return namespaces_are_chosen(sources->namespaces) && sources->namespaces->are_all &&
	       names->owners;
}

/* Which namespaces are listed, and what they are called.  0, or -errno where there is none to list. */
static int find_namespaces(struct snapshot *snap, const struct plan *plan,
			   const struct sources *sources)
{
	struct namespaces *n = sources->namespaces;
	struct netns own = { .inode = snap->netns };
	int err;

	snapshot_set_namespaces(snap, NULL, 0);
	snap->has_namespaces = namespaces_are_chosen(n) && (n->are_all || n->n_words > 1);
	if (namespaces_are_chosen(n)) {
		struct owners *owners =
			owners_find_netns(sources, snap->names) ? snap->names->owners : NULL;

		if (owners)
			owners_start(owners, true);
		err = namespaces_refresh(n, snap->names->containers, &snap->problems);
		if (owners && !err)
			namespaces_add_held(n, snap->names->containers, owners);
		if (owners && !(plan->needs & NEED_OWNERS))
			owners_scan(owners, NULL, 0, 0); /* it has served */
		snapshot_set_namespaces(snap, n->found.list, n->found.n);
		return err;
	}
	if (!n || !(plan->needs & NEED_NETNS))
		return 0;
	own.name = namespaces_own_name(n, snap->names->containers);
	snapshot_set_namespaces(snap, &own, 1);
	return 0;
}

/*
 * Without a filter most sockets want their owners: the search for them goes on beside the dump, and
 * again after it for what was opened meanwhile.
 */
static void start_owners(const struct plan *plan, const struct sources *sources,
			 const struct resolver *names)
{
	if (!plan->request.filter && !plan->request.is_repeated &&
	    !owners_find_netns(sources, names))
		owners_start(names->owners, false);
}

static void read_rules(struct snapshot *snap, const struct plan *plan,
		       const struct sources *sources)
{
	if (!snap->names->forwards || !(plan->needs & (NEED_FORWARDS | NEED_FIREWALL)))
		return;
	leads_read_rules(snap->names->forwards, sources, plan->needs & NEED_FIREWALL);
	if (!(plan->needs & NEED_FORWARDS))
		return;
	if (!plan->request.forwards_are_optional)
		leads_find_chosen(snap, plan, sources);
	leads_add_rules(snap, plan->request.has_forwards);
}

static void find_leads(struct snapshot *snap, const struct plan *plan,
		       const struct sources *sources)
{
	if (leads_add_proxies(snap)) {
		lead_targets_ask(snap, plan, sources);
		/* With a filter the owners of what proxies lead to were not among those searched for. */
		if (leads_lack_owners(snap))
			row_owners_find(snap, plan, sources);
	}
	leads_finish(snap);
	/* The name of the container there is told by its control group. */
	if (leads_have_targets(&snap->leads))
		snap->resolved |= NEED_CGROUPS;
	leads_problems(snap, plan->request.forwards_are_optional);
	snap->resolved |= NEED_FORWARDS;
}

static void read_own_addrs(struct snapshot *snap, const struct plan *plan,
			   const struct sources *sources)
{
	if ((plan->needs & NEEDS_OWN_ADDRS) && !snap->is_replay)
		namespaces_read_addrs(sources->namespaces, &snap->own_addrs);
	else if (sources->own_addrs)
		own_addrs_copy(&snap->own_addrs, sources->own_addrs);
}

static void judge_firewalls(struct snapshot *snap, const struct plan *plan)
{
	if ((plan->needs & NEED_FIREWALL) && snap->names->forwards)
		row_firewall_find(snap);
	snap->resolved |= plan->needs & NEED_FIREWALL;
}

/* needs: which of NEEDS_LATE. */
static void find_late(struct snapshot *snap, const struct plan *plan, unsigned int needs)
{
	if ((needs & NEED_HOSTS) && snap->names->hosts)
		find_hosts(snap, plan);
	if ((needs & NEED_CANDIDATES) && snap->names->owners)
		row_candidates_find(snap);
}

/* late: which of NEEDS_LATE; filter_wants: what the filter could not be tested without. */
static void filter_late(struct snapshot *snap, const struct plan *plan, unsigned int late,
			unsigned int filter_wants)
{
	const struct filter *filter = plan->request.filter;

	find_late(snap, plan, late & filter_wants);
	if (filter_wants) {
		/* What was not to be had reads as unknown from here on. */
		snap->resolved |= filter_wants;
		filter_again(snap, filter);
	}
	find_late(snap, plan, late & ~filter_wants);
	for (size_t i = 0; (filter_wants & NEED_OWNERS) && i < snap->n_rows; i++)
		row_name_owner(&snap->rows[i], snap, filter);
}

/* Rows were selected in the order of the table: n_in_order of its sockets, and what rules added. */
static void order_rows(struct snapshot *snap, const struct plan *plan, size_t n_in_order)
{
	if (n_in_order < snap->table.n)
		sort_rows(snap, NULL, 0);
	sort_rows_again(snap, plan->request.sort, plan->request.n_sort, NULL);
	if (snap->ends.rows)
		ends_refer_to_rows(snap);
}

int snapshot_take(struct snapshot *snap, const struct plan *plan, const struct sources *sources,
		  const struct resolver *names, uint64_t time_ms)
{
	const struct filter *filter = plan->request.filter;
	unsigned int filter_wants = filter ? filter_needs(filter) & ~NEEDS_AT_ONCE : 0;
	bool finds_owners = (plan->needs & NEED_OWNERS) && names->owners;
	unsigned int late = plan->needs & NEEDS_LATE;
	struct collected collected;
	size_t n_in_order; /* sockets of the table that are in the default order */
	unsigned int by_owners; /* enum need bits of what is told by the owners' cgroups */
	int scan_error = 0, err;

	clear(snap, names, time_ms);
	if (sources->told) {
		snapshot_set_namespaces(snap, NULL, 0);
		return snapshot_take_told(snap, plan, sources);
	}
	err = find_namespaces(snap, plan, sources);
	if (err)
		return err;
	snap->is_replay = sources->is_replay;
	if (finds_owners)
		start_owners(plan, sources, names);
	collect(sources, &plan->query, &snap->table, &collected);
	if (plan->request.is_repeated)
		sort_table(&snap->table);
	n_in_order = plan->request.is_repeated ? snap->table.n : 0;
	snap->resolved = plan->needs & NEEDS_AT_ONCE;
	read_own_addrs(snap, plan, sources);
	read_rules(snap, plan, sources);
	if (plan->needs & NEED_SERVICES)
		snap->serving = serving_new(&snap->table, plan, sources);
	by_owners = plan->needs & NEED_UNITS;
	if (lacks_cgroups(snap) && names->owners) {
		by_owners = NEED_CGROUPS | NEED_UNITS;
		finds_owners = true;
		/* A test of them cannot be judged before the owners are there. */
		snap->resolved &= ~(unsigned int)NEED_CGROUPS;
		if (filter)
			filter_wants |= NEED_CGROUPS;
	}
	select_rows(snap, plan);
	ends_find(snap, plan, sources);
	row_owners_note(snap, plan, sources);
	snap->resolved |= by_owners;
	judge_firewalls(snap, plan);
	lead_targets_ask(snap, plan, sources);
	if (finds_owners)
		scan_error = row_owners_find(snap, plan, sources);
	/* Where the search failed, owners are not hidden, but were not looked for. */
	if (scan_error)
		late &= ~(unsigned int)NEED_CANDIDATES;
	if (plan->needs & NEED_FORWARDS)
		find_leads(snap, plan, sources);
	snap->resolved |= plan->needs & NEED_PEERS;
	filter_late(snap, plan, late, filter_wants);
	find_names(snap);
	snapshot_compare_expected(snap, plan);
	if (names->ifaces)
		ifaces_leave(names->ifaces);
	order_rows(snap, plan, n_in_order);
	collect_problems(sources, &collected, plan->request.protos, snap);
	if (finds_owners)
		owner_problems(snap, plan, scan_error);
	if (snap->is_replay)
		snap->resolved |= NEEDS_OF_THE_HOST;
	snap->resolved &= ~plan->request.hidden;
	return snap->table.n ? 0 : total_failure(&collected, plan->query.protos);
}
