/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of expectations that the configuration names. */
#ifndef PORTSTAT_LIVE_SAVED_EXPECTED_H
#define PORTSTAT_LIVE_SAVED_EXPECTED_H

#include "query/expected.h"

struct buf;

/*
 * Reads the file at path (NULL: there is none), with the rights of the caller, into a zero-initialised
 * expected; names: as for filter_parse().  On an error nothing is expected, and a sentence about it
 * is added to complaint.
 */
void saved_expected_load(struct expected *expected, const char *path, const struct resolver *names,
			 struct buf *complaint);

#endif
