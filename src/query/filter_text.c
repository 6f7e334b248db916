/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses what texts are matched against: lists of shell patterns, and one regular expression. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/text.h"
#include "query/filter.h"
#include "query/filter_parse.h"
#include "resolve/resolver.h"
#include "resolve/services.h"

/*
 * regcomp(3) of glibc copies repeated parts, recurses into groups, and needs time exponential in
 * the number of anchors, especially if they are repeated.
 */
#define REGEX_SIZE_MAX 1000U
#define REGEX_DEPTH_MAX 50U
#define REGEX_ANCHORS_MAX 16U

struct text_list {
	struct filter_test *test;
	size_t cap;
};

/*
 * For a column with few possible texts: the word that the item is, or one that its pattern matches.
 */
static const char *find_word(const struct filter_parser *p, const struct column *c, bool is_pattern)
{
	const struct buf *s = is_pattern ? &p->pattern : &p->plain;

	for (const char *const *word = c->words; *word; word++) {
		if (is_pattern ? glob_matches(s->data, s->len, *word, strlen(*word))
			       : text_is(s->data, s->len, *word))
			return *word;
	}
	return NULL;
}

static int fail_closed(struct filter_parser *p, const struct filter_word *word,
		       const struct column *c)
{
	struct nearest nearest;

	nearest_start(&nearest, p->plain.data, p->plain.len);
	for (const char *const *one = c->words; *one; one++)
		nearest_try(&nearest, *one);
	parse_fail_word(p, word, _("Unknown value."));
	p->error->nearest = nearest.found;
	p->error->valid = c->words;
	return -EINVAL;
}

/* Timers newer than their names in our table may be given by number. */
static bool is_number(const struct buf *s)
{
	uint64_t number;

	return !number_parse(s->data, s->len, UINT8_MAX, &number);
}

/* Records the pid of "NAME[PID]", as portstat prints an owner. */
static void note_pid(const struct filter_parser *p, struct text_item *item)
{
	const char *s = p->plain.data, *open = memrchr(s, '[', p->plain.len);
	size_t name_len = open ? (size_t)(open - s) : 0;

	if (!name_len || s[p->plain.len - 1] != ']' ||
	    number_parse(open + 1, p->plain.len - name_len - 2, UINT32_MAX, &item->pid))
		return;
	item->name_len = name_len;
}

/* Makes the item a name: case is ignored, and it may be the name of a service. */
static void make_name(const struct filter_parser *p, struct text_item *item)
{
	const struct services *services = p->names ? p->names->services : NULL;
	struct port_set ports = { 0 };

	for (size_t i = 0; i < item->len; i++)
		item->bytes[i] = text_lower(item->bytes[i]);
	if (services && p->plain.len &&
	    services_ports(services, p->plain.data, p->plain.len, &ports))
		item->ports = port_list_of(&ports);
}

static int read_item(struct filter_parser *p, const struct filter_word *word, void *context)
{
	struct text_list *list = context;
	struct filter_test *test = list->test;
	bool is_pattern = glob_is_pattern(p->pattern.data, p->pattern.len);
	const struct buf *bytes = is_pattern ? &p->pattern : &p->plain;
	const struct column *c = test->column;
	struct text_item item = { .is_pattern = is_pattern, .is_negated = word->is_negated };

	if (c && c->words && !is_number(bytes)) {
		const char *found = find_word(p, c, is_pattern);

		if (!found)
			return fail_closed(p, word, c);
		if (!is_pattern) {
			buf_clear(&p->plain);
			buf_str(&p->plain, found);
		}
	}
	note_pid(p, &item);
	item.bytes = mem_strndup(bytes->len ? bytes->data : "", bytes->len);
	item.len = bytes->len;
	if (test->kind == TEST_NAME)
		make_name(p, &item);
	test->texts.items = mem_grow(test->texts.items, test->texts.n, &list->cap, sizeof(item));
	test->texts.items[test->texts.n++] = item;
	return 0;
}

static int parse_items(struct filter_parser *p, struct filter_test *test, bool is_list)
{
	const char *expected = _("Expected text or a shell pattern.");
	struct text_list list = { .test = test };
	struct filter_word word;
	int err;

	test->texts.items = NULL;
	test->texts.n = 0;
	if (is_list) {
		err = parse_list(p, read_item, &list, expected);
	} else {
		err = parse_word(p, &word, expected);
		if (!err)
			err = read_item(p, &word, &list);
	}
	/* Nothing stands where one of a few words should. */
	if (err && !p->error->len && test->column)
		p->error->valid = test->column->words;
	if (err)
		test_fini(test);
	return err;
}

int parse_texts(struct filter_parser *p, struct filter_test *test)
{
	return parse_items(p, test, true);
}

int parse_name(struct filter_parser *p, struct filter_test *test)
{
	return parse_items(p, test, false);
}

/* An open group: the compiled size of everything before the last atom, and of that atom. */
struct regex_level {
	uint64_t size;
	uint64_t last;
	unsigned int anchors; /* in the whole group */
	unsigned int last_anchors;
};

static size_t skip_bracket(const char *s, size_t n, size_t i)
{
	i++;
	if (i < n && s[i] == '^')
		i++;
	for (i += i < n && s[i] == ']'; i < n && s[i] != ']'; i++) {
		size_t close = i + 2;

		if (s[i] != '[' || i + 1 >= n || !strchr(":.=", s[i + 1]))
			continue;
		while (close + 1 < n && (s[close] != s[i + 1] || s[close + 1] != ']'))
			close++;
		if (close + 1 < n)
			i = close + 1;
	}
	return i;
}

/* One more than the largest number of an interval "{2,5}" at s[*at]; advances to its "}". */
static uint64_t interval(const char *s, size_t n, size_t *at)
{
	uint64_t most = 1, number = 0;

	for (; *at < n && s[*at] != '}'; ++*at) {
		bool is_digit = s[*at] >= '0' && s[*at] <= '9';

		number = is_digit ? number * 10 + (uint64_t)(s[*at] - '0') : 0;
		if (number > REGEX_SIZE_MAX)
			number = REGEX_SIZE_MAX;
		most = number > most ? number : most;
	}
	return most + 1;
}

static void add_atom(struct regex_level *level, uint64_t size, unsigned int anchors)
{
	level->size += level->last;
	level->last = size;
	level->anchors += anchors;
	level->last_anchors = anchors;
}

/* Repeats the last atom; false if it contains an anchor. */
static bool repeat(struct regex_level *level, uint64_t times)
{
	level->last *= times;
	return !level->last_anchors;
}

/* Is a backslash and c an anchor: the start or end of a word or of the text? */
static bool is_escaped_anchor(char c)
{
	return c && strchr("bB<>`'", c);
}

/*
 * Are the time and memory to compile and run the expression bounded?  With back-references they are
 * not.
 */
static bool is_bounded(const char *s, size_t n)
{
	struct regex_level levels[REGEX_DEPTH_MAX] = { { 0 } }, *level = levels;

	for (size_t i = 0; i < n; i++) {
		bool is_fine = true;

		if (s[i] == '(') {
			if (++level == levels + REGEX_DEPTH_MAX)
				return false;
			*level = (struct regex_level){ 0 };
		} else if (s[i] == ')' && level > levels) {
			level--;
			add_atom(level, level[1].size + level[1].last + 1, level[1].anchors);
		} else if (s[i] == '\\' && i + 1 < n) {
			i++;
			is_fine = s[i] < '1' || s[i] > '9';
			add_atom(level, 1, is_escaped_anchor(s[i]));
		} else if (s[i] == '[') {
			i = skip_bracket(s, n, i);
			add_atom(level, 1, 0);
		} else if (s[i] == '{') {
			is_fine = repeat(level, interval(s, n, &i));
		} else if (s[i] == '*' || s[i] == '+' || s[i] == '?') {
			is_fine = repeat(level, s[i] == '+' ? 2 : 1);
		} else {
			add_atom(level, 1, s[i] == '^' || s[i] == '$');
		}
		if (!is_fine || level->size + level->last > REGEX_SIZE_MAX ||
		    level->anchors > REGEX_ANCHORS_MAX)
			return false;
	}
	return true;
}

int parse_regex(struct filter_parser *p, struct filter_test *test)
{
	struct filter_word word;
	const char *pattern;
	regex_t compiled;
	int err = parse_pattern(p, &word);

	if (err)
		return err;
	pattern = buf_cstr(&p->plain);
	if (!is_bounded(pattern, p->plain.len))
		return parse_fail_word(p, &word,
				       _("Expected a simpler regular expression: shorter, without "
					 "back-references, and without repeated anchors."));
	if (memchr(pattern, '\0', p->plain.len) ||
	    regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB))
		return parse_fail_word(p, &word,
				       _("Expected a valid extended regular expression."));
	test->regex.compiled = mem_alloc(sizeof(compiled));
	*test->regex.compiled = compiled;
	test->regex.pattern = mem_strndup(pattern, p->plain.len);
	return 0;
}
