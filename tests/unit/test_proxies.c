/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What proxies of container runtimes say of themselves in their command lines. */
#include <config.h>

#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "resolve/forwards.h"
#include "resolve/proxies.h"

/* "6 0.0.0.0 8080 > 172.17.0.2 80", one behind the other. */
static void add_port(struct buf *out, const struct proxy_port *p)
{
	const struct nat_target *to = &p->leads_to;

	buf_printf(out, "%s%u ", out->len ? "; " : "", p->proto);
	addr_text(out, p->family, &p->addr);
	buf_printf(out, " %u-%u >", p->first, p->last);
	if (to->has_addr) {
		buf_char(out, ' ');
		addr_text(out, to->family, &to->addr);
	}
	if (to->has_port)
		buf_printf(out, " %u-%u", to->port, to->port_last);
}

/* Words of a command line, separated by one space each. */
static bool parse(const char *name, const char *args, struct proxy *out)
{
	struct buf words = { 0 };
	bool result;

	buf_str(&words, args);
	buf_char(&words, '\0');
	for (size_t i = 0; i < words.len; i++)
		if (words.data[i] == ' ')
			words.data[i] = '\0';
	result = proxy_parse(name, strlen(name), words.data, words.len, out);
	buf_fini(&words);
	return result;
}

/* clang-format off */
static const struct {
	const char *name;
	const char *args;
	const char *want; /* NULL: no proxy */
} cases[] = {
	{ "docker-proxy", "/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80",
	  "6 0.0.0.0 8080-8080 > 172.17.0.2 80-80" },
	{ "docker-proxy", "/usr/bin/docker-proxy -proto tcp -host-ip :: -host-port 8080 -container-ip 172.17.0.2 -container-port 80 -use-listen-fd",
	  "6 :: 8080-8080 > 172.17.0.2 80-80" },
	{ "docker-proxy", "docker-proxy --proto=udp --host-ip=127.0.0.1 --host-port=53 --container-ip=fd00::2 --container-port=5353",
	  "17 127.0.0.1 53-53 > fd00::2 5353-5353" },
	{ "docker-proxy", "docker-proxy -proto sctp -host-ip 0.0.0.0 -host-port 99999 -container-port 80", "" },
	{ "docker-proxy", "docker-proxy -host-port", "" },
	{ "docker-proxy", "", "" },
	{ "rootlesskit-doc", "/usr/bin/rootlesskit-docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 80 -container-ip 172.17.0.2 -container-port 80",
	  "6 0.0.0.0 80-80 > 172.17.0.2 80-80" },
	{ "rootlesskit-doc", "/usr/bin/rootlesskit-document -host-port 80", NULL },
	{ "rootlesskit", "rootlesskit --net=slirp4netns -p 127.0.0.1:8080:80/tcp --publish=[::1]:53:10.0.2.1:5353/udp sh",
	  "6 127.0.0.1 8080-8080 > 80-80; 17 ::1 53-53 > 10.0.2.1 5353-5353" },
	{ "rootlessport", "rootlessport", "" },
	{ "rootlessport-ch", "rootlessport-child", "" },
	{ "slirp4netns", "slirp4netns -c 55 tap0", "" },
	{ "pasta", "/usr/bin/pasta --config-net -t 8080-8081:80-81,443 -u 127.0.0.1%lo/53 -T 99 --no-dhcp",
	  "6 0.0.0.0 8080-8081 > 80-81; 6 0.0.0.0 443-443 >; 17 127.0.0.1 53-53 >" },
	{ "pasta.avx2", "pasta.avx2 --tcp-ports ::1/80:8080,~81 -t none -u auto", "6 ::1 80-80 > 8080-8080" },
	{ "nginx", "docker-proxy -host-port 80", NULL },
	{ "", "", NULL },
};
/* clang-format on */

static void test_command_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct proxy p;
		struct buf got = { 0 };

		print_message("%s\n", cases[i].args);
		assert_int_equal(parse(cases[i].name, cases[i].args, &p), cases[i].want != NULL);
		for (size_t k = 0; k < p.n; k++)
			add_port(&got, &p.list[k]);
		assert_string_equal(buf_cstr(&got), cases[i].want ? cases[i].want : "");
		buf_fini(&got);
		proxy_fini(&p);
	}
}

/* Each cut short at every place, in memory that ends there. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (size_t len = 0; len <= strlen(cases[i].args); len++) {
			struct buf part = { 0 };
			struct proxy p;

			buf_add(&part, cases[i].args, len);
			proxy_parse(cases[i].name, strlen(cases[i].name), part.data, part.len, &p);
			proxy_fini(&p);
			buf_fini(&part);
		}
}

/* As rows: each port with the process that serves it. */
static void test_forwards(void **state)
{
	struct forwards f = { 0 };
	struct proxy p;

	(void)state;
	assert_true(parse("pasta", "pasta -t 80:8080,81 -u 53", &p));
	forwards_add_proxy(&f, &p, 42);
	proxy_fini(&p);
	assert_int_equal(f.n, 3);
	assert_int_equal(f.list[0].port_first, 80);
	assert_int_equal(f.list[0].leads_to.port, 8080);
	assert_false(f.list[1].leads_to.has_port);
	assert_int_equal(f.list[2].proto, 17);
	for (size_t i = 0; i < f.n; i++) {
		assert_int_equal(f.list[i].pid, 42);
		assert_string_equal(forward_by_words[f.list[i].by], "pasta");
		assert_string_equal(forwards_text(&f, f.list[i].rule), "");
	}
	forwards_fini(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_command_lines),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_forwards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
