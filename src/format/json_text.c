/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of JSON (RFC 8259) that rows and summaries share: strings, times, the document's head. */
#include <config.h>

#include "format/json_text.h"

#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/text.h"
#include "model/vocab.h"
#include "query/snapshot.h"
#include "format/format.h"

static void put_escape(struct buf *out, uint32_t cp)
{
	static const char short_escapes[] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'
	};

	buf_char(out, '\\');
	if (cp < sizeof(short_escapes) && short_escapes[cp]) {
		buf_char(out, short_escapes[cp]);
		return;
	}
	buf_char(out, 'u');
	buf_hex(out, cp, 4);
}

/* The number of leading bytes that need no escape. */
static size_t plain_run(const char *s, size_t n)
{
	size_t run = text_ascii_run(s, n), i = 0;

	while (i < run && s[i] != '"' && s[i] != '\\')
		i++;
	return i;
}

/* Adds the character at s, escaped, and returns its length in bytes. */
static size_t put_char(struct buf *out, const char *s, size_t n)
{
	uint32_t cp;
	size_t len = text_decode(s, n, &cp);

	if (!len) {
		buf_str(out, "\xef\xbf\xbd");
		return 1;
	}
	if (cp == '"' || cp == '\\') {
		buf_char(out, '\\');
		buf_char(out, (char)cp);
	} else if (text_is_plain(s, len, false)) {
		buf_add(out, s, len);
	} else {
		put_escape(out, cp);
	}
	return len;
}

void json_string(struct buf *out, const char *s, size_t n)
{
	buf_char(out, '"');
	for (size_t i = 0; i < n;) {
		size_t run = plain_run(s + i, n - i);

		buf_add(out, s + i, run);
		i += run;
		if (i < n)
			i += put_char(out, s + i, n - i);
	}
	buf_char(out, '"');
}

void json_time(struct buf *out, uint64_t time_ms)
{
	time_t seconds = (time_t)(time_ms / 1000);
	char text[32] = "";
	struct tm tm;

	if (!time_ms) {
		buf_str(out, "null");
		return;
	}
	if (gmtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	buf_printf(out, "\"%s.%03uZ\"", text, (unsigned int)(time_ms % 1000));
}

static void put_problem(struct buf *out, const struct problem *problem)
{
	const char *code = problem_code_name(problem->code);
	struct buf message = { 0 };

	buf_str(out, "{\"code\": ");
	json_string(out, code, strlen(code));
	buf_str(out, ", \"proto\": ");
	if (problem->proto < 0) {
		buf_str(out, "null");
	} else {
		const char *proto = proto_name((enum sock_proto)problem->proto);

		json_string(out, proto, strlen(proto));
	}
	buf_str(out, ", \"netns\": ");
	if (problem->code == PROBLEM_NETNS && problem->test)
		json_string(out, problem->test, strlen(problem->test));
	else
		buf_str(out, "null");
	buf_str(out, ", \"fields\": [");
	if (problem->key)
		json_string(out, problem->key, strlen(problem->key));
	buf_str(out, "], \"message\": ");
	problem_text(problem, false, &message);
	json_string(out, message.data, message.len);
	buf_char(out, '}');
	buf_fini(&message);
}

void json_head(struct buf *out, const struct snapshot *snap, const struct format_options *opt)
{
	buf_str(out, "{\"schema\": 1, \"portstat\": ");
	json_string(out, PACKAGE_VERSION, strlen(PACKAGE_VERSION));
	buf_str(out, ", \"host\": ");
	if (opt->host)
		json_string(out, opt->host, strlen(opt->host));
	else
		buf_str(out, "null");
	buf_str(out, ", \"time\": ");
	json_time(out, snap->time_ms);
	buf_str(out, ", \"complete\": ");
	buf_str(out, snap->problems.n ? "false" : "true");
	buf_str(out, ", \"problems\": [");
	for (size_t i = 0; i < snap->problems.n; i++) {
		if (i)
			buf_str(out, ", ");
		put_problem(out, &snap->problems.list[i]);
	}
	buf_str(out, "], ");
}
