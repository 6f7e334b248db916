/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules and proxies as rows: where they lead to, what is published, and what filters make of them. */
#include <config.h>

#include <errno.h>
#include <netinet/in.h>

#include "printed.h"
#include "query/filter.h"
#include "query/lead_targets.h"
#include "query/leads_find.h"
#include "query/plan.h"
#include "resolve/forward_by.h"
#include "resolve/forward_rules.h"

static struct addr addr_of(const char *text)
{
	enum addr_family family;
	struct addr addr;

	assert_int_equal(addr_parse(text, strlen(text), &family, &addr), 0);
	return addr;
}

/* A rule for TCP and every address. */
static struct forward rule_of(uint16_t first, uint16_t last)
{
	return (struct forward){ .proto = IPPROTO_TCP,
				 .by = FORWARD_BY_NFT,
				 .port_first = first,
				 .port_last = last,
				 .addr_last = { { 0xff, 0xff, 0xff, 0xff } } };
}

static struct nat_target target_of(enum nat_how how, const char *addr, uint16_t port)
{
	struct nat_target to = { .how = how, .has_addr = addr, .has_port = port };

	if (addr)
		to.addr = to.addr_last = addr_of(addr);
	to.port = to.port_last = port;
	return to;
}

static void add_rule(struct rows *r, struct forward fw, struct nat_target to, const char *rule)
{
	struct forwards *f = &r->names.forwards->forwards;

	fw.leads_to = to;
	fw.rule = (uint32_t)f->texts.len;
	buf_add(&f->texts, rule, strlen(rule) + 1);
	f->list = mem_grow(f->list, f->n, &f->cap, sizeof(*f->list));
	f->list[f->n++] = fw;
}

static void add_listener(struct rows *r, const char *addr, uint16_t port, uint32_t inode)
{
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, addr, port, NULL, 0);

	sk.inode = inode;
	sk.known |= SOCK_HAS_INODE;
	rows_add(r, &sk);
}

static int set_up(void **state)
{
	struct rows *r;

	if (rows_set_up(state))
		return -1;
	r = *state;
	r->names.forwards = forward_rules_new(r->tree.root);
	add_listener(r, "0.0.0.0", 80, 1000);
	add_listener(r, "127.0.0.1", 81, 1001);
	return 0;
}

static int tear_down(void **state)
{
	struct rows *r = *state;

	forward_rules_free(r->names.forwards);
	r->names.forwards = NULL;
	return rows_tear_down(state);
}

static void make_holder(const struct tree *t, int pid, const char *name, const char *cmdline,
			size_t len, unsigned int inode)
{
	char path[64], target[32];

	make_process(t, pid, name, 100);
	snprintf(path, sizeof(path), "%d/cmdline", pid);
	make_file(t, path, cmdline, len);
	snprintf(path, sizeof(path), "%d/fd/3", pid);
	snprintf(target, sizeof(target), "socket:[%u]", inode);
	make_link(t, path, target);
}

/* The text and its length: command lines hold NULs. */
#define LINE(text) text, sizeof(text)

/* As a snapshot is taken, without a kernel. */
static void take(struct rows *r, bool is_listed)
{
	leads_add_rules(&r->snap, is_listed);
	rows_make(r);
	lead_targets_find(&r->snap);
	rows_find_owners(r);
	leads_add_proxies(&r->snap);
	lead_targets_find(&r->snap);
	leads_finish(&r->snap);
}

static void rules(void **state)
{
	struct rows *r = *state;
	struct forward some = rule_of(4000, 4000);

	make_holder(&r->tree, 10, "httpd", LINE("httpd"), 1000);
	some.addr = addr_of("10.0.0.1");
	some.addr_last = addr_of("10.0.0.4");
	add_rule(r, rule_of(8080, 8080), target_of(NAT_REDIRECT, NULL, 80), "nat pre");
	add_rule(r, rule_of(8081, 8081), target_of(NAT_DNAT, "172.17.0.2", 80), "nat pre > web");
	add_rule(r, rule_of(8081, 8081), target_of(NAT_DNAT, "127.0.0.1", 81), "nat pre");
	add_rule(r, rule_of(9000, 9010), target_of(NAT_DNAT, "172.17.0.3", 0), "nat pre");
	add_rule(r, some, target_of(NAT_REDIRECT, NULL, 82), "nat pre");
	take(r, true);
	assert_int_equal(r->snap.n_rows, 6);
	/* They are in the order of addresses, behind the listeners. */
	rows_expect_text(r, 2, "process", "nft > :80 httpd[10]");
	rows_expect_text(r, 2, "local", "0.0.0.0:8080");
	rows_expect_text(r, 2, "state", "FORWARD");
	rows_expect_text(r, 2, "owners", "-");
	rows_expect_text(r, 3, "process", "nft > 172.17.0.2:80, 127.0.0.1:81");
	rows_expect_text(r, 3, "leads_to.rule", "nat pre > web,nat pre");
	rows_expect_text(r, 4, "local", "0.0.0.0:9000-9010");
	rows_expect_text(r, 4, "local_port", "-");
	rows_expect_text(r, 4, "service", "-");
	rows_expect_text(r, 4, "leads_to", "172.17.0.3:9000-9010");
	rows_expect_text(r, 4, "leads_to.port", "-");
	rows_expect_text(r, 5, "local", "10.0.0.1-10.0.0.4:4000");
	rows_expect_text(r, 5, "local_addr", "-");
	rows_expect_text(r, 5, "leads_to", ":82");
	rows_expect_text(r, 0, "published", "0.0.0.0:8080");
	rows_expect_text(r, 1, "published", "0.0.0.0:8081");
	rows_expect_text(r, 0, "process", "httpd[10]");
	expect_printed(r, csv_print, "local_port process published.port",
		       (struct format_options){ 0 },
		       "80,httpd[10],8080\r\n81,,8081\r\n8080,nft > :80 httpd[10],\r\n"
		       "8081,\"nft > 172.17.0.2:80, 127.0.0.1:81\",\r\n"
		       ",nft > 172.17.0.3:9000-9010,\r\n4000,nft > :82,\r\n");
}

static void add_own(struct rows *r, uint16_t netns, const char *addr)
{
	struct own_addrs *own = &r->snap.own_addrs;

	own->list = mem_grow(own->list, own->n, &own->cap, sizeof(*own->list));
	own->list[own->n++] = (struct own_addr){ ADDR_INET, addr_of(addr), netns };
}

/* Listeners at every address, each in a namespace that has addresses of its own. */
static void namespaces(void **state)
{
	static const struct {
		uint16_t netns;
		const char *addr;
	} others[] = {
		{ 1, "172.17.0.2" }, { 2, "172.17.0.3" }, { 2, "10.0.0.1" }, { 3, "10.0.0.1" }
	};
	static const char *const targets[] = { "172.17.0.2", "172.17.0.3", "10.0.0.1",
					       "192.0.2.1",  "172.17.0.9", "127.0.0.1" };
	struct rows *r = *state;

	make_holder(&r->tree, 10, "here", LINE("here"), 1000);
	for (unsigned int netns = 1; netns <= 3; netns++) {
		struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN,
					   netns == 3 ? "192.0.2.1" : "0.0.0.0", 80, NULL, 0);

		sk.netns = (uint16_t)netns;
		sk.inode = 2000 + netns;
		sk.known |= SOCK_HAS_INODE;
		rows_add(r, &sk);
		make_holder(&r->tree, (int)(20 + netns), "there", LINE("there"), 2000 + netns);
	}
	add_own(r, 0, "10.1.1.1");
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		add_own(r, others[i].netns, others[i].addr);
	own_addrs_sort(&r->snap.own_addrs);
	for (uint16_t i = 0; i < sizeof(targets) / sizeof(*targets); i++)
		add_rule(r, rule_of((uint16_t)(8000 + i), (uint16_t)(8000 + i)),
			 target_of(NAT_DNAT, targets[i], 80), "nat pre");
	add_rule(r, rule_of(8006, 8006), target_of(NAT_DNAT, "10.1.1.1", 80), "nat pre");
	take(r, true);
	assert_int_equal(r->snap.n_rows, 12);
	rows_expect_text(r, 5, "leads_to", "172.17.0.2:80 there[21]");
	rows_expect_text(r, 6, "leads_to", "172.17.0.3:80 there[22]");
	/* Two have it: the routes decide, which nobody reads. */
	rows_expect_text(r, 7, "leads_to", "10.0.0.1:80");
	/* Bound to an address that nobody found there. */
	rows_expect_text(r, 8, "leads_to", "192.0.2.1:80 there[23]");
	rows_expect_text(r, 9, "leads_to", "172.17.0.9:80");
	rows_expect_text(r, 10, "leads_to", "127.0.0.1:80 here[10]");
	rows_expect_text(r, 11, "leads_to", "10.1.1.1:80 here[10]");
	rows_expect_text(r, 2, "published", "0.0.0.0:8000");
	rows_expect_text(r, 3, "published", "0.0.0.0:8001");
}

static void json(void **state)
{
	struct rows *r = *state;
	struct format_options opt = { 0 };

	make_holder(&r->tree, 10, "httpd", LINE("httpd"), 1000);
	r->snap.netns = 4026531840;
	add_rule(r, rule_of(8080, 8081), target_of(NAT_REDIRECT, NULL, 80), "nat pre");
	take(r, true);
	expect_printed(
		r, json_lines_print, "local_port leads_to published", opt,
		"{\"local_port\": 80, \"leads_to\": [], \"published\": [{\"addr\": \"0.0.0.0\", "
		"\"port\": null, \"by\": \"nft\"}]}\n"
		"{\"local_port\": 81, \"leads_to\": [], \"published\": []}\n"
		"{\"local_port\": null, \"leads_to\": [{\"addr\": null, \"port\": 80, \"by\": "
		"\"nft\", \"rule\": \"nat pre\", \"from\": \"0.0.0.0:8080-8081\", \"to\": null, \"netns\": "
		"4026531840, \"container\": null, \"process\": \"httpd[10]\"}], \"published\": []}\n");
	/* Where rules may not be read, what a listener is published as is not known. */
	r->names.forwards->error = -1;
	r->snap.n_rows = 1;
	expect_printed(r, json_lines_print, "leads_to published", opt,
		       "{\"leads_to\": [], \"published\": null}\n");
	r->snap.resolved &= ~(unsigned int)NEED_FORWARDS;
	expect_printed(r, json_lines_print, "leads_to published", opt,
		       "{\"leads_to\": null, \"published\": null}\n");
}

/* A rule for every protocol stands for TCP and UDP; what is only published is no row. */
static void unlisted(void **state)
{
	struct rows *r = *state;
	struct forward every = rule_of(0, UINT16_MAX);

	every.proto = 0;
	make_holder(&r->tree, 10, "httpd", LINE("httpd"), 1000);
	add_rule(r, every, target_of(NAT_DNAT, "127.0.0.1", 0), "nat pre");
	take(r, false);
	assert_int_equal(r->snap.n_rows, 2);
	assert_int_equal(r->snap.leads.n, 2);
	rows_expect_text(r, 0, "published", "0.0.0.0:*");
	rows_expect_text(r, 1, "published", "0.0.0.0:*");
}

/* A process is believed to be a proxy of sockets that it holds. */
static void proxies(void **state)
{
	struct rows *r = *state;

	add_listener(r, "0.0.0.0", 8080, 1002);
	add_listener(r, "0.0.0.0", 8082, 1003);
	add_listener(r, "0.0.0.0", 8083, 1004);
	make_holder(&r->tree, 10, "httpd", LINE("httpd"), 1001);
	make_holder(&r->tree, 11, "docker-proxy",
		    LINE("docker-proxy\0-proto\0tcp\0-host-ip\0000.0.0.0\0-host-port\08080\0"
			 "-container-ip\000127.0.0.1\0-container-port\00081"),
		    1002);
	/* It says that it is at 8080, and holds 8082. */
	make_holder(&r->tree, 12, "docker-proxy",
		    LINE("docker-proxy\0-host-ip\0000.0.0.0\0-host-port\08080\0-container-ip\0"
			 "172.17.0.9\0-container-port\00081"),
		    1003);
	make_holder(&r->tree, 13, "pasta", LINE("pasta\0-t\0008080-8084:90-94"), 1004);
	take(r, true);
	assert_int_equal(r->snap.n_rows, 5);
	rows_expect_text(r, 2, "process", "docker-proxy[11] > 127.0.0.1:81 httpd[10]");
	rows_expect_text(r, 2, "leads_to.by", "docker-proxy");
	rows_expect_text(r, 2, "leads_to.rule", "-");
	rows_expect_text(r, 3, "process", "docker-proxy[12]");
	rows_expect_text(r, 4, "process", "pasta[13] > :93");
	rows_expect_text(r, 1, "published", "0.0.0.0:8080");
	rows_expect_text(r, 1, "published.by", "docker-proxy");
}

static void check(struct rows *r, const char *text, const char *expected)
{
	struct filter_error error;
	char matched[16] = "";
	struct filter *f;

	if (filter_parse(&f, text, strlen(text), &r->names, &error))
		fail_msg("\"%s\" at %zu: %s", text, error.pos, error.message);
	for (size_t i = 0; i < r->snap.n_rows; i++) {
		enum filter_result result = filter_match(f, &r->snap, &r->snap.rows[i]);
		char mark = (char)((result == FILTER_UNTESTABLE ? 'a' : 'A') + i);

		if (result == FILTER_YES || result == FILTER_UNTESTABLE)
			strncat(matched, &mark, 1);
	}
	filter_free(f);
	if (strcmp(matched, expected) != 0)
		fail_msg("\"%s\" matches %s, not %s", text, matched, expected);
}

/* A and B listen; C is one port, D several, E one port of several addresses. */
static void filters(void **state)
{
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{ "state forward", "CDE" },
		{ "state listen,forward", "ABCDE" },
		{ "not state forward", "AB" },
		{ "forward", "CDE" },
		{ "state all", "ABCDE" },
		{ "state connected", "" },
		{ "8080", "C" },
		{ "lport 9005", "D" },
		{ "lport 9005-9100", "D" },
		{ "lport 8999", "" },
		{ "lport 9011", "" },
		{ "lport 9000-9010,!9005", "D" },
		{ "lport 9000-9100,!9000-9010", "" },
		{ "lport !80,!81,!8080", "DE" },
		{ "rport 8080", "" },
		{ "laddr 10.0.0.2", "E" },
		{ "laddr 10.0.0.0/8", "E" },
		{ "laddr 10.0.0.5", "" },
		{ "laddr 0.0.0.0", "ACD" },
		{ "laddr 10.0.0.1:4000", "E" },
		{ "laddr 10.0.0.1:4001", "" },
		{ "*:9003", "D" },
		{ "pid 10", "A" },
		{ "proc httpd", "A" },
		{ "proc != httpd", "" },
		{ "uid 0", "" },
		{ "not uid 0", "ABCDE" },
		{ "dev eth0", "ab" },
		{ "leads_to.port 80", "C" },
		{ "leads_to.by nft", "CDE" },
		{ "leads_to.process httpd*", "C" },
		{ "leads_to.addr 172.17.0.3", "D" },
		{ "leads_to.addr != 172.17.0.3", "" },
		{ "leads_to.addr \"172.17.*\"", "D" },
		{ "published.port 8080", "A" },
	};
	struct rows *r = *state;
	struct forward some = rule_of(4000, 4000);

	make_holder(&r->tree, 10, "httpd", LINE("httpd"), 1000);
	some.addr = addr_of("10.0.0.1");
	some.addr_last = addr_of("10.0.0.4");
	add_rule(r, rule_of(8080, 8080), target_of(NAT_REDIRECT, NULL, 80), "nat pre");
	add_rule(r, rule_of(9000, 9010), target_of(NAT_DNAT, "172.17.0.3", 0), "nat pre");
	add_rule(r, some, target_of(NAT_REDIRECT, NULL, 82), "nat pre");
	take(r, true);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(r, cases[i].text, cases[i].expected);
}

/* Nothing is read that nobody asked for. */
static void plans(void **state)
{
	const struct column *local = rows_column("local"), *leads = rows_column("leads_to");
	struct sock ipv6 = { .family = ADDR_INET6, .state = SOCK_STATE_FORWARD };
	struct plan_request request = { .columns = &local, .n_columns = 1, .is_listening = true };
	struct plan plan;

	(void)state;
	plan_init(&plan, &request);
	assert_int_equal(plan.needs & (NEED_FORWARDS | NEED_OWNERS), 0);
	plan_fini(&plan);
	request.columns = &leads;
	plan_init(&plan, &request);
	assert_int_equal(plan.needs & plan.shown & (NEED_FORWARDS | NEED_OWNERS),
			 NEED_FORWARDS | NEED_OWNERS);
	plan_fini(&plan);
	request.hidden = NEED_FORWARDS;
	plan_init(&plan, &request);
	assert_int_equal(plan.needs & (NEED_FORWARDS | NEED_OWNERS), 0);
	plan_fini(&plan);
	/* Rows alone, as with -q, need no owner. */
	request = (struct plan_request){ .has_forwards = true, .is_listening = true };
	plan_init(&plan, &request);
	assert_int_equal(plan.needs & (NEED_FORWARDS | NEED_OWNERS), NEED_FORWARDS);
	assert_true(plan_selects(&plan, &ipv6));
	plan_fini(&plan);
	/* Rules for IPv6 have nothing to do with IPv4. */
	request.families = FAMILY_BIT(ADDR_INET);
	plan_init(&plan, &request);
	assert_false(plan_selects(&plan, &ipv6));
	plan_fini(&plan);
}

static void problem_sentences(void **state)
{
	struct rows *r = *state;
	struct buf text = { 0 };

	leads_problems(&r->snap, false);
	assert_int_equal(r->snap.problems.n, 0);
	r->names.forwards->error = -1;
	buf_str(&r->names.forwards->legacy, "nat mangle");
	leads_problems(&r->snap, false);
	assert_int_equal(r->snap.problems.n, 2);
	assert_string_equal(problem_code_name(r->snap.problems.list[0].code), "firewall");
	for (size_t i = 0; i < r->snap.problems.n; i++) {
		problem_text(&r->snap.problems.list[i], false, &text);
		buf_char(&text, '\n');
	}
	assert_non_null(strstr(buf_cstr(&text), "CAP_NET_ADMIN"));
	assert_non_null(strstr(buf_cstr(&text), "iptables-legacy (nat mangle) are not read"));
	buf_fini(&text);
	/* Where forwards are shown without being asked for, only what this user may read counts. */
	problems_clear(&r->snap.problems);
	buf_clear(&r->names.forwards->legacy);
	leads_problems(&r->snap, true);
	assert_int_equal(r->snap.problems.n, 0);
	r->names.forwards->error = 0;
	r->names.forwards->legacy_error = -EACCES;
	leads_problems(&r->snap, true);
	assert_int_equal(r->snap.problems.n, 0);
	leads_problems(&r->snap, false);
	assert_int_equal(r->snap.problems.n, 1);
	problem_text(&r->snap.problems.list[0], false, &text);
	assert_non_null(strstr(buf_cstr(&text), "whether iptables-legacy has tables"));
	buf_fini(&text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(rules),   TEST(json),  TEST(unlisted),	     TEST(proxies),
		TEST(filters), TEST(plans), TEST(problem_sentences), TEST(namespaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
