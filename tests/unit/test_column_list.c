/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of columns that a person wrote: --columns and --sort. */
#include <config.h>

#include "query/column_list.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "query/columns.h"
#include "test.h"

static void expect(const struct column_list *l, const char *want)
{
	struct buf got = { 0 };

	for (size_t i = 0; i < l->n; i++)
		buf_printf(&got, "%s%s", i ? " " : "", l->list[i]->key);
	assert_string_equal(buf_cstr(&got), want);
	buf_fini(&got);
}

static void lists_replace_and_change(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "state", "state" },
		{ "state,proto", "state proto" },
		{ "dev,rtt", "iface tcp.rtt_us" },
		{ "state,proto,state", "state proto" },
		{ "+inode", "proto state local inode" },
		{ "+inode,mark", "proto state local inode mark" },
		{ "-state", "proto local" },
		{ "-state,+inode,-proto", "local inode" },
		{ "+state", "proto state local" },
		{ "-inode", "proto state local" },
		{ "-proto,-state,-local", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct column_list l = { 0 };
		struct column_list_error error;

		column_list_add_keys(&l, "proto state local");
		assert_int_equal(column_list_parse(&l, cases[i].text, &error), 0);
		expect(&l, cases[i].want);
		column_list_fini(&l);
		assert_int_equal(l.n, 0);
	}
}

/* What JSON has: a composite stands for its keys, and a group can be opened. */
static void lists_of_keys(void **state)
{
	static const struct {
		const char *text;
		const char *want;
		unsigned int needs; /* of what was named */
	} cases[] = {
		{ "local", "local_addr local_port iface", NEED_IFACES },
		{ "peer,local_port,local", "peer_addr peer_port local_port local_addr iface",
		  NEED_IFACES },
		{ "-local", "proto timer", 0 },
		{ "-local_port", "proto local_addr iface timer", 0 },
		{ "-timer", "proto local_addr local_port iface", 0 },
		{ "-timer.kind",
		  "proto local_addr local_port iface timer.expires_ms timer.retransmits", 0 },
		{ "-timer.kind,-timer.expires_ms,-timer.retransmits",
		  "proto local_addr local_port iface", 0 },
		{ "-tcp.cwnd", "proto local_addr local_port iface timer", 0 },
		{ "-proto,+tcp.cwnd,-local", "timer tcp.cwnd", NEED_TCP_INFO },
		{ "-proto,-local,-timer,+owners,-owners.cmdline,+owners.exe",
		  "owners.pid owners.name owners.fd owners.uid owners.user owners.via owners.exe",
		  NEED_CMDLINES | NEED_USERS | NEED_LINKS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct column_list l = { .is_of_keys = true };
		struct column_list_error error;

		column_list_add_keys(&l, "proto local timer");
		assert_int_equal(column_list_parse(&l, cases[i].text, &error), 0);
		expect(&l, cases[i].want);
		assert_int_equal(l.named_needs & ~(unsigned int)NEED_OWNERS, cases[i].needs);
		column_list_fini(&l);
	}
}

/* The place of the bad word, without its sign, and what it may have been meant to be. */
static const struct {
	const char *text;
	size_t pos;
	size_t len;
	const char *nearest; /* NULL: none */
} faults[] = {
	{ "", 0, 0, NULL },
	{ "stat", 0, 4, "state" },
	{ "proto,stat", 6, 4, "state" },
	{ "proto,", 6, 0, NULL },
	{ ",proto", 0, 0, NULL },
	{ "proto,,state", 6, 0, NULL },
	{ "+", 1, 0, NULL },
	{ "-stat,proto", 1, 4, "state" },
	{ "proto, state", 6, 6, "state" },
	{ "qqqqqqqq", 0, 8, NULL },
	{ "--state", 1, 6, "state" },
};

static void list_errors_have_a_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		struct column_list l = { 0 };
		struct column_list_error error;

		assert_int_equal(column_list_parse(&l, faults[i].text, &error), -EINVAL);
		assert_int_equal(error.pos, faults[i].pos);
		assert_int_equal(error.len, faults[i].len);
		if (faults[i].nearest)
			assert_string_equal(error.nearest->key, faults[i].nearest);
		else if (faults[i].len)
			assert_null(error.nearest);
		column_list_fini(&l);
	}
}

static void sort_errors_have_a_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		struct sort_key keys[8];
		struct column_list_error error;
		size_t n;

		assert_int_equal(sort_keys_parse(keys, 8, &n, faults[i].text, &error), -EINVAL);
		assert_int_equal(error.pos, faults[i].pos);
		assert_int_equal(error.len, faults[i].len);
	}
}

static void sort_keys(void **state)
{
	struct sort_key keys[2];
	struct column_list_error error;
	size_t n;

	(void)state;
	assert_int_equal(sort_keys_parse(keys, 2, &n, "-rtt,+state", &error), 0);
	assert_int_equal(n, 2);
	assert_string_equal(keys[0].column->key, "tcp.rtt_us");
	assert_true(keys[0].is_descending);
	assert_string_equal(keys[1].column->key, "state");
	assert_false(keys[1].is_descending);
	assert_int_equal(sort_keys_parse(keys, 2, &n, "state,proto,inode", &error), -E2BIG);
	assert_int_equal(n, 2);
}

/* What a person writes with a short name is the same as with the key: alone, added and taken away. */
static void expect_same(const struct column *c, const char *name, const char *before)
{
	static const char *const signs[] = { "", "+", "-", "-proto,+" };

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		struct column_list by_key = { 0 }, by_name = { 0 };
		struct column_list_error error;
		struct buf text = { 0 };

		column_list_add_keys(&by_key, before);
		column_list_add_keys(&by_name, before);
		buf_printf(&text, "%s%s", signs[i], c->key);
		assert_int_equal(column_list_parse(&by_key, buf_cstr(&text), &error), 0);
		buf_clear(&text);
		buf_printf(&text, "%s%s", signs[i], name);
		if (column_list_parse(&by_name, buf_cstr(&text), &error))
			fail_msg("%s", buf_cstr(&text));
		assert_int_equal(by_name.n, by_key.n);
		for (size_t k = 0; k < by_key.n; k++)
			assert_ptr_equal(by_name.list[k], by_key.list[k]);
		assert_int_equal(by_name.named_needs, by_key.named_needs);
		column_list_fini(&by_key);
		column_list_fini(&by_name);
		buf_fini(&text);
	}
}

static void expect_sorts(const struct column *c, const char *name)
{
	struct sort_key keys[2];
	struct column_list_error error;
	struct buf text = { 0 };
	size_t n;

	buf_printf(&text, "%s,-%s", name, name);
	assert_int_equal(sort_keys_parse(keys, 2, &n, buf_cstr(&text), &error), 0);
	assert_ptr_equal(keys[0].column, c);
	assert_ptr_equal(keys[1].column, c);
	assert_true(keys[1].is_descending);
	buf_fini(&text);
}

static void short_names_serve(void **state)
{
	(void)state;
	for (const struct column *c = columns; c < columns + columns_n; c++) {
		struct buf before = { 0 };

		buf_printf(&before, "proto %s state", c->key);
		for (const char *const *name = c->names; *name; name++) {
			expect_same(c, *name, "proto state");
			expect_same(c, *name, buf_cstr(&before));
			expect_sorts(c, *name);
		}
		buf_fini(&before);
	}
}

static void our_own_lists(void **state)
{
	struct column_list l = { 0 };

	(void)state;
	column_list_add_keys(&l, "");
	expect(&l, "");
	column_list_add_keys(&l, "state proto state");
	column_list_add(&l, column_find("inode", 5));
	column_list_add(&l, column_find("proto", 5));
	expect(&l, "state proto inode");
	column_list_fini(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_replace_and_change),
		cmocka_unit_test(lists_of_keys),
		cmocka_unit_test(list_errors_have_a_place),
		cmocka_unit_test(sort_errors_have_a_place),
		cmocka_unit_test(sort_keys),
		cmocka_unit_test(short_names_serve),
		cmocka_unit_test(our_own_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
