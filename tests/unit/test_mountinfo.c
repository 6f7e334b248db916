/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of mountinfo: whole, odd, cut anywhere. */
#include <config.h>

#include "resolve/mountinfo.h"

#include "base/buf.h"
#include "edge.h"
#include "test.h"

static const char mounts[] =
	"36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue\n"
	"no number here / / rw - tmpfs tmpfs rw\n"
	"37 35 0:4 net:[4026532281] /run/netns/a\\040b\\134 rw - nsfs nsfs rw\n"
	"38 35 0:4 / /no/type rw shared:1\n"
	"39 35 0:9 / /- rw - proc proc rw";

static void fields_are_found_behind_any_number_of_tags(void **state)
{
	struct mountinfo_entry entry;
	struct buf point = { 0 };
	size_t pos = 0;

	(void)state;
	assert_true(mountinfo_next(mounts, sizeof(mounts) - 1, &pos, &entry));
	assert_int_equal(entry.id, 36);
	assert_true(mountinfo_is(&entry.root, "/mnt1"));
	assert_true(mountinfo_is(&entry.point, "/mnt2"));
	assert_true(mountinfo_is(&entry.type, "ext3"));
	assert_true(mountinfo_is(&entry.options, "rw,errors=continue"));
	assert_true(mountinfo_next(mounts, sizeof(mounts) - 1, &pos, &entry));
	assert_int_equal(entry.id, 37);
	assert_true(mountinfo_is(&entry.root, "net:[4026532281]"));
	mountinfo_unescape(&entry.point, &point);
	assert_string_equal(buf_cstr(&point), "/run/netns/a b\\");
	assert_true(mountinfo_next(mounts, sizeof(mounts) - 1, &pos, &entry));
	assert_int_equal(entry.id, 39);
	assert_true(mountinfo_is(&entry.point, "/-"));
	assert_false(mountinfo_next(mounts, sizeof(mounts) - 1, &pos, &entry));
	buf_fini(&point);
}

static void lines_cut_anywhere(void **state)
{
	struct edge c;

	(void)state;
	edge_init(&c, sizeof(mounts));
	for (size_t len = 0; len < sizeof(mounts); len++) {
		const char *at = edge_copy(&c, mounts, len);
		struct mountinfo_entry entry;
		struct buf point = { 0 };
		size_t pos = 0;

		while (mountinfo_next(at, len, &pos, &entry)) {
			assert_true(entry.options.text + entry.options.len <= at + len);
			mountinfo_unescape(&entry.point, &point);
		}
		buf_fini(&point);
	}
	edge_fini(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_found_behind_any_number_of_tags),
		cmocka_unit_test(lines_cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
