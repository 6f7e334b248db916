/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of /proc/PID/mountinfo. */
#include <config.h>

#include "resolve/mountinfo.h"

#include <string.h>

#include "base/buf.h"
#include "base/number.h"

bool mountinfo_is(const struct mountinfo_field *field, const char *text)
{
	return field->len == strlen(text) && !memcmp(field->text, text, field->len);
}

/* ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAGS...] - TYPE SOURCE OPTIONS */
static bool parse_line(const char *line, size_t len, struct mountinfo_entry *out)
{
	const char *end = line + len;
	unsigned int after_dash = 0;

	*out = (struct mountinfo_entry){ 0 };
	for (unsigned int i = 0; line <= end; i++) {
		const char *blank = memchr(line, ' ', (size_t)(end - line));
		struct mountinfo_field field = { line, (size_t)((blank ? blank : end) - line) };

		if (i == 0 && number_parse(field.text, field.len, UINT64_MAX, &out->id))
			return false;
		if (i == 3)
			out->root = field;
		if (i == 4)
			out->point = field;
		if (after_dash == 1)
			out->type = field;
		if (after_dash == 3) {
			out->options = field;
			return true;
		}
		if (after_dash || (i > 5 && mountinfo_is(&field, "-")))
			after_dash++;
		line = field.text + field.len + 1;
	}
	return false;
}

bool mountinfo_next(const char *text, size_t len, size_t *pos, struct mountinfo_entry *out)
{
	while (*pos < len) {
		const char *line = text + *pos;
		const char *newline = memchr(line, '\n', len - *pos);
		size_t n = newline ? (size_t)(newline - line) : len - *pos;

		*pos += n + 1;
		if (parse_line(line, n, out))
			return true;
	}
	return false;
}

static bool is_octal(const char *s, size_t n)
{
	return n >= 4 && s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' &&
	       s[3] >= '0' && s[3] <= '7';
}

void mountinfo_unescape(const struct mountinfo_field *field, struct buf *out)
{
	for (size_t i = 0; i < field->len; i++) {
		const char *s = field->text + i;

		if (is_octal(s, field->len - i)) {
			buf_char(out, (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0')));
			i += 3;
		} else {
			buf_char(out, *s);
		}
	}
}
