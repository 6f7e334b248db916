/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dialogs that ask before something is done to the host: which signal, and close this socket? */
#include <config.h>

#include "live/state_parts.h"

#include <signal.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "live/jobs.h"
#include "model/vocab.h"
#include "query/columns.h"

static const struct {
	int number;
	const char *name;
	const char *help;
} signals[] = {
	{ SIGTERM, "TERM", N_("asks it to end") },
	{ SIGKILL, "KILL", N_("ends it at once; it cannot tidy up") },
	{ SIGHUP, "HUP", N_("often: read the configuration again") },
	{ SIGINT, "INT", N_("as Ctrl-C does") },
	{ SIGQUIT, "QUIT", N_("ends it and leaves a core") },
	{ SIGUSR1, "USR1", N_("means what the program says") },
	{ SIGUSR2, "USR2", N_("means what the program says") },
	{ SIGSTOP, "STOP", N_("lets it stand still") },
	{ SIGCONT, "CONT", N_("lets it go on") },
};
#define SIGNALS_N (sizeof(signals) / sizeof(*signals))

/* ---- whom it is about ---- */

/* A job in the making. */
struct gathering {
	const struct live_state *s;
	struct job *job;
	struct map places; /* who is in it already, and where */
};

static uint64_t process_key(const struct process *p)
{
	return frame_hash(frame_hash(1, &p->pid, sizeof(p->pid)), &p->start_time,
			  sizeof(p->start_time));
}

/* Adds the one with this key unless it is there: says whether there is something to fill in. */
static bool is_new(struct gathering *g, uint64_t key)
{
	bool is_added;

	map_add(&g->places, key, (uint32_t)g->job->n, &is_added);
	return is_added;
}

static void add_process(struct gathering *g, const struct row *row, size_t i)
{
	const struct live_state *s = g->s;
	const struct snapshot *snap = &s->frame->snap;
	const struct process *p =
		snapshot_process(snap, row_owners(snap, row).list[i].process);
	struct value user = { .kind = VALUE_NULL };
	struct job_target *target;
	struct buf text = { 0 };

	if (!is_new(g, process_key(p)))
		return;
	state_visible(s, p->name, p->name_len, &text);
	buf_printf(&text, "[%d]", p->pid);
	target = job_add(g->job, text.data, text.len);
	target->pid = p->pid;
	target->start_time = p->start_time;
	column_value(s->columns.owner_user, snap, row, i, &user);
	buf_clear(&text);
	if (user.kind == VALUE_TEXT)
		state_visible(s, user.text.bytes, user.text.len, &text);
	else
		buf_u64(&text, p->uid);
	target->user = mem_strdup(buf_cstr(&text));
	buf_fini(&text);
}

static void add_socket(struct gathering *g, const struct row *row)
{
	const struct live_columns *known = &g->s->columns;
	const struct snapshot *snap = &g->s->frame->snap;
	struct buf raw = { 0 }, text = { 0 };
	struct job_target *target;

	if (!is_new(g, frame_sock_id(row->sk)))
		return;
	buf_str(&raw, proto_name((enum sock_proto)row->sk->proto));
	buf_char(&raw, ' ');
	column_text(known->local, snap, row, &raw);
	if (sock_has(row->sk, SOCK_HAS_PEER)) {
		buf_str(&raw, " > ");
		column_text(known->peer, snap, row, &raw);
	}
	state_visible(g->s, raw.data, raw.len, &text);
	target = job_add(g->job, text.data, text.len);
	target->sk = *row->sk;
	buf_fini(&raw);
	buf_fini(&text);
}

static void add_row(struct gathering *g, const struct row *row)
{
	struct owner_span owners = row_owners(&g->s->frame->snap, row);

	if (frame_ghost(g->s->frame, row))
		return;
	if (g->job->kind == JOB_CLOSE)
		add_socket(g, row);
	for (size_t i = 0; g->job->kind == JOB_SIGNAL && i < owners.n; i++)
		add_process(g, row, i);
}

/* A process stands for itself, a peer for all its connections, everything else for its socket. */
static void add_item(struct gathering *g, const struct live_item *item)
{
	const struct live_state *s = g->s;
	const struct live_group *group = item_group(s, item);
	const struct row *row = item_row(s, item);
	struct owner_span owners;

	if (!group || group->kind == GROUP_LISTENER) {
		add_row(g, row);
		return;
	}
	if (group->kind == GROUP_PROCESS && g->job->kind == JOB_SIGNAL) {
		owners = row_owners(&s->frame->snap, row);
		for (size_t i = 0; i < owners.n; i++)
			if (owners.list[i].process == group->process)
				add_process(g, row, i);
		return;
	}
	for (uint32_t at = group->first; at != MAP_NONE; at = s->children[at].next)
		add_row(g, &s->rows[s->children[at].row]);
}

static void count_socks(struct gathering *g)
{
	const struct snapshot *snap = &g->s->frame->snap;

	for (size_t i = 0; i < snap->n_rows; i++) {
		struct owner_span owners = row_owners(snap, &snap->rows[i]);

		for (size_t j = 0; j < owners.n; j++) {
			uint32_t at = map_get(&g->places, process_key(snapshot_process(
								  snap, owners.list[j].process)));

			if (at != MAP_NONE)
				g->job->targets[at].n_socks++;
		}
	}
}

/* Tagged rows that are folded away count as well. */
static void add_tagged(struct gathering *g)
{
	const struct live_state *s = g->s;

	for (size_t i = 0; i < s->n_rows; i++)
		if (state_is_tagged(s, frame_note(s->frame, &s->rows[i])->id))
			add_row(g, &s->rows[i]);
	for (size_t i = 0; i < s->n_groups; i++)
		if (s->groups[i].kind != GROUP_LISTENER && state_is_tagged(s, s->groups[i].id))
			add_item(g, &(struct live_item){ .at = (uint32_t)i, .kind = ITEM_GROUP });
}

/* Why there is nothing to be done about the row under the cursor, or the tagged ones. */
static const char *why_nobody(const struct live_state *s, enum job_kind kind)
{
	const struct row *row = s->n_tags ? NULL : item_row(s, state_current(s));

	if (row && frame_ghost(s->frame, row))
		return _("This socket is closed already.");
	if (s->n_tags && !state_has_tagged(s))
		return _("The tagged rows are not in this view; U takes the tags away.");
	if (kind == JOB_CLOSE)
		return _("There is no socket here that could be closed.");
	if (row && row->note == NOTE_HIDDEN &&
	    problems_viewer(&s->frame->snap.problems) != VIEWER_USER)
		return _("Its process cannot be read, not even by root here.");
	if (row && row->note == NOTE_HIDDEN)
		return _("Its process cannot be read: run as root, or with CAP_SYS_PTRACE.");
	return s->n_tags ? _("No owner of the tagged rows is known.") :
			   _("No owner of this row is known.");
}

static void open_dialog(struct live_state *s, enum job_kind kind)
{
	const struct live_item *item = s->frame ? state_current(s) : NULL;
	struct gathering g = { .s = s };

	if (s->setup.is_read_only) {
		live_state_say(s, true, _("This is read-only: nothing is closed and nobody killed."));
		return;
	}
	if (!item)
		return;
	g.job = job_new(kind);
	if (s->n_tags)
		add_tagged(&g);
	else
		add_item(&g, item);
	if (kind == JOB_SIGNAL)
		count_socks(&g);
	map_fini(&g.places);
	if (!g.job->n) {
		live_state_say(s, true, why_nobody(s, kind));
		job_free(g.job);
		return;
	}
	dialog_close(s);
	s->mode = kind == JOB_SIGNAL ? MODE_KILL : MODE_CLOSE;
	s->dialog.job = g.job;
	/* Several rows were tagged on purpose; of one row's owners the first is meant. */
	s->dialog.target = s->n_tags ? g.job->n : 0;
}

void dialog_open_kill(struct live_state *s)
{
	open_dialog(s, JOB_SIGNAL);
}

void dialog_open_close(struct live_state *s)
{
	open_dialog(s, JOB_CLOSE);
}

static void hand_over(struct live_state *s)
{
	job_free(s->out.job);
	s->out.job = s->dialog.job;
	s->dialog.job = NULL;
	state_untag(s);
	dialog_close(s);
}

/* ---- what both ask ---- */

#define TARGETS_SHOWN 5
/* More lines than any panel has. */
#define ALL_LINES 1000

static void target_text(const struct live_state *s, size_t i, struct buf *out)
{
	const struct live_dialog *d = &s->dialog;
	const struct job_target *t = &d->job->targets[i];
	bool is_chosen = d->job->kind == JOB_SIGNAL && (d->target == i || d->target == d->job->n);

	buf_clear(out);
	buf_printf(out, " %c ", is_chosen ? '*' : ' ');
	if (t->user)
		buf_printf(out, _("%s of %s"), t->label, t->user);
	else
		buf_str(out, t->label);
}

/* Whom it is about, below each other, and how many more; returns how many lines that takes. */
static int draw_targets(const struct live_state *s, struct canvas *out, int y, int n)
{
	size_t left = s->dialog.job->n;
	struct buf text = { 0 };
	int lines = 0;

	for (size_t i = 0; left && lines < n; i++, left--) {
		int wanted;

		target_text(s, i, &text);
		wanted = panel_text(s, NULL, 0, ALL_LINES, STYLE_PLAIN, buf_cstr(&text)) + (left > 1);
		if (i && (i == TARGETS_SHOWN || lines + wanted > n)) {
			buf_clear(&text);
			buf_printf(&text, P_("   and %zu more", "   and %zu more", left), left);
			left = 1;
		}
		lines += panel_text(s, out, y + lines, n - lines, STYLE_PLAIN, buf_cstr(&text));
	}
	buf_fini(&text);
	return lines;
}

/* ---- kill ---- */

/* Only the target that is chosen stays in the job. */
static void keep_target(struct job *job, size_t at)
{
	struct job_target kept = job->targets[at];

	job->targets[at] = job->targets[0];
	job->targets[0] = kept;
	while (job->n > 1) {
		job->n--;
		free(job->targets[job->n].label);
		free(job->targets[job->n].user);
	}
}

void dialog_kill_key(struct live_state *s, uint32_t key)
{
	struct live_dialog *d = &s->dialog;
	size_t choices = d->job->n > 1 ? d->job->n + 1 : 1;
	enum live_action action = key_action(key);

	if (action == ACTION_CANCEL || action == ACTION_QUIT) {
		dialog_close(s);
	} else if (action == ACTION_UP) {
		d->chosen -= d->chosen > 0;
	} else if (action == ACTION_DOWN) {
		d->chosen += d->chosen + 1 < SIGNALS_N;
	} else if (action == ACTION_UNFOLD || action == ACTION_NEXT_VIEW) {
		d->target = (d->target + 1) % choices;
	} else if (action == ACTION_FOLD || action == ACTION_PREVIOUS_VIEW) {
		d->target = (d->target + choices - 1) % choices;
	} else if (action == ACTION_ENTER) {
		d->job->signal = signals[d->chosen].number;
		if (d->target < d->job->n)
			keep_target(d->job, d->target);
		hand_over(s);
	}
}

static void kill_question(const struct live_state *s, struct buf *out)
{
	const struct live_dialog *d = &s->dialog;
	const struct job_target *t;
	unsigned int n_socks = 0;

	if (d->target < d->job->n) {
		t = &d->job->targets[d->target];
		buf_printf(out, P_(" Send %s to %s of %s?  %u socket shown goes with it.",
				   " Send %s to %s of %s?  %u sockets shown go with it.", t->n_socks),
			   signals[d->chosen].name, t->label, t->user ? t->user : "-", t->n_socks);
		return;
	}
	for (size_t i = 0; i < d->job->n; i++)
		n_socks += d->job->targets[i].n_socks;
	buf_printf(out, P_(" Send %s to %zu process?", " Send %s to all %zu processes?", d->job->n),
		   signals[d->chosen].name, d->job->n);
	buf_printf(out, P_("  %u socket shown goes with them.", "  %u sockets shown go with them.", n_socks),
		   n_socks);
}

/* The question, and where there is a choice, among whom. */
static int draw_question(const struct live_state *s, struct canvas *out, int y, int n)
{
	struct buf text = { 0 };
	int lines;

	kill_question(s, &text);
	lines = panel_text(s, out, y, n, STYLE_LABEL, buf_cstr(&text));
	buf_fini(&text);
	if (s->dialog.job->n > 1)
		lines += draw_targets(s, out, y + lines, n - lines);
	return lines;
}

/* So many signals stay in sight below the question. */
#define LEAST_SIGNALS 3

int dialog_kill_height(const struct live_state *s)
{
	return 1 + draw_question(s, NULL, 0, ALL_LINES) + (int)SIGNALS_N;
}

void dialog_kill_draw(const struct live_state *s, struct canvas *out, int y, int n)
{
	const struct live_dialog *d = &s->dialog;
	int first = 1 + draw_question(s, out, y + 1, n - 1 - LEAST_SIGNALS);
	size_t room = n > first ? (size_t)(n - first) : 0, top = 0;
	struct buf text = { 0 };

	panel_rule(s, out, y,
		   d->job->n > 1 ?
			   _("kill: Up Down signal, Left Right process, Enter sends, Esc leaves") :
			   _("kill: Up Down signal, Enter sends, Esc leaves"));
	if (room && d->chosen >= room)
		top = d->chosen - room + 1;
	for (size_t i = 0; i < room && top + i < SIGNALS_N; i++) {
		size_t at = top + i;
		enum style style = at == d->chosen ? STYLE_CHOSEN : STYLE_PLAIN;
		int line = y + first + (int)i;

		buf_clear(&text);
		buf_printf(&text, " %c %2d %-5s ", at == d->chosen ? '>' : ' ', signals[at].number,
			   signals[at].name);
		canvas_put(out, line, style, text.data, text.len);
		canvas_str(out, line, style, _(signals[at].help));
		canvas_to(out, line, style, s->width);
	}
	buf_fini(&text);
}

/* ---- close ---- */

void dialog_close_key(struct live_state *s, uint32_t key)
{
	enum live_action action = key_action(key);

	if (action == ACTION_CANCEL || action == ACTION_QUIT || key == 'n')
		dialog_close(s);
	else if (action == ACTION_ENTER || key == 'y')
		hand_over(s);
}

static int draw_close_question(const struct live_state *s, struct canvas *out, int y, int n)
{
	size_t n_socks = s->dialog.job->n;
	struct buf text = { 0 };
	int lines;

	buf_printf(&text, P_(" Close %zu socket?  The process that holds it sees the connection aborted.",
			     " Close %zu sockets?  The processes that hold them see them aborted.",
			     n_socks),
		   n_socks);
	lines = panel_text(s, out, y, n, STYLE_LABEL, buf_cstr(&text));
	buf_fini(&text);
	return lines + draw_targets(s, out, y + lines, n - lines);
}

int dialog_close_height(const struct live_state *s)
{
	return 1 + draw_close_question(s, NULL, 0, ALL_LINES);
}

void dialog_close_draw(const struct live_state *s, struct canvas *out, int y, int n)
{
	panel_rule(s, out, y, _("close: Enter closes in the kernel, Esc leaves"));
	draw_close_question(s, out, y + 1, n - 1);
}
