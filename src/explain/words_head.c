/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first line of an answer: can the port be bound? */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "explain/explain.h"
#include "explain/words_parts.h"
#include "query/leads.h"
#include "resolve/forward_rules.h"
#include "resolve/resolver.h"

/* "tcp 8080", "udp 127.0.0.1:53". */
static void add_subject(const struct explanation *x, struct buf *out)
{
	buf_printf(out, "%s ", proto_rows[x->question.proto].name);
	if (x->question.has_addr || *x->question.device)
		place_text(&x->place, out);
	else
		buf_u64(out, x->question.port);
}

static const char *error_words(const struct explanation *x)
{
	bool is_listener = x->n_blockers && x->blockers[0].rule <= RULE_SERVES;

	switch (x->error) {
	case EADDRINUSE:
		if (x->question.proto == PROTO_TCP && x->n_blockers && !is_listener)
			return _("address already in use, even with SO_REUSEADDR");
		return _("address already in use");
	case EACCES:
		return _("permission denied");
	case EPERM:
		return _("operation not permitted");
	case EADDRNOTAVAIL:
		return _("address not available");
	case ENODEV:
		return _("no such device");
	case EINVAL:
		return _("invalid address");
	case EAFNOSUPPORT:
		return _("address family not supported");
	}
	return strerror(x->error);
}

/* The first rule that sends packets from outside elsewhere; NULL where none does. */
static const struct row *forward_row(const struct explanation *x)
{
	const struct snapshot *snap = &x->facts.snap;

	for (size_t i = 0; i < snap->n_rows; i++) {
		size_t n;
		const struct lead *leads = leads_of(snap, &snap->rows[i], &n);

		if (n && sock_is_forward(snap->rows[i].sk) &&
		    lead_forward(snap, leads)->from_outside &&
		    rule_overlap(&x->place, &x->facts.holders[i]) != OVERLAP_NONE)
			return &snap->rows[i];
	}
	return NULL;
}

bool words_has_forward(const struct words *w)
{
	return forward_row(w->x);
}

/* "nat PREROUTING > DOCKER sends it to 172.17.0.2:80" */
static void add_forward(const struct words *w, const struct row *row, const char *subject,
			struct buf *out)
{
	const struct snapshot *snap = &w->x->facts.snap;
	struct buf target = { 0 }, local = { 0 }, by = { 0 };
	const struct forward *forward;
	const char *rule, *to;
	size_t n;

	forward = lead_forward(snap, leads_of(snap, row, &n));
	rule = forwards_text(&snap->names->forwards->forwards, forward->rule);
	/* A BPF program has no rule. */
	if (!*rule) {
		words_cell(w, row, "leads_to.by", &by);
		rule = buf_cstr(&by);
	}
	words_cell(w, row, "leads_to", &target);
	words_cell(w, row, "local", &local);
	to = buf_cstr(&target);
	if (forward->depends)
		buf_printf(out,
			   _("%1$s can be bound, but not every packet from outside comes to it: "
			     "%2$s sends some to %3$s"),
			   subject, rule, to);
	else if (addr_is_any(&row->sk->local.addr))
		buf_printf(out,
			   _("%1$s can be bound, but gets no packet from outside: "
			     "%2$s sends it to %3$s"),
			   subject, rule, to);
	else
		buf_printf(out,
			   _("%1$s can be bound, but gets no packet from outside for %4$s: "
			     "%2$s sends it to %3$s"),
			   subject, rule, to, buf_cstr(&local));
	buf_fini(&target);
	buf_fini(&local);
	buf_fini(&by);
}

void words_headline(const struct words *w)
{
	const struct explanation *x = w->x;
	struct buf subject = { 0 }, line = { 0 };
	const struct row *forward = forward_row(x);
	const char *name, *error = error_words(x);

	add_subject(x, &subject);
	name = buf_cstr(&subject);
	if (x->verdict == WHY_UNKNOWN)
		buf_printf(&line, _("whether %s can be bound is not to be told: %s"), name, error);
	else if (x->verdict == WHY_TAKEN)
		buf_printf(&line, _("%s cannot be bound: %s"), name, error);
	else if (forward)
		add_forward(w, forward, name, &line);
	else if (x->needs_reuse)
		buf_printf(&line, _("%s can be bound, but only with SO_REUSEADDR"), name);
	else if (!x->was_tried)
		buf_printf(&line, _("%s can be bound by the rules; it was not tried"), name);
	else
		buf_printf(&line, _("%s can be bound"), name);
	text_visible(w->out, line.data, line.len, w->is_ascii);
	buf_char(w->out, '\n');
	buf_fini(&line);
	buf_fini(&subject);
}
