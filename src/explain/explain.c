/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One port: can a program bind it here, what is in the way, and what helps. */
#include <config.h>

#include "explain/explain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "explain/bind_program.h"
#include "explain/let_in.h"
#include "explain/takers.h"
#include "query/collect.h"
#include "query/namespaces.h"
#include "resolve/ancestors.h"
#include "resolve/owners.h"
#include "resolve/proc_dir.h"
#include "resolve/proc_process.h"
#include "resolve/proc_text.h"

/* So many ports are tried before we give up naming a free one. */
#define PORTS_TRIED 200
/* More than all ports, each by itself. */
#define RESERVED_MAX_BYTES (1U << 20)

/* Opens sockets in the namespace that was chosen. */
struct elsewhere {
	const struct namespaces *namespaces;
	uint16_t netns;
};

static int open_elsewhere(void *data, int domain, int type, int protocol)
{
	const struct elsewhere *e = data;

	return namespaces_socket(e->namespaces, e->netns, domain, type, protocol);
}

/* How binds are tried for one explanation. */
struct trials {
	struct trial_scope scope;
	struct elsewhere elsewhere;
};

static void trials_init(struct trials *t, const struct explanation *x,
			const struct why_scene *scene)
{
	*t = (struct trials){
		.scope = { .user = x->question.has_user ? &x->question.user : NULL },
		.elsewhere = { scene->sources->namespaces, x->facts.netns },
	};
	if (!x->facts.is_elsewhere)
		return;
	t->scope.open_socket = open_elsewhere;
	t->scope.data = &t->elsewhere;
}

static bool is_bindable(const struct trials *t, const struct bind_place *place)
{
	struct trial_result result = trial_bind(place, &t->scope);

	return result.step == TRIAL_BIND && !result.error;
}

static int by_weight(const void *a, const void *b)
{
	const struct blocker *x = a, *y = b;

	if (x->is_certain != y->is_certain)
		return x->is_certain ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

/* The sockets that conflict with the place, certainly or perhaps. */
static void find_blockers(struct explanation *x)
{
	const struct facts *facts = &x->facts;

	x->n_blockers = 0;
	for (size_t i = 0; i < facts->snap.n_rows; i++) {
		const struct holder *h = &facts->holders[i];
		enum truth conflicts = rule_conflicts(&x->bind, h);

		if (conflicts == TRUTH_NO)
			continue;
		x->blockers = mem_grow(x->blockers, x->n_blockers, &x->blockers_cap,
				       sizeof(*x->blockers));
		x->blockers[x->n_blockers++] = (struct blocker){
			.row = i,
			.rule = rule_of_holder(h),
			.overlap = rule_overlap(&x->place, h),
			.is_certain = conflicts == TRUTH_YES,
		};
	}
	if (x->n_blockers)
		qsort(x->blockers, x->n_blockers, sizeof(*x->blockers), by_weight);
}

/*
 * The bind failed.  If only sockets of one kind can be why, they are: whether they have SO_REUSEADDR
 * is no question any more.
 */
static void settle_blockers(struct explanation *x)
{
	if (!x->n_blockers || x->blockers[0].is_certain ||
	    x->blockers[0].rule != x->blockers[x->n_blockers - 1].rule)
		return;
	for (size_t i = 0; i < x->n_blockers; i++)
		x->blockers[i].is_certain = true;
}

/* What the rules alone say. */
static void predict(struct explanation *x)
{
	find_blockers(x);
	x->rule = rule_of_place(&x->bind);
	if (x->rule != RULES) {
		x->verdict = WHY_TAKEN;
		x->error = rules[x->rule].error;
		x->n_blockers = 0;
	} else if (x->n_blockers) {
		x->verdict = x->blockers[0].is_certain ? WHY_TAKEN : WHY_UNKNOWN;
		x->error = EADDRINUSE;
	}
}

/* It was bound: by SO_REUSEADDR only? */
static void take_success(struct explanation *x, const struct trials *t)
{
	x->verdict = WHY_FREE;
	x->n_blockers = 0;
	if (x->question.proto != PROTO_TCP)
		return;
	x->place.reuse_addr = false;
	x->needs_reuse = !is_bindable(t, &x->place);
	if (x->needs_reuse)
		find_blockers(x);
	x->place.reuse_addr = true;
}

static void try_it(struct explanation *x, const struct trials *t)
{
	struct trial_result result = trial_bind(&x->place, &t->scope);

	if (result.step == TRIAL_USER) {
		/* We may not become that user: only the rules are left. */
		predict(x);
		if (x->verdict == WHY_FREE)
			x->verdict = WHY_UNKNOWN;
		if (x->verdict == WHY_UNKNOWN)
			x->error = result.error;
		return;
	}
	x->was_tried = true;
	x->error = result.error;
	if (!result.error) {
		take_success(x, t);
		return;
	}
	x->verdict = WHY_TAKEN;
	if (result.error == EADDRINUSE) {
		find_blockers(x);
		settle_blockers(x);
	} else if (result.step == TRIAL_SOCKET && result.error != EAFNOSUPPORT) {
		x->verdict = WHY_UNKNOWN;
	} else {
		x->rule = rule_of_error(&x->bind, result.error);
	}
}

/* ---- where it comes from ---- */

/* The first process that holds the first blocker which has one. */
static const struct process *first_process(const struct explanation *x)
{
	const struct snapshot *snap = &x->facts.snap;

	for (size_t i = 0; i < x->n_blockers; i++) {
		const struct row *row = &snap->rows[x->blockers[i].row];
		const struct process *process = row_first_process(snap, row);

		if (process)
			return process;
		if (x->blockers[i].rule <= RULE_SERVES)
			return NULL;
	}
	return NULL;
}

/*
 * A process that lives on after the shell or terminal that it was started from: adopted by process 1,
 * and in a session whose leader is gone.  Services lead sessions of their own.
 */
static bool is_leftover(int proc_root, int32_t pid)
{
	char folder[16], text[PROC_STAT_MAX_BYTES];
	struct proc_stat stat = { .name = "" };

	snprintf(folder, sizeof(folder), "%d", pid);
	if (proc_process_stat(proc_root, folder, text, &stat) || stat.parent != 1 ||
	    !stat.session || stat.session == pid)
		return false;
	snprintf(folder, sizeof(folder), "%d", stat.session);
	return faccessat(proc_root, folder, F_OK, 0);
}

static void find_origin(struct explanation *x, const struct why_scene *scene)
{
	const struct process *process = first_process(x);
	struct ancestor list[ANCESTORS_MAX];
	long ticks = sysconf(_SC_CLK_TCK);
	uint64_t started_ms;
	size_t n;

	if (!process || ticks <= 0)
		return;
	started_ms = process->start_time * 1000 / (uint64_t)ticks;
	if (started_ms && scene->boot_ms > started_ms)
		x->age_ms = scene->boot_ms - started_ms;
	if (!ancestors_read(scene->proc_root, process->pid, process->start_time, list, &n))
		ancestors_text(list, n, &x->started_by);
	x->is_leftover = is_leftover(scene->proc_root, process->pid);
}

/* ---- what helps ---- */

/* An address for IPv4: 127.0.0.1, or 0.0.0.0. */
static struct bind_place place_v4(const struct explanation *x, bool is_loopback)
{
	static const uint8_t loopback[4] = { 127, 0, 0, 1 };
	struct bind_place place = x->place;

	place.family = ADDR_INET;
	place.addr = (struct addr){ 0 };
	if (is_loopback)
		memcpy(place.addr.bytes, loopback, sizeof(loopback));
	return place;
}

/* Another address of the same port: one family alone, or one address alone. */
static void find_alternative(struct explanation *x, const struct trials *t)
{
	struct bind_place places[3] = { place_v4(x, false), place_v4(x, true), x->place };
	/* Who asks for every address would not want IPv6 alone. */
	size_t n = x->question.has_addr ? 3 : 2;

	places[2].is_v6only = true;
	if (!addr_is_any(&x->place.addr) || x->error != EADDRINUSE)
		return;
	for (size_t i = 0; i < n && !x->has_alternative; i++) {
		x->alternative = places[i];
		x->has_alternative = is_bindable(t, &places[i]);
	}
}

static void find_free_port(struct explanation *x, const struct trials *t)
{
	struct bind_place place = x->place;
	unsigned int port = x->place.port + 1U;

	if (x->error != EADDRINUSE && x->rule != RULE_PRIVILEGED)
		return;
	if (x->rule == RULE_PRIVILEGED)
		port = x->bind.first_unprivileged;
	for (unsigned int end = port + PORTS_TRIED; port <= UINT16_MAX && port < end; port++) {
		place.port = (uint16_t)port;
		if (is_bindable(t, &place)) {
			x->free_port = place.port;
			return;
		}
	}
}

static void set_place(struct explanation *x)
{
	const struct why_question *q = &x->question;
	bool has_v6 = x->facts.has_ipv6 || x->facts.is_elsewhere;

	x->place = (struct bind_place){
		.proto = q->proto,
		.family = has_v6 ? ADDR_INET6 : ADDR_INET,
		.port = q->port,
		.reuse_addr = q->proto == PROTO_TCP,
	};
	if (q->has_addr) {
		x->place.family = q->family;
		x->place.addr = q->addr;
		x->place.is_v6only = q->is_v6only;
	}
	memcpy(x->place.device, q->device, sizeof(x->place.device));
}

/* Of this namespace alone: /proc/sys/net shows no other. */
static void read_reserved(struct explanation *x, const struct why_scene *scene)
{
	bool is_needed = false;

	for (size_t i = 0; i < x->n_blockers; i++)
		is_needed |= x->blockers[i].rule == RULE_OUTGOING;
	if (!is_needed || namespaces_are_chosen(scene->sources->namespaces))
		return;
	x->knows_reserved =
		!proc_file_read(scene->proc_root, "sys/net/ipv4/ip_local_reserved_ports",
				RESERVED_MAX_BYTES, &x->reserved);
	while (x->reserved.len && x->reserved.data[x->reserved.len - 1] == '\n')
		x->reserved.len--;
}

int explain(struct explanation *x, const struct why_question *question,
	    const struct why_scene *scene)
{
	struct trials trials;
	int err;

	*x = (struct explanation){ .question = *question, .rule = RULES };
	err = facts_take(&x->facts, scene, question->proto, question->port);
	if (err)
		return err;
	set_place(x);
	x->bind.place = &x->place;
	takers_find(x, scene);
	facts_fill_case(&x->facts, question->has_user ? &question->user : NULL, &x->bind);
	if (question->no_try) {
		predict(x);
		find_origin(x, scene);
		read_reserved(x, scene);
		let_in_judge(x);
		return 0;
	}
	trials_init(&trials, x, scene);
	try_it(x, &trials);
	find_origin(x, scene);
	read_reserved(x, scene);
	let_in_judge(x);
	if (x->rule == RULE_PROGRAM)
		bind_program_cgroup(scene->proc_root, x->place.family, &x->cgroup);
	if (x->verdict == WHY_TAKEN && x->was_tried) {
		find_alternative(x, &trials);
		find_free_port(x, &trials);
	}
	return 0;
}

void explanation_fini(struct explanation *x)
{
	facts_fini(&x->facts);
	free(x->blockers);
	buf_fini(&x->started_by);
	buf_fini(&x->cgroup);
	buf_fini(&x->reserved);
	buf_fini(&x->let_in_by);
}
