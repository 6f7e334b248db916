/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that is replaced as a whole: content, mode, what is refused, and what is flushed. */
#include <config.h>

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/output_file.h"

static int flushed_files, flushed_folders;

/* Stands in for the C library's: counts what is flushed. */
int fsync(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	if (S_ISDIR(st.st_mode))
		flushed_folders++;
	else
		flushed_files++;
	return 0;
}

struct place {
	char folder[32];
	char path[64];
};

static int make_place(void **state)
{
	static struct place place;

	strcpy(place.folder, "/tmp/portstat-XXXXXX");
	if (!mkdtemp(place.folder))
		return -1;
	snprintf(place.path, sizeof(place.path), "%s/result", place.folder);
	flushed_files = flushed_folders = 0;
	*state = &place;
	return 0;
}

/* Fails if a temporary file was left. */
static int remove_place(void **state)
{
	struct place *place = *state;

	unlink(place->path);
	return rmdir(place->folder);
}

static int replace(const char *path, const char *text, int result)
{
	struct output_file file;
	int err = output_file_begin(&file, path, 0640);

	if (err)
		return err;
	fputs(text, file.stream);
	return output_file_end(&file, result);
}

static void expect_content(const char *path, const char *want)
{
	char text[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(text, want);
}

static unsigned int mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void it_is_replaced_and_flushed(void **state)
{
	const struct place *place = *state;
	mode_t mask = umask(027);

	assert_int_equal(replace(place->path, "first", 0), 0);
	expect_content(place->path, "first");
	assert_int_equal(mode_of(place->path), 0640);
	assert_int_equal(flushed_files, 1);
	assert_int_equal(flushed_folders, 1);
	/* The mode of the old one stays, whatever the umask is. */
	assert_int_equal(chmod(place->path, 0666), 0);
	assert_int_equal(replace(place->path, "second", 0), 0);
	expect_content(place->path, "second");
	assert_int_equal(mode_of(place->path), 0666);
	umask(mask);
}

static void after_an_error_the_old_one_stays(void **state)
{
	const struct place *place = *state;

	assert_int_equal(replace(place->path, "old", 0), 0);
	assert_int_equal(replace(place->path, "new", -ENOSPC), -ENOSPC);
	expect_content(place->path, "old");
}

static void only_a_regular_file_is_replaced(void **state)
{
	const struct place *place = *state;

	assert_int_equal(symlink("/dev/null", place->path), 0);
	assert_int_equal(replace(place->path, "new", 0), -EMEDIUMTYPE);
	assert_int_equal(replace(place->folder, "new", 0), -EMEDIUMTYPE);
	assert_int_equal(replace("/nowhere/at/all", "new", 0), -ENOENT);
	assert_int_equal(replace("/", "new", 0), -EISDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_is_replaced_and_flushed, make_place,
						remove_place),
		cmocka_unit_test_setup_teardown(after_an_error_the_old_one_stays, make_place,
						remove_place),
		cmocka_unit_test_setup_teardown(only_a_regular_file_is_replaced, make_place,
						remove_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
