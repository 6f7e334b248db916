/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses /proc/net/netstat. */
#include <config.h>

#include "events/flood_counters.h"

#include <stdbool.h>
#include <string.h>

/* Bytes that are left to read; a field ends at a space or the end of a line. */
struct fields {
	const char *at;
	const char *end;
};

static bool next_field(struct fields *f, const char **field, size_t *len)
{
	while (f->at < f->end && *f->at == ' ')
		f->at++;
	*field = f->at;
	while (f->at < f->end && *f->at != ' ' && *f->at != '\n')
		f->at++;
	*len = (size_t)(f->at - *field);
	return *len;
}

static uint64_t number(const char *digits, size_t len)
{
	uint64_t n = 0;

	for (size_t i = 0; i < len && digits[i] >= '0' && digits[i] <= '9'; i++)
		n = n * 10 + (uint64_t)(digits[i] - '0');
	return n;
}

static bool is_name(const char *field, size_t len, const char *name)
{
	return strlen(name) == len && !memcmp(field, name, len);
}

static void take_pair(struct flood_counters *out, struct fields names, struct fields values)
{
	const char *name, *value;
	size_t name_len, value_len;

	while (next_field(&names, &name, &name_len) && next_field(&values, &value, &value_len)) {
		if (is_name(name, name_len, "SyncookiesSent"))
			out->syn_cookies = number(value, value_len);
		else if (is_name(name, name_len, "ListenDrops"))
			out->drops = number(value, value_len);
	}
}

/* The next line, without its end. */
static struct fields next_line(struct fields *text)
{
	const char *end = memchr(text->at, '\n', (size_t)(text->end - text->at));
	struct fields line = { .at = text->at, .end = end ? end : text->end };

	text->at = end ? end + 1 : text->end;
	return line;
}

void flood_counters_parse(struct flood_counters *out, const char *text, size_t len)
{
	struct fields rest = { .at = text, .end = text + len };

	*out = (struct flood_counters){ 0 };
	while (rest.at < rest.end) {
		struct fields names = next_line(&rest), values = next_line(&rest);

		take_pair(out, names, values);
	}
}
