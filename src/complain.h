/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the program speaks to the user who started it, and with which status it ends. */
#ifndef PORTSTAT_COMPLAIN_H
#define PORTSTAT_COMPLAIN_H

enum exit_status {
	EXIT_ROWS = 0,
	EXIT_NO_ROW = 1,
	EXIT_USAGE = 2,
	EXIT_INCOMPLETE = 3,
	EXIT_FAILED = 4,
};

/* Says a sentence on standard error, the program's name in front. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * What came of writing the result: flushes standard output and returns status, or says why that
 * failed (err, -errno, is what a view returned).  A reader that went away is no error.
 */
int written(int err, int status);

#endif
