/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that is replaced as a whole: readers see the old content or the new one, never a part. */
#ifndef PORTSTAT_BASE_OUTPUT_FILE_H
#define PORTSTAT_BASE_OUTPUT_FILE_H

#include <stdio.h>
#include <sys/types.h>

struct output_file {
	FILE *stream; /* write the new content here */
	const char *name; /* borrowed: the part of the path after the last slash */
	char *temporary; /* the name of the file that is written, in the same folder */
	int folder; /* an O_PATH descriptor */
};

/*
 * Starts to replace the file at path, which is borrowed: creates a file with a random name in the
 * same folder, with the caller's permissions only.  It gets the mode of the file that is there; if
 * there is none, mode without the bits of the umask.  Returns 0 or -errno; -EMEDIUMTYPE if something
 * other than a regular file is there, also a symbolic link.  After success call output_file_end().
 */
int output_file_begin(struct output_file *file, const char *path, mode_t mode);

/*
 * Ends it.  If err, the result of writing, is 0, flushes the new content to the disk (fsync(2)) and
 * renames it over the old one; otherwise removes it, so that the old one stays.  Returns 0 or
 * -errno: err, or what failed.
 */
int output_file_end(struct output_file *file, int err);

#endif
