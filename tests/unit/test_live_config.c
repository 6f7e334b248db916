/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view's configuration and its table of keys. */
#include <config.h>

#include "live/config.h"
#include "live/config_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "edge.h"
#include "live/keys.h"
#include "live/live_columns.h"
#include "query/columns.h"
#include "test.h"

static int save(const struct live_config *config, const char *path)
{
	struct buf lines = { 0 };
	int err;

	live_config_print(config, &lines);
	err = live_config_save(path, &lines);
	buf_fini(&lines);
	return err;
}

static void parse(struct live_config *config, const char *text, struct buf *complaints)
{
	live_config_init(config);
	live_config_parse(config, text, strlen(text), complaints);
}

static void lines_are_read(void **state)
{
	struct live_config config;
	struct buf complaints = { 0 };

	(void)state;
	parse(&config,
	      "# what ana likes\n\n  view=processes\r\ntheme = light\nmouse = no\nnames =\tno\ndetails = yes\n"
	      "bell = yes\ntrouble = yes\n"
	      "columns.ports = lport, rtt,conn\nsort.peers = -rx",
	      &complaints);
	assert_int_equal(complaints.len, 0);
	assert_int_equal(config.view, VIEW_PROCESSES);
	assert_int_equal(config.theme, THEME_LIGHT);
	assert_false(config.has_mouse);
	assert_false(config.has_names);
	assert_true(config.has_details);
	assert_true(config.has_bell);
	assert_true(config.is_troubled);
	assert_string_equal(config.columns[VIEW_PORTS], "lport, rtt,conn");
	assert_null(config.columns[VIEW_PEERS]);
	assert_string_equal(config.sort[VIEW_PEERS], "-rx");
	live_config_fini(&config);
}

/* Each of the switches alone, either way: no key sets that of another. */
static void a_switch_is_its_own(void **state)
{
	static const struct {
		const char *key;
		size_t offset;
		bool is_usual; /* the default */
	} switches[] = {
		{ "mouse", offsetof(struct live_config, has_mouse), true },
		{ "names", offsetof(struct live_config, has_names), true },
		{ "details", offsetof(struct live_config, has_details), false },
		{ "bell", offsetof(struct live_config, has_bell), false },
		{ "trouble", offsetof(struct live_config, is_troubled), false },
	};
	const size_t n = sizeof(switches) / sizeof(*switches);

	(void)state;
	for (size_t i = 0; i < 2 * n; i++) {
		struct live_config config, again;
		struct buf text = { 0 }, complaints = { 0 };

		buf_printf(&text, "%s = %s\n", switches[i / 2].key, i % 2 ? "yes" : "no");
		parse(&config, buf_cstr(&text), &complaints);
		buf_clear(&text);
		live_config_print(&config, &text);
		parse(&again, buf_cstr(&text), &complaints);
		assert_int_equal(complaints.len, 0);
		for (size_t j = 0; j < n; j++) {
			bool is = *(const bool *)((const char *)&config + switches[j].offset);

			if (is != (i / 2 == j ? i % 2 : switches[j].is_usual))
				fail_msg("%s = %s: %s", switches[i / 2].key, i % 2 ? "yes" : "no",
					 switches[j].key);
			/* As it is written. */
			assert_int_equal(
				is, *(const bool *)((const char *)&again + switches[j].offset));
		}
		live_config_fini(&config);
		live_config_fini(&again);
		buf_fini(&text);
		buf_fini(&complaints);
	}
}

static void expect_read(const struct column *c, const char *name)
{
	struct live_columns live;
	struct live_config config;
	struct buf text = { 0 }, complaints = { 0 };

	live_columns_init(&live);
	assert_ptr_equal(live_columns_find(&live, name, strlen(name))->column, c);
	live_columns_fini(&live);
	buf_printf(&text, "columns.ports = conn,%s\nsort.peers = -%s", name, name);
	parse(&config, buf_cstr(&text), &complaints);
	if (complaints.len)
		fail_msg("%s", buf_cstr(&complaints));
	live_config_fini(&config);
	buf_fini(&text);
	buf_fini(&complaints);
}

/* No column of the live view alone has the short name of a listing's. */
static void short_names_serve(void **state)
{
	(void)state;
	for (const struct column *c = columns; c < columns + columns_n; c++) {
		expect_read(c, c->key);
		for (const char *const *name = c->names; *name; name++)
			expect_read(c, *name);
	}
}

/* One line is all there is room for; it says where, and how much more there is. */
static void bad_lines_are_summed_up(void **state)
{
	struct live_config config;
	struct buf complaints = { 0 }, text = { 0 };

	(void)state;
	parse(&config, "details = yes\nmouse = maybe\n", &complaints);
	live_config_sum_up(&complaints, "/home/ana/.config/portstat/config", &text);
	assert_string_equal(buf_cstr(&text),
			    "/home/ana/.config/portstat/config has 1 invalid line: "
			    "line 2 was skipped: mouse = maybe");
	live_config_fini(&config);
	buf_clear(&complaints);
	buf_clear(&text);
	parse(&config, "mouse = maybe\nview = peers\ncolour = red\nnonsense", &complaints);
	live_config_sum_up(&complaints, "/\033[2J/config", &text);
	assert_string_equal(buf_cstr(&text), "/\\x1b[2J/config has 3 invalid lines: "
					     "line 1 was skipped: mouse = maybe");
	live_config_fini(&config);
	buf_fini(&complaints);
	buf_fini(&text);
}

/* Whatever a person wrote stays as it is, except the values of what was changed. */
static void a_file_is_edited(void **state)
{
	static const char *const texts[] = {
		"view = ports\nmouse = yes\nsort.ports = local_port\n",
		"view = ports\nmouse = yes\nsort.ports = -rx\ncolumns.ports = proto\n",
		"# mine\n\nview=peers\nsort.ports = proto # why\nexpected = /etc/x\nnonsense",
	};
	struct buf before = { 0 }, after = { 0 }, file = { 0 }, changes = { 0 }, text = { 0 };

	(void)state;
	buf_str(&before, texts[0]);
	buf_str(&after, texts[1]);
	buf_str(&file, texts[2]);
	live_config_changes(&before, &before, &changes);
	assert_int_equal(changes.len, 0);
	live_config_changes(&before, &after, &changes);
	assert_string_equal(buf_cstr(&changes), "sort.ports = -rx\ncolumns.ports = proto\n");
	live_config_edit(&file, &changes, &text);
	assert_string_equal(buf_cstr(&text), "# mine\n\nview=peers\nsort.ports = -rx\n"
					     "expected = /etc/x\nnonsense\n"
					     "columns.ports = proto\n");
	/* A file that is not there yet. */
	buf_clear(&file);
	buf_clear(&text);
	live_config_edit(&file, &changes, &text);
	assert_string_equal(buf_cstr(&text), buf_cstr(&changes));
	buf_fini(&before);
	buf_fini(&after);
	buf_fini(&file);
	buf_fini(&changes);
	buf_fini(&text);
}

static void a_bad_line_is_named_and_skipped(void **state)
{
	/* clang-format off */
	static const char *const bad[] = {
		"view", "view = ports2", "= ports", "mouse = maybe", "bell = 1", "trouble = true", "trouble", "theme = pink", "theme =", "columns.ports = ",
		"columns.ports = proto,nonsense", "columns.ports = proto,proto", "columns. = proto",
		"columns.nowhere = proto", "sort.ports = --proto", "sort.ports =", "colour = red",
		"sort = proto", "columns.ports = proto,", "\033[2J = 1", ".ports = proto",
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct live_config config;
		struct buf text = { 0 }, complaints = { 0 };

		buf_printf(&text, "details = yes\n%s\nview = peers\n", bad[i]);
		parse(&config, buf_cstr(&text), &complaints);
		if (strncmp(buf_cstr(&complaints), "line 2 was skipped: ", 20) != 0)
			fail_msg("%s: %s", bad[i], buf_cstr(&complaints));
		assert_null(memchr(complaints.data, '\033', complaints.len));
		assert_int_equal(config.view, VIEW_PEERS);
		assert_true(config.has_details);
		assert_true(config.has_mouse);
		for (size_t view = 0; view < LIVE_VIEWS; view++) {
			assert_null(config.columns[view]);
			assert_null(config.sort[view]);
		}
		live_config_fini(&config);
		buf_fini(&text);
		buf_fini(&complaints);
	}
}

static void what_is_written_reads_back(void **state)
{
	struct live_config config, again;
	struct buf text = { 0 }, text_again = { 0 }, complaints = { 0 };

	(void)state;
	parse(&config,
	      "view = connections\ntheme = dark\nmouse = no\ncolumns.connections = proto,tcp.rtt_us\n"
	      "sort.ports = -conn\n",
	      &complaints);
	live_config_print(&config, &text);
	parse(&again, buf_cstr(&text), &complaints);
	live_config_print(&again, &text_again);
	assert_int_equal(complaints.len, 0);
	assert_string_equal(buf_cstr(&text), buf_cstr(&text_again));
	live_config_fini(&config);
	live_config_fini(&again);
	buf_fini(&text);
	buf_fini(&text_again);
}

/* Every cut of a good text, ending where memory ends. */
static void no_byte_is_read_behind_the_end(void **state)
{
	static const char text[] =
		"view = peers\ncolumns.ports = proto,state,conn\nsort.ports = -rx\n#";
	struct edge edge;

	(void)state;
	edge_init(&edge, sizeof(text));
	for (size_t len = 0; len < sizeof(text); len++) {
		struct live_config config;
		struct buf complaints = { 0 };

		live_config_init(&config);
		live_config_parse(&config, edge_copy(&edge, text, len), len, &complaints);
		live_config_fini(&config);
		buf_fini(&complaints);
	}
	edge_fini(&edge);
}

struct place {
	char folder[64];
	struct buf path;
};

static int place_make(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	if (!p)
		return -1;
	strcpy(p->folder, "/tmp/portstat-config-XXXXXX");
	if (!mkdtemp(p->folder))
		return -1;
	unsetenv("SUDO_UID");
	setenv("XDG_CONFIG_HOME", p->folder, 1);
	*state = p;
	return live_config_path(&p->path) ? 0 : -1;
}

static int place_remove(void **state)
{
	struct place *p = *state;
	char command[128];
	int status;

	snprintf(command, sizeof(command), "rm -rf '%s'", p->folder);
	status = system(command);
	buf_fini(&p->path);
	free(p);
	return status;
}

static void the_file_is_kept(void **state)
{
	struct place *p = *state;
	const char *path = buf_cstr(&p->path);
	struct live_config config, again;
	struct buf complaints = { 0 };
	struct stat st;

	live_config_init(&config);
	assert_int_equal(live_config_load(&config, path, &complaints), 0);
	assert_int_equal(config.view, VIEW_PORTS);
	config.view = VIEW_PEERS;
	assert_int_equal(save(&config, path), 0);
	/* Over one that is there, too. */
	assert_int_equal(save(&config, path), 0);
	live_config_init(&again);
	assert_int_equal(live_config_load(&again, path, &complaints), 0);
	assert_int_equal(again.view, VIEW_PEERS);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(complaints.len, 0);
	live_config_fini(&config);
	live_config_fini(&again);
}

static void a_folder_is_no_file(void **state)
{
	struct place *p = *state;
	struct live_config config;
	struct buf complaints = { 0 };

	live_config_init(&config);
	assert_int_equal(live_config_load(&config, p->folder, &complaints), -EINVAL);
	assert_true(save(&config, "/proc/portstat/config") < 0);
	assert_true(save(&config, p->folder) < 0);
	live_config_fini(&config);
}

/* sudo keeps HOME on some systems: root must not follow what is in it. */
static void root_reads_its_own_file_or_the_callers(void **state)
{
	struct place *p = *state;
	const char *path = buf_cstr(&p->path);
	struct live_config config;
	struct buf complaints = { 0 };

	if (geteuid() != 0)
		skip_because("only root can give files away");
	live_config_init(&config);
	assert_int_equal(save(&config, path), 0);
	assert_int_equal(live_config_load(&config, path, &complaints), 0);
	assert_int_equal(chown(path, 1000, 1000), 0);
	assert_int_equal(live_config_load(&config, path, &complaints), -EPERM);
	setenv("SUDO_UID", "1001", 1);
	assert_int_equal(live_config_load(&config, path, &complaints), -EPERM);
	setenv("SUDO_UID", "1000", 1);
	assert_int_equal(live_config_load(&config, path, &complaints), 0);
	/* sudo -i: it is root's home all the same. */
	assert_int_equal(chown(path, 0, 0), 0);
	assert_int_equal(live_config_load(&config, path, &complaints), 0);
	assert_int_equal(save(&config, path), 0);
	unsetenv("SUDO_UID");
	live_config_fini(&config);
}

static void root_writes_to_no_folder_but_its_own(void **state)
{
	struct place *p = *state;
	const char *path = buf_cstr(&p->path);
	struct live_config config;
	char *folder = strdup(path), *slash;

	if (geteuid() != 0) {
		free(folder);
		skip_because("only root can give files away");
	}
	live_config_init(&config);
	assert_int_equal(chown(p->folder, 1000, 1000), 0);
	assert_int_equal(save(&config, path), -EPERM);
	assert_int_equal(access(path, F_OK), -1);
	/* Nor behind a link that somebody else has laid. */
	slash = strrchr(folder, '/');
	*slash = '\0';
	assert_int_equal(symlink("/root", folder), 0);
	assert_int_equal(lchown(folder, 1000, 1000), 0);
	assert_int_equal(save(&config, path), -EPERM);
	assert_int_equal(unlink(folder), 0);
	assert_int_equal(chown(p->folder, 0, 0), 0);
	assert_int_equal(save(&config, path), 0);
	free(folder);
	live_config_fini(&config);
}

static void the_path_is_absolute(void **state)
{
	struct buf path = { 0 };

	(void)state;
	setenv("XDG_CONFIG_HOME", "relative", 1);
	setenv("HOME", "/home/ana", 1);
	assert_true(live_config_path(&path));
	assert_string_equal(buf_cstr(&path), "/home/ana/.config/portstat/config");
	buf_clear(&path);
	setenv("HOME", "", 1);
	assert_false(live_config_path(&path));
	buf_fini(&path);
}

static void no_key_has_two_meanings(void **state)
{
	const struct key_list keys = { .bindings = key_bindings, .n = key_bindings_n };

	(void)state;
	for (size_t i = 0; i < key_bindings_n; i++) {
		assert_true(key_bindings[i].keys[0]);
		for (size_t j = 0; j < KEYS_PER_BINDING && key_bindings[i].keys[j]; j++)
			assert_ptr_equal(key_input(&keys, key_bindings[i].keys[j]).binding,
					 &key_bindings[i]);
		/* One of both does it, and an action is that of one row. */
		assert_true(!key_bindings[i].act != !key_bindings[i].act_on);
		if (key_bindings[i].action != ACTION_NONE)
			assert_ptr_equal(action_input(&keys, key_bindings[i].action, 0).binding,
					 &key_bindings[i]);
	}
	assert_null(key_input(&keys, 0).binding);
	assert_null(key_input(&keys, KEY_CODE_NONE).binding);
	/* A slip of the finger must not kill. */
	assert_int_equal(key_input(&keys, 'k').action, ACTION_UP);
}

static void keys_have_names(void **state)
{
	char name[KEY_NAME_SIZE];

	(void)state;
	assert_string_equal(key_label(KEY_CODE_F + 10, name), "F10");
	assert_string_equal(key_label(KEY_CODE_CTRL('d'), name), "Ctrl-D");
	assert_string_equal(key_label(' ', name), "Space");
	assert_string_equal(key_label('K', name), "K");
	assert_string_equal(key_label(KEY_CODE_BACKTAB, name), "Shift-Tab");
	assert_string_equal(key_label(KEY_CODE_ENTER, name), "Enter");
}

/* The words of the manual's tags below "Keys", each with a space on both sides. */
static void read_manual(struct buf *words)
{
	struct buf path = { 0 };
	const char *srcdir = getenv("SRCDIR");
	char line[512];
	bool is_inside = false;
	FILE *f;

	buf_printf(&path, "%s/man/portstat.8.in", srcdir ? srcdir : ".");
	f = fopen(buf_cstr(&path), "re");
	buf_fini(&path);
	assert_non_null(f);
	buf_char(words, ' ');
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, ".S", 2))
			is_inside = !strcmp(line, ".SS Keys of the live view\n");
		if (!is_inside || strncmp(line, ".B ", 3) != 0)
			continue;
		for (const char *c = line + 3; *c; c++) {
			if (!strncmp(c, "\\e", 2)) {
				buf_char(words, '\\');
				c++;
			} else if (*c != '\\') {
				buf_char(words, *c == '\n' ? ' ' : *c);
			}
		}
	}
	fclose(f);
}

static void the_manual_has_every_key(void **state)
{
	struct buf words = { 0 };
	size_t n = 0, n_manual = 0;

	(void)state;
	read_manual(&words);
	for (size_t i = 0; i < key_bindings_n; i++) {
		for (size_t j = 0; j < KEYS_PER_BINDING && key_bindings[i].keys[j]; j++) {
			char name[KEY_NAME_SIZE], word[KEY_NAME_SIZE + 3];

			if (key_bindings[i].keys[j] == '\n')
				continue;
			snprintf(word, sizeof(word), " %s ",
				 key_label(key_bindings[i].keys[j], name));
			if (!strstr(buf_cstr(&words), word))
				fail_msg("the manual lacks the key%s", word);
			n++;
		}
	}
	for (size_t i = 1; i < words.len; i++)
		n_manual += words.data[i] == ' ';
	/* s of the columns dialog, and an option, are named beside them. */
	assert_int_equal(n_manual, n + 2);
	buf_fini(&words);
}

#define IN_PLACE(name) cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read),
		cmocka_unit_test(a_switch_is_its_own),
		cmocka_unit_test(short_names_serve),
		cmocka_unit_test(bad_lines_are_summed_up),
		cmocka_unit_test(a_file_is_edited),
		cmocka_unit_test(a_bad_line_is_named_and_skipped),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(no_byte_is_read_behind_the_end),
		IN_PLACE(the_file_is_kept),
		IN_PLACE(a_folder_is_no_file),
		IN_PLACE(root_reads_its_own_file_or_the_callers),
		IN_PLACE(root_writes_to_no_folder_but_its_own),
		cmocka_unit_test(the_path_is_absolute),
		cmocka_unit_test(no_key_has_two_meanings),
		cmocka_unit_test(keys_have_names),
		cmocka_unit_test(the_manual_has_every_key),
	};

	return cmocka_run_group_tests_name("live config", tests, NULL, NULL);
}
