/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sockets of an answer: what is in the way, and who gets a packet now. */
#include <config.h>

#include <errno.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "explain/explain.h"
#include "explain/takers.h"
#include "explain/url.h"
#include "explain/words_parts.h"
#include "model/vocab.h"

/* So many sockets of one rule have a line of their own. */
#define LINES_MAX 3

/* What nobody holds ends by itself. */
static void add_timer(const struct sock *sk, struct buf *out)
{
	struct buf left = { 0 };

	words_duration(sk->timer_ms + 999, &left);
	buf_printf(out, _("for another %s"), buf_cstr(&left));
	buf_fini(&left);
}

static void add_who(const struct words *w, const struct row *row, bool is_first, struct buf *out)
{
	struct buf process = { 0 }, user = { 0 }, since = { 0 };

	if (row->owner_note == NOTE_TIME_WAIT && row->sk->timer_ms)
		add_timer(row->sk, &process);
	else
		words_cell(w, row, "process", &process);
	if (words_has(w, row, "user"))
		words_cell(w, row, "user", &user);
	if (is_first && w->x->age_ms)
		words_duration(w->x->age_ms, &since);
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

	if (!words_has(w, row, key))
		return;
	words_cell(w, row, key, &cell);
	buf_str(out, "   ");
	buf_sentence(out, sentence, buf_cstr(&cell));
	buf_fini(&cell);
}

/* Who started the process of the first socket. */
static void add_origin(const struct words *w)
{
	const struct explanation *x = w->x;
	struct buf line = { 0 };

	if (x->is_leftover)
		buf_str(&line, _("a leftover: the session in which it was started has ended"));
	else if (x->started_by.len)
		buf_printf(&line, _("started by %.*s"), (int)x->started_by.len, x->started_by.data);
	if (line.len)
		words_line(w, "", &line);
	buf_fini(&line);
}

/* "LISTEN *:8080  node[7741] of ana, since 2h14m   unit app-node.scope" */
static void add_blocker(const struct words *w, const struct blocker *b, bool is_first)
{
	const struct row *row = &w->x->facts.snap.rows[b->row];
	struct buf line = { 0 }, who = { 0 };

	buf_printf(&line, "%s ", state_title((enum sock_state)row->sk->state));
	words_cell(w, row, "local", &line);
	if (sock_has(row->sk, SOCK_HAS_PEER)) {
		buf_str(&line, " > ");
		words_cell(w, row, "peer", &line);
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
	words_line(w, _("by"), &line);
	if (is_first)
		add_origin(w);
	buf_fini(&who);
	buf_fini(&line);
}

void words_blockers(const struct words *w)
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
		words_line(w, "", &line);
	}
	if (x->n_blockers && x->blockers[0].rule <= RULE_SERVES) {
		words_reach(w, &x->facts.snap.rows[x->blockers[0].row]);
		url_of_row(&x->facts.snap, &x->facts.snap.rows[x->blockers[0].row], &line);
	}
	if (line.len)
		words_line(w, _("opens as"), &line);
	if (x->verdict == WHY_TAKEN && x->error == EADDRINUSE && !x->n_blockers) {
		buf_str(&line, _("a socket that the kernel does not list"));
		words_line(w, _("by"), &line);
	}
	buf_fini(&line);
}

/* The row of a taker, or NULL. */
static const struct row *row_of(const struct explanation *x, const struct sock *sk)
{
	for (size_t i = 0; i < x->facts.snap.n_rows; i++)
		if (sock_has(sk, SOCK_HAS_COOKIE) && x->facts.snap.rows[i].sk->cookie == sk->cookie)
			return &x->facts.snap.rows[i];
	return NULL;
}

void words_takers(const struct words *w)
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
		words_cell(w, row ? row : &own, "local", &line);
		if (row) {
			buf_str(&line, "  ");
			words_cell(w, row, "process", &line);
		} else {
			buf_printf(&line, "  %s", _("by a BPF program (sk_lookup)"));
		}
		words_line(w, _("goes to"), &line);
	}
	buf_fini(&to);
	buf_fini(&line);
}
