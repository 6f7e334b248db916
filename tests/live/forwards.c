/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Says what the rules of this network namespace send on, one line each:
 *
 *     tcp 0.0.0.0-255.255.255.255 8080 > 10.0.0.1 80 nft nat pre
 *
 * or what the rules of a hook do with a new packet: forwards judge HOOK FROM PROTO ADDRESS PORT,
 * where FROM is in or self, HOOK a number of NF_INET_*.
 */
#include <config.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "resolve/forward_by.h"
#include "resolve/forwards.h"
#include "resolve/nf_loaded.h"
#include "resolve/ruleset.h"
#include "resolve/ruleset_judge.h"
#include "resolve/ruleset_read.h"

static void add_addr(struct buf *line, unsigned int family, const struct addr *a)
{
	addr_text(line, (enum addr_family)family, a);
}

static void add_target(struct buf *line, const struct nat_target *t)
{
	static const char *const hows[] = { "dnat", "redirect", "tproxy" };

	buf_printf(line, "%s ", hows[t->how]);
	if (t->has_addr)
		add_addr(line, t->family, &t->addr);
	else
		buf_char(line, '-');
	if (t->has_addr && memcmp(&t->addr, &t->addr_last, sizeof(t->addr)) != 0) {
		buf_char(line, '-');
		add_addr(line, t->family, &t->addr_last);
	}
	if (!t->has_port)
		buf_str(line, " -");
	else if (t->port == t->port_last)
		buf_printf(line, " %u", t->port);
	else
		buf_printf(line, " %u-%u", t->port, t->port_last);
}

static void print_forward(const struct forwards *f, const struct forward *fw)
{
	struct buf line = { 0 };

	buf_printf(&line, "%u ", fw->proto);
	add_addr(&line, fw->family, &fw->addr);
	buf_char(&line, '-');
	add_addr(&line, fw->family, &fw->addr_last);
	buf_printf(&line, " %u-%u > ", fw->port_first, fw->port_last);
	add_target(&line, &fw->leads_to);
	buf_printf(&line, " %s%s%s [%s]", forward_by_words[fw->by], fw->from_outside ? " in" : "",
		   fw->from_here ? " self" : "", forwards_text(f, fw->rule));
	if (fw->depends)
		buf_printf(&line, " if %s %s", fact_text((enum fact)fw->why),
			   forwards_text(f, fw->name));
	puts(buf_cstr(&line));
	buf_fini(&line);
}

static void list(const struct ruleset *rs)
{
	struct forwards f = { 0 };

	forwards_add_rules(&f, rs, 0);
	for (size_t i = 0; i < f.n; i++)
		print_forward(&f, &f.list[i]);
	if (f.is_cut)
		puts("cut");
	forwards_fini(&f);
}

static int judge(const struct ruleset *rs, char **args)
{
	static const char *const verdicts[] = { "accepted", "dropped", "rejected", "forwarded",
						"depends" };
	struct packets p = { .is_from_here = !strcmp(args[1], "self"), .is_to_here = true };
	struct judgement j;
	struct buf line = { 0 };

	if (addr_parse(args[3], strlen(args[3]), &p.family, &p.addr_first))
		return 2;
	p.addr_last = p.addr_first;
	p.proto_first = p.proto_last = !strcmp(args[2], "udp") ? IPPROTO_UDP : IPPROTO_TCP;
	p.port_first = p.port_last = (uint16_t)atoi(args[4]);
	ruleset_judge(rs, (unsigned int)atoi(args[0]), &p, &j);
	buf_str(&line, verdicts[j.verdict]);
	if (j.verdict == JUDGE_FORWARDED) {
		buf_char(&line, ' ');
		add_target(&line, &j.target);
	} else if (j.verdict == JUDGE_DEPENDS) {
		buf_printf(&line, " %s ", fact_text(j.why));
		if (j.name.len)
			buf_add(&line, (const char *)ruleset_bytes(rs, j.name), j.name.len);
	}
	puts(buf_cstr(&line));
	buf_fini(&line);
	return 0;
}

static int legacy(int proc)
{
	struct buf names = { 0 };
	int n = nf_legacy_tables(proc, ADDR_INET, &names);

	printf("%d %s\n", n, buf_cstr(&names));
	buf_fini(&names);
	return 0;
}

/* More than one judgement on one reading: "forwards judge ARGUMENTS..., five for each". */
int main(int argc, char **argv)
{
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), status = 0, err;
	struct ruleset rs = { 0 };

	if (argc > 1 && !strcmp(argv[1], "legacy"))
		return legacy(proc);
	err = ruleset_read(&rs, proc);
	if (err)
		printf("error %d\n", -err);
	else if (argc < 2)
		list(&rs);
	for (int i = 2; !err && i + 5 <= argc && !status; i += 5)
		status = judge(&rs, argv + i);
	ruleset_fini(&rs);
	return status;
}
