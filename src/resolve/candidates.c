/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may hold a socket whose owners are hidden: the processes in the cgroup in which it was made. */
#include <config.h>

#include "resolve/candidates.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/map.h"
#include "base/mem.h"
#include "model/port_set.h"
#include "resolve/cgroup_members.h"
#include "resolve/cgroups.h"
#include "resolve/named_ports.h"

/* A cgroup in which sockets were made. */
struct group {
	const struct cgroup *cgroup; /* NULL: not known any more, or the root */
	size_t first; /* its processes, in members.list */
	size_t n;
	uint32_t sets; /* the first of its sets; MAP_NONE: there is none */
};

/* A port that a command line names. */
struct named_port {
	uint32_t member; /* whose */
	uint16_t port;
};

/* For sockets with the same key.  Those with a port that no command line names share one. */
struct set {
	struct candidate_set shown;
	struct candidates_key key; /* port 0: by none */
	size_t first; /* which processes, in fits */
	uint32_t next; /* of the same list; MAP_NONE: the last one */
	/* Of a set by no port: */
	uint32_t by_port; /* the first of those by a port */
	bool has_ports; /* the next three are known */
	struct port_set *ports; /* which ports command lines name; NULL: none */
	size_t first_port; /* who names which, in named */
	size_t n_ports;
};

struct candidates {
	struct cgroups *cgroups;
	uint64_t own_netns;
	struct cgroup_members members;
	struct map by_cgroup; /* cgroup id to group */
	struct group *groups;
	size_t n_groups;
	size_t groups_cap;
	struct set *sets;
	size_t n_sets;
	size_t sets_cap;
	uint32_t *fits; /* indexes in members.list */
	size_t n_fits;
	size_t fits_cap;
	struct named_port *named;
	size_t n_named;
	size_t named_cap;
};

struct candidates *candidates_new(int proc_root, struct cgroups *cgroups)
{
	struct candidates *c = mem_calloc(1, sizeof(*c));
	struct stat st;

	c->cgroups = cgroups;
	c->members.proc_root = proc_root;
	c->own_netns = fstatat(proc_root, "self/net/tcp", &st, 0) ? 0 : st.st_ino;
	return c;
}

void candidates_clear(struct candidates *c)
{
	for (size_t i = 0; i < c->n_sets; i++)
		free(c->sets[i].ports);
	cgroup_members_clear(&c->members);
	map_clear(&c->by_cgroup);
	c->n_groups = c->n_sets = c->n_fits = c->n_named = 0;
}

void candidates_free(struct candidates *c)
{
	if (!c)
		return;
	candidates_clear(c);
	cgroup_members_fini(&c->members);
	map_fini(&c->by_cgroup);
	free(c->groups);
	free(c->sets);
	free(c->fits);
	free(c->named);
	free(c);
}

static struct group *group_of(struct candidates *c, uint64_t id)
{
	bool is_added;
	uint32_t at = *map_add(&c->by_cgroup, id, (uint32_t)c->n_groups, &is_added);
	const struct cgroup *cgroup;
	struct group *group;

	if (!is_added)
		return &c->groups[at];
	c->groups = mem_grow(c->groups, c->n_groups, &c->groups_cap, sizeof(*c->groups));
	group = &c->groups[c->n_groups++];
	*group = (struct group){ .first = c->members.n, .sets = MAP_NONE };
	cgroup = cgroups_find(c->cgroups, id);
	if (!cgroup || cgroup_is_root(cgroup))
		return group;
	group->cgroup = cgroup;
	group->n = cgroup_members_read(&c->members, c->cgroups, id, cgroup);
	return group;
}

static bool may_hold(const struct candidates *c, const struct cgroup_member *member,
		     const struct candidates_key *key)
{
	uint64_t netns = key->netns ? key->netns : c->own_netns;

	if (member->netns && netns && member->netns != netns)
		return false;
	return member->uid == key->uid || !member->uid || !key->uid;
}

static void add_fit(struct candidates *c, struct set *set, uint32_t member)
{
	c->fits = mem_grow(c->fits, c->n_fits, &c->fits_cap, sizeof(*c->fits));
	c->fits[c->n_fits++] = member;
	set->shown.n_fit++;
}

/* Is the parent of this process in the set, too? */
static bool has_parent(const struct candidates *c, const struct set *set, size_t i)
{
	int32_t parent = c->members.list[c->fits[set->first + i]].parent;

	for (size_t k = 0; k < set->shown.n_fit; k++)
		if (k != i && c->members.list[c->fits[set->first + k]].pid == parent)
			return true;
	return false;
}

/* If all but one have a parent in the set, that one comes first. */
static void put_parent_first(struct candidates *c, struct set *set)
{
	uint32_t *fits = c->fits + set->first, parent;
	size_t at = 0, n_without = 0;

	for (size_t i = 0; i < set->shown.n; i++) {
		if (has_parent(c, set, i))
			continue;
		at = i;
		n_without++;
	}
	if (n_without != 1 || set->shown.n < 2)
		return;
	set->shown.has_parent = true;
	parent = fits[at];
	memmove(fits + 1, fits, at * sizeof(*fits));
	fits[0] = parent;
}

/* Lists the processes of a set if they are few.  Those that have exited meanwhile do not count. */
static void list_fits(struct candidates *c, struct set *set)
{
	uint32_t *fits;

	if (!set->shown.n_fit || set->shown.n_fit > CANDIDATES_MAX)
		return;
	fits = c->fits + set->first;
	for (size_t i = 0; i < set->shown.n_fit; i++)
		if (cgroup_member_name(&c->members, &c->members.list[fits[i]]))
			fits[set->shown.n++] = fits[i];
	set->shown.n_fit = set->shown.n;
	put_parent_first(c, set);
}

/* Adds a set whose fits are the last ones, in front of next. */
static uint32_t add_set(struct candidates *c, struct set *set, uint32_t next)
{
	list_fits(c, set);
	set->next = next;
	set->by_port = MAP_NONE;
	c->sets = mem_grow(c->sets, c->n_sets, &c->sets_cap, sizeof(*c->sets));
	c->sets[c->n_sets] = *set;
	return (uint32_t)c->n_sets++;
}

static uint32_t make_set_by_no_port(struct candidates *c, struct group *group,
				    const struct candidates_key *key)
{
	struct set set = { .key = *key, .first = c->n_fits, .shown.unit = group->cgroup->unit };

	set.key.port = 0;
	for (size_t i = group->first; i < group->first + group->n; i++)
		if (may_hold(c, &c->members.list[i], key))
			add_fit(c, &set, (uint32_t)i);
	group->sets = add_set(c, &set, group->sets);
	return group->sets;
}

/* The set of sockets whose port no command line names; MAP_NONE if there are too many sets. */
static uint32_t set_by_no_port(struct candidates *c, struct group *group,
			       const struct candidates_key *key)
{
	uint32_t at = group->sets;

	while (at != MAP_NONE &&
	       (c->sets[at].key.uid != key->uid || c->sets[at].key.netns != key->netns))
		at = c->sets[at].next;
	if (at != MAP_NONE || c->n_sets == UINT16_MAX)
		return at;
	return make_set_by_no_port(c, group, key);
}

/* Reads the command lines of the processes of a set. */
static void read_ports(struct candidates *c, struct set *set)
{
	struct buf cmdline = { 0 };

	set->has_ports = true;
	set->first_port = c->n_named;
	for (size_t i = 0; i < set->shown.n_fit; i++) {
		uint32_t member = c->fits[set->first + i];
		size_t pos = 0;
		uint16_t port;

		cgroup_member_cmdline(&c->members, &c->members.list[member], &cmdline);
		while (named_ports_next(cmdline.data, cmdline.len, &pos, &port)) {
			if (!set->ports)
				set->ports = mem_calloc(1, sizeof(*set->ports));
			port_set_add(set->ports, (struct port_range){ port, port });
			c->named = mem_grow(c->named, c->n_named, &c->named_cap, sizeof(*c->named));
			c->named[c->n_named++] = (struct named_port){ member, port };
		}
	}
	set->n_ports = c->n_named - set->first_port;
	buf_fini(&cmdline);
}

/* Those processes of a set whose command line names the port. */
static uint32_t make_set_by_port(struct candidates *c, uint32_t all, uint16_t port)
{
	const struct set *from = &c->sets[all];
	struct set set = { .key = from->key, .first = c->n_fits, .shown.unit = from->shown.unit };
	uint32_t at;

	set.key.port = port;
	for (size_t i = from->first_port; i < from->first_port + from->n_ports; i++) {
		const struct named_port *named = &c->named[i];

		/* One process may name it several times. */
		if (named->port == port &&
		    (c->n_fits == set.first || c->fits[c->n_fits - 1] != named->member))
			add_fit(c, &set, named->member);
	}
	at = add_set(c, &set, from->by_port);
	c->sets[all].by_port = at;
	return at;
}

/* The set for the port if command lines name it, else the one of all. */
static uint32_t set_by_port(struct candidates *c, uint32_t all, uint16_t port)
{
	uint32_t at;

	if (!c->sets[all].has_ports)
		read_ports(c, &c->sets[all]);
	if (!c->sets[all].ports || !port_set_has(c->sets[all].ports, port))
		return all;
	for (at = c->sets[all].by_port; at != MAP_NONE; at = c->sets[at].next)
		if (c->sets[at].key.port == port)
			return at;
	return c->n_sets == UINT16_MAX ? all : make_set_by_port(c, all, port);
}

uint16_t candidates_find(struct candidates *c, const struct candidates_key *key)
{
	struct group *group = group_of(c, key->cgroup);
	uint32_t at;

	if (!group->cgroup)
		return 0;
	at = set_by_no_port(c, group, key);
	if (at == MAP_NONE)
		return 0;
	if (key->port && c->sets[at].shown.n_fit > 1)
		at = set_by_port(c, at, key->port);
	return (uint16_t)(at + 1);
}

const struct candidate_set *candidates_set(const struct candidates *c, uint16_t number)
{
	return &c->sets[number - 1].shown;
}

struct candidate candidates_at(const struct candidates *c, uint16_t number, size_t i)
{
	const struct cgroup_member *member =
		&c->members.list[c->fits[c->sets[number - 1].first + i]];

	return (struct candidate){
		.name = c->members.texts.data + member->name,
		.name_len = member->name_len,
		.pid = member->pid,
		.uid = member->uid,
	};
}
