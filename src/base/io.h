/* SPDX-License-Identifier: GPL-2.0-or-later */
/* read(2), repeated after signals and up to the end of a file. */
#ifndef PORTSTAT_BASE_IO_H
#define PORTSTAT_BASE_IO_H

#include <stddef.h>
#include <sys/types.h>

struct buf;

/*
 * read(2), restarted after a signal, but not forever (-EINTR).  Returns the number of bytes, 0 at
 * the end of the file, or -errno.
 */
ssize_t io_read(int fd, void *buffer, size_t size);

/* Appends the rest of a file to out.  Returns 0 or -errno; -EFBIG if out grows beyond max bytes. */
int io_read_all(int fd, size_t max, struct buf *out);

#endif
