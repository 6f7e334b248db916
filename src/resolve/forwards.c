/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ports that are served without a socket of their own. */
#include <config.h>

#include "resolve/forwards.h"

#include <linux/netfilter.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "resolve/forward_by.h"
#include "resolve/packets.h"
#include "resolve/proxies.h"
#include "resolve/ruleset.h"
#include "resolve/ruleset_walk.h"

void forwards_fini(struct forwards *f)
{
	free(f->list);
	buf_fini(&f->texts);
	map_fini(&f->seen);
	*f = (struct forwards){ 0 };
}

const char *forwards_text(const struct forwards *f, uint32_t at)
{
	return f->texts.data + at;
}

/* FNV-1a, of numbers as they are. */
static uint64_t mix(uint64_t h, uint32_t number)
{
	return (h ^ number) * 0x100000001b3ULL;
}

static uint64_t mix_addr(uint64_t h, const struct addr *a)
{
	for (size_t i = 0; i < sizeof(a->bytes); i++)
		h = mix(h, a->bytes[i]);
	return h;
}

/* Of what makes two of them different, without padding: which hooks they are from does not. */
static uint64_t hash_forward(const struct forward *fw, uint32_t rule)
{
	const struct nat_target *t = &fw->leads_to;
	uint64_t h = 0xcbf29ce484222325ULL;
	uint32_t parts[] = { fw->netns,	    fw->proto,	  fw->family,  fw->port_first,
			     fw->port_last, t->how,	  t->has_addr, t->has_port,
			     t->port,	    t->port_last, rule };

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		h = mix(h, parts[i]);
	h = mix_addr(mix_addr(h, &fw->addr), &fw->addr_last);
	return mix_addr(mix_addr(h, &t->addr), &t->addr_last);
}

static uint32_t keep_text(struct forwards *f, const char *text, size_t len)
{
	uint32_t at = (uint32_t)f->texts.len;

	buf_add(&f->texts, text, len);
	buf_char(&f->texts, '\0');
	return at;
}

static void add(struct forwards *f, const struct forward *fw)
{
	if (f->n == FORWARDS_MAX) {
		f->is_cut = true;
		return;
	}
	f->list = mem_grow(f->list, f->n, &f->cap, sizeof(*f->list));
	f->list[f->n++] = *fw;
}

struct rule_reading {
	struct forwards *f;
	const struct ruleset *rs;
	uint16_t netns;
	bool is_from_here;
};

static uint32_t keep_path(const struct rule_reading *r, const struct outcome *o)
{
	uint32_t at = (uint32_t)r->f->texts.len;

	walk_path_text(r->rs, o->chains, o->n_chains, &r->f->texts);
	buf_char(&r->f->texts, '\0');
	return at;
}

/* iptables-nft keeps its base chains under the names of old, in tables of one family. */
static enum forward_by made_by(const struct ruleset *rs, const struct nft_chain *base)
{
	static const char *const names[] = { "PREROUTING", "OUTPUT" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (base->family != NFPROTO_INET && ruleset_is_word(rs, base->name, names[i]))
			return FORWARD_BY_IPTABLES;
	return FORWARD_BY_NFT;
}

static void set_destination(struct forward *fw, const struct packets *p)
{
	fw->addr = p->addr_first;
	fw->addr_last = p->addr_last;
	fw->port_first = p->port_first;
	fw->port_last = p->port_last;
	fw->proto = p->proto_first == p->proto_last ? p->proto_first : 0;
}

static void take_outcome(void *data, const struct outcome *o)
{
	const struct rule_reading *r = data;
	struct forwards *f = r->f;
	const struct nft_chain *base = &r->rs->chains[o->chains[0]];
	struct forward fw = { .netns = r->netns,
			      .family = (uint8_t)o->packets.family,
			      .leads_to = o->target };
	bool added;
	uint32_t *at;

	if (o->kind != OUTCOME_SENT_ON)
		return;
	set_destination(&fw, &o->packets);
	at = map_add(&f->seen, hash_forward(&fw, o->rule), (uint32_t)f->n, &added);
	if (added) {
		fw.by = (uint8_t)made_by(r->rs, base);
		fw.depends = o->depends && o->why > FACT_PORT;
		fw.why = (uint8_t)(fw.depends ? o->why : FACT_NONE);
		fw.rule = keep_path(r, o);
		fw.name = keep_text(f, (const char *)ruleset_bytes(r->rs, o->name),
				    fw.why == FACT_OTHER ? o->name.len : 0);
		add(f, &fw);
	}
	if (*at < f->n) {
		f->list[*at].from_here |= r->is_from_here;
		f->list[*at].from_outside |= !r->is_from_here;
	}
}

static void add_hook(struct rule_reading *r, unsigned int hook, enum addr_family family)
{
	const struct ruleset *rs = r->rs;
	struct walk walk = {
		.rs = rs, .found = take_outcome, .data = r, .steps_left = WALK_STEPS_MAX
	};
	struct packets p = { .family = family,
			     .proto_last = UINT8_MAX,
			     .port_last = UINT16_MAX,
			     .is_from_here = r->is_from_here,
			     .is_to_here = true };

	memset(&p.addr_last, UINT8_MAX, family == ADDR_INET ? 4 : 16);
	for (size_t i = 0; i < rs->n_base; i++) {
		const struct nft_chain *chain = &rs->chains[rs->base[i]];

		if (chain->hook == hook && walk_concerns(chain, family))
			walk_chain(&walk, rs->base[i], &p);
	}
	r->f->is_cut |= !walk.steps_left;
}

void forwards_add_rules(struct forwards *f, const struct ruleset *rs, uint16_t netns)
{
	struct rule_reading r = { .f = f, .rs = rs, .netns = netns };

	for (int family = 0; family < ADDR_FAMILIES; family++) {
		r.is_from_here = false;
		add_hook(&r, NF_INET_PRE_ROUTING, (enum addr_family)family);
		r.is_from_here = true;
		add_hook(&r, NF_INET_LOCAL_OUT, (enum addr_family)family);
	}
	f->is_cut |= rs->is_cut;
}

void forwards_add_proxy(struct forwards *f, const struct proxy *proxy, uint32_t pid)
{
	for (size_t i = 0; i < proxy->n; i++) {
		const struct proxy_port *port = &proxy->list[i];
		struct forward fw = { .proto = port->proto,
				      .family = (uint8_t)port->family,
				      .by = (uint8_t)proxy->by,
				      .from_outside = true,
				      .from_here = true,
				      .port_first = port->first,
				      .port_last = port->last,
				      .addr = port->addr,
				      .addr_last = port->addr,
				      .leads_to = port->leads_to,
				      .pid = pid };

		fw.rule = fw.name = keep_text(f, "", 0);
		add(f, &fw);
	}
}

void forwards_add_chosen(struct forwards *f, const struct chosen_ports *chosen)
{
	struct forward fw = { .netns = chosen->netns,
			      .proto = chosen->proto,
			      .family = (uint8_t)chosen->family,
			      .by = FORWARD_BY_SK_LOOKUP,
			      .from_outside = true,
			      .from_here = true,
			      .port_first = chosen->ports.first,
			      .port_last = chosen->ports.last,
			      .addr = chosen->addr,
			      .addr_last = chosen->addr,
			      .leads_to = { .how = NAT_TPROXY,
					    .family = chosen->to_family,
					    .has_addr = !addr_is_any(&chosen->to.addr),
					    .has_port = true,
					    .addr = chosen->to.addr,
					    .addr_last = chosen->to.addr,
					    .port = chosen->to.port,
					    .port_last = chosen->to.port } };

	fw.rule = fw.name = keep_text(f, "", 0);
	add(f, &fw);
}

void forwards_add_proxy_into(struct forwards *f, enum forward_by by, uint32_t pid, uint64_t netns)
{
	struct forward fw = { .by = (uint8_t)by,
			      .from_outside = true,
			      .from_here = true,
			      .port_last = UINT16_MAX,
			      .leads_to = { .is_unknown = true },
			      .pid = pid,
			      .into = netns };

	fw.rule = fw.name = keep_text(f, "", 0);
	add(f, &fw);
}
