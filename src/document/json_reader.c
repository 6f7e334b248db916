/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads JSON (RFC 8259) from memory or from a descriptor, value by value. */
#include <config.h>

#include "document/json_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "document/document.h"

#define ROOM_SIZE (256U << 10)
/* The longest token: a string, a number or blanks. */
#define ROOM_SIZE_MAX (4U << 20)

void json_init(struct json_reader *r, const char *bytes, size_t n)
{
	*r = (struct json_reader){ .at = bytes, .end = bytes + n, .fd = -1, .budget = UINT64_MAX };
}

void json_init_fd(struct json_reader *r, int fd)
{
	*r = (struct json_reader){ .fd = fd, .budget = UINT64_MAX };
	r->room_size = ROOM_SIZE;
	r->room = mem_alloc(r->room_size);
	r->at = r->end = r->room;
}

void json_fini(struct json_reader *r)
{
	free(r->room);
	buf_fini(&r->text);
}

static bool fail(struct json_reader *r, int error)
{
	if (!r->error)
		r->error = error;
	r->end = r->at;
	r->fd = -1;
	return false;
}

/* Reads more behind what is unread, which moves to the start of the room.  False at the end. */
static bool fill(struct json_reader *r)
{
	size_t left = (size_t)(r->end - r->at);
	ssize_t n;

	if (r->fd < 0)
		return false;
	r->n_filled++;
	if (left == r->room_size) {
		char *larger;

		if (r->room_size == ROOM_SIZE_MAX)
			return fail(r, DOCUMENT_TOO_LARGE);
		larger = mem_alloc(2 * r->room_size);
		memcpy(larger, r->at, left);
		free(r->room);
		r->room = larger;
		r->room_size *= 2;
	} else if (left) {
		memmove(r->room, r->at, left);
	}
	do
		n = read(r->fd, r->room + left, r->room_size - left);
	while (n < 0 && errno == EINTR);
	r->at = r->room;
	r->end = r->room + left + (n > 0 ? (size_t)n : 0);
	if (n < 0)
		return fail(r, -errno);
	if (!n) {
		r->fd = -1;
		return false;
	}
	if ((uint64_t)n > r->budget)
		return fail(r, DOCUMENT_TOO_LARGE);
	r->budget -= (uint64_t)n;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Skips blanks.  False at the end of the input. */
static inline bool skip_blanks(struct json_reader *r)
{
	/* All blanks are below, and nearly all that is not one is above. */
	if (r->at<r->end && * r->at> ' ')
		return true;
	for (;;) {
		while (r->at < r->end && is_blank(*r->at))
			r->at++;
		if (r->at < r->end)
			return true;
		if (!fill(r))
			return false;
	}
}

bool json_start(struct json_reader *r, uint64_t max)
{
	r->budget = max;
	r->depth = 0;
	return skip_blanks(r);
}

/* Reads over one byte, which has to be next. */
static bool expect(struct json_reader *r, char c)
{
	if (!skip_blanks(r))
		return fail(r, DOCUMENT_CUT);
	if (*r->at != c)
		return fail(r, DOCUMENT_DAMAGED);
	r->at++;
	return true;
}

enum json_kind json_peek(struct json_reader *r)
{
	if (r->error)
		return JSON_NOTHING;
	if (!skip_blanks(r)) {
		fail(r, DOCUMENT_CUT);
		return JSON_NOTHING;
	}
	switch (*r->at) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_TEXT;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	default:
		if (*r->at == '-' || (*r->at >= '0' && *r->at <= '9'))
			return JSON_NUMBER;
		fail(r, DOCUMENT_DAMAGED);
		return JSON_NOTHING;
	}
}

void json_enter(struct json_reader *r)
{
	if (r->error)
		return;
	r->at++;
	if (++r->depth > DOCUMENT_DEPTH_MAX)
		fail(r, DOCUMENT_TOO_LARGE);
}

bool json_next_slowly(struct json_reader *r, char close, bool *is_first)
{
	bool has_comma = !*is_first;

	if (r->error)
		return false;
	if (!skip_blanks(r))
		return fail(r, DOCUMENT_CUT);
	*is_first = false;
	if (*r->at == close) {
		r->at++;
		r->depth--;
		return false;
	}
	if (!has_comma)
		return true;
	if (*r->at != ',')
		return fail(r, DOCUMENT_DAMAGED);
	r->at++;
	return skip_blanks(r) || fail(r, DOCUMENT_CUT);
}

bool json_key(struct json_reader *r, const char **key, size_t *len)
{
	size_t offset;

	if (!json_text(r, key, len))
		return false;
	if (r->at < r->end && *r->at == ':') {
		r->at++;
		return true;
	}
	/* Reading on may move the text, if that is in the room. */
	if (*key != r->text.data) {
		offset = *len;
		buf_clear(&r->text);
		buf_add(&r->text, *key, offset);
		*key = buf_cstr(&r->text);
	}
	return expect(r, ':');
}

/* Bytes that stand for themselves in a string: not a quote, backslash or control character. */
static const char *plain_end(const char *at, const char *end)
{
	const uint64_t ones = ~(uint64_t)0 / 255, tops = ones * 0x80;
	uint64_t word, quote, slash;

	for (; end - at >= 8; at += 8) {
		memcpy(&word, at, sizeof(word));
		quote = word ^ ones * '"';
		slash = word ^ ones * '\\';
		if ((((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
		     ((word - ones * ' ') & ~word)) &
		    tops)
			break;
	}
	while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= ' ')
		at++;
	return at;
}

/* Makes sure of n bytes. */
static bool has_bytes(struct json_reader *r, size_t n)
{
	while ((size_t)(r->end - r->at) < n)
		if (!fill(r))
			return fail(r, DOCUMENT_CUT);
	return true;
}

/* Reads four hexadecimal digits. */
static bool hex4(struct json_reader *r, uint32_t *out)
{
	*out = 0;
	if (!has_bytes(r, 4))
		return false;
	for (int i = 0; i < 4; i++, r->at++) {
		char c = text_lower(*r->at);

		if (c >= '0' && c <= '9')
			*out = *out << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*out = *out << 4 | (uint32_t)(c - 'a' + 10);
		else
			return fail(r, DOCUMENT_DAMAGED);
	}
	return true;
}

#define REPLACEMENT 0xfffdU

/* A character by its code, or by two halves (surrogates); half of one alone is none. */
static bool add_code(struct json_reader *r)
{
	uint32_t cp, low;
	char utf8[4];

	if (!hex4(r, &cp))
		return false;
	if (cp >= 0xd800 && cp < 0xdc00 && has_bytes(r, 6) && r->at[0] == '\\' && r->at[1] == 'u') {
		const char *before = r->at;

		r->at += 2;
		if (!hex4(r, &low))
			return false;
		if (low >= 0xdc00 && low < 0xe000)
			cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
		else
			r->at = before;
	}
	if (cp >= 0xd800 && cp < 0xe000)
		cp = REPLACEMENT;
	buf_add(&r->text, utf8, text_encode(cp, utf8));
	return !r->error;
}

static bool add_escape(struct json_reader *r)
{
	static const char short_escapes[][2] = { { '"', '"' },	{ '\\', '\\' }, { '/', '/' },
						 { 'b', '\b' }, { 'f', '\f' },	{ 'n', '\n' },
						 { 'r', '\r' }, { 't', '\t' } };
	char c;

	r->at++;
	if (!has_bytes(r, 1))
		return false;
	c = *r->at++;
	if (c == 'u')
		return add_code(r);
	for (size_t i = 0; i < sizeof(short_escapes) / sizeof(*short_escapes); i++) {
		if (short_escapes[i][0] != c)
			continue;
		buf_char(&r->text, short_escapes[i][1]);
		return true;
	}
	return fail(r, DOCUMENT_DAMAGED);
}

/* The rest of a string that is not simply there from quote to quote. */
static bool long_text(struct json_reader *r, const char **text, size_t *len)
{
	buf_clear(&r->text);
	for (;;) {
		const char *stop = plain_end(r->at, r->end);

		buf_add(&r->text, r->at, (size_t)(stop - r->at));
		r->at = stop;
		if (r->text.len > ROOM_SIZE_MAX)
			return fail(r, DOCUMENT_TOO_LARGE);
		if (!has_bytes(r, 1))
			return false;
		if (*r->at == '"')
			break;
		if (*r->at == '\\' ? !add_escape(r) : (unsigned char)*r->at < ' ')
			return fail(r, DOCUMENT_DAMAGED);
	}
	r->at++;
	*text = buf_cstr(&r->text);
	*len = r->text.len;
	return true;
}

bool json_text(struct json_reader *r, const char **text, size_t *len)
{
	const char *stop;

	if (r->error || !expect(r, '"'))
		return false;
	stop = plain_end(r->at, r->end);
	if (stop == r->end || *stop != '"')
		return long_text(r, text, len);
	*text = r->at;
	*len = (size_t)(stop - r->at);
	r->at = stop + 1;
	return true;
}

/* So many never overflow. */
#define SHORT_DIGITS 19

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits(const char *at, const char *end)
{
	size_t n = 0;

	while (at + n < end && is_digit(at[n]))
		n++;
	return n;
}

/* The length of a number (RFC 8259 section 6); 0 if it is none.  *whole: its digits, if it has only these. */
static size_t number_len(const char *at, const char *end, size_t *whole)
{
	const char *start = at;
	size_t n;

	*whole = 0;
	at += at < end && *at == '-';
	n = digits(at, end);
	if (!n || (n > 1 && *at == '0'))
		return 0;
	*whole = at == start ? n : 0;
	at += n;
	if (at < end && *at == '.') {
		n = digits(at + 1, end);
		if (!n)
			return 0;
		at += 1 + n;
		*whole = 0;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		at += at < end && (*at == '+' || *at == '-');
		n = digits(at, end);
		if (!n)
			return 0;
		at += n;
		*whole = 0;
	}
	return (size_t)(at - start);
}

static bool is_of_number(char c)
{
	return is_digit(c) || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
}

/* Makes sure that a whole number, and the byte behind it, is there.  False: the input ends with it. */
static bool fill_number(struct json_reader *r)
{
	const char *at = r->at;

	for (;;) {
		size_t offset;

		while (at < r->end && is_of_number(*at))
			at++;
		if (at < r->end)
			return true;
		offset = (size_t)(at - r->at);
		if (!fill(r))
			return false;
		at = r->at + offset;
	}
}

/* A number of few digits and nothing else, as nearly all are. */
static inline bool short_number(struct json_reader *r, uint64_t *value)
{
	const char *at = r->at;

	if (r->end - at <= SHORT_DIGITS || !is_digit(*at) || (*at == '0' && is_digit(at[1])))
		return false;
	*value = 0;
	while (is_digit(*at) && at < r->at + SHORT_DIGITS)
		*value = *value * 10 + (uint64_t)(*at++ - '0');
	if (is_digit(*at) || *at == '.' || *at == 'e' || *at == 'E')
		return false;
	r->at = at;
	return true;
}

bool json_number(struct json_reader *r, uint64_t *value, bool *is_whole)
{
	bool is_whole_token;
	size_t n, whole;

	if (r->error || !skip_blanks(r))
		return fail(r, DOCUMENT_CUT);
	if (short_number(r, value)) {
		*is_whole = true;
		return true;
	}
	is_whole_token = fill_number(r);
	if (r->error)
		return false;
	n = number_len(r->at, r->end, &whole);
	if (!n)
		return fail(r, is_whole_token ? DOCUMENT_DAMAGED : DOCUMENT_CUT);
	*value = 0;
	*is_whole = whole;
	for (size_t i = 0; i < whole; i++) {
		uint64_t digit = (uint64_t)(r->at[i] - '0');

		if (*value > (UINT64_MAX - digit) / 10)
			*is_whole = false;
		*value = *value * 10 + digit;
	}
	r->at += n;
	return true;
}

static bool word(struct json_reader *r, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++)
		if (!has_bytes(r, i + 1) || r->at[i] != text[i])
			return fail(r, DOCUMENT_DAMAGED);
	r->at += len;
	return true;
}

bool json_null_slowly(struct json_reader *r)
{
	return json_peek(r) == JSON_NULL && word(r, "null");
}

static void skip_members(struct json_reader *r, char close)
{
	const char *key;
	size_t len;
	bool is_first = true;

	json_enter(r);
	while (json_next(r, close, &is_first)) {
		if (close == '}' && !json_key(r, &key, &len))
			return;
		json_skip(r);
	}
}

/* The depth of json_enter() bounds the recursion. */
void json_skip(struct json_reader *r)
{
	const char *text;
	uint64_t number;
	size_t len;
	bool is_whole;

	switch (json_peek(r)) {
	case JSON_NOTHING:
		return;
	case JSON_OBJECT:
		skip_members(r, '}');
		return;
	case JSON_ARRAY:
		skip_members(r, ']');
		return;
	case JSON_TEXT:
		json_text(r, &text, &len);
		return;
	case JSON_NUMBER:
		json_number(r, &number, &is_whole);
		return;
	case JSON_TRUE:
		word(r, "true");
		return;
	case JSON_FALSE:
		word(r, "false");
		return;
	case JSON_NULL:
		word(r, "null");
		return;
	}
}
