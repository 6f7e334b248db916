/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which events this run of the program wants: protocols, families and namespaces of its options. */
#include <config.h>

#include "event_request.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "events/event_table.h"
#include "program.h"
#include "query_options.h"
#include "recorded.h"

static int open_socket(void *data, uint16_t netns, int domain, int type, int protocol)
{
	struct program *p = data;

	return namespaces_socket(&p->namespaces, netns, domain, type, protocol);
}

static int open_file(void *data, uint16_t netns, const char *name)
{
	const struct namespaces *n = &((struct program *)data)->namespaces;

	if (netns >= n->found.n || !n->found.list[netns].is_there)
		return -ENOENT;
	return netns_open_file(&n->found.list[netns], n->proc_root, name);
}

void event_request_init(struct event_request *r, struct program *p, unsigned int kinds)
{
	const unsigned int followed =
		PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_UDP) | PROTO_BIT(PROTO_UDPLITE);

	*r = (struct event_request){
		.kinds = kinds,
		.protos = p->opt.protos ? p->opt.protos & followed : followed,
		.families = p->opt.families ? p->opt.families : FAMILY_ALL,
		.proc_root = p->proc_root,
		.table = event_table_new(),
		.open_socket = open_socket,
		.open_file = open_file,
		.data = p,
	};
}

void event_request_fini(struct event_request *r)
{
	event_table_free(r->table);
	free(r->netns);
	*r = (struct event_request){ 0 };
}

static void report(const struct problems *problems)
{
	struct buf text = { 0 };

	for (size_t i = 0; i < problems->n; i++) {
		buf_clear(&text);
		problem_text(&problems->list[i], true, &text);
		complain("%s", buf_cstr(&text));
	}
	buf_fini(&text);
}

static void choose(struct event_request *r, const struct program *p)
{
	const struct namespaces *n = &p->namespaces;
	size_t k = 0;

	free(r->netns);
	r->netns = mem_calloc(n->found.n + 1, sizeof(*r->netns));
	if (!namespaces_are_chosen(n))
		r->netns[k++] = (struct event_netns){ .inode = inode_of_netns(p) };
	for (size_t i = 0; namespaces_are_chosen(n) && i < n->found.n; i++)
		if (n->found.list[i].is_chosen)
			r->netns[k++] = (struct event_netns){ n->found.list[i].inode, (uint16_t)i };
	r->n_netns = k;
	r->is_every_netns = n->are_all;
}

int event_request_find_netns(struct event_request *r, struct program *p, bool is_reported)
{
	struct problems problems = { 0 };
	int err = 0;

	if (namespaces_are_chosen(&p->namespaces))
		err = namespaces_refresh(&p->namespaces, p->names.containers, &problems);
	if (is_reported)
		report(&problems);
	problems_fini(&problems);
	choose(r, p);
	return err ? EXIT_FAILED : 0;
}

void event_request_find_more(struct event_request *r, struct program *p)
{
	struct problems problems = { 0 };

	if (!r->is_every_netns)
		return;
	if (!namespaces_refresh(&p->namespaces, p->names.containers, &problems))
		choose(r, p);
	problems_fini(&problems);
}
