/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asking other hosts: the words of a query, the command, what it writes, and how it ends. */
#include <config.h>

#include "test.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/mem.h"
#include "remote/command.h"
#include "remote/output.h"
#include "remote/query_word.h"
#include "remote/remote.h"

/* ---- the words of a query ---- */

static void encodes_every_byte(void **state)
{
	(void)state;
	for (unsigned int c = 1; c < 256; c++) {
		char word[] = { 'a', (char)c, 'b', '\0' };
		struct buf query = { 0 }, words = { 0 };

		query_word_add(&query, word);
		for (size_t i = 0; i < query.len; i++)
			assert_true(isalnum((unsigned char)query.data[i]) ||
				    strchr("%._-", query.data[i]));
		assert_int_equal(query_word_decode(query.data, query.len, &words), 0);
		assert_int_equal(words.len, 4);
		assert_memory_equal(words.data, word, 4);
		buf_fini(&query);
		buf_fini(&words);
	}
}

static void decodes_what_it_encoded(void **state)
{
	unsigned int seed = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct buf query = { 0 }, words = { 0 }, plain = { 0 };
		int n = rand_r(&seed) % 5;

		for (int i = 0; i <= n; i++) {
			char word[8];
			size_t len = (size_t)(rand_r(&seed) % 7) + 1;

			for (size_t k = 0; k < len; k++)
				word[k] = (char)(1 + rand_r(&seed) % 255);
			word[len] = '\0';
			query_word_add(&query, word);
			buf_add(&plain, word, len + 1);
		}
		assert_int_equal(query_word_decode(query.data, query.len, &words), 0);
		assert_int_equal(words.len, plain.len);
		assert_memory_equal(words.data, plain.data, plain.len);
		buf_fini(&query);
		buf_fini(&words);
		buf_fini(&plain);
	}
}

static void decodes_strictly(void **state)
{
	static const char *const wrong[] = { "a b", "%",   "%4",    "%zz",	"%2f",
					     "%41", "a$b", "a%20%", "\xc3\xa4", "a+b" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct buf words = { 0 };

		assert_int_equal(query_word_decode(wrong[i], strlen(wrong[i]), &words), -EINVAL);
		buf_fini(&words);
	}
}

/* ---- the command ---- */

static void splits_commands(void **state)
{
	static const struct {
		const char *text;
		const char *words[6];
	} cases[] = {
		{ "ssh -p 2222 {host}", { "ssh", "-p", "2222", "{host}" } },
		{ "  a\t'b c' ", { "a", "b c" } },
		{ "a \"b \\\" $x\" c\\ d", { "a", "b \" $x", "c d" } },
		{ "a '' \"\"", { "a", "", "" } },
		{ "a'b'\"c\"d", { "abcd" } },
		{ "a;b|c&d $(e) `f` >g", { "a;b|c&d", "$(e)", "`f`", ">g" } },
		{ "a \"\\n\"", { "a", "\\n" } },
	};
	static const char *const wrong[] = { "", "  ", "a 'b", "a \"b", "a \\" };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct command c = { 0 };
		size_t n = 0;

		assert_int_equal(command_parse(&c, cases[i].text, false), 0);
		for (; n < 6 && cases[i].words[n]; n++)
			assert_string_equal(c.words[n], cases[i].words[n]);
		assert_int_equal(c.n, n);
		assert_null(c.words[n]);
		command_fini(&c);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct command c = { 0 };

		assert_int_equal(command_parse(&c, wrong[i], false), -EINVAL);
		command_fini(&c);
	}
}

static void replaces_host(void **state)
{
	struct command pattern = { 0 }, c = { 0 };

	(void)state;
	assert_int_equal(command_parse(&pattern, "x {host} a{host}b{host} {ho", false), 0);
	assert_true(command_names_host(&pattern));
	command_add_for(&c, &pattern, "web1");
	assert_int_equal(c.n, 4);
	assert_string_equal(c.words[1], "web1");
	assert_string_equal(c.words[2], "aweb1bweb1");
	assert_string_equal(c.words[3], "{ho");
	command_fini(&pattern);
	command_fini(&c);
}

static void reaches_hosts_by_ssh(void **state)
{
	static const char *const words[] = { "ssh",
					     "-T",
					     "-a",
					     "-x",
					     "-n",
					     "-o",
					     "BatchMode=yes",
					     "-o",
					     "ConnectTimeout=5",
					     "-o",
					     "ClearAllForwardings=yes",
					     "--",
					     "{host}" };
	struct command c = { 0 };

	(void)state;
	assert_int_equal(command_parse(&c, NULL, false), 0);
	assert_int_equal(c.n, sizeof(words) / sizeof(*words));
	for (size_t i = 0; i < c.n; i++)
		assert_string_equal(c.words[i], words[i]);
	command_fini(&c);
}

static void knows_host_names(void **state)
{
	static const char *const right[] = { "web1", "ana@web1.example.com", "fe80::1%eth0",
					     "a_b-c", "10.0.0.1" };
	static const char *const wrong[] = {
		"",    "-oProxyCommand=x", "a b",  "a;b",   "a/b", "$(x)",
		"a\n", "\xc3\xa4",	   "a\"b", "{host}"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++)
		assert_true(command_host_is_valid(right[i], strlen(right[i])));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_false(command_host_is_valid(wrong[i], strlen(wrong[i])));
	assert_false(command_host_is_valid("a\0b", 3));
}

/* ---- what it writes ---- */

static bool note_line(void *data, const char *bytes, size_t n)
{
	struct buf *lines = data;

	buf_add(lines, bytes, n);
	buf_char(lines, '|');
	return n < 2 || bytes[1] != 'X';
}

static void takes_lines_in_any_pieces(void **state)
{
	static const char text[] = "Welcome\n\n  motd\n{\"a\"}\nnoise\n{b}\n{cut";

	(void)state;
	for (size_t piece = 1; piece < sizeof(text); piece++) {
		struct output o = { 0 };
		struct buf lines = { 0 };

		for (size_t at = 0; at < strlen(text); at += piece) {
			size_t n = strlen(text) - at < piece ? strlen(text) - at : piece;

			assert_int_equal(output_take(&o, text + at, n, note_line, &lines), 0);
		}
		assert_string_equal(buf_cstr(&lines), "{\"a\"}|{b}|");
		assert_int_equal(o.line.len, 4);
		output_fini(&o);
		buf_fini(&lines);
	}
}

static void bounds_what_it_takes(void **state)
{
	struct buf much = { 0 }, lines = { 0 };
	struct output o = { 0 };
	int err = 0;

	(void)state;
	buf_fill(&much, 'x', OUTPUT_BANNER_MAX + 1);
	assert_int_equal(output_take(&o, much.data, much.len, note_line, &lines), -EBADMSG);
	output_clear(&o);
	for (size_t i = 0; i <= OUTPUT_BANNER_MAX && !err; i++)
		err = output_take(&o, "\n", 1, note_line, &lines);
	assert_int_equal(err, -EBADMSG);
	output_clear(&o);
	assert_int_equal(output_take(&o, "{X}\n", 4, note_line, &lines), -EBADMSG);
	output_clear(&o);
	assert_int_equal(output_take(&o, "{", 1, note_line, &lines), 0);
	err = 0;
	while (!err)
		err = output_take(&o, much.data, much.len, note_line, &lines);
	assert_int_equal(err, -E2BIG);
	output_fini(&o);
	buf_fini(&much);
	buf_fini(&lines);
}

static void keeps_last_complaint(void **state)
{
	struct output o = { 0 };
	struct buf much = { 0 };

	(void)state;
	output_complain(&o, "first\nlast", 10);
	output_complain(&o, " one\r\n  \n", 9);
	assert_string_equal(buf_cstr(&o.complaint), "last one");
	buf_fill(&much, 'y', 1 << 20);
	output_complain(&o, much.data, much.len);
	assert_int_equal(o.complaint.len, OUTPUT_COMPLAINT_MAX);
	output_fini(&o);
	buf_fini(&much);
}

/* ---- how it ends ---- */

struct seen {
	struct buf documents;
	int reasons[8]; /* of each host, plus 1; 0: it has not ended */
	char complaint[64];
};

static bool see_document(void *data, size_t host, const char *bytes, size_t n)
{
	struct seen *seen = data;

	buf_printf(&seen->documents, "%zu:%.*s ", host, (int)n, bytes);
	return true;
}

static void see_end(void *data, size_t host, const struct remote_end *end)
{
	struct seen *seen = data;

	seen->reasons[host] = 1 + (int)end->reason;
	if (end->complaint)
		snprintf(seen->complaint, sizeof(seen->complaint), "%s", end->complaint);
}

/* Runs a script of sh for each host. */
static void run_scripts(const char *const *scripts, size_t n, uint32_t timeout_ms,
			struct seen *seen)
{
	const struct remote_limits limits = { .timeout_ms = timeout_ms };
	struct command *commands = mem_calloc(n, sizeof(*commands));
	struct remote *r =
		remote_new(n, &limits, &(struct remote_ops){ see_document, see_end, seen });

	*seen = (struct seen){ 0 };
	for (size_t i = 0; i < n; i++) {
		command_add(&commands[i], "/bin/sh");
		command_add(&commands[i], "-c");
		command_add(&commands[i], scripts[i]);
		remote_ask(r, i, &commands[i], NULL);
	}
	remote_run(r, -1);
	remote_free(r);
	for (size_t i = 0; i < n; i++)
		command_fini(&commands[i]);
	free(commands);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void tells_how_commands_end(void **state)
{
	static const char *const scripts[] = {
		"echo hello; echo '{a}'",
		"echo to you >&2; exit 255",
		"exit 127",
		"exit 2",
		"printf '{a'",
		"sleep 30 & echo '{'; sleep 30",
		"exec >&- 2>&-; sleep 30",
		"kill -9 $$",
	};
	static const int reasons[] = { 0,
				       1 + REMOTE_FAILED,
				       1 + REMOTE_HAS_NO_PORTSTAT,
				       1 + REMOTE_IS_TOO_OLD,
				       1 + REMOTE_CUT,
				       0,
				       1 + REMOTE_TIMED_OUT,
				       1 + REMOTE_FAILED };
	struct seen seen;

	(void)state;
	run_scripts(scripts, 8, 2000, &seen);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(seen.reasons[i], reasons[i]);
	assert_non_null(strstr(buf_cstr(&seen.documents), "0:{a} "));
	assert_string_equal(seen.complaint, "to you");
	buf_fini(&seen.documents);
}

static void ends_what_never_ends(void **state)
{
	static const char *const scripts[] = {
		"yes",
		"while :; do printf x; sleep 1; done",
		"yes >&2",
		"true",
	};
	struct seen seen;

	(void)state;
	run_scripts(scripts, 4, 500, &seen);
	assert_int_equal(seen.reasons[0], 1 + REMOTE_SENDS_GARBAGE);
	assert_int_equal(seen.reasons[1], 1 + REMOTE_TIMED_OUT);
	assert_int_equal(seen.reasons[2], 1 + REMOTE_TIMED_OUT);
	assert_int_equal(seen.reasons[3], 1 + REMOTE_IS_SILENT);
	buf_fini(&seen.documents);
}

static void reports_what_cannot_start(void **state)
{
	const struct remote_limits limits = { .timeout_ms = 1000 };
	struct seen seen = { 0 };
	struct command c = { 0 };
	struct remote *r =
		remote_new(1, &limits, &(struct remote_ops){ see_document, see_end, &seen });

	(void)state;
	command_add(&c, "/does/not/exist");
	remote_ask(r, 0, &c, NULL);
	remote_run(r, -1);
	remote_free(r);
	command_fini(&c);
	assert_int_equal(seen.reasons[0], 1 + REMOTE_CANNOT_START);
	buf_fini(&seen.documents);
}

static void gives_input_and_takes_all(void **state)
{
	const struct remote_limits limits = { .timeout_ms = 5000 };
	struct seen seen = { 0 };
	struct command c = { 0 };
	struct remote *r =
		remote_new(1, &limits, &(struct remote_ops){ see_document, see_end, &seen });

	(void)state;
	command_add(&c, "/bin/sh");
	remote_ask(r, 0, &c, "echo one\necho two\n");
	remote_run(r, -1);
	remote_free(r);
	command_fini(&c);
	assert_int_equal(seen.reasons[0], 0);
	assert_string_equal(buf_cstr(&seen.documents), "0:one\ntwo\n ");
	buf_fini(&seen.documents);
}

static void knows_that_a_command_is_missing(void **state)
{
	static const char *const scripts[] = {
		"echo 'portstat: Command not found.' >&2; exit 1",
		"echo 'sudo: portstat: command not found' >&2; exit 1",
		"echo 'exec: \"portstat\": executable file not found in $PATH: unknown' >&2; exit 126",
		"echo 'fish: Unknown command: portstat' >&2; exit 127",
		"echo 'portstat: Permission denied' >&2; exit 126",
	};
	struct seen seen;

	(void)state;
	run_scripts(scripts, 5, 5000, &seen);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(seen.reasons[i],
				 1 + (i < 4 ? REMOTE_HAS_NO_PORTSTAT : REMOTE_FAILED));
	buf_fini(&seen.documents);
}

/* A host that is asked in another way once the first one has failed. */
struct retry {
	struct seen seen;
	struct remote *remote;
	struct command again;
	size_t n; /* ends */
};

static bool see_retried_document(void *data, size_t host, const char *bytes, size_t n)
{
	struct retry *retry = data;

	return see_document(&retry->seen, host, bytes, n);
}

static void ask_again(void *data, size_t host, const struct remote_end *end)
{
	struct retry *retry = data;

	see_end(&retry->seen, host, end);
	if (!retry->n++)
		remote_ask(retry->remote, host, &retry->again, "echo answer\n");
}

/* Asks with one script, and with the other one if that fails; returns how long it took, in ms. */
static uint64_t ask_twice(struct retry *retry, const char *first, const char *second)
{
	const struct remote_limits limits = { .timeout_ms = 3000 };
	struct command c = { 0 };
	struct timespec start, end;

	*retry = (struct retry){ 0 };
	retry->remote = remote_new(1, &limits,
				   &(struct remote_ops){ see_retried_document, ask_again, retry });
	command_add(&c, "/bin/sh");
	command_add(&c, "-c");
	command_add(&c, first);
	command_add(&retry->again, "/bin/sh");
	command_add(&retry->again, "-c");
	command_add(&retry->again, second);
	clock_gettime(CLOCK_MONOTONIC, &start);
	remote_ask(retry->remote, 0, &c, NULL);
	remote_run(retry->remote, -1);
	clock_gettime(CLOCK_MONOTONIC, &end);
	remote_free(retry->remote);
	command_fini(&c);
	command_fini(&retry->again);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	return (uint64_t)((end.tv_sec - start.tv_sec) * 1000 +
			  (end.tv_nsec - start.tv_nsec) / 1000000);
}

static void asks_in_another_way(void **state)
{
	struct retry retry;

	(void)state;
	ask_twice(&retry, "exit 127", "exec sh");
	assert_int_equal(retry.n, 1);
	assert_string_equal(buf_cstr(&retry.seen.documents), "0:answer\n ");
	buf_fini(&retry.seen.documents);
	/* Both have the time of one. */
	assert_in_range(ask_twice(&retry, "sleep 2; exit 127", "exec sleep 9"), 2900, 4800);
	assert_int_equal(retry.n, 2);
	assert_int_equal(retry.seen.reasons[0], 1 + REMOTE_TIMED_OUT);
	buf_fini(&retry.seen.documents);
}

static size_t count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* REMOTE_ROUNDS: how often; tests/RESULTS has what 10,000 gave. */
static void leaves_nothing_behind(void **state)
{
	static const char *const scripts[] = { "echo '{a}'", "exit 3", "printf '{'; sleep 9" };
	const char *wanted = getenv("REMOTE_ROUNDS");
	int rounds = wanted ? atoi(wanted) : 30;
	size_t before = count_descriptors();

	(void)state;
	for (int i = 0; i < rounds; i++) {
		struct seen seen;

		run_scripts(scripts, 3, 30, &seen);
		buf_fini(&seen.documents);
	}
	assert_int_equal(count_descriptors(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodes_every_byte),
		cmocka_unit_test(decodes_what_it_encoded),
		cmocka_unit_test(decodes_strictly),
		cmocka_unit_test(splits_commands),
		cmocka_unit_test(replaces_host),
		cmocka_unit_test(reaches_hosts_by_ssh),
		cmocka_unit_test(knows_host_names),
		cmocka_unit_test(takes_lines_in_any_pieces),
		cmocka_unit_test(bounds_what_it_takes),
		cmocka_unit_test(keeps_last_complaint),
		cmocka_unit_test(tells_how_commands_end),
		cmocka_unit_test(ends_what_never_ends),
		cmocka_unit_test(reports_what_cannot_start),
		cmocka_unit_test(gives_input_and_takes_all),
		cmocka_unit_test(knows_that_a_command_is_missing),
		cmocka_unit_test(asks_in_another_way),
		cmocka_unit_test(leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
