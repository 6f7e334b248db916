/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which other network namespaces ports lead to, where the caller's own alone is listed. */
#include <config.h>

#include "query/lead_elsewhere.h"

#include <string.h>

#include "query/collect.h"
#include "query/leads.h"
#include "query/namespaces.h"
#include "query/snapshot.h"
#include "resolve/forwards.h"
#include "resolve/resolver.h"

/* The address of another namespace, or of another host, to which the lead goes; NULL for none. */
static const struct nat_target *target_elsewhere(const struct snapshot *snap,
						 const struct lead *lead)
{
	const struct nat_target *to = &lead_forward(snap, lead)->leads_to;

	if (!nat_target_has_one_addr(to) ||
	    own_addrs_has(&snap->own_addrs, lead->from->netns, to->family, &to->addr))
		return NULL;
	return to;
}

static bool is_any_elsewhere(const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->leads.n; i++)
		if (target_elsewhere(snap, &snap->leads.list[i]) ||
		    lead_forward(snap, &snap->leads.list[i])->into)
			return true;
	return false;
}

static void find_all(struct snapshot *snap, struct namespaces *every)
{
	struct problems ignored = { 0 };

	namespaces_refresh(every, snap->names->containers, &ignored);
	problems_fini(&ignored);
	namespaces_read_addrs(every, &snap->own_addrs);
	snapshot_set_namespaces(snap, every->found.list, every->found.n);
	snap->leads.knows_every_netns = true;
}

bool lead_elsewhere_choose(struct snapshot *snap, const struct sources *sources, bool with_own)
{
	struct namespaces *every = sources->every;
	bool is_any = false;

	if (!every || namespaces_are_chosen(sources->namespaces) || !is_any_elsewhere(snap))
		return false;
	if (!snap->leads.knows_every_netns)
		find_all(snap, every);
	for (size_t i = 0; i < every->found.n; i++)
		every->found.list[i].is_chosen = !i && with_own;
	for (size_t i = 0; i < snap->leads.n; i++) {
		const struct nat_target *to = target_elsewhere(snap, &snap->leads.list[i]);
		const struct own_addr *at = NULL;
		size_t n = 0;

		if (to)
			at = own_addrs_find(&snap->own_addrs, to->family, &to->addr, &n);
		for (size_t k = 0; k < n; k++)
			every->found.list[at[k].netns].is_chosen = is_any = true;
	}
	return is_any;
}
