/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON: strings of any bytes become valid ones that mean the same, and documents have their shape. */
#include <config.h>

#include <linux/tcp.h>

#include "base/text.h"
#include "printed.h"
#include "random.h"
#include "format/json_text.h"

static void awkward_strings(void **state)
{
#define CASE(in, out)                             \
	{                                         \
		in, sizeof(in) - 1, "\"" out "\"" \
	}
	static const struct {
		const char *in;
		size_t len;
		const char *want;
	} cases[] = {
		CASE("", ""),
		CASE("nginx", "nginx"),
		CASE("a\"b\\c/d", "a\\\"b\\\\c/d"),
		CASE("\b\t\n\f\r", "\\b\\t\\n\\f\\r"),
		CASE("\0\x01\x1b\x1f\x7f", "\\u0000\\u0001\\u001b\\u001f\\u007f"),
		CASE("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0", "\\u0080\\u009b\\u009f\xc2\xa0"),
		CASE("\xe2\x80\xae\xe2\x81\xa6\xe2\x80\xa8", "\\u202e\\u2066\\u2028"),
		CASE("d\xc3\xa9j\xc3\xa0 \xe6\xbc\xa2 \xf0\x9f\x90\xa7",
		     "d\xc3\xa9j\xc3\xa0 \xe6\xbc\xa2 \xf0\x9f\x90\xa7"),
		CASE("\xf3\xa0\x81\x81", "\\udb40\\udc41"), /* a tag */
		CASE("\xff", "\xef\xbf\xbd"),
		CASE("a\xc3", "a\xef\xbf\xbd"),
		CASE("\xc3(", "\xef\xbf\xbd("),
		CASE("\xc0\x80", "\xef\xbf\xbd\xef\xbf\xbd"),
		CASE("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out = { 0 };

		json_string(&out, cases[i].in, cases[i].len);
		assert_string_equal(buf_cstr(&out), cases[i].want);
		buf_fini(&out);
	}
}

static unsigned int hex4(const char *s)
{
	unsigned int value = 0;

	for (int i = 0; i < 4; i++) {
		const char *digits = "0123456789abcdef", *at = strchr(digits, s[i]);

		assert_true(s[i] && at);
		value = value * 16 + (unsigned int)(at - digits);
	}
	return value;
}

/* Reads the character at *s of a JSON string (RFC 8259 section 7) as anyone else would. */
static uint32_t read_char(const char **s, const char *end)
{
	static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	uint32_t cp;
	size_t len;

	if (**s != '\\') {
		len = text_decode(*s, (size_t)(end - *s), &cp);
		assert_true(len > 0);
		/* No control reaches a terminal raw. */
		assert_true(cp >= 0x20 && cp != '"' && (cp < 0x7f || cp > 0x9f));
		*s += len;
		return cp;
	}
	if ((*s)[1] == 'u') {
		assert_true(end - *s >= 6);
		cp = hex4(*s + 2);
		*s += 6;
		if (cp < 0xd800 || cp > 0xdbff)
			return cp;
		/* The first half of a character beyond U+FFFF. */
		assert_true(end - *s >= 6 && !strncmp(*s, "\\u", 2));
		cp = 0x10000 + ((cp & 0x3ff) << 10) + (hex4(*s + 2) & 0x3ff);
		*s += 6;
		return cp;
	}
	assert_true((*s)[1] && strchr(escapes, (*s)[1]));
	cp = (uint32_t)meanings[strchr(escapes, (*s)[1]) - escapes];
	*s += 2;
	return cp;
}

/* What n bytes become is a valid string, and reads back as they were. */
static void expect_same_meaning(const char *bytes, size_t n)
{
	struct buf out = { 0 };
	const char *s, *end;

	json_string(&out, bytes, n);
	assert_true(out.len >= 2 && out.data[0] == '"' && out.data[out.len - 1] == '"');
	s = out.data + 1;
	end = out.data + out.len - 1;
	for (size_t i = 0; i < n;) {
		uint32_t want;
		size_t len = text_decode(bytes + i, n - i, &want);

		assert_true(s < end);
		assert_int_equal(read_char(&s, end), len ? want : 0xfffd);
		i += len ? len : 1;
	}
	assert_ptr_equal(s, end);
	buf_fini(&out);
}

static void every_character(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp < 0x110000; cp++) {
		char text[4];
		size_t n;

		if (cp >= 0xd800 && cp < 0xe000)
			continue;
		if (cp < 0x80) {
			text[0] = (char)cp;
			n = 1;
		} else if (cp < 0x800) {
			text[0] = (char)(0xc0 | cp >> 6);
			n = 2;
		} else if (cp < 0x10000) {
			text[0] = (char)(0xe0 | cp >> 12);
			n = 3;
		} else {
			text[0] = (char)(0xf0 | cp >> 18);
			n = 4;
		}
		for (size_t i = 1; i < n; i++)
			text[i] = (char)(0x80 | (cp >> 6 * (n - 1 - i) & 0x3f));
		expect_same_meaning(text, n);
	}
}

static void random_bytes(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 100000; round++) {
		char bytes[24];
		size_t n = random_below(&seed, sizeof(bytes) + 1);

		for (size_t i = 0; i < n; i++)
			bytes[i] = (char)random_next(&seed);
		expect_same_meaning(bytes, n);
	}
}

static void times(void **state)
{
	static const struct {
		uint64_t ms;
		const char *want;
	} cases[] = {
		{ 0, "null" },
		{ 1, "\"1970-01-01T00:00:00.001Z\"" },
		{ 1700000000007, "\"2023-11-14T22:13:20.007Z\"" },
		{ 4102444800999, "\"2100-01-01T00:00:00.999Z\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out = { 0 };

		json_time(&out, cases[i].ms);
		assert_string_equal(buf_cstr(&out), cases[i].want);
		buf_fini(&out);
	}
}

#define HEAD(complete, problems)                                                                \
	"{\"schema\": 1, \"portstat\": \"" PACKAGE_VERSION "\", \"host\": \"h\\\"1\", "         \
	"\"machine\": \"00000000000000ff\", \"boot_id\": \"b-1\", "                             \
	"\"addresses\": [\"10.0.0.5\", \"2001:db8::1\"], \"ephemeral\": [32768, 60999], "       \
	"\"uid\": 1000, \"time\": \"1970-01-01T00:00:01.000Z\", "                               \
	"\"selection\": {\"protocols\": [\"tcp\", \"raw\"], \"families\": [\"inet6\"], "        \
	"\"listening\": true, \"filter\": \"proc \\\"a b\\\"\", \"netns\": [\"host\", \"a\"], " \
	"\"forwards\": false, \"unread\": [], \"columns\": null}, \"complete\": " complete      \
	", \"problems\": [" problems "], "

static struct head_addr addrs[] = {
	{ ADDR_INET, { { 10, 0, 0, 5 } } },
	{ ADDR_INET6, { { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } } },
};
static char filter[] = "proc \"a b\"";
static const struct document_head head = {
	.host = "h\"1",
	.machine = "00000000000000ff",
	.boot_id = "b-1",
	.addrs = addrs,
	.n_addrs = 2,
	.ephemeral = { 32768, 60999 },
	.uid = 1000,
	.has_uid = true,
	.selection = {
		.protos = PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_RAW),
		.families = FAMILY_BIT(ADDR_INET6),
		.is_listening = true,
		.filter = { .data = filter, .len = sizeof(filter) - 1 },
		.netns = ",host,,a",
	},
};

static const struct format_options plain = { .head = &head };

static void an_empty_document(void **state)
{
	struct rows *r = *state;

	r->snap.time_ms = 1000;
	rows_make(r);
	expect_printed(r, json_print, "proto", plain, HEAD("true", "") "\"sockets\": []}\n");
	expect_printed(r, json_lines_print, "proto", plain, "");
	expect_printed(r, summary_json_print, "", plain, HEAD("true", "") "\"summary\": []}\n");
}

static void problems_are_told(void **state)
{
	struct rows *r = *state;
	struct problem udp = { .code = PROBLEM_FALLBACK, .proto = PROTO_UDP };
	struct problem hosts = { .code = PROBLEM_HOSTS, .proto = PROBLEM_NO_PROTO, .count = 2 };

	r->snap.time_ms = 1000;
	problems_add(&r->snap.problems, &udp);
	problems_add(&r->snap.problems, &hosts);
	rows_make(r);
	expect_printed(
		r, json_print, "proto", plain,
		HEAD("false",
		     "{\"code\": \"fallback\", \"proto\": \"udp\", \"host\": null, \"netns\": null, \"fields\": [], \"message\": "
		     "\"udp sockets were read from /proc/net, which lacks cookie, interface, "
		     "mark, cgroup, dual stack and idle bound sockets; the kernel module udp_diag lists them, "
		     "if this kernel has it\"}, {\"code\": \"names\", \"proto\": null, \"host\": null, "
		     "\"netns\": null, \"fields\": [], \"message\": \"the host names of 2 addresses were not "
		     "resolved in time\"}") "\"sockets\": []}\n");
}

/* Composites stand for their keys, a column with a dot is a key inside another object, once. */
static void objects_and_arrays(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0);
	static const uint32_t memory[] = { 10, 20 };
	const char *user = users_name(r->names.users, geteuid());
	struct buf want = { 0 };

	buf_printf(
		&want,
		"{\"local_addr\": \"::\", \"local_port\": 80, \"iface\": null, "
		"\"dual_stack\": true, \"peer_addr\": null, \"peer_port\": null, "
		"\"owners\": [{\"pid\": 7, \"name\": \"a\\\"b\", \"fd\": 3, \"uid\": %u, \"user\": ",
		geteuid());
	if (user)
		json_string(&want, user, strlen(user));
	else
		buf_str(&want, "null");
	buf_str(&want, ", \"cmdline\": [\"x\", \"\", \"y\\n\"], \"via\": \"fd\"}], "
		       "\"owner_note\": null, \"memory\": {\"rcvbuf\": 20, \"drops\": null, "
		       "\"rmem_alloc\": 10}, \"timer\": null}\n"
		       "{\"local_addr\": \"::\", \"local_port\": 80, \"iface\": null, "
		       "\"dual_stack\": true, \"peer_addr\": null, \"peer_port\": null, "
		       "\"owners\": [], \"owner_note\": \"unheld\", \"memory\": null, "
		       "\"timer\": null}\n");
	make_process(&r->tree, 7, "a\"b", 1);
	make_link(&r->tree, "7/fd/3", "socket:[500]");
	make_file(&r->tree, "7/cmdline", "x\0\0y\n\0", 6);
	sk.known |= SOCK_HAS_INODE | SOCK_HAS_V6ONLY;
	sk.inode = 500;
	rows_add(r, &sk);
	sock_table_attach(&r->snap.table, SOCK_EXTRA_MEMORY, memory, sizeof(memory));
	sk.inode = 501;
	rows_add(r, &sk);
	rows_make(r);
	rows_find_owners(r);
	r->snap.rows[1].owner_note = NOTE_UNHELD;
	expect_printed(r, json_lines_print,
		       "local dual_stack peer local_port process memory.rcvbuf memory.drops "
		       "memory.rmem_alloc owners.pid timer",
		       plain, buf_cstr(&want));
	buf_fini(&want);
	expect_printed(r, json_lines_print, "owners.name owners.fd", plain,
		       "{\"owners\": [{\"name\": \"a\\\"b\", \"fd\": 3}]}\n{\"owners\": []}\n");
}

/* Keys that only a chosen column has; those of a group that is written in full lack them. */
static void keys_that_are_chosen(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0);

	make_child(&r->tree, 1, "init", 1, 0);
	make_child(&r->tree, 6, "a\"\xff", 1, 1);
	make_child(&r->tree, 7, "b", 150, 6);
	make_link(&r->tree, "1/fd/3", "socket:[501]");
	make_link(&r->tree, "7/fd/3", "socket:[500]");
	make_link(&r->tree, "7/exe", "/bin/\xe2\x80\xae\xff");
	make_file(&r->tree, "stat", "cpu 1\nbtime 1700000000\n", 23);
	for (uint32_t i = 0; i < 3; i++) {
		sk.inode = 500 + i;
		sk.known |= SOCK_HAS_INODE;
		rows_add(r, &sk);
	}
	rows_make(r);
	rows_find_owners(r);
	expect_printed(r, json_lines_print,
		       "owners.ppid owners.started owners.cwd owners.exe owners.ancestors", plain,
		       "{\"owners\": [{\"ppid\": 6, \"started\": \"2023-11-14T22:13:21Z\", "
		       "\"cwd\": null, \"exe\": \"/bin/\\u202e\xef\xbf\xbd\", "
		       "\"ancestors\": [{\"pid\": 1, \"name\": \"init\"}, "
		       "{\"pid\": 6, \"name\": \"a\\\"\xef\xbf\xbd\"}]}]}\n"
		       "{\"owners\": [{\"ppid\": null, \"started\": \"2023-11-14T22:13:20Z\", "
		       "\"cwd\": null, \"exe\": null, \"ancestors\": null}]}\n"
		       "{\"owners\": []}\n");
}

/* One document a line, and rows that carry the time, where listings follow one another. */
static void watching(void **state)
{
	struct rows *r = *state;
	struct format_options opt = { .head = &head, .is_watch = true };
	struct sock sk = rows_sock(PROTO_UDP, SOCK_STATE_BOUND, "0.0.0.0", 80, NULL, 0);

	r->snap.time_ms = 1000;
	rows_add(r, &sk);
	rows_add(r, &sk);
	rows_make(r);
	expect_printed(
		r, json_print, "proto", opt,
		HEAD("true", "") "\"sockets\": [{\"proto\": \"udp\"}, {\"proto\": \"udp\"}]}\n");
	expect_printed(r, json_lines_print, "proto", opt,
		       "{\"time\": \"1970-01-01T00:00:01.000Z\", \"proto\": \"udp\"}\n"
		       "{\"time\": \"1970-01-01T00:00:01.000Z\", \"proto\": \"udp\"}\n");
	expect_printed(r, summary_json_print, "", opt,
		       HEAD("true", "") "\"summary\": [{\"proto\": \"udp\", \"family\": \"inet\", "
					"\"state\": \"bound\", \"count\": 2}]}\n");
}

/* By columns: their keys, nested as those of a socket are, with totals in the place of numbers. */
static void a_summary_by_columns(void **state)
{
	struct rows *r = *state;
	struct format_options opt = { .head = &head, .is_watch = true };
	struct sock sk =
		rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2", 9);
	struct sock none = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "10.0.0.1", 80, NULL, 0);
	struct tcp_info info = { .tcpi_bytes_sent = 40 };

	r->snap.time_ms = 1000;
	rows_add(r, &none);
	for (int i = 0; i < 2; i++) {
		rows_add(r, &sk);
		sock_table_attach(&r->snap.table, SOCK_EXTRA_TCP_INFO, &info, sizeof(info));
	}
	rows_make(r);
	expect_printed(
		r, summary_json_print, "peer_addr tcp.bytes_sent", opt,
		HEAD("true",
		     "") "\"summary\": [{\"peer_addr\": \"10.0.0.2\", \"tcp\": {\"bytes_sent\": "
			 "80}, "
			 "\"count\": 2}, {\"peer_addr\": null, \"tcp\": {\"bytes_sent\": null}, "
			 "\"count\": 1}]}\n");
}

static void a_full_disk(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_UDP, SOCK_STATE_BOUND, "0.0.0.0", 80, NULL, 0);

	for (int i = 0; i < 5000; i++)
		rows_add(r, &sk);
	rows_make(r);
	expect_full(r, json_print, "proto local peer");
	expect_full(r, json_lines_print, "proto local peer");
	expect_full(r, summary_json_print, "proto local peer");
}

int main(void)
{
#define ROWS(f) cmocka_unit_test_setup_teardown(f, rows_set_up, rows_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(awkward_strings),
		cmocka_unit_test(every_character),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(times),
		ROWS(an_empty_document),
		ROWS(problems_are_told),
		ROWS(objects_and_arrays),
		ROWS(keys_that_are_chosen),
		ROWS(watching),
		ROWS(a_summary_by_columns),
		ROWS(a_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
