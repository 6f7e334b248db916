/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What forwards ports in the network namespaces that are listed, as far as their rules may be read. */
#include <config.h>

#include "resolve/forward_rules.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "resolve/firewall.h"
#include "resolve/nf_loaded.h"
#include "resolve/packet_hooks.h"
#include "resolve/proc_dir.h"
#include "resolve/ruleset.h"
#include "resolve/ruleset_read.h"
#include "resolve/sk_lookup.h"

struct forward_rules *forward_rules_new(int proc_root)
{
	struct forward_rules *r = mem_calloc(1, sizeof(*r));

	r->proc_root = proc_root;
	return r;
}

void forward_rules_free(struct forward_rules *r)
{
	if (!r)
		return;
	forwards_fini(&r->forwards);
	for (size_t i = 0; i < r->n_firewalls; i++)
		firewall_fini(&r->firewalls[i]);
	free(r->firewalls);
	free(r->seen);
	buf_fini(&r->legacy);
	free(r);
}

static bool has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += len)
		if ((at == words || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

/* DNAT and REDIRECT stand in nat, TPROXY in mangle; the other tables send nothing on. */
static void add_legacy(struct forward_rules *r, int folder)
{
	static const char *const tables[] = { "nat", "mangle" };
	struct buf loaded = { 0 };

	for (int family = 0; family < ADDR_FAMILIES; family++) {
		int n = nf_legacy_tables(folder, (enum addr_family)family, &loaded);

		buf_char(&loaded, ' ');
		if (n < 0 && !proc_is_gone(n))
			r->legacy_error = n;
	}
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		if (has_word(buf_cstr(&loaded), tables[i]) &&
		    !has_word(buf_cstr(&r->legacy), tables[i]))
			buf_printf(&r->legacy, r->legacy.len ? " %s" : "%s", tables[i]);
	buf_fini(&loaded);
}

static struct firewall *find_firewall(const struct forward_rules *r, uint16_t netns)
{
	for (size_t i = 0; i < r->n_firewalls; i++)
		if (r->firewalls[i].netns == netns)
			return &r->firewalls[i];
	return NULL;
}

const struct firewall *forward_rules_firewall(const struct forward_rules *r, uint16_t netns)
{
	return find_firewall(r, netns);
}

void forward_rules_begin(struct forward_rules *r, bool keeps_firewalls)
{
	r->forwards.n = r->n_rules;
	r->forwards.texts.len = r->texts_len;
	buf_clear(&r->legacy);
	r->error = r->legacy_error = 0;
	r->has_nf_tables = nf_tables_is_loaded(r->proc_root, NULL);
	r->n_looked = 0;
	r->has_changed = r->is_unsure || keeps_firewalls != r->keeps_firewalls;
	r->keeps_firewalls = keeps_firewalls;
}

/* What sees packets besides the rules comes and goes without a new generation of them. */
static void look_around(struct forward_rules *r, const struct rules_place *place)
{
	struct firewall *fw = find_firewall(r, place->netns);
	int route = place->open(place->data, NETLINK_ROUTE);

	if (!fw) {
		r->firewalls = mem_grow(r->firewalls, r->n_firewalls, &r->firewalls_cap,
					sizeof(*r->firewalls));
		fw = &r->firewalls[r->n_firewalls++];
		*fw = (struct firewall){ .netns = place->netns };
	}
	buf_clear(&fw->unread);
	packet_hooks_find(place->folder, route, &fw->unread);
	if (route >= 0)
		close(route);
}

void forward_rules_look(struct forward_rules *r, const struct rules_place *place)
{
	struct rules_seen now = { .netns = place->netns }, *seen;
	int err = 0;

	if (r->has_nf_tables)
		err = ruleset_generation(place->open, place->data, &now.generation);
	if (err && !proc_is_gone(err))
		r->error = err;
	if (place->folder >= 0)
		add_legacy(r, place->folder);
	/* Who may not ask may not read rules either, which is told. */
	now.has_sk_lookup = place->netns_fd >= 0 && sk_lookup_count(place->netns_fd) > 0;
	if (r->keeps_firewalls)
		look_around(r, place);
	if (r->n_looked == r->n_seen) {
		r->seen = mem_grow(r->seen, r->n_seen, &r->cap_seen, sizeof(*r->seen));
		r->seen[r->n_seen++] = (struct rules_seen){ 0 };
	}
	seen = &r->seen[r->n_looked++];
	if (seen->netns != now.netns || seen->generation != now.generation)
		r->has_changed = true;
	*seen = now;
}

bool forward_rules_have_sk_lookup(const struct forward_rules *r)
{
	for (size_t i = 0; i < r->n_looked; i++)
		if (r->seen[i].has_sk_lookup)
			return true;
	return false;
}

bool forward_rules_have_changed(struct forward_rules *r)
{
	if (r->n_looked == r->n_seen && !r->has_changed)
		return false;
	r->n_seen = r->n_looked;
	forwards_fini(&r->forwards);
	r->n_rules = r->texts_len = 0;
	r->is_unsure = false;
	return true;
}

/* Do elements of its sets come and go without a new generation? */
static bool has_moving_sets(const struct ruleset *rules)
{
	for (size_t i = 0; i < rules->n_sets; i++)
		if (rules->sets[i].flags & (NFT_SET_TIMEOUT | NFT_SET_EVAL))
			return true;
	return false;
}

void forward_rules_read(struct forward_rules *r, const struct rules_place *place)
{
	struct firewall *fw = r->keeps_firewalls ? find_firewall(r, place->netns) : NULL;
	struct ruleset rules = { 0 };
	int err = r->has_nf_tables ? ruleset_read_in(&rules, place->open, place->data) : 0;

	if (!err)
		forwards_add_rules(&r->forwards, &rules, place->netns);
	else if (!proc_is_gone(err))
		r->error = err;
	r->is_unsure |= err || has_moving_sets(&rules);
	r->n_rules = r->forwards.n;
	r->texts_len = r->forwards.texts.len;
	if (fw) {
		ruleset_fini(&fw->rules);
		fw->rules = rules;
		fw->error = err;
	} else {
		ruleset_fini(&rules);
	}
}
