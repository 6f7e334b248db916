/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of what is missing from a listing. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/problem.h"

void problems_fini(struct problems *p)
{
	problems_clear(p);
	free(p->list);
	*p = (struct problems){ 0 };
}

static void forget(struct problem *problem)
{
	free(problem->test);
	free(problem->host);
	free(problem->told.code);
	free(problem->told.netns);
	free(problem->told.field);
}

void problems_clear(struct problems *p)
{
	for (size_t i = 0; i < p->n; i++)
		forget(&p->list[i]);
	p->n = 0;
}

/* Two texts, either of which may be missing. */
static bool is_same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool is_same(const struct problem *a, const struct problem *b)
{
	if (a->code != b->code || a->proto != b->proto || a->lack != b->lack || a->way != b->way ||
	    a->key != b->key || a->document != b->document || a->remote != b->remote)
		return false;
	return is_same_text(a->test, b->test) && is_same_text(a->host, b->host);
}

static char *copy(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

void problems_add(struct problems *p, const struct problem *problem)
{
	struct problem *added;

	for (size_t i = 0; i < p->n; i++) {
		if (!is_same(&p->list[i], problem))
			continue;
		if (problem->code == PROBLEM_UNTESTED)
			p->list[i].count += problem->count;
		return;
	}
	p->list = mem_grow(p->list, p->n, &p->cap, sizeof(*p->list));
	added = &p->list[p->n++];
	*added = *problem;
	added->test = copy(problem->test);
	added->host = copy(problem->host);
	added->told.code = copy(problem->told.code);
	added->told.netns = copy(problem->told.netns);
	added->told.field = copy(problem->told.field);
}

void problems_drop(struct problems *p, enum problem_code code)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (p->list[i].code == code)
			forget(&p->list[i]);
		else
			p->list[n++] = p->list[i];
	}
	p->n = n;
}

enum problem_viewer problems_viewer(const struct problems *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->list[i].code == PROBLEM_PROCESSES)
			return p->list[i].viewer;
	return VIEWER_USER;
}
