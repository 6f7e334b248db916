/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conflicting options.  Two options that conflict are an error; if one option is given twice, the
 * last value wins.
 */
#ifndef PORTSTAT_OPTIONS_CHECK_H
#define PORTSTAT_OPTIONS_CHECK_H

#include "options.h"

/* The option that selects a format; NULL for the table, the default. */
const char *options_format(enum format format);

/* Reports that two options conflict.  Returns -EINVAL. */
int options_not_together(const char *a, const char *b, struct buf *error);

/* 0, or -EINVAL and a translated sentence in error. */
int options_check(const struct options *opt, struct buf *error);

#endif
