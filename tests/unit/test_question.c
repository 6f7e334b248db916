/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --why asks about: every way to write it, and what is wrong with the others. */
#include <config.h>

#include "test.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "explain/explain.h"
#include "explain/question.h"
#include "resolve/services.h"

struct question_case {
	const char *text;
	const char *place; /* as place_text(), or NULL: no address is named */
	enum sock_proto proto;
	uint16_t port;
};

/* clang-format off */
static const struct question_case good[] = {
	{ "8080", NULL, PROTO_TCP, 8080 },
	{ "8080/tcp", NULL, PROTO_TCP, 8080 },
	{ "8080/udp", NULL, PROTO_UDP, 8080 },
	{ "65535", NULL, PROTO_TCP, 65535 },
	{ "https", NULL, PROTO_TCP, 443 },
	{ "domain/udp", NULL, PROTO_UDP, 53 },
	{ ":8080", NULL, PROTO_TCP, 8080 },
	{ "*:8080", NULL, PROTO_TCP, 8080 },
	{ "127.0.0.1:53", "127.0.0.1:53", PROTO_TCP, 53 },
	{ "localhost:53", "127.0.0.1:53", PROTO_TCP, 53 },
	{ "0.0.0.0:domain/udp", "0.0.0.0:53", PROTO_UDP, 53 },
	{ "[::]:80", "*:80", PROTO_TCP, 80 },
	{ "[::1]:80", "[::1]:80", PROTO_TCP, 80 },
	{ "::1:80", "[::1]:80", PROTO_TCP, 80 },
	{ "[fe80::1%eth0]:22", "[fe80::1%eth0]:22", PROTO_TCP, 22 },
	{ "127.0.0.53%lo:53/udp", "127.0.0.53%lo:53", PROTO_UDP, 53 },
	{ "http://localhost:3000/", NULL, PROTO_TCP, 3000 },
	{ "http://user:word@[::1]:3000/a:b?c:9", NULL, PROTO_TCP, 3000 },
	{ "https://example.org", NULL, PROTO_TCP, 443 },
	{ "https://[::1]/x", NULL, PROTO_TCP, 443 },
	{ "https://localhost:/", NULL, PROTO_TCP, 443 },
	{ "https://[::1]:?3000", NULL, PROTO_TCP, 443 },
};
/* clang-format on */

static const char *const bad[] = {
	"",
	"0",
	"65536",
	"-1",
	"80-90",
	"no-such-service",
	"80/sctp",
	"80/",
	"10.0.0:80",
	"example.org:80",
	"[::1]80",
	"127.0.0.1:",
	"127.0.0.1%:80",
	"127.0.0.1%a-name-that-is-too-long:80",
	"none://localhost/",
	"http://localhost:99999/",
	"http://localhost:80x/",
	"http://localhost:8080:9090/",
	"http://user:80@[::1]:x80/",
};

static void test_good(void **state)
{
	struct services *services = services_new(NULL);
	struct buf error = { 0 }, text = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		const struct question_case *c = &good[i];
		struct why_question q = { .proto = PROTO_TCP };
		struct bind_place place;

		if (question_parse(&q, c->text, services, &error))
			fail_msg("'%s': %s", c->text, buf_cstr(&error));
		assert_int_equal(q.proto, c->proto);
		assert_int_equal(q.port, c->port);
		assert_int_equal(q.has_addr, c->place != NULL);
		place = (struct bind_place){ .family = q.family, .addr = q.addr, .port = q.port };
		memcpy(place.device, q.device, sizeof(place.device));
		buf_clear(&text);
		place_text(&place, &text);
		if (c->place)
			assert_string_equal(buf_cstr(&text), c->place);
	}
	buf_fini(&text);
	buf_fini(&error);
	services_free(services);
}

static void test_bad(void **state)
{
	struct services *services = services_new(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct why_question q = { .proto = PROTO_TCP };
		struct buf error = { 0 };

		if (!question_parse(&q, bad[i], services, &error))
			fail_msg("'%s' was taken for port %u", bad[i], q.port);
		assert_int_equal(strncmp(buf_cstr(&error), "--why: '", 8), 0);
		buf_fini(&error);
	}
	services_free(services);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
