/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The URL of a listener whose service has a scheme. */
#ifndef PORTSTAT_EXPLAIN_URL_H
#define PORTSTAT_EXPLAIN_URL_H

struct buf;
struct row;
struct snapshot;

/* Adds "http://127.0.0.1:8080/"; nothing where the service of the row is not one that opens so. */
void url_of_row(const struct snapshot *snap, const struct row *row, struct buf *out);

#endif
