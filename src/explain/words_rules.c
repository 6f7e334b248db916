/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of an answer: why the port cannot be bound, and what helps. */
#include <config.h>

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "explain/commands.h"
#include "explain/explain.h"
#include "explain/words_parts.h"
#include "query/leads.h"
#include "resolve/forwards.h"
#include "resolve/resolver.h"

/* How the addresses overlap, where they are not the same. */
static void overlap_words(const struct explanation *x, const struct blocker *b, struct buf *out)
{
	const struct sock *sk = x->facts.holders[b->row].sk;
	struct buf addr = { 0 };

	addr_text(&addr, (enum addr_family)sk->family, &sk->local.addr);
	switch (b->overlap) {
	case OVERLAP_NONE:
	case OVERLAP_SAME:
		break;
	case OVERLAP_WILDCARD:
		buf_printf(out, _("%s stands for every address"), buf_cstr(&addr));
		break;
	case OVERLAP_COVERED:
		buf_printf(out, _("every address includes %s"), buf_cstr(&addr));
		break;
	case OVERLAP_CONNECTION:
		buf_str(out,
			_("0.0.0.0 also meets IPv6 connections of a socket without IPV6_V6ONLY"));
		break;
	case OVERLAP_DUAL_STACK:
		if (x->question.has_addr)
			buf_str(out, _(":: without IPV6_V6ONLY includes every IPv4 address"));
		break;
	}
	buf_fini(&addr);
}

static void outgoing_words(const struct explanation *x, struct buf *out)
{
	struct port_range range = x->facts.snap.names->ephemeral;

	if (port_in_range(range, x->question.port))
		buf_printf(out, _("%u is in this host's ephemeral range (%u-%u)"), x->question.port,
			   range.first, range.last);
	else
		buf_str(out, _("an outgoing connection keeps its port until it ends"));
}

static void word(const struct explanation *x, enum rule_id rule, enum rule_word which,
		 struct buf *out)
{
	switch (which) {
	case RULE_WORD_NONE:
		break;
	case RULE_WORD_PORT:
		buf_u64(out, x->question.port);
		break;
	case RULE_WORD_ADDR:
		addr_text(out, x->place.family, &x->place.addr);
		break;
	case RULE_WORD_DEVICE:
		buf_str(out, x->place.device);
		break;
	case RULE_WORD_UNPRIVILEGED:
		buf_u64(out, x->bind.first_unprivileged);
		break;
	case RULE_WORD_EPHEMERAL:
		outgoing_words(x, out);
		break;
	case RULE_WORD_TIME:
		words_duration(command_wait_ms(x, rule) + 999, out);
		break;
	case RULE_WORD_HOLDERS:
		command_holders(x, rule, out);
		break;
	case RULE_WORD_CGROUP:
		buf_add(out, x->cgroup.data, x->cgroup.len);
		break;
	case RULE_WORD_STOP:
		command_stop(x, rule, out);
		break;
	case RULE_WORD_FREE:
		command_free(x, out);
		break;
	}
}

static void add_sentence(const struct explanation *x, enum rule_id rule, const char *sentence,
			 enum rule_word which, struct buf *out)
{
	struct buf what = { 0 };

	word(x, rule, which, &what);
	if (sentence && (which == RULE_WORD_NONE || what.len))
		buf_sentence(out, *sentence == '%' ? sentence : _(sentence), buf_cstr(&what));
	buf_fini(&what);
}

static void because_words(const struct explanation *x, enum rule_id rule, struct buf *out)
{
	add_sentence(x, rule, rules[rule].because, rules[rule].because_word, out);
}

static void remedy_words(const struct explanation *x, enum rule_id rule, struct buf *out)
{
	add_sentence(x, rule, rules[rule].remedy, rules[rule].remedy_word, out);
}

/* Has every socket in the way the option, as far as that is known? */
static bool all_share(const struct explanation *x, bool by_port)
{
	for (size_t i = 0; i < x->n_blockers; i++) {
		const struct holder *h = &x->facts.holders[x->blockers[i].row];

		if ((by_port ? h->reuse_port : h->reuse_addr) != TRUTH_YES)
			return false;
	}
	return x->n_blockers;
}

/* Are they all of the user that binds?  Otherwise one of the others' is returned. */
static const struct row *row_of_other(const struct explanation *x)
{
	for (size_t i = 0; i < x->n_blockers; i++) {
		const struct row *row = &x->facts.snap.rows[x->blockers[i].row];

		if (sock_has(row->sk, SOCK_HAS_UID) && row->sk->uid != x->bind.uid)
			return row;
	}
	return NULL;
}

/* Why a group does not take in the one that binds. */
static void group_words(const struct words *w, struct buf *out)
{
	const struct row *other = all_share(w->x, true) ? row_of_other(w->x) : NULL;
	struct buf user = { 0 };

	if (!other)
		return;
	words_cell(w, other, "user", &user);
	buf_printf(out, _("SO_REUSEPORT shares a port among the sockets of one user only, here %s"),
		   buf_cstr(&user));
	buf_fini(&user);
}

/* A proxy that was left behind: nothing listens where it leads to, in any namespace. */
static void stale_words(const struct words *w, const struct row *row, struct buf *out)
{
	const struct snapshot *snap = &w->x->facts.snap;
	struct buf target = { 0 };
	size_t n;
	const struct lead *leads = leads_of(snap, row, &n);

	if (!n || leads->to || !lead_forward(snap, leads)->pid || !w->x->facts.has_all)
		return;
	words_cell(w, row, "leads_to", &target);
	buf_printf(out, _("it sends on to %s, where nothing listens: what it served is gone"),
		   buf_cstr(&target));
	buf_fini(&target);
}

/* How the port could be shared. */
static void share_words(const struct explanation *x, struct buf *out)
{
	if (all_share(x, true) && !row_of_other(x))
		buf_str(out, _("set SO_REUSEPORT, as the sockets there do: the kernel then divides "
			       "what comes in"));
	else if (x->question.proto == PROTO_UDP && all_share(x, false))
		buf_str(out,
			_("SO_REUSEADDR would do, as the sockets there have it; but the last one "
			  "that binds gets every datagram"));
}

/* Is it the first blocker of its rule? */
static bool is_first_of_rule(const struct explanation *x, size_t i)
{
	return !i || x->blockers[i].rule != x->blockers[i - 1].rule;
}

void words_reasons(const struct words *w)
{
	const struct explanation *x = w->x;
	struct buf line = { 0 };

	if (x->rule != RULES) {
		because_words(x, x->rule, &line);
		words_line(w, _("because"), &line);
	}
	if (x->n_blockers &&
	    (x->blockers[0].rule <= RULE_BOUND || x->blockers[0].overlap == OVERLAP_CONNECTION))
		overlap_words(x, &x->blockers[0], &line);
	if (line.len)
		words_line(w, _("because"), &line);
	if (x->n_blockers)
		stale_words(w, &x->facts.snap.rows[x->blockers[0].row], &line);
	if (line.len)
		words_line(w, _("because"), &line);
	group_words(w, &line);
	if (line.len)
		words_line(w, _("because"), &line);
	for (size_t i = 0; i < x->n_blockers; i++) {
		/* What its listener is there for needs no word. */
		if (!is_first_of_rule(x, i) ||
		    (x->blockers[i].rule == RULE_ACCEPTED && x->blockers[0].rule == RULE_LISTEN))
			continue;
		because_words(x, x->blockers[i].rule, &line);
		if (line.len)
			words_line(w, _("because"), &line);
	}
	buf_fini(&line);
}

void words_remedies(const struct words *w)
{
	const struct explanation *x = w->x;
	const char *label = _("to use it");
	struct buf line = { 0 }, remedy = { 0 }, said = { 0 };
	bool has_port = false;

	if (x->rule != RULES) {
		remedy_words(x, x->rule, &line);
		words_line(w, label, &line);
	}
	for (size_t i = 0; i < x->n_blockers && x->verdict == WHY_TAKEN; i++) {
		if (!is_first_of_rule(x, i))
			continue;
		buf_clear(&remedy);
		remedy_words(x, x->blockers[i].rule, &remedy);
		if (!remedy.len ||
		    (remedy.len == said.len && !memcmp(remedy.data, said.data, said.len)))
			continue;
		buf_clear(&said);
		buf_add(&said, remedy.data, remedy.len);
		if (x->free_port && !has_port &&
		    rules[x->blockers[i].rule].remedy_word == RULE_WORD_STOP) {
			buf_printf(&line, _("%s, or listen on another port: %u is free"),
				   buf_cstr(&remedy), x->free_port);
			has_port = true;
		} else {
			buf_add(&line, remedy.data, remedy.len);
		}
		words_line(w, label, &line);
	}
	if (x->verdict == WHY_TAKEN)
		share_words(x, &line);
	if (line.len)
		words_line(w, label, &line);
	if (x->has_alternative) {
		buf_clear(&remedy);
		place_text(&x->alternative, &remedy);
		if (x->alternative.is_v6only)
			buf_printf(&line, _("serve IPv6 alone (IPV6_V6ONLY): %s can be bound"),
				   buf_cstr(&remedy));
		else if (addr_is_any(&x->alternative.addr))
			buf_printf(&line, _("serve IPv4 alone: %s can be bound"),
				   buf_cstr(&remedy));
		else
			buf_printf(&line, _("bind one address: %s can be bound"),
				   buf_cstr(&remedy));
		words_line(w, label, &line);
	}
	if (x->free_port && !has_port) {
		buf_printf(&line, _("listen on another port: %u is free"), x->free_port);
		words_line(w, label, &line);
	}
	buf_fini(&said);
	buf_fini(&remedy);
	buf_fini(&line);
}
