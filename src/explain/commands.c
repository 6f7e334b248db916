/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a person would type, or wait for, to have the blockers of one rule gone. */
#include <config.h>

#include "explain/commands.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "explain/explain.h"
#include "model/protos.h"
#include "query/columns.h"

/* More processes than these are not named. */
#define HOLDERS_MAX 8

/* The processes that hold the blockers of a rule, each once. */
struct holders {
	const struct process *list[HOLDERS_MAX];
	size_t n;
	bool is_cut;
};

static void add_process(struct holders *h, const struct process *process)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->list[i]->pid == process->pid)
			return;
	if (h->n == HOLDERS_MAX)
		h->is_cut = true;
	else
		h->list[h->n++] = process;
}

static void find_processes(const struct explanation *x, enum rule_id rule, struct holders *h)
{
	const struct snapshot *snap = &x->facts.snap;

	*h = (struct holders){ .n = 0 };
	for (size_t i = 0; i < x->n_blockers; i++) {
		struct owner_span owners;

		if (x->blockers[i].rule != rule)
			continue;
		owners = row_owners(snap, &snap->rows[x->blockers[i].row]);
		for (size_t k = 0; k < owners.n; k++)
			add_process(h, snapshot_process(snap, owners.list[k].process));
	}
}

static const struct row *first_row(const struct explanation *x, enum rule_id rule)
{
	size_t i = 0;

	while (x->blockers[i].rule != rule)
		i++;
	return &x->facts.snap.rows[x->blockers[i].row];
}

/* The text of a column; nothing where it is not known. */
static void add_value(const struct explanation *x, const struct row *row, const char *key,
		      struct buf *out)
{
	const struct column *c = column_find(key, strlen(key));

	if (!column_is_unknown(c, &x->facts.snap, row))
		column_text(c, &x->facts.snap, row, out);
}

uint64_t command_wait_ms(const struct explanation *x, enum rule_id rule)
{
	uint64_t longest = 0;

	for (size_t i = 0; i < x->n_blockers; i++) {
		const struct sock *sk = x->facts.holders[x->blockers[i].row].sk;

		if (x->blockers[i].rule == rule && sock_has(sk, SOCK_HAS_TIMER) &&
		    sk->timer_ms > longest)
			longest = sk->timer_ms;
	}
	return longest;
}

void command_holders(const struct explanation *x, enum rule_id rule, struct buf *out)
{
	struct holders h;

	find_processes(x, rule, &h);
	for (size_t i = 0; i < h.n; i++) {
		buf_str(out, i ? ", " : "");
		buf_add(out, h.list[i]->name, h.list[i]->name_len);
		buf_printf(out, "[%d]", h.list[i]->pid);
	}
	if (h.is_cut)
		buf_str(out, ", ...");
}

static bool ends_in(const struct buf *text, const char *tail)
{
	size_t len = strlen(tail);

	return text->len > len && !memcmp(text->data + text->len - len, tail, len);
}

/* "systemctl stop nginx.service"; false where the unit is none that can be stopped for it. */
static bool stop_unit(const struct explanation *x, const struct row *row, struct buf *out)
{
	struct buf unit = { 0 }, cgroup = { 0 };
	bool is_stopped;

	add_value(x, row, "unit", &unit);
	add_value(x, row, "cgroup", &cgroup);
	is_stopped = ends_in(&unit, ".service") || ends_in(&unit, ".socket");
	if (is_stopped)
		buf_printf(out,
			   strstr(buf_cstr(&cgroup), "/user@") ? "systemctl --user stop %s"
							       : "systemctl stop %s",
			   buf_cstr(&unit));
	buf_fini(&unit);
	buf_fini(&cgroup);
	return is_stopped;
}

/* pid 1 holds the sockets of socket units, which were made in the control group of the unit. */
static void stop_socket_unit(const struct explanation *x, const struct row *row, struct buf *out)
{
	struct buf cgroup = { 0 };
	const char *name;

	add_value(x, row, "cgroup", &cgroup);
	name = strrchr(buf_cstr(&cgroup), '/');
	if (name && ends_in(&cgroup, ".socket"))
		buf_printf(out, "systemctl stop %s", name + 1);
	else
		buf_str(out, _("stop its socket unit (systemctl list-sockets)"));
	buf_fini(&cgroup);
}

static void kill_processes(const struct holders *h, struct buf *out)
{
	buf_str(out, "kill");
	for (size_t i = 0; i < h->n; i++)
		buf_printf(out, " %d", h->list[i]->pid);
	if (h->is_cut)
		buf_str(out, " ...");
}

static void show_owner(const struct explanation *x, const struct row *row, struct buf *out)
{
	bool is_user = problems_viewer(&x->facts.snap.problems) == VIEWER_USER;

	if (row->owner_note == NOTE_HIDDEN && !is_user)
		buf_str(out,
			_("its owner cannot be read, although you are root: a security module or "
			  "missing capabilities prevent it"));
	else if (row->owner_note == NOTE_HIDDEN)
		buf_printf(out, _("root sees its owner: sudo portstat --why %u%s"),
			   x->question.port, x->question.proto == PROTO_UDP ? "/udp" : "");
	else if (row->owner_note == NOTE_UNHELD)
		buf_str(out,
			_("no process holds it: the kernel does (a tunnel, NFS), or it is on its way "
			  "between two"));
}

void command_stop(const struct explanation *x, enum rule_id rule, struct buf *out)
{
	const struct row *row = first_row(x, rule);
	struct buf container = { 0 };
	struct holders h;

	find_processes(x, rule, &h);
	add_value(x, row, "container", &container);
	/* A proxy is the business of the container that it leads to. */
	if (!container.len)
		add_value(x, row, "leads_to.container", &container);
	if (!h.n)
		show_owner(x, row, out);
	else if (h.list[0]->pid == 1)
		stop_socket_unit(x, row, out);
	else if (container.len)
		buf_printf(out, _("stop the container %s"), buf_cstr(&container));
	else if (row->sk->state != SOCK_STATE_LISTEN || !stop_unit(x, row, out))
		kill_processes(&h, out);
	buf_fini(&container);
}

void command_free(const struct explanation *x, struct buf *out)
{
	struct buf close = { 0 }, reserve = { 0 };
	const struct why_question *q = &x->question;

	/* A command would end connections of this namespace. */
	if (x->facts.is_elsewhere) {
		buf_str(out, _("end that connection"));
		return;
	}
	buf_printf(&close, "portstat --close %s lport %u state connected",
		   proto_rows[q->proto].name, q->port);
	if (q->has_addr && !addr_is_any(&q->addr)) {
		buf_str(&close, " laddr ");
		addr_text(&close, q->family, &q->addr);
	}
	/* The setting is replaced as a whole: what is reserved stays so. */
	buf_printf(&reserve, "sysctl net.ipv4.ip_local_reserved_ports=");
	buf_add(&reserve, x->reserved.data, x->reserved.len);
	buf_printf(&reserve, "%s%u", x->reserved.len ? "," : "", q->port);
	if (x->knows_reserved)
		buf_printf(out, _("end that connection: %1$s; to keep the port: %2$s"),
			   buf_cstr(&close), buf_cstr(&reserve));
	else
		buf_printf(out, _("end that connection: %s"), buf_cstr(&close));
	buf_fini(&close);
	buf_fini(&reserve);
}
