/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens and closes the files named on the command line: recordings and filters, all with the
 * caller's own privileges.  Functions return 0, or an exit status after reporting the error.
 */
#ifndef PORTSTAT_NAMED_FILES_H
#define PORTSTAT_NAMED_FILES_H

struct program;

/* Adds the files of -F to the filter's text. */
int read_filter_files(struct program *p);

/* Reads the file of --except or --missing into p->expected_text. */
int read_expected(struct program *p);

/* Opens the recording to replay, if any, and takes the host's details from its header. */
int open_replay(struct program *p);

/* Starts the recording, if requested.  The resolver must be open. */
int open_record(struct program *p);

/* Reports that writing a file failed; error is an errno value, EMEDIUMTYPE as of output_file_begin(). */
void complain_of_writing(const char *path, int error);

/* Closes the recording.  Returns status, or EXIT_FAILED after reporting that writing failed. */
int close_record(struct program *p, int status);

#endif
