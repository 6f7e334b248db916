/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the other ends of connections on other hosts. */
#include <config.h>

#include "query/ends_hosts.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "query/columns.h"
#include "query/ends_candidates.h"
#include "query/host_columns.h"
#include "query/snapshot.h"
#include "query/snapshot_host.h"
#include "query/told.h"
#include "resolve/flow.h"

/* The host of an address of several hosts. */
#define SEVERAL_HOSTS (MAP_NONE - 1)

/* The sockets of a snapshot by what they send. */
struct senders {
	const struct snapshot *snap;
	struct map link_local; /* by the hash of such an address its host, or SEVERAL_HOSTS */
	struct map first; /* by the hash of a flow */
	uint32_t *next; /* the next socket with the same hash; MAP_NONE: there is none */
};

static uint64_t hash_of(const struct addr *addr)
{
	return map_hash(0, addr, sizeof(*addr));
}

/* Notes which host a link-local address is of. */
static void add_holder(struct senders *s, const struct sock *sk)
{
	uint32_t host = (uint32_t)(snapshot_host_of(s->snap, sk) - s->snap->hosts), *holder;
	bool is_new;

	if (!addr_is_link_local((enum addr_family)sk->family, &sk->local.addr))
		return;
	holder = map_add(&s->link_local, hash_of(&sk->local.addr), host, &is_new);
	if (!is_new && *holder != host)
		*holder = SEVERAL_HOSTS;
}

/*
 * Does the address tell hosts apart?  Another link may have the same link-local one: it has to be of one
 * host alone, and none of those that are often used again.
 */
static bool is_of_one_host(const struct senders *s, enum addr_family family,
			   const struct addr *addr)
{
	if (addr_is_loopback(family, addr))
		return false;
	return !addr_is_link_local(family, addr) ||
	       (!addr_is_on_many_links(family, addr) &&
		map_get(&s->link_local, hash_of(addr)) < SEVERAL_HOSTS);
}

/* May the packets of the socket go to another host, and is that certainly one host? */
static bool can_leave(const struct senders *s, const struct sock *sk, const struct flow *flow)
{
	enum addr_family family = (enum addr_family)flow->family;

	return sock_has_other_end(sk) && is_of_one_host(s, family, &flow->from.addr) &&
	       is_of_one_host(s, family, &flow->to.addr);
}

static void senders_init(struct senders *s, const struct snapshot *snap)
{
	*s = (struct senders){ .snap = snap };
	s->next = mem_resize(NULL, snap->table.n, sizeof(*s->next));
	for (size_t i = 0; i < snap->table.n; i++)
		add_holder(s, &snap->table.socks[i]);
	for (size_t i = 0; i < snap->table.n; i++) {
		const struct sock *sk = &snap->table.socks[i];
		uint32_t *first;
		struct flow flow;
		bool is_new;

		s->next[i] = MAP_NONE;
		if (!sock_has_other_end(sk))
			continue;
		flow = flow_of(sk);
		if (!can_leave(s, sk, &flow))
			continue;
		first = map_add(&s->first, flow_hash(&flow), (uint32_t)i, &is_new);
		s->next[i] = is_new ? MAP_NONE : *first;
		*first = (uint32_t)i;
	}
}

static void senders_fini(struct senders *s)
{
	map_fini(&s->link_local);
	map_fini(&s->first);
	free(s->next);
}

/* The only socket that sends a flow by this protocol; NULL if there is none, or several. */
static const struct sock *only_sender(const struct senders *s, const struct flow *flow,
				      uint16_t proto)
{
	const struct sock *found = NULL;

	for (uint32_t i = map_get(&s->first, flow_hash(flow)); i != MAP_NONE; i = s->next[i]) {
		const struct sock *sk = &s->snap->table.socks[i];
		struct flow own = flow_of(sk);

		if (sk->proto != proto || !flow_is_equal(&own, flow))
			continue;
		if (found)
			return NULL;
		found = sk;
	}
	return found;
}

static const struct sock *other_end(const struct senders *s, const struct sock *sk)
{
	const struct sock *other;
	struct flow flow, answer;

	if (!sock_has_other_end(sk))
		return NULL;
	flow = flow_of(sk);
	answer = flow_reverse(&flow);
	/* Two hosts may have one private address: then both of their sockets could be meant. */
	if (!can_leave(s, sk, &flow) || only_sender(s, &flow, sk->proto) != sk)
		return NULL;
	other = only_sender(s, &answer, sk->proto);
	return other && snapshot_host_of(s->snap, other) != snapshot_host_of(s->snap, sk) ? other
											  : NULL;
}

/* ---- what is told of it ---- */

static uint32_t add_text(struct told *told, const char *text)
{
	uint32_t place = (uint32_t)told->texts.len, size = (uint32_t)strlen(text);

	buf_add(&told->texts, (const char *)&size, sizeof(size));
	buf_add(&told->texts, text, size);
	buf_char(&told->texts, '\0');
	return place;
}

/* The name of each host as a text; 0: it has none. */
static uint32_t *add_names(struct snapshot *snap)
{
	uint32_t *names = mem_calloc(snap->n_hosts, sizeof(*names));

	for (size_t i = 0; i < snap->n_hosts; i++)
		if (snap->hosts[i].name && snap->told->texts.len < UINT32_MAX / 2)
			names[i] = add_text(snap->told, snap->hosts[i].name);
	return names;
}

struct cells {
	struct told_cell *list;
	size_t n;
	size_t cap;
};

static void add_cell(struct cells *c, enum told_key key, size_t element, enum value_kind kind,
		     uint32_t value)
{
	c->list = mem_grow(c->list, c->n, &c->cap, sizeof(*c->list));
	c->list[c->n++] = (struct told_cell){ .key = (uint8_t)key,
					      .kind = (uint8_t)kind,
					      .element = (uint16_t)element,
					      .value = value };
}

/* Adds who has the other end, and where. */
static void add_other(struct cells *c, const struct snapshot *snap, const struct sock *other,
		      uint32_t host)
{
	const struct told *told = snap->told;
	const struct told_row *row = &told->rows[other - snap->table.socks];

	if (host)
		add_cell(c, TOLD_OTHER_HOST, 0, VALUE_TEXT, host);
	for (uint32_t i = row->owners; i < row[1].owners && i - row->owners < UINT16_MAX; i++) {
		const struct told_process *p = &told->processes[told->owners[i].process];
		size_t at = i - row->owners;

		add_cell(c, TOLD_PEER_OWNER_PID, at, VALUE_NUMBER, (uint32_t)p->process.pid);
		if (p->name)
			add_cell(c, TOLD_PEER_OWNER_NAME, at, VALUE_TEXT, p->name);
		if (host)
			add_cell(c, TOLD_PEER_OWNER_HOST, at, VALUE_TEXT, host);
	}
}

/* Writes the cells of all sockets anew, since those of a socket stand side by side. */
static void rewrite_cells(struct snapshot *snap, const struct senders *senders,
			  const uint32_t *names)
{
	struct told *told = snap->told;
	struct cells cells = { 0 };
	size_t n = snap->table.n;

	for (size_t i = 0; i < n; i++) {
		const struct sock *sk = &snap->table.socks[i], *other = NULL;
		uint32_t first = told->rows[i].cells, end = told->rows[i + 1].cells;

		if (!told_count(snap, sk, TOLD_PEER_OWNERS))
			other = other_end(senders, sk);
		/* Cells of the sockets before this one are not read any more. */
		told->rows[i].cells = (uint32_t)cells.n;
		for (uint32_t k = first; k < end; k++) {
			cells.list = mem_grow(cells.list, cells.n, &cells.cap, sizeof(*cells.list));
			cells.list[cells.n++] = told->cells[k];
		}
		if (other)
			add_other(&cells, snap, other,
				  names[snapshot_host_of(snap, other) - snap->hosts]);
	}
	told->rows[n].cells = (uint32_t)cells.n;
	free(told->cells);
	told->cells = cells.list;
	told->n_cells = cells.n;
	told->cells_cap = cells.cap;
}

/* From now on each host tells of other ends. */
static void say_so(struct snapshot *snap)
{
	for (size_t i = 0; i < snap->n_hosts; i++) {
		struct snapshot_host *host = &snap->hosts[i];

		host->lists |= (uint8_t)(1U << TOLD_PEER_OWNERS);
		host_set_column(host, column_find("peer_owners", 11), true);
		host_set_column(host, column_find("peer_owner_host", 15), true);
	}
}

void ends_find_on_hosts(struct snapshot *snap)
{
	struct senders senders;
	uint32_t *names;

	if (!snap->told || snap->n_hosts < 2 || !snap->table.n)
		return;
	names = add_names(snap);
	senders_init(&senders, snap);
	rewrite_cells(snap, &senders, names);
	senders_fini(&senders);
	free(names);
	say_so(snap);
}
