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

void problems_clear(struct problems *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->list[i].test);
	p->n = 0;
}

static bool is_same(const struct problem *a, const struct problem *b)
{
	if (a->code != b->code || a->proto != b->proto || a->lack != b->lack || a->way != b->way ||
	    a->key != b->key)
		return false;
	return a->test && b->test ? !strcmp(a->test, b->test) : a->test == b->test;
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
	if (problem->test)
		added->test = mem_strndup(problem->test, strlen(problem->test));
}

void problems_drop(struct problems *p, enum problem_code code)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (p->list[i].code == code)
			free(p->list[i].test);
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
