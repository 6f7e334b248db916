/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Says what the rules of this network namespace send on, one line each:
 *
 *     tcp 0.0.0.0-255.255.255.255 8080 > 10.0.0.1 80 nft nat pre
 *
 * or what they do with a new packet: forwards judge FROM PROTO ADDRESS PORT, where FROM is in or
 * self.
 */
#include <config.h>

#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "resolve/firewall.h"
#include "resolve/forward_by.h"
#include "resolve/forwards.h"
#include "resolve/nf_loaded.h"
#include "resolve/own_addrs.h"
#include "resolve/ruleset.h"
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

static void read_own_addrs(struct own_addrs *own)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	own_addrs_ask(own, 0, fd);
	own_addrs_sort(own);
	close(fd);
}

static void print_judgement(const struct firewall *fw, const struct judgement *j)
{
	static const char *const verdicts[] = { "accepted", "dropped", "depends" };
	struct buf line = { 0 };

	buf_str(&line, j->is_rejected ? "rejected" : verdicts[j->verdict]);
	if (j->verdict == JUDGE_DEPENDS) {
		buf_str(&line, ": ");
		firewall_reason_text(fw, j, &line);
	} else if (j->is_sent_on) {
		buf_char(&line, ' ');
		add_target(&line, &j->target);
	}
	puts(buf_cstr(&line));
	buf_fini(&line);
}

static int judge(const struct firewall *fw, const struct own_addrs *own, char **args)
{
	struct firewall_question q = { .is_from_here = !strcmp(args[0], "self"),
				       .proto = !strcmp(args[1], "udp") ? IPPROTO_UDP : IPPROTO_TCP,
				       .port = (uint16_t)atoi(args[3]) };
	struct judgement j;

	if (addr_parse(args[2], strlen(args[2]), &q.family, &q.addr))
		return 2;
	firewall_judge(fw, own, &q, &j);
	print_judgement(fw, &j);
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

/* More than one judgement on one reading: "forwards judge ARGUMENTS..., four for each". */
int main(int argc, char **argv)
{
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), status = 0, err;
	struct firewall fw = { 0 };
	struct own_addrs own = { 0 };

	if (argc > 1 && !strcmp(argv[1], "legacy"))
		return legacy(proc);
	err = ruleset_read(&fw.rules, proc);
	read_own_addrs(&own);
	if (err)
		printf("error %d\n", -err);
	else if (argc < 2)
		list(&fw.rules);
	for (int i = 2; !err && i + 4 <= argc && !status; i += 4)
		status = judge(&fw, &own, argv + i);
	firewall_fini(&fw);
	own_addrs_fini(&own);
	return status;
}
