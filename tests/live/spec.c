/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the socket specs of opensock. */
#include <config.h>

#include "opensock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static int parse_number(const struct spec *spec, const char *value)
{
	char *end;
	long n = strtol(value, &end, 10);

	if (!*value || *end || n < 0 || n > 65535)
		die("%s: not a number: %s", spec->text, value);
	return (int)n;
}

/* The port may have been read before. */
static void parse_addr(const struct spec *spec, const char *value, struct sockaddr_storage *out)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in before;

	memcpy(&before, out, sizeof(before));
	v4.sin_port = v6.sin6_port = before.sin_port;
	if (inet_pton(AF_INET, value, &v4.sin_addr) == 1)
		memcpy(out, &v4, sizeof(v4));
	else if (inet_pton(AF_INET6, value, &v6.sin6_addr) == 1)
		memcpy(out, &v6, sizeof(v6));
	else
		die("%s: not an address: %s", spec->text, value);
}

/* The port is at the same place in both families. */
static void set_port(struct sockaddr_storage *out, int port)
{
	struct sockaddr_in v4;

	memcpy(&v4, out, sizeof(v4));
	v4.sin_port = htons((uint16_t)port);
	memcpy(out, &v4, sizeof(v4));
}

static enum hold parse_hold(const struct spec *spec, const char *value)
{
	static const char *const names[] = {
		[HOLD_FD] = "fd",
		[HOLD_THREAD] = "thread",
		[HOLD_LEADER_GONE] = "leader-gone",
		[HOLD_IN_FLIGHT] = "in-flight",
		[HOLD_IO_URING] = "io-uring",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(value, names[i]))
			return (enum hold)i;
	die("%s: no such way to hold a socket: %s", spec->text, value);
}

static void set_key(struct spec *s, const char *key, const char *value)
{
	const struct {
		const char *name;
		int *number;
	} numbers[] = {
		{ "v6only", &s->v6only },     { "count", &s->count },
		{ "workers", &s->workers },   { "backlog", &s->backlog },
		{ "pending", &s->pending },   { "half-open", &s->half_open },
		{ "overflow", &s->overflow }, { "protocol", &s->protocol },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (!strcmp(key, numbers[i].name)) {
			*numbers[i].number = parse_number(s, value);
			return;
		}
	}
	if (!strcmp(key, "addr"))
		parse_addr(s, value, &s->addr);
	else if (!strcmp(key, "port"))
		set_port(&s->addr, parse_number(s, value));
	else if (!strcmp(key, "to"))
		parse_addr(s, value, &s->to);
	else if (!strcmp(key, "to-port"))
		set_port(&s->to, parse_number(s, value));
	else if (!strcmp(key, "dev"))
		s->dev = value;
	else if (!strcmp(key, "end"))
		s->end = value;
	else if (!strcmp(key, "reuseport"))
		s->is_reuseport = parse_number(s, value);
	else if (!strcmp(key, "quiet"))
		s->is_quiet = parse_number(s, value);
	else if (!strcmp(key, "hold"))
		s->hold = parse_hold(s, value);
	else
		die("%s: no such key: %s", s->text, key);
}

void spec_parse(const char *text, struct spec *out)
{
	size_t n = strcspn(text, ":");
	char *words = strdup(text[n] ? text + n + 1 : "");
	char *rest = words;

	if (!words)
		die("out of memory");
	*out = (struct spec){
		.text = text, .words = words, .v6only = -1, .count = 1, .backlog = 128
	};
	out->kind = kind_find(text, n);
	if (!out->kind)
		die("%s: no such kind", text);
	out->addr.ss_family = AF_INET;
	for (char *word; (word = strsep(&rest, ",")) && *word;) {
		char *value = strchr(word, '=');

		if (!value)
			die("%s: a key without a value: %s", text, word);
		*value++ = '\0';
		set_key(out, word, value);
	}
	if (out->workers > SPEC_MAX_WORKERS)
		die("%s: more than %d workers", text, SPEC_MAX_WORKERS);
}

void spec_fini(struct spec *spec)
{
	free(spec->words);
}
