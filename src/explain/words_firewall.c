/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The firewall of an answer: what becomes of packets from outside. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "explain/explain.h"
#include "explain/words_parts.h"

/* The addresses, and what the rules do with packets to them. */
static void add_firewall(const struct explanation *x, struct buf *reach, struct buf *out)
{
	const char *addresses = buf_cstr(reach);
	struct buf by = { 0 };
	const char *rule;

	buf_add(&by, x->let_in_by.data, x->let_in_by.len);
	rule = buf_cstr(&by);
	switch (x->let_in) {
	case LET_IN_UNKNOWN:
	case LET_IN_NOBODY:
		buf_str(out, addresses);
		break;
	case LET_IN_ALL:
		buf_printf(out, _("%s; no rule of this host's firewall stops it"), addresses);
		break;
	case LET_IN_DROPPED:
		buf_printf(out, _("%1$s; but %2$s drops what comes from outside"), addresses, rule);
		break;
	case LET_IN_REJECTED:
		buf_printf(out, _("%1$s; but %2$s rejects what comes from outside"), addresses,
			   rule);
		break;
	case LET_IN_DEPENDS:
		buf_printf(out, _("%1$s; whether the firewall lets it in depends on %2$s"),
			   addresses, rule);
		break;
	}
	buf_fini(&by);
}

void words_reach(const struct words *w, const struct row *row)
{
	const struct sock *sk = row->sk;
	struct buf line = { 0 }, addr = { 0 }, whole = { 0 };

	addr_text(&addr, (enum addr_family)sk->family, &sk->local.addr);
	if (addr_is_loopback((enum addr_family)sk->family, &sk->local.addr))
		buf_str(&line, _("this host alone"));
	else if (sock_is_dual_stack(sk))
		buf_str(&line, _("every address, IPv4 and IPv6"));
	else if (!addr_is_any(&sk->local.addr))
		buf_printf(&line, _("the address %s alone"), buf_cstr(&addr));
	else if (sk->family == ADDR_INET)
		buf_str(&line, _("every address of IPv4"));
	else
		buf_str(&line, _("every address of IPv6"));
	add_firewall(w->x, &line, &whole);
	words_line(w, _("reach"), &whole);
	buf_fini(&whole);
	buf_fini(&addr);
	buf_fini(&line);
}

/* Where nobody listens the rules count only if they stop what would come. */
static void add_rule_in_advance(const struct explanation *x, struct buf *out)
{
	struct buf by = { 0 };
	const char *rule;

	buf_add(&by, x->let_in_by.data, x->let_in_by.len);
	rule = buf_cstr(&by);
	if (x->let_in == LET_IN_DROPPED)
		buf_printf(out, _("%s drops what comes from outside"), rule);
	else if (x->let_in == LET_IN_REJECTED)
		buf_printf(out, _("%s rejects what comes from outside"), rule);
	else if (x->let_in == LET_IN_DEPENDS)
		buf_printf(out, _("whether a packet from outside comes in depends on %s"), rule);
	buf_fini(&by);
}

void words_firewall(const struct words *w)
{
	const struct explanation *x = w->x;
	struct buf line = { 0 };

	if (x->let_in == LET_IN_UNKNOWN && (x->let_in_error == EPERM || x->let_in_error == EACCES))
		buf_str(&line, _("not read (needs CAP_NET_ADMIN)"));
	else if (x->let_in == LET_IN_UNKNOWN && x->let_in_error)
		buf_printf(&line, _("not read (%s)"), strerror(x->let_in_error));
	else if (x->verdict == WHY_FREE && !words_has_forward(w))
		add_rule_in_advance(x, &line);
	if (line.len)
		words_line(w, _("firewall"), &line);
	buf_fini(&line);
}
