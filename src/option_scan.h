/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Splits a command line into options and operands. */
#ifndef PORTSTAT_OPTION_SCAN_H
#define PORTSTAT_OPTION_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct option_def;

/* The position in the command line; argv is borrowed. */
struct option_scan {
	int argc;
	char **argv;
	int next; /* index of the next word */
	size_t at; /* index of the next letter in argv[next - 1]; 0: none */
	bool is_over; /* "--" was read: only operands follow */
};

struct option_item {
	const struct option_def *def; /* NULL: an operand */
	const char *value; /* value of the option, or NULL; or the operand */
};

/* Starts before argv[1]. */
void option_scan_init(struct option_scan *s, int argc, char **argv);

/*
 * The next option or operand, in command line order.  Returns 1; 0 at the end; -EINVAL with a
 * translated message in error.  An optional value must follow "="; a separate number after such an
 * option is an error.
 */
int option_scan_next(struct option_scan *s, struct option_item *out, struct buf *error);

/* The argument after the option just read, if it is a bare number and the option ended its own
 * argument; else NULL. */
const char *option_scan_number(const struct option_scan *s);

#endif
