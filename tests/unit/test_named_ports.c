/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ports that a command line names: whole numbers, in arguments that are no URL. */
#include <config.h>

#include "resolve/named_ports.h"

#include <string.h>

#include "base/buf.h"
#include "edge.h"
#include "test.h"

/* Arguments have a '|' between them; ports a blank in front of each. */
static const struct {
	const char *cmdline;
	const char *ports;
} cases[] = {
	{ "", "" },
	{ "|", "" },
	{ "server|8080", " 8080" },
	{ "server|--listen=8080|--admin|9090", " 8080 9090" },
	{ "server|-p8080|-P|1", " 8080 1" },
	{ "server|0.0.0.0:8080|[::1]:8081|:53", " 8080 8081 53" },
	{ "server|8080:80/tcp,443", " 8080 80 443" },
	{ "postgres: main: walwriter on port 5432.", " 5432" },
	{ "server|8080-8090", " 8080 8090" },
	/* Parts of something else. */
	{ "python3.11|v80|80x|x_80|80_x|abc80", "" },
	{ "ping|127.0.0.1|10.80", "" },
	{ "server|-port80|-12|--p80", " 12" },
	{ "-p80", " 80" },
	{ "-980|9-p80", " 980 9" },
	/* No ports. */
	{ "0|00|65535|65536|99999999999999999999", " 65535" },
	/* What a client connects to. */
	{ "curl|http://localhost:8080/|-o|81", " 81" },
	{ "curl|localhost:8080", " 8080" },
	/* Bytes. */
	{ "\xff|\xff"
	  "80\xff",
	  " 80" },
};

static void expect(struct edge *edge, const char *cmdline, const char *ports)
{
	size_t len = strlen(cmdline), pos = 0;
	char copy[256];
	struct buf found = { 0 };
	uint16_t port;

	memcpy(copy, cmdline, len);
	for (size_t i = 0; i < len; i++)
		if (copy[i] == '|')
			copy[i] = '\0';
	while (named_ports_next(edge_copy(edge, copy, len), len, &pos, &port))
		buf_printf(&found, " %u", port);
	if (strcmp(buf_cstr(&found), ports) != 0)
		fail_msg("%s: '%s' instead of '%s'", cmdline, buf_cstr(&found), ports);
	buf_fini(&found);
}

static void ports_are_whole_numbers(void **state)
{
	struct edge edge;

	(void)state;
	edge_init(&edge, 256);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		expect(&edge, cases[i].cmdline, cases[i].ports);
	edge_fini(&edge);
}

/* A text that ends anywhere: each call goes on, and none reads beyond the end. */
static void cut_anywhere(void **state)
{
	struct edge edge;

	(void)state;
	edge_init(&edge, 256);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (size_t len = 0; len <= strlen(cases[i].cmdline); len++) {
			const char *text = edge_copy(&edge, cases[i].cmdline, len);
			size_t pos = 0, before = 0;
			uint16_t port;

			while (named_ports_next(text, len, &pos, &port)) {
				assert_true(port && pos > before && pos <= len);
				before = pos;
			}
		}
	}
	edge_fini(&edge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_are_whole_numbers),
		cmocka_unit_test(cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
