/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Service names: the file before the registry, whole, cut and hostile files. */
#include <config.h>

#include "resolve/services.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/port_set.h"
#include "resolve/iana_services.h"
#include "edge.h"
#include "test.h"

static void registry_names_ports(void **state)
{
	struct services *s = services_new(NULL);

	(void)state;
	assert_string_equal(services_name(s, PROTO_TCP, 22), "ssh");
	assert_string_equal(services_name(s, PROTO_MPTCP, 22), "ssh");
	assert_string_equal(services_name(s, PROTO_UDP, 53), "domain");
	assert_string_equal(services_name(s, PROTO_UDPLITE, 53), "domain");
	assert_string_equal(services_name(s, PROTO_SCTP, 9), "discard");
	assert_string_equal(services_name(s, PROTO_TCP, 512), "exec");
	assert_string_equal(services_name(s, PROTO_UDP, 512), "biff");
	assert_null(services_name(s, PROTO_SCTP, 512));
	assert_null(services_name(s, PROTO_TCP, 0));
	assert_null(services_name(s, PROTO_TCP, 65535));
	assert_null(services_name(s, PROTO_RAW, 22));
	services_free(s);
	services_free(NULL);
}

/* What the two look-ups take for granted of the tables that the build makes. */
/* Of several names for a port the first one counts. */
static bool is_first(size_t at, unsigned int proto)
{
	for (size_t i = at; i-- > 0 && iana_services[i].port == iana_services[at].port;)
		if (iana_services[i].protos & proto)
			return false;
	return true;
}

static void registry_is_in_order(void **state)
{
	struct services *s = services_new(NULL);

	(void)state;
	assert_true(iana_services_n > 5000);
	for (size_t i = 0; i < iana_services_n; i++) {
		const struct iana_service *row = &iana_services[i];
		const char *name = iana_names + row->name;
		struct port_set ports = { 0 };

		assert_true(!i || iana_services[i - 1].port <= row->port);
		/* RFC 6335 section 5.1 */
		assert_in_range(strlen(name), 1, 15);
		assert_true(row->name == 0 || !name[-1]);
		assert_true(services_ports(s, name, strlen(name), &ports));
		assert_true(port_set_has(&ports, row->port));
		if (row->protos & PROTO_BIT(PROTO_TCP) && is_first(i, PROTO_BIT(PROTO_TCP)))
			assert_string_equal(services_name(s, PROTO_TCP, row->port), name);
		if (row->protos & PROTO_BIT(PROTO_UDP) && is_first(i, PROTO_BIT(PROTO_UDP)))
			assert_string_equal(services_name(s, PROTO_UDP, row->port), name);
	}
	assert_string_equal(services_name(s, PROTO_TCP, 80), "http");
	assert_string_equal(services_name(s, PROTO_TCP, 631), "ipp");
	services_free(s);
}

static void add(struct services *s, const char *text)
{
	services_read(s, text, strlen(text));
}

static void file_comes_first(void **state)
{
	struct services *s = services_new(NULL);
	struct port_set ports = { 0 };

	(void)state;
	add(s, "# a comment\n"
	       "\n"
	       "  mine\t22/tcp  alias1 Alias2 # ssh here\n"
	       "later 22/tcp\n"
	       "upper 7001/TCP\n"
	       "mine 9999/udp#no space\n"
	       "last 8/sctp");
	assert_string_equal(services_name(s, PROTO_TCP, 22), "mine");
	assert_string_equal(services_name(s, PROTO_UDP, 22), "ssh");
	assert_string_equal(services_name(s, PROTO_UDP, 9999), "mine");
	assert_string_equal(services_name(s, PROTO_TCP, 7001), "upper");
	assert_string_equal(services_name(s, PROTO_SCTP, 8), "last");
	assert_string_equal(services_name(s, PROTO_TCP, 443), "https");

	assert_true(services_ports(s, "MINE", 4, &ports));
	assert_true(port_set_has(&ports, 22) && port_set_has(&ports, 9999));
	ports = (struct port_set){ 0 };
	assert_true(services_ports(s, "alias2", 6, &ports) && port_set_has(&ports, 22));
	assert_true(services_ports(s, "later", 5, &ports));
	assert_false(services_ports(s, "ssh here", 8, &ports));
	assert_false(services_ports(s, "no", 2, &ports));
	assert_false(services_ports(s, "", 0, &ports));
	assert_false(services_ports(s, "min", 3, &ports));
	assert_false(services_ports(s, "mine\0x", 6, &ports));
	services_free(s);
}

static void lines_that_are_none_are_passed_over(void **state)
{
	static const char *const lines[] = {
		"x",	    "x 1",	   "x /tcp",   "x 1/",	    "x 1/mptcp", "x 1/tcpx",
		"x -1/tcp", "x 65536/tcp", "x 1a/tcp", "x # 1/tcp", "# x 1/tcp", "x 1 /tcp",
	};
	struct services *s = services_new(NULL);
	struct port_set ports = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		add(s, lines[i]);
		assert_false(services_ports(s, "x", 1, &ports));
	}
	services_read(s, "x 1/tcp\0y\n", 10);
	assert_false(services_ports(s, "x", 1, &ports));
	assert_string_equal(services_name(s, PROTO_TCP, 1), "tcpmux");
	services_free(s);
}

static void text_cut_anywhere(void **state)
{
	static const char text[] = "one 1/tcp uno\ntwo 22222/udp # z\nthree 3/sctp a b c";
	struct edge c;

	(void)state;
	edge_init(&c, sizeof(text));
	for (size_t len = 0; len < sizeof(text); len++) {
		struct services *s = services_new(NULL);
		struct port_set ports = { 0 };

		services_read(s, edge_copy(&c, text, len), len);
		assert_int_equal(services_ports(s, "one", 3, &ports), len >= 9);
		services_free(s);
	}
	edge_fini(&c);
}

/* Writes a file, reads it as services, removes it. */
static struct services *from_file(void (*write_to)(FILE *))
{
	char path[] = "/tmp/portstat-services-XXXXXX";
	int fd = mkstemp(path);
	struct services *s;
	FILE *f;

	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	assert_non_null(f);
	write_to(f);
	assert_int_equal(fclose(f), 0);
	s = services_new(path);
	unlink(path);
	return s;
}

static void write_hostile(FILE *f)
{
	fputs("first 40001/tcp\n", f);
	for (unsigned int i = 0; i < 200000; i++)
		fputs("word ", f);
	fputs("\nsecond 40002/tcp\n", f);
	/* A line whose end falls right behind the room for one, and one that just fits. */
	fprintf(f, "third 40003/tcp%*s\n", (64 << 10) - 15 + 1, "");
	fprintf(f, "fourth 40004/tcp%*s\n", (64 << 10) - 16, "");
	fwrite("\0\0\0\n", 1, 4, f);
	fputs("\xff\033 40005/tcp\n", f);
	fputs("last 40006/tcp", f);
}

static void hostile_file_is_read_through(void **state)
{
	struct services *s = from_file(write_hostile);
	struct port_set ports = { 0 };

	(void)state;
	assert_string_equal(services_name(s, PROTO_TCP, 40001), "first");
	assert_string_equal(services_name(s, PROTO_TCP, 40002), "second");
	assert_false(services_ports(s, "third", 5, &ports));
	assert_string_equal(services_name(s, PROTO_TCP, 40004), "fourth");
	assert_string_equal(services_name(s, PROTO_TCP, 40005), "\xff\033");
	assert_string_equal(services_name(s, PROTO_TCP, 40006), "last");
	assert_false(services_ports(s, "word", 4, &ports));
	services_free(s);
}

static void write_million(FILE *f)
{
	for (unsigned int i = 0; i < 1000000; i++)
		fprintf(f, "s%u %u/udp a%u\n", i, i % 65536, i);
}

static void million_lines_are_read(void **state)
{
	struct services *s = from_file(write_million);
	struct port_set ports = { 0 };

	(void)state;
	assert_string_equal(services_name(s, PROTO_UDP, 65535), "s65535");
	assert_true(services_ports(s, "a999999", 7, &ports));
	assert_true(port_set_has(&ports, 999999 % 65536));
	services_free(s);
}

static void what_is_no_file_is_no_error(void **state)
{
	static const char *const paths[] = { "/nonexistent/services", "/", "/dev/zero" };

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct services *s = services_new(paths[i]);

		assert_string_equal(services_name(s, PROTO_TCP, 443), "https");
		services_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registry_names_ports),
		cmocka_unit_test(registry_is_in_order),
		cmocka_unit_test(file_comes_first),
		cmocka_unit_test(lines_that_are_none_are_passed_over),
		cmocka_unit_test(text_cut_anywhere),
		cmocka_unit_test(hostile_file_is_read_through),
		cmocka_unit_test(million_lines_are_read),
		cmocka_unit_test(what_is_no_file_is_no_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
