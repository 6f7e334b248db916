/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command that reaches a host: ssh, or that of --via.  It is never given to a shell. */
#ifndef PORTSTAT_REMOTE_COMMAND_H
#define PORTSTAT_REMOTE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

/* A list of words that ends with NULL, as execvp(3) takes it.  Zero-initialised is empty. */
struct command {
	char **words;
	size_t n;
	size_t cap;
};

void command_fini(struct command *c);

/* Adds a copy of a word. */
void command_add(struct command *c, const char *word);

/*
 * Splits the text of --via into words, at blanks, with the shell's quotes (' " \) and nothing else.
 * NULL: ssh, which never asks and forwards nothing; has_input: something is written to its standard
 * input.  Returns 0, or -EINVAL where a quote is open or there is no word.
 */
int command_parse(struct command *c, const char *via, bool has_input);

/* Is "{host}" part of a word? */
bool command_names_host(const struct command *c);

/* Adds the words of a command, with "{host}" replaced. */
void command_add_for(struct command *c, const struct command *pattern, const char *host);

/*
 * May these n bytes be the name of a host: [A-Za-z0-9._:@%-], and not a dash at its beginning, which
 * would make it an option?
 */
bool command_host_is_valid(const char *name, size_t n);

#endif
