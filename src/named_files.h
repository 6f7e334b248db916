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

/* Opens the recording to replay, if any, and takes the host's details from its header. */
int open_replay(struct program *p);

/* Starts the recording, if requested.  The resolver must be open. */
int open_record(struct program *p);

/* Finishes it.  Returns status, or EXIT_FAILED if writing failed. */
int close_record(struct program *p, int status);

#endif
