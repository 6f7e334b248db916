/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a snapshot of what a host without portstat tells: finds owners and names as for this host. */
#include <config.h>

#include "query/proc_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/collect.h"
#include "query/columns.h"
#include "query/host_columns.h"
#include "query/plan.h"
#include "query/proc_report_owners.h"
#include "query/row_owners.h"
#include "query/serving.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/telling.h"
#include "resolve/resolver.h"

/* What no such report has, whatever is asked. */
#define LACKING                                                                        \
	((unsigned int)(NEED_CANDIDATES | NEED_FORWARDS | NEED_FIREWALL | NEED_HOSTS | \
			NEED_LINKS | NEED_ANCESTORS | NEED_NETNS | NEED_PEERS))

/* What the values of sockets themselves may need here. */
#define FOUND_HERE ((unsigned int)(NEED_SERVICES | NEED_ADDRS | NEED_IFACES))

struct task {
	const struct proc_report *report;
	const struct proc_question *question;
	struct snapshot seen; /* as if the sockets were this host's: what follows from them */
	struct telling telling;
	struct report_owners owners;
	bool sees_all; /* processes */
};

/* For all connections together, how many listeners may be looked at, which takes a second. */
#define LOOKS_MAX ((uint64_t)1 << 26)

/* ---- the sockets, as a snapshot of this host has them ---- */

/* Are there so few listeners at each port that those of each connection can be found? */
static bool has_few_listeners(const struct sock_table *table)
{
	uint32_t *listeners = mem_calloc(PORT_MAX + 1, sizeof(*listeners));
	uint64_t looks = 0;

	for (size_t i = 0; i < table->n; i++)
		listeners[table->socks[i].local.port] += sock_is_serving(&table->socks[i]);
	for (size_t i = 0; i < table->n; i++) {
		const struct sock *sk = &table->socks[i];

		if (!sock_is_serving(sk))
			looks += listeners[sk->local.port] + (uint64_t)listeners[sk->remote.port];
	}
	free(listeners);
	return looks <= LOOKS_MAX;
}

static void see(struct task *task, const struct resolver *names)
{
	const struct document_head *head = &task->report->head;
	const struct sources sources = { .is_replay = true };
	bool has_few = has_few_listeners(&task->report->table);
	const struct plan plan = { .needs = task->question->has_owners && has_few ? NEED_OWNERS
										  : 0 };
	struct snapshot *seen = &task->seen;

	*seen = (struct snapshot){
		.table = task->report->table,
		.names = names,
		.is_replay = true,
		.resolved = NEED_ADDRS | (names->services ? NEED_SERVICES : 0),
	};
	for (size_t i = 0; i < head->n_addrs; i++)
		own_addrs_add(&seen->own_addrs, 0, head->addrs[i].family, &head->addrs[i].addr);
	own_addrs_sort(&seen->own_addrs);
	seen->rows = mem_calloc(seen->table.n, sizeof(*seen->rows));
	seen->n_rows = seen->table.n;
	for (size_t i = 0; i < seen->n_rows; i++)
		seen->rows[i].sk = &seen->table.socks[i];
	row_owners_note(seen, &plan, &sources);
	if (names->services && has_few)
		seen->serving = serving_new(&seen->table, &plan, &sources);
}

/* The table is the report's. */
static void unsee(struct task *task)
{
	task->seen.table = (struct sock_table){ 0 };
	snapshot_fini(&task->seen);
}

static void tell_owners(struct task *task, const struct row *row)
{
	const struct sock *held = row_held(&task->seen, row);
	enum owner_note note = (enum owner_note)row->owner_note;
	size_t n = 0;

	if (task->question->has_owners && held && sock_has(held, SOCK_HAS_INODE))
		n = report_owners_tell(&task->owners, held->inode);
	if (task->question->has_owners && note == NOTE_NOT_ASKED) {
		note = task->sees_all ? NOTE_UNHELD : NOTE_HIDDEN;
		if (n)
			note = NOTE_NONE;
	}
	task->telling.row.note = (uint8_t)note;
}

/* ---- sockets ---- */

/* What follows from the socket and others: the service, who can reach it, how far away the peer is. */
static void tell_cells(struct task *task, const struct row *row)
{
	const struct report_text *user = proc_report_user(task->report, row->sk->uid);

	for (size_t i = 0; i < columns_n; i++) {
		const struct column *c = &columns[i];
		struct value value = { .kind = VALUE_NULL };

		if (!c->told || c->shape != COLUMN_PLAIN || !c->needs || c->needs & ~FOUND_HERE)
			continue;
		c->get(c, &task->seen, row, 0, &value);
		telling_set(&task->telling, c, 0, &value);
	}
	if (user && sock_has(row->sk, SOCK_HAS_UID))
		telling_cell(&task->telling, TOLD_USER, 0, VALUE_TEXT,
			     telling_text(&task->telling, user->bytes, user->len));
}

static void tell_sockets(struct task *task, struct snapshot *out)
{
	struct telling *t = &task->telling;

	telling_init(t, out);
	report_owners_init(&task->owners, task->report, t);
	for (size_t i = 0; i < task->seen.n_rows; i++) {
		const struct row *row = &task->seen.rows[i];

		telling_begin(t, 0);
		t->sk = *row->sk;
		t->has_port = proto_has_ports((enum sock_proto)t->sk.proto);
		t->netns = task->report->netns;
		tell_cells(task, row);
		tell_owners(task, row);
		telling_end(t);
	}
	telling_fini(t);
}

/* ---- the host ---- */

static void tell_columns(const struct proc_question *question, struct snapshot_host *host)
{
	unsigned int lacking = LACKING;

	if (!question->has_owners)
		lacking |= NEED_OWNERS | NEED_CGROUPS;
	if (!question->has_cmdlines)
		lacking |= NEED_CMDLINES;
	host_add_columns(host);
	host_set_column(host, column_find("owners.started", 14), true);
	host_set_column(host, column_find("owners.ppid", 11), true);
	for (size_t i = 0; i < columns_n; i++)
		if (columns[i].shape != COLUMN_GROUP && columns[i].shape != COLUMN_COMPOSITE &&
		    columns[i].needs & lacking)
			host_set_column(host, &columns[i], false);
	host_set_column(host, column_find("pod", 3), false);
	host_finish_columns(host);
}

static void tell_host(struct task *task, struct proc_report *report, uint64_t now_ms,
		      struct snapshot *out)
{
	struct snapshot_host *host = mem_calloc(1, sizeof(*host));

	out->hosts = host;
	out->n_hosts = 1;
	document_head_sort_addrs(&report->head);
	host->head = report->head;
	report->head = (struct document_head){ 0 };
	host->head.selection = (struct selection){
		/* What has no file there has no sockets there either. */
		.protos = task->question->protos & ~PROTO_BIT(PROTO_MPTCP),
		.families = task->question->families,
		.is_listening = task->question->is_listening,
	};
	host->time_ms = report->time_ms ? report->time_ms : now_ms;
	host->hides_processes = !task->sees_all;
	tell_columns(task->question, host);
}

/* ---- what is missing ---- */

static enum problem_viewer viewer_of(const struct proc_report *report,
				     const struct document_head *head)
{
	if (!head->has_uid || head->uid)
		return VIEWER_USER;
	return report->is_host_userns ? VIEWER_BARRED : VIEWER_OF_CONTAINER;
}

/* As one that a document has, which counts only where a row lacks owners. */
static void tell_hidden(const struct proc_report *report, struct snapshot *out)
{
	const struct problem hidden = {
		.code = PROBLEM_PROCESSES,
		.proto = PROBLEM_NO_PROTO,
		.count = report->n_denied,
		.viewer = viewer_of(report, &out->hosts[0].head),
	};
	struct problem problem = { .code = PROBLEM_TOLD, .proto = PROBLEM_NO_PROTO };
	char code[16] = { 0 };
	struct buf text = { 0 };

	snprintf(code, sizeof(code), "%s", problem_code_name(PROBLEM_PROCESSES));
	problem_text(&hidden, false, &text);
	buf_cstr(&text);
	problem.told.code = code;
	problem.test = text.data;
	problems_add(&out->problems, &problem);
	buf_fini(&text);
}

static void tell_problems(const struct task *task, struct snapshot *out)
{
	const struct proc_report *r = task->report;
	struct problem problem = { .proto = PROBLEM_NO_PROTO };

	if (task->question->has_owners && !task->sees_all)
		tell_hidden(r, out);
	for (int proto = 0; proto < PROTO_COUNT; proto++) {
		problem = (struct problem){
			.code = PROBLEM_CUT_SHORT,
			.proto = proto,
			.error = EBADMSG,
		};
		if (r->damaged & PROTO_BIT(proto))
			problems_add(&out->problems, &problem);
	}
	problem = (struct problem){
		.code = PROBLEM_DOCUMENT,
		.proto = PROBLEM_NO_PROTO,
		.document = DOCUMENT_HAS_BAD_VALUES,
		.count = r->n_bad + task->owners.is_endless,
	};
	if (problem.count)
		problems_add(&out->problems, &problem);
}

void proc_report_tell(struct proc_report *report, const struct proc_question *question,
		      struct services *services, uint64_t now_ms, struct snapshot *out)
{
	const struct resolver names = {
		.services = services,
		.ephemeral = report->head.ephemeral,
	};
	struct task task = {
		.report = report,
		.question = question,
		.sees_all = !report->n_denied && !report->hides_processes && report->is_host_pidns,
	};

	see(&task, &names);
	tell_host(&task, report, now_ms, out);
	tell_sockets(&task, out);
	tell_problems(&task, out);
	unsee(&task);
	report_owners_fini(&task.owners);
}
