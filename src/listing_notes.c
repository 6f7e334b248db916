/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a listing may be empty, and what was probably meant: lines on standard error. */
#include <config.h>

#include "listing_notes.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "option_table.h"
#include "program.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/namespaces.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "query/take.h"
#include "query_options.h"
#include "recorded.h"
#include "resolve/netns.h"

/* Verbs that are options here, in addition to the names of the options themselves. */
/* clang-format off */
static const struct {
	const char *word;
	const char *option;
} verbs[] = {
	{ "kill", "signal" },	 { "stop", "signal" },	{ "terminate", "signal" },
	{ "top", "live" },	 { "monitor", "watch" }, { "follow", "watch" },
	{ "count", "summary" },	 { "compare", "diff" },	{ "explain", "why" },
};
/* clang-format on */

/* The option that is called so; NULL if there is none. */
static const char *option_of(const char *word, size_t len)
{
	const struct option_def *def = option_by_name(word, len);

	for (size_t i = 0; !def && i < sizeof(verbs) / sizeof(*verbs); i++)
		if (text_is(word, len, verbs[i].word))
			return verbs[i].option;
	return def ? def->name : NULL;
}

static bool hint_option(void *data, const char *word, size_t len, struct buf *out)
{
	const char *option = option_of(word, len);

	(void)data;
	if (!option)
		return false;
	buf_printf(out, _("did you mean the option '--%s'?"), option);
	return true;
}

/* ---- other network namespaces ---- */

/* Are the sockets those of this host, in the namespace that portstat runs in? */
static bool is_here_only(const struct program *p)
{
	return !p->opt.netns && !is_elsewhere(p) && !p->opt.proc_root;
}

static bool is_name_of(const struct netns *ns, const char *name, size_t len)
{
	return strlen(ns->name) == len && !memcmp(ns->name, name, len);
}

/*
 * Finds every namespace, and chooses those of the container if the name is one's.  False if there is only
 * this one.
 */
static bool find_namespaces(struct program *p, const char *name)
{
	struct namespaces *n = &p->every_namespace;
	struct problems problems = { 0 };
	int err = namespaces_refresh(n, p->names.containers, &problems);

	problems_fini(&problems);
	if (err || n->found.n < 2)
		return false;
	for (size_t i = 0; i < n->found.n; i++)
		n->found.list[i].is_chosen = false;
	netns_choose_container(&n->found, n->proc_root, p->names.containers, name);
	return true;
}

/* The name is not NUL-terminated. */
static bool hint_netns(struct program *p, const char *name, size_t len, bool is_keyed,
		       struct buf *out)
{
	const struct netns_list *found = &p->every_namespace.found;
	struct buf word = { 0 }, shown = { 0 };
	bool has_several, is_container = false, is_netns = false;

	if (!is_here_only(p) || !len || memchr(name, '\0', len))
		return false;
	buf_add(&word, name, len);
	text_visible(&shown, name, len, false);
	has_several = find_namespaces(p, buf_cstr(&word));
	for (size_t i = 1; has_several && i < found->n; i++) {
		is_netns |= found->list[i].is_there && is_name_of(&found->list[i], name, len);
		is_container |= found->list[i].is_chosen;
	}
	if (is_container)
		buf_printf(out,
			   _("the container '%1$s' has a network namespace of its own; list it "
			     "with: -N %1$s"),
			   buf_cstr(&shown));
	else if (is_netns)
		buf_printf(out, _("there is a network namespace '%1$s'; list it with: -N %1$s"),
			   buf_cstr(&shown));
	else if (is_keyed && has_several)
		buf_str(out, _("only this network namespace was listed; -N all lists every one"));
	buf_fini(&word);
	buf_fini(&shown);
	return is_container || is_netns || (is_keyed && has_several);
}

static bool hint_name(void *data, const char *name, size_t len, struct buf *out)
{
	return hint_netns(data, name, len, false, out) || hint_option(data, name, len, out);
}

static bool hint_place(void *data, const char *name, size_t len, struct buf *out)
{
	return hint_netns(data, name, len, true, out);
}

/* ---- another filter ---- */

/* Lists what another filter matches, with the same options.  Returns the number of rows. */
static size_t take_other(const struct program *p, const char *text, struct snapshot *snap)
{
	struct program other = *p;
	struct filter_error error;
	struct plan plan;
	size_t n = 0;

	*snap = (struct snapshot){ .netns = inode_of_netns(p), .host = host_of_sockets(p) };
	other.filter = NULL;
	/* A recording has the listing alone. */
	if (p->opt.record || filter_parse(&other.filter, text, strlen(text), &p->names, &error))
		return 0;
	make_plan(&other, PLAN_LISTING, &plan);
	if (!snapshot_take(snap, &plan, &p->sources, &p->names, time_of_sockets(p)))
		n = snap->n_rows;
	plan_fini(&plan);
	filter_free(other.filter);
	return n;
}

/* The filter, if it is one word; to be freed. */
static char *only_word(const struct program *p)
{
	const struct buf *text = &p->opt.filter;
	bool has_ports = false;

	for (int i = 0; i < PORT_OPTIONS; i++)
		has_ports |= p->opt.ports[i].option != NULL;
	if (!text->len || has_ports || memchr(text->data, ' ', text->len) ||
	    memchr(text->data, '\0', text->len))
		return NULL;
	return strndup(text->data, text->len);
}

static bool is_process(const struct program *p, const char *number)
{
	return p->proc_root >= 0 && !faccessat(p->proc_root, number, F_OK, 0);
}

static bool has_sockets(const struct program *p, const char *pid)
{
	struct buf filter = { 0 };
	struct snapshot snap;
	size_t n;

	buf_printf(&filter, "pid %s", pid);
	n = take_other(p, buf_cstr(&filter), &snap);
	snapshot_fini(&snap);
	buf_fini(&filter);
	return n;
}

/*
 * A number is a port, also after -p.  If no socket has that port but a process has that pid, suggests to
 * filter by pid.
 */
void listing_suggest_pid(const struct program *p, const struct snapshot *snap)
{
	const char *number = p->opt.number_after_p;
	char *word = only_word(p);
	bool lists_all = !p->opt.is_listening && !p->opt.protos && !p->opt.families &&
			 !p->opt.wait.is_given && !p->opt.wait_none.is_given;
	bool is_pid;

	/* Where all sockets were listed, no other one can have the port. */
	if (!number && lists_all && word && !word[strspn(word, "0123456789")])
		number = word;
	is_pid = number && !snap->n_rows && !is_elsewhere(p) && is_process(p, number);
	if (is_pid && (p->opt.number_after_p || has_sockets(p, number)))
		complain(_("no socket has port %s; for the sockets of process "
			   "%s write: portstat 'pid %s'"),
			 number, number, number);
	free(word);
}

/* Would a socket that is bound to every address get what is sent to this one of the host's? */
static bool serves(const struct row *row, const char *addr, const struct own_addrs *own)
{
	size_t len = strlen(addr);
	enum addr_family family;
	struct addr parsed;

	if (!strcmp(addr, "localhost"))
		return true;
	if (len > 2 && *addr == '[' && addr[len - 1] == ']') {
		addr++;
		len -= 2;
	}
	if (addr_parse(addr, len, &family, &parsed) || !own_addrs_has(own, 0, family, &parsed))
		return false;
	return row->sk->family == family || (family == ADDR_INET && sock_is_dual_stack(row->sk));
}

/* For "127.0.0.1:8080": a listener of 0.0.0.0:8080 has another address, but answers there, too. */
static void suggest_wildcard(const struct program *p)
{
	struct buf filter = { 0 }, local = { 0 };
	struct own_addrs own = { 0 };
	struct snapshot snap = { 0 };
	char *word = only_word(p), *colon = word ? strrchr(word, ':') : NULL;
	size_t n = 0;

	if (colon && colon > word && colon[1] && !colon[1 + strspn(colon + 1, "0123456789")]) {
		*colon = '\0';
		buf_printf(&filter, "lport %s laddr 0.0.0.0,:: state listen,bound", colon + 1);
		n = take_other(p, buf_cstr(&filter), &snap);
		namespaces_read_addrs(NULL, &own);
		own_addrs_sort(&own);
	}
	for (size_t i = 0; i < n; i++) {
		if (!serves(&snap.rows[i], word, &own))
			continue;
		column_text(column_find("local", strlen("local")), &snap, &snap.rows[i], &local);
		complain(_("%1$s answers at that address, too: portstat -l %2$s"), buf_cstr(&local),
			 colon + 1);
		break;
	}
	snapshot_fini(&snap);
	own_addrs_fini(&own);
	buf_fini(&filter);
	buf_fini(&local);
	free(word);
}

void listing_tell_names(struct program *p, const struct snapshot *snap)
{
	const struct filter_hints hints = { hint_name, hint_option, hint_place, p };
	struct buf notes = { 0 };
	char *line, *rest;

	if (p->opt.is_quiet)
		return;
	filter_notes(p->filter, snap, p->proc_root, &hints, &notes);
	buf_cstr(&notes);
	for (line = strtok_r(notes.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		complain("%s", line);
	buf_fini(&notes);
}

void listing_tell_notes(struct program *p, const struct snapshot *snap)
{
	listing_tell_names(p, snap);
	if (!p->opt.is_quiet && !snap->n_rows && is_here_only(p))
		suggest_wildcard(p);
}
