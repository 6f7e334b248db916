/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An explanation in words, as a terminal shows it. */
#include <config.h>

#include "explain/words.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "explain/commands.h"
#include "explain/explain.h"
#include "explain/takers.h"
#include "model/vocab.h"
#include "query/columns.h"
#include "query/leads.h"
#include "resolve/forward_rules.h"
#include "resolve/resolver.h"

/* Labels stand in this many columns; a longer one is set apart by LABEL_GAP. */
#define LABEL_WIDTH 8
#define LABEL_GAP 4

/* So many sockets of one rule have a line of their own. */
#define LINES_MAX 3

struct words {
	const struct explanation *x;
	struct buf *out;
	bool is_ascii;
};

/* Adds a line; what others chose in it is made visible. */
static void add_line(const struct words *w, const char *label, struct buf *text)
{
	size_t width = text_width(label, strlen(label));

	buf_printf(w->out, "  %s", label);
	buf_fill(w->out, ' ', width < LABEL_WIDTH ? LABEL_WIDTH - width : LABEL_GAP);
	text_visible(w->out, text->data, text->len, w->is_ascii);
	buf_char(w->out, '\n');
	buf_clear(text);
}

static void add_cell(const struct words *w, const struct row *row, const char *key, struct buf *out)
{
	column_text(column_find(key, strlen(key)), &w->x->facts.snap, row, out);
}

static bool has_cell(const struct words *w, const struct row *row, const char *key)
{
	return !column_is_unknown(column_find(key, strlen(key)), &w->x->facts.snap, row);
}

/* "2h14m", at most two units. */
static void add_duration(uint64_t ms, struct buf *out)
{
	static const struct {
		unsigned int seconds;
		char letter;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	uint64_t seconds = ms / 1000;
	size_t i = 0;

	while (i < 3 && seconds < units[i].seconds)
		i++;
	for (size_t last = i; i < 4 && i <= last + 1; i++) {
		uint64_t n = seconds / units[i].seconds;

		if (n || i == last)
			buf_printf(out, "%u%c", (unsigned int)n, units[i].letter);
		seconds %= units[i].seconds;
	}
}

/* ---- the first line ---- */

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

/* "nat PREROUTING > DOCKER sends it to 172.17.0.2:80" */
static void add_forward(const struct words *w, const struct row *row, const char *subject,
			struct buf *out)
{
	const struct snapshot *snap = &w->x->facts.snap;
	struct buf target = { 0 }, local = { 0 };
	const struct forward *forward;
	const char *rule, *to;
	size_t n;

	forward = lead_forward(snap, leads_of(snap, row, &n));
	rule = forwards_text(&snap->names->forwards->forwards, forward->rule);
	add_cell(w, row, "leads_to", &target);
	add_cell(w, row, "local", &local);
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
}

static void add_headline(const struct words *w)
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

/* ---- what is in the way ---- */

/* What nobody holds ends by itself. */
static void add_timer(const struct sock *sk, struct buf *out)
{
	struct buf left = { 0 };

	add_duration(sk->timer_ms + 999, &left);
	buf_printf(out, _("for another %s"), buf_cstr(&left));
	buf_fini(&left);
}

static void add_who(const struct words *w, const struct row *row, bool is_first, struct buf *out)
{
	struct buf process = { 0 }, user = { 0 }, since = { 0 };

	if (row->owner_note == NOTE_TIME_WAIT && row->sk->timer_ms)
		add_timer(row->sk, &process);
	else
		add_cell(w, row, "process", &process);
	if (has_cell(w, row, "user"))
		add_cell(w, row, "user", &user);
	if (is_first && w->x->age_ms)
		add_duration(w->x->age_ms, &since);
	if (since.len && user.len)
		buf_printf(out, _("%1$s of %2$s, since %3$s"), buf_cstr(&process), buf_cstr(&user),
			   buf_cstr(&since));
	else if (user.len)
		buf_printf(out, _("%1$s of %2$s"), buf_cstr(&process), buf_cstr(&user));
	else
		buf_add(out, process.data, process.len);
	buf_fini(&process);
	buf_fini(&user);
	buf_fini(&since);
}

/* Adds what the column says, if it says something. */
static void add_field(const struct words *w, const struct row *row, const char *key,
		      const char *sentence, struct buf *out)
{
	struct buf cell = { 0 };

	if (!has_cell(w, row, key))
		return;
	add_cell(w, row, key, &cell);
	buf_str(out, "   ");
	buf_sentence(out, sentence, buf_cstr(&cell));
	buf_fini(&cell);
}

/* "LISTEN *:8080  node[7741] of ana, since 2h14m   unit app-node.scope" */
static void add_blocker(const struct words *w, const struct blocker *b, bool is_first)
{
	const struct row *row = &w->x->facts.snap.rows[b->row];
	struct buf line = { 0 }, who = { 0 };

	buf_printf(&line, "%s ", state_title((enum sock_state)row->sk->state));
	add_cell(w, row, "local", &line);
	if (sock_has(row->sk, SOCK_HAS_PEER)) {
		buf_str(&line, " > ");
		add_cell(w, row, "peer", &line);
	}
	add_who(w, row, is_first, &who);
	buf_str(&line, "  ");
	if (b->rule == RULE_OUTGOING)
		buf_printf(&line, _("%s, an outgoing connection"), buf_cstr(&who));
	else
		buf_add(&line, who.data, who.len);
	add_field(w, row, "unit", _("unit %s"), &line);
	add_field(w, row, "container", _("container %s"), &line);
	if (!b->is_certain)
		buf_printf(&line, "   %s", _("perhaps: its options are hidden from this user"));
	add_line(w, _("by"), &line);
	if (is_first && w->x->started_by.len) {
		buf_printf(&line, _("started by %.*s"), (int)w->x->started_by.len,
			   w->x->started_by.data);
		add_line(w, "", &line);
	}
	buf_fini(&who);
	buf_fini(&line);
}

static void add_blockers(const struct words *w)
{
	const struct explanation *x = w->x;
	struct buf line = { 0 };
	size_t i = 0;

	while (i < x->n_blockers) {
		enum rule_id rule = x->blockers[i].rule;
		size_t n = 0;

		for (; i < x->n_blockers && x->blockers[i].rule == rule; i++)
			if (n++ < LINES_MAX)
				add_blocker(w, &x->blockers[i], !i);
		if (n <= LINES_MAX)
			continue;
		n -= LINES_MAX;
		buf_printf(&line, P_("and %u more like it", "and %u more like these", n),
			   (unsigned int)n);
		add_line(w, "", &line);
	}
	if (x->verdict == WHY_TAKEN && x->error == EADDRINUSE && !x->n_blockers) {
		buf_str(&line, _("a socket that the kernel does not list"));
		add_line(w, _("by"), &line);
	}
	buf_fini(&line);
}

/* ---- why ---- */

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

static void word(const struct explanation *x, const struct blocker *b, enum rule_word which,
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
		add_duration(command_wait_ms(x, b->rule) + 999, out);
		break;
	case RULE_WORD_HOLDERS:
		command_holders(x, b->rule, out);
		break;
	case RULE_WORD_STOP:
		command_stop(x, b->rule, out);
		break;
	}
}

static void add_sentence(const struct explanation *x, const struct blocker *b, const char *sentence,
			 enum rule_word which, struct buf *out)
{
	struct buf what = { 0 };

	word(x, b, which, &what);
	if (sentence && (which == RULE_WORD_NONE || what.len))
		buf_sentence(out, *sentence == '%' ? sentence : _(sentence), buf_cstr(&what));
	buf_fini(&what);
}

void words_because(const struct explanation *x, const struct blocker *b, struct buf *out)
{
	const struct rule *rule = &rules[b ? b->rule : x->rule];

	add_sentence(x, b, rule->because, rule->because_word, out);
}

void words_remedy(const struct explanation *x, const struct blocker *b, struct buf *out)
{
	const struct rule *rule = &rules[b ? b->rule : x->rule];

	add_sentence(x, b, rule->remedy, rule->remedy_word, out);
}

/* Is it the first blocker of its rule? */
static bool is_first_of_rule(const struct explanation *x, size_t i)
{
	return !i || x->blockers[i].rule != x->blockers[i - 1].rule;
}

static void add_because(const struct words *w)
{
	const struct explanation *x = w->x;
	struct buf line = { 0 };

	if (x->rule != RULES) {
		words_because(x, NULL, &line);
		add_line(w, _("because"), &line);
	}
	if (x->n_blockers &&
	    (x->blockers[0].rule <= RULE_BOUND || x->blockers[0].overlap == OVERLAP_CONNECTION))
		overlap_words(x, &x->blockers[0], &line);
	if (line.len)
		add_line(w, _("because"), &line);
	for (size_t i = 0; i < x->n_blockers; i++) {
		/* What its listener is there for needs no word. */
		if (!is_first_of_rule(x, i) ||
		    (x->blockers[i].rule == RULE_ACCEPTED && x->blockers[0].rule == RULE_LISTEN))
			continue;
		words_because(x, &x->blockers[i], &line);
		if (line.len)
			add_line(w, _("because"), &line);
	}
	buf_fini(&line);
}

/* ---- who gets it now ---- */

/* The row of a taker, or NULL. */
static const struct row *row_of(const struct explanation *x, const struct sock *sk)
{
	for (size_t i = 0; i < x->facts.snap.n_rows; i++)
		if (sock_has(sk, SOCK_HAS_COOKIE) && x->facts.snap.rows[i].sk->cookie == sk->cookie)
			return &x->facts.snap.rows[i];
	return NULL;
}

static void add_takers(const struct words *w)
{
	const struct explanation *x = w->x;
	struct buf line = { 0 }, to = { 0 };

	for (size_t i = 0; i < x->n_takers; i++) {
		const struct taker *taker = &x->takers[i];
		const struct row *row = row_of(x, &taker->sk), own = { .sk = &taker->sk };

		if (!taker_is_news(x, taker))
			continue;
		buf_clear(&to);
		place_text(&(struct bind_place){ .family = taker->family,
						 .addr = taker->to.addr,
						 .port = taker->to.port },
			   &to);
		buf_printf(&line, "%s > ", buf_cstr(&to));
		add_cell(w, row ? row : &own, "local", &line);
		if (row) {
			buf_str(&line, "  ");
			add_cell(w, row, "process", &line);
		} else {
			buf_printf(&line, "  %s", _("by a BPF program (sk_lookup)"));
		}
		add_line(w, _("goes to"), &line);
	}
	buf_fini(&to);
	buf_fini(&line);
}

/* ---- what helps ---- */

static void add_remedies(const struct words *w)
{
	const struct explanation *x = w->x;
	const char *label = _("to use it");
	struct buf line = { 0 }, remedy = { 0 }, said = { 0 };
	bool has_port = false;

	if (x->rule != RULES) {
		words_remedy(x, NULL, &line);
		add_line(w, label, &line);
	}
	for (size_t i = 0; i < x->n_blockers && x->verdict == WHY_TAKEN; i++) {
		if (!is_first_of_rule(x, i))
			continue;
		buf_clear(&remedy);
		words_remedy(x, &x->blockers[i], &remedy);
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
		add_line(w, label, &line);
	}
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
		add_line(w, label, &line);
	}
	if (x->free_port && !has_port) {
		buf_printf(&line, _("listen on another port: %u is free"), x->free_port);
		add_line(w, label, &line);
	}
	buf_fini(&said);
	buf_fini(&remedy);
	buf_fini(&line);
}

void words_answer(const struct explanation *x, bool is_ascii, struct buf *out)
{
	const struct words w = { x, out, is_ascii };

	add_headline(&w);
	add_blockers(&w);
	add_because(&w);
	add_takers(&w);
	add_remedies(&w);
}
