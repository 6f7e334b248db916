/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that the command line names: recordings and filters.  They are opened with the caller's
 * own privileges.  Each function returns 0, or an exit status when it has said what is wrong.
 */
#ifndef PORTSTAT_NAMED_FILES_H
#define PORTSTAT_NAMED_FILES_H

struct program;

/* Adds the files of -F to the filter's text. */
int read_filter_files(struct program *p);

/* Opens the recording that is replayed, if one is, and learns what it says of its host. */
int open_replay(struct program *p);

/* Begins the recording that is asked for.  The resolver is open. */
int open_record(struct program *p);

/* Ends it; the program's exit status so far, or EXIT_FAILED where it is not all written. */
int close_record(struct program *p, int status);

#endif
