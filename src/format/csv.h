/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comma-separated values (RFC 4180). */
#ifndef PORTSTAT_FORMAT_CSV_H
#define PORTSTAT_FORMAT_CSV_H

struct buf;

/* Adds a field, quoted if necessary. */
void csv_field(const struct buf *field, struct buf *out);

#endif
