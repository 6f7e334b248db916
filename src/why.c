/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --why: can a program bind this port, and if not, why not? */
#include <config.h>

#include "why.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/number.h"
#include "base/text.h"
#include "explain/explain.h"
#include "explain/question.h"
#include "explain/words.h"
#include "format/format.h"
#include "listing.h"
#include "program.h"
#include "query_options.h"
#include "recorded.h"
#include "resolve/system_names.h"

/* A name, or a uid, of which a user need not exist. */
static int find_user(const char *name, struct trial_user *user)
{
	struct system_user found;
	uint64_t uid = 0;
	bool is_user = system_user(name, 0, &found);

	if (!is_user && number_parse(name, strlen(name), UINT32_MAX - 1, &uid))
		return -ENOENT;
	if (!is_user && !system_user(NULL, (uid_t)uid, &found)) {
		*user = (struct trial_user){ (uid_t)uid, (gid_t)uid };
		return 0;
	}
	*user = (struct trial_user){ found.uid, found.gid };
	free(found.name);
	return 0;
}

static int make_question(struct program *p, struct why_question *q)
{
	struct options *opt = &p->opt;
	struct buf error = { 0 }, shown = { 0 };
	int err;

	*q = (struct why_question){ .proto = opt->protos == PROTO_BIT(PROTO_UDP) ? PROTO_UDP
										 : PROTO_TCP,
				    .no_try = opt->no_try };
	err = question_parse(q, opt->why ? opt->why : buf_cstr(&opt->filter), p->names.services,
			     &error);
	/* -4 and -6 without an address: all of that family. */
	if (!err && !q->has_addr && opt->families && opt->families != FAMILY_ALL) {
		q->has_addr = true;
		q->family = opt->families == FAMILY_BIT(ADDR_INET) ? ADDR_INET : ADDR_INET6;
		q->is_v6only = q->family == ADDR_INET6;
	}
	if (!err && opt->as_user) {
		q->has_user = true;
		err = find_user(opt->as_user, &q->user);
		if (err)
			buf_printf(&error, _("--as: there is no user '%s'"), opt->as_user);
	}
	if (err) {
		text_visible(&shown, error.data, error.len, wants_ascii(opt));
		complain("%s", buf_cstr(&shown));
	}
	buf_fini(&error);
	buf_fini(&shown);
	return err;
}

static uint64_t boot_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void tell_problems(const struct explanation *x, const char *netns)
{
	const struct problems *problems = &x->facts.snap.problems;
	struct buf text = { 0 };

	for (size_t i = 0; i < problems->n; i++) {
		/*
		 * Other namespaces are only read to name what is behind a forward, and that the
		 * firewall could not be read stands in the answer.
		 */
		if ((problems->list[i].code == PROBLEM_NETNS && !netns) ||
		    problems->list[i].code == PROBLEM_FIREWALL)
			continue;
		buf_clear(&text);
		problem_text(&problems->list[i], true, &text);
		complain("%s", buf_cstr(&text));
	}
	buf_fini(&text);
}

static int status_of(const struct explanation *x)
{
	switch (x->verdict) {
	case WHY_FREE:
		return EXIT_ROWS;
	case WHY_TAKEN:
		return EXIT_NO_ROW;
	case WHY_UNKNOWN:
		break;
	}
	return EXIT_FAILED;
}

static int print_answer(FILE *stream, const struct program *p, const void *answer)
{
	const struct explanation *x = answer;
	struct format_options json = { .head = &p->head };
	struct buf text = { 0 };
	int err = 0;

	if (p->opt.format == FORMAT_JSON)
		return why_json_print(stream, x, &json);
	words_answer(x, wants_ascii(&p->opt), &text);
	if (fwrite(text.data, 1, text.len, stream) != text.len)
		err = -errno;
	buf_fini(&text);
	return err;
}

int run_why(struct program *p)
{
	struct why_scene scene = {
		.sources = &p->sources,
		.names = &p->names,
		.proc_root = p->proc_root,
		.time_ms = time_of_sockets(p),
		.boot_ms = boot_ms(),
		.netns = inode_of_netns(p),
		.host = host_of_sockets(p),
	};
	struct why_question question;
	struct explanation x;
	int status, err;

	if (make_question(p, &question))
		return EXIT_USAGE;
	if (p->opt.format == FORMAT_JSON)
		make_head(p, &p->head);
	err = explain(&x, &question, &scene);
	if (err) {
		complain(_("cannot read sockets: %s"), strerror(-err));
		status = EXIT_FAILED;
	} else {
		status = status_of(&x);
		if (!p->opt.is_quiet) {
			tell_problems(&x, p->opt.netns);
			err = listing_write(p, print_answer, &x);
		}
		status = listing_written(p, err, status);
	}
	explanation_fini(&x);
	return status;
}
