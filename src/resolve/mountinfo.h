/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of /proc/PID/mountinfo (proc_pid_mountinfo(5)). */
#ifndef PORTSTAT_RESOLVE_MOUNTINFO_H
#define PORTSTAT_RESOLVE_MOUNTINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* A field of a line as it is written there: bytes of the text, with blanks as \040. */
struct mountinfo_field {
	const char *text;
	size_t len;
};

struct mountinfo_entry {
	uint64_t id;
	struct mountinfo_field root; /* what of the file system is mounted: "/" for all of it */
	struct mountinfo_field point; /* where */
	struct mountinfo_field type; /* of the file system */
	struct mountinfo_field options; /* of the file system */
};

/*
 * The next line that has all fields: *pos is 0 at first and moves on.  False at the end.  Fields are
 * borrowed from the text.
 */
bool mountinfo_next(const char *text, size_t len, size_t *pos, struct mountinfo_entry *out);

bool mountinfo_is(const struct mountinfo_field *field, const char *text);

/* Adds a field with its blanks and the like as they are (show_mountinfo() writes them in octal). */
void mountinfo_unescape(const struct mountinfo_field *field, struct buf *out);

#endif
