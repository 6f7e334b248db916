/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command writes, as it arrives in pieces: lines that may be documents, and its last complaint. */
#ifndef PORTSTAT_REMOTE_OUTPUT_H
#define PORTSTAT_REMOTE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* A document may be so long: 500,000 sockets with the keys of the usual columns. */
#define OUTPUT_LINE_MAX ((size_t)256 << 20)
/* What may come before it: login banners. */
#define OUTPUT_BANNER_MAX ((size_t)64 << 10)
/* So much of a complaint is kept. */
#define OUTPUT_COMPLAINT_MAX ((size_t)400)

struct output {
	struct buf line; /* what has come of it */
	size_t n_banner; /* bytes of lines that were passed over */
	bool keeps_all; /* there are no lines: everything is wanted, at the end */
	/* The last line of standard error that is not blank. */
	struct buf complaint;
	bool complaint_is_over; /* its newline has come */
};

void output_fini(struct output *o);

/* Forgets everything but keeps_all, for another run of the command. */
void output_clear(struct output *o);

/* Returns false to end the command: the line is none that it should have written. */
typedef bool output_line(void *data, const char *bytes, size_t n);

/*
 * Takes n bytes of standard output, and calls line for each line that begins with '{'.  Returns 0;
 * -E2BIG where there is no end in sight; -EBADMSG where too much else comes, or line returned false.
 */
int output_take(struct output *o, const char *bytes, size_t n, output_line *line, void *data);

/* Takes n bytes of standard error. */
void output_complain(struct output *o, const char *bytes, size_t n);

#endif
