/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command that reaches a host: ssh, or that of --via. */
#include <config.h>

#include "remote/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

static const char host_mark[] = "{host}";

void command_fini(struct command *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->words[i]);
	free(c->words);
	*c = (struct command){ 0 };
}

void command_add(struct command *c, const char *word)
{
	c->words = mem_grow(c->words, c->n + 1, &c->cap, sizeof(*c->words));
	c->words[c->n++] = mem_strdup(word);
	c->words[c->n] = NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Adds what is between two quotes; NULL if the second is missing. */
static const char *take_quoted(const char *at, struct buf *word)
{
	char quote = *at++;

	for (; *at && *at != quote; at++) {
		if (quote == '"' && *at == '\\' && at[1] && strchr("\\\"$`", at[1]))
			at++;
		buf_char(word, *at);
	}
	return *at ? at + 1 : NULL;
}

/* Takes a word; returns what comes after it, or NULL where it does not end. */
static const char *take_word(const char *at, struct buf *word)
{
	while (at && *at && !is_blank(*at)) {
		if (*at == '\'' || *at == '"') {
			at = take_quoted(at, word);
			continue;
		}
		if (*at == '\\' && !*++at)
			return NULL;
		buf_char(word, *at++);
	}
	return at;
}

static int split(struct command *c, const char *text)
{
	struct buf word = { 0 };
	const char *at = text;

	while (at && *at) {
		if (is_blank(*at)) {
			at++;
			continue;
		}
		buf_clear(&word);
		at = take_word(at, &word);
		command_add(c, buf_cstr(&word));
	}
	buf_fini(&word);
	return at && c->n ? 0 : -EINVAL;
}

int command_parse(struct command *c, const char *via, bool has_input)
{
	static const char *const ssh[] = {
		"ssh",
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
		host_mark,
	};

	if (via)
		return split(c, via);
	for (size_t i = 0; i < sizeof(ssh) / sizeof(*ssh); i++)
		if (!has_input || strcmp(ssh[i], "-n") != 0)
			command_add(c, ssh[i]);
	return 0;
}

bool command_names_host(const struct command *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (strstr(c->words[i], host_mark))
			return true;
	return false;
}

void command_add_for(struct command *c, const struct command *pattern, const char *host)
{
	struct buf word = { 0 };

	for (size_t i = 0; i < pattern->n; i++) {
		const char *at = pattern->words[i], *mark;

		buf_clear(&word);
		while ((mark = strstr(at, host_mark))) {
			buf_add(&word, at, (size_t)(mark - at));
			buf_str(&word, host);
			at = mark + strlen(host_mark);
		}
		buf_str(&word, at);
		command_add(c, buf_cstr(&word));
	}
	buf_fini(&word);
}

bool command_host_is_valid(const char *name, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = name[i];
		bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

		if (!is_letter && !(c >= '0' && c <= '9') && (!c || !strchr("._:@%-", c)))
			return false;
	}
	return n && *name != '-';
}
