/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the words of the filter language: white space, quotes, backslashes, commas. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "model/protos.h"
#include "model/vocab.h"
#include "query/filter.h"
#include "query/filter_parse.h"

/* Characters that are special in a pattern; an escaped one stays escaped in the pattern. */
#define GLOB_SPECIAL "*?[]\\!^-"

void filter_error_text(const struct filter_error *error, struct buf *out)
{
	struct buf names = { 0 };

	protos_text(error->protos, &names);
	buf_sentence(out, error->message, buf_cstr(&names));
	buf_fini(&names);
}

void filter_error_values(const struct filter_error *error, struct buf *out)
{
	size_t start = out->len;

	for (const char *const *one = error->valid; one && *one; one++)
		buf_printf(out, "%s%s", out->len > start ? ", " : "", *one);
	for (unsigned int i = 0; error->lists_states && i < SOCK_STATE_COUNT; i++)
		if (state_name((enum sock_state)i))
			buf_printf(out, "%s, ", state_name((enum sock_state)i));
	if (error->lists_states)
		buf_str(out, "connected, all");
}

int parse_fail(struct filter_parser *p, size_t pos, size_t len, const char *message)
{
	if (!len && pos < p->len)
		len = 1;
	*p->error = (struct filter_error){ .pos = pos, .len = len, .message = message };
	return -EINVAL;
}

int parse_fail_word(struct filter_parser *p, const struct filter_word *word, const char *message)
{
	return parse_fail(p, word->pos, word->len, message);
}

bool parse_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

void parse_skip_space(struct filter_parser *p)
{
	while (p->pos < p->len && parse_is_space(p->text[p->pos]))
		p->pos++;
}

bool parse_is_at(const struct filter_parser *p, const char *text)
{
	size_t n = strlen(text);

	return p->len - p->pos >= n && !memcmp(p->text + p->pos, text, n);
}

static bool ends_word(char c)
{
	return parse_is_space(c) || c == ',' || c == '(' || c == ')';
}

size_t parse_word_len(const struct filter_parser *p, size_t pos)
{
	size_t end = pos;

	while (end < p->len && !ends_word(p->text[end]))
		end++;
	return end - pos;
}

static void add_char(struct filter_parser *p, char c, bool is_escaped)
{
	if (is_escaped && c && strchr(GLOB_SPECIAL, c))
		buf_char(&p->pattern, '\\');
	buf_char(&p->pattern, c);
	buf_char(&p->plain, c);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = text_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes what follows a backslash: a character, or \xNN for a byte that is not printable. */
static char escaped(struct filter_parser *p)
{
	const char *s = p->text + p->pos;
	size_t left = p->len - p->pos;

	if (*s != 'x' || left < 3 || hex_digit(s[1]) < 0 || hex_digit(s[2]) < 0)
		return *s;
	p->pos += 2;
	return (char)(hex_digit(s[1]) * 16 + hex_digit(s[2]));
}

int parse_word(struct filter_parser *p, struct filter_word *word, const char *expected)
{
	bool is_quoted = false;
	size_t quote = 0;

	*word = (struct filter_word){ .pos = p->pos, .is_negated = parse_is_at(p, "!") };
	p->pos += word->is_negated;
	buf_clear(&p->plain);
	buf_clear(&p->pattern);
	for (; p->pos < p->len; p->pos++) {
		char c = p->text[p->pos];

		if (c == '"') {
			is_quoted = !is_quoted;
			quote = p->pos;
		} else if (c == '\\') {
			if (++p->pos == p->len)
				return parse_fail(p, p->pos, 0,
						  _("Expected a character after the backslash."));
			add_char(p, escaped(p), true);
		} else if (!is_quoted && ends_word(c)) {
			break;
		} else {
			add_char(p, c, false);
		}
	}
	if (is_quoted)
		return parse_fail(p, quote, p->len - quote,
				  _("Expected a closing quotation mark."));
	word->len = p->pos - word->pos;
	if (word->len == word->is_negated)
		return parse_fail(p, p->pos, 0, expected);
	return 0;
}

int parse_list(struct filter_parser *p, parse_item *read, void *context, const char *expected)
{
	do {
		struct filter_word word;
		int err;

		parse_skip_space(p);
		err = parse_word(p, &word, expected);
		if (!err)
			err = read(p, &word, context);
		if (err)
			return err;
		parse_skip_space(p);
	} while (parse_is_at(p, ",") && ++p->pos);
	return 0;
}

/* The end of the bracket expression that opens at s[at]; at + 1 if it is not closed. */
static size_t bracket_end(const char *s, size_t n, size_t at)
{
	size_t i = at + 1;

	if (i < n && s[i] == '^')
		i++;
	if (i < n && s[i] == ']')
		i++;
	for (; i < n && !parse_is_space(s[i]); i++) {
		if (s[i] == ']')
			return i + 1;
		if (s[i] == '[' && i + 1 < n && strchr(":.=", s[i + 1])) {
			const char *close = memchr(s + i + 2, s[i + 1], n - i - 2);

			/*
			 * The bracket inside [:alpha:], [.x.] or [=x=] does not close the
			 * expression.
			 */
			if (close && close + 1 < s + n && close[1] == ']')
				i = (size_t)(close - s) + 1;
		}
	}
	return at + 1;
}

/* The length of the regular expression at s: see parse_pattern(). */
static size_t pattern_len(const char *s, size_t n)
{
	size_t depth = 0, i = 0;

	while (i < n && !parse_is_space(s[i])) {
		if (s[i] == '\\') {
			i += i + 1 < n ? 2 : 1;
			continue;
		}
		if (s[i] == '[') {
			i = bracket_end(s, n, i);
			continue;
		}
		if (s[i] == ')' && !depth)
			break;
		depth += s[i] == '(';
		depth -= s[i] == ')';
		i++;
	}
	return i;
}

bool pattern_is_bare(const char *text, size_t len)
{
	return len && *text != '"' && pattern_len(text, len) == len;
}

/* In quotation marks only \" is decoded; other backslashes belong to the expression. */
static int quoted_pattern(struct filter_parser *p, struct filter_word *word)
{
	for (p->pos++; p->pos < p->len && p->text[p->pos] != '"'; p->pos++) {
		if (p->text[p->pos] == '\\' && p->pos + 1 < p->len) {
			p->pos++;
			if (p->text[p->pos] != '"')
				buf_char(&p->plain, '\\');
		}
		buf_char(&p->plain, p->text[p->pos]);
	}
	if (p->pos == p->len)
		return parse_fail(p, word->pos, p->len - word->pos,
				  _("Expected a closing quotation mark."));
	p->pos++;
	word->len = p->pos - word->pos;
	if (p->pos < p->len && !parse_is_space(p->text[p->pos]) && p->text[p->pos] != ')')
		return parse_fail(p, p->pos, parse_word_len(p, p->pos),
				  _("Expected white space after the closing quotation mark."));
	return 0;
}

int parse_pattern(struct filter_parser *p, struct filter_word *word)
{
	*word = (struct filter_word){ .pos = p->pos };
	buf_clear(&p->plain);
	if (parse_is_at(p, "\""))
		return quoted_pattern(p, word);
	word->len = pattern_len(p->text + p->pos, p->len - p->pos);
	buf_add(&p->plain, p->text + p->pos, word->len);
	p->pos += word->len;
	if (!word->len)
		return parse_fail(p, word->pos, 0, _("Expected a regular expression."));
	return 0;
}
