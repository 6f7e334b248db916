/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of signals. */
#ifndef PORTSTAT_ACTION_SIGNAL_NAMES_H
#define PORTSTAT_ACTION_SIGNAL_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct signal_name {
	int number;
	const char *name; /* without SIG */
	const char *help; /* N_(): what it is for, of those that people send to servers; or NULL */
};

/* First those with a help text, SIGTERM before all. */
extern const struct signal_name signal_names[];
extern const size_t signal_names_n;

/* Parses a name, in any case and with or without SIG, or a number.  False if it is neither. */
bool signal_parse(const char *text, int *number);

/* Adds the name of a signal, or its number if it has none. */
void signal_text(int number, struct buf *out);

#endif
