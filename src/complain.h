/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages on standard error, and the exit status after writing to standard output. */
#ifndef PORTSTAT_COMPLAIN_H
#define PORTSTAT_COMPLAIN_H

enum exit_status {
	EXIT_ROWS = 0,
	EXIT_NO_ROW = 1,
	EXIT_USAGE = 2,
	EXIT_INCOMPLETE = 3,
	EXIT_FAILED = 4,
};

/* Prints a message on standard error, preceded by the program's name. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Flushes standard output.  Returns status, or EXIT_FAILED with a message if that or the writing
 * before failed.  err: result of the print function, 0 or -errno.  EPIPE, a reader that has gone,
 * is no error: EXIT_ROWS.
 */
int written(int err, int status);

#endif
