/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of another host: selection, columns and filter. */
#include <config.h>

#include "host_query.h"

#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "model/protos.h"
#include "program.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/plan.h"
#include "query/proc_report.h"
#include "query_options.h"
#include "remote/query_word.h"

static const char *const owners_words[] = { "auto", "bpf", "proc", "none" };
static const char *const source_words[] = { "auto", "netlink", "procfs" };

static void add_value(struct buf *word, const char *option, const char *value)
{
	struct buf text = { 0 };

	buf_printf(&text, "%s=%s", option, value);
	query_word_add(word, buf_cstr(&text));
	buf_fini(&text);
}

static void add_selection(const struct options *opt, struct buf *word)
{
	for (unsigned int i = 0; i < PROTO_COUNT; i++)
		if (opt->protos & PROTO_BIT(i))
			query_word_add(word, (char[]){ '-', proto_rows[i].letter, '\0' });
	if (opt->families & FAMILY_BIT(ADDR_INET))
		query_word_add(word, "-4");
	if (opt->families & FAMILY_BIT(ADDR_INET6))
		query_word_add(word, "-6");
	query_word_add(word, opt->is_listening && !opt->is_all ? "-l" : "-a");
	if (opt->is_numeric)
		query_word_add(word, "-n");
	if (opt->has_hosts)
		query_word_add(word, "-r");
	if (opt->has_forwards)
		query_word_add(word, "--forwards");
	if (opt->netns)
		add_value(word, "--netns", opt->netns);
	if (opt->owners != OWNERS_AUTO)
		add_value(word, "--owners", owners_words[opt->owners]);
	if (opt->source != SOURCE_KIND_AUTO)
		add_value(word, "--source", source_words[opt->source]);
}

/* All that the live view may show without being asked for more. */
#define LIVE_NEEDS                                                                              \
	(~(unsigned int)(NEED_FORWARDS | NEED_FIREWALL | NEED_PEERS | NEED_HOSTS | NEED_MPTCP | \
			 NEED_LINKS | NEED_ANCESTORS))

static unsigned int needs_of(const struct program *p)
{
	unsigned int needs = LIVE_NEEDS;
	struct plan plan;

	if (!wants_live(&p->opt)) {
		make_plan(p, PLAN_LISTING, &plan);
		needs = plan.needs & ~plan.request.hidden;
		plan_fini(&plan);
	}
	if (p->opt.has_forwards)
		needs |= NEED_FORWARDS;
	return p->opt.has_hosts ? needs | NEED_HOSTS : needs;
}

/*
 * What is read of a row also where these columns are not shown: its identity and order, and what cells
 * of other columns say.
 */
static bool is_read_by_others(const struct column *c)
{
	static const char *const keys[] = {
		"proto",       "family",	 "dual_stack",	    "state",
		"local_addr",  "local_port",	 "peer_addr",	    "peer_port",
		"ip_protocol", "iface",		 "service",	    "uid",
		"user",	       "unit",		 "owners.pid",	    "owners.name",
		"owner_note",  "candidates.pid", "candidates.name", "candidate_count",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!strcmp(c->key, keys[i]))
			return true;
	return false;
}

/* Is it the column, or a group that it is a member of? */
static bool has_member(const struct column *c, const struct column *member)
{
	size_t len = strlen(c->key);

	return c == member || (!strncmp(member->key, c->key, len) && member->key[len] == '.');
}

/* Which rows are there, and what of them, is compared or counted here. */
static bool is_plain_listing(const struct options *opt)
{
	return !wants_live(opt) && !options_wait(opt) && !opt->diff && !opt->except &&
	       !opt->missing && opt->format != FORMAT_METRICS && opt->format != FORMAT_FILTERS;
}

static bool filter_may_read(const struct filter *filter, const struct column *c)
{
	return filter &&
	       (c->needs ? c->needs & filter_needs(filter) : filter_tests_column(filter, c->key));
}

static bool is_queue(const struct column *c)
{
	return !strcmp(c->key, "recv_q") || !strcmp(c->key, "send_q");
}

static bool is_shown(const struct program *p, const struct column *c)
{
	for (size_t i = 0; i < p->columns.n; i++)
		if (has_member(p->columns.list[i], c))
			return true;
	for (size_t i = 0; i < p->n_sort; i++)
		if (has_member(p->sort[i].column, c))
			return true;
	return false;
}

/* Values that a document has only together. */
static bool are_one_fact(const struct column *a, const struct column *b)
{
	return a == b || (is_queue(a) && is_queue(b)) ||
	       (!strncmp(a->key, "timer.", 6) && !strncmp(b->key, "timer.", 6));
}

/* Does the answer need the column?  A row of all columns is twice as long as one of the usual ones. */
static bool is_wanted(const struct program *p, const struct column *c)
{
	if (!is_plain_listing(&p->opt) || is_read_by_others(c) ||
	    (p->opt.netns && !strcmp(c->key, "netns")) ||
	    (p->opt.has_forwards && !strncmp(c->key, "leads_to.", 9)))
		return true;
	for (size_t i = 0; i < columns_n; i++)
		if (are_one_fact(c, &columns[i]) &&
		    (is_shown(p, &columns[i]) || filter_may_read(p->filter, &columns[i])))
			return true;
	return false;
}

/*
 * What differs from row to row is asked for at the end: else what stands between two such values is said to be
 * as above, each time.  A group stands where the first of its members does.
 */
static bool is_varying(const struct column *c)
{
	static const char *const keys[] = { "local_port", "peer_port",	"inode",
					    "cookie",	  "owners.pid", "owners.fd" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!strcmp(c->key, keys[i]))
			return true;
	return false;
}

static bool is_of_owner(const struct column *c)
{
	return !strncmp(c->key, "owners.", 7);
}

/* Is it wanted, and can it be written from these needs?  The host's own name says nothing here. */
static bool is_asked(const struct program *p, unsigned int needs, const struct column *c)
{
	return c->shape != COLUMN_GROUP && c->shape != COLUMN_COMPOSITE && c->set &&
	       !(c->needs & ~needs) && c != columns && is_wanted(p, c);
}

static void add_columns(const struct program *p, struct buf *word)
{
	unsigned int needs = needs_of(p);
	struct buf list = { 0 }, varying = { 0 }, of_owner = { 0 };

	for (size_t i = 0; i < columns_n; i++) {
		const struct column *c = &columns[i];
		struct buf *part = is_varying(c) ? &varying : is_of_owner(c) ? &of_owner : &list;

		if (is_asked(p, needs, c))
			buf_printf(part, ",%s", c->key);
	}
	buf_add(&list, varying.data, varying.len);
	buf_add(&list, of_owner.data, of_owner.len);
	add_value(word, "--columns", buf_cstr(&list) + 1);
	buf_fini(&list);
	buf_fini(&varying);
	buf_fini(&of_owner);
}

/*
 * The filter, in its canonical form, where the other host sees what it tests.  It does not
 * know by which name it is called here, the live view keeps all rows, and what is at the other ends of
 * rows may not match itself.
 */
static void add_filter(const struct program *p, struct buf *word)
{
	struct buf text = { 0 };

	if (!p->filter || wants_live(&p->opt) || needs_of(p) & NEED_PEERS ||
	    filter_tests_column(p->filter, "host"))
		return;
	filter_print(p->filter, &text);
	if (text.len) {
		query_word_add(word, "--");
		query_word_add(word, buf_cstr(&text));
	}
	buf_fini(&text);
}

void host_query_make(const struct program *p, uint32_t every_ms, struct buf *word)
{
	struct buf seconds = { 0 };

	add_selection(&p->opt, word);
	add_columns(p, word);
	if (every_ms) {
		buf_printf(&seconds, "%u.%03u", every_ms / 1000, every_ms % 1000);
		add_value(word, "--watch", buf_cstr(&seconds));
		buf_fini(&seconds);
	}
	add_filter(p, word);
}

void host_query_of_proc(const struct program *p, struct proc_question *question)
{
	const struct options *opt = &p->opt;
	unsigned int needs = needs_of(p);

	*question = (struct proc_question){
		.protos =
			opt->protos ? opt->protos : PROTO_ALL & ~protos_where(proto_is_on_request),
		.families = FAMILY_ALL,
		.is_listening = opt->is_listening && !opt->is_all,
		.has_owners = (needs & NEED_OWNERS) && opt->owners != OWNERS_NONE,
		/* Each is a command there, too much for every few seconds. */
		.has_cmdlines = (needs & NEED_CMDLINES) && !wants_live(opt),
		.has_users = (needs & NEED_USERS) && !opt->is_numeric,
	};
}
