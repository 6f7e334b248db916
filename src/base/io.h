/* SPDX-License-Identifier: GPL-2.0-or-later */
/* read(2) as everybody needs it. */
#ifndef PORTSTAT_BASE_IO_H
#define PORTSTAT_BASE_IO_H

#include <stddef.h>
#include <sys/types.h>

struct buf;

/*
 * read(2), taken up again when a signal interrupts it, though not without end.  The number of bytes,
 * 0 at the end of the file, or -errno.
 */
ssize_t io_read(int fd, void *buffer, size_t size);

/* Adds all that is left of a file, up to the end; -EFBIG where out grows beyond max bytes.  0 or -errno. */
int io_read_all(int fd, size_t max, struct buf *out);

#endif
